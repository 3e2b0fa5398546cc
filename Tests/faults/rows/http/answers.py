"""Section H: how a hub of these rows answers."""

from __future__ import annotations

from typing import Any

from rig.wirehub import Do, Peer, Seen
from rows.network.silence import take

HTML = "<!DOCTYPE html><html><body>Bad gateway \x1b[31m</body></html>"


def answer(body: "bytes | str", status: str = "200 OK", *lines: str, is_taken: bool = False, **more: Any) -> Do:
    """Answer so, after taking the order if the hub is meant to."""
    def do(peer: Peer, request: Seen) -> None:
        if is_taken:
            take(peer, request)
        peer.answer(body, status, *lines, **more)
    return do


def raw(*parts: "bytes | str", close: bool = True) -> Do:
    def do(peer: Peer, request: Seen) -> None:
        peer.send(*parts)
        if close:
            peer.close()
    return do
