"""C: clocks that are wrong, that step, and that jump. What the hub is sent is compared with a run at the true time."""

from __future__ import annotations

import concurrent.futures
import email.utils
import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from rig import broken
from rig.channel import FAST, PYTHONPATH, STRICT, Channel, finish, judge, posts, wait_for, wrong
from rig.ground import Ground
from rig.register import control, row

FAKETIME = next(
    (str(path) for path in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), "libfaketimeMT.so.1")

HUB_TIME = "2050-06-15T12:00:00Z"
"""Where the hub's clock stands still, after all that its catalogue bears, so that runs at different hours send the same."""

FAR = {
    "-1 s": "-1s", "+1 s": "+1s", "-60 s": "-60s", "+60 s": "+60s", "-1 h": "-1h", "+1 h": "+1h", "-2 d": "-2d", "+2 d": "+2d",
    "1970": "@1970-01-02 00:00:00", "2038": "@2038-01-19 03:14:00", "2106": "@2106-02-07 06:28:20"}


def faked(clock: str, *, monotonic: bool) -> "dict[str, str]":
    """The environment of a process whose clock is so; with `monotonic` its monotonic and boot clocks show the same."""
    return {
        "LD_PRELOAD": FAKETIME, "FAKETIME": clock, "TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "0" if monotonic else "1"}


def day(ground: Ground, name: str, environment: "dict[str, str]", library: "Path | None" = None) -> "tuple[Any, Any]":
    """A shop's day under a clock: what it was given, and what it sent."""
    hub = ground.hub("--seed", "variants=60", latency__ms=30, **FAST)  # an answer takes part of a second, never none
    # The catalogue's own dates follow the clock of this machine; as text they differ from run to run.
    hub.post("clock", {"freeze": HUB_TIME})
    config = Channel(ground, hub, name).config(channel="clock")
    shop = subprocess.run(
        [sys.executable, "-m", "rig.clock_shop", json.dumps(config)],
        env={**os.environ, "PYTHONPATH": PYTHONPATH, "FLXCHANNEL_LIBRARY": str(library or ground.library), **environment},
        capture_output=True, text=True, timeout=60)
    assert shop.returncode == 0, f"{name}: ended with {shop.returncode}: {shop.stderr[-500:]}"
    sent = [
        (entry["operation"], entry["query"], entry["request_sha256"], entry["status"], entry["effect"])
        for entry in hub.journal()]
    answers = [(one["queue"], one["id"], one["synced_at"]) for one in hub.get("answers")]
    assert any(one[2] for one in answers), "no answer with its instant arrived"
    return {"given": json.loads(shop.stdout), "answers": answers}, sent


def differences(true: "tuple[Any, Any]", other: "tuple[Any, Any]") -> "list[str]":
    """The checker: where a run is not as the one at the true time."""
    found = [f"{part} differs" for part in true[0]["given"] if true[0]["given"][part] != other[0]["given"][part]]
    if true[0]["answers"] != other[0]["answers"]:
        pairs = zip(true[0]["answers"], other[0]["answers"])
        found.append(f"answers differ: {next((pair for pair in pairs if pair[0] != pair[1]), 'in number')}")
    if true[1] != other[1]:
        pairs = zip(true[1], other[1])
        found.append(f"requests differ, {len(true[1])} and {len(other[1])}: {next((p for p in pairs if p[0] != p[1]), 'in number')}")
    return found


def compared(ground: Ground, runs: "dict[str, dict[str, str]]") -> str:
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        true = pool.submit(day, ground, "true", {})
        others = {name: pool.submit(day, ground, f"c{index}", set) for index, (name, set) in enumerate(runs.items())}
        what = true.result()
        for index, (name, other) in enumerate(others.items()):
            found = differences(what, other.result())
            for turn in range(2):  # a busy machine may take more than a second for an answer, and the instant is earlier then
                if found:
                    what = day(ground, f"true{index}-{turn}", {})
                    found = differences(what, day(ground, f"c{index}-{turn}", runs[name]))
            assert not found, f"clock {name}: {found}"
    records = sum(len(some) for some in what[0]["given"]["given"].values())
    instants = sorted({one[2] for one in what[0]["answers"] if one[2]})
    return f"{len(what[1])} requests, {records} records, {len(what[0]['answers'])} answers (syncedAt {', '.join(instants)})"


@row("C-01", set="core", timeout_s=120)
def wrong_clocks(ground: Ground) -> str:
    some = dict(list(FAR.items())[:: 1 if ground.scale >= 1 else 4])
    runs = {
        f"{name}{' and monotonic' if monotonic else ''}": faked(clock, monotonic=monotonic)
        for name, clock in some.items() for monotonic in (False, True)}
    figures = compared(ground, runs)
    return f"{len(runs)} clocks ({', '.join(some)}; each alone, and with monotonic and boot clock put to the same) give the transcript of the true time: {figures}"


@control("C-01: an answer with the host's instant", timeout_s=400)
def host_clock_is_seen(ground: Ground) -> str:
    """A build that takes the instant of its answers from the host's clock."""
    library = broken.library("host-clock")
    true, other = day(ground, "true", {}, library), day(ground, "fast", faked("+60s", monotonic=False), library)
    found = differences(true, other)
    assert any(one.startswith("answers differ") for one in found), f"not seen: {found}"
    return f"seen: {found[0][:160]}"


# --- C-02: steps ------------------------------------------------------------------------------------------------------

STEPPER = (
    "import select\n"
    "time.sleep = lambda s: select.select([], [], [], s)\n"  # Python's own sleeps until an instant, which the faking upsets
    "c = client()\n"
    "def step(to):\n    open(os.environ['FAKETIME_TIMESTAMP_FILE'], 'w').write(to + '\\n'); time.sleep(.05)\n"
    "step('+0')\n")


def stepper(channel: Channel, code: str, name: str, **more: str) -> Any:
    """A host whose wall clock the code moves with step('+3600')."""
    clock = channel.ground.folder / f"clock-{name}"
    clock.write_text("+0\n")
    return channel.python(
        STEPPER + code, LD_PRELOAD=FAKETIME, FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_NO_CACHE="1", TZ="UTC",
        FAKETIME_DONT_FAKE_MONOTONIC="1", **more)


def named(step: str) -> str:
    return step.replace("+", "p").replace("-", "m")


STEPS = ("+3600", "-3600", "+172800", "-172800")


@row("C-02", set="core", timeout_s=90)
def steps_in_a_walk(ground: Ground) -> str:
    """The clock steps between two pages: nothing is skipped, and the answers bear the hub's instant."""
    given = {}
    for step in ("+0", *STEPS):
        hub = ground.hub("--seed", "variants=100", latency__ms=30, **FAST)
        hub.post("clock", {"freeze": HUB_TIME})
        channel = Channel(ground, hub, f"walk{named(step)}")
        host = stepper(
            channel,
            "seen = []\n"
            "with c.pull('listings_to_sync', page_size=20) as pull:\n"
            "    for page in pull:\n"
            f"        seen += [r['id'] for r in page]; step('{step}')\n"
            "        c.ack(page.receipt, [{'id': r['id'], **({'confirm': r['changeToListingStatus']['handle']} if r.get('changeToListingStatus') else {})} for r in page])\n"
            f"while c.flush(1000).outcome.name == 'AGAIN': step('{step}')\n"
            "print(json.dumps(seen))\n", f"walk{step}")
        given[step] = (json.loads(finish(host)), [(one["id"], one["synced_at"]) for one in hub.get("answers")])
    assert given["+0"][0] and given["+0"][1]
    for step in STEPS:
        assert given[step] == given["+0"], f"step of {step} s in a walk changes what is delivered or answered"
    return f"steps of {', '.join(STEPS)} s between pages and before the flush: the same {len(given['+0'][0])} listings and answers"


@row("C-02", set="core", timeout_s=90)
def steps_in_a_backoff(ground: Ground) -> str:
    """An order and an answer wait for their next attempt when the clock steps."""
    told = []

    def one(step: str, early: bool) -> str:
        """The attempt fails at the stepped clock, or the clock steps after the failure."""
        hub = ground.hub("--seed", "tiny", **FAST)
        channel = Channel(ground, hub, f"back{named(step)}{int(early)}")
        hub.post("faults", {"do": "status", "status": 500, "operation": "createOrder", "times": 1})
        hub.post("faults", {"do": "status", "status": 500, "operation": "acknowledgeListingVariants", "times": 1})
        steps = (step, "+0") if early else ("+0", step)
        host = stepper(
            channel,
            "c.submit(order('B-1'))\n"
            "with c.pull('listings_to_sync') as pull:\n"
            "    page = pull.next(5000)\n"
            "    c.ack(page.receipt, [{'id': r['id'], **({'confirm': r['changeToListingStatus']['handle']} if r.get('changeToListingStatus') else {})} for r in page][:1])\n"
            "    while not pull.is_done: pull.next(1000)\n"
            f"step('{steps[0]}')\n"
            "end = time.monotonic() + 6\n"
            "while c.stats() and c.outbox()[0]['attempts'] < 1 and time.monotonic() < end: c.flush(200)\n"
            "c.flush(0)\n"
            f"step('{steps[1]}')\n"
            "end = time.monotonic() + 12\n"
            "while sum(c.flush(500).waiting.values()) and time.monotonic() < end: time.sleep(.02)\n"
            "print(json.dumps(c.flush(0).waiting))\n", f"back{step}{early}")
        left = json.loads(finish(host))
        assert not any(left.values()), f"step {steps} s: still waiting after 12 s: {left}"
        tries = len(posts(hub))
        acks = sum(entry["operation"] == "acknowledgeListingVariants" for entry in hub.journal())
        assert tries <= 3 and acks <= 3, f"step {steps} s: {tries} POSTs, {acks} answers: a storm"
        judge(channel, ["B-1"], is_killed=False)
        return f"{tries}/{acks}"

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(one, step, early) for step in STEPS for early in (False, True)]
        told = [job.result() for job in jobs]
    return f"{len(told)} steps of {', '.join(STEPS)} s before and after a failed attempt: done within 12 s, attempts (orders/answers) {' '.join(told)}"


