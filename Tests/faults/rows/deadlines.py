"""A call comes back at its deadline and 50 ms, whatever hangs: shown with nothing else running, one hanging thing after another.

The other rows run many at a time and allow a busy machine more (GRACE_S).
"""

from __future__ import annotations

import contextlib
import itertools
import random
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rig import host
from rig.authority import Authority
from rig.ground import Ground
from rig.island import Island
from rig.register import control, row
from rig.trial import shop
from rig.wirehub import Peer, Seen, WireHub
from rows.rate.limit_files import LOCKER, rate_limit_file

GOAL_MS = 50


class Deadlines:
    """How late calls came back, each compared with a plain wait for the same moment beside it, in a thread of its own.

    What the plain wait is late the machine is, and not the call; all beyond is the call's, and may be `GOAL_MS`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.late: "list[tuple[float, float]]" = []
        """Of each call: by how many ms it was late, and by how many the plain wait."""

    @contextlib.contextmanager
    def kept(self, wait_ms: int) -> "Iterator[None]":
        plain: "list[float]" = []

        def wait() -> None:
            began = time.monotonic()
            select.poll().poll(wait_ms)
            plain.append((time.monotonic() - began) * 1000 - wait_ms)

        beside = threading.Thread(target=wait)
        beside.start()
        began = time.monotonic()
        try:
            yield
        finally:
            late = (time.monotonic() - began) * 1000 - wait_ms
            beside.join()
            self.late.append((late, max(0.0, plain[0])))
            assert late - self.late[-1][1] <= GOAL_MS, (
                f"{self.name}: a call with {wait_ms} ms came back {late:.0f} ms late, a plain wait beside it {plain[0]:.0f} ms")

    def __str__(self) -> str:
        worst, machine = max(late for late, _ in self.late), max(plain for _, plain in self.late)
        beyond = max(late - plain for late, plain in self.late)
        return f"{self.name} {worst:+.0f} ms ({beyond:+.0f} beyond a plain wait, which was late by {machine:.0f})"


# --- What hangs -----------------------------------------------------------------------------------------------------------


def says_nothing(peer: Peer, _: "Seen | None" = None) -> None:
    peer.hang(3)


def in_drops(*parts: bytes) -> "Callable[[Peer, Seen], None]":
    """The last part a byte at a time until the client leaves."""
    def do(peer: Peer, _: Seen) -> None:
        peer.send(*parts[:-1])
        for byte in parts[-1]:
            peer.send(bytes([byte]))
            time.sleep(0.02)
    return do


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n"
SLOW_HEAD = in_drops(HEAD + b"X-Slow: " + b"a" * 5000)
SLOW_BODY = in_drops(HEAD + b"\r\n", b"[" + b" " * 4999)


class Bench:
    """Calls with deadlines at random, into one hanging thing after another."""

    def __init__(self, ground: Ground) -> None:
        self.choose = random.Random(ground.seed)
        self.calls = ground.times(20, 20)
        self.shown: "list[Deadlines]" = []

    def hang(self, name: str, reached: "Callable[[], int]", prepared: "Callable[[], Any]") -> None:
        """So many calls of the client that is `prepared` each time; nearly all must reach what hangs, or they show nothing."""
        from flxchannel import FlxError

        deadlines = Deadlines(name)
        short: "list[str]" = []
        for _ in range(self.calls):
            client = prepared()
            before = reached()
            wait_ms = self.choose.randint(50, 400)
            try:
                with deadlines.kept(wait_ms):
                    client.call("getListingVariantsCount", wait_ms=wait_ms)
            except FlxError as error:
                assert error.retryable, f"{name}: {error}"
                said = str(error)
            else:
                raise AssertionError(f"{name}: a call succeeded that could not")
            if reached() == before:
                short.append(f"{wait_ms} ms: {said}")
        assert len(short) <= self.calls // 10, f"{name}: {len(short)} of {self.calls} calls ended before they came to what hangs: {short[:3]}"
        self.shown.append(deadlines)


def good_call(client: Any) -> None:
    """Its answer shuts the breaker and tells of a pool in which the next request need not wait."""
    assert client.call("getListingVariantsCount", wait_ms=20_000)["status"] == 200


@row("N-02", "N-05", "N-08", "N-16", "T-08", "H-26", "H-27", "R-09", alone=True, timeout_s=240)
def every_call_is_back_at_its_deadline(ground: Ground) -> str:
    island = Island(ground).enter()
    names = island.name_server()
    bench = Bench(ground)
    authority = Authority(ground)

    plain = ground.enter_context(WireHub())
    client = shop(ground, plain)
    for name, do in (("no answer", says_nothing), ("slow head", SLOW_HEAD), ("slow body", SLOW_BODY)):
        def hangs(do: Any = do) -> Any:
            plain.heal()
            good_call(client)
            plain.fault(do, times=0)
            return client

        bench.hang(name, lambda: len(plain.seen), hangs)

    # What hangs before the request: the good call's connection is not kept, so that the next must be made.
    def alone(peer: Peer, request: Seen) -> None:
        peer.answer(b'{"count":5}', "200 OK", "Connection: close")

    def dropped() -> Any:
        island.rules()
        good_call(client)
        island.rules(f"tcp dport {plain.port} tcp flags & (syn|ack) == syn counter drop")
        return client

    plain.heal()
    plain.fault(alone, times=0)
    bench.hang("SYN dropped", island.counted, dropped)
    island.rules()

    trusted = ground.enter_context(WireHub(authority.context()))
    trusted.fault(alone, times=0)
    trusting = {"http.ca_file": authority.file}
    secure = shop(ground, trusted, **trusting)

    def handshake_hangs() -> Any:
        trusted.on_accept = None
        good_call(secure)
        trusted.on_accept = says_nothing
        return secure

    bench.hang("TLS handshake", lambda: trusted.connections, handshake_hangs)

    # A client that had an answer knows the address; another of the same rate limiter does not.
    named = ground.enter_context(WireHub(authority.context(), name="hub.test"))
    trusting["rate_limit"] = {"dir": str(ground.folder / "rate_limit")}
    (ground.folder / "rate_limit").mkdir(mode=0o700)
    knowing = shop(ground, named, **trusting)

    def name_server_hangs() -> Any:
        names.names = {"hub.test": ["127.0.0.1"]}
        good_call(knowing)
        names.names = None
        return shop(ground, named, **trusting)

    bench.hang("name server", lambda: len(names.asked), name_server_hangs)

    settings = host.config(ground, plain)
    client = shop(ground, plain, state_dir=settings["state_dir"])
    good_call(client)
    locker = host.start(ground, LOCKER, settings, str(rate_limit_file(Path(settings["state_dir"]))))
    assert locker.stdout and locker.stdout.readline()
    locker.send_signal(signal.SIGSTOP)
    arrived = len(plain.seen)
    counted = itertools.count()
    bench.hang("lock of a stopped process", lambda: next(counted), lambda: client)
    assert len(plain.seen) == arrived, "a request went out without the budget"
    return f"{bench.calls} calls each, deadlines of 50 to 400 ms: " + "; ".join(map(str, bench.shown))


@control("a call 80 ms over its deadline", alone=True)
def a_little_late_is_seen(ground: Ground) -> str:
    """Returned or raised, and not while the machine is late itself: the plain wait beside must not excuse it."""
    seen = []
    for raised in (None, TimeoutError("the deadline is over")):
        deadlines = Deadlines("planted")
        try:
            with deadlines.kept(100):
                time.sleep(0.180)
                if raised:
                    raise raised
        except AssertionError as error:
            assert error.__context__ is raised, "what the call raised is lost"
            seen.append(str(error))
        except TimeoutError:
            pass
    assert len(seen) == 2, f"a call that was late passed; seen: {seen}"
    return f"the checker saw: {seen[0]}"
