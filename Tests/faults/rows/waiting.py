"""V: what a wait costs, what it says, and that it ends. Measured in hosts of their own, by the processor time they used."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rig import host
from rig.books import Books, of_its_answers
from rig.ground import Ground
from rig.judging import order
from rig.killing import GATE
from rig.rawhub import Reply
from rig.register import row
from rig.trial import in_background, shop, together, wait_until
from rows.identity import place
from rows.whose_order import books

SHARE, FLOOR_S = 0.02, 0.030
"""A wait may cost so much processor time, and a short one the floor."""

HOST = """
import resource
from ctypes import byref, c_void_p
from flxchannel._handle import take_blob
from flxchannel._library import lib
from flxchannel._status import check
c = client()

def used():
    r = resource.getrusage(resource.RUSAGE_SELF)
    return r.ru_utime + r.ru_stime

def flush(ms):
    '''Of the C library, without the waits of the binding: its outcome, when to call again, and why nothing is sent.'''
    blob, error = c_void_p(), c_void_p()
    try:
        status = check(lib.flx_flush(c._ptr(), ms, byref(blob), byref(error)), error)
        report = json.loads(take_blob(blob))
        return ["OK", "AGAIN", "DONE", "BUSY"][status], report["next_in_ms"], report["paused"]
    except FlxError as error:
        return error.name, error.retry_after_ms or -1, str(error)

def next_of(pull, ms):
    page, error = c_void_p(), c_void_p()
    return ["OK", "AGAIN", "DONE", "BUSY"][check(lib.flx_pull_next(pull._ptr(), ms, byref(page), byref(error)), error)]

def measured(what, function):
    cpu, wall = used(), time.monotonic()
    try:
        said = function()
    except FlxError as error:
        said = f"{error.name}: {error}"
    say(what=what, cpu=used() - cpu, wall=time.monotonic() - wall, said=said, paused=c.stats()["rate_limit"].get("paused") or "")

def open_breaker():
    end = time.monotonic() + 60
    while not c.stats()["rate_limit"]["breaker_open"] and time.monotonic() < end:
        flush(0)
        try: c.call("getListingVariantsCount", wait_ms=200)
        except FlxError: pass
    say(what="opened", is_open=c.stats()["rate_limit"]["breaker_open"])
"""


def payload(number: str) -> str:
    return json.dumps(order(number), default=float)


def is_cheap(one: "dict[str, Any]") -> "list[str]":
    """The checker: what is wrong with the cost of a measured wait."""
    most = max(FLOOR_S, SHARE * one["wall"])
    return [] if one["cpu"] <= most else [f"{one['what']}: {one['cpu']:.2f} s of processor time in {one['wall']:.1f} s"]


def dead_origin(ground: Ground) -> Books:
    """An origin where nobody listens; the port stays ours."""
    hub = Books()
    ground.callback(hub._socket.close)
    taken = ground.enter_context(socket.socket())
    taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
    hub.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    return hub


def failing(ground: Ground, reply: Reply) -> Books:
    hub = books(ground)
    hub.first.append(lambda request: reply)
    return hub


def what_it_took(part: "dict[str, Any]") -> str:
    calls, (outcome, next_in_ms, paused) = part["said"]
    cost = f"{calls} calls, {part['wall']:.1f} s, {part['cpu'] * 1000:.0f} ms of processor"
    return f"{cost}, {outcome}, next in {next_in_ms} ms, {str(paused)!r}"


SORRY: "dict[str, tuple[Any, str]]" = {
    "dead": (dead_origin, "flush(1500)"),
    "503": (lambda ground: failing(ground, Reply(b"", 503, {"Retry-After": "600"})), "flush(1500)"),
    "401": (lambda ground: failing(ground, Reply(b"", 401)), "flush(1500)"),
    "breaker": (lambda ground: failing(ground, Reply(b"", 500)), "open_breaker()"),
}


# --- V-01: loops that obey ----------------------------------------------------------------------------------------------

LOOPS = """
c.submit(sys.argv[1])
%s
def obedient():
    calls, end, last = 0, time.monotonic() + 4, None
    while time.monotonic() < end:
        last = flush(0); calls += 1
        if last[1] < 0: break
        time.sleep(min(last[1] / 1000, max(0, end - time.monotonic())))
    return calls, last
def readme():
    calls, end = 1, time.monotonic() + 30
    while (last := flush(5000))[0] == "AGAIN" and time.monotonic() < end: calls += 1
    return calls, last
def readme_in_python():
    calls, end = 1, time.monotonic() + 30
    try:
        while (last := c.flush(5000)).outcome.name == "AGAIN" and time.monotonic() < end: calls += 1
        return calls, [last.outcome.name, -1 if last.next_in_ms is None else last.next_in_ms, last.paused or ""]
    except FlxError as error: return calls, [error.name, error.retry_after_ms or -1, str(error)]
