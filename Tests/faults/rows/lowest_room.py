"""K-14 to K-17: what a process may lack: its first descriptors, the name of the boot, random bytes, quiet beside a fork."""

from __future__ import annotations

import concurrent.futures
import contextlib
import errno
import json
import os
import sqlite3
import subprocess
import time
from pathlib import Path

from rig import machine, native
from rig.ground import Ground
from rig.register import row
from rig.shop import FAST, Shop, shim
from rows.disk import refusal
from sandbox import Sandbox

# --- K-14 -------------------------------------------------------------------------------------------------------------


def config(shop: Shop, name: str = "shop", **more: object) -> str:
    return json.dumps({
        "channel": name, "token": shop.hub.token, "origin": shop.hub.url, "state_dir": str(shop.state), "rate_limit.dir": str(shop.rate_limits[0]),
        "http.attempt_ms": 1000, **more})


@row("K-14", set="core")
def without_standard_streams(ground: Ground) -> str:
    """A lock file as descriptor 1 takes the host's prints, and a `dup2` over it lets the lock go."""
    hub = ground.hub("--seed", "empty", **FAST)
    shop = Shop(ground, hub)
    report = shop.folder / "report"
    program = native.program("no_streams")
    done = subprocess.run([str(program), config(shop), str(report)], env=native.environment(ground.library), timeout=60)
    found = report.read_text()
    assert not found, f"of ours in the place of a standard stream: {' | '.join(found.splitlines()[:3])}"
    assert done.returncode == 0, f"ended with {done.returncode}"
    for path in [*shop.state.iterdir(), *shop.rate_limits[0].iterdir()]:
        assert b"jane@shop.example" not in path.read_bytes(), f"the host's print is in {path.name}"
    assert hub.order_numbers() == ["S-1"], "the order has not left"
    return "descriptors 0 to 2 closed: after open, submit, 20 flushes, stats and close none of them is a file or socket of ours, and no print is in our files"


# --- K-15 -------------------------------------------------------------------------------------------------------------

BLIND = "mount --bind {empty} /proc/sys/kernel/random && exec"


