"""Calls with a deadline, each into something that hangs. Prints for each how many ms its calls came back late.

hanging.py CALLS        FLXCHANNEL_LIBRARY and PYTHONPATH name the library and its binding.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator

from flxchannel import Client, FlxError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n["
EARLY_MS = 5  # a call that ends sooner than this before its deadline did not meet what hangs
LONGEST_MS, LONGEST_FLUSH_MS = 400, 200  # a flush of the binding is made of slices of 200 ms, and a busy one ends it
FIRST_SLOT_S = 1.2  # a new rate limit file grants nothing in the second after it was first asked

# Locks a file as the library does, and says so.
LOCKER = """
import fcntl, os, struct, sys, time
place = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(place, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))  # F_OFD_SETLK
print("locked", flush=True)
time.sleep(3600)
"""


@contextlib.contextmanager
def hub(answer: "Callable[[socket.socket], None]", connections: int, scheme: str = "http") -> "Iterator[str]":
    """A server that reads the first bytes and does with its connection what `answer` does; gives its address.

    It must get so many connections: more would be repeats after an end that was none, fewer would be calls that hung elsewhere.
    """
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
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        for peer in taken:
            peer.close()
    if len(taken) != connections:
        raise SystemExit(f"{answer.__name__}: {len(taken)} connections, expected {connections}: calls did not meet what hangs")


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


def slow_head(peer: socket.socket) -> None:
    """A header that does not end, a byte now and then."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    trickle(peer, b"a")


def slow_body(peer: socket.socket) -> None:
    peer.sendall(HEAD)
    trickle(peer, b" ")


def trickle(peer: socket.socket, byte: bytes) -> None:
    while True:
        time.sleep(0.02)
        peer.sendall(byte)


@contextlib.contextmanager
def client(origin: str) -> "Iterator[tuple[Client, Path]]":
    """A client of a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o700)
        with Client(channel="late", token="late-token", origin=origin, state_dir=folder, **{
                "http.connect_ms": 60_000, "http.attempt_ms": 60_000, "http.idle_ms": 60_000, "state.wait_ms": 60_000}) as shop:
            with contextlib.suppress(FlxError):  # asks for a slot, and gets none yet
                call(shop, 1)
            yield shop, Path(folder)


@contextlib.contextmanager
def stopped_sibling(rate_limit: Path) -> "Iterator[None]":
    """Another process holds the lock of the rate limit file and is stopped."""
    sibling = subprocess.Popen([sys.executable, "-c", LOCKER, str(rate_limit)], stdout=subprocess.PIPE)
    try:
        assert sibling.stdout and sibling.stdout.readline() == b"locked\n"
        sibling.send_signal(signal.SIGSTOP)
        yield
    finally:
        sibling.kill()
        sibling.communicate()


# --- The calls --------------------------------------------------------------------------------------------------------


def call(shop: Client, wait_ms: int) -> None:
    shop.call("getListingVariantsCount", wait_ms=wait_ms)


def pull(shop: Client, wait_ms: int) -> None:
    with shop.pull("listings") as walk:
        walk.next(wait_ms)


def flush(shop: Client, wait_ms: int) -> None:
    shop.flush(wait_ms)


def late(what: "Callable[[Client, int], None]", shop: Client) -> float:
    wait_ms = random.randint(50, LONGEST_FLUSH_MS if what is flush else LONGEST_MS)
    began = time.monotonic()
    with contextlib.suppress(FlxError):
        what(shop, wait_ms)
    return (time.monotonic() - began) * 1000 - wait_ms


def title(name: str, what: "Callable[[Client, int], None]") -> str:
    return name if what is call else f"{name}, {what.__name__}"


def order(number: int) -> "dict[str, Any]":
    return {"orderNumber": f"L-{number}", "orderedAt": "2026-01-31T12:00:00Z", "orderTotal": "19.99", "shippingText": "Standard",
            "shippingAddress": {"name": "A Buyer", "addressLine1": "1 Main Street", "city": "Springfield", "postal": "12345",
                                "countryCode": "US"},
            "orderItems": [{"sku": "TEE-RED-M", "quantity": 1, "price": "19.99"}]}


def main() -> None:
    calls = int(sys.argv[1])
    found: "dict[str, list[float]]" = {}
    peers = (("the connect", deaf), ("the TLS handshake", lambda: hub(silent, calls, "https")),
             ("the answer", lambda: hub(silent, calls)), ("the head", lambda: hub(slow_head, calls)),
             ("the body", lambda: hub(slow_body, calls)))
    for name, peer in peers:
        for what in (call, pull, flush) if name == "the answer" else (call,):
            with peer() as origin, contextlib.ExitStack() as stack:
                # A client each: a request that is left keeps its slot, so that a second call might wait for that instead.
                shops = [stack.enter_context(client(origin))[0] for _ in range(calls)]
                for number, shop in enumerate(shops):
                    if what is flush:
                        shop.submit(order(number))
                time.sleep(FIRST_SLOT_S)
                found[title(name, what)] = [late(what, shop) for shop in shops]
    with hub(silent, 0) as origin, client(origin) as (shop, folder):
        shop.submit(order(0))
        time.sleep(FIRST_SLOT_S)
        with open(next(folder.glob("rate-limit-*")), "rb+") as rate_limit:
            fcntl.lockf(rate_limit, fcntl.LOCK_EX)
            found["the rate limit file's lock"] = [late(call, shop) for _ in range(calls)]
        with stopped_sibling(next(folder.glob("rate-limit-*"))):
            for what in (call, pull, flush):
                found[title("a stopped sibling", what)] = [late(what, shop) for _ in range(calls)]
        other = sqlite3.connect(folder / "late.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        found["the state file's lock, flush"] = [late(flush, shop) for _ in range(calls)]
        other.close()
    early = {name: f"{min(lateness):.0f} ms" for name, lateness in found.items() if min(lateness) < -EARLY_MS}
    if early:
        raise SystemExit(f"calls came back before their deadlines, so did not meet what hangs: {early}")
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
