"""G-01 to G-08: a feed belongs to the work on it (decision 14), not to whoever once began it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from rig import host
from rig.channel import FAST
from rig.ground import Ground
from rig.register import Show, control, row
from rows.wrong_builds import refused

FEED = "listings_to_sync"

LEAK = """
def listings(one):
    with one.pull("listings_to_sync") as pull: yield from pull
def attempt(what):
    try: return what() or "fine"
    except FlxError as error: return {"name": error.name, "fatal": error.fatal, "why": str(error)}
own = client()
kept = listings(own)
page = next(kept)
say(pid=os.getpid(), receipt=page.receipt, ids=[v.id for v in page.variants()], page=len(page))
for line in sys.stdin:
    what = line.strip()
    if what == "next": say(got=attempt(lambda: f"{len(next(kept))} records"))
    elif what == "close": own.close(); say(got="closed")
    elif what == "fork":
        child = os.fork()
        if child == 0:
            own.close()
            os._exit(0)
        os.waitpid(child, 0); say(got="forked")
"""
"""A worker in which a generator is left half way, and which lives on and does what it is told."""


class Worker:
    def __init__(self, ground: Ground, code: str, settings: "dict[str, Any]") -> None:
        self.process: "subprocess.Popen[str]" = host.start(ground, code, settings)
        self.pid = self.process.pid
        self.first = self.said()

    def said(self) -> "dict[str, Any]":
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line and self.process.stderr:
            raise AssertionError(f"the worker ended: {self.process.stderr.read().strip()[-500:]}")
        return dict(json.loads(line))

    def tell(self, what: str) -> Any:
        assert self.process.stdin
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return self.said()["got"]


def settings(ground: Ground, *seed: str, **more: Any) -> "dict[str, Any]":
    """A channel at a hub of its own. Who would wait for a feed waits longer than any case may last."""
    hub = ground.hub("--seed", *(seed or ("demo,exceptions=off,history=off",)), **FAST)
    return {**host.config(ground, hub), "state.wait_ms": 600_000, **more}


def client(ground: Ground, config: "dict[str, Any]", **more: Any) -> Any:
    from flxchannel import Client

    return ground.enter_context(Client(**{**config, **more}))


def busy(own: Any, feed: str = FEED) -> "str | None":
    """Why the feed cannot be pulled; None if it can."""
    from flxchannel import ClientBusyError

    try:
        own.pull(feed).close()
    except ClientBusyError as error:
        return str(error)
    return None


def taken(own: Any, feed: str, seconds: float = 15) -> Any:
    """A pull of the feed, as soon as it is to be had."""
    from flxchannel import ClientBusyError

    end = time.monotonic() + seconds
    while True:
        try:
            return own.pull(feed)
        except ClientBusyError as error:
            assert time.monotonic() < end, f"never given away: {error}"
        time.sleep(0.05)


# --- G-01 ---------------------------------------------------------------------------------------------------------------


@row("G-01", set="core", waits=True)
def leaked_pull(ground: Ground) -> str:
    config = settings(ground)
    worker = Worker(ground, LEAK, {**config, "pull.idle_s": 1})
    own = client(ground, config)
    with taken(own, FEED) as pull:
        page = next(iter(pull))
        assert len(page) == worker.first["page"], "the taker does not see what waits"
        told = worker.tell("next")
    assert told["name"] == "FLX_E_CLIENT_BUSY" and told["fatal"], f"who lost it is told: {told}"
    assert f"process {os.getpid()} " in told["why"], f"it does not name the taker: {told['why']}"
    own.ack(worker.first["receipt"], [{"id": one, "error": "not now"} for one in worker.first["ids"]])
    while own.flush(5000).outcome.name == "AGAIN":
        pass
    waiting = own.stats()["answers"]["waiting"]
    assert waiting == 0, f"{waiting} answers to a receipt of the lost pull wait for ever"
    return f"taken from a living process, which was told; {len(worker.first['ids'])} answers to its receipt sent"


# --- G-02 ---------------------------------------------------------------------------------------------------------------


@row("G-02", set="core", waits=True)
def closed_client(ground: Ground) -> str:
    config = settings(ground)
    worker = Worker(ground, LEAK, config)
    own = client(ground, config)
    assert busy(own), "two pulls of a queue at a time"
    worker.tell("fork")
    assert busy(own), "a child that closes what it inherited lets the parent's feed go"
    own.ack(worker.first["receipt"], [{"id": one, "error": "not now"} for one in worker.first["ids"]])
    worker.tell("close")
    still = busy(own)
    assert not still, f"a closed client holds its feed: {still}"
    assert own.flush(5000).answers_sent == len(worker.first["ids"])
    told = worker.tell("next")
    assert told["name"] == "FLX_E_HANDLE", f"the pull of a closed client: {told}"
    return "let go by the client's close at once, by a child's close never"


# --- G-03 ---------------------------------------------------------------------------------------------------------------


@row("G-03", set="core", waits=True)
def who_holds_it(ground: Ground) -> str:
    config = settings(ground)
    worker = Worker(ground, LEAK, config)
    own = client(ground, config)
    name = f"process {worker.pid} "
    for _ in range(20):  # state.wait_ms would be ten minutes each
        why = busy(own)
        assert why and name in why and " since " in why and "pull.idle_s" in why, f"BUSY says: {why}"
    own.ack(worker.first["receipt"], [{"id": worker.first["ids"][0], "error": "not now"}])
    report = own.flush(3000)
    assert report.outcome.name == "BUSY" and name in report.paused, f"a flush whose answers wait says: {report}"
    (holder,) = own.holders()
    assert (holder["feed"], holder["by"], holder["pid"], holder["in_call"]) == (FEED, "pull", worker.pid, False), f"{holder}"
    assert own.stats()["holders"][0]["pid"] == worker.pid
    worker.process.kill()
    worker.process.wait()
    assert own.holders() == [] and not busy(own), "a dead process holds its feed"
    return f"20 tries refused at once, pull, flush, list and stats name process {worker.pid}"


# --- G-04 ---------------------------------------------------------------------------------------------------------------

STORING = """
own = client()
with own.pull("listings", page_size=20) as pull:
    try:
        for page in pull:
            time.sleep(0.01)
            page.commit()
            say(ids=[v.id for v in page.variants()])
        say(end="done")
    except FlxError as error: say(end=error.name, why=str(error))
