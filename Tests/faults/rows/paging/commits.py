"""P-09, P-10: crashes and commits."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from rig.drifting import DriftingList
from rig.feeds import cursor, open_shop, walk
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, listed
from rig.register import row
from rows.paging.drifting import CURSOR_FEEDS
from rows.paging.pending import SyncQueue
from rows.paging.told_again import check_same_instant

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
