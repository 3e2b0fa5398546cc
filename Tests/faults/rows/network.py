"""Section N: names, connections and bytes that go wrong between the library and the hub."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from typing import Any

from rig import host, native
from rig.authority import Authority
from rig.ground import Ground
from rig.island import Island
from rig.register import control, row
from rig.trial import (
    GRACE_S, Lateness, agree, attempts_of, flush_until, in_background, shop, state_of, through, together, try_list, try_order, wait_until)
from rig.wirehub import Peer, Seen, WireHub, is_post

BIG = {"ballast": "x" * 900_000}


def named_hub(ground: Ground, *, name: str = "hub.test", address: str = "127.0.0.1", **more: Any) -> "tuple[WireHub, dict[str, Any]]":
    """A TLS hub with a name, and the config that trusts it."""
    authority = Authority(ground)
    hub = ground.enter_context(WireHub(authority.context(), host=address, name=name, **more))
    return hub, {"http.ca_file": authority.file}


def failing_call(client: Any, wait_ms: int, lateness: Lateness) -> Any:
    """A named call that cannot succeed; its error."""
    from flxchannel import FlxError

    try:
        with lateness.kept(wait_ms):
            client.call("getListingVariantsCount", wait_ms=wait_ms)
    except FlxError as error:
        return error
    raise AssertionError("a call succeeded that could not")


# --- Names ------------------------------------------------------------------------------------------------------------


@row("N-01", set="core", waits=True)
def a_name_that_does_not_exist(ground: Ground) -> str:
    names = Island(ground).enter().name_server()
    hub, config = named_hub(ground)
    lateness = Lateness()
    error = failing_call(shop(ground, hub, **config), 3000, lateness)
    assert error.name == "FLX_E_CONNECT" and "hub.test" in str(error), error

    def healed(_: WireHub) -> None:
        assert hub.connections == 0
        names.names = {"hub.test": ["127.0.0.1"]}

    end = try_order(ground, None, hub=hub, verdict="not_applied", says="hub.test", after_first=healed, lateness=lateness, **config)
    assert end["posts"] == 1
    return f"no such name: {error.name}, order not applied ({len(names.asked)} questions), applied once the name is there; {lateness}"


@row("N-02", set="core", waits=True)
def a_name_server_that_never_answers(ground: Ground) -> str:
    names = Island(ground).enter().name_server()
    hub, config = named_hub(ground)
    names.names = None
    lateness = Lateness()
    client = shop(ground, hub, **config)
    for wait_ms in (100, 1000, 2000):
        failing_call(client, wait_ms, lateness)
    with lateness.kept(500):
        client.flush(500)
    with client.pull("listings") as pull, lateness.kept(500):
        assert pull.next(500) is None
    began = time.monotonic()
    client.close()
    closing = time.monotonic() - began
    assert closing <= GRACE_S, f"closing waited {closing:.1f} s for the resolver"

    def healed(_: WireHub) -> None:
        names.names = {"hub.test": ["127.0.0.1"]}

    try_order(ground, None, hub=hub, verdict="not_applied", after_first=healed, lateness=lateness, **config)
    return f"silent name server: calls of 0.1, 1 and 2 s, a flush, a pull, then an order not applied and healed; {lateness}; close took {closing * 1000:.0f} ms"


@row("N-03", waits=True)
def addresses_that_are_dead_or_change(ground: Ground) -> str:
    names = Island(ground).enter().name_server()
    hub, config = named_hub(ground, address="127.0.0.3")
    shown = []
    for dead in (["127.0.0.2", "127.0.0.3"], ["::1", "127.0.0.3"], ["fd00::1", "127.0.0.3"]):
        names.names = {"hub.test": dead}
        client = shop(ground, hub, **config)
        assert client.call("getListingVariantsCount", wait_ms=8000)["status"] == 200
        client.close()
        shown.append(dead[0])
    names.names = {"hub.test": ["fd00::1"]}
    error = failing_call(shop(ground, hub, **config), 4000, Lateness())
    assert error.name == "FLX_E_CONNECT", error

    # The hub moves while a client is busy: it must follow within a minute although its old place still answers.
    names.names = {"hub.test": ["127.0.0.3"]}
    moved = WireHub(hub.context, host="127.0.0.4", name="hub.test", port=hub.port)
    ground.enter_context(moved)
    speed = 15
    code = """
