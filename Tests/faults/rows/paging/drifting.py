"""P-01: a list that changes under the walk."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rig.drifting import ORDERS, DriftingList, Reader
from rig.feeds import open_shop, walk
from rig.ground import Ground
from rig.rawhub import RawHub
from rig.register import row

CURSOR_FEEDS = ("listings", "orders", "shipments")


def drifting_walk(hub: RawHub, client: Any, number: int, seed: int) -> "Counter[str]":
    """One seeded walk: read while the list drifts, half an hour later again, then once more when all is quiet."""
    from flxchannel import PagingError

    counts: "Counter[str]" = Counter()
    choose = random.Random(seed)
    order, feed = ORDERS[number % len(ORDERS)], choose.choice(CURSOR_FEEDS)
    hub_list = DriftingList(seed, order, rows=choose.randrange(0, 60), inclusive=choose.random() < 0.5)
    hub.answer, reader, name = hub_list.answer, Reader(), f"w{number}"
    size = choose.randrange(4, 12)

    def pull(is_quiet: bool) -> None:
        hub_list.drifts = not is_quiet
        try:
            with client.pull(feed, cursor=name, page_size=size) as walked:
                for page in walked:
                    reader.store(page.records)
                    page.commit()
        except PagingError:  # so many rows moved that two pages in a row came back: stopped, to be read again
            assert not is_quiet or order == "random", f"walk {seed} {order}: stopped on a quiet list"
            counts["stopped"] += 1

    for is_quiet in (False, False, True):
        hub_list.now += 1800
        for _ in range(4):  # the library believes the smallest offset of its last eight answers
            walk(client, "returns", cursor="clock")
        pull(is_quiet)
    for _ in range(30 if order == "random" else 0):  # no pass over such a list proves anything: it is read until all is there
        if reader.lost(hub_list):
            pull(True)
    lost = reader.lost(hub_list)
    assert not lost, f"walk {seed}, {feed} in order {order}: {len(lost)} of {len(hub_list.rows)} rows were skipped"
    client.logs()
    return counts + Counter({order: 1, "changes": hub_list.changes, "given": reader.given, "again": reader.again})


def drifting_walks(ground: Ground, walks: int, first: int = 0) -> "tuple[Counter[str], int, int]":
    """Many of them, each with a hub and a client of its own, since a rate limit file grants 64 requests a second."""
    many = min(walks, 24)
    hubs = [ground.enter_context(RawHub()) for _ in range(many)]
    clients = fleet(ground, hubs)

    def share(worker: int) -> "Counter[str]":
        counts: "Counter[str]" = Counter()
        for number in range(first + worker, first + walks, many):
            counts += drifting_walk(hubs[worker], clients[worker], number, ground.seed + number)
        return counts

    with ThreadPoolExecutor(many) as pool:
        counts = sum(pool.map(share, range(many)), Counter())
    assert sum(counts[order] for order in ORDERS) == walks
    assert counts["again"] <= counts["given"] * 0.01, f"{counts['again']} of {counts['given']} versions came twice"
    return counts, walks, sum(len(hub.seen) for hub in hubs)


def fleet(ground: Ground, hubs: "list[RawHub]") -> "list[Any]":
    """Clients that read much: each with a rate limiter of its own, on a disk that costs nothing if there is one."""
    folder = Path(tempfile.mkdtemp(prefix="flx-fault-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    ground.callback(shutil.rmtree, folder, ignore_errors=True)
    places = [str(folder / str(number)) for number in range(len(hubs))]
    clients = [open_shop(ground, hub, state_dir=place, rate_limit={"dir": place}) for hub, place in zip(hubs, places)]
    with ThreadPoolExecutor(len(hubs)) as pool:  # the first request of each waits a second
        list(pool.map(lambda client: client.probe(), clients))
    return clients


@row("P-01", timeout_s=240)
def no_row_is_skipped_by_a_drifting_walk(ground: Ground) -> str:
    return report(*drifting_walks(ground, ground.times(200, 20)))


@row("P-01", set="long", timeout_s=600)
def no_row_is_skipped_by_many_more(ground: Ground) -> str:
    """With the row above 10,000 walks in the long set."""
    return report(*drifting_walks(ground, ground.times(800), first=1_000_000))


def report(counts: "Counter[str]", walks: int, requests: int) -> str:
    orders = ", ".join(f"{counts[order]} {order}" for order in ORDERS)
    return (
        f"{walks} seeded walks ({orders}), {counts['changes']} rows touched, made or removed between pages, {requests} requests: "
        f"0 rows skipped at quiescence, {counts['again']} of {counts['given']} versions given twice, {counts['stopped']} pulls stopped and read again")


@row("P-01")
def no_row_is_skipped_at_the_sandbox(ground: Ground) -> str:
    """The same against a whole hub, for each order it knows."""
    orders = ("id", "id_desc", "updated", "updated_desc", "random")
    skipped = rows = 0
    for order in orders:
        hub = ground.hub(
            "--seed", "variants=60,history=off,exceptions=off", sort__variants=order, paging__drift="mix", paging__drift_rows=1,
            pool__size=10_000, pool__refill=1000)
        client = open_shop(ground, hub, f"sandbox-{order}")
        stored: "dict[int, int]" = {}
        for is_quiet in (False, False) + (True,) * (25 if order == "random" else 1):
            if is_quiet:
                hub.post("switches", {"paging.drift": "none"})
            for record in walk(client, "listings", page_size=9):
                stored[record["id"]] = record["quantity"]
        want = {one["id"]: one["quantity"] for one in hub.get("listings?limit=1000")}
        assert len(want) > 30
        skipped += sum(stored.get(one) != quantity for one, quantity in want.items())
        rows += len(want)
        client.close()
    assert skipped == 0, f"{skipped} of {rows} rows of the sandbox were skipped"
    return f"sandbox, {len(orders)} orders, mixed drift after each page of 9: {rows} rows, 0 skipped"
