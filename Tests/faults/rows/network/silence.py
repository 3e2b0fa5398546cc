"""Section N: a hub that takes a request and says nothing."""

from __future__ import annotations

import socket
import time
from typing import Any

from rig import host, native
from rig.ground import Ground
from rig.register import control, row
from rig.trial import Lateness, through, together, try_list, try_order
from rig.wirehub import Peer, Seen, WireHub, is_post

BIG = {"ballast": "x" * 900_000}


def take(peer: Peer, request: Seen) -> None:
    if is_post(request):
        peer.hub.take(request)


@row("N-07", set="core", waits=True)
def accepts_and_never_reads(ground: Ground) -> str:
    lateness = Lateness()

    def stall(hub: WireHub) -> None:
        def wait(peer: Peer) -> None:
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            time.sleep(6)
            peer.reset()
        hub.on_accept = wait

    def heal(hub: WireHub) -> None:
        hub.on_accept = None

    order, page = together([
        ("order of 0.9 MB", lambda: try_order(ground, plan=stall, after_first=heal, verdict="possibly_applied", extra=BIG, lateness=lateness)),
        ("list", lambda: try_list(ground, plan=stall, heal=heal, lateness=lateness)),
    ])
    assert 1200 <= order["lasted_ms"] <= 4000, order["lasted_ms"]
    return f"0.9 MB into a stalled peer: possibly applied after {order['lasted_ms']} ms (idle limit 1,500), applied later with the same bytes; {lateness}"


@row("N-08", "N-09", "N-11", "N-15", set="core", waits=True)
def no_answer_after_the_request(ground: Ground) -> str:
    """Each with a hub that took the order and with one that did not: the library must not be able to tell."""
    lateness = Lateness()

    def hang(peer: Peer, _: Seen) -> None:
        peer.hang(8)

    def close(peer: Peer, _: Seen) -> None:
        peer.close()

    def cut_head(peer: Peer, _: Seen) -> None:
        peer.send("HTTP/1.1 200 OK\r\nContent-Ty")
        peer.reset()

    def half(peer: Peer, _: Seen) -> None:
        peer.half_close()
        peer.hang(8)

    trials = []
    for name, do in (("N-08 hang", hang), ("N-09 close", close), ("N-11 reset in the head", cut_head), ("N-15 half close", half)):
        def taken(peer: Peer, request: Seen, do: Any = do) -> None:
            take(peer, request)
            do(peer, request)

        trials += through(ground, name, do, lateness=lateness)
        trials.append((f"{name}, order taken", lambda taken=taken: try_order(ground, taken, verdict="possibly_applied", lateness=lateness)))
    done = dict(zip((name for name, _ in trials), together(trials)))
    posts = [done[name]["posts"] for name in done if name.endswith("order")]
    found = [done[name]["posts"] for name in done if name.endswith("taken")]
    assert posts == [2] * 4, f"not taken: sent again with the same bytes, and once: {posts}"
    assert found == [1] * 4, f"taken: found by the look-up, not sent again: {found}"
    return f"{len(trials)} trials: all possibly applied; not taken: same bytes once more; taken: found, 1 POST; {lateness}"


def on_reused(ground: Ground) -> "dict[str, Any]":
    """An order after reads on a kept connection, which dies at the first POST."""
    return try_order(ground, lambda peer, _: peer.close(), verdict="possibly_applied", warm=True)


@row("N-10", set="core", waits=True)
def a_kept_connection_dies_under_a_post(ground: Ground) -> str:
    done = together([(f"run {n}", lambda: on_reused(ground)) for n in range(ground.times(10, 3))])
    posts = sum(one["posts"] for one in done)
    sending = sum(sum(e["what"] == "sending" for e in one["client"].history(one["number"])["events"]) for one in done)
    assert posts == sending, f"{posts} attempts on the wire, {sending} recorded"
    return f"{len(done)} orders behind a kept connection that dies: {posts} attempts on the wire, {sending} recorded, each on a connection of its own"


def careless() -> str:
    """For LD_PRELOAD: libcurl, and in front of it what makes the library careless."""
    return f"{native.preload('careless_curl')} libcurl.so.4"


@control("orders on reused connections (N-10)", waits=True)
def reused_connections_are_seen(ground: Ground) -> str:
    """A library that posts orders over kept connections must fail the row's checker."""
    code = """
from rig.ground import Ground
from rig.trial import try_order
with Ground(1) as ground:
    try: try_order(ground, verdict="applied", warm=True)
    except AssertionError as error: say(seen=str(error))
"""
    said = host.finish(host.start(ground, code, {}, LD_PRELOAD=careless()))
    assert said and "used before" in said[0]["seen"], said
    return f"the checker saw: {said[0]['seen'][:90]}"
