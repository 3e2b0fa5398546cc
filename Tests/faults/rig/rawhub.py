"""A hub on loopback that answers exactly the bytes it is told to, for what the sandbox would never say.

Connections are kept, and the pool in its headers is so large that the rate limiter of the library does not slow a run down.
"""

from __future__ import annotations

import email.utils
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: "dict[str, str]"
    body: bytes
    token: str = ""

    @property
    def page(self) -> int:
        """The number of the page, by whichever of its three names."""
        return int(next((self.query[name] for name in ("page", "filterPageNumber", "pageNumber") if name in self.query), 1))

    @property
    def size(self) -> int:
        return int(next((self.query[name] for name in ("pageSize", "filterPageSize") if name in self.query), 20))

    @property
    def since(self) -> "str | None":
        """The bound of a cursor feed."""
        return self.query.get("updatedAfter") or self.query.get("filterUpdatedAfter")


@dataclass(frozen=True)
class Reply:
    """An answer; `raw` takes the place of all of it. `close` ends the connection after it, `cut` after so many bytes."""

    body: bytes = b"[]"
    status: int = 200
    headers: "dict[str, str]" = field(default_factory=dict)
    length: "int | None" = None
    close: bool = False
    cut: "int | None" = None
    at: "float | None" = None
    """What the hub's clock says; the true time if left out."""

    def bytes(self) -> bytes:
        head = {
            "Content-Type": "application/json", "Date": email.utils.formatdate(self.at or time.time(), usegmt=True),
            "X-Auth-Pool-Size": "10000", "X-Auth-Pool-Used": "0", "X-Auth-Replenished-Per-Second": "1000",
            "Content-Length": str(len(self.body) if self.length is None else self.length), **self.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value)
        return f"HTTP/1.1 {self.status} Whatever\r\n{lines}\r\n".encode() + self.body


LOST = Reply(cut=0)
"""The connection ends without an answer."""

Answer = Callable[[Request], Reply]


def listed(*records: "bytes | dict[str, Any]", **more: Any) -> Reply:
    """A page of these records, each as raw bytes or as a dict."""
    return Reply(b"[" + b",".join(r if isinstance(r, bytes) else json.dumps(r).encode() for r in records) + b"]", **more)


class RawHub:
    token = "raw-token"

    def __init__(self, answer: "Answer | None" = None) -> None:
        self.answer: Answer = answer or (lambda request: Reply())
        self.seen: "list[Request]" = []
        self.broken: "list[BaseException]" = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> RawHub:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self.broken:
            raise AssertionError("the raw hub itself went wrong") from self.broken[0]

    def only_page(self, *records: "bytes | dict[str, Any]") -> None:
        """From now on every list has this one page."""
        self.answer = lambda request: listed(*records) if request.page == 1 else listed()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb", buffering=65536) as stream:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while (request := self._read(stream)) is not None:
                    self.seen.append(request)
                    reply = self.answer(request)
                    data = reply.bytes()
                    connection.sendall(data if reply.cut is None else data[: reply.cut])
                    if reply.close or reply.cut is not None:
                        return
            except OSError:
                return
            except Exception as error:  # noqa: BLE001 - a fault of the test, said when the hub ends
                self.broken.append(error)

    @staticmethod
    def _read(stream: Any) -> "Request | None":
        first = stream.readline().split()
        if len(first) != 3:
            return None
        length, token = 0, ""
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
            elif name.strip().lower() == b"x-api-token":
                token = value.strip().decode()
        url = urlsplit(first[1].decode())
        return Request(first[0].decode(), unquote(url.path), dict(parse_qsl(url.query)), stream.read(length), token)
