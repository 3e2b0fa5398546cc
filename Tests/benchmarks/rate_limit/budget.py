#!/usr/bin/env python3
"""How much of the hub's budget pulls use, and whether the hub ever says 429.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/benchmarks/rate_limit/budget.py [--short | --long] [--only TEXT] [--json]

Every case has a hub of its own behind a wire of its own (`wire.py`), so that cases run side by side: they mostly wait.
Pages are pulled from the queue of listings to sync; what happened is read from the hub's journal.

    share = accepted requests / (free places at start - reserve + refill x (last arrival - first arrival))

With a pool of 40 the library keeps 2 places free of polls; a limiter of two a second has two places and no reserve. A share
above one, by more than one request, spends what is kept for orders. Headers that lie may cost what is in flight together, once:
after it nobody may believe them, which a second pull by a new process shows.
Exits non-zero if a goal is missed, or if a control, which limits wrongly on purpose, is not punished.
`--short` leaves out the long pulls of 600 pages, `--long` all others. `--json` prints what was seen as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "bindings/python/tests"), str(HERE)]

from sandbox import Sandbox  # noqa: E402
from wire import Wires  # noqa: E402

REFILL = 2.0
PAGE_SIZE = 2
POOL, RESERVE = 40, 2
AGAIN_PAGES = 20  # of the second pull after headers that lied
MOST_PROCESSES = 130  # at a time: this machine shall not be what is measured


@dataclass
class Case:
    limiter: str
    headers: str
    round_trip_ms: int
    pages: int
    jitter_ms: int = 0
    processes: int = 1
    least: float = 0.0
    control: str = ""

    @property
    def title(self) -> str:
        return f"{self.limiter:8} {self.headers:9} {self.round_trip_ms:5} {self.jitter_ms:6} {self.processes:5} {self.pages:6}"

    @property
    def longest_trip_s(self) -> float:
        return (self.round_trip_ms + self.jitter_ms) / 1000

    @property
    def most_429(self) -> int:
        """Headers that lie draw what is in flight: one request, and what a process would spend of the pool over a round trip."""
        return self.processes * min(8, 1 + math.ceil(POOL / 4 * self.longest_trip_s)) if self.headers == "lying" else 0


def cases(short: bool, long: bool) -> "list[Case]":
    found = []
    if not short:
        for ms in (50, 250, 1000):
            found.append(Case("bucket", "truthful", ms, 600, least=0.98))
            found += [Case(limiter, "truthful", ms, 600) for limiter in ("sliding", "fixed")]
        found += [Case("strict", "absent", 130, 600, least=0.80)]
    if long:
        return found
    for limiter in ("bucket", "sliding", "fixed"):
        for ms in (50, 250, 1000):
            found.append(Case(limiter, "truthful", ms, 60))
            found.append(Case(limiter, "absent", ms, 60, least={50: 0.90}.get(ms, 0.0) if limiter != "bucket" else 0.0))
            # So many that even what is kept on the wire over a long way empties the pool.
            found.append(Case(limiter, "lying", ms, 180 if limiter == "bucket" and ms == 1000 else 60))
        for processes in (1, 2, 8, 64):
            for headers in ("truthful", "absent"):
                pages = 128 // processes - 1  # and one request that proves the end
                found.append(Case(limiter, headers, 50, pages, jitter_ms=300, processes=processes))
    found.append(Case("strict", "absent", 50, 16, jitter_ms=300, processes=8))
    found.append(Case("bucket", "lying", 50, 8, jitter_ms=300, processes=8))
    found.append(Case("sliding", "absent", 50, 20, jitter_ms=300, processes=4, control="a rate limit file each"))
    found.append(Case("sliding", "absent", 50, 60, jitter_ms=300, control="one every 500 ms"))
    return found


# --- Who pulls ----------------------------------------------------------------------------------------------------------


def pull(url: str, token: str, state: str, rate_limit: str, pages: str) -> None:
    """Pull the whole queue with the library, or so many pages of it."""
    from flxchannel import Client

    with Client(channel="rate_limit", token=token, state_dir=state, origin=url, rate_limit={"dir": rate_limit}) as client:
        with client.pull("listings_to_sync", page_size=PAGE_SIZE) as walk:
            for number, _ in enumerate(walk, 1):
                if number == int(pages):
                    break


def pull_by_the_clock(url: str, token: str, pages: int) -> None:
    """The control: a request every 500 ms, as one would write it in an afternoon."""

    def ask(page: int) -> None:
        request = urllib.request.Request(f"{url}/listing/variants?page={page}&pageSize=2", headers={"X-API-TOKEN": token})
        try:
            urllib.request.urlopen(request, timeout=10).read()
        except urllib.error.HTTPError:
            pass

    began = time.monotonic()
    threads = []
    for page in range(pages):
        time.sleep(max(0.0, began + page * 0.5 - time.monotonic()))
        threads.append(threading.Thread(target=ask, args=(page + 1,)))
        threads[-1].start()
    for thread in threads:
        thread.join()


# --- A case and what the hub saw of it ----------------------------------------------------------------------------------


@dataclass
class Seen:
    seconds: float
    accepted: int
    share: float
    most_share: float
    throttled: int
    outside: int  # 429s that came later than one round trip after the first
    again: int  # 429s of the second pull
    beyond: int
    failed: int


places = threading.Semaphore(MOST_PROCESSES)
seats = threading.Lock()


def run(case: Case, wires: Wires, seed: int) -> Seen:
    with seats:  # all or none, so that two cases do not wait for each other
        for _ in range(case.processes + 1):
            places.acquire()
    try:
        return measure(case, wires, seed)
    finally:
        for _ in range(case.processes + 1):
            places.release()


def measure(case: Case, wires: Wires, seed: int) -> Seen:
    switches = {"limiter": case.limiter, "pool.headers": case.headers}
    plant = f"variants={case.pages * PAGE_SIZE},exceptions=off,history=off"
    with tempfile.TemporaryDirectory() as directory:
        journal = Path(directory, "journal")
        with Sandbox("--seed", plant, "--journal", str(journal), switches=switches) as hub:
            port = wires.lay(urlsplit(hub.url).port, case.round_trip_ms, case.jitter_ms, seed)
            near = f"http://127.0.0.1:{port}"
            failed = 0
            if case.control == "one every 500 ms":
                pull_by_the_clock(near, hub.token, case.pages)
            else:
                failed = pull_together(case, near, hub.token, directory)
            first = len(journal.read_text().splitlines())
            if case.headers == "lying":
                failed += start(near, hub.token, directory, "again", "rate_limit", AGAIN_PAGES).wait() != 0
            entries = [json.loads(line) for line in journal.read_text().splitlines()]
        return judge(case, entries[:first], entries[first:], failed)


def start(url: str, token: str, directory: str, state: str, rate_limit: str, pages: int) -> "subprocess.Popen[bytes]":
    for name in (state, rate_limit):
        Path(directory, name).mkdir(mode=0o700, exist_ok=True)
    return subprocess.Popen(
        [sys.executable, __file__, "--pull", url, token, f"{directory}/{state}", f"{directory}/{rate_limit}", str(pages)])


def pull_together(case: Case, url: str, token: str, directory: str) -> int:
    processes = [
        start(url, token, directory, f"state-{number}", f"rate-limit-{number}" if case.control else "rate_limit", 0)
        for number in range(case.processes)]
    return sum(process.wait() != 0 for process in processes)


def judge(case: Case, journal: "list[dict]", again: "list[dict]", failed: int) -> Seen:
    arrivals = [entry["at_us"] / 1e6 for entry in journal]
    accepted = [entry for entry in journal if entry["status"] == 200]
    refused = sorted(entry["at_us"] / 1e6 for entry in journal if entry["status"] == 429)
    seconds = max(arrivals) - min(arrivals)
    # Without headers nobody can know that the pool is larger than what is promised: two a second.
    isPool = case.limiter == "bucket" and case.headers == "truthful"
    granted = (POOL - RESERVE if isPool else 2) + REFILL * seconds
    # Headers that lie promise the whole pool, until the hub says no.
    most = POOL + REFILL * seconds if case.headers == "lying" else granted + 1
    return Seen(
        seconds=seconds, accepted=len(accepted), share=len(accepted) / granted, most_share=most / granted, throttled=len(refused),
        outside=sum(at > refused[0] + case.longest_trip_s + 0.2 for at in refused),
        again=sum(entry["status"] == 429 for entry in again),
        beyond=sum(not entry["rows"] for entry in accepted), failed=failed)


def verdict(case: Case, seen: Seen) -> str:
    if case.control:
        return f"control: {case.control}, " + ("punished" if seen.throttled else "WRONG: not punished")
    wrong = []
    if seen.failed:
        wrong.append(f"{seen.failed} processes failed")
    if seen.accepted < case.pages * case.processes:
        wrong.append("pages are missing")
    if seen.throttled > case.most_429:
        wrong.append(f"more than {case.most_429} 429s")
    if seen.outside:
        wrong.append(f"{seen.outside} 429s after the first round")
    if case.headers == "lying" and not seen.throttled:
        wrong.append("the lie was not met")
    if seen.again:
        wrong.append(f"{seen.again} 429s of the next pull")
    if seen.share < case.least:
        wrong.append(f"below {case.least:.0%}")
    if seen.share > seen.most_share:
        wrong.append(f"above {seen.most_share:.1%}")
    return "WRONG: " + ", ".join(wrong) if wrong else "ok"


def main() -> int:
    parser = argparse.ArgumentParser()
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--short", action="store_true")
    which.add_argument("--long", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    chosen = [
        case for case in cases(options.short, options.long) if options.only in " ".join(f"{case.title} {case.control}".split())]
    if not chosen:
        parser.error(f"no case has {options.only!r} in its line")
    chosen.sort(key=lambda case: -case.pages)  # the longest start first
    wires = Wires()
    lines = sys.stderr if options.json else sys.stdout
    print("limiter  headers      rtt jitter procs  pages | seconds accepted  share  429s beyond |", file=lines, flush=True)
    isWrong, found = False, []
    with ThreadPoolExecutor(max_workers=len(chosen)) as pool:
        runs = [pool.submit(run, case, wires, seed) for seed, case in enumerate(chosen)]
        for case, future in zip(chosen, runs):
            seen = future.result()
            said = verdict(case, seen)
            isWrong = isWrong or "WRONG" in said
            found.append(asdict(case) | asdict(seen) | {"most_429": case.most_429})
            print(
                f"{case.title} | {seen.seconds:7.1f} {seen.accepted:8} {seen.share:6.1%} {seen.throttled:5} {seen.beyond:6} "
                f"| {said}",
                file=lines, flush=True)
    if options.json:
        json.dump(found, sys.stdout)
    return 1 if isWrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--pull"]:
        pull(*sys.argv[2:7])
    else:
        sys.exit(main())