c = client()
say(status=c.call("getListingVariantsCount", wait_ms=600000)["status"])
sys.stdin.readline()
began = time.monotonic()
while time.monotonic() - began < 130:
    c.call("getListingVariantsCount", wait_ms=600000)
    time.sleep(2)
"""
    process = host.start(ground, code, host.config(ground, hub, **config, **{"http.connect_ms": 300_000}), **host.fast_clock(speed))
    assert process.stdout and process.stdin
    assert json.loads(process.stdout.readline())["status"] == 200
    names.names = {"hub.test": ["127.0.0.4"]}
    before = len(hub.seen)
    began = time.monotonic()
    process.stdin.write("\n")
    process.stdin.flush()
    host.finish(process)
    assert moved.seen, "the new address was never asked"
    stayed = (hub.seen[-1].at - began) * speed if len(hub.seen) > before else 0.0
    assert stayed <= 75, f"the old address was asked for {stayed:.0f} s"
    return (
        f"dead first address ({', '.join(shown)}): the next was tried in the same call; only a dead IPv6: {error.name}; "
        f"moved hub: old address asked for {stayed:.0f} s more (clock x{speed}), {len(moved.seen)} requests at the new one")


# --- No connection -----------------------------------------------------------------------------------------------------


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


# --- Silence -----------------------------------------------------------------------------------------------------------


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


# --- Answers that are cut -----------------------------------------------------------------------------------------------


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


# --- Outages ------------------------------------------------------------------------------------------------------------


def outage(ground: Ground, minutes: float, speed: float) -> str:
    """The network goes for `minutes` of the host's clock, which goes `speed` times as fast as ours."""
    island = Island(ground).enter()
    hub = ground.enter_context(WireHub())
    code = """
minutes = float(sys.argv[1])
c = client()
numbers = [f"O-{n:02d}" for n in range(20)]
c.call("getListingVariantsCount", wait_ms=600000)
say(ready=True); sys.stdin.readline()
for number in numbers: c.submit(order(number))
began = time.monotonic()
while time.monotonic() - began < minutes * 60:
    c.flush(5000); time.sleep(0.5)
say(over=True); sys.stdin.readline()
began = time.monotonic()
while any(row["state"] != "resolved" for row in c.outbox()):
    assert time.monotonic() - began < 1800, c.outbox()
    c.flush(5000)
say(back=time.monotonic() - began, verdicts=[row["verdict"] for row in c.outbox()], first=[c.history(n)["events"][-1]["at"] for n in numbers])
"""
    environment = host.fast_clock(speed) if speed != 1 else {}
    settings = host.config(ground, hub, **{"http.connect_ms": 300_000, "http.attempt_ms": 600_000, "http.idle_ms": 600_000, "state.wait_ms": 600_000})
    process = host.start(ground, code, settings, str(minutes), **environment)
    assert process.stdout and process.stdin
    process.stdout.readline()
    # Refused at once and counted: each SYN is one try.
    island.rules(f"tcp dport {hub.port} tcp flags & (syn|ack) == syn counter reject with tcp reset", f"tcp dport {hub.port} reject with tcp reset")
    process.stdin.write("\n")
    process.stdin.flush()
    wait_until(lambda: island.counted() >= 5, "five failures", 60)
    minute = 60 / speed
    time.sleep(minute)
    after_first_minute = island.counted()
    counted_from = time.monotonic()
    assert process.stdout.readline(), "the host ended"
    tries = island.counted() - after_first_minute
    spent = (time.monotonic() - counted_from) * speed
    assert tries <= spent / 30 + 2, f"{tries} tries in {spent:.0f} s"
    assert tries >= 1, "nobody tried: the outage shows nothing"
    island.rules()
    process.stdin.write("\n")
    process.stdin.flush()
    said = host.finish(process, 120 + 60 * minutes / speed)[-1]
    assert said["verdicts"] == ["applied"] * 20, said
    assert sorted(hub.taken) == [f"O-{n:02d}" for n in range(20)], f"lost or twice: {hub.taken}"
    shift = max(abs(int(number[2:]) - place) for place, number in enumerate(hub.taken))
    assert shift <= 4, f"an order came {shift} places off its turn: {hub.taken}"  # a few are on their way at a time
    return f"{minutes:g} min without network (clock x{speed:g}): {tries} tries in {spent:.0f} s after the first minute, 20 orders back in order within {said['back']:.0f} s, each once"


