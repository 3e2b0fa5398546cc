#!/usr/bin/env python3
"""What a hub can make a host spend: processor time and memory for the bytes it sends, the bound that holds each, and the least
address space in which the demo and the C tests still pass.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python3 Tests/benchmarks/budgets.py [STANDARD SLIM]

Prints one table for each library. Figures of one machine are for comparison; what must hold is in the rows J-20 to J-23.
"""

from __future__ import annotations

import concurrent.futures
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("Tests/faults", "bindings/python", "bindings/python/tests")]

from rig.ground import Ground  # noqa: E402
from rig.rawhub import RawHub, Reply, listed  # noqa: E402
from rows.budgets import PULL, colliding  # noqa: E402

LIMITS_MB = (40, 56, 72, 88, 104, 120, 152, 184, 512)
MOST = 31 << 20  # below the default of http.body_bytes

HOST = PULL + """
from flxchannel._library import lib
c = client(); base = rss(); open("/proc/self/clear_refs", "w").write("5"); began = spent(); wall = time.monotonic(); views = 0
try:
    for page in pages(c):
        if "views" in sys.argv:
            views += sum(bool(lib.flx_page_listing_variant(page._ptr(), i)) for i in range(len(page)))
except FlxError as error: print(error.name, file=sys.stderr)
peak = int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))) * 1024
say(cpu=spent() - began, wall=time.monotonic() - wall, rss=peak - base, views=views)
"""


def records(count: int, make: "object") -> bytes:
    return b"[" + b",".join(make(n) for n in range(count)) + b"]"  # type: ignore[operator]


def empties(total: int) -> bytes:
    one = b",".join([b"{}"] * 49_000)
    return records(total // len(one) or 1, lambda n: b'{"id":%d,"sku":"S","image":[%s]}' % (n, one))


def cases() -> "list[tuple[str, bytes, bool, str]]":
    """What is sent, its bytes, whether all C views are asked for, and what bounds the cost."""
    deep = b"[" * 62 + b"]" * 62
    plain = records(9_900, lambda n: b'{"id":%d,"sku":"%s","price":1.5}' % (n, b"s" * 3000))
    bad = records(9_900, lambda n: b'{"id":%d,"sku":"%s","x":tru}' % (n, b"s" * 3000))
    escapes = records(30, lambda n: b'{"id":%d,"sku":"%s"}' % (n, b"\\u00e9" * 170_000))
    return [
        ("a plain page", plain, False, "http.body_bytes"),
        ("names made to collide, with escapes", colliding(MOST // 4700), False, "keyed hash, 64 collisions a text"),
        ("empty objects", empties(11_700_000), False, "4 million values a page"),
        ("empty objects, all views", empties(11_700_000), True, "views: 4 x http.body_bytes"),
        ("10,000 listings, all views", plain, True, "views: 4 x http.body_bytes"),
        ("bad rows, each skipped", bad, False, "each byte is read twice at most"),
        ("nested lists", records(9_900, lambda n: b'{"id":%d,"x":[%s]}' % (n, b",".join([deep] * 20))), False, "64 levels"),
        ("one string of escapes", escapes, True, "1 MiB a string"),
    ]


def stuffed(page: bytes) -> bytes:
    """The page with so much that does not shrink that its answer passes as one (200 bytes for each on the wire at most)."""
    return b'[{"id":99999,"sku":"%s"},' % os.urandom(len(page) // 180).hex().encode() + page[1:]


def measure(library: str, page: bytes, views: bool) -> "dict[str, float]":
    with Ground(1, 1.0) as ground:
        from rig import host

        hub = ground.enter_context(RawHub())
        packed = gzip.compress(stuffed(page), 9)
        reply = Reply(packed, headers={"Content-Encoding": "gzip", "Content-Length": ""}, close=True)
        hub.answer = lambda request: reply if request.page == 1 else listed()
        settings = host.config(ground, hub, **{"pull.give_up_ms": 1000})
        process = host.start(ground, HOST, settings, *(["views"] if views else []), FLXCHANNEL_LIBRARY=library)
        out, err = process.communicate(timeout=300)
        if process.returncode:
            return {"sent": len(packed), "ended": process.returncode}
        return {**json.loads(out.splitlines()[-1]), "sent": len(packed), "said": err.strip()}


def passes(command: "list[str]", limit_mb: int, **environment: str) -> bool:
    done = subprocess.run(
        ["prlimit", f"--as={limit_mb << 20}", *command], env={**os.environ, **environment}, capture_output=True, timeout=300,
        check=False)
    return done.returncode == 0


def least(command: "list[str]", **environment: str) -> "int | None":
    """The least address space in MB with which a command passes, to 8 MB."""
    low, high = 16, 2048
    if not passes(command, high, **environment):
        return None
    while high - low > 8:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(command, middle, **environment) else (middle, high)
    return high


def least_of_demo(library: str) -> "int | None":
    """The program of the demo alone: the sandbox beside it is no host of ours."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "run.sh"
        script.write_text(
            "#!/bin/sh\nlimit=$1\nprlimit --as=$limit --pid $$\n"
            f"exec {sys.executable} {ROOT}/examples/python/storefront.py "
            '--url "$FLX_URL" --token "$FLX_TOKEN" --admin "$FLX_URL/_admin"\n')
        script.chmod(0o700)

        def passes_with(limit_mb: int) -> bool:
            done = subprocess.run(
                [str(ROOT / "Tests/with-sandbox.sh"), str(script), str(limit_mb << 20)],
                env={**os.environ, "FLXCHANNEL_LIBRARY": library, "PYTHONPATH": str(ROOT / "bindings/python")},
                capture_output=True, timeout=400, check=False)
            return done.returncode == 0

        # It mostly waits for the hub's rate limit, so that all limits are tried at a time.
        with concurrent.futures.ThreadPoolExecutor(len(LIMITS_MB)) as pool:
            held = dict(zip(LIMITS_MB, pool.map(passes_with, LIMITS_MB)))
        return next((limit for limit in LIMITS_MB if all(held[more] for more in LIMITS_MB if more >= limit)), None)


def main() -> int:
    libraries = sys.argv[1:] or [os.environ["FLXCHANNEL_LIBRARY"]]
    for library in libraries:
        library = os.environ["FLXCHANNEL_LIBRARY"] = str(Path(library).resolve())
        print(f"\n{Path(library).parent.name}: a page as the hub sends it, and what one walk over it costs")
        print(f"{'what is sent':40} {'wire':>9} {'JSON':>9} {'CPU s':>7} {'ns/byte':>8} {'RSS MB':>7}  bound")
        for name, page, views, bound in cases():
            assert len(page) <= 32 << 20, (name, len(page))
            seen = measure(library, page, views)
            if "ended" in seen:
                print(f"{name:40} the host ended with {seen['ended']}")
                continue
            print(
                f"{name:40} {seen['sent'] / 1000:7.0f}kB {len(page) / 1e6:7.1f}MB {seen['cpu']:7.2f} "
                f"{seen['cpu'] / len(page) * 1e9:8.1f} "
                f"{seen['rss'] / 1e6:7.0f}  {bound} {seen['said']}", flush=True)
        if not os.environ.get("FLX_TABLE_ONLY"):
            python = least([sys.executable, "-c", "import ctypes, json, decimal, ssl"])
            print(f"least address space: Python alone {python} MB, the demo {least_of_demo(library)} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
