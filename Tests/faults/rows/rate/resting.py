"""R-13: orders of a host that does not ask for a slot all the time, at a hub whose slots are far apart."""

from __future__ import annotations

import math
import threading
import time
from typing import Any

from rig import host, machine
from rig.ground import Ground
from rig.register import row
from rig.trial import shop, state_of, wait_until
from rig.wirehub import Seen, WireHub, is_post

REST_S, KEPT_S = 0.5, 0.7
"""How long the host rests, and how long a slot is kept for it from when it asked last."""


POLLER = """
c = client()
while True:
    try:
        with c.pull("listings", cursor=sys.argv[1], page_size=5) as pull:
            for page in pull.pages(3000): pass
    except FlxError: pass
"""
"""It polls until it is ended."""

CALLER = """
c = client()
while True:
    try: c.call("getListingVariantsCount", wait_ms=5000)
    except FlxError: pass
"""
"""The same with questions of a person, which wait for orders as polls do."""


def slow_hub(ground: Ground, waves: int) -> WireHub:
    """A hub without headers that refuses every other request until the window was widened so often: with each wave of 429 the
    slots of all hosts are half as much again apart, from half a second."""
    hub = ground.enter_context(WireHub())
    hub.pool = False
    lock = threading.Lock()
    came = [0]

    def limit(_: Seen) -> bool:
        with lock:
            came[0] += 1
            return came[0] <= 2 * waves and came[0] % 2 == 0

    hub.limit = limit
    return hub


def polled(ground: Ground, waves: int, code: str = POLLER) -> "tuple[WireHub, dict[str, Any]]":
    """Such a hub and its four pollers or callers, when the window is as wide as it gets."""
    hub = slow_hub(ground, waves)
    folder = ground.folder / f"polled-{hub.port}"
    folder.mkdir(mode=0o700)
    settings = {**host.config(ground, hub), "state_dir": str(folder), "log.level": "error"}
    for number in range(4):
        host.start(ground, code, settings, f"p{number}")
    wait_until(lambda: len(hub.seen) >= 2 * waves + 2, "the window to be wide", 90)
    return hub, settings


def slots_before(hub: WireHub, asked: float, number: str) -> int:
    """Polls that came after an order asked for a slot, and before it had one, if it ever had; what was on its way then does not
    count."""
    sent = next((one.at for one in hub.seen if is_post(one) and number.encode() in one.body), math.inf)
    return sum(not is_post(one) and asked + 0.15 < one.at < sent for one in hub.seen)


@row("R-13", waits=True, timeout_s=200)
def rests_between_slices(ground: Ground) -> str:
    from orders import order

    machine.watch()
    hub, settings = polled(ground, 2)
    client = shop(ground, hub, state_dir=settings["state_dir"])
    lost: "list[int]" = []
    late = 0
    while len(lost) < 12 and late < 12:
        number = f"REST-{len(lost)}-{late}"
        seen = len(hub.seen)
        wait_until(lambda seen=seen: len(hub.seen) > seen, "a poll")  # of eight slots one is theirs, whoever waits
        client.submit(order(number))
        client.flush(20)
        asked = last = time.monotonic()
        longest = 0.0
        while state_of(client, number)["state"] in ("queued", "sending"):
            time.sleep(REST_S)
            client.flush(20)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        if longest > KEPT_S - 0.05:  # this machine, not the host, made it longer
            late += 1
        else:
            lost.append(slots_before(hub, asked, number))
    assert len(lost) >= 6, f"the machine is so late that only {len(lost)} orders say something"
    assert sum(lost) <= 2, f"{lost} polls had slots of orders whose host rested for {REST_S} s"
    return f"host rests {REST_S} s between slices of 20 ms, {len(lost)} orders: {lost} polls before each"


@row("R-13", waits=True, timeout_s=200)
def beside_callers(ground: Ground) -> str:
    """No poll has a slot here: what is due to polls must not let every question go before an order."""
    from orders import order

    began = time.monotonic()
    machine.watch()
    hub, settings = polled(ground, 2, CALLER)
    client = shop(ground, hub, state_dir=settings["state_dir"])
    seen = len(hub.seen)
    wait_until(lambda: len(hub.seen) >= seen + 8, "eight slots without a poll")
    lost: "list[int]" = []
    for n in range(8):
        seen = len(hub.seen)
        wait_until(lambda seen=seen: len(hub.seen) > seen, "a question")
        client.submit(order(f"ASK-{n}"))
        client.flush(20)
        asked = time.monotonic()
        while state_of(client, f"ASK-{n}")["state"] in ("queued", "sending"):
            client.flush(200)
        lost.append(slots_before(hub, asked, f"ASK-{n}"))
    assert sum(lost) <= 2 + int(4 * machine.lateness(began)), f"{lost} questions had slots of orders whose host asked all the time"
    return f"four hosts that ask single questions and never poll, 8 orders: {lost} questions before each"


OBEYS = """
c = client()
for n in range(3):
    number = f"OBEY-{sys.argv[1]}-{n}"
    c.submit(order(number))
    asked = time.monotonic()
    while time.monotonic() - asked < 40:
        report = c.flush(int(sys.argv[1]))
        if not report.waiting["orders"]: break
        time.sleep(max(0, report.next_in_ms) / 1000)
    say(number=number, asked=asked)
"""
"""A host that flushes for so long at a time, and comes back when it is told to."""


@row("R-13", waits=True, timeout_s=200)
def comes_back_as_told(ground: Ground) -> str:
    machine.watch()
    hub, settings = polled(ground, 5)
    began = time.monotonic()
    done = {}
    for budget in ("0", "1000", "3300"):
        said = host.finish(host.start(ground, OBEYS, settings, budget), 180)
        done[budget] = [slots_before(hub, one["asked"], one["number"]) for one in said]
        most = 1 + int(4 * machine.lateness(began))
        assert len(said) == 3 and max(done[budget]) <= most, f"{done} polls had slots of orders whose host came back as it was told to"
    return f"slots 3.8 s apart, hosts that flush for 0, 1 and 3.3 s and come back as told: {done} polls before each of 3 orders"
