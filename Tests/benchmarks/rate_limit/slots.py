#!/usr/bin/env python3
"""How soon an order leaves while pulls use the budget, and how fast a backlog of orders drains.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/benchmarks/rate_limit/slots.py [--only TEXT] [--json]

A catalogue is pulled, and now and then an order is submitted and flushed: from its submit to its arrival it waits. The pull is

    awake      of another process, which takes one page after the other
    asleep     of another process, whose host sleeps for 30 s after every page: what was asked for ahead stays on the wire
    alternate  of the same client, which pulls and flushes in turn

A slot comes a second after an answer, so an order in the next slot waits that second and the way there at most; with pool
headers a place is kept for it. A pool is used up to its reserve before the first order comes and has to stay so, which is why
a third process pulls where a host sleeps.
Exits non-zero if an order waits longer, if the hub says 429, or if a backlog drains at less than 80 % of the budget.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "bindings/python/tests"), str(HERE)]

from orders import order  # noqa: E402
from sandbox import Sandbox  # noqa: E402
from wire import Wires  # noqa: E402

LIMITERS = {"pool": {"limiter": "bucket"}, "strict": {"limiter": "strict", "pool.headers": "absent"}}
POOL, RESERVE, REFILL = 40, 2, 2.0
SLEEP_S = 30
ORDERS = 12
BACKLOG = 150
SLACK_S = 0.35  # connections, processes and this machine


def pull(url: str, token: str, state: str, rate_limit: str, sleep: str) -> None:
    """Pull pages until killed."""
    from flxchannel import Client

    with Client(channel="pull", token=token, state_dir=state, origin=url, rate_limit={"dir": rate_limit}) as client:
        while True:
            with client.pull("listings_to_sync", page_size=2) as walk:
                for _ in walk:
                    time.sleep(float(sleep))


def shop(url: str, hub: Sandbox, directory: str):
    from flxchannel import Client

    for name in ("shop", "rate_limit"):
        Path(directory, name).mkdir(mode=0o700, exist_ok=True)
    return Client(
        channel="shop", token=hub.token, state_dir=f"{directory}/shop", origin=url,
        rate_limit={"dir": f"{directory}/rate_limit"})


def flush(client, until: float) -> None:
    while client.flush(500).waiting["orders"] and time.monotonic() < until:
        pass


@contextlib.contextmanager
def pulling(url: str, hub: Sandbox, directory: str, sleeps: "list[float]") -> "Iterator[None]":
    """Processes that pull, one for each sleep, until the block ends."""
    pullers = []
    try:
        for number, sleep_s in enumerate(sleeps):
            state = Path(directory, f"pull-{number}")
            state.mkdir(mode=0o700)
            command = [sys.executable, __file__, "--pull", url, hub.token, str(state), f"{directory}/rate_limit", str(sleep_s)]
            pullers.append(subprocess.Popen(command))
        yield
    finally:
        for puller in pullers:
            puller.kill()
            puller.wait()


def next_slot(limiter: str, wires: Wires, round_trip_ms: int, host: str) -> "dict[str, Any]":
    """Orders beside a pull."""
    sleeps = {"awake": [0.0], "asleep": [SLEEP_S] + ([0.0] if limiter == "pool" else []), "alternate": []}[host]
    with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", "variants=4000", switches=LIMITERS[limiter]) as hub:
        url = f"http://127.0.0.1:{wires.lay(urlsplit(hub.url).port, round_trip_ms, 0, 1)}"
        with shop(url, hub, directory) as client, client.pull("listings_to_sync", page_size=2) as walk, \
                pulling(url, hub, directory, sleeps):

            def pass_time(seconds: float) -> None:
                if host != "alternate":
                    time.sleep(seconds)
                    return
                for _ in walk.pages(int(seconds * 1000)):
                    pass
                assert not walk.is_done, "the catalogue is too small to be pulled all the time"

            pass_time(25 if limiter == "pool" else 6)  # a pool is used up to its reserve by then
            submitted = {}
            for number in range(ORDERS):
                pass_time(2.3)
                name = f"S-{number}"
                client.submit(order(name))
                submitted[name] = time.time()
                flush(client, time.monotonic() + 30)
        journal = hub.journal()
    arrived = {entry["order_number"]: entry["wall_ms"] / 1000 for entry in journal if entry["operation"] == "createOrder"}
    return {
        "title": f"order beside a pull, {limiter}, {round_trip_ms} ms, {host}",
        "waits": sorted(arrived[name] - at for name, at in submitted.items()),
        "most": 1 + round_trip_ms / 2000 + SLACK_S,  # the next slot, and the way there
        "used": min(level(journal, at) for at in submitted.values()) if limiter == "pool" else None,
        # Used up for the library is also what is on the wire, and what may have crossed with its answers.
        "least_used": POOL - RESERVE - 2 - 10 * round_trip_ms / 1000,
        "throttled": sum(entry["status"] == 429 for entry in journal)}


def level(journal: "list[dict]", at: float) -> float:
    """What was in the hub's pool then."""
    used, last = 0.0, 0.0
    for entry in journal:
        came = entry["wall_ms"] / 1000
        if came > at:
            break
        used, last = max(0.0, used - (came - last) * REFILL) + 1, came
    return max(0.0, used - (at - last) * REFILL)


