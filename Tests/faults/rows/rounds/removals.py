"""Y-04: listings that the hub no longer has, and those that it only did not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rig import host
from rig.channel import FAST
from rig.ground import Ground
from rig.register import row
from rig.trial import shop, together
from rows.kills import heal

Trial = Callable[[], Any]

SEED = "variants=230,exceptions=off,history=off"
"""Three pages of a hundred, the last of which is short."""
WHOLE = "/listing/variants"


def read(client: Any, reply: Any = True, **plan: Any) -> "tuple[set[str], dict[str, Any]]":
    """One round of removals; the ids that were told, and what the summary says of them."""
    told: "list[str]" = []

    def gone(event: "dict[str, Any]") -> Any:
        told.append(event["id"])
        return reply

    summary = client.sync({"gone": gone}, **{"every_s": {"gone": 0}, "budget_ms": 20_000, **plan})
    assert len(told) == len(set(told)), f"told twice in one round: {told}"
    return set(told), summary["parts"]["gone"]


def delete(hub: Any, *places: int) -> "set[str]":
    ids = [hub.get("listings")[place]["id"] for place in places]
    for one in ids:
        hub.post("listings", {"id": one, "delete": True})
    return {str(one) for one in ids}


def only(told: "set[str]", gone: "set[str]", hub: Any) -> None:
    there = told & {str(one["id"]) for one in hub.get("listings")}
    assert not there, f"{len(there)} of {len(told)} that were told to be gone are at the hub, such as {sorted(there)[:3]}"
    assert told <= gone, f"told, and never deleted: {sorted(told - gone)[:3]}"


def poor_read(ground: Ground, spoil: "Callable[[Any], None]", *, ends: "tuple[str, ...]", tells: bool, doubt: str = "", **plan: Any) -> Trial:
    """A listing is deleted, and the list is read poorly; then well."""
    def trial() -> str:
        hub = ground.hub("--seed", SEED, **FAST)
        client = shop(ground, hub, **{"http.attempt_ms": 1000})
        first, part = read(client)
        assert not first and part["end"] == "done", f"the first read: {first} {part}"
        gone = delete(hub, 20, 120, 220)
        spoil(hub)
        told, part = read(client, **plan)
        only(told, gone, hub)
        assert part["end"] in ends, f"the poor read is {part}"
        assert tells or not told, f"{sorted(told)} were told by a read that came to nothing: {part}"
        assert not doubt or any(doubt in line for line in part["why"]), f"no doubt in {part}"
        heal(hub)
        hub.set(**{"paging.short": 0, "paging.empty": 0, "paging.duplicate": 0, "paging.overlap": 0, "paging.drift": "none", "query.ignore": "", "sort.variants": "id"})
        for _ in range(3):  # pages of a read that goes on are not read again
            more, part = read(client)
            told |= more
            only(told, gone, hub)
        assert told == gone and part["end"] == "done", f"after a good read {sorted(gone - told)} were not told: {part}"
        return f"{len(told)}"
    return trial


def fault(**what: Any) -> "Callable[[Any], None]":
    return lambda hub: hub.post("faults", {"path": WHOLE, "method": "GET", "times": 0, **what})


def switches(**values: Any) -> "Callable[[Any], None]":
    settings = {name.replace("__", "."): value for name, value in values.items()}
    return lambda hub: hub.set(**settings)


@row("Y-04", set="core", timeout_s=400, waits=True)
def poor_reads(ground: Ground) -> str:
    second = {"query": "page=2&"}
    short = {"budget_ms": 5000}
    trials = {
        "the second page is refused": poor_read(ground, fault(do="status", status=400, **second), ends=("failed",), tells=False),
        "the second page fails": poor_read(ground, fault(do="status", status=500, **second), ends=("failed", "not_done"), tells=False, **short),
        "the second page is cut off": poor_read(ground, fault(do="truncate", percent=50, **second), ends=("failed", "not_done"), tells=False, **short),
        "the second page is no list": poor_read(ground, fault(do="body", text='{"error":"later"}', **second), ends=("failed", "not_done"), tells=False, **short),
        "every page is empty": poor_read(ground, fault(do="body", text="[]"), ends=("done",), tells=False, doubt="no listing at all"),
        "ids are asked for in vain": poor_read(ground, fault(do="body", text="[]", query="ids"), ends=("done",), tells=False, doubt="by their ids"),
        "ids are overlooked": poor_read(ground, switches(query__ignore="ids"), ends=("done",), tells=False, doubt="by their ids"),
        "a short page": poor_read(ground, switches(paging__short=2), ends=("done",), tells=True),
        "an empty page in the middle": poor_read(ground, switches(paging__empty=2), ends=("done",), tells=True),
        "a page twice": poor_read(ground, switches(paging__duplicate=2), ends=("done",), tells=True),
        "pages that overlap": poor_read(ground, switches(paging__overlap=7), ends=("done",), tells=True),
        "rows that move": poor_read(ground, switches(sort__variants="updated", paging__drift="touch", paging__drift_rows=40), ends=("done",), tells=True),
        "rows in any order": poor_read(ground, switches(sort__variants="random"), ends=("done",), tells=True),
    }
    together(trials.items(), most=6)
    return f"{len(trials)} ways to read 230 listings poorly ({', '.join(trials)}): none told that the hub has; after a good read each that is gone"


LATER = """
for every in (86_400, 0):
    told = []
    with client() as one: summary = one.sync({"gone": lambda event: told.append(event["id"]) or True}, every_s={"gone": every})
    say(told=told, part=summary["parts"]["gone"])
"""


@row("Y-04", set="core", timeout_s=200, waits=True)
def gone_is_told(ground: Ground) -> str:
    """Told until it is stored, and no more; an archived one is there; half of all only when a later read lacks them too."""
    hub = ground.hub("--seed", SEED, **FAST)
    settings = host.config(ground, hub)
    from flxchannel import Client

    with Client(**settings) as client:
        read(client)
        gone = delete(hub, 1, 100, 200)
        hub.post("listings", {"id": hub.get("listings")[2]["id"], "archived": True})
        for reply in (False, {"error": "the shop is closed"}, {"later": "tomorrow"}):
            told, _ = read(client, reply)
            assert told == gone, f"{sorted(told)} were told, gone are {sorted(gone)}"
        told, part = read(client, every_s={"gone": 3600})
        assert told == gone, f"what was not stored waits for the next read: {part}"
        for plan in ({}, {"every_s": {"gone": 3600}}):
            told, _ = read(client, **plan)
            assert not told, f"{sorted(told)} were stored, and told again"
        half = delete(hub, *range(150))
        for _ in range(2):
            told, part = read(client)
            assert not told and any("at once" in line for line in part["why"]), f"{len(told)} of {len(half)} told at once: {part}"
    early, late = host.finish(host.start(ground, LATER, settings, **host.fast_clock(1, "+90m"), FAKETIME_DONT_FAKE_MONOTONIC="1"))
    assert not early["told"], f"an hour later, and without another read, {len(early['told'])} were told"
    assert set(late["told"]) == half, f"an hour later {len(late['told'])} of {len(half)} were told: {late['part']}"
    return f"3 deleted listings told in each of 4 rounds until they were stored, then never; the archived one not; {len(half)} of 227 at once only by a read an hour later"
