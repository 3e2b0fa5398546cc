"""Section N: connections that do not come about or are reset."""

from __future__ import annotations

from typing import Any

from rig.ground import Ground
from rig.island import Island
from rig.register import row
from rig.trial import Lateness, shop, through, together, try_list, try_order
from rig.wirehub import Peer, Seen, WireHub
from rows.network.names import failing_call


@row("N-04", set="core", waits=True)
def a_refused_connection(ground: Ground) -> str:
    def one(is_order: bool) -> "tuple[Lateness, Any]":
        lateness = Lateness()
        hub = ground.enter_context(WireHub())
        hub.stop()  # its port stays known
        if is_order:
            return lateness, try_order(ground, hub=hub, verdict="not_applied", after_first=lambda hub: hub.listen(), lateness=lateness)
        return lateness, try_list(ground, hub=hub, heal=lambda hub: hub.listen(), lateness=lateness)

    (first, end), (second, _) = together([("order", lambda: one(True)), ("list", lambda: one(False))])
    assert end["posts"] == 1
    return f"closed port: order not applied, then applied with 1 POST; list read whole later; {first}; {second}"


@row("N-05", waits=True)
def packets_that_are_dropped(ground: Ground) -> str:
    island = Island(ground).enter()
    lateness = Lateness()
    hub = ground.enter_context(WireHub())
    island.rules(f"tcp dport {hub.port} tcp flags & (syn|ack) == syn counter drop")
    error = failing_call(shop(ground, hub, **{"http.connect_ms": 1000}), 4000, lateness)
    assert error.name == "FLX_E_CONNECT" and "within" in str(error), error
    end = try_order(
        ground, hub=hub, verdict="not_applied", says="no connection", after_first=lambda _: island.rules(), lateness=lateness, **{"http.connect_ms": 1000})
    assert 700 <= end["lasted_ms"] <= 2500, f"the connect timeout of 1,000 ms took {end['lasted_ms']} ms"
    return f"SYNs dropped: not applied after {end['lasted_ms']} ms of 1,000 allowed, applied after; {lateness}"


@row("N-06", set="core", waits=True)
def a_reset_at_once_or_in_the_middle(ground: Ground) -> str:
    def on_accept(hub: WireHub) -> None:
        hub.on_accept = lambda peer: peer.reset()

    def heal(hub: WireHub) -> None:
        hub.on_accept = None

    def late_reset(peer: Peer, _: Seen) -> None:
        peer.reset()

    trials = [
        ("reset on accept, order", lambda: try_order(ground, plan=on_accept, after_first=heal, verdict="either")),
        ("reset on accept, list", lambda: try_list(ground, plan=on_accept, heal=heal)),
        *through(ground, "reset after the head", late_reset, is_early=True, extra=None),
        *through(ground, "reset after the request", late_reset),
    ]
    done = together(trials)
    return f"{len(trials)} trials; reset on accept: {done[0]['verdict']}; reset after bytes went out: possibly_applied; nothing partial delivered"
