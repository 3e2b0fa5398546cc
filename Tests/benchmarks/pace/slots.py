#!/usr/bin/env python3
"""How soon an order leaves while pulls use the budget, and how fast a backlog of orders drains.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/benchmarks/pace/slots.py

One process pulls a catalogue, its host awake or asleep for ten seconds after every page. Another submits an order now and
then and flushes: the time from its submit to its arrival is the wait. A slot comes a second after an answer, so an order
in the next slot waits that second and the way there at most; with pool headers a place is kept for it.
Exits non-zero if an order waits longer, if the hub says 429, or if a backlog drains at less than 80 % of the budget.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "bindings/python/tests"), str(HERE)]

from orders import order  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from wire import Wires  # noqa: E402

SLEEP_S = 10
ORDERS = 8
BACKLOG = 150
SLACK_S = 0.35  # connections, processes and this machine


def pull(url: str, token: str, state: str, pace: str, sleep: str) -> None:
    """Pull pages until killed."""
    from flxchannel import Client

    with Client(channel="pull", token=token, state_dir=state, origin=url, pace={"dir": pace}) as client:
        while True:
            with client.pull("listings_to_sync", page_size=2) as walk:
                for _ in walk:
                    time.sleep(float(sleep))


def shop(url: str, hub: Sandbox, directory: str):
    from flxchannel import Client

    for name in ("shop", "pace"):
        Path(directory, name).mkdir(mode=0o700, exist_ok=True)
    return Client(channel="shop", token=hub.token, state_dir=f"{directory}/shop", origin=url, pace={"dir": f"{directory}/pace"})


def flush(client, until: float) -> None:
    while client.flush(500).waiting["orders"] and time.monotonic() < until:
        pass


def next_slot(title: str, wires: Wires, switches, round_trip_ms: int, sleep_s: float) -> str:
    """Orders beside a pull."""
    with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", "variants=4000", switches=switches) as hub:
        url = f"http://127.0.0.1:{wires.lay(urlsplit(hub.url).port, round_trip_ms, 0, 1)}"
        with shop(url, hub, directory) as client:
            Path(directory, "pull").mkdir(mode=0o700)
            command = [sys.executable, __file__, "--pull", url, hub.token, f"{directory}/pull", f"{directory}/pace", str(sleep_s)]
            puller = subprocess.Popen(command)
            try:
                time.sleep(25 if "pool" in title else 6)  # a pool is used up to its reserve by then
                submitted = {}
                for number in range(ORDERS):
                    time.sleep(2.3)
                    name = f"S-{number}"
                    client.submit(order(name))
                    submitted[name] = time.time()
                    flush(client, time.monotonic() + 30)
            finally:
                puller.kill()
                puller.wait()
        journal = hub.journal()
    arrived = {entry["order_number"]: entry["wall_ms"] / 1000 for entry in journal if entry["operation"] == "createOrder"}
    waits = sorted(arrived[name] - at for name, at in submitted.items())
    throttled = sum(entry["status"] == 429 for entry in journal)
    allowed = 1 + round_trip_ms / 2000 + SLACK_S  # the next slot, and the way there
    isWrong = throttled or waits[-1] > allowed
    return f"{title:44} waits {waits[0]:.2f} to {waits[-1]:.2f} s, {allowed:.2f} allowed, {throttled} 429s | {'WRONG' if isWrong else 'ok'}"


def drain(title: str, wires: Wires, switches, round_trip_ms: int, least: float) -> str:
    """A backlog that one process sends."""
    with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", "tiny", switches=switches) as hub:
        url = f"http://127.0.0.1:{wires.lay(urlsplit(hub.url).port, round_trip_ms, 0, 2)}"
        with shop(url, hub, directory) as client:
            for number in range(BACKLOG):
                client.submit(order(f"D-{number}"))
            flush(client, time.monotonic() + 400)
        journal = [entry for entry in hub.journal() if entry["operation"] == "createOrder"]
        pushed = len(hub.order_numbers())
    seconds = (journal[-1]["at_us"] - journal[0]["at_us"]) / 1e6
    granted = (39 if "pool" in title else 2) + 2 * seconds
    share = len(journal) / granted
    throttled = sum(entry["status"] == 429 for entry in journal)
    isWrong = throttled or pushed != BACKLOG or len(journal) != BACKLOG or share < least
    return f"{title:44} {len(journal)} orders in {seconds:.0f} s, {share:.1%} of the budget, {throttled} 429s | {'WRONG' if isWrong else 'ok'}"


def main() -> int:
    pool = {"limiter": "bucket"}
    strict = {"limiter": "strict", "pool.headers": "absent"}
    wires = Wires()
    jobs = []
    with ThreadPoolExecutor(max_workers=20) as threads:
        for ms in (50, 250, 1000):
            for sleep_s in (0, SLEEP_S):
                host = "host asleep" if sleep_s else "host awake"
                jobs.append(threads.submit(next_slot, f"order beside a pull, pool, {ms} ms, {host}", wires, pool, ms, sleep_s))
                jobs.append(threads.submit(next_slot, f"order beside a pull, strict, {ms} ms, {host}", wires, strict, ms, sleep_s))
        for ms in (50, 250, 1000):
            jobs.append(threads.submit(drain, f"backlog, pool, {ms} ms", wires, pool, ms, 0.8))
        jobs.append(threads.submit(drain, "backlog, strict, 50 ms", wires, strict, 50, 0.8))
        lines = [job.result() for job in jobs]
    print("\n".join(lines))
    return 1 if any("WRONG" in line for line in lines) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pull"]:
        pull(*sys.argv[2:7])
    else:
        sys.exit(main())