@row("C-02", set="core", timeout_s=90)
def steps_in_a_lease(ground: Ground) -> str:
    """The clock steps while an order is on the wire: at most taken over early by another, never doubled."""
    def one(step: str) -> int:
        hub = ground.hub("--seed", "tiny", **FAST)
        channel = Channel(ground, hub, f"lease{named(step)}")
        hub.delay(order_number="L-1", ms=3000)
        host = stepper(channel, "c.submit(order('L-1'))\nwhile c.flush(500).waiting['orders']: time.sleep(.02)\n", f"lease{step}")
        wait_for(lambda: "L-1" in hub.order_numbers(), "L-1 at the hub")
        other = stepper(channel, f"step('{step}')\nwhile c.flush(500).waiting['orders']: time.sleep(.02)\n", f"other{step}")
        finish(host)
        finish(other)
        judge(channel, ["L-1"], is_killed=True)
        return len(posts(hub))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(one, STEPS))
    assert max(sent) <= 2, sent
    return f"another process's clock stepped by {', '.join(STEPS)} s while an order was on the wire: {sent} POSTs, one effect each"


# --- C-03: the boot clock ---------------------------------------------------------------------------------------------

BOOT_ID = (
    "import subprocess, sys, tempfile, uuid\n"
    "file = tempfile.NamedTemporaryFile('w'); file.write(str(uuid.uuid4()) + '\\n'); file.flush()\n"
    "subprocess.run(['mount', '--bind', file.name, '/proc/sys/kernel/random/boot_id'], check=True)\n"
    "sys.exit(subprocess.run(sys.argv[1:]).returncode)\n")


