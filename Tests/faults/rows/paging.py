"""Section P: pages that drift, cursors that wait for their commit, answers that are told again."""

from __future__ import annotations

import calendar
import dataclasses
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rig.drifting import ORDERS, DriftingList, Reader, iso
from rig.feeds import cursor, day_passes, logged, open_shop, walk
from rig.ground import Ground
from rig.rawhub import LOST, RawHub, Reply, Request, listed
from rig.register import control, row

CURSOR_FEEDS = ("listings", "orders", "shipments")

# --- P-01: a list that changes under the walk ---------------------------------------------------------------------------


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


# --- P-02 to P-06: pages that repeat, end early, or share a second --------------------------------------------------------


def numbered(*ids: int) -> "list[dict[str, Any]]":
    return [{"id": one, "sku": f"S-{one}", "updatedAt": "2026-01-31T11:00:00Z", "version": 0} for one in ids]


@row("P-02", set="core")
def repeated_rows_are_given_once(ground: Ground) -> str:
    plans = {
        "the same row on two pages": [[1, 2, 3], [3, 4, 5], [5, 1, 6]],
        "a page repeated": [[1, 2, 3], [1, 2, 3], [4, 5, 6]],
        "a page repeated later": [[1, 2, 3], [4, 5, 6], [1, 2, 3], [7, 8]],
        "pages out of order": [[7, 8, 9], [1, 2, 3], [4, 5, 6]],
    }
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    shown = 0
    for number, (what, pages) in enumerate(plans.items()):
        hub.answer = lambda request: listed(*numbered(*pages[request.page - 1])) if request.page <= len(pages) else listed()
        want = sorted({one for page in pages for one in page})
        for feed in ("listings_to_sync", *CURSOR_FEEDS, "returns"):
            spec = {} if feed == "listings_to_sync" else {"cursor": f"c{number}"}
            with client.pull(feed, **spec) as pull:
                got = [record["id"] for page in pull for record in page]
            assert sorted(got) == want, f"{what}, {feed}: {got}"
            shown += len(got)
    # A page that only came twice by accident, once: the row it hid is found by the second pass.
    asked: "Counter[int]" = Counter()

    def accident(request: Request) -> Reply:
        asked[request.page] += 1
        page = 1 if request.page == 2 and asked[2] == 1 else request.page
        return listed(*numbered(*range(page * 3 - 2, page * 3 + 1))) if page <= 3 else listed()

    hub.answer = accident
    got = [record["id"] for record in walk(client, "orders", cursor="accident")]
    assert sorted(got) == list(range(1, 10)), got
    assert cursor(client, "orders", "accident") is not None
    # One that hides rows for ever never lets the cursor pass them.
    hub.answer = lambda request: listed(*numbered(*{1: (1, 2), 2: (1, 2), 3: (5, 6)}[request.page])) if request.page < 4 else listed()
    assert len(walk(client, "orders", cursor="hidden")) == 4
    assert cursor(client, "orders", "hidden") is None, "the cursor passed rows that a repeated page hid"
    return f"{len(plans)} ways in 5 feeds: {shown} records, each once; a row hidden by one repeated page came with the next pass, cursor waits while it stays hidden"


@row("P-03", set="core")
def ignored_page_number_is_found_out(ground: Ground) -> str:
    from flxchannel import Client, PagingError

    hub = ground.hub("--seed", "demo", page__parameter="ignored", page__cap=5, pool__size=10_000, pool__refill=1000)
    client: Client = open_shop(ground, hub)
    requests = []
    for feed in ("listings_to_publish", "listings_to_sync", *CURSOR_FEEDS, "returns"):
        before, got = len(hub.journal()), []
        try:
            with client.pull(feed) as pull:
                for page in pull:
                    got += [record["id"] for record in page]
                    if feed not in ("listings_to_publish", "listings_to_sync"):
                        page.commit()
            raise AssertionError(f"{feed}: a hub that does not turn pages was taken for an end")
        except PagingError:
            pass
        assert len(got) == len(set(got)) > 0, f"{feed}: {got}"
        assert cursor(client, feed) is None
        requests.append(len(hub.journal()) - before)
    assert max(requests) <= 4, requests  # one of them may have been on its way when the second came
    return f"6 feeds: FLX_E_PAGING after {max(requests)} requests, each record once, no cursor moved"