"""
"""A host that stores a page, commits it, and only then says so."""


def taken_from_stopped(own: Any, process: "subprocess.Popen[str]") -> Any:
    """Who was stopped within a transaction has the state file, whatever becomes of its feed: it is stopped elsewhere."""
    from flxchannel import StateBusyError

    while True:
        try:
            return taken(own, "listings", 30)
        except StateBusyError:
            os.kill(process.pid, signal.SIGCONT)
            time.sleep(random.uniform(0, 0.02))
            os.kill(process.pid, signal.SIGSTOP)


@row("G-04", set="usual", waits=True)
def stopped_and_awake(ground: Ground) -> str:
    rounds, lost, after = ground.times(6), 0, 0
    for turn in range(rounds):
        config = {**settings(ground), "channel": f"turn-{turn}"}
        own, mine = client(ground, config, **{"state.wait_ms": 1000}), []
        process = host.start(ground, STORING, {**config, "pull.idle_s": 1})
        assert process.stdout
        first = json.loads(process.stdout.readline())["ids"]
        time.sleep(random.uniform(0, 0.08))
        os.kill(process.pid, signal.SIGSTOP)
        with taken_from_stopped(own, process) as pull:
            pages = iter(pull)
            page = next(pages, None)
            os.kill(process.pid, signal.SIGCONT)  # it wakes while the taker is at work
            said = host.finish(process)
            while page is not None:
                mine += [one.id for one in page.variants()]
                page.commit()
                page = next(pages, None)
        theirs = first + [one for line in said for one in line.get("ids", [])]
        both = sorted(set(mine) & set(theirs))
        assert not both, f"turn {turn}: {len(both)} records were committed by both, the stopped one after it had lost the cursor"
        end = said[-1]["end"]
        lost += end == "FLX_E_CLIENT_BUSY"
        after += len(mine)
        assert mine and end == "FLX_E_CLIENT_BUSY", f"turn {turn}: the stopped one ended with {said[-1]}, {len(mine)} records left"
    return f"{rounds} stopped hosts lost their cursor and were told; {after} records committed by who had it, none by both"


# --- G-05 ---------------------------------------------------------------------------------------------------------------

WAITING = """
own = client()
pull = own.pull("listings_to_sync")
from ctypes import byref, c_void_p
from flxchannel._library import lib
page, error = c_void_p(), c_void_p()
say(pid=os.getpid())
say(status=lib.flx_pull_next(pull._ptr(), 20000, byref(page), byref(error)))
"""
"""One call that goes on for as long as the hub takes."""


@row("G-05", set="core", waits=True)
def long_call(ground: Ground) -> str:
    hub = ground.hub("--seed", "demo,exceptions=off,history=off", **FAST)
    config = {**host.config(ground, hub), "state.wait_ms": 600_000}
    hub.delay(ms=4000, path="/listing/variants")
    worker = Worker(ground, WAITING, {**config, "pull.idle_s": 1, "http.idle_ms": 15_000})
    own = client(ground, config)
    end, tries = time.monotonic() + 3, 0
    while time.monotonic() < end:
        assert busy(own), f"a pull that is in a call lost its feed, at try {tries}"
        tries += 1
        time.sleep(0.1)
    status = worker.said()["status"]
    assert status == 0, f"a pull that was in a call for 4 s lost its feed: status {status}"
    return f"in use at {tries} tries within 3 s of a call of 4 s; pull.idle_s is 1"


# --- G-06 ---------------------------------------------------------------------------------------------------------------

HALF = """
own = client()
with own.pull("listings_to_sync") as pull:
    page = next(iter(pull))
    own.ack(page.receipt, [{"id": page.variants()[0].id, "error": "not now"}])
