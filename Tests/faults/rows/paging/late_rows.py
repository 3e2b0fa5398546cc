"""P-11 to P-13: what no cursor can see, what it sees late, and a million."""

from __future__ import annotations

import os
import subprocess
import sys

from rig.drifting import DriftingList, Reader, iso
from rig.feeds import day_passes, logged, open_shop, walk
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, Request, listed
from rig.register import row
from rows.paging.drifting import CURSOR_FEEDS


@row("P-11", timeout_s=60)
def restored_hub_is_reconciled_within_a_day(ground: Ground) -> str:
    given = 0
    hub = ground.enter_context(RawHub())
    for feed in CURSOR_FEEDS:
        hub_list, reader = DriftingList(11, "id", rows=200), Reader()
        hub.answer = hub_list.answer
        with open_shop(ground, hub, feed) as client:
            reader.store(walk(client, feed))
            hub_list.now += 7200
            for one in range(1, 101):
                hub_list.touch(one)
            reader.store(walk(client, feed))
            assert not reader.lost(hub_list)
            # The hub is restored: 60 of the changes are undone, their dates go back, and a row appears that is days old.
            hub_list.now += 7200
            for one in range(1, 61):
                hub_list.rows[one].version, hub_list.rows[one].updated = 0, hub_list.now - 40_000
            hub_list.rows[900] = type(hub_list.rows[1])(900, hub_list.now - 9 * 86_400)
            reader.store(walk(client, feed))
            assert len(reader.lost(hub_list)) == 61, "a cursor cannot see what is dated back"
        day_passes(ground, feed, hours=23)
        with open_shop(ground, hub, feed) as client:
            assert walk(client, feed) == [], "not yet due"
        day_passes(ground, feed, hours=2)
        with open_shop(ground, hub, feed) as client:
            before, found = len(hub.seen), walk(client, feed)
            reader.store(found)
            assert not reader.lost(hub_list), f"{feed}: {len(reader.lost(hub_list))} rows that the hub dated back were not found"
            assert len(found) == 61, f"{feed}: {len(found)} records for 61 changes"
            requests = len(hub.seen) - before
            before = len(hub.seen)
            assert walk(client, feed) == [] and len(hub.seen) - before <= 3, "read in full again at once"
        given += len(found)
    # A cursor that began at an instant is not read from before it, and 0 turns it off.
    hub_list = DriftingList(12, "id", rows=50)
    hub.answer, since = hub_list.answer, iso(hub_list.now - 600)
    for one in range(1, 6):
        hub_list.touch(one)
    with open_shop(ground, hub, "since") as client:
        assert len(walk(client, "orders", since=since)) == 5
    for hours, want in (("0", 0), ("24", 2)):
        day_passes(ground, "since")
        hub_list.rows[50 - int(hours)].updated = hub_list.now - 500
        with open_shop(ground, hub, "since", **{"feeds.reconcile_h": hours}) as client:
            hub_list.now += 3600
            assert len(walk(client, "orders")) == want, hours
    return f"3 feeds: 61 records each that a restored hub dated back, unseen by the cursor, found by the next day's reconciliation, {given} given, none twice ({requests} requests); nothing from before a cursor's origin; off at 0"