@row("C-03", timeout_s=90)
def boot_clock_jumps(ground: Ground) -> str:
    """A rate limit file and a claim of before the jump, at a hub that punishes the third request of a second."""
    back = int(min(3600, time.clock_gettime(time.CLOCK_BOOTTIME) / 2))  # a boot clock is never below zero

    def shifted(seconds: int) -> "tuple[str, ...]":
        """In a time namespace of its own: libfaketime would put the wall time into these clocks."""
        return ("unshare", "--time", "--fork", "--kill-child", "--boottime", str(seconds), "--monotonic", str(seconds))

    ways = {
        "suspended for 1 h": shifted(3600), f"restored from {back} s ago": shifted(-back), "restored from 5 s ago": shifted(-5),
        "another boot": ("unshare", "--mount", sys.executable, "-c", BOOT_ID)}

    def one(name: str, index: int) -> str:
        hub = ground.hub("--seed", "tiny", **STRICT)
        channel = Channel(ground, hub, f"boot{index}")
        finish(channel.worker(f"A{index}", 0, 3))  # the file knows requests of just now
        hub.delay(order_number=f"K{index}-000000", ms=20_000)
        owner = channel.worker(f"K{index}", 0, 1)
        wait_for(lambda: f"K{index}-000000" in hub.order_numbers(), "the order of a host that dies")
        owner.kill()
        owner.wait()
        if name.startswith("suspended"):
            time.sleep(1.2)  # the hub's time goes on too while the machine sleeps
        began = time.monotonic()
        finish(channel.worker(f"B{index}", 0, 3, around=ways[name]), 60)
        took = time.monotonic() - began
        assert took < 45, f"{name}: {took:.0f} s for 4 orders"
        numbers = [f"{letter}{index}-{n:06d}" for letter in "AB" for n in range(3)] + [f"K{index}-000000"]
        found = wrong(channel, numbers, is_killed=True)  # also: no 429
        assert not found, f"{name}: {found[:3]}, {[(e['n'], e['operation'], e['at_us'] // 1000) for e in hub.journal()]}"
        return f"{name} {took:.0f} s"

    with concurrent.futures.ThreadPoolExecutor(len(ways)) as pool:
        told = list(pool.map(one, ways, range(len(ways))))
    return f"0 x 429 at a strict limiter, a dead host's order resolved, 0 lost, 0 doubled: {', '.join(told)}"


