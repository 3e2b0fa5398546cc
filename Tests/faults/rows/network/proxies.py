"""Section N: proxies, of the environment and configured."""

from __future__ import annotations

import json
import socket
import time

from rig import host
from rig.authority import Authority
from rig.ground import Ground
from rig.register import row
from rig.trial import in_background, together, try_order
from rig.wirehub import WireHub

PROXY_NAMES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "ftp_proxy")


@row("N-28", set="core", waits=True)
def proxies_of_the_environment(ground: Ground) -> str:
    authority = Authority(ground)
    trap = ground.enter_context(WireHub())
    code = """
c = client()
c.submit(order("PROXY"))
say(status=c.call("getListingVariantsCount", wait_ms=8000)["status"])
while c.outbox()[0]["state"] != "resolved": c.flush(1000)
"""
    for hub, config in ((ground.enter_context(WireHub()), {}), (ground.enter_context(WireHub(authority.context())), {"http.ca_file": authority.file})):
        folder = ground.folder / f"s{hub.port}"
        folder.mkdir(mode=0o700)
        environment = dict.fromkeys(PROXY_NAMES, trap.url)
        said = host.finish(host.start(ground, code, host.config(ground, hub, state_dir=str(folder), **config), no_proxy="", NO_PROXY="", **environment))
        assert said[0]["status"] == 200 and len(hub.taken) == 1
    assert trap.connections == 0, f"{trap.connections} connections went to the proxy of the environment"
    return f"{len(PROXY_NAMES)} proxy variables set, http and https: 0 connections to the proxy, requests and orders went straight"


class Proxy:
    """A CONNECT proxy that does what it is told."""

    def __init__(self, ground: Ground, mode: str) -> None:
        self.mode, self.heads, self.carried, self.connections = mode, [], 0, 0  # type: ignore[var-annotated]
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        ground.callback(self._socket.close)
        self.port = self._socket.getsockname()[1]
        in_background(self._accept)

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            in_background(lambda peer=peer: self._serve(peer))

    def _serve(self, peer: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (more := peer.recv(4096)):
            head += more
        self.heads.append(head)
        if self.mode == "407":
            peer.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        elif self.mode == "403":
            peer.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        elif self.mode == "hang":
            time.sleep(8)
        elif self.mode == "garbage":
            peer.sendall(b"what?\r\n\r\n")
        elif self.mode == "through":
            address, port = head.split()[1].decode().rsplit(":", 1)
            far = socket.create_connection((address, int(port)))
            peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            in_background(lambda: self._carry(far, peer))
            self._carry(peer, far)
            return
        peer.close()

    def _carry(self, source: socket.socket, to: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self.carried += data.count(WireHub.token.encode())
                to.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, to):
                one.close()


@row("N-29", set="core", waits=True)
def a_configured_proxy(ground: Ground) -> str:
    secret = "pr0xy-s3cret"
    authority = Authority(ground)
    modes = ("407", "403", "hang", "garbage", "refused")

    def one(mode: str) -> "tuple[str, int]":
        proxy = Proxy(ground, mode)
        if mode == "refused":
            proxy._socket.close()
        hub = ground.enter_context(WireHub(authority.context()))
        config = {"http.ca_file": authority.file, "http.proxy": f"http://buyer:{secret}@127.0.0.1:{proxy.port}", "http.connect_ms": 1500}

        def heal(_: WireHub) -> None:
            proxy.mode = "through"

        end = try_order(ground, hub=hub, verdict="not_applied", final="" if mode == "refused" else "applied", after_first=heal, **config)
        client = end["client"]
        said = json.dumps([end["logs"], client.logs(), client.history(end["number"]), client.stats(), end["message"]])
        assert secret not in said, "the proxy's password is in what the library says"
        assert proxy.carried == 0 and not any(hub.token.encode() in head for head in proxy.heads), "the proxy saw the token"
        return end["message"], proxy.connections

    done = together([(mode, lambda mode=mode: one(mode)) for mode in modes])
    return "; ".join(f"{mode}: {message[:46]}" for mode, (message, _) in zip(modes, done)) + "; all not applied, then applied through it; no password, no token in logs or at the proxy"