for _ in range(40):
    if own.flush(300) and own.holders(): break
say(by=[one["by"] for one in own.holders()])
sys.stdin.read()
"""
"""A host that flushes once, and never goes on with what is on its way."""


@row("G-06", set="core", waits=True)
def flush_left_half_way(ground: Ground) -> str:
    hub = ground.hub("--seed", "demo,exceptions=off,history=off", **FAST)
    config = {**host.config(ground, hub), "state.wait_ms": 600_000}
    hub.delay(ms=60_000, method="PATCH")
    worker = Worker(ground, HALF, {**config, "pull.idle_s": 1})
    assert worker.first["by"] == ["flush"], f"nothing is on its way: {worker.first}"
    own = client(ground, config)
    taken(own, FEED).close()
    end = time.monotonic() + 20
    while own.flush(2000).waiting["answers"] and time.monotonic() < end:
        pass
    assert own.stats()["answers"]["waiting"] == 0, "the answer that was left half way is never sent"
    return "a flush that was left with answers on their way lost the feed, which were sent again"


# --- G-07 ---------------------------------------------------------------------------------------------------------------

SLICES = """
own = client()
with own.pull("listings_to_sync") as pull:
    page = next(iter(pull))
    own.ack(page.receipt, [{"id": page.variants()[0].id, "error": "not now"}])
sent, end = 0, time.monotonic() + 30
while not sent and time.monotonic() < end:
    sent = own.flush(50).answers_sent
    if not sent:
        say(holds=[one["in_call"] for one in own.holders() if one["by"] == "flush"])
        time.sleep(0.3)
say(sent=sent)
"""
"""A host that flushes in slices, and has other work between two of them."""


@row("G-07", set="core", waits=True)
def flush_between_two_slices(ground: Ground) -> str:
    hub = ground.hub("--seed", "demo,exceptions=off,history=off", **FAST)
    config = {**host.config(ground, hub), "state.wait_ms": 600_000}
    hub.delay(ms=3000, method="PATCH")
    worker = Worker(ground, SLICES, config)
    own = client(ground, config)
    said = worker.first
    while said != {"holds": [False]}:  # its answer is on its way, and it rests
        assert "sent" not in said, f"it never rested: {said}"
        said = worker.said()
    began = time.monotonic()
    why = busy(own)
    assert not why, f"a pull is refused while a flush in slices is at its feed: {why}"
    took = time.monotonic() - began
    rests = 0
    while "sent" not in (said := worker.said()):
        rests += 1
    assert said["sent"] == 1, f"{said['sent']} answers sent"
    return f"a pull waited {took:.1f} s for a flush in slices, over {rests} of its host's rests, and had the feed then"


# --- G-08 ---------------------------------------------------------------------------------------------------------------


@row("G-08", set="core", waits=True)
def cursors_of_the_same_letters(ground: Ground) -> str:
    """Names that are canonically equal and differ in bytes are two cursors: each is held, kept and let go for itself."""
    config = settings(ground)
    own, other = client(ground, config), client(ground, config)
    from flxchannel import FlxError

    names = ("caf\u00e9", "cafe\u0301")
    with own.pull("listings", cursor=names[0], page_size=20) as first:
        page = next(iter(first))
        try:
            second = other.pull("listings", cursor=names[1], page_size=20)
        except FlxError as error:
            raise AssertionError(f"one name is taken for the other: {error}") from error
        with second:
            rows = sum(len(one) for one in second)
        assert sorted(one["cursor"] for one in own.holders()) == [names[0]], f"{own.holders()}"
        rest = len(page) + sum(len(one) for one in first)
    assert rows == rest, f"{rows} rows of one cursor, {rest} of the other"
    return f"two cursors at a time, {rows} rows of each"


# --- Controls -----------------------------------------------------------------------------------------------------------

WRONG: "list[tuple[str, str, Show, str]]" = [
    ("G-01: a feed is held for ever", "clinging", leaked_pull, "never given away"),
    ("G-02: a closed client holds its feeds", "clinging", closed_client, "a closed client holds its feed"),
    ("G-03: BUSY names nobody", "clinging", who_holds_it, "BUSY says"),
    ("G-04: who lost a feed writes on", "careless-feeds", stopped_and_awake, "committed by both|ended with"),
    ("G-05: a call in progress does not count", "careless-feeds", long_call, "lost its feed"),
    ("G-06: a flush holds for ever", "clinging", flush_left_half_way, "never given away"),
    ("G-07: a flush that rests is nobody's", "of-before", flush_between_two_slices, "a pull is refused"),
    ("G-08: names are letters", "of-before", cursors_of_the_same_letters, "one name is taken for the other"),
]


def register(name: str, built: str, show: "Callable[[Ground], str]", says: str) -> None:
    @control(name, built=built, waits=True, timeout_s=400)
    def is_seen(ground: Ground) -> str:
        return refused(show, ground, says)


for one in WRONG:
    register(*one)
