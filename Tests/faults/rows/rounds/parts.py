"""Y-05, Y-06: a part that fails, a token that is refused, time that runs out, and rows of other channels."""

from __future__ import annotations

import collections
import time
from collections.abc import Callable
from typing import Any

from orders import order
from rig.books import Books, iso
from rig.channel import FAST
from rig.ground import Ground
from rig.register import row
from rig.trial import shop, together
from rows.kills import heal

Trial = Callable[[], Any]

LISTS = {
    # By part, what its list is asked for with.
    "publish": {"operation": "getListingParents"}, "sync": {"operation": "getListingVariants", "query": "sync=true"},
    "orders": {"operation": "listOrders"}, "shipments": {"operation": "listShipments"}, "returns": {"operation": "listReturns"}}
WAYS: "dict[str, dict[str, Any]]" = {
    "400": {"do": "status", "status": 400}, "500": {"do": "status", "status": 500}, "no JSON": {"do": "body", "text": "<html>Sorry</html>"}}
TYPES = ("publish", "sync", "change", "order", "shipment", "return", "gone", "result")
BUDGET_MS = 6000


def everything(client: Any, seen: "collections.Counter[str]", **plan: Any) -> "dict[str, Any]":
    def stored(event: "dict[str, Any]") -> bool:
        seen[event["type"]] += 1
        return True

    return dict(client.sync(dict.fromkeys(TYPES, stored), **{"budget_ms": BUDGET_MS, "every_s": {"gone": 0, "returns": 0}, **plan}))


def one_fails(ground: Ground, part: str, way: "dict[str, Any]") -> Trial:
    def trial() -> None:
        hub = ground.hub("--seed", "variants=40", **FAST)
        client = shop(ground, hub)
        hub.post("faults", {"times": 0, **way, **LISTS[part]})
        seen: "collections.Counter[str]" = collections.Counter()
        done: "set[str]" = set()
        # Five failures in a row hold everything back for half a minute; who waited longest comes first then.
        until = time.monotonic() + 100
        while True:
            summary = everything(client, seen)
            assert summary["stopped"] is None and not summary["complete"], f"{summary}"
            done |= {name for name, one in summary["parts"].items() if one["end"] == "done"}
            if done >= set(summary["parts"]) - {part} or time.monotonic() > until:
                break
        own = summary["parts"][part]
        assert own["end"] in ("failed", "not_done"), f"it is {own}"
        if way.get("status") == 400:
            assert own["end"] == "failed" and own["why"], f"refused, and it is {own}"
            assert any(line.startswith(f"{part}: ") for line in summary["to_do"]), f"nothing to do about it: {summary['to_do']}"
        others = set(summary["parts"]) - done - {part}
        assert not others, f"{sorted(others)} were not done either: {summary['parts']}"
        heal(hub)
        summary = everything(client, seen, budget_ms=60_000)
        assert summary["parts"][part]["end"] == "done", f"once its list is well again: {summary}"
        assert all(seen[kind] for kind in ("publish", "sync", "change", "order", "shipment", "return")), f"not every kind of event came: {seen}"
        while client.flush(5000).outcome.name == "AGAIN":
            pass
        left = [one for one in hub.get("listings?waiting=sync") if not one["status"]] + hub.get("listings?waiting=publish")
        assert not left, f"{len(left)} listings still wait"
    return trial


@row("Y-05", set="core", timeout_s=400, waits=True)
def part_that_fails(ground: Ground) -> str:
    trials = [(part, name) for part in LISTS for name in WAYS if ground.scale >= 1 or name == "400" or part == "sync"]
    together([(f"{part}, {name}", one_fails(ground, part, WAYS[name])) for part, name in trials], most=8)
    return f"{len(trials)} times one of {len(LISTS)} lists answered by {', '.join(WAYS)}: the other parts done, the reason in the summary, and all of it told once the list was well"