@row("P-04", set="core")
def short_and_empty_pages_are_no_end(ground: Ground) -> str:
    seen = []
    large = {"pool__size": 10_000, "pool__refill": 1000}
    hub = ground.hub("--seed", "variants=60,history=off,exceptions=off", page__cap=10, **large)
    client = open_shop(ground, hub)
    want = {one["id"] for one in hub.get("listings?limit=1000")}
    for kind in ("empty", "short"):
        for page in (1, 2, 4):
            hub.post("switches", {"paging.empty": 0, "paging.short": 0, f"paging.{kind}": page})
            got = {record["id"] for record in walk(client, "listings", cursor=f"{kind}-{page}")}
            hidden = set(sorted(want)[page * 10 - (10 if kind == "empty" else 5) : page * 10])
            assert got == want - hidden, f"{kind} {page}: {sorted(want - hidden - got)} were behind it"
            seen.append(len(got))
    # A queue is read again until it is empty, so that one empty page may be its end for now.
    hub.post("switches", {"paging.short": 0, "paging.empty": 2})
    for _ in range(12):
        with client.pull("listings_to_sync") as pull:
            for one in pull:
                client.ack(one.receipt, [{"id": str(record["id"])} for record in one])
        assert client.flush(5000).outcome.name == "DONE"
        if hub.get("totals")["waiting_for_sync"] == 0:
            break
    assert hub.get("totals")["waiting_for_sync"] == 0
    # Two empty pages prove an end; totals in headers, right or wrong, prove nothing.
    raw = ground.enter_context(RawHub())
    client = open_shop(ground, raw, "totals")
    for total in ("1", "0", "-5", "999999", "many"):
        raw.answer = lambda request: Reply(
            listed(*numbered(request.page)).body if request.page in (1, 2, 4) else b"[]", headers={"X-Total-Count": total})
        assert sorted(record["id"] for record in walk(client, "orders", cursor=f"c{total}")) == [1, 2, 4], total
    return f"an empty or half page at 1, 2 and 4: all rows behind it given ({seen}); queue with an empty second page drained to 0; 5 wrong totals ignored"


@row("P-05", set="core")
def rows_of_one_second_all_come(ground: Ground) -> str:
    requests = []
    hub = ground.enter_context(RawHub())
    for inclusive in (False, True):
        for order in ("id", "updated", "unknown"):
            before = len(hub.seen)
            hub_list = DriftingList(1, order, rows=500, inclusive=inclusive)
            for one in hub_list.rows.values():
                one.updated = hub_list.now - 3600
            hub.answer, reader = hub_list.answer, Reader()
            client = open_shop(ground, hub, f"{order}-{inclusive}")
            reader.store(walk(client, "orders"))
            assert not reader.lost(hub_list) and not reader.again
            hub_list.now += 3600
            for one in list(hub_list.rows):
                hub_list.touch(one)  # all in the second at which the next walk begins
            reader.store(walk(client, "orders"))
            for one in list(hub_list.rows)[:250]:
                hub_list.touch(one)  # half of them once more, still in that second or the next
            reader.store(walk(client, "orders"))
            assert not reader.lost(hub_list), f"{order}: {len(reader.lost(hub_list))} of 500 rows with one second were lost"
            assert reader.given == 1250 and reader.again == 0, (reader.given, reader.again)
            requests.append(len(hub.seen) - before)
            client.close()
    return f"500 rows of one second, twice changed at once, 3 orders, bound inclusive and exclusive: 1250 versions each time, each once, at most {max(requests)} requests"


