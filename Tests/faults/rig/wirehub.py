"""A hub on loopback whose connections can go wrong at every byte, and which otherwise is a small honest hub.

It keeps what it took in (each order once) and what came over the wire (each complete request with its connection), so that
a case can compare what the library says with what is true.
"""

from __future__ import annotations

import contextlib
import email.utils
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .rawhub import Request

POOL = {"X-Auth-Pool-Size": "4000", "X-Auth-Pool-Used": "0", "X-Auth-Replenished-Per-Second": "1000"}
"""So large that the rate limiter does not slow a case down."""


@dataclass(frozen=True)
class Seen(Request):
    """A request of which at least the head came in."""

    at: float = 0.0
    connection: int = 0
    on_connection: int = 0
    is_complete: bool = True
    headers: "dict[str, str]" = field(default_factory=dict)
    target: str = ""
    """Path and query as they came."""


class Peer:
    """One connection as the hub has it."""

    def __init__(self, hub: WireHub, raw: socket.socket, number: int, port: int) -> None:
        self.hub, self.socket, self.number, self.port = hub, raw, number, port
        self.is_over = False
        self.body_left = b""

    def send(self, *parts: "bytes | str") -> None:
        for part in parts:
            self.socket.sendall(part.encode("latin-1") if isinstance(part, str) else part)

    def answer(self, body: "bytes | str" = b"[]", status: str = "200 OK", *lines: str, length: "int | None" = -1, pool: bool = True) -> None:
        """A whole answer; `length` None leaves Content-Length out, and the connection ends it."""
        data = body.encode() if isinstance(body, str) else body
        self.send(self.hub.head(status, len(data) if length == -1 else length, *lines, pool=pool), data)
        if length is None:
            self.close()

    def close(self) -> None:
        self.is_over = True
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def half_close(self) -> None:
        """FIN towards the client; what it sends is still read."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        self.is_over = True
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hang(self, seconds: float = 30) -> None:
        """Keep silent until the client leaves."""
        self.socket.settimeout(seconds)
        with contextlib.suppress(OSError):
            while self.socket.recv(65536):
                pass
        self.close()


Do = Callable[[Peer, Seen], None]


@dataclass
class Fault:
    do: Do
    fits: "Callable[[Seen], bool]"
    times: int = 1
    """0 is always."""
    is_early: bool = False
    """Acts when the head is in, before the body is read."""
    done: int = 0


def is_post(request: Seen) -> bool:
    return request.method == "POST"


def is_list(request: Seen) -> bool:
    """A read of listings, not the look-up of an order."""
    return request.method == "GET" and "orders" not in request.path


class WireHub:
    token = "wire-hub-token-5f3a"

    def __init__(
        self, context: "ssl.SSLContext | None" = None, *, host: str = "127.0.0.1", name: str = "", port: int = 0, rows: int = 5,
        is_listening: bool = True,
    ) -> None:
        self.context, self.host, self.name = context, host, name or host
        self.rows = [
            {"id": 1000 + n, "sku": f"SKU-{n}", "quantity": 5, "price": "19.99", "updatedAt": "2026-01-31T11:00:00Z"} for n in range(rows)]
        self.port = port
        self.seen: "list[Seen]" = []
        """Complete requests and those of which the body never came, in the order of their coming."""
        self.orders: "dict[str, dict[str, Any]]" = {}
        self.taken: "list[str]" = []
        """The number of every order at each taking, repeats included."""
        self.faults: "list[Fault]" = []
        self.on_accept: "Callable[[Peer], None] | None" = None
        """Acts on a bare connection before a byte is read; one that leaves it open lets the hub go on."""
        self.limit: "Callable[[Seen], bool] | None" = None
        """Whether this request is too many."""
        self.before: "Callable[[Peer, Seen], None] | None" = None
        self.pool = True
        self.date_skew_s = 0.0
        self.connections = 0
        self.accepted_at: "list[float]" = []
        self.bytes_in = 0
        self.failed_handshakes = 0
        self.throttled = 0
        self.broken: "list[BaseException]" = []
        self.lock = threading.Lock()
        self._socket: "socket.socket | None" = None
        if is_listening:
            self.listen()

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://{self.name}:{self.port}"

    def __enter__(self) -> WireHub:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self.broken:
            raise AssertionError("the hub of the test went wrong itself") from self.broken[0]

    def listen(self) -> None:
        self._socket = socket.create_server((self.host, self.port), backlog=512)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._socket,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening; connections that are there stay."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None

    # What is planned

    def fault(self, do: Do, fits: "Callable[[Seen], bool]" = lambda request: True, times: int = 1, is_early: bool = False) -> Fault:
        planned = Fault(do, fits, times, is_early)
        self.faults.append(planned)
        return planned

    def heal(self) -> None:
        self.faults.clear()
        self.on_accept = None

    # What came

    def posts(self, number: "str | None" = None) -> "list[Seen]":
        """Attempts to create an order, those cut short included."""
        return [one for one in self.seen if one.method == "POST" and (number is None or number.encode() in one.body or not one.is_complete)]

    def reads(self) -> "list[Seen]":
        return [one for one in self.seen if is_list(one)]

    # What the hub does

    def head(self, status: str, length: "int | None", *lines: str, pool: bool = True) -> str:
        head = [f"HTTP/1.1 {status}", "Content-Type: application/json"]
        if not any(line.lower().startswith("date:") for line in lines):
            head.append(f"Date: {email.utils.formatdate(time.time() + self.date_skew_s, usegmt=True)}")
        if pool and self.pool:
            head += [f"{name}: {value}" for name, value in POOL.items()]
        if length is not None:
            head.append(f"Content-Length: {length}")
        return "\r\n".join([*head, *(line for line in lines if not line.lower().startswith("date: -"))]) + "\r\n\r\n"

    def take(self, request: Seen) -> "dict[str, Any]":
        """Act as the hub does, deduplicating by number; the order as it is now."""
        sent = json.loads(request.body)
        number = sent["orderNumber"]
        with self.lock:
            self.taken.append(number)
            known = self.orders.setdefault(number, {"id": 5000 + len(self.orders), "orderNumber": number, "orderStatus": "Open", "body": request.body})
        return {key: value for key, value in known.items() if key != "body"}

    def page(self, request: Seen) -> bytes:
        return json.dumps(self.rows if request.page == 1 else []).encode()

    def honest(self, peer: Peer, request: Seen) -> None:
        if request.method == "POST":
            peer.answer(json.dumps(self.take(request)), "201 Created")
        elif request.path.rstrip("/").endswith("orders"):
            asked = request.query.get("orderNumber")
            found = [{k: v for k, v in one.items() if k != "body"} for number, one in self.orders.items() if asked in (None, number)]
            peer.answer(json.dumps(found if request.page == 1 else []))
        elif "count" in request.path:
            peer.answer(json.dumps({"count": len(self.rows)}))
        elif request.method == "GET":
            peer.answer(self.page(request))
        else:
            peer.answer(b"[]")

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, address = listening.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                self.accepted_at.append(time.monotonic())
                number = self.connections
            threading.Thread(target=self._serve, args=(connection, number, address[1]), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int, port: int) -> None:
        peer = Peer(self, connection, number, port)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.on_accept:
                self.on_accept(peer)
                if peer.is_over:
                    return
            if self.context:
                try:
                    peer.socket = self.context.wrap_socket(connection, server_side=True)
                except (OSError, ValueError):
                    self.failed_handshakes += 1
                    connection.close()
                    return
            self._requests(peer, number)
        except (OSError, ValueError):  # the client left, or a cut ended this connection
            pass
        except Exception as error:  # noqa: BLE001 - a fault of the test, said when the hub ends
            self.broken.append(error)
        finally:
            if not peer.is_over:
                with contextlib.suppress(OSError):
                    peer.socket.close()

    def _requests(self, peer: Peer, number: int) -> None:
        stream = peer.socket.makefile("rb", buffering=65536)
        on_connection = 0
        while not peer.is_over:
            line = stream.readline(65536)
            self.bytes_in += len(line)
            words = line.split()
            if len(words) != 3:
                return
            headers: "dict[str, str]" = {}
            while (line := stream.readline(65536)) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
            url = urlsplit(words[1].decode("latin-1"))
            on_connection += 1
            fixed = dict(
                method=words[0].decode(), path=unquote(url.path), query=dict(parse_qsl(url.query, keep_blank_values=True)), at=time.monotonic(),
                connection=number, on_connection=on_connection, headers=headers,
                target=words[1].decode("latin-1"))
            length = int(headers.get("content-length", 0))
            request = Seen(body=b"", is_complete=length == 0, **fixed)  # type: ignore[arg-type]
            if (early := self._due(request, is_early=True)) is not None:
                self.seen.append(request)
                early.do(peer, request)
                continue
            body = stream.read(length)
            self.bytes_in += length
            request = Seen(body=body, is_complete=len(body) == length, **fixed)  # type: ignore[arg-type]
            self.seen.append(request)
            if not request.is_complete:
                return
            if self.before:
                self.before(peer, request)
            if self.limit and self.limit(request):
                self.throttled += 1
                peer.answer(b"", "429 Too Many Requests")
            elif (fault := self._due(request, is_early=False)) is not None:
                fault.do(peer, request)
            else:
                self.honest(peer, request)

    def _due(self, request: Seen, *, is_early: bool) -> "Fault | None":
        with self.lock:
            for fault in self.faults:
                if fault.is_early is is_early and fault.fits(request) and (fault.times == 0 or fault.done < fault.times):
                    fault.done += 1
                    return fault
        return None
