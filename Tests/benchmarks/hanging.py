"""Calls with a deadline, each into something that hangs. Prints for each how many ms its calls came back late.

hanging.py CALLS        FLXCHANNEL_LIBRARY and PYTHONPATH name the library and its binding.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import random
import socket
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable, Iterator

from flxchannel import Client, FlxError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n["


@contextlib.contextmanager
def hub(answer: "Callable[[socket.socket], None]") -> "Iterator[str]":
    """A server that reads a request and does with its connection what `answer` does; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: "list[socket.socket]" = []

    def one(peer: socket.socket) -> None:
        with contextlib.suppress(OSError):
            peer.recv(65536)
            answer(peer)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                taken.append(listener.accept()[0])
                threading.Thread(target=one, args=(taken[-1],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        for peer in taken:
            peer.close()


@contextlib.contextmanager
def deaf() -> "Iterator[str]":
    """A listener whose queue is full: the next connect gets no answer."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def silent(_: socket.socket) -> None:
    """No answer."""


def trickle(peer: socket.socket) -> None:
    """A byte now and then."""
    peer.sendall(HEAD)
    while True:
        time.sleep(0.02)
        peer.sendall(b" ")


def client(origin: str, folder: str) -> Client:
    Path(folder).chmod(0o700)
    return Client(channel="late", token="late-token", origin=origin, state_dir=folder, **{
        "http.connect_ms": 60_000, "http.attempt_ms": 60_000, "http.idle_ms": 60_000, "state.wait_ms": 60_000})


def late(calls: int, call: "Callable[[int], object]") -> "list[float]":
    found = []
    for _ in range(calls):
        wait_ms = random.randint(50, 400)
        began = time.monotonic()
        with contextlib.suppress(FlxError):
            call(wait_ms)
        found.append((time.monotonic() - began) * 1000 - wait_ms)
    if max(found) < -5:
        raise SystemExit("the calls did not meet what hangs")
    return found


def ask(shop: Client) -> "Callable[[int], object]":
    return lambda wait_ms: shop.call("getListingVariantsCount", wait_ms=wait_ms)


def main() -> None:
    calls = int(sys.argv[1])
    found: "dict[str, list[float]]" = {}
    for name, of in (("connect", deaf()), ("answer", hub(silent)), ("body", hub(trickle))):
        with tempfile.TemporaryDirectory() as folder, of as origin, client(origin, folder) as shop:
            # A request that is left takes its slot with it, so that later calls may wait for a slot: that hangs too.
            found[f"the {name}"] = late(calls, ask(shop))
    with tempfile.TemporaryDirectory() as folder, hub(silent) as origin, client(origin, folder) as shop:
        with open(next(Path(folder).glob("pace-*")), "rb+") as pace:
            fcntl.lockf(pace, fcntl.LOCK_EX)
            found["the pace file's lock"] = late(calls, ask(shop))
    with tempfile.TemporaryDirectory() as folder, hub(silent) as origin, client(origin, folder) as shop:
        other = sqlite3.connect(Path(folder) / "late.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        found["the state file's lock"] = late(calls, shop.flush)
        other.close()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
