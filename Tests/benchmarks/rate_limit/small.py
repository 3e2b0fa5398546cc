#!/usr/bin/env python3
"""A small shop: how long a pull of 60 pages takes, and how soon an order in the middle of it is on the wire.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/benchmarks/rate_limit/small.py [--rounds 5] [--json]

The hub has a pool of 40 that refills two a second and tells so. At each latency the queue is pulled by one process from a
state of its own, several times alone and once while another process submits an order; what happened is read from the hub's
journal. With 61 requests, one of them to see the end, the pool alone takes (61 - 40) / 2 = 10.5 s.
Exits non-zero if the median of the pulls takes longer than the goal, if the order waits more than a second, or at any 429.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2] / "bindings/python"), str(HERE.parents[2] / "bindings/python/tests"), str(HERE)]

from sandbox import Sandbox  # noqa: E402
from slots import flush, order, shop  # noqa: E402
from wire import Wires  # noqa: E402

BUDGET = HERE / "budget.py"
PAGES, PAGE_SIZE = 60, 2
MOST_S = {50: 11.6, 250: 12.2, 1000: 14.0}
ORDER_AFTER_S = 6.0
ORDER_MOST_S = 1.0


def pull(wires: Wires, round_trip_ms: int, with_order: bool) -> "dict[str, Any]":
    """The whole queue, once, by a process that knows nothing yet."""
    plant = f"variants={PAGES * PAGE_SIZE},exceptions=off,history=off"
    with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", plant, switches={"limiter": "bucket"}) as hub:
        url = f"http://127.0.0.1:{wires.lay(urlsplit(hub.url).port, round_trip_ms, 0, 1)}"
        with shop(url, hub, directory) as client:
            Path(directory, "state").mkdir(mode=0o700)
            command = [sys.executable, str(BUDGET), "--pull", url, hub.token, f"{directory}/state", f"{directory}/rate_limit", "0"]
            puller = subprocess.Popen(command)
            submitted = None
            if with_order:
                time.sleep(ORDER_AFTER_S)
                client.submit(order("SMALL-1"))
                submitted = time.time()
                flush(client, time.monotonic() + 30)
            failed = puller.wait() != 0
        journal = hub.journal()
    pages = [entry["at_us"] / 1e6 for entry in journal if entry["operation"] == "getListingVariants"]
    arrived = [entry["wall_ms"] / 1000 for entry in journal if entry["operation"] == "createOrder"]
    return {
        "round_trip_ms": round_trip_ms, "with_order": with_order, "failed": failed, "pages": len(pages),
        "seconds": max(pages) - min(pages), "throttled": sum(entry["status"] == 429 for entry in journal),
        "order_wait_s": arrived[0] - submitted if submitted and arrived else None}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wires = Wires()
    found = []
    for _ in range(options.rounds):  # a round at a time: this machine shall not be what is measured
        with ThreadPoolExecutor() as threads:
            found += threads.map(lambda ms: pull(wires, ms, False), MOST_S)
    with ThreadPoolExecutor() as threads:
        found += threads.map(lambda ms: pull(wires, ms, True), MOST_S)
    is_wrong = any(seen["failed"] or seen["throttled"] or seen["pages"] <= PAGES for seen in found)
    lines = sys.stderr if options.json else sys.stdout
    for ms, most in MOST_S.items():
        alone = [seen for seen in found if seen["round_trip_ms"] == ms and not seen["with_order"]]
        beside = next(seen for seen in found if seen["round_trip_ms"] == ms and seen["with_order"])
        took = statistics.median(seen["seconds"] for seen in alone)
        wait = beside["order_wait_s"]
        is_late = took > most or wait is None or wait > ORDER_MOST_S + ms / 2000
        is_wrong = is_wrong or is_late
        print(
            f"{PAGES} pages at {ms} ms: {took:.2f} s "
            f"({min(s['seconds'] for s in alone):.2f} to {max(s['seconds'] for s in alone):.2f}), "
            f"{most} allowed, {max(s['pages'] for s in alone)} requests; an order in the middle arrives after "
            f"{'never' if wait is None else f'{wait:.2f} s'}; {sum(s['throttled'] for s in alone + [beside])} 429s | "
            f"{'WRONG' if is_late else 'ok'}", file=lines)
    if options.json:
        json.dump(found, sys.stdout)
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
