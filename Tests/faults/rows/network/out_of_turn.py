"""Section N: answers that come out of turn."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

from rig.authority import Authority
from rig.ground import Ground
from rig.register import row
from rig.trial import attempts_of, shop, through, together, try_list, try_order
from rig.wirehub import Peer, Seen, WireHub, is_post
from rows.network.silence import BIG


@row("N-23", set="core", waits=True)
def an_answer_before_the_body(ground: Ground) -> str:
    from flxchannel import TokenError

    def early(status: str) -> Any:
        def do(peer: Peer, _: Seen) -> None:
            peer.answer(b'{"error":"too early"}', status, "Connection: close")
            time.sleep(0.3)
            peer.reset()
        return do

    def refused(size: "dict[str, Any]") -> Any:
        end = try_order(ground, early("413 Content Too Large"), verdict="refused", final="refused", is_early=True, extra=size)
        assert end["http_status"] == 413, end
        return end

    def paused(size: "dict[str, Any]") -> Any:
        from orders import order

        hub = ground.enter_context(WireHub())
        hub.fault(early("401 Unauthorized"), is_post, 0, is_early=True)
        client = shop(ground, hub)
        client.submit(order("EARLY", extra=size))
        try:
            for _ in range(40):
                client.flush(500)
        except TokenError:
            pass
        event = attempts_of(client, "EARLY")[0]
        assert event["http_status"] == 401 and event["verdict"] == "not_applied", event
        return event

    done = together([
        ("413, 0.9 MB", lambda: refused(BIG)), ("413, small", lambda: refused({"ballast": "x"})),
        ("401, 0.9 MB", lambda: paused(BIG)), ("401, small", lambda: paused({"ballast": "x"}))])
    return f"413 before the body: refused (status {done[0]['http_status']}); 401: not applied and paused; 0.9 MB and small, never a send error"


@row("N-24", set="core", waits=True)
def an_answer_to_another_request(ground: Ground) -> str:
    other = json.dumps({"id": 77, "orderNumber": "SOMEBODY-ELSES", "orderStatus": "Open"})

    def swapped(peer: Peer, request: Seen) -> None:
        peer.hub.take(request)
        peer.answer(other, "201 Created")

    def swapped_not_taken(peer: Peer, request: Seen) -> None:
        peer.answer(other, "201 Created")

    def unasked(peer: Peer, request: Seen) -> None:
        """The right answer with a second one behind it, for a request that nobody made. In one piece: one that came only after
        the next request had left would be its answer, by all that HTTP/1.1 knows."""
        bodies = [peer.hub.page(request), json.dumps([{"id": 1, "sku": "STALE"}]).encode()]
        peer.send(b"".join(peer.hub.head("200 OK", len(body)).encode() + body for body in bodies))

    taken, not_taken, listed, _ = together([
        ("swapped", lambda: try_order(ground, swapped, verdict="possibly_applied", says="another number")),
        ("swapped, not taken", lambda: try_order(ground, swapped_not_taken, verdict="possibly_applied", final="possibly_applied", says="another number")),
        ("an order for a list", lambda: try_list(ground, lambda peer, _: peer.answer(other))),
        ("a second answer", lambda: try_list(ground, unasked, times=1, fails=False)),
    ])
    assert (taken["posts"], not_taken["posts"]) == (1, 1)
    return "another order's answer: possibly applied, looked up, found or left to a person, and never posted again; a list's stale second answer was dropped with its connection"


H2_PREFACE = {
    "SETTINGS and GOAWAY": bytes.fromhex("0000000400000000000000080700000000000000000000000000"),
    "SETTINGS and RST_STREAM REFUSED_STREAM": bytes.fromhex("00000004000000000000000403000000000100000007"),
    "SETTINGS, HEADERS and RST_STREAM": bytes.fromhex("0000000400000000000000010104000000018800000403000000000100000002"),
}


@row("N-25", waits=True)
def http_2_is_never_spoken(ground: Ground) -> str:
    """The library offers HTTP/1.1 alone: a server that speaks HTTP/2 all the same has answered nothing that counts."""
    authority = Authority(ground)
    hello: "list[bytes]" = []

    def spy(peer: Peer) -> None:
        hello.append(peer.socket.recv(4096, socket.MSG_PEEK))

    hub = ground.enter_context(WireHub(authority.context(alpn=("h2", "http/1.1"))))
    hub.on_accept = spy
    config = {"http.ca_file": authority.file}
    try_order(ground, lambda peer, request: peer.answer(json.dumps(peer.hub.take(request)), "201 Created"), hub=hub, verdict="applied", **config)
    assert hello and all(b"\x02h2" not in one for one in hello), "h2 was offered"
    assert any(b"\x08http/1.1" in one for one in hello), "the spy saw no protocol offered"
    trials = []
    for name, frames in H2_PREFACE.items():
        trials += through(ground, name, lambda peer, request, frames=frames: (peer.send(frames), peer.close()) and None)

    def upgrade(peer: Peer, request: Seen) -> None:
        peer.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", H2_PREFACE["SETTINGS and GOAWAY"])
        peer.close()

    trials += through(ground, "upgrade nobody asked for", upgrade)
    together(trials)
    return f"ALPN offers http/1.1 alone ({len(hello)} hellos), so no stream exists that could be refused; {len(trials)} trials with h2 frames in the answer: possibly applied, lists retried"