class SyncQueue:
    """A queue of variants as the hub keeps it: waits while its content changed after the instant of the answer."""

    def __init__(self, rows: int, now: float) -> None:
        self.changed = {one: now - 3600.0 for one in range(1, rows + 1)}
        self.synced = dict.fromkeys(self.changed, 0.0)
        self.told: "dict[int, list[str]]" = defaultdict(list)
        """Every instant that an answer named for a row, whether it was taken or not."""
        self.during: "Any" = lambda: None
        """What happens while the hub works at a page it has read already."""
        self.on_answer: "Any" = lambda rows, act: (act(), listed())[1]

    def waiting(self) -> "list[int]":
        return [one for one, at in self.changed.items() if int(at) > int(self.synced[one])]

    def answer(self, request: Request) -> Reply:
        if request.method == "PATCH":
            rows = json.loads(request.body)
            for one in rows:
                self.told[one["listingVariantId"]].append(one["syncedAt"])
            return self.on_answer(rows, lambda: self.take(rows))
        waiting = self.waiting()[(request.page - 1) * request.size : request.page * request.size]
        page = [{"id": one, "sku": f"S-{one}", "dynamicContentUpdatedAt": iso(self.changed[one])} for one in waiting]
        if page:
            self.during()
        return listed(*page)

    def take(self, rows: "list[dict[str, Any]]") -> None:
        for one in rows:
            at = time.strptime(one["syncedAt"], "%Y-%m-%dT%H:%M:%SZ")
            self.synced[one["listingVariantId"]] = float(calendar.timegm(at))


def answer_all(client: Any) -> "list[str]":
    ids: "list[str]" = []
    with client.pull("listings_to_sync") as pull:
        for page in pull:
            ids += [str(record["id"]) for record in page]
            client.ack(page.receipt, [{"id": str(record["id"])} for record in page])
    return ids


def change_during_the_fetch(ground: Ground) -> str:
    """Rows change while the hub works at the page, in the same second or some seconds later; none may be taken for synced."""
    checked = 0
    hub = ground.enter_context(RawHub())
    for wait in (0.0, 2.2):
        queue = SyncQueue(20, time.time())

        def during() -> None:
            time.sleep(wait / 2)
            for one in range(1, 11):
                queue.changed[one] = time.time()
            time.sleep(wait / 2)

        hub.answer, queue.during = queue.answer, during
        client = open_shop(ground, hub, f"during-{wait}")
        ids = answer_all(client)
        assert len(ids) == 20
        assert client.flush(5000).answers_sent == 20
        assert queue.waiting() == list(range(1, 11)), f"{10 - len(queue.waiting())} of 10 changes were taken for synced"
        queue.during = lambda: None
        time.sleep(2.1)  # what changed in the second of the fetch is held until that second is over
        assert answer_all(client) == [str(one) for one in range(1, 11)], "a changed row did not come again"
        client.flush(5000)
        assert queue.waiting() == []
        client.close()
        checked += 10
    return f"{checked} rows changed while the hub worked at their page, at once or 1 s into a 2 s answer"


@row("P-06", "P-07", timeout_s=60)
def change_in_the_second_of_the_fetch_comes_again(ground: Ground) -> str:
    return change_during_the_fetch(ground) + ": all stayed pending and came again"


@row("P-06", set="core")
def change_in_the_second_of_the_walk_comes_again(ground: Ground) -> str:
    """Cursor feeds: other content under the same second, after the walk that gave it."""
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    for feed in CURSOR_FEEDS:
        hub_list, reader = DriftingList(3, "id", rows=30), Reader()
        hub.answer = hub_list.answer
        for one in hub_list.rows.values():
            one.updated = hub_list.now
        reader.store(walk(client, feed))
        for one in hub_list.rows.values():
            one.version += 1  # updatedAt has seconds only: it stays as it was
        reader.store(walk(client, feed))
        assert not reader.lost(hub_list) and reader.given == 60, (feed, reader.given)
        reader.store(walk(client, feed))
        assert reader.given == 60, "a version came twice"
    return "3 feeds: 30 rows changed again under the same second, all 30 given again, once"


def change_before_the_answer(ground: Ground) -> str:
    """The hub's clock is five seconds behind the host's."""
    hub = ground.enter_context(RawHub())
    behind_s = 5.0
    queue = SyncQueue(40, time.time() - behind_s)
    hub.answer = lambda request: dataclasses.replace(queue.answer(request), at=time.time() - behind_s)
    client = open_shop(ground, hub)
    with client.pull("listings_to_sync") as pull:
        pages = list(pull)
    time.sleep(1.1)
    for one in range(1, 21):
        queue.changed[one] = time.time() - behind_s  # between the fetch and the answer
    for page in pages:
        client.ack(page.receipt, [{"id": str(record["id"])} for record in page])
    client.flush(5000)
    assert queue.waiting() == list(range(1, 21)), f"{20 - len(queue.waiting())} of 20 changes were taken for synced"
    return "20 of 40 rows changed between fetch and answer"