@row("N-21", waits=True)
def ten_minutes_without_network(ground: Ground) -> str:
    return outage(ground, 10, 40)


@row("N-21", set="long", timeout_s=1500, waits=True)
def ten_minutes_in_true_time(ground: Ground) -> str:
    return outage(ground, 10, 1)


def idle(ground: Ground, pause_s: float, speed: float) -> str:
    """A kept connection is idle, then its packets vanish: a read may fail once, an order never."""
    island = Island(ground).enter()
    hub = ground.enter_context(WireHub())
    code = """
pause = float(sys.argv[1])
c = client()
c.call("getListingVariantsCount", wait_ms=600000)
say(ready=True); sys.stdin.readline()
time.sleep(pause)
failed = 0
while True:
    try:
        c.call("getListingVariantsCount", wait_ms=600000); break
    except FlxError as error:
        failed += 1
        assert failed < 5, error
c.submit(order("IDLE"))
while c.outbox()[0]["state"] != "resolved": c.flush(1000)
events = [e["verdict"] for e in c.history("IDLE")["events"] if e["what"] == "posted"]
say(failed=failed, events=events)
"""
    environment = host.fast_clock(speed) if speed != 1 else {}
    quiet_ms = int(2000 * speed)
    settings = host.config(ground, hub, **{"http.connect_ms": 300_000, "http.attempt_ms": 600_000, "http.idle_ms": quiet_ms})
    process = host.start(ground, code, settings, str(pause_s), **environment)
    assert process.stdout and process.stdin
    process.stdout.readline()
    ports = island_ports(hub)
    island.rules(*(f"tcp sport {port} counter drop" for port in ports), *(f"tcp dport {port} drop" for port in ports))
    process.stdin.write("\n")
    process.stdin.flush()
    said = host.finish(process, 120 + pause_s / speed)[-1]
    assert said["failed"] <= 1, f"{said['failed']} reads failed"
    assert said["events"] == ["applied"], said
    assert len(hub.posts()) == 1
    return f"idle {pause_s:g} s (clock x{speed:g}), old flow dropped: {said['failed']} read failed, order applied with its first attempt"


def island_ports(hub: WireHub) -> "list[int]":
    """The client's ports of the connections that a hub has."""
    found = []
    for line in open("/proc/self/net/tcp").read().splitlines()[1:]:
        _, local, remote, state = line.split()[:4]
        if state == "01" and int(remote.split(":")[1], 16) == hub.port:
            found.append(int(local.split(":")[1], 16))
    assert found, "no connection is kept"
    return found


@row("N-22", waits=True)
def a_kept_connection_that_vanished(ground: Ground) -> str:
    return idle(ground, 20, 1)


@row("N-22", waits=True)
def a_kept_connection_that_vanished_long_ago(ground: Ground) -> str:
    return idle(ground, 600, 60)


@row("N-22", set="long", timeout_s=900, waits=True)
def a_kept_connection_that_vanished_in_true_time(ground: Ground) -> str:
    return idle(ground, 600, 1)


# --- Answers out of turn ------------------------------------------------------------------------------------------------


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
    "SETTINGS and GOAWAY": bytes.fromhex("000000040000000000" "0000080700000000000000000000000000"),
    "SETTINGS and RST_STREAM REFUSED_STREAM": bytes.fromhex("000000040000000000" "00000403000000000100000007"),
    "SETTINGS, HEADERS and RST_STREAM": bytes.fromhex("000000040000000000" "00000101040000000188" "00000403000000000100000002"),
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


