"""L: what one answer of the hub says of its clock, its pool and how long to wait."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

from rig.books import Books, iso, of_its_answers, says, seconds
from rig.ground import Ground
from rig.judging import judge, keeper, order, work
from rig.rawhub import Reply, Request
from rig.register import row
from rig.trial import shop, together
from rows.identity import given, place
from rows.whose_order import Trial, books

FAR = 4_070_908_800
"""2099."""
AHEAD = {"ten minutes": 600, "an hour": 3600, "2099": None}


def one_wrong_date(hub: Books, ahead: "int | None", first: int = 1) -> None:
    """The first answer of the hub from now on has another `Date`."""
    hub.seen.clear()
    of_its_answers(hub, lambda reply: dataclasses.replace(reply, at=FAR if ahead is None else time.time() + ahead), first)


# --- L-01: one wrong Date -----------------------------------------------------------------------------------------------


def answered_then(ground: Ground, ahead: "int | None", single: bool) -> Trial:
    """The first answer of a process has a wrong date: no answer of ours bears an instant of the future."""
    def trial() -> None:
        hub = books(ground)
        hub.list_variants(1 if single else 30)
        instants: "list[tuple[float, float]]" = []

        def take(request: Request) -> "Reply | None":
            if request.method == "PATCH":
                instants.extend((seconds(one["syncedAt"]), time.time()) for one in json.loads(request.body))
            return None

        hub.first.append(take)
        client = keeper(ground, hub)
        one_wrong_date(hub, ahead)
        with client.pull("listings_to_sync", page_size=10) as pull:
            for page in pull:
                client.ack(page.receipt, [{"id": record["id"]} for record in page])
        for _ in range(20):
            if client.flush(500).outcome.name != "AGAIN":
                break
        assert len(instants) >= (1 if single else 30), f"{len(instants)} answers came"
        worst = max(told - true for told, true in instants)
        assert worst <= 2, f"syncedAt is {worst:.0f} s in the future"
    return trial


def shipped_then(ground: Ground, ahead: "int | None", feed: str) -> Trial:
    """The first answer of a process has a wrong date: the cursor passes nothing, and what comes next is given."""
    def trial() -> None:
        hub, state = books(ground), place(ground, f"cursor-{feed}-{ahead}")
        table = hub.rows["shipments"]

        def happens(count: int) -> "set[int]":
            for _ in range(count):
                at = iso(time.time())
                if feed == "orders":
                    hub.put(order(f"H-{len(hub.orders)}"))
                else:
                    table.append({"id": 9000 + len(table), "orderId": 5001, "insertedAt": at, "updatedAt": at})
            return {one.record["id"] for one in hub.orders[-count:]} if feed == "orders" else {one["id"] for one in table[-count:]}

        happens(3)
        with shop(ground, hub, state_dir=state) as client:
            one_wrong_date(hub, ahead)
            given(client, feed)
        seen: "set[int]" = set()
        for _ in range(3):
            time.sleep(1.1)
            new = happens(2)
            with shop(ground, hub, state_dir=state) as client:
                seen = {int(one) for one in given(client, feed)}
                assert new <= seen, f"{len(new - seen)} of 2 new rows were not given: {client.cursors()}"
                at = next(one["at"] for one in client.cursors() if one["feed"] == feed)
                assert at is None or seconds(at) <= time.time() + 2, f"the cursor is in the future: {at}"
    return trial


@row("L-01", set="core", waits=True)
def wrong_date(ground: Ground) -> str:
    together([
        *((f"answers, {name}{', one row' * single}", answered_then(ground, ahead, single)) for name, ahead in AHEAD.items() for single in (False, True)),
        *((f"{feed}, {name}", shipped_then(ground, ahead, feed)) for name, ahead in AHEAD.items() for feed in ("orders", "shipments"))])
    return f"a first answer whose Date is ahead ({', '.join(AHEAD)}): no syncedAt in the future, no cursor past a row, what came next was given"


# --- L-02: pool headers -------------------------------------------------------------------------------------------------

POOLS = [("40", "40", "0.001"), ("40", "1000000", "0.001"), ("100000", "1000000", "2")]
MORE = [("40", "40", "0"), ("0", "0", "0"), ("40", "40", "1e-9"), ("1e18", "1e18", "1"), ("1", "40", "0.5"), ("40", "-1e9", "0.001"), ("40", "40", "nan")]


def why_waiting(client: Any) -> str:
    """What the statistics say of a wait that lasts; raises if they say nothing."""
    rate_limit = client.stats()["rate_limit"]
    assert rate_limit.get("paused") and rate_limit["paused_ms"] > 0, f"an order waits, and the stats do not say why: {rate_limit}"
    return str(rate_limit["paused"])


def pool(ground: Ground, values: "tuple[str, str, str]", first: "int | None") -> "Any":
    def trial() -> float:
        hub = books(ground)
        names = ("X-Auth-Pool-Size", "X-Auth-Pool-Used", "X-Auth-Replenished-Per-Second")
        of_its_answers(hub, lambda reply: dataclasses.replace(reply, headers=dict(zip(names, values))), first)
        client = keeper(ground, hub)
        client.call("getListingVariantsCount", wait_ms=8000)
        client.submit(order("P-1"))
        began = time.monotonic()
        work(client, 3, lambda: hub.sent("P-1"))
        if not hub.sent("P-1"):
            why_waiting(client)
        work(client, 57, lambda: hub.sent("P-1"))
        assert hub.sent("P-1"), f"an order has not left after a minute: {client.stats()['rate_limit']}"
        took = hub.sent("P-1")[0].at - began
        work(client, 60)
        judge(hub, client, all="applied")
        return took
    return trial


def pools(ground: Ground, some: "list[tuple[str, str, str]]", often: "tuple[int | None, ...]") -> str:
    took = together([
        (f"{'/'.join(values)} {'always' if first is None else 'once'}", pool(ground, values, first)) for values in some for first in often])
    return f"{len(some)} odd pools, {len(took)} ways: an order left within {max(took):.0f} s, and where it waited the stats said why"


@row("L-02", set="core", waits=True, timeout_s=180)
def odd_pools(ground: Ground) -> str:
    return pools(ground, POOLS, (1, None))


@row("L-02", waits=True, timeout_s=180)
def more_odd_pools(ground: Ground) -> str:
    return pools(ground, MORE, (1, None))


# --- L-03: how long a hint holds ----------------------------------------------------------------------------------------


@row("L-03", set="core", waits=True)
def hints(ground: Ground) -> str:
    def trial(status: int, hint: str, most_ms: int) -> Trial:
        def one() -> None:
            hub = books(ground)
            hub.plan["R-1"] = [says(status, "wait", Retry_After=hint)]
            rate_limit = {"rate_limit.dir": place(ground, f"rate-limit-{status}-{hint}")}
            client = keeper(ground, hub, order("R-1"), **rate_limit)
            work(client, 20, lambda: client.stats()["rate_limit"]["paused_ms"])
            held = client.stats()["rate_limit"]["paused_ms"]
            assert held > 0, f"{status} with Retry-After {hint} holds nothing back"
            # A second is for clocks that are put right meanwhile.
            assert held <= most_ms + 1000, f"{status} with Retry-After {hint} holds for {held / 1000:.3f} s, {most_ms / 1000:.0f} are the most"
            why_waiting(client)
            client.flush(500)
            assert len(hub.sent("R-1")) == 1 and len(hub.lookups()) == 0, "a request within the hold"
            with shop(ground, hub, **rate_limit) as other:
                assert other.stats()["rate_limit"]["paused_ms"] > 0, "another client of the rate limit file knows nothing of the hold"
                client.relearn("hold")
                assert other.stats()["rate_limit"]["paused_ms"] == 0, f"after relearn: {other.stats()['rate_limit']}"
            work(client, 40)
            judge(hub, client, all="applied")
        return one

    together([
        ("429", trial(429, "500000", 3_600_000)), ("429, an hour", trial(429, "3600", 3_600_000)), ("503", trial(503, "500000", 900_000)),
        ("503, a week", trial(503, "604800", 900_000))])
    return "Retry-After 500000 and more: an hour at most with 429, 15 minutes with 503; relearn('hold') lifts it for all clients of the rate limit file, and requests go"
