"""Y-02: a handler that answers wrongly."""

from __future__ import annotations

import collections
import json
from typing import Any

from rig.channel import FAST, Channel
from rig.ground import Ground
from rig.register import row
from rig.rounds import EVERY_TIME, outbox

Event = dict[str, Any]

GARBAGE = [b"", b" ", b"{", b"nope", b"true false", b"{\"error\":\"x\"", b"\xff", b"tru", b"[true", b"{\"error\":\"\xff\"}", b"'true'", b"NaN"]
"""No JSON."""
NO_REPLY: "list[tuple[str, Any]]" = [
    # What is wrong, for any event, and the path that must be named.
    ("", None), ("", 1), ("", "true"), ("", [True]), ("/error", {"error": ""}), ("/error", {"error": 5}), ("/error", {"error": {}}),
    ("/error", {"error": "x" * 2001}), ("/later", {"later": ""}), ("/later", {"later": True}), ("/error", {"error": "a", "later": "b"}),
    ("/confirm", {"confirm": "hidden"}), ("/eror", {"eror": "spelt wrong"}), ("/ok", {"ok": True}), ("/a~1b", {"a/b": 1})]
OF_KIND: "dict[str, list[tuple[str, Any]]]" = {
    "sync": [
        ("/status", {"status": "nonsense"}), ("/status", {"status": 7}), ("/isLinkedToRegularProduct", {"isLinkedToRegularProduct": "yes"}),
        ("/externalId", {"externalId": "P"}), ("/quantity", {"quantity": 5}), ("/error", {"error": "a", "status": "listed"})],
    "publish": [
        ("/status", {"status": "listed"}), ("/externalId", {"externalId": ""}), ("/externalId", {"externalId": "x" * 201}),
        ("/externalId", {"externalId": [1]}), ("/variants", {"variants": {"id": 1}}), ("/variants/0/id", {"variants": [{"id": 999}]}),
        ("/variants/0", {"variants": [7]}), ("/images", {"images": 5})],
    "change": [("/status", {"status": "listed"}), ("/to", {"to": "hidden"}), *(("", silence) for silence in ({}, [], {"error": None}))],
    "order": [("/status", {"status": "stored"})],
    "result": [("/number", {"number": "W-1"})]}
KINDS = {"publish", "sync", "change", "result", "order", "shipment", "other_parcel", "return", "gone"}


class Round:
    """A round whose replies may be any bytes."""

    def __init__(self, client: Any, **plan: Any) -> None:
        self.sync = client.open_sync(**{**EVERY_TIME, **plan})

    def reply(self, number: int, reply: "bytes | Any") -> "Exception | None":
        """The error that a reply meets, if any."""
        from flxchannel import FlxError
        from flxchannel._handle import call
        from flxchannel._library import lib

        text = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        try:
            call(lib.flx_sync_reply, self.sync._ptr(), number, text, len(text))
        except FlxError as error:
            return error
        return None

    def refused(self, event: Event, reply: "bytes | Any", *names: str, path: "str | None" = None) -> None:
        error: Any = self.reply(event["event"], reply)
        about = f"{str(reply)[:60]!r} to a {event['type']} event"
        assert error is not None, f"{about} was taken"
        assert error.name in names, f"{about} met {error}"
        if path is not None:
            paths = [error.path, *(fault["path"] for fault in error.faults)]
            assert any(one == path or one.startswith(path + "/") for one in paths), f"{about} is refused at {paths}, not at {path}"


def everything(ground: Ground) -> "tuple[Any, Channel]":
    """A hub with something for nearly every kind of event, and a channel there."""
    hub = ground.hub("--seed", "variants=40", **FAST)
    return hub, Channel(ground, hub)


def wrong_replies(one: Round, event: Event) -> int:
    for bytes_ in GARBAGE:
        one.refused(event, bytes_, "FLX_E_JSON", "FLX_E_UTF8", "FLX_E_ARGUMENT")
    wrong = [*NO_REPLY, *OF_KIND.get(event["type"], [])]
    for path, reply in wrong:
        one.refused(event, reply, "FLX_E_JSON", "FLX_E_ANSWER", path=path or None)
    for number in (event["event"] + 1000, 0, -1, 1 << 62, -(1 << 63)):
        error: Any = one.reply(number, True)
        assert error is not None and error.name == "FLX_E_NOT_FOUND", f"event {number} is no event, and met {error}"
    return len(GARBAGE) + len(wrong) + 5


