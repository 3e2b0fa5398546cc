"""Section H: failures of the hub."""

from __future__ import annotations

import itertools
import json
import random
import time
from collections.abc import Callable
from typing import Any

from rig import host
from rig.ground import Ground
from rig.register import control, row
from rig.trial import Lateness, through, together, try_order
from rig.wirehub import Peer, Seen, WireHub, is_post
from rows.http.answers import HTML, answer


@row("H-01", "H-15", set="core", waits=True)
def a_status_that_may_pass(ground: Ground) -> str:
    lateness = Lateness()
    trials = []
    for status in ("500 Oops", "502 Bad Gateway", "503 Unavailable", "504 Timeout", "408 Request Timeout", "425 Too Early"):
        trials += through(ground, status, answer(HTML, status, "Content-Type: text/html"), lateness=lateness)
        trials.append((f"{status}, order taken", lambda status=status: try_order(ground, answer("", status, is_taken=True), verdict="possibly_applied", lateness=lateness)))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {2}
    assert {one["posts"] for name, one in done.items() if name.endswith("taken")} == {1}
    return f"{len(trials)} trials (500, 502, 503, 504, 408, 425): possibly applied, looked up, applied with 1 effect; lists read again; {lateness}"


STORM = """
minutes, per_minute = float(sys.argv[1]), float(sys.argv[2])
c = client()
pull = c.pull("listings")
began, n = time.monotonic(), 0
while time.monotonic() - began < minutes * 60:
    while n < (time.monotonic() - began) / 60 * per_minute + 1:
        c.submit(order(f"S-{n:04d}")); n += 1
    c.flush(5000)
    for page in pull.pages(5000): pass
    if pull.is_done: pull.close(); pull = c.pull("listings")
say(orders=n); sys.stdin.readline()
began = time.monotonic()
while any(row["state"] != "resolved" for row in c.outbox(limit=10000)):
    assert time.monotonic() - began < 7200, [row for row in c.outbox(limit=10000) if row["state"] != "resolved"][:3]
    c.flush(10000); time.sleep(1)
say(back=time.monotonic() - began, wrong=[row for row in c.outbox(limit=10000) if row["verdict"] != "applied"])
"""


def repeats_of(hub: WireHub) -> "tuple[int, int]":
    """First attempts and repeats among the requests that a hub saw: a second POST of a number, a look-up, a page that is
    asked for again because its answer was a failure."""
    firsts = repeats = 0
    posted: "set[str]" = set()
    failed_page = False
    for one in list(hub.seen):
        if is_post(one):
            number = json.loads(one.body)["orderNumber"]
            repeats += number in posted
            firsts += number not in posted
            posted.add(number)
        elif "orderNumber" in one.query:
            repeats += 1
        else:
            repeats += failed_page
            firsts += not failed_page
            failed_page = one in hub.refused  # type: ignore[attr-defined]
    return firsts, repeats


def storm(
    ground: Ground, minutes: float, speed: float, failing: "Callable[[int], bool]", per_minute: float, copies_fail: "bool | None" = None,
) -> "dict[str, Any]":
    """A host that works while `failing` says of each request, by its number, that it is answered 503; then it drains.
    With `copies_fail` each request after a failed one arrives twice; it says whether the copy takes its turn at failing."""
    hub = ground.enter_context(WireHub())
    hub.pool = False  # two requests a second, as granted
    hub.refused = []  # type: ignore[attr-defined]
    numbers = itertools.count()

    def fits(request: Seen) -> bool:
        hit = failing(next(numbers))
        if hit:
            hub.refused.append(request)  # type: ignore[attr-defined]
        return hit

    def arrives_twice(_: Peer, request: Seen) -> None:
        if len(hub.seen) > 1 and hub.seen[-2] in hub.refused:  # type: ignore[attr-defined]
            hub.seen.append(request)
            if copies_fail:
                fits(request)

    if copies_fail is not None:
        hub.before = arrives_twice
    hub.fault(answer("", "503 Unavailable"), fits, 0)
    limits = {"http.connect_ms": 600_000, "http.attempt_ms": 600_000, "http.idle_ms": 600_000, "pull.give_up_ms": 86_400_000, "log.level": "error", "state.wait_ms": 600_000}
    process = host.start(ground, STORM, host.config(ground, hub, **limits), str(minutes), str(per_minute), **host.fast_clock(speed))
    assert process.stdout and process.stdin
    began = time.monotonic()
    line = process.stdout.readline()
    assert line, process.communicate()[1][-500:]
    orders = json.loads(line)["orders"]
    spent = (time.monotonic() - began) * speed
    firsts, repeats = repeats_of(hub)
    requests, failures = len(hub.seen), len(hub.refused)  # type: ignore[attr-defined]
    hub.heal()
    process.stdin.write("\n")
    process.stdin.flush()
    back = host.finish(process, 110)[-1]
    assert not back["wrong"] and len(hub.orders) == orders, f"{len(hub.orders)} of {orders} orders at the hub, {back['wrong'][:2]}"
    return {"firsts": firsts, "repeats": repeats, "requests": requests, "orders": orders, "spent": spent, "back": back["back"], "failing": failures, "hub": hub, "speed": speed}


