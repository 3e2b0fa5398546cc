"""Fifty readers of events, and one that never reads, beside a hub that works. Without a browser."""

from __future__ import annotations

import http.client
import socket
import statistics
import threading
import time
from typing import Any

from browser import until
from shop import Hub

READERS = 50
REQUESTS = 4000


class Reader(threading.Thread):
    """Reads one stream to its end, and counts."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(daemon=True)
        self.socket = connect(hub)
        self.bytes = 0
        self.events = 0
        self.tail = b""

    def run(self) -> None:
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                return
            if not data:
                return
            self.bytes += len(data)
            self.events += (self.tail[-6:] + data).count(b"event: ")  # 6: one that was cut is counted, and none twice
            self.tail = (self.tail + data)[-4000:]


def connect(hub: Hub, receive: "int | None" = None) -> socket.socket:
    stream = socket.socket()
    if receive:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    stream.connect(("127.0.0.1", hub.port))
    stream.sendall(b"GET /_console/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
    return stream


def work(hub: Hub, requests: int) -> "list[float]":
    """What each of so many requests took, in milliseconds."""
    hub.post("switches", {"limiter": "none"})
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=60)
    took = []
    for number in range(requests):
        begin = time.perf_counter()
        connection.request("GET", f"/listing/variants/count?text={'x' * 100}{number}", headers={"X-API-TOKEN": hub.token})
        connection.getresponse().read()
        took.append((time.perf_counter() - begin) * 1000)
    connection.close()
    return took


def memory(hub: Hub) -> int:
    """Bytes of the hub that are in memory."""
    with open(f"/proc/{hub.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def grown(hub: Hub) -> "tuple[int, list[float]]":
    """By how much the hub grows with work that was not its first, and what that took."""
    work(hub, 200)
    before = memory(hub)
    took = work(hub, REQUESTS)
    return memory(hub) - before, took


def test_fifty_readers_and_one_that_never_reads_cost_the_hub_little(record_property: Any) -> None:
    with Hub("--seed", "demo") as alone:
        growth_alone, took_alone = grown(alone)
    with Hub("--seed", "demo") as hub:
        readers = [Reader(hub) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        until("all read", lambda: all(reader.events >= 4 for reader in readers))
        deaf = connect(hub, receive=4096)
        growth, took = grown(hub)
        until("the last request is told to all that read", lambda: all(
            f'"requests":{REQUESTS + 200}'.encode() in reader.tail or f'"n":{REQUESTS + 200},'.encode() in reader.tail
            for reader in readers))
        figures = {
            "median_ms": (statistics.median(took_alone), statistics.median(took)),
            "p99_ms": (sorted(took_alone)[-REQUESTS // 100], sorted(took)[-REQUESTS // 100]),
            "grown_mb": (growth_alone / 1e6, growth / 1e6), "events": max(reader.events for reader in readers),
        }
        record_property("streams", figures)
        print(f"\nalone, and with {READERS} readers and one that never reads: {figures}")
        # The journal grows by the same; what the readers add is bounded by what a connection may hold, 51 times.
        assert growth - growth_alone < (READERS + 1) * 600_000
        # A round tells a reader of up to 200 requests in six events; without rounds it would be several for each request.
        assert max(reader.events for reader in readers) < REQUESTS
        assert statistics.median(took) < 20 * statistics.median(took_alone)
        deaf.close()
        for reader in readers:
            reader.socket.shutdown(socket.SHUT_RDWR)


def test_streams_are_bounded_and_a_place_is_free_again() -> None:
    with Hub("--seed", "tiny") as hub:
        streams = [connect(hub) for _ in range(64)]
        heads = [stream.recv(12) for stream in streams]
        assert heads == [b"HTTP/1.1 200"] * 64
        assert connect(hub).recv(12) == b"HTTP/1.1 503"
        streams[0].close()

        def again() -> bool:
            with connect(hub) as one:
                return one.recv(12) == b"HTTP/1.1 200"
        until("a place is free", again)
        # One that says that it will send no more is done as well.
        streams[1].shutdown(socket.SHUT_WR)
        until("a place is free", again)
        assert hub.get("totals")["requests"] == 0, "streams are not in the journal"
        for stream in streams:
            stream.close()


def test_streams_end_with_the_hub() -> None:
    hub = Hub("--seed", "tiny")
    reader, deaf = Reader(hub), connect(hub, receive=4096)
    reader.start()
    until("it reads", lambda: reader.events >= 4)
    hub.stop()
    assert hub.process.returncode == 0
    until("it is at its end", lambda: not reader.is_alive())
    assert reader.tail.endswith(b'event: end\ndata: {"reason":"the sandbox has stopped"}\n\n')
    deaf.close()