@row("P-07", set="core")
def change_before_the_answer_stays_pending(ground: Ground) -> str:
    said = change_before_the_answer(ground)
    # The same for pages, whose answer carries no instant: what changed is read again after the answer (decision 16).
    hub = ground.hub("--seed", "tiny", pool__size=10_000, pool__refill=1000)
    client = open_shop(ground, hub, "publish")
    with client.pull("listings_to_publish") as pull:
        pages = list(pull)
    parents = [record for page in pages for record in page]
    hub.post("clock", {"advance_s": 5})
    changed = parents[0]["sku"]
    hub.post("listings", {"parent_sku": changed, "title": "Another title"})
    for page in pages:
        client.ack(page.receipt, [{
            "id": str(parent["id"]), "externalId": f"P{parent['id']}",
            "variants": [{"id": str(v["id"]), "externalId": f"V{v['id']}"} for v in parent["variants"]],
        } for parent in page])
    assert client.flush(5000).outcome.name == "DONE"
    time.sleep(6)  # what an answer hid is read again when the hub has had its time to show it
    with client.pull("listings_to_publish") as pull:
        again = [(record["sku"], record["title"]) for page in pull for record in page]
    assert again == [(changed, "Another title")], again
    return f"{said}: all 20 stayed pending; a parent changed before its answer came again with its new title ({len(parents)} answered)"


# --- P-08: an answer is told again as it was -------------------------------------------------------------------------------


def check_same_instant(told: "dict[int, list[str]]") -> int:
    """Every row was answered with one instant, however often; gives the most attempts of one row."""
    for one, instants in told.items():
        assert len(set(instants)) == 1, f"row {one} was answered with {len(set(instants))} instants: {sorted(set(instants))}"
    return max(len(instants) for instants in told.values())


@row("P-08", timeout_s=120)
def answers_are_told_again_with_their_instant(ground: Ground) -> str:
    ways = ("lost request", "lost reply", "500", "503 after acting", "404 for one of them", "400 for one of them", "a row named as failed")
    seen = []
    hub = ground.enter_context(RawHub())
    for number, way in enumerate(ways):
        queue = SyncQueue(30, time.time())
        hub.answer = queue.answer
        failures = [2]
        poison = 7

        def on_answer(rows: "list[dict[str, Any]]", act: Any) -> Reply:
            ids = [one["listingVariantId"] for one in rows]
            if way in ("404 for one of them", "400 for one of them"):
                if poison in ids:
                    return Reply(b'{"error":"no such listing"}', status=int(way[:3]))
            elif way == "a row named as failed":
                queue.take([one for one in rows if one["listingVariantId"] != poison])
                return Reply(json.dumps([{"listingVariantId": poison, "success": False, "error": "price is missing"}]).encode())
            elif failures[0]:
                failures[0] -= 1
                if way in ("lost reply", "503 after acting"):
                    act()
                return LOST if way.startswith("lost") else Reply(b"{}", status=int(way[:3]))
            act()
            return listed()

        queue.on_answer = on_answer
        client = open_shop(ground, hub, f"way-{number}")
        assert len(answer_all(client)) == 30
        deadline = time.monotonic() + 25
        while client.flush(1000).outcome.name == "AGAIN" and time.monotonic() < deadline:
            time.sleep(0.01)
        results = Counter(one["verdict"] for one in client.ack_results(0, 100))
        bad = 1 if "one of them" in way or "named" in way else 0
        want = {"applied": 30 - bad, "refused": bad} if bad else {"applied": 30}
        assert dict(results) == want, f"{way}: {dict(results)}"
        assert queue.waiting() == ([poison] if bad else []), f"{way}: {queue.waiting()}"
        seen.append(f"{way}: {check_same_instant(queue.told)} sends")
        client.close()
    return f"30 answers each, all with one instant a row; {'; '.join(seen)}"


@control("P-08 a second answer with another instant")
def another_instant_is_seen(ground: Ground) -> str:
    told = {1: ["2026-01-31T11:00:00Z"] * 2, 2: ["2026-01-31T11:00:00Z", "2026-01-31T11:00:04Z"]}
    try:
        check_same_instant(told)
    except AssertionError as error:
        return f"refused: {error}"
    raise AssertionError("the checker took a re-ack with a new instant for the same")


