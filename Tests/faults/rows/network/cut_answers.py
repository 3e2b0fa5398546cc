"""Section N: answers that are cut, late or come in drops."""

from __future__ import annotations

import json
import time
from typing import Any

from rig.ground import Ground
from rig.island import Island
from rig.register import row
from rig.trial import Lateness, agree, attempts_of, flush_until, shop, state_of, through, together, try_list
from rig.wirehub import Peer, Seen, WireHub, is_post


def body_of(peer: Peer, request: Seen) -> bytes:
    return json.dumps(peer.hub.take(request)).encode() if is_post(request) else peer.hub.page(request)


def long_length(peer: Peer, request: Seen) -> None:
    body = body_of(peer, request)
    peer.send(peer.hub.head("200 OK", len(body) + 50), body)
    peer.close()


def cut_body(peer: Peer, request: Seen) -> None:
    body = body_of(peer, request)
    peer.send(peer.hub.head("200 OK", len(body)), body[: len(body) // 2])
    peer.close()


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def no_last_chunk(peer: Peer, request: Seen) -> None:
    peer.send(peer.hub.head("200 OK", None, "Transfer-Encoding: chunked"), chunk(body_of(peer, request)))
    peer.close()


def cut_chunk(peer: Peer, request: Seen) -> None:
    peer.send(peer.hub.head("200 OK", None, "Transfer-Encoding: chunked"), chunk(body_of(peer, request))[:-20])
    peer.close()


def cut_close_delimited(peer: Peer, request: Seen) -> None:
    body = body_of(peer, request)
    peer.send(peer.hub.head("200 OK", None, "Connection: close"), body[:-9])
    peer.close()


@row("N-12", "N-13", "N-14", set="core", waits=True)
def answers_that_are_cut(ground: Ground) -> str:
    lateness = Lateness()
    trials = []
    for name, do in (("N-12 length", long_length), ("N-12 cut", cut_body), ("N-13 no last chunk", no_last_chunk), ("N-13 cut chunk", cut_chunk), ("N-14 close", cut_close_delimited)):
        trials += through(ground, name, do, lateness=lateness)
    done = dict(zip((name for name, _ in trials), together(trials)))
    posts = [one["posts"] for name, one in done.items() if name.endswith("order")]
    assert posts == [1] * 5, f"the hub had taken each order, so a look-up must find it: {posts} POSTs"
    codes = {name: one["message"] for name, one in done.items() if name.endswith("order")}
    return f"{len(trials)} trials: orders possibly applied then found ({codes['N-12 cut, order'][:50]}...), lists delivered nothing while cut, then all rows once; {lateness}"


@row("N-14", waits=True)
def a_list_cut_at_every_byte(ground: Ground) -> str:
    """Closed after each byte of the body: never a page, never 'bad JSON, give up'."""
    whole = len(WireHub(is_listening=False).page(Seen("GET", "/", {}, b"")))

    def at(cut: int) -> Any:
        def do(peer: Peer, request: Seen) -> None:
            peer.send(peer.hub.head("200 OK", None, "Connection: close"), peer.hub.page(request)[:cut])
            peer.close()
        return try_list(ground, do, times=1)

    places = range(0, whole, max(1, whole // ground.times(60, 12)))
    together([(f"cut at {cut}", lambda cut=cut: at(cut)) for cut in places])
    return f"close-delimited list of {whole} bytes cut at {len(places)} places: retried, delivered whole, nothing partial"


@row("N-16", set="core", waits=True)
def one_byte_a_second(ground: Ground) -> str:
    lateness = Lateness()

    def drip(peer: Peer, request: Seen) -> None:
        peer.send(peer.hub.head("200 OK", 5000))
        for byte in range(20):
            peer.send("x" if byte else "[")
            time.sleep(0.5)
        peer.close()

    def drip_head(peer: Peer, request: Seen) -> None:
        for letter in "HTTP/1.1 200 OK\r\nX-Slow":
            peer.send(letter)
            time.sleep(0.5)
        peer.close()

    limits = {"http.attempt_ms": 3000}
    trials = through(ground, "drip", drip, lateness=lateness, **limits) + through(ground, "drip of the head", drip_head, lateness=lateness, **limits)
    done = together(trials)
    took = [one["lasted_ms"] for one in done if "lasted_ms" in one]
    assert all(1200 <= one <= 4500 for one in took), f"attempts took {took} ms, allowed were 3,000 (1,500 without a whole line)"
    return f"1 byte each 0.5 s: attempts ended after {took} ms of 3,000 allowed, orders possibly applied, lists read whole later; {lateness}"


@row("N-17", set="core", waits=True)
def slices_of_one_byte(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=40,history=off,exceptions=off", pool__size=1000, pool__refill=1000)
    hub.post("faults", {"do": "drip", "size": 1, "ms": 0, "times": 0})
    from orders import order

    client = shop(ground, hub)
    with client.pull("listings_to_sync") as pull:
        rows = sum(len(page) for page in pull.pages(30_000))
        assert pull.is_done
    client.submit(order("SLICED", orderItems=[{"sku": hub.some_sku(), "quantity": 1}]))
    flush_until(client, lambda: state_of(client, "SLICED")["verdict"] == "applied", "the order")
    assert rows == len(hub.get("listings?waiting=sync&limit=1000")), rows
    assert attempts_of(client, "SLICED")[0]["verdict"] == "applied"
    return f"{rows} rows and an order in slices of 1 byte: all delivered, applied with the first attempt"


@row("N-18", waits=True)
def late_and_uneven(ground: Ground) -> str:
    def one(attempt_ms: int) -> "tuple[str, Any]":
        from orders import order

        hub = ground.hub(
            "--seed", "variants=12,history=off,exceptions=off", latency__ms=4000, latency__jitter_ms=2000, latency__place="split", limiter="strict", pool__headers="absent")
        client = shop(ground, hub, **{"http.attempt_ms": attempt_ms, "http.idle_ms": attempt_ms, "pull.give_up_ms": 300_000})
        lateness = Lateness()
        client.submit(order("LATE", orderItems=[{"sku": hub.some_sku(), "quantity": 1}]))
        rows = 0
        if attempt_ms > 8000:
            flush_until(client, lambda: state_of(client, "LATE")["verdict"] == "applied", "the order", 60, lateness)
            with client.pull("listings") as pull:
                for _ in range(200):
                    with lateness.kept(200):
                        page = pull.next(200)
                    rows += len(page or ())
                    if pull.is_done:
                        break
            assert rows == 12, rows
        else:
            flush_until(client, lambda: attempts_of(client, "LATE"), "an attempt", 60, lateness)
            assert attempts_of(client, "LATE")[0]["verdict"] == "possibly_applied"
        assert not [e for e in hub.journal() if e["status"] == 429], "a 429"
        return f"{len(hub.journal())} requests", lateness

    (slow, first), (tight, second) = together([("allowed 20 s", lambda: one(20_000)), ("allowed 3 s", lambda: one(3000))])
    return f"4 s and up to 2 s more: applied and read whole with 20 s ({slow}), possibly applied with 3 s ({tight}), 0 429s at a strict limiter; {first}; {second}"


@row("N-19", waits=True)
def a_line_of_64_kbit(ground: Ground) -> str:
    Island(ground).enter().slow("64kbit")
    hub = ground.enter_context(WireHub(rows=250))
    whole = len(hub.page(Seen("GET", "/", {}, b"")))
    lateness = Lateness()
    began = time.monotonic()
    try_list(ground, hub=hub, lateness=lateness, **{"http.idle_ms": 10_000})
    took = time.monotonic() - began
    assert took >= whole * 8 / 64_000 * 0.6, f"{whole} bytes in {took:.1f} s: the line was not slow"
    tight = shop(ground, hub, **{"http.attempt_ms": 1000, "http.idle_ms": 1000})
    with tight.pull("listings") as pull, lateness.kept(2500):
        assert pull.next(2500) is None, "a page came faster than the line"
    return f"{whole} bytes over 64 kbit/s: all 250 rows after {took:.1f} s; with 1 s allowed nothing partial; {lateness}"


@row("N-20", waits=True)
def loss_of_30_percent(ground: Ground) -> str:
    island = Island(ground).enter()
    hub = ground.enter_context(WireHub(rows=60))
    plain = {"http.idle_ms": 20_000, "http.connect_ms": 20_000, "http.attempt_ms": 60_000, "pull.give_up_ms": 300_000}
    with island.with_rules(f"tcp dport {hub.port} numgen random mod 100 < 30 counter drop", f"tcp sport {hub.port} numgen random mod 100 < 30 drop"):
        began = time.monotonic()
        lateness = Lateness()
        from orders import order

        client = shop(ground, hub, **plain)
        numbers = [f"L-{n}" for n in range(5)]
        for number in numbers:
            client.submit(order(number))
        flush_until(client, lambda: all(state_of(client, n)["verdict"] == "applied" for n in numbers), "five orders", 80, lateness)
        for number in numbers:
            agree(client, hub, number)
        try_list(ground, hub=hub, lateness=lateness, seconds=80, **plain)
        took = time.monotonic() - began
        lost = island.counted()
    assert lost > 3, "hardly a packet was lost"
    return f"30 % loss each way ({lost} packets of ours lost): 5 orders once each, 60 rows, in {took:.1f} s; {lateness}"