SAVED_UP = 50
"""Repeats that may go before the budget is spent."""


BURST = 50


def judged_burst(done: "dict[str, Any]") -> "tuple[int, float]":
    """Raise unless a burst at the start met what the policy grants: a failed page costs one repeat, a failed POST a look-up and
    a second POST, and from the fifth failure on one probe goes in 30 s. Gives the bound on repeats and the burst's minutes."""
    failed = done["hub"].refused
    assert done["failing"] == BURST, f"only {done['failing']} of {BURST} failures were met"
    most = BURST + sum(is_post(one) for one in failed)
    assert done["repeats"] <= most + 2, f"{done['repeats']} repeats after {BURST} failures; they cost at most {most}"
    lasted = (failed[-1].at - failed[0].at) * done["speed"]
    least = (BURST - 5) * 30
    assert lasted >= 0.95 * least, f"{BURST} requests went within {lasted:.0f} s of failures; with a probe in 30 s it takes {least}"
    return most, lasted / 60


@row("H-02", waits=True)
def a_burst_of_50_failures(ground: Ground) -> str:
    done = storm(ground, 40, 150, lambda number: number < BURST, 0.25)
    most, minutes = judged_burst(done)
    return (
        f"{BURST} times 503 in a row (clock x150): {done['repeats']} repeats of at most {most}, spread over {minutes:.0f} min; {done['firsts']} first attempts in "
        f"{done['spent'] / 60:.0f} min, {done['orders']} orders applied once each, the last {done['back']:.0f} s after the end")


@control("H-02 repeats that arrive twice", waits=True)
def doubled_repeats_are_seen(ground: Ground) -> str:
    def seen(copies_fail: bool) -> str:
        try:
            with Ground(ground.seed) as own:
                judged_burst(storm(own, 40, 150, lambda number: number < BURST, 0.25, copies_fail))
        except AssertionError as error:
            return str(error)
        raise AssertionError("a burst whose repeats came twice passed")

    too_soon, too_many = together([("copies fail", lambda: seen(True)), ("copies do not", lambda: seen(False))])
    assert "within" in too_soon and "repeats" in too_many, (too_soon, too_many)
    return f"the checker saw: {too_soon}; {too_many}"


@row("H-03", waits=True, timeout_s=150)
def an_hour_of_failures(ground: Ground) -> str:
    done = storm(ground, 60, 150, lambda number: True, 0.5)
    assert done["requests"] <= done["spent"] / 30 + 10, f"{done['requests']} requests in {done['spent']:.0f} s of outage"
    assert done["back"] <= 1000, f"drained only {done['back']:.0f} s after the end"
    return (
        f"{done['spent'] / 60:.0f} min of 503 (clock x150): {done['requests']} requests, one in {done['spent'] / max(1, done['requests']):.0f} s; "
        f"{done['orders']} orders applied once each within {done['back']:.0f} s")


@row("H-03", waits=True, timeout_s=150)
def an_hour_in_which_a_third_fails(ground: Ground) -> str:
    """The breaker stays shut, so that the budget of repeats must hold."""
    choose = random.Random(ground.seed)
    in_a_row = [0]

    def failing(_: int) -> bool:
        in_a_row[0] = in_a_row[0] + 1 if in_a_row[0] < 3 and choose.random() < 0.4 else 0
        return in_a_row[0] > 0

    done = storm(ground, 60, 100, failing, 4)
    budget = 0.1 * done["firsts"] + SAVED_UP + done["spent"] / 10
    assert done["repeats"] <= budget + 5, f"{done['repeats']} repeats for {done['firsts']} first attempts in {done['spent']:.0f} s; the budget is {budget:.0f}"
    return (
        f"{done['failing']} of {done['requests']} answers 503, never four in a row, in {done['spent'] / 60:.0f} min (clock x100): {done['firsts']} first attempts, {done['repeats']} repeats of at most "
        f"{budget:.0f}; {done['orders']} orders applied once each, the last {done['back']:.0f} s after the end")


@row("H-03", set="long", timeout_s=600, waits=True)
def an_hour_in_true_time(ground: Ground) -> str:
    done = storm(ground, 60, 1, lambda number: True, 0.5)
    assert done["requests"] <= done["spent"] / 30 + 10
    return f"{done['spent'] / 60:.0f} min of 503 in true time: {done['requests']} requests, {done['orders']} orders applied within {done['back']:.0f} s"