# --- P-09, P-10: crashes and commits ----------------------------------------------------------------------------------------

SHOP = """
import json, os, signal, sqlite3, sys
from flxchannel import Client
url, token, state, rate_limit, feed, die = sys.argv[1:]
def at(place):
    if place == die: os.kill(os.getpid(), signal.SIGKILL)
shop = sqlite3.connect(state + ".shop", isolation_level=None)
shop.execute("CREATE TABLE IF NOT EXISTS stored (id TEXT, version TEXT)")
with Client(channel="faults", token=token, origin=url, state_dir=state, rate_limit={"dir": rate_limit}) as client:
    with client.pull(feed, page_size=10) as pull:
        for number, page in enumerate(pull):
            if number == 1: at("fetch")
            records = page.records
            with shop:
                shop.execute("BEGIN")
                shop.executemany("INSERT INTO stored VALUES (?, ?)", [(str(r["id"]), str(r.get("version"))) for r in records])
                shop.execute("COMMIT")
            if number == 1: at("deliver")
            if feed == "listings_to_sync": client.ack(page.receipt, [{"id": str(r["id"])} for r in records])
            else: page.commit()
            if number == 1: at("confirm")
    if die == "walked": at("walked")
    while client.flush(2000).outcome.name == "AGAIN": pass
print("finished")
"""


