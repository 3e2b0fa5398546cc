#!/usr/bin/env python3
"""What a hub in an outage sees of eight shops on one token, and how soon they are back.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/benchmarks/rate_limit/outage.py [--json]

The hub answers 503 to everything for 150 s. After the first minute it may see one request in 30 s, all processes
together; 35 s after its recovery they must use the whole budget again. A process that dies and is started anew every 20 s
has to know what the others know. Exits non-zero otherwise.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "bindings/python/tests")]

from sandbox import Sandbox  # noqa: E402

PROCESSES = 8
OUTAGE_S, BACK_S, AFTER_S = 150, 35, 20


def shop(url: str, token: str, state: str, rate_limit: str, is_restarted: str) -> None:
    """Pull over and over, whatever happens."""
    from flxchannel import Client, FlxError

    if is_restarted == "1" and os.fork():
        while True:  # the parent starts a new child whenever one is gone
            os.wait()
            if os.fork() == 0:
                break
    began = time.monotonic()
    with Client(channel="out", token=token, state_dir=state, origin=url, rate_limit={"dir": rate_limit}) as client:
        while is_restarted == "0" or time.monotonic() - began < 20:
            try:
                with client.pull("listings_to_sync", page_size=2) as walk:
                    for _ in walk.pages(2000):
                        pass
            except FlxError:
                time.sleep(0.2)


def main() -> int:
    with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", "variants=4000") as hub:
        Path(directory, "rate_limit").mkdir(mode=0o700)
        processes = []
        for number in range(PROCESSES):
            state = Path(directory, f"state-{number}")
            state.mkdir(mode=0o700)
            command = [
                sys.executable, __file__, "--shop", hub.url, hub.token, str(state), f"{directory}/rate_limit",
                str(int(number == 0))]
            processes.append(subprocess.Popen(command, start_new_session=True))
        try:
            time.sleep(25)
            hub.post("faults", {"do": "status", "status": 503, "body": "html", "times": 0})
            down = time.time()
            time.sleep(OUTAGE_S)
            urllib.request.urlopen(urllib.request.Request(f"{hub.url}/_admin/faults", method="DELETE"), timeout=10).read()
            up = time.time()
            time.sleep(BACK_S + AFTER_S)
        finally:
            for process in processes:
                os.killpg(process.pid, 9)  # its own session: it and its children
                process.wait()
        seen = [entry["wall_ms"] / 1000 for entry in hub.journal()]
    quiet = [at for at in seen if down + 60 < at < up]
    gaps = [after - before for before, after in zip(quiet, quiet[1:])]
    back = [at for at in seen if up + BACK_S <= at < up + BACK_S + AFTER_S]
    first = min((at for at in seen if at >= up), default=up + 999) - up
    lines = sys.stderr if "--json" in sys.argv else sys.stdout
    first_minute = sum(down <= at <= down + 60 for at in seen)
    print(f"outage of {OUTAGE_S} s, {PROCESSES} processes: {first_minute} requests in the first minute, "
          f"{len(quiet)} in the {OUTAGE_S - 60} s after it, closest {min(gaps, default=0):.1f} s", file=lines)
    print(f"after recovery: first request after {first:.1f} s, then {len(back) / AFTER_S:.2f} a second from {BACK_S} s on",
          file=lines)
    most = (OUTAGE_S - 60) // 30 + 1
    isWrong = len(quiet) > most or min(gaps, default=30) < 29.9 or not quiet or len(back) / AFTER_S < 1.9
    print("WRONG" if isWrong else "ok", file=lines)
    if lines is not sys.stdout:
        json.dump({
            "requests after the first minute": len(quiet), "most_quiet": most,
            "seconds between them, at least": min(gaps, default=30),
            "requests a second, 35 s after recovery": len(back) / AFTER_S}, sys.stdout)
    return 1 if isWrong else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--shop"]:
        shop(*sys.argv[2:7])
    else:
        sys.exit(main())