def sender(shop: Shop, name: str, blind: bool, empty: Path) -> "subprocess.Popen[str]":
    """A process that submits and sends for a while, and prints how many orders left."""
    code = (
        "import json, sys, time, flxchannel\n"
        "from orders import order\n"
        "settings, name = json.loads(sys.argv[1]), sys.argv[2]\n"
        "done, end = 0, time.monotonic() + 6\n"
        "with flxchannel.Client(**settings) as client:\n"
        "    while time.monotonic() < end and done < 12:\n"
        "        client.submit(order(f'{name}-{done}'))\n"
        "        client.flush(400)\n"
        "        done = sum(row['verdict'] == 'applied' for row in client.outbox(limit=100))\n"
        "print(done)\n")
    under = ["unshare", "-m", "sh", "-c", f'{BLIND.format(empty=empty)} "$@"', "sh"] if blind else []
    path = os.pathsep.join([str(native.ROOT / "bindings/python"), str(native.ROOT / "bindings/python/tests")])
    return subprocess.Popen(
        [*under, "/usr/bin/env", "python3", "-c", code, config(shop, name), name], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": path, "FLXCHANNEL_LIBRARY": str(shop.library)})


@row("K-15", set="core", waits=True)
def one_does_not_see_the_boot(ground: Ground) -> str:
    """Each took the file of the other for one of another boot, began anew, and waited a second: for ever."""
    hub = ground.hub("--seed", "empty", **FAST)
    empty = ground.folder / "empty"
    empty.mkdir()
    counts = {}
    for name, blinds in {"one": (False, True), "both": (True, True)}.items():
        shop = Shop(ground, hub)
        both = [sender(shop, f"{name}-{index}", blind, empty) for index, blind in enumerate(blinds)]
        counts[name] = [int(process.communicate(timeout=60)[0] or -1) for process in both]
        assert all(count >= 6 for count in counts[name]), f"{name} blind: only {counts[name]} orders left in 6 s"
    return f"two processes with one rate limit file, one of which does not see the boot's name: {counts['one']} orders left within 6 s; both blind: {counts['both']}"


# --- K-16 -------------------------------------------------------------------------------------------------------------


def unborn(ground: Ground, hub: Sandbox) -> Shop:
    """A shop whose state has no key yet."""
    shop = Shop(ground, hub)
    for path in shop.state.iterdir():
        path.unlink()
    return shop


def key(shop: Shop) -> str:
    with contextlib.closing(sqlite3.connect(shop.database)) as state:
        found = state.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()
    return found[0] if found else ""


@row("K-16", set="core")
def no_random_bytes(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    keys = []
    for _ in range(2):  # a sandbox that forbids the system call: the device serves
        shop = unborn(ground, hub)
        shop.run("submit:R-1", "drain:120000", environment=native.denied("getrandom", errno.EPERM), check=True)
        keys.append(key(shop))
    assert len(set(keys)) == 2 and all(len(set(one)) > 4 for one in keys), f"keys that can be guessed: {keys}"
    shop = unborn(ground, hub)
    got = refusal(shop, shim("norandom", FLX_NO_DEVICE="1"))
    assert "FLX_E_STATE" in got and "no random bytes" in got, f"without random bytes: {got}"
    assert not key(shop), f"a key was stored: {key(shop)}"
    shop.run("submit:R-2", check=True)
    assert len(set(key(shop))) > 4
    return "system call refused: keys of the device, which differ; no device either: refused, no key stored, and with random bytes again the same file goes on"


# --- K-17 -------------------------------------------------------------------------------------------------------------


LATE_S = 0.2
"""A machine that is later than this may hold a thread, or its disk a call, for the second that a fork waits."""


def no_harm(ends: "str", children: int, began: float) -> str:
    """Judges what `closing` printed. A busy machine may hold a thread for a second, and the child is told so, now and then."""
    hung, bad, told = (sum(map(int, column)) for column in zip(*(line.split() for line in ends.splitlines())))
    assert (hung, bad) == (0, 0), f"{hung} children hung and {bad} failed"
    late = machine.lateness(began)
    most = children / (20 if late < LATE_S else 3)
    assert told <= most, f"{told} of {children} children were told that their fork could not wait, the machine was {late:.2f} s late"
    return f"each opened a client of its own and stored an order, but {told} that were told to exec" if told else "each opened a client of its own and stored an order"


def forked_beside(ground: Ground, forks: int, **environment: str) -> str:
    """So many forks while 4 threads open and close clients; each child opens one of its own and stores an order."""
    shop = Shop(ground, ground.hub("--seed", "empty", **FAST))
    configs = [config(shop, f"thread-{number}") for number in range(4)]
    machine.watch()
    began = time.monotonic()
    done = subprocess.run(
        [str(native.program("closing")), str(forks), *configs, config(shop, "child")], env=native.environment(ground.library, **environment),
        capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr[-300:]}"
    return no_harm(done.stdout, forks, began)


@row("K-17", timeout_s=120)
def fork_beside_a_close(ground: Ground) -> str:
    """SQLite's own locks belong to the process; a child that inherits one that is held waits for ever."""
    forks = ground.times(200, least=80)
    return f"{forks} forks while 4 threads open and close clients: {forked_beside(ground, forks)}"


@row("K-17", set="core", timeout_s=120)
def fork_beside_a_new_handle(ground: Ground) -> str:
    """So does the lock that libcurl takes for each handle it makes; here it is held for milliseconds instead of nanoseconds."""
    forks = ground.times(100, least=20)
    ends = forked_beside(ground, forks, LD_PRELOAD=str(native.preload("slow_curl")))
    return f"{forks} forks while 4 threads make handles of libcurl, each for 2 ms: {ends}"


@row("K-17", set="core", timeout_s=200)
def fork_beside_a_first_call(ground: Ground) -> str:
    """What the library makes at its first use is half made in a child of that moment, and stays so."""
    shop = Shop(ground, ground.hub("--seed", "empty", **FAST))
    program, processes = str(native.program("closing")), ground.times(600, least=60)

    def young(number: int) -> str:
        configs = [config(shop, f"{number}-thread-{thread}") for thread in range(4)]
        done = subprocess.run([program, "3", *configs, config(shop, f"{number}-child")], env=native.environment(ground.library), capture_output=True, text=True, timeout=110)
        assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr[-300:]}"
        return done.stdout

    machine.watch()
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        ends = "".join(pool.map(young, range(processes)))
    return f"{processes} processes that fork while 4 threads call the library for the first time, {3 * processes} children: {no_harm(ends, 3 * processes, began)}"
