"""R-02 to R-04, R-11: the hub asks to wait."""

from __future__ import annotations

import email.utils
import time
from typing import Any

from rig import host, machine
from rig.ground import Ground
from rig.register import row
from rig.trial import agree, state_of, together, wait_until
from rig.wirehub import Peer, Seen, WireHub, is_post
from rows.http.answers import HTML
from rows.http.hints import at

WAITERS = """
c = client()
say(ready=True); sys.stdin.readline()
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
began, used = time.monotonic(), sum(os.times()[:2])
while not over.is_set():
    try:
        if sys.argv[1] != "order": c.call("getListingVariantsCount", wait_ms=5000)
        elif (report := c.flush(3000)).outcome != Outcome.AGAIN: time.sleep(min(report.next_in_ms or 200, 200) / 1000)
    except FlxError: pass
say(cpu=sum(os.times()[:2]) - used, seconds=time.monotonic() - began)
"""


def asked_to_wait(
    ground: Ground, lines: Any, *, least_s: float, speed: float = 1, status: str = "429 Too Many Requests", body: str = "", lasting_s: float = 0,
    most: "int | None" = None,
) -> str:
    """Five processes; the hub answers 429 to everybody until `lasting_s` (of the hosts' clock) are over, or once. They go on
    until the order has its end and four requests got through.

    Nobody asks before `least_s` are over, nobody spins, and the order that came meanwhile is what the hub sees first."""
    machine.watch()
    hub = ground.enter_context(WireHub())
    hub.pool = False
    folder = ground.folder / f"wait-{hub.port}"
    folder.mkdir(mode=0o700)
    limits = {"http.connect_ms": 600_000, "http.attempt_ms": 600_000, "http.idle_ms": 600_000, "state.wait_ms": 600_000}
    settings = {**host.config(ground, hub), "state_dir": str(folder), "log.level": "error", **(limits if speed != 1 else {})}
    environment = host.fast_clock(speed) if speed != 1 else {}
    hosts = [host.start(ground, WAITERS, settings, name, **environment) for name in ("poll", "poll", "poll", "poll", "order")]
    for one in hosts:
        assert one.stdout and one.stdout.readline(), one.communicate()[1][-400:]
    told: "list[float]" = []
    refused: "list[Seen]" = []

    def is_refused(_: Seen) -> bool:
        return not told or (time.monotonic() - told[0]) * speed < lasting_s

    def refuse(peer: Peer, request: Seen) -> None:
        told.append(time.monotonic())
        refused.append(request)
        peer.answer(body, status, *lines())

    hub.fault(refuse, is_refused, 0)
    from flxchannel import Client
    from orders import order

    with Client(**settings) as client:  # another process of the shop, which only submits
        nudge(hosts[:-1])
        wait_until(lambda: told, "the first refusal", 60)
        client.submit(order("MEANWHILE"))
        nudge(hosts[-1:])
        patience = 60 + 8 * max(least_s, lasting_s) / speed  # the last wait before the end may be as long as all before it, and more
        wait_until(lambda: len(hub.seen) - len(refused) >= 4 and any(map(is_post, hub.seen)), "four requests, one of them the order", patience)
        wait_until(lambda: state_of(client, "MEANWHILE")["state"] == "resolved", "the order's end", patience)
        nudge(hosts)
        said = [host.finish(one, patience)[-1] for one in hosts]
        assert state_of(client, "MEANWHILE")["verdict"] == "applied", client.outbox()
        late = machine.lateness(told[0])
        # On their way when the first was refused; a busy machine brings them late.
        wave = [one for one in hub.seen if one.at <= told[0] + min(0.15 + 2 * late, least_s / 2)]
        later = [one for one in hub.seen if one not in wave]
        waited = (later[0].at - told[0]) * speed
        slack = late * speed if speed > 1 else 0  # of a clock that is set when a process starts
        assert waited >= least_s - slack, f"somebody asked after {waited:.2f} s, not before {least_s} s were wanted"
        # The order has the first slot, but leaves only when that is committed: where machine and disk are slow the polls of that
        # time come before it, two a second. (With a fast clock the hosts' own time decides, and says nothing.)
        good = [one for one in hub.seen if one not in refused]
        before = 4 + int(4 * late)
        assert speed != 1 or any(is_post(one) for one in good[:before]), f"afterwards came {[one.method for one in good[:before + 2]]}, not the order; late {late:.2f} s; refused {[(one.method, round(one.at - told[0], 1)) for one in refused]} good {[(one.method, round(one.at - told[0], 1)) for one in good]} {client.history('MEANWHILE')['events']}"
        if most is not None:
            assert len(refused) <= most, f"{len(refused)} requests were refused in {lasting_s} s"
        spent = [(one["cpu"], one["seconds"] / speed) for one in said]
        assert all(cpu <= 0.2 * lasted + 0.3 for cpu, lasted in spent), f"a busy loop: {spent} s of processor in so many s of waiting"
        agree(client, hub, "MEANWHILE")
    return f"next request after {waited:.1f} s, {len(refused)} refused, {f'order is request {[is_post(one) for one in good].index(True) + 1}' if speed == 1 else 'order applied'}, {sum(cpu for cpu, _ in spent):.1f} s CPU of 5 processes"