@row("P-11", "P-16", timeout_s=120)
def reconciliation_of_a_large_feed_comes_in_slices(ground: Ground) -> str:
    """112,841 listings: no pull is held up by more than 50 pages; the page size changes on the way."""
    rows = min(112_841, ground.times(112_841))
    changed = {5: 0, rows // 2: 0, rows: 0}

    def answer(request: Request) -> Reply:
        start, end = (request.page - 1) * request.size + 1, min(rows, request.page * request.size)
        if (request.since or "") > "2026-01-31":
            return listed()
        return Reply(("[" + ",".join(
            f'{{"id":{one},"sku":"S","updatedAt":"2026-01-31T11:00:00Z","version":{changed.get(one, 0)}}}' for one in range(start, end + 1)) + "]").encode())

    hub = ground.enter_context(RawHub(answer))
    with open_shop(ground, hub) as client:
        assert sum(1 for _ in walk(client, "listings", page_size=1000)) == rows
    day_passes(ground)
    changed.update(dict.fromkeys(changed, 1))
    requests, found = [], []
    sizes = [200, 200, 200, 500] + [500] * 40
    for size in sizes:
        with open_shop(ground, hub) as client:
            before = len(hub.seen)
            found += [record["id"] for record in walk(client, "listings", page_size=size)]
            requests.append(len(hub.seen) - before)
        if requests[-1] <= 3:
            break
    assert sorted(found) == sorted(changed), found
    assert max(requests) <= 55, requests
    return f"{rows} listings, 3 changed unseen: found within {len(requests) - 1} pulls of at most {max(requests)} requests, page size changed from 200 to 500 on the way"


def late_rows(ground: Ground) -> str:
    """Rows show up some time after the instant they carry: within the overlap they are found, and it grows with them."""
    hub = ground.enter_context(RawHub())
    hub_list, reader = DriftingList(13, "id", rows=50), Reader()
    hub.answer = hub_list.answer
    overlaps = []
    client = open_shop(ground, hub)
    reader.store(walk(client, "orders"))
    for late in (30, 100, 180, 340):
        hub_list.now += 3600
        hub_list.touch(late % 50 + 1)
        hub_list.rows[late % 50 + 1].visible = hub_list.now + late
        hub_list.now += late - 12
        hub_list.touch((late + 7) % 50 + 1)  # the cursor goes as far as the newest row that is shown
        for _ in range(4):
            walk(client, "returns", cursor="clock")
        reader.store(walk(client, "orders"))  # does not see it, and moves the cursor past it
        assert len(reader.lost(hub_list)) == 1
        hub_list.now += 60
        reader.store(walk(client, "orders"))
        assert not reader.lost(hub_list), f"a row that showed up {late} s late was lost"
        warned = logged(client, "pull.late")
        assert warned, f"no warning of a row that came {late} s late"
        overlaps.append((late, warned[-1]["overlap_s"]))
    assert [overlap for _, overlap in overlaps] == sorted(overlap for _, overlap in overlaps)
    assert 600 < overlaps[-1][1] < 700, overlaps
    client.close()
    client = open_shop(ground, hub)
    assert next(one for one in client.cursors() if one["feed"] == "orders")["late_s"] > 300
    return f"rows visible 30, 100, 180 and 340 s after their instant all found; overlap grew to {overlaps[-1][1]} s, with a warning each time, and is kept"


@row("P-12", set="core")
def late_commits_are_caught(ground: Ground) -> str:
    said = late_rows(ground)
    hub = ground.hub("--seed", "tiny,history=off,exceptions=off", late__visible_s=30, pool__size=10_000, pool__refill=1000)
    client = open_shop(ground, hub, "sandbox")
    walk(client, "listings")
    hub.post("listings", {"sku": hub.some_sku(), "price": "7.77"})
    assert walk(client, "listings") == []
    hub.post("clock", {"advance_s": 31})
    assert [record["price"] for record in walk(client, "listings")].__len__() == 1
    return f"{said}; a sandbox that hides changes for 30 s: found"


READER = """
import sys
from flxchannel import Client
url, token, state, rate_limit, stop = sys.argv[1:]
def resident():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon"))
with Client(channel="faults", token=token, origin=url, state_dir=state, rate_limit={"dir": rate_limit}) as client:
    rows = pages = 0
    early = None
    with client.pull("listings_to_sync", page_size=1000) as pull:
        for page in pull:
            rows += len(page)
            pages += 1
            if pages <= int(stop): client.ack(page.receipt, [{"id": str(r["id"])} for r in page])
            page.close()
            if pages == int(stop): break
            if pages == 20: early = resident()
    print(rows, early, resident())
"""


@row("P-13", timeout_s=240)
def a_million_pending_listings_need_no_memory(ground: Ground) -> str:
    total = min(1_000_000, ground.times(1_000_000))

    def answer(request: Request) -> Reply:
        start, end = (request.page - 1) * request.size + 1, min(total, request.page * request.size)
        return Reply(("[" + ",".join(
            f'{{"id":{one},"sku":"SKU-{one}","price":19.99,"quantity":5,"dynamicContentUpdatedAt":"2026-01-31T11:00:00Z"}}'
            for one in range(start, end + 1)) + "]").encode())

    hub = ground.enter_context(RawHub(answer))
    (ground.folder / "rate_limit").mkdir(mode=0o700, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if "bindings" in path)}
    seen = []
    for stop in (3, 0):  # the first answers three pages and is gone
        child = subprocess.run(
            [sys.executable, "-c", READER, hub.url, hub.token, str(ground.folder / "state"), str(ground.folder / "rate_limit"), str(stop)],
            capture_output=True, text=True, env=environment, timeout=200 * max(1, ground.scale))
        assert child.returncode == 0, child.stderr[-400:]
        seen.append(child.stdout.split())
    rows, early, late = int(seen[1][0]), int(seen[1][1]), int(seen[1][2])
    assert int(seen[0][0]) == 3000 and rows == total - 3000, f"{rows} rows after 3,000 of {total} were answered"
    assert late - early <= 4096, f"memory grew by {late - early} kB between page 20 and page {total // 1000}"
    return f"{total} pending listings in {total // 1000} pages: {late - early} kB more at the end than after 20 pages; a second run went on behind the 3,000 answered"