# --- The host's process --------------------------------------------------------------------------------------------------


@row("N-26", set="core", waits=True)
def no_descriptor_left(ground: Ground) -> str:
    hub = ground.enter_context(WireHub())
    code = """
import resource
c = client()
c.call("getListingVariantsCount", wait_ms=8000)
c.submit(order("ALONE"))
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
own = open(__import__("os").devnull); seen = {}; late = (0, 0, ""); right = 0
for room in (0, 1, 2, 3, 4, 6, 12):
    resource.setrlimit(resource.RLIMIT_NOFILE, (60, hard))
    held = []
    try:
        while True: held.append(os.dup(own.fileno()))
    except OSError: pass
    for _ in range(room): os.close(held.pop())
    def pull():
        with c.pull("listings") as p: p.next(300)
    for name, what in {
        "flush": lambda: c.flush(300), "submit": lambda: c.submit(order(f"FD-{room:02d}")), "pull": pull,
        "call": lambda: c.call("getListingVariantsCount", wait_ms=300), "open": lambda: Client(**{**CONFIG, "channel": "other"}).close(),
    }.items():
        began = time.monotonic()
        try: what(); right += 1
        except FlxError as error: seen.setdefault(error.name, set()).add(str(error)[:120])
        late = max(late, (time.monotonic() - began - 0.3, room, name))
    for fd in held: os.close(fd)
    own.seek(0)
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
before = time.monotonic()
while any(r["state"] != "resolved" for r in c.outbox()):
    assert time.monotonic() - before < 60, c.outbox()
    c.flush(500)
say(seen={k: sorted(v) for k, v in seen.items()}, late=late, right=right, verdicts=[r["verdict"] for r in c.outbox()],
    attempts={r["number"]: r["attempts"] for r in c.outbox()})
"""
    said = host.finish(host.start(ground, code, host.config(ground, hub, **{"http.idle_ms": 1500})))[-1]
    assert said["late"][0] <= GRACE_S, f"a call was late: {said['late']} (s, descriptors left, call); {said['seen']}"
    assert "FLX_E_CLIENT_BUSY" not in said["seen"], f"a lock file that could not be opened passes for somebody else's lock: {said['seen']['FLX_E_CLIENT_BUSY']}"
    assert said["seen"] and "FLX_E_INTERNAL" not in said["seen"], said["seen"]
    assert set(said["verdicts"]) == {"applied"}, said
    for number, attempts in said["attempts"].items():
        assert hub.taken.count(number) == 1 and len(hub.posts(number)) <= attempts, (number, attempts)
    return (
        f"limit of descriptors with 0 to 12 left: {sum(map(len, said['seen'].values()))} clear errors ({', '.join(sorted(said['seen']))}), {said['right']} calls done, "
        f"host's file fine, {len(said['verdicts'])} orders applied once each after; worst {said['late'][0] * 1000:+.0f} ms")


@row("N-27", set="core", waits=True)
def no_broken_pipe_reaches_the_host(ground: Ground) -> str:
    """SIGPIPE at its default ends a process; the peer closes in the middle of a body of megabytes, plain and in TLS."""
    authority = Authority(ground)
    code = """
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
seen = []
c = client()
for n in range(3):
    c.submit(order(f"PIPE-{n}", extra={"ballast": "x" * 900_000}))
    for _ in range(60):
        c.flush(200)
        if len([e for e in c.history(f"PIPE-{n}")["events"] if e["what"] == "posted"]): break
    for size in (1, 8, 30):
        try: c.call("updateShipments", wait_ms=4000, body=[{"id": "1", "carrier": "x" * 1000}] * (size * 1000))
        except FlxError as error: seen.append(error.name)
assert signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL and not signal.sigpending()
say(seen=seen, verdicts=[r["verdict"] for r in c.outbox()])
os.write(2, b"")
"""
    def one(hub: WireHub, **config: Any) -> Any:
        def slam(peer: Peer, _: Seen) -> None:
            time.sleep(0.05)
            peer.reset()

        hub.fault(slam, lambda request: request.method in ("POST", "PATCH"), 0, is_early=True)
        said = host.finish(host.start(ground, code, host.config(ground, hub, state_dir=str(ground.folder / f"s{hub.port}"), **config)))[-1]
        assert set(said["verdicts"]) <= {"possibly_applied", "not_applied"}, said
        return len([one for one in hub.seen if not one.is_complete])

    plain, tls = ground.enter_context(WireHub()), ground.enter_context(WireHub(authority.context()))
    for hub in (plain, tls):
        (ground.folder / f"s{hub.port}").mkdir(mode=0o700)
    cut = together([("plain", lambda: one(plain)), ("TLS", lambda: one(tls, **{"http.ca_file": authority.file}))])
    assert all(cut), "no body was cut"
    return f"peer resets in the middle of large bodies ({cut[0]} plain, {cut[1]} TLS): SIGPIPE at its default, host alive, none pending"


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
        environment = {name: trap.url for name in PROXY_NAMES}
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


