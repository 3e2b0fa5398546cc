#!/usr/bin/env python3
"""Pulls the sandbox's catalogue of 112,841 variants and says what that took.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/benchmarks/catalogue.py

Two walks, each in a process of its own: the queue of listings to sync, and the cursor feed of all listings with a commit
per page. Exits non-zero if a variant is missing or comes twice, or if between 20,000 variants and the end the process
grows by more than 2 MB, or what is allocated in the C heap, where the library has its memory, by more than 512 kB. What
the check itself needs does not count: its set of ids is a bitmap made beforehand, and it reads the ids alone, because
decoding whole pages lets the interpreter's own heap grow by some MB.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings/python"))

SETTLED = 20_000
MOST_GROWTH_KB = 2048
MOST_ALLOCATED_KB = 512


class MallInfo(ctypes.Structure):
    """struct mallinfo2 of glibc."""

    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]


def allocated_kb() -> int:
    """What the C heap of this process holds, free blocks left out."""
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = MallInfo
    info = libc.mallinfo2()
    return int(info.uordblks + info.hblkhd) // 1024


def resident_kb() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def walk(feed: str, url: str, token: str) -> int:
    """Pull one feed to its end; returns the number of faults."""
    from flxchannel import Client

    seen = bytearray(1 << 24)
    seen[:] = b"\1" * len(seen)  # touched, so that it is resident from the start
    seen[:] = bytes(len(seen))
    count = repeats = pages = settled_kb = settled_heap_kb = growth = heap_growth = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as state_dir:
        os.chmod(state_dir, 0o700)
        with Client(channel="catalogue", token=token, state_dir=state_dir, origin=url) as client:
            queued = {"sync": True} if feed == "listings_to_sync" else {}
            wanted = client.call("getListingVariantsCount", **queued)["body"]["count"]
            with client.pull(feed) as pull:
                for page in pull:
                    for index in range(len(page)):
                        position = int(page.get(index, "/id")) & (len(seen) - 1)
                        repeats += seen[position]
                        seen[position] = 1
                        count += 1
                    pages += 1
                    if feed == "listings":
                        page.commit()
                    if not settled_kb and count >= SETTLED:
                        settled_kb, settled_heap_kb = resident_kb(), allocated_kb()
                    growth, heap_growth = resident_kb() - settled_kb, allocated_kb() - settled_heap_kb
            requests = client.stats()["requests"]["answered"]
    took = time.monotonic() - started
    print(f"{feed:18} {count:7,} of {wanted:,} variants, {repeats} twice, {pages:,} pages, {requests:,} requests, "
          f"{took:.1f} s; from {SETTLED:,} to the end: resident {settled_kb:,} kB {growth:+,} kB, "
          f"allocated {settled_heap_kb:,} kB {heap_growth:+,} kB", flush=True)
    return (count != wanted) + (repeats != 0) + (growth > MOST_GROWTH_KB) + (heap_growth > MOST_ALLOCATED_KB)


def main() -> int:
    if len(sys.argv) == 4:
        return walk(*sys.argv[1:])
    sandbox = subprocess.Popen(
        [os.environ["FLX_SANDBOX"], "--port", "0", "--seed", "large",
         "--set", "pool.size=10000", "--set", "pool.refill=1000", "--exit-with-parent"],
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
