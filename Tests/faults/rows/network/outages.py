"""Section N: a network that is away for long."""

from __future__ import annotations

import time

from rig import host
from rig.ground import Ground
from rig.island import Island
from rig.register import row
from rig.trial import wait_until
from rig.wirehub import WireHub


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
