#!/usr/bin/env python3
"""Three hosts of one shop, four processes each, on a database that fails over: nothing lost, nothing doubled, no 429.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/postgres/hosts.py [--kills 1000] [--orders 1000] [--strict] [--seed N]

As root, for the hosts are network namespaces. Each process does all that a shop does until it is killed with SIGKILL or
stopped for some seconds; meanwhile ways are cut, and the database is restarted and gives way to its replica. In the end the
checker of Tests/faults compares what the processes were told, what the state has and what the hub's journal says.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))

from land import HUB, SERVERS, Host, Land
from pair import Pair
from rig.checker import judge
from rig.ground import Ground
from rig.shop import Shop

HOSTS, PROCESSES = 3, 4
REFILL = 15
"""Requests a second that the hub of the long run grants. The other one, which says nothing, punishes the third of a second."""
TROUBLES = ("cut-hub", "cut-database", "cut-hub", "cut-database", "restart", "crash", "fail-over", "dead-machine")


class Hosts:
    """What goes on at once: processes that are killed, and troubles one after the other."""

    def __init__(self, ground: Ground, options: argparse.Namespace) -> None:
        self._chance = random.Random(options.seed)
        self._options = options
        land = Land(ground).settle()
        hub = {"limiter": "strict", "pool__headers": "absent"} if options.strict else {"pool__size": 2 * REFILL, "pool__refill": REFILL}
        hub["order__duplicate"] = options.duplicate
        self.hub = ground.hub("--seed", "variants=30,exceptions=off", **hub, latency__ms=20, latency__jitter_ms=60)
        port = int(self.hub.url.rpartition(":")[2].strip("/"))
        land.opens(port)
        self.pair = Pair(ground.folder / "database", land)
        ground.callback(self.pair.close)
        self._hosts = [land.host(port) for _ in range(HOSTS)]
        self.shop = Shop(ground, self.hub, rate_limits=0, library=options.library, url=self.pair.url("shop"))
        self.shop.environment |= {"PACE_MS": str(options.pace), "FLUSH_MS": "500"}
        self.shop.take_receipt()
        self.kills = self.stops = self.ends = 0
        self.done: "collections.Counter[str]" = collections.Counter()
        self.cut_s = 0.0
        self._faults: "list[BaseException]" = []
        self._lock = threading.Lock()

    def run(self) -> "Hosts":
        began = time.monotonic()
        threads = [threading.Thread(target=self._guarded, args=(lambda at=at, number=number: self._live(at, number),))
                   for at in range(HOSTS) for number in range(PROCESSES)]
        threads.append(threading.Thread(target=self._guarded, args=(self._trouble,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.ran_s = time.monotonic() - began
        self.spent = len(self.hub.journal())
        if self._faults:
            raise self._faults[0]
        return self

    def _guarded(self, what: "Callable[[], None]") -> None:
        try:
            what()
        except BaseException as fault:  # noqa: BLE001 - raised by `run`, in whose thread it counts
            self._faults.append(fault)

    @property
    def _goes_on(self) -> bool:
        return not self._faults and self.kills < self._options.kills

    # Processes

    def _live(self, at: int, number: int) -> None:
        chance = random.Random(self._options.seed * 1000 + at * 10 + number)
        generation = 0
        while self._goes_on:
            generation += 1
            self._one(self._hosts[at], f"h{at}p{number}", generation, chance)

    def _one(self, host: Host, name: str, generation: int, chance: random.Random) -> None:
        step = f"shop:{name}g{generation}:{chance.randrange(1 << 30)}"
        command = [*host.around, *self.shop.command(step, rate_limit=self.shop.folder, history=name)]
        with (self.shop.folder / f"{name}.err").open("a") as told:
            process = subprocess.Popen(command, env=self.shop.environment, stdout=subprocess.DEVNULL, stderr=told)
        life = chance.uniform(0.05, self._options.life * 2)
        if chance.random() < 0.05:
            time.sleep(life / 2)
            process.send_signal(signal.SIGSTOP)
            self.stops += 1
            time.sleep(chance.uniform(1, 8))
            process.send_signal(signal.SIGCONT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(life)
        with self._lock:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                self.kills += 1
            else:
                self.ends += 1  # it could not open its client while the database was away
        process.wait()

    # Troubles

    def _trouble(self) -> None:
        order = self._chance.sample(TROUBLES, len(TROUBLES))
        while self._goes_on:
            time.sleep(self._chance.uniform(0.5, self._options.calm))
            what = order[self.done.total() % len(order)]
            {"restart": lambda: self.pair.restart("fast"), "crash": lambda: self.pair.restart("immediate"),
             "fail-over": lambda: self._fail_over(False), "dead-machine": lambda: self._fail_over(True)}.get(what, lambda: self._cut(what))()
            self.done[what] += 1

    def _cut(self, what: str) -> None:
        host = self._chance.choice(self._hosts)
        host.cut(self._chance.choice(["drop", "deaf", "reset"]), *([HUB] if what == "cut-hub" else SERVERS))
        length = self._chance.uniform(0.2, 6)
        time.sleep(length)
        self.cut_s += length
        host.mend()

    def _fail_over(self, silent: bool) -> None:
        self.pair.fail_over(silent=silent)
        time.sleep(self._chance.uniform(0.5, 3))
        self.pair.mend()

    # The end

    def drain(self) -> None:
        """Orders that were cut off wait long before they are tried again, and repeats for their budget: a person lifts it."""
        for _ in range(400):
            with self.shop.client() as client:
                client.relearn("hold")
            if (done := self.shop.run("drain:2000", rate_limit=self.shop.folder)).returncode == 0:
                return
        raise AssertionError(f"not over: {done.stderr[-300:]} {self.shop.tail()}")


def tell(hosts: Hosts, orders: int) -> str:
    found = judge(hosts.shop)
    refused = [entry["n"] for entry in hosts.hub.journal() if entry["status"] == 429]
    if refused:
        found.wrong.append(f"{len(refused)} requests were answered 429, the first is {refused[0]}")
    if found.orders < orders:
        found.wrong.append(f"only {found.orders} orders were made")
    found.demand()
    granted = (2 if hosts._options.strict else REFILL) * hosts.ran_s
    return (
        f"{hosts.kills} kills, {hosts.stops} stops of {HOSTS * PROCESSES} processes on {HOSTS} hosts in {hosts.ran_s:.0f} s ({hosts.ends} ended "
        f"without a database); {dict(hosts.done)}, ways cut for {hosts.cut_s:.0f} s: {found}; {found.stored_though_failed} stored though told failed; "
        f"0 x 429, {hosts.spent} requests, {100 * hosts.spent / granted:.0f} % of the budget")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--strict", action="store_true", help="a hub that says nothing of its limit and punishes every third request of a second")
    parser.add_argument("--duplicate", default="first", help="what the hub makes of a number that comes twice: first, second, conflict")
    parser.add_argument("--life", type=float, default=2.0, help="seconds that a process lives, on average")
    parser.add_argument("--calm", type=float, default=6.0, help="seconds between two troubles at most")
    parser.add_argument("--pace", type=int, default=300, help="milliseconds that a process rests between its rounds")
    parser.add_argument("--library", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for what is left, where it fails")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    options = parser.parse_args()
    with Ground(options.seed) as ground:
        hosts = Hosts(ground, options)
        try:
            hosts.run().drain()
            print(tell(hosts, options.orders))
        except BaseException:
            print(f"seed {options.seed}: {hosts.kills} kills, {dict(hosts.done)}", file=sys.stderr)
            if options.keep:
                shutil.copytree(hosts.shop.folder, options.keep, dirs_exist_ok=True, ignore=lambda folder, names: [n for n in names if n == "database"])
            raise
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())