def nudge(hosts: "list[Any]") -> None:
    """Each goes on, or has done enough."""
    for one in hosts:
        one.stdin.write("\n")
        one.stdin.flush()


def hint(*values: "str | float") -> Any:
    def lines() -> "list[str]":
        return [f"Date: {email.utils.formatdate(time.time(), usegmt=True)}", *(f"Retry-After: {value if isinstance(value, str) else at(value)}" for value in values)]
    return lines


@row("R-02", "R-03", "R-11", set="core", waits=True)
def everybody_waits(ground: Ground) -> str:
    plans: "dict[str, Any]" = {
        "R-02 no hint": lambda: asked_to_wait(ground, hint(), least_s=1.0),
        "R-02 no hint for 6 s": lambda: asked_to_wait(ground, hint(), least_s=1.0, lasting_s=6, most=10),
        "R-03 1 s": lambda: asked_to_wait(ground, hint("1"), least_s=1.0), "R-03 date": lambda: asked_to_wait(ground, hint(5.0), least_s=4.0),
        "R-11 HTML": lambda: asked_to_wait(ground, hint("3"), least_s=3.0, body=HTML),
        "R-11 HTML without hint": lambda: asked_to_wait(ground, hint(), least_s=1.0, body=HTML),
        "R-11 503 and hint": lambda: asked_to_wait(ground, hint("3"), least_s=3.0, status="503 Unavailable"),
    }
    done = together(list(plans.items()))
    return "; ".join(f"{name}: {said}" for name, said in zip(plans, done))


@row("R-03", waits=True)
def everybody_waits_two_minutes(ground: Ground) -> str:
    return "120 s (clock x15): " + asked_to_wait(ground, hint("120"), least_s=119.0, speed=15)


@row("R-03", set="long", waits=True, timeout_s=400)
def everybody_waits_two_minutes_in_true_time(ground: Ground) -> str:
    return "120 s: " + asked_to_wait(ground, hint("120"), least_s=119.9)


@row("R-03", waits=True)
def a_hint_outlives_the_process(ground: Ground) -> str:
    """The process that was told ends; another one, started later, waits for the rest."""
    hub = ground.enter_context(WireHub())
    hub.pool = False
    told: "list[float]" = []

    def refuse(peer: Peer, _: Seen) -> None:
        told.append(time.monotonic())
        peer.answer("", "429 Too Many Requests", "Retry-After: 6")

    hub.fault(refuse, lambda _: True, 1)
    code = """
try: client().call("getListingVariantsCount", wait_ms=int(sys.argv[1])); say(done=True)
except FlxError as error: say(name=error.name, retry_after_ms=error.retry_after_ms)
"""
    settings = host.config(ground, hub)
    first = host.finish(host.start(ground, code, settings, "3000"))[-1]
    assert first["name"] == "FLX_E_THROTTLED", first
    second = host.finish(host.start(ground, code, settings, "500"))[-1]
    assert second["name"] == "FLX_E_THROTTLED" and 1000 < second["retry_after_ms"] <= 6000, second
    third = host.finish(host.start(ground, code, settings, "12000"))[-1]
    assert third == {"done": True}, third
    waited = hub.seen[1].at - told[0]
    assert waited >= 6.0, f"asked after {waited:.2f} s of 6"
    return f"Retry-After 6 told to a process that ended: the next was told {second['retry_after_ms']} ms are left, the third asked after {waited:.2f} s"


@row("R-04", waits=True, timeout_s=400)
def a_minute_of_429(ground: Ground) -> str:
    """Its first minute, in true time: five processes wait longer and longer together. The long set has all ten."""
    return "1 min of 429: " + asked_to_wait(ground, hint(), least_s=1.0, lasting_s=60, most=12)


@row("R-04", set="long", waits=True, timeout_s=1900)
def ten_minutes_of_429_in_true_time(ground: Ground) -> str:
    return "10 min of 429: " + asked_to_wait(ground, hint(), least_s=1.0, lasting_s=600, most=40)