measured("flush(0) and sleep", obedient)
measured("while flush(5000)", readme)
measured("while flush(5000) in Python", readme_in_python)
"""


@row("V-01", set="core", waits=True, timeout_s=180)
def obedient_hosts(ground: Ground) -> str:
    def trial(name: str) -> Any:
        def one() -> "list[str]":
            make, prime = SORRY[name]
            hub = make(ground)
            settings = {**host.config(ground, hub), "state_dir": place(ground, f"loops-{name}")}
            said = host.finish(host.start(ground, HOST + LOOPS % prime, settings, payload("V-1")), 150)
            said = [part for part in said if part["what"] != "opened"]
            found = [fault for part in said for fault in is_cheap(part)]
            for part in said:
                calls, (outcome, next_in_ms, paused) = part["said"]
                if calls > 20:
                    found.append(f"{part['what']}: {calls} calls in {part['wall']:.1f} s")
                if part["what"].startswith("while") and (part["wall"] > 25 or outcome == "AGAIN"):
                    found.append(f"{part['what']}: not over after {part['wall']:.0f} s, {outcome}")
                if part["what"].startswith("while") and not (paused and (next_in_ms > 0 or outcome.startswith("FLX_E"))):
                    found.append(f"{part['what']}: {outcome}, next_in_ms {next_in_ms}, paused {paused!r}")
            assert not found, "; ".join(found)
            return [f"{name}, {part['what']}: {what_it_took(part)}" for part in said]
        return one

    told = together([(name, trial(name)) for name in SORRY])
    return f"hosts that obey, at a dead hub, a 503 of 10 min, a refused token and an open breaker: {'; '.join(part for some in told for part in some)}"


# --- V-02: calls that wait ----------------------------------------------------------------------------------------------

UNDER_A_BREAKER = """
open_breaker()
with c.pull("listings") as pull:
    measured("pull.next under a breaker", lambda: next_of(pull, 3000))
    measured("pull.next(200) five times", lambda: [next_of(pull, 200) for _ in range(5)][-1])
measured("call under a breaker", lambda: c.call("getListingVariantsCount", wait_ms=2000))
"""

UNDER_A_HOLD = """
c.submit(sys.argv[1])
flush(1500)
measured("flush under a hold", lambda: flush(3000))
with c.pull("listings") as pull: measured("pull.next under a hold", lambda: next_of(pull, 2000))
"""

WITHOUT_A_SLOT = """
c.submit(sys.argv[1])
while c.flush(500).waiting["orders"]: pass
sys.stdin.readline()  # until others have both slots
measured("probe without a slot", lambda: c.probe(2000))
measured("call without a slot", lambda: c.call("getListingVariantsCount", wait_ms=2000))
measured("order_status without a slot", lambda: c.order_status("V-2", 2000).get(0, "/orderStatus"))
"""

AT_A_LOCK = """
open(CONFIG["state_dir"] + ".open", "w").close()
sys.stdin.readline()
measured("submit at a lock", lambda: c.submit(sys.argv[1]))
"""


@contextlib.contextmanager
def a_foreign_reader(state: Path) -> "Iterator[None]":
    """A commit waits for its end."""
    with contextlib.closing(sqlite3.connect(state / "faults.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchall()
        yield


@contextlib.contextmanager
def the_gate(state: Path) -> "Iterator[None]":
    """Another process that writes."""
    with open(state / "faults.lock", "r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX, 1, GATE)
        yield


POOL = ("X-Auth-Pool-Size", "X-Auth-Pool-Used", "X-Auth-Replenished-Per-Second")
WHYS = ("FLX_E_THROTTLED", "FLX_E_UNAVAILABLE", "FLX_E_STATE_BUSY", "FLX_E_TOKEN")


@row("V-02", set="core", waits=True)
def cheap_waits(ground: Ground) -> str:
    def started(hub: Any, code: str, name: str, **more: Any) -> Any:
        settings = {**host.config(ground, hub), "state_dir": place(ground, f"waits-{name}"), **more}
        return host.start(ground, HOST + code, settings, payload("V-2"))

    def finished(child: Any) -> "list[str]":
        """Standard input ends here, for which some wait."""
        said = [part for part in host.finish(child) if "cpu" in part]
        found = [fault for part in said for fault in is_cheap(part)]
        found += [
            f"{part['what']}: {part['said']}, and nothing says why" for part in said
            if part["wall"] > 0.5 and not part["paused"] and not str(part["said"]).startswith(WHYS)]
        assert said and not found, "; ".join(found)
        return [f"{part['what']} {part['cpu'] * 1000:.0f} ms in {part['wall']:.1f} s" for part in said]

    def slot() -> Any:
        """Without pool headers two requests may be on their way, and two of another client stay there."""
        hub, rate_limit = books(ground), {"rate_limit.dir": place(ground, "waits-rate_limit")}
        of_its_answers(hub, lambda reply: dataclasses.replace(reply, headers=dict.fromkeys(POOL, "")))
        child = started(hub, WITHOUT_A_SLOT, "slot", **rate_limit)
        wait_until(lambda: hub.made("V-2"), "the order")
        time.sleep(0.5)
        over = threading.Event()
        ground.callback(over.set)
        hub.first.append(lambda request: over.wait(20) and None if "count" in request.path else None)
        others = [shop(ground, hub, **rate_limit, **{"http.idle_ms": 20_000}) for _ in range(2)]
        for other in others:
            in_background(lambda other=other: other.call("getListingVariantsCount", wait_ms=15_000))
        wait_until(lambda: sum("count" in request.path for request in hub.seen) == 2, "both requests")
        told = finished(child)
        over.set()
        return told

    def lock(name: str, held: "Callable[[Path], contextlib.AbstractContextManager[Any]]") -> Any:
        child = started(books(ground), AT_A_LOCK, name, **{"state.wait_ms": 2000})
        state = ground.folder / f"waits-{name}"
        wait_until(state.with_name(state.name + ".open").exists, "the client")
        with held(state):
            return finished(child)

    told = together([
        ("a breaker", lambda: finished(started(failing(ground, Reply(b"", 500)), UNDER_A_BREAKER, "breaker"))),
        ("a hold", lambda: finished(started(failing(ground, Reply(b"", 503, {"Retry-After": "600"})), UNDER_A_HOLD, "hold"))),
        ("no slot", slot), ("a reader", lambda: lock("reader", a_foreign_reader)), ("the gate", lambda: lock("gate", the_gate))])
    return f"processor time of calls that wait: {'; '.join(part for some in told for part in some)}"