@row("Y-05", set="core", timeout_s=120, waits=True)
def refused_token(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=40", **FAST)
    client = shop(ground, hub)
    taken: "list[str]" = []

    def stored(event: "dict[str, Any]") -> bool:
        if not taken:
            hub.post("token", {"token": "another-channel-token", "kind": "channel"})
        taken.append(event["id"])
        return True

    began = time.monotonic()
    summary = client.sync(dict.fromkeys(TYPES, stored))
    assert "token" in str(summary["stopped"]) and any("token" in line for line in summary["to_do"]), f"{summary['stopped']} {summary['to_do']}"
    assert time.monotonic() - began < 60, "it went on for a minute"
    again = client.sync(dict.fromkeys(TYPES, stored), budget_ms=3000)
    assert again["stopped"] and again["to_do"], f"a second round with the refused token: {again}"
    said = {str(one["id"]) for one in hub.get("answers")}
    assert not said, f"answered with a refused token: {said}"
    client.set_token("another-channel-token")
    whole = client.sync(dict.fromkeys(TYPES, stored))
    assert whole["complete"], f"with the new token: {whole}"
    while client.flush(5000).outcome.name == "AGAIN":
        pass
    left = [one for one in hub.get("listings?waiting=sync") if not one["status"]]
    assert not left, f"{len(left)} listings still wait"
    return f"refused after {len(taken)} events: the round ends with what to do ({summary['stopped'][:60]}...), the next one too; all done with a new token"


@row("Y-05", set="core", timeout_s=120, waits=True)
def ends_in_the_midst(ground: Ground) -> str:
    """The host closes a round in the middle of a page, or its budget is over there: what has replies is answered."""
    hub = ground.hub("--seed", "variants=150,exceptions=off,history=off", **FAST)
    client = shop(ground, hub)

    def settled() -> "set[str]":
        while client.flush(5000).outcome.name == "AGAIN":
            pass
        return {str(one["id"]) for one in hub.get("answers") if one["queue"] == "sync"}

    with client.open_sync(parts=["sync"]) as sync:
        events = [sync.next(20_000) for _ in range(20)]
        for event in events[3:10]:
            sync.reply(event, True)
    first = {event["id"] for event in events[3:10]}
    answered = settled()
    assert answered == first, f"closed after 7 replies to 20 events: {len(answered & first)} of them were answered, {len(answered - first)} others"

    with client.open_sync(parts=["sync"]) as sync:
        waits = list(sync)
        assert sync.summary is None and not first & {event["id"] for event in waits}, "what was answered came again"
    assert settled() == first, "what had no reply was answered"

    slow: "list[str]" = []

    def handler(event: "dict[str, Any]") -> bool:
        slow.append(event["id"])
        time.sleep(0.02)
        return True

    summary = client.sync({"sync": handler, "change": handler}, budget_ms=700)
    part = summary["parts"]["sync"]
    assert part["end"] == "not_done" and not summary["complete"] and part["done"] == len(slow), f"{summary} after {len(slow)} replies"
    answered = settled()
    assert answered == first | set(slow), f"{len(slow)} replies before the time was over, {len(answered - first)} answered"
    assert not first & set(slow), "what was answered came again"
    rest: "list[str]" = []
    whole = client.sync({"sync": lambda event: rest.append(event["id"]) or True, "change": handler})
    assert whole["complete"] and not set(rest) & answered and settled() == answered | set(rest), f"{len(rest)} in the next round: {whole}"
    assert not hub.get("listings?waiting=sync")
    return f"closed after 7 of 20 events: 7 answered; over budget after {len(slow)} (round of {summary['took_ms']} ms for 700): {len(slow)} answered; the other {len(rest)} in the next round"


@row("Y-05", set="core", timeout_s=120, waits=True)
def order_in_doubt(ground: Ground) -> str:
    """An order whose answer got lost waits for its next attempt: meanwhile a round costs little, and it counts what left in
    all of its slices."""
    hub = ground.hub("--seed", "tiny", latency__ms=100, **FAST)
    client = shop(ground, hub)
    numbers = [f"D-{number}" for number in range(12)]
    for number in numbers:
        client.submit(order(number))
    hub.cut_after_commit("D-1")
    used, began = time.process_time(), time.monotonic()
    summary = client.sync({"result": lambda event: True})
    used, took = time.process_time() - used, time.monotonic() - began
    sent = summary["sent"]
    assert sent["applied"] + sent["waiting"]["orders"] == len(numbers) and sent["applied"] >= 11, f"of {len(numbers)} orders: {sent}"
    assert used < 0.3 + 0.1 * took, f"{used:.1f} s of processor in a round of {took:.1f} s that mostly waits"
    assert summary["parts"]["results"]["done"] == sent["applied"], f"{summary}"
    return f"{used:.2f} s of processor in a round of {took:.1f} s with an order in doubt; {sent['applied']} of {len(numbers)} orders applied in its slices, as many results"


@row("Y-06", set="core", waits=True)
def rows_of_other_channels(ground: Ground) -> str:
    """Lists of orders and returns that bear another channel's alone, and some of each: nothing is told, all is counted."""
    def trial(ours: int) -> Trial:
        def one() -> None:
            hub = ground.enter_context(Books(is_scoped=False, channels={Books.token: 501, "theirs": 502}))
            for number in range(3):
                hub.put(order(f"THEIRS-{number}"), "theirs")
                hub.rows["returns"].append({"id": 7000 + number, "orderId": 5001, "channelId": 502, "insertedAt": iso(0), "updatedAt": iso(time.time())})
            for number in range(ours):
                hub.put(order(f"OURS-{number}"))
            client = shop(ground, hub, **{"hub.channel_id": "501"})
            seen: "collections.Counter[str]" = collections.Counter()
            parts = everything(client, seen, parts=["orders", "returns"], budget_ms=60_000)["parts"]
            ends = {name: (part["end"], part["left_out"]) for name, part in parts.items()}
            assert ends == {"orders": ("done", 3), "returns": ("done", 3)}, f"3 rows of channel 502 in each list, and left out of each: {ends}"
            assert dict(seen) == ({"order": ours} if ours else {}), f"told: {dict(seen)}"
        return one

    together([("theirs alone", trial(0)), ("beside ours", trial(2))])
    return "lists of orders and returns of channel 502, alone and beside ours: none told, 3 of 3 counted as left out in each part, which is done"