def drain(limiter: str, wires: Wires, round_trip_ms: int) -> "dict[str, Any]":
    """A backlog that one process sends."""
    with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", "tiny", switches=LIMITERS[limiter]) as hub:
        url = f"http://127.0.0.1:{wires.lay(urlsplit(hub.url).port, round_trip_ms, 0, 2)}"
        with shop(url, hub, directory) as client:
            for number in range(BACKLOG):
                client.submit(order(f"D-{number}"))
            flush(client, time.monotonic() + 400)
        journal = [entry for entry in hub.journal() if entry["operation"] == "createOrder"]
        pushed = len(hub.order_numbers())
    seconds = (journal[-1]["at_us"] - journal[0]["at_us"]) / 1e6
    granted = (POOL - 1 if limiter == "pool" else 2) + REFILL * seconds
    return {
        "title": f"backlog, {limiter}, {round_trip_ms} ms", "seconds": seconds, "share": len(journal) / granted, "least": 0.8,
        "missing": BACKLOG - pushed, "sent_again": len(journal) - BACKLOG,
        "throttled": sum(entry["status"] == 429 for entry in journal)}


def line(seen: "dict[str, Any]") -> str:
    if "waits" in seen:
        isWrong = seen["waits"][-1] > seen["most"]
        said = f"waits {seen['waits'][0]:.2f} to {seen['waits'][-1]:.2f} s, {seen['most']:.2f} allowed"
        if seen["used"] is not None:
            isWrong = isWrong or seen["used"] < seen["least_used"]
            said += f", {seen['used']:.0f} of the pool used at least"
    else:
        isWrong = seen["missing"] or seen["sent_again"] or seen["share"] < seen["least"]
        said = f"{BACKLOG} orders in {seen['seconds']:.0f} s, {seen['share']:.1%} of the budget"
    return f"{seen['title']:46} {said}, {seen['throttled']} 429s | {'WRONG' if isWrong or seen['throttled'] else 'ok'}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wires = Wires()
    work = [
        (next_slot, limiter, ms, host)
        for ms in (50, 250, 1000) for host in ("awake", "asleep", "alternate") for limiter in LIMITERS]
    work += [(drain, "pool", ms) for ms in (50, 250, 1000)] + [(drain, "strict", 50)]
    work = [job for job in work if options.only in " ".join(str(word) for word in job[1:])]
    with ThreadPoolExecutor(max_workers=len(work)) as threads:
        jobs = [threads.submit(job[0], job[1], wires, *job[2:]) for job in work]
        found = [job.result() for job in jobs]
    lines = [line(seen) for seen in found]
    print("\n".join(lines), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        json.dump(found, sys.stdout)
    return 1 if any("WRONG" in line for line in lines) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pull"]:
        pull(*sys.argv[2:7])
    else:
        sys.exit(main())
