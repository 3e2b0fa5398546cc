"""What `flx doctor` says of a hub's certificate, and of servers that are none."""

from __future__ import annotations

import http.server
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rig import Sandbox, Shop, findings, state_of


class Secure:
    """A server on loopback with a certificate of its own, which answers as a hub that counts."""

    def __init__(self, folder: Any, name: str = "localhost", before: "tuple[str, ...]" = (), days: int = 60) -> None:
        self.certificate = folder / "certificate.pem"
        key = folder / "key.pem"
        subprocess.run(
            [*before, *"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(), "-keyout", key,
             "-out", self.certificate, "-days", str(days), "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)

        class Answers(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = b'{"count":9}' if self.path.endswith("count") else b"[]"
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.origin = f"https://localhost:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def secure(shop: Shop) -> "Iterator[Callable[..., Secure]]":
    made: "list[Secure]" = []

    def make(**more: Any) -> Secure:
        made.append(Secure(shop.folder, **more))
        shop.set(origin=made[-1].origin)
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_certificate_that_nobody_here_trusts(shop: Shop, secure: Any) -> None:
    secure()
    found = findings(shop)

    assert state_of(found, "TLS").startswith("fail")
    assert state_of(found, "certificate").startswith("ok good for")


def test_certificate_that_is_trusted(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure().certificate))
    found = findings(shop)

    assert state_of(found, "TLS").startswith("ok")
    assert state_of(found, "hub").startswith("ok")


def test_certificate_that_ends_soon(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure(days=3).certificate))

    assert state_of(findings(shop), "certificate").startswith("warn good for 2")


def test_certificate_that_ended(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure(before=("faketime", "-f", "-90d"), days=30).certificate))
    found = findings(shop)

    assert state_of(found, "TLS").startswith("fail")
    assert state_of(found, "certificate").startswith("fail it ended")


def test_certificate_of_another_name(shop: Shop, secure: Any) -> None:
    shop.set(http__ca_file=str(secure(name="hub.example").certificate))

    assert state_of(findings(shop), "TLS").startswith("fail")


def test_port_that_speaks_no_tls(shop: Shop, hub: Sandbox) -> None:
    shop.set(origin=hub.url.replace("http://127.0.0.1", "https://localhost"))

    assert state_of(findings(shop), "TLS").startswith("fail")


def test_host_that_takes_connections_and_is_silent(shop: Shop) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        shop.set(origin=f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        found = findings(shop)

    assert state_of(found, "hub").startswith("fail")
    assert time.monotonic() - began < 8