@row("P-09", timeout_s=120)
def crash_at_every_step_repeats_and_never_loses(ground: Ground) -> str:
    seen = []
    hub = ground.enter_context(RawHub())
    for feed in ("listings_to_sync", *CURSOR_FEEDS):
        places = ["fetch", "deliver", "confirm", "walked"] + (["ack sent"] if feed == "listings_to_sync" else [])
        for place in places:
            queue, hub_list = SyncQueue(40, time.time()), DriftingList(5, "id", rows=40)
            state = ground.folder / f"{feed}-{place.replace(' ', '-')}"
            arguments = [hub.url, hub.token, str(state), str(ground.folder / "rate_limit"), feed]
            (ground.folder / "rate_limit").mkdir(mode=0o700, exist_ok=True)
            first: "list[subprocess.Popen[str]]" = []

            def kill_then_act(rows: Any, act: Any) -> Reply:
                act()
                if len(first) == 1:  # the hub has it, the shop never hears of it
                    first[0].kill()
                return listed()

            queue.on_answer = kill_then_act if place == "ack sent" else queue.on_answer
            hub.answer = queue.answer if feed == "listings_to_sync" else hub_list.answer
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if "bindings" in path)}
            for die in (place, "never"):
                child = subprocess.Popen(
                    [sys.executable, "-c", SHOP, *arguments, die], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
                first.append(child)
                out, err = child.communicate(timeout=40)
                want = -signal.SIGKILL if die == place else 0
                assert child.returncode == want, f"{feed}, {place}, {die}: ended with {child.returncode}: {err[-400:]}"
            stored = Counter(one for [one] in sqlite3.connect(f"{state}.shop").execute("SELECT id FROM stored"))
            assert len(stored) == 40, f"{feed}, {place}: {40 - len(stored)} rows were lost"
            again = sum(count - 1 for count in stored.values())
            assert again <= 10, f"{feed}, {place}: {again} rows came again"
            if feed == "listings_to_sync":
                assert queue.waiting() == [], f"{place}: {len(queue.waiting())} answers were lost"
                check_same_instant({one: told for one, told in queue.told.items() if stored[str(one)] == 1})
            seen.append(f"{feed}/{place} {again}")
    return f"killed at {len(seen)} points, started again: 0 of 40 rows lost, 0 answers lost; given again: {', '.join(seen)}"


def commits_of_all_kinds(ground: Ground) -> str:
    """The cursor moves when all pages of a whole walk are committed, and not before."""
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    for feed in CURSOR_FEEDS:
        hub_list = DriftingList(7, "id", rows=50)
        hub.answer = hub_list.answer

        def pages(name: str) -> "tuple[Any, list[Any]]":
            pull = client.pull(feed, cursor=name, page_size=10)
            return pull, list(pull)

        pull, given = pages("never")
        pull.close()
        assert cursor(client, feed, "never") is None, f"{feed}: the cursor moved though no page was committed"
        pull, given = pages("never")
        assert len(given) == 5, f"{feed}: only {len(given)} of 5 pages that nobody committed came again"
        for page in (given[4], given[0], given[0], given[2], given[1]):
            pull.commit(page)
            assert cursor(client, feed, "never") is None, f"{feed}: the cursor moved before every page was committed"
        pull.close()
        pull, given = pages("never")
        assert [len(page) for page in given] == [10], f"{feed}: the one page left should come"
        pull.commit(given[0])
        assert cursor(client, feed, "never") is not None, f"{feed}: the cursor did not move with the last commit"
        pull.commit(given[0])
        pull.close()
        # A walk that is not at its end moves nothing either, whatever is committed.
        with client.pull(feed, cursor="part", page_size=10) as pull:
            for page in pull:
                page.commit()
                if page.records[-1]["id"] >= 30:
                    break
        assert cursor(client, feed, "part") is None, f"{feed}: the cursor moved in the middle of a walk"
        assert len(walk(client, feed, cursor="part", page_size=10)) == 20
        assert cursor(client, feed, "part") is not None
    return "3 feeds: committed never, in part, out of order, twice"


@row("P-10", set="core")
def cursor_waits_for_every_commit(ground: Ground) -> str:
    return commits_of_all_kinds(ground) + ": the cursor moved with the last missing commit of a whole walk only; uncommitted pages came again"


# --- P-11, P-12: what no cursor can see, and what it sees late ---------------------------------------------------------------


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
        if request.since:
            return listed()
        return Reply(("[" + ",".join(
            f'{{"id":{one},"sku":"S","updatedAt":"2026-01-31T11:00:00Z","version":{changed.get(one, 0)}}}' for one in range(start, end + 1)) + "]").encode())

    hub = ground.enter_context(RawHub(answer))
    with open_shop(ground, hub) as client:
        assert sum(1 for _ in walk(client, "listings", page_size=1000)) == rows
    day_passes(ground)
    changed.update({one: 1 for one in changed})
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


# --- P-13: a million --------------------------------------------------------------------------------------------------------

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


# --- P-14 to P-16 --------------------------------------------------------------------------------------------------------------


@row("P-14", set="core")
def order_status_is_given_as_it_is_seen(ground: Ground) -> str:
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    at = [time.time() - 60]
    statuses = [
        "Open", "Closed", "Open", "On Hold", "Canceled", "Open", "Draft", "Failed", "Gone Fishing", "", "Not Managed", "Closed"]

    def order(status: str) -> "dict[str, Any]":
        at[0] += 1
        return {"id": 700001, "orderNumber": "A-1", "orderStatus": status, "updatedAt": iso(at[0])}

    seen = []
    for status in statuses:
        hub.only_page(order(status))
        seen += [record["orderStatus"] for record in walk(client, "orders")]
    assert seen == statuses, seen
    # The date goes back with the status: another version all the same, as long as the bound lets it through.
    at[0] -= 30
    hub.only_page(order("Open"))
    assert [record["orderStatus"] for record in walk(client, "orders")] == ["Open"]
    # A parcel of an order that nobody has heard of, and later the order.
    hub.only_page({"id": 500001, "orderId": 700002, "trackingNumber": "T-1", "updatedAt": iso(at[0])})
    with client.pull("shipments") as pull:
        [shipment] = [shipment for page in pull for shipment in page.shipments()]
    assert (shipment.id, shipment.order_id, shipment.order_number) == ("500001", "700002", None), shipment
    hub.only_page({"id": 700002, "orderNumber": "A-2", "orderStatus": "Closed", "updatedAt": iso(at[0])})
    assert [record["id"] for record in walk(client, "orders")] == [700002]
    return f"{len(seen)} states, backwards, skipped, unknown and empty ones, each given once as it stood; a date that went back; a parcel before its order"


@row("P-15", set="core")
def shipment_versions_are_told_by_its_id(ground: Ground) -> str:
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    at = [time.time() - 60]

    def parcel(one: int, tracking: Any, **more: Any) -> "dict[str, Any]":
        return {"id": one, "orderId": 700001, "trackingNumber": tracking, "updatedAt": iso(at[0]), **more}

    def given(*parcels: "dict[str, Any]") -> "list[tuple[int, Any]]":
        at[0] += 1
        hub.only_page(*parcels)
        return [(record["id"], record["trackingNumber"]) for record in walk(client, "shipments")]

    one, two = parcel(1, "T-1"), parcel(2, "T-1")
    assert given(one, two) == [(1, "T-1"), (2, "T-1")], "one number on two parcels is two shipments"
    assert given(one, two, one) == [], "repeated"
    both = parcel(1, "T-1, T-9")
    assert given(both, two) == [(1, "T-1, T-9")], "a second number is a new version"
    several = parcel(3, None, items=[{"id": 1, "orderItemId": 5, "quantity": 1}])
    assert given(both, two, several) == [(3, None)], "no number yet"
    assert given(parcel(2, "T-2"), several) == [(2, "T-2")], "amended"
    assert given(parcel(2, None), several) == [(2, None)], "its number taken away"
    assert given(several) == [], "a shipment that is gone brings nothing"
    assert given(parcel(2, None, suppressed=True)) == [(2, None)], "its flag turned"
    amended = hub_amends(ground)
    return f"two numbers, one number twice, repeated, amended, removed, flag turned: identity by the hub's id, each change one new version; sandbox: {amended}"


def hub_amends(ground: Ground) -> str:
    hub = ground.hub("--seed", "demo", pool__size=10_000, pool__refill=1000)
    client = open_shop(ground, hub, "sandbox")
    before = walk(client, "shipments")
    one = before[0]["id"]
    hub.post("shipments", {"id": one, "trackingNumber": "AMENDED-1"})
    after = [(record["id"], record["trackingNumber"]) for record in walk(client, "shipments")]
    assert after == [(one, "AMENDED-1")], after
    return f"{len(before)} shipments, 1 amended and given again"


@row("P-16", set="core")
def page_size_may_change_between_runs(ground: Ground) -> str:
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    walks = ground.times(60, 12)
    for number in range(walks):
        choose = random.Random(ground.seed + number)
        hub_list, reader = DriftingList(ground.seed + number, choose.choice(ORDERS[:5]), rows=choose.randrange(1, 90)), Reader()
        hub.answer = hub_list.answer
        for run in range(4):
            stop = choose.randrange(1, 6) if run < 3 else 1000
            with client.pull("orders", cursor=f"s{number}", page_size=choose.randrange(4, 40)) as pull:
                for page in pull:
                    reader.store(page.records)
                    page.commit()
                    stop -= 1
                    if not stop:
                        break
        assert not reader.lost(hub_list), f"walk {number}: {len(reader.lost(hub_list))} rows were skipped"
        assert reader.again == 0, f"walk {number}: {reader.again} versions came twice"
    return f"{walks} lists, each in 4 runs of another page size, three of them broken off: 0 rows skipped, 0 given twice"


# --- Controls: the checkers above refuse libraries that are wrong --------------------------------------------------------------


def refused(name: str, show: Any, *arguments: Any) -> str:
    """Show the same to the broken library of a control; what matters is that the checker says what is wrong."""
    try:
        show(*arguments)
    except AssertionError as error:
        return f"{name}: the checker says: {error}"
    raise AssertionError(f"the checker of {name} took a library that is wrong for right")


@control("P-01 one pass is taken for a proof", timeout_s=400, built="careless-feeds")
def one_pass_is_seen(ground: Ground) -> str:
    return refused("one pass over a drifting list", drifting_walks, ground, 48)


@control("P-10 cursor moves before the commit", timeout_s=400, built="careless-feeds")
def early_cursor_is_seen(ground: Ground) -> str:
    return refused("cursor before commit", commits_of_all_kinds, ground)


@control("P-12 no overlap", timeout_s=400, built="careless-feeds")
def missing_overlap_is_seen(ground: Ground) -> str:
    return refused("no overlap", late_rows, ground)


@control("P-07 the answer's instant instead of the request's start", timeout_s=400, built="careless-feeds")
def answer_instant_is_seen(ground: Ground) -> str:
    return refused("instant of the answer", change_during_the_fetch, ground)


@control("P-07 the host's clock instead of the hub's", timeout_s=400, built="host-clock")
def host_clock_is_seen(ground: Ground) -> str:
    return refused("host's clock", change_before_the_answer, ground)
