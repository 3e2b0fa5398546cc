"""A recording proxy on loopback: every request of a client and every answer of a hub, with their bodies."""

from __future__ import annotations

import gzip
import http.client
import threading
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}


@dataclass
class Exchange:
    """One request and its answer. Header names are lower case, bodies are inflated."""

    method: str
    target: str
    request_headers: "dict[str, str]"
    request_body: bytes
    status: int = 0  # 0: the hub gave no answer
    headers: "dict[str, str]" = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> "list[tuple[str, str]]":
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    def __str__(self) -> str:
        return f"{self.method} {self.target} -> {self.status}"


def inflated(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if encoding == "deflate" else body


class Recorder:
    """A context manager: stands before the hub at `origin`; `exchanges` grows as requests pass."""

    def __init__(self, origin: str) -> None:
        self.exchanges: "list[Exchange]" = []
        self._hub = urlsplit(origin)
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self) -> None:
                recorder._pass_on(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> "Recorder":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        given = {name.lower(): value for name, value in handler.headers.items()}
        exchange = Exchange(handler.command, handler.path, given, body)
        hub = http.client.HTTPConnection(self._hub.hostname or "", self._hub.port, timeout=60)
        try:
            hub.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
            for name, value in handler.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    hub.putheader(name, value)
            if body or "content-length" in given:
                hub.putheader("Content-Length", str(len(body)))
            hub.endheaders(body or None)
            answer = hub.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException):  # the hub cut it: cut it too
            self.exchanges.append(exchange)
            handler.close_connection = True
            return
        finally:
            hub.close()
        exchange.status = answer.status
        exchange.headers = {name.lower(): value for name, value in answer.getheaders()}
        exchange.body = inflated(raw, exchange.headers.get("content-encoding", ""))
        self.exchanges.append(exchange)
        handler.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                handler.send_header(name, value)
        if answer.status != 204:
            handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)