@row("N-30", set="core", waits=True)
def a_storm_of_signals(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=120,history=off,exceptions=off", pool__size=1000, pool__refill=1000, latency__ms=100)
    code = """
ours, wakeup = os.pipe(); os.set_blocking(wakeup, False); os.set_blocking(ours, False)
signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)  # a byte for every signal that was delivered
signal.signal(signal.SIGALRM, lambda *_: None)
signal.siginterrupt(signal.SIGALRM, True)
c = client()
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
rows = 0
with c.pull("listings_to_sync", page_size=5) as pull:
    for page in pull: rows += len(page)
for n in range(5): c.submit(order(f"EINTR-{n}"))
while any(r["state"] != "resolved" for r in c.outbox()): c.flush(1000)
late = []
for _ in range(3):
    began = time.monotonic(); c.call("getListingVariantsCount", wait_ms=5000); late.append(time.monotonic() - began)
signal.setitimer(signal.ITIMER_REAL, 0)
attempts = [r["attempts"] for r in c.outbox()]
say(rows=rows, count=len(os.read(ours, 1 << 20)), verdicts=[r["verdict"] for r in c.outbox()], attempts=attempts)
"""
    said = host.finish(host.start(ground, code, host.config(ground, hub)))[-1]
    assert said["rows"] == len(hub.get("listings?waiting=sync&limit=1000")) and said["verdicts"] == ["applied"] * 5, said
    assert said["attempts"] == [1] * 5, "a signal cost an attempt"
    assert said["count"] > 300, f"{said['count']} signals are no storm"
    return f"{said['count']} SIGALRMs without SA_RESTART: {said['rows']} rows, 5 orders with 1 attempt each"


# --- The deadline's checker ------------------------------------------------------------------------------------------------


@control("a call over its deadline")
def a_late_call_is_seen(ground: Ground) -> str:
    """One that returns late, and one that raises late, as calls with a deadline do."""
    seen = []
    for raised in (None, TimeoutError("the deadline is over")):
        try:
            with Lateness().kept(100):
                time.sleep(0.1 + GRACE_S + 0.2)
                if raised:
                    raise raised
        except AssertionError as error:
            assert error.__context__ is raised, "what the call raised is lost"
            seen.append(str(error))
        except TimeoutError:
            pass
    assert len(seen) == 2, f"a call that was late passed; seen: {seen}"
    return f"the checker saw: returned, {seen[0]}; raised, {seen[1]}"


@control("a host that dies of SIGPIPE")
def a_broken_pipe_is_seen(ground: Ground) -> str:
    """The same kind of host, writing to a closed socket itself, must be seen to end."""
    code = """
import socket
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
a, b = socket.socketpair(); b.close(); a.send(b"x")
"""
    try:
        host.finish(host.start(ground, code, {}))
    except AssertionError as error:
        assert f"ended with -{int(signal.SIGPIPE)}" in str(error), error
        return "the checker saw the host end with SIGPIPE"
    raise AssertionError("a host that died of SIGPIPE passed")