@row("Y-02", set="core", timeout_s=300)
def wrong_answers(ground: Ground) -> str:
    from flxchannel import HandleError
    from orders import order

    hub, channel = everything(ground)
    with channel.client() as client:
        for number in ("W-1", "W-2"):
            client.submit(order(number))
        client.sync({"gone": lambda event: False}, every_s={"gone": 0})  # it has seen the list of listings
        hub.post("listings", {"id": hub.get("listings")[-1]["id"], "delete": True})

        # Wrong replies and then none: nothing is said, all of it comes again.
        first, count = Round(client), 0
        given: "dict[str, Event]" = {}
        seen: "collections.Counter[str]" = collections.Counter()
        for event in first.sync:
            if event["type"] not in given:
                count += wrong_replies(first, event)
                given[event["type"]] = event
            seen[event["type"]] += 1
            assert first.reply(event["event"], False) is None, "no is no reply"
        assert set(seen) == KINDS, f"not every kind of event came: {seen}"
        assert first.sync.summary and sum(part["done"] for part in first.sync.summary["parts"].values()) == 0, first.sync.summary
        first.sync.close()
        while client.flush(5000).outcome.name == "AGAIN":
            pass
        said = hub.get("answers")
        assert not said, f"the hub was answered {said[:3]}"
        states = {row["number"]: row["state"] for row in outbox(client)}
        assert states == {"W-1": "resolved", "W-2": "resolved"}, f"settled by wrong replies: {states}"

        # Wrong replies and then a good one, twice: the first counts.
        again = Round(client)
        told: "collections.Counter[str]" = collections.Counter()
        for event in again.sync:
            told[event["type"]] += 1
            if told[event["type"]] <= 3:
                count += wrong_replies(again, event)
            assert (error := again.reply(event["event"], True)) is None, f"true to a {event['type']} event met {error}"
            for second in (True, False, {"error": "after all not"}, b"{"):
                met: Any = again.reply(event["event"], second)
                assert met is not None and met.name == "FLX_E_NOT_FOUND", f"a second reply to a {event['type']} event met {met}"
        for kind in ("order", "shipment", "other_parcel", "return", "gone"):
            assert told[kind] == seen[kind], f"{kind}: {seen[kind]} were told and not stored, {told[kind]} came again"
        late = Round(client, parts=["results"])
        for old in (1, given["result"]["event"]):
            gone: Any = late.reply(old, True)
            assert gone is not None and gone.name == "FLX_E_NOT_FOUND", f"an event of another round met {gone}"
        late.sync.close()
        again.sync.close()
        try:
            again.sync.reply(given["sync"], True)
            raise AssertionError("a reply to a closed round was taken")
        except HandleError:
            pass
        while client.flush(5000).outcome.name == "AGAIN":
            pass
        errors = [one for one in hub.get("answers") if one["error"]]
        assert not errors, f"a second reply reached the hub: {errors[:3]}"
        left = [*hub.get("listings?waiting=sync"), *hub.get("listings?waiting=publish")]
        # A change of a page is asked of the page and of its listing.
        assert not [one for one in left if not one.get("status")], f"{len(left)} listings still wait, although every event was said yes to"
        assert {row["state"] for row in outbox(client)} == {"settled"}
    return f"{count} wrong replies to {len(KINDS)} kinds of events refused with their path; {sum(seen.values())} events waited and came again, each settled by its first good reply"


@row("Y-02", set="core", timeout_s=120)
def handlers_that_fail(ground: Ground) -> str:
    """The same through handlers: raising, returning what is no reply, returning nothing to a change."""
    hub, channel = everything(ground)
    replies = [5, "yes", [5], {"ok": 1}, {"error": ""}, object(), float("nan"), ZeroDivisionError("in the shop"), {1: 2}]
    calls: "collections.Counter[str]" = collections.Counter()

    def handler(event: Event) -> Any:
        reply = replies[calls.total() % len(replies)]
        calls[event["type"]] += 1
        if isinstance(reply, Exception):
            raise reply
        return reply

    def silent(event: Event) -> None:
        calls["change"] += 1

    with channel.client() as client:
        handlers = {"publish": handler, "sync": handler, "change": silent, "order": handler, "shipment": handler}
        summary = client.sync(handlers)
        while client.flush(5000).outcome.name == "AGAIN":
            pass
        said = hub.get("answers")
        assert not said, f"the hub was answered {said[:3]}"
        assert not summary["complete"] and all(part["done"] == 0 for name, part in summary["parts"].items() if name != "shipments"), summary
        assert all(part["why"] for part in summary["parts"].values() if part["later"]), f"no reason in {summary}"
        before = calls.copy()
        done = client.sync({name: lambda event: True for name in handlers})
        assert done["complete"], done
        while client.flush(5000).outcome.name == "AGAIN":
            pass
        left = [one for one in hub.get("listings?waiting=sync") if not one["status"]]
        assert not left, f"{len(left)} listings still wait"
    return f"{before.total()} handlers that raise, return garbage or nothing: nothing said to the hub, every reason in the summary, all done in the next round"
