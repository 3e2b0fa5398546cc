#!/usr/bin/env python3
"""Pulls the sandbox's catalogue of 112,841 variants and says what that took.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/benchmarks/catalogue.py

Two walks, each in a process of its own: the queue of listings to sync, and the cursor feed of all listings with a commit
per page. Exits non-zero if a variant is missing, comes twice, or if memory grows by more than 2 MB between 20,000
variants and the end. The set of ids that the check keeps is a bitmap made beforehand, so that it does not count.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))

VARIANTS = 112_841
SETTLED = 20_000
MOST_GROWTH_KB = 2048


def resident_kb() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def walk(feed: str, url: str, token: str) -> int:
    """Pull one feed to its end; returns the number of faults."""
    from flxchannel import Client

    seen = bytearray(1 << 24)
    seen[:] = b"\1" * len(seen)  # touched, so that it is resident from the start
    seen[:] = bytes(len(seen))
    count = repeats = pages = settled_kb = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as state_dir:
        os.chmod(state_dir, 0o700)
        with Client(channel="catalogue", token=token, state_dir=state_dir, origin=url) as client:
            with client.pull(feed) as pull:
                for page in pull:
                    for record in page:
                        position = int(record["id"]) & (len(seen) - 1)
                        repeats += seen[position]
                        seen[position] = 1
                        count += 1
                    pages += 1
                    if feed == "listings":
                        page.commit()
                    if not settled_kb and count >= SETTLED:
                        settled_kb = resident_kb()
            requests = client.stats()["requests"]["answered"]
    growth = resident_kb() - settled_kb
    took = time.monotonic() - started
    print(f"{feed:18} {count:7,} variants, {repeats} twice, {pages:,} pages, {requests:,} requests, "
          f"{took:.1f} s, resident {settled_kb:,} kB at {SETTLED:,}, {growth:+,} kB at the end", flush=True)
    return (count != VARIANTS) + (repeats != 0) + (growth > MOST_GROWTH_KB)


def main() -> int:
    if len(sys.argv) == 4:
        return walk(*sys.argv[1:])
    sandbox = subprocess.Popen(
        [os.environ["FLX_SANDBOX"], "--port", "0", "--seed", "large",
         "--set", "pool.size=100000", "--set", "pool.refill=10000", "--exit-with-parent"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        announced = dict(sandbox.stdout.readline().split() for _ in range(2))
        return sum(subprocess.call([sys.executable, __file__, feed, announced["url"], announced["token"]]) != 0
                   for feed in ("listings_to_sync", "listings"))
    finally:
        sandbox.terminate()
        sandbox.wait()


if __name__ == "__main__":
    sys.exit(main())
