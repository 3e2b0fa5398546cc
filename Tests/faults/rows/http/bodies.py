"""Section H: bodies that do not end, come too late or hold too much."""

from __future__ import annotations

import json
import time
from typing import Any

from rig import host
from rig.ground import Ground
from rig.register import row
from rig.trial import Lateness, shop, through, together, try_list, try_order
from rig.wirehub import Peer, Seen, WireHub


@row("H-26", set="core", waits=True)
def a_body_without_end(ground: Ground) -> str:
    lateness = Lateness()

    def fast(peer: Peer, request: Seen) -> None:
        peer.send(peer.hub.head("200 OK", None, "Connection: close"), "[")
        for _ in range(200):
            peer.send(b"1," * 500_000)

    def slow(peer: Peer, request: Seen) -> None:
        peer.send(peer.hub.head("200 OK", None, "Connection: close"), "[")
        for _ in range(80):
            peer.send(b"1," * 100)
            time.sleep(0.1)

    limits = {"http.body_bytes": 1 << 20, "http.attempt_ms": 3000}
    trials = through(ground, "fast", fast, lateness=lateness, **limits) + through(ground, "slow", slow, lateness=lateness, **limits)
    done = together(trials)
    assert "larger" in done[0]["message"], done[0]["message"]
    assert 2500 <= done[2]["lasted_ms"] <= 4500, done[2]["lasted_ms"]
    return f"endless and fast: stopped at the cap ({done[0]['message'][:60]}); endless and slow: ended after {done[2]['lasted_ms']} ms of 3,000; {lateness}"


@row("H-27", set="core", waits=True)
def the_right_answer_too_late(ground: Ground) -> str:
    from flxchannel import FlxError, Verdict

    lateness = Lateness()

    def late(peer: Peer, request: Seen) -> None:
        body = json.dumps(peer.hub.take(request))
        time.sleep(2.5)
        peer.answer(body, "201 Created")

    end = try_order(ground, late, verdict="possibly_applied", lateness=lateness, **{"http.attempt_ms": 1500, "http.idle_ms": 1500})
    assert end["posts"] == 1, "the late success was reconciled by a look-up"
    hub = ground.enter_context(WireHub())
    hub.fault(lambda peer, _: (time.sleep(2.5), peer.answer(b"{}")) and None, lambda request: request.method == "PATCH", 0)
    client = shop(ground, hub)
    client.call("getListingVariantsCount", wait_ms=8000)
    try:
        with lateness.kept(1000):
            client.call("updateOrderStatus", id="5000", status="Canceled", wait_ms=1000)
        raise AssertionError("an answer came before it was sent")
    except FlxError as error:
        assert error.verdict == Verdict.POSSIBLY_APPLIED, error
    return f"success after the deadline: order possibly applied, found by look-up, 1 POST; named write possibly applied; {lateness}"


@row("H-28", set="core", waits=True)
def every_connection_is_closed(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=20,history=off,exceptions=off", connection="close", pool__size=4000, pool__refill=1000)
    code = """
c = client()
c.call("getListingVariantsCount", wait_ms=9000)
before = len(os.listdir("/proc/self/fd"))
for _ in range(int(sys.argv[1])): c.call("getListingVariantsCount", wait_ms=9000)
for n in range(10): c.submit(order(f"C-{n}"))
while any(r["state"] != "resolved" for r in c.outbox()): c.flush(1000)
after = len(os.listdir("/proc/self/fd"))
say(before=before, after=after, threads=len(os.listdir("/proc/self/task")), verdicts=[r["verdict"] for r in c.outbox()])
"""
    count = ground.times(300, 60)
    said = host.finish(host.start(ground, code, host.config(ground, hub), str(count)))[-1]
    assert said["after"] <= said["before"] + 1 and said["threads"] == 1 and said["verdicts"] == ["applied"] * 10, said
    return f"Connection: close on each of {count} answers and 10 orders: {said['before']} descriptors before, {said['after']} after, {said['threads']} thread"


@row("H-29", set="core", waits=True)
def more_records_than_asked_for(ground: Ground) -> str:
    lateness = Lateness()

    def listed(count: int) -> WireHub:
        return ground.enter_context(WireHub(rows=count))

    def whole(count: int) -> "dict[str, Any]":
        return try_list(ground, hub=listed(count), lateness=lateness)

    def too_many() -> str:
        from flxchannel import ContractError

        hub = listed(10_001)
        client = shop(ground, hub)
        with client.pull("listings") as pull:
            end = time.monotonic() + 90
            try:
                while time.monotonic() < end:
                    with lateness.kept(200):
                        page = pull.next(200)
                    assert page is None and not pull.is_done, "a page over the cap was delivered, or taken for the end"
            except ContractError as error:
                assert all(row["at"] is None for row in client.cursors()), "the cursor moved"
                return str(error)
        raise AssertionError("a page over the cap was never reported")

    few, many, error = together([("3,000", lambda: whole(3000)), ("10,000", lambda: whole(10_000)), ("10,001", too_many)])
    asked = {one.query.get("pageSize") for one in few["hub"].reads()}
    return f"asked for {asked}, given {few['rows']} and {many['rows']} records: all delivered; 10,001: {error[:90]}, cursor unmoved; {lateness}"