# --- C-04: the hub's clock --------------------------------------------------------------------------------------------


@row("C-04", timeout_s=90)
def hub_clock_jumps(ground: Ground) -> str:
    """The hub's clock jumps by 10 min between requests, and its nodes differ: what changed is never passed over."""
    skips, checked, instants = 0, 0, 0
    for jumps in ((600, -600, 600, -600), (-600, 600, -600, 600)):
        hub = ground.hub("--seed", "variants=40", **FAST)
        channel = Channel(ground, hub, f"hub{jumps[0]}")
        with channel.client(**{"http.wait_ms": 5000}) as client:
            for turn in range(ground.times(12, least=4)):
                # Only what this node says of the time is wrong: the rows bear the true one (contract 8, several nodes).
                hub.set(**{"date.skew_s": jumps[turn % 4]})
                numbers = answered(client, change_after_first_page=hub)
                instants += numbers
                true = at(hub.get("clock")["now"])
                for one in client.cursors():
                    assert at(one["at"]) <= true, f"the cursor {one} is ahead of the hub's {true}"
                checked += 1
            hub.set(**{"date.skew_s": 0})
            for _ in range(3):  # the true clock comes back into the window
                answered(client)
            time.sleep(2.2)  # what changed in this second is answered in the next but one
            for _ in range(10):
                answered(client)
            waiting = hub.get("totals")["waiting_for_sync"]
            skips += waiting
    return f"{checked} walks with nodes 10 min fast and slow: no cursor ahead of the hub, {instants} rows answered, {skips} still waiting at the end"


CRON = """
from rig.clock_shop import answer
with client() as c:
    with c.pull('listings_to_sync', page_size=10) as pull:
        for page in pull: c.ack(page.receipt, [answer(record) for record in page])
    while c.flush(2000).outcome.name == 'AGAIN': pass
    for feed in ('listings', 'orders'):
        with c.pull(feed) as pull:
            for page in pull: page.commit()
"""
"""One run of a host that a timer starts: the first answer is all that it knows of the hub's clock."""


@row("C-04", set="core", timeout_s=90)
def first_date_of_a_process_is_wrong(ground: Ground) -> str:
    """The first `Date` that each process sees is wrong, or its host's clock is: nothing is taken for synced, no cursor is ahead."""
    wrong = {"-1 h": -3600, "+10 min": 600, "+1 h": 3600, "+2 d": 172_800, "2099": None}
    hosts = {"-2 d": "-2d", "-1 h": "-1h", "+1 h": "+1h", "+2 d": "+2d"}
    cases = [(f"Date {name}", seconds, "+0") for name, seconds in wrong.items()]
    cases += [(f"host {name}", 0, clock) for name, clock in hosts.items()]

    def one(name: str, seconds: "int | None", clock: str) -> int:
        hub = ground.hub("--seed", "variants=20", synced_at__future="accept", **FAST)
        channel = Channel(ground, hub, "first" + "".join(filter(str.isalnum, name.replace("-", "m").lower())))
        rows = 0
        for _ in range(3):
            if seconds != 0:
                date = "Wed, 11 Nov 2099 11:11:11 GMT" if seconds is None else email.utils.formatdate(time.time() + seconds, usegmt=True)
                hub.post("faults", {"do": "header", "drop": "Date", "name": "Date", "value": date, "times": 1})
            finish(channel.python(CRON, **faked(clock, monotonic=False)))
            true = at(hub.get("clock")["now"])
            told = [one["synced_at"] for one in hub.get("answers") if one["synced_at"]]
            rows = len(told)
            assert all(at(one) <= true for one in told), f"{name}: answered with {max(told)}, at {hub.get('clock')['now']}"
            with channel.client() as client:
                for cursor in client.cursors():
                    assert cursor["at"] is None or at(cursor["at"]) <= true, f"{name}: the cursor {cursor} is ahead of the hub's {true}"
            hub.change_listings(3)
            time.sleep(2.2)  # what changed in this second is answered in the next but one
        for _ in range(5):
            finish(channel.python(CRON, **faked(clock, monotonic=False)))
            if not hub.get("totals")["waiting_for_sync"]:
                return rows
        raise AssertionError(f"{name}: {hub.get('totals')['waiting_for_sync']} rows still wait")

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        rows = list(pool.map(lambda case: one(*case), cases))
    assert all(rows)
    return f"{len(cases)} wrong clocks ({', '.join(case[0] for case in cases)}), 3 processes each: {sum(rows)} rows answered, none ahead of the hub; no cursor either"


def at(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def answered(client: Any, change_after_first_page: Any = None) -> int:
    """Pull and answer everything, while listings change; return how many rows were answered."""
    from rig.clock_shop import answer

    count = 0
    with client.pull("listings_to_sync", page_size=20) as pull:
        for page in pull:
            client.ack(page.receipt, [answer(record) for record in page])
            count += len(page)
            if change_after_first_page:
                change_after_first_page.change_listings(3)
                change_after_first_page = None
    while client.flush(2000).outcome.name == "AGAIN":
        pass
    with client.pull("orders") as pull:
        for page in pull:
            page.commit()
    return count


# --- C-05: zones and locales ------------------------------------------------------------------------------------------


@row("C-05", timeout_s=90)
def zones_and_locales(ground: Ground) -> str:
    locales = ground.folder / "locales"
    locales.mkdir()
    for name in ("de_DE", "tr_TR", "ar_EG"):
        subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(locales / f"{name}.UTF-8")], check=True, capture_output=True)

    def local(name: str) -> "dict[str, str]":
        return {"LOCPATH": str(locales), "LC_ALL": f"{name}.UTF-8", "LANG": f"{name}.UTF-8"}

    def when(clock: str, zone: str) -> "dict[str, str]":
        return {**faked(clock, monotonic=False), "TZ": zone}

    runs = {
        "spring forward": when("@2026-03-08 01:59:58", "America/New_York"),
        "fall back": when("@2026-11-01 01:59:58", "America/New_York"),
        "leap second": when("@2016-12-31 23:59:58", "right/UTC"),
        "leap second, posix": when("@2016-12-31 23:59:58", "UTC"),
        "TZ nonsense": {"TZ": "\x01:%n/../../etc/passwd"},
        "TZ far": {"TZ": "XXX-167:59:59YYY"},
        "Kathmandu": {"TZ": "Asia/Kathmandu"},
        "de_DE": local("de_DE"), "tr_TR": local("tr_TR"), "ar_EG": local("ar_EG"),
        "no such locale": {"LC_ALL": "xx_XX.nonsense"},
    }
    figures = compared(ground, runs)
    return f"{', '.join(runs)}: the transcript of the true time: {figures}"
