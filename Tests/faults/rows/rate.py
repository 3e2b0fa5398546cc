"""Section R: one budget for all processes of a token, against hubs that punish every request too many."""

from __future__ import annotations

import collections
import email.utils
import os
import signal
import struct
import threading
import time
from pathlib import Path
from typing import Any

from rig import host
from rig.ground import Ground
from rig.register import control, row
from rig.trial import GRACE_S, Lateness, agree, flush_until, shop, state_of, together, wait_until
from rig.wirehub import Peer, Seen, WireHub, is_post

from rows.http import HTML, at

FEW = "variants=60,history=off,exceptions=off"

# --- nobody is ever one too many ----------------------------------------------------------------------------------

CROWD = """
count, seconds, shared = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "shared"
end = time.monotonic() + seconds
children = []
for n in range(count):
    pid = os.fork()
    if pid == 0:
        try:
            more = {} if shared else {"rate_limit.dir": os.path.join(CONFIG["state_dir"], f"rate-limit-{n}")}
            c = client(**more)
            if n % 4 == 0: c.submit(order(f"C-{n}"))
            while time.monotonic() < end:
                try:
                    if n % 4 == 0: c.flush(500)
                    c.call("getListingVariantsCount", wait_ms=2000)
                except FlxError: time.sleep(0.05)
            c.close()
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True); os._exit(1)
    children.append(pid)
say(codes=[os.waitpid(pid, 0)[1] for pid in children])
"""

MODELS: "dict[str, dict[str, Any]]" = {
    "pool": {"limiter": "bucket", "pool__size": 6, "pool__refill": 2}, "pool without headers": {"limiter": "bucket", "pool__size": 2, "pool__refill": 2, "pool__headers": "absent"},
    "sliding": {"limiter": "sliding", "pool__headers": "absent"}, "fixed": {"limiter": "fixed", "pool__headers": "absent"},
    "strict": {"limiter": "strict", "pool__headers": "absent"},
}


def crowd(ground: Ground, model: str, jitter_ms: int, processes: int, seconds: float, shared: bool = True) -> "tuple[int, int, float]":
    """Processes that ask as fast as they may; requests, 429s, and requests a second."""
    hub = ground.hub("--seed", FEW, latency__jitter_ms=jitter_ms, latency__place="split", **MODELS[model])
    folder = ground.folder / f"crowd-{model}-{jitter_ms}-{processes}".replace(" ", "-")
    folder.mkdir(mode=0o700)
    settings = {**host.config(ground, hub), "state_dir": str(folder), "log.level": "error"}
    said = host.finish(host.start(ground, CROWD, settings, str(processes), str(seconds), "shared" if shared else "each"), seconds + 60)[-1]
    assert said["codes"] == [0] * processes, f"a process ended with {said['codes']}"
    journal = hub.journal()
    throttled = sum(entry["status"] == 429 for entry in journal)
    span = (journal[-1]["at_us"] - journal[0]["at_us"]) / 1e6 if len(journal) > 1 else 0.0
    return len(journal), throttled, len(journal) / span if span else 0.0


def never_throttled(runs: "list[tuple[str, int, int]]", done: "list[tuple[int, int, float]]") -> str:
    """The checker: no 429 in any run, and each run was worth looking at."""
    wrong = [f"{run}: {throttled} of {requests} requests were answered 429" for run, (requests, throttled, _) in zip(runs, done) if throttled]
    assert not wrong, "; ".join(wrong)
    idle = [f"{run}: {rate:.2f} requests a second" for run, (_, _, rate) in zip(runs, done) if rate < 0.9]
    assert not idle, f"too few to show anything: {'; '.join(idle)}"
    return f"{sum(requests for requests, _, _ in done)} requests, 0 x 429: " + ", ".join(
        f"{model}/{jitter} ms/{processes}p {rate:.2f}/s" for (model, jitter, processes), (_, _, rate) in zip(runs, done))


@row("R-01", set="core", waits=True)
def a_few_processes(ground: Ground) -> str:
    runs = [("sliding", 300, 4), ("strict", 0, 2), ("pool", 100, 4)]
    return never_throttled(runs, together([(str(run), lambda run=run: crowd(ground, *run, 6)) for run in runs]))


@row("R-01", waits=True)
def up_to_64_processes(ground: Ground) -> str:
    runs = [
        ("pool", 0, 1), ("pool", 300, 64), ("pool without headers", 100, 8), ("sliding", 0, 1), ("sliding", 300, 8), ("sliding", 100, 64), ("fixed", 300, 1), ("fixed", 100, 2),
        ("fixed", 0, 64), ("strict", 300, 8), ("strict", 100, 64), ("strict", 0, 1)]
    return never_throttled(runs, together([(str(run), lambda run=run: crowd(ground, *run, 14)) for run in runs], 6))


@row("R-01", set="long", waits=True, timeout_s=3600)
def every_model_jitter_and_number(ground: Ground) -> str:
    runs = [(model, jitter, processes) for model in MODELS for jitter in (0, 100, 300) for processes in (1, 2, 8, 64)]
    return never_throttled(runs, together([(str(run), lambda run=run: crowd(ground, *run, 120)) for run in runs], 4))


TWO_SHOPS = """
from decimal import Decimal
name, seconds = sys.argv[1], float(sys.argv[2])
end = time.monotonic() + seconds
def answer(c, feed):
    with c.pull(feed, page_size=20) as pull:
        for page in pull.pages(1500):
            c.ack(page.receipt, [{"id": r["id"], **({"confirm": r["changeToListingStatus"]["handle"]} if r.get("changeToListingStatus") else {})} for r in page])
c = client()
n = 0
while time.monotonic() < end:
    n += 1
    c.submit(order(f"{name}-{n}", orderTotal=Decimal(n)))
    for feed in ("listings_to_sync", "listings_to_publish"):
        try: answer(c, feed)
        except ClientBusyError: pass  # the other shop is at it
    c.flush(1500)
    for feed in ("orders", "shipments"):
        with c.pull(feed, cursor=name) as pull:
            for page in pull.pages(1500): page.commit()
while c.flush(1000).waiting["orders"]: pass
c.close()
"""


def two_shops(ground: Ground, seconds: float, shared: bool = True, **switches: Any) -> "tuple[Any, list[str]]":
    """Two shops that do everything at once while the merchant changes listings; the hub, and what is wrong."""
    hub = ground.hub("--seed", "variants=400,history=off,exceptions=off", **switches)
    folder = ground.folder / f"shops-{hub.url[-5:]}"
    folder.mkdir(mode=0o700)
    shops = []
    for name in ("east", "west"):
        settings = {**host.config(ground, hub), "state_dir": str(folder), "rate_limit.dir": str(folder / ("rate_limit" if shared else f"rate-limit-{name}"))}
        shops.append(host.start(ground, TWO_SHOPS, settings, name, str(seconds)))
    end = time.monotonic() + seconds + 60
    while any(shop.poll() is None for shop in shops) and time.monotonic() < end:
        hub.change_listings(5)
        time.sleep(1)
    for one in shops:
        host.finish(one, 5)
    journal = hub.journal()
    kinds = collections.Counter(entry["operation"] for entry in journal)
    span = (journal[-1]["at_us"] - journal[0]["at_us"]) / 1e6
    wrong = [f"request {entry['n']} ({entry['operation']}) was answered 429" for entry in journal if entry["status"] == 429][:5]
    wrong += [f"{number} is {times} times at the hub" for number, times in collections.Counter(hub.order_numbers()).items() if times > 1]
    if len(journal) / span < 1:
        wrong.append(f"{len(journal) / span:.2f} requests a second: the run says little")
    wrong += [
        f"no {operation} was sent: the run says little"
        for operation in ("createOrder", "getListingVariants", "acknowledgeListingVariants", "listOrders", "listShipments") if not kinds[operation]]
    return hub, wrong


@row("R-01", waits=True)
def two_shops_that_do_everything(ground: Ground) -> str:
    def one(name: str, **switches: Any) -> str:
        hub, wrong = two_shops(ground, 30, **switches)
        assert not wrong, wrong
        return f"{name}: {len(hub.journal())} requests, {len(hub.order_numbers())} orders once each"

    return "; ".join(together([
        ("pool of four", lambda: one("pool of four", limiter="bucket", pool__size=4, pool__refill=2)),
        ("strict", lambda: one("strict without headers", limiter="strict", pool__headers="absent")),
    ])) + "; 0 x 429"


@control("a rate limit file each", waits=True)
def limiters_that_know_nothing_of_each_other(ground: Ground) -> str:
    runs = [("strict", 0, 4)]
    try:
        never_throttled(runs, [crowd(ground, *runs[0], 5, shared=False)])
    except AssertionError as error:
        assert "answered 429" in str(error), error
        return f"the checker saw: {error}"
    raise AssertionError("four processes with a rate limiter each were not punished")


# --- the hub asks to wait --------------------------------------------------------------------------

WAITERS = """
name, seconds = sys.argv[1], float(sys.argv[2])
c = client()
say(ready=True); sys.stdin.readline()
began = time.monotonic()
while time.monotonic() - began < seconds:
    try:
        if name == "order": c.flush(500)
        else: c.call("getListingVariantsCount", wait_ms=20000)
    except FlxError: pass
used = sum(os.times()[:2])
say(cpu=used, seconds=time.monotonic() - began)
"""


def asked_to_wait(
    ground: Ground, lines: Any, *, least_s: float, seconds: float, speed: float = 1, status: str = "429 Too Many Requests", body: str = "", lasting_s: float = 0,
    most: "int | None" = None,
) -> str:
    """Five processes; the hub answers 429 to everybody until `lasting_s` (of the hosts' clock) are over, or once.

    Nobody asks before `least_s` are over, nobody spins, and the order that came meanwhile is what the hub sees first."""
    hub = ground.enter_context(WireHub())
    hub.pool = False
    folder = ground.folder / f"wait-{hub.port}"
    folder.mkdir(mode=0o700)
    limits = {"http.connect_ms": 600_000, "http.attempt_ms": 600_000, "http.idle_ms": 600_000, "state.wait_ms": 600_000}
    settings = {**host.config(ground, hub), "state_dir": str(folder), "log.level": "error", **(limits if speed != 1 else {})}
    environment = host.fast_clock(speed) if speed != 1 else {}
    hosts = [host.start(ground, WAITERS, settings, name, str(seconds), **environment) for name in ("poll", "poll", "poll", "poll", "order")]
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
        for one in hosts[:-1]:
            assert one.stdin
            one.stdin.write("\n")
            one.stdin.flush()
        wait_until(lambda: told, "the first refusal", 30)
        client.submit(order("MEANWHILE"))
        assert hosts[-1].stdin
        hosts[-1].stdin.write("\n")
        hosts[-1].stdin.flush()
        said = [host.finish(one, 60 + seconds / speed)[-1] for one in hosts]
        if state_of(client, "MEANWHILE")["state"] != "resolved":  # its host ended in the middle of it
            flush_until(client, lambda: state_of(client, "MEANWHILE")["state"] == "resolved", "the order")
        assert state_of(client, "MEANWHILE")["verdict"] == "applied", client.outbox()
        wave = [one for one in hub.seen if one.at <= told[0] + 0.15]  # on their way when the first was refused
        later = [one for one in hub.seen if one not in wave]
        waited = (later[0].at - told[0]) * speed
        assert waited >= least_s, f"somebody asked after {waited:.2f} s, not before {least_s} s were wanted"
        # The order has the first slot, but leaves only when that is committed: where the disk is slow the polls of that second
        # and the next come before it. (With a fast clock the hosts' own time decides, and says nothing.)
        good = [one for one in hub.seen if one not in refused]
        assert speed != 1 or any(is_post(one) for one in good[:4]), f"afterwards came {[one.method for one in good[:6]]}, not the order"
        if most is not None:
            assert len(refused) <= most, f"{len(refused)} requests were refused in {lasting_s} s"
        spent = sum(one["cpu"] for one in said)
        total = sum(one["seconds"] for one in said) / speed
        assert spent <= 0.35 * total + 2.0, f"{spent:.1f} s of processor in {total:.0f} s of waiting: a busy loop"
        agree(client, hub, "MEANWHILE")
    return f"next request after {waited:.1f} s, {len(refused)} refused, {f'order is request {[is_post(one) for one in good].index(True) + 1}' if speed == 1 else 'order applied'}, {spent:.1f} s CPU of 5 processes"


def hint(*values: "str | float") -> Any:
    def lines() -> "list[str]":
        return [f"Date: {email.utils.formatdate(time.time(), usegmt=True)}", *(f"Retry-After: {value if isinstance(value, str) else at(value)}" for value in values)]
    return lines


@row("R-02", "R-03", "R-11", set="core", waits=True)
def everybody_waits(ground: Ground) -> str:
    plans: "dict[str, Any]" = {
        "R-02 no hint": lambda: asked_to_wait(ground, hint(), least_s=1.0, seconds=7),
        "R-02 no hint for 6 s": lambda: asked_to_wait(ground, hint(), least_s=1.0, seconds=16, lasting_s=6, most=10),
        "R-03 1 s": lambda: asked_to_wait(ground, hint("1"), least_s=1.0, seconds=7), "R-03 date": lambda: asked_to_wait(ground, hint(5.0), least_s=4.0, seconds=11),
        "R-11 HTML": lambda: asked_to_wait(ground, hint("3"), least_s=3.0, seconds=9, body=HTML),
        "R-11 HTML without hint": lambda: asked_to_wait(ground, hint(), least_s=1.0, seconds=7, body=HTML),
        "R-11 503 and hint": lambda: asked_to_wait(ground, hint("3"), least_s=3.0, seconds=9, status="503 Unavailable"),
    }
    done = together(list(plans.items()))
    return "; ".join(f"{name}: {said}" for name, said in zip(plans, done))


@row("R-03", waits=True)
def everybody_waits_two_minutes(ground: Ground) -> str:
    return "120 s (clock x15): " + asked_to_wait(ground, hint("120"), least_s=119.0, seconds=240, speed=15)


@row("R-03", set="long", waits=True, timeout_s=400)
def everybody_waits_two_minutes_in_true_time(ground: Ground) -> str:
    return "120 s: " + asked_to_wait(ground, hint("120"), least_s=119.9, seconds=140)


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
    return "1 min of 429: " + asked_to_wait(ground, hint(), least_s=1.0, seconds=150, lasting_s=60, most=12)


@row("R-04", set="long", waits=True, timeout_s=1900)
def ten_minutes_of_429_in_true_time(ground: Ground) -> str:
    return "10 min of 429: " + asked_to_wait(ground, hint(), least_s=1.0, seconds=1300, lasting_s=600, most=40)


# --- somebody else spends too ---------------------------------------------------------------------------------------


def somebody_else(ground: Ground, minutes: float, speed: float) -> str:
    """The hub leaves us 0.7 requests a second and says nothing; 429s in the second half."""
    hub = ground.enter_context(WireHub())
    hub.pool = False
    bucket = [2.0, time.monotonic()]
    lock = threading.Lock()
    refused: "list[float]" = []
    began = time.monotonic()

    def limit(_: Seen) -> bool:
        with lock:
            now = time.monotonic()
            bucket[0] = min(2.0, bucket[0] + (now - bucket[1]) * 0.7 * speed)
            bucket[1] = now
            if bucket[0] >= 1:
                bucket[0] -= 1
                return False
            refused.append((now - began) * speed)
            return True

    hub.limit = limit
    code = """
c = client()
began = time.monotonic()
while time.monotonic() - began < float(sys.argv[1]):
    try: c.call("getListingVariantsCount", wait_ms=20000)
    except FlxError: pass
"""
    limits = {"http.connect_ms": 600_000, "http.attempt_ms": 600_000, "http.idle_ms": 600_000, "log.level": "error"}
    environment = host.fast_clock(speed) if speed != 1 else {}
    began = time.monotonic()
    host.finish(host.start(ground, code, host.config(ground, hub, **limits), str(minutes * 60), **environment), 60 + minutes * 90 / speed)
    total = (time.monotonic() - began) * speed
    late = [at for at in refused if at > total / 2]
    rate = len(hub.seen) / total
    assert len(late) <= total / 2 / 60 + 1, f"{len(late)} x 429 in the last {total / 2:.0f} s, {len(refused)} in all"
    assert rate >= 0.2, f"{rate:.2f} requests a second of 0.7 is giving up"
    return f"0.7/s left to us (clock x{speed:g}): {len(refused)} x 429 in {total / 60:.0f} min, {len(late)} in the second half, {rate:.2f} requests a second"


@row("R-05", waits=True)
def another_server_shares_the_token(ground: Ground) -> str:
    return somebody_else(ground, 12, 20)


@row("R-05", set="long", waits=True, timeout_s=1500)
def another_server_shares_the_token_in_true_time(ground: Ground) -> str:
    return somebody_else(ground, 12, 1)


# --- who comes first -------------------------------------------------------------------------------------------

POLLERS = """
count, seconds = int(sys.argv[1]), float(sys.argv[2])
end = time.monotonic() + seconds
for n in range(count):
    if os.fork() == 0:
        c = client()
        while time.monotonic() < end:
            try:
                with c.pull("listings", cursor=f"p{n}", page_size=5) as pull:
                    for page in pull.pages(3000): pass
            except FlxError: pass
        os._exit(0)
say(ready=True)
for _ in range(count): os.wait()
"""


@row("R-06", waits=True)
def an_order_among_a_hundred_polls(ground: Ground) -> str:
    def one(name: str, **switches: Any) -> str:
        from orders import order

        hub = ground.hub("--seed", "variants=500,history=off,exceptions=off", latency__ms=60, **switches)
        folder = ground.folder / f"first-{hub.url[-5:]}"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder), "log.level": "error"}
        pollers = host.start(ground, POLLERS, settings, "12", "24")
        client = shop(ground, hub, state_dir=str(folder))
        wait_until(lambda: len(hub.journal()) >= 8, "the pollers to be busy", 30)
        between, waits = [], []
        for n in range(6):
            number = f"FIRST-{n}"
            time.sleep(0.4)
            before = len(hub.journal())
            submitted = time.monotonic()
            client.submit(order(number))
            while not hub.get(f"journal?operation=createOrder&order_number={number}"):
                client.flush(50)
                assert time.monotonic() - submitted < 10, "an order waited for ten seconds"
            waits.append(time.monotonic() - submitted)
            entry = hub.get(f"journal?operation=createOrder&order_number={number}")[0]
            between.append(entry["n"] - before - 1)
            flush_until(client, lambda number=number: state_of(client, number)["state"] == "resolved", "the order")
        pollers.kill()
        assert max(between) <= 2, f"{between} polls came between an order and its submit"
        assert not [e for e in hub.journal() if e["status"] == 429]
        return f"{name}: polls in between {between}, waited {min(waits):.2f} to {max(waits):.2f} s"

    return "12 processes polling, 6 orders; " + "; ".join(together([
        ("window", lambda: one("window", limiter="strict", pool__headers="absent")),
        ("pool", lambda: one("pool", limiter="bucket", pool__size=8, pool__refill=2)),
    ]))


@row("R-07", waits=True)
def polls_among_a_thousand_orders(ground: Ground) -> str:
    def one(name: str, **switches: Any) -> str:
        hub = ground.hub("--seed", "variants=500,history=off,exceptions=off", latency__ms=10, **switches)
        folder = ground.folder / f"polls-{hub.url[-5:]}"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder), "log.level": "error"}
        code = """
c = client()
for n in range(1000): c.submit(order(f"Q-{n:04d}"))
say(ready=True); sys.stdin.readline()
end = time.monotonic() + 20
while time.monotonic() < end: c.flush(1000)
say(left=c.stats()["outbox"]["queued"])
"""
        flusher = host.start(ground, code, settings)
        assert flusher.stdout and flusher.stdin
        assert flusher.stdout.readline(), flusher.communicate()[1][-400:]
        host.start(ground, POLLERS, settings, "2", "30")
        flusher.stdin.write("\n")
        flusher.stdin.flush()
        left = host.finish(flusher)[-1]["left"]
        journal = hub.journal()
        first, last = [[e["n"] for e in journal if e["operation"] == "createOrder"][place] for place in (0, -1)]
        among = [e for e in journal if first <= e["n"] <= last]
        polls = sum(e["operation"] != "createOrder" for e in among)
        assert left > 100 and len(among) >= 24, f"{left} orders left, {len(among)} requests: the queue was not long"
        assert polls >= len(among) // 8, f"{polls} polls of {len(among)} requests"
        assert len(among) - polls >= polls, f"{len(among) - polls} orders of {len(among)} requests: orders come first"
        return f"{name}: {polls} polls among {len(among)} requests"

    return "1,000 orders queued; " + "; ".join(together([
        ("window", lambda: one("window", limiter="strict", pool__headers="absent")), ("pool", lambda: one("pool", limiter="bucket", pool__size=16, pool__refill=8))]))


# --- owners and files that go away ------------------------------------------------------------------------

ASKER = """
c = client()
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    try: c.call("getListingVariantsCount", wait_ms=1000)
    except FlxError: pass
"""

LOCKER = """
import fcntl, struct
fd = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(fd, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK of the whole file
say(locked=True)
while True: time.sleep(1)
"""


def rate_limit_file(folder: Path) -> Path:
    found = [*folder.glob("rate-limit-*")]
    assert len(found) == 1, found
    return found[0]


def too_many(hub: WireHub) -> int:
    """Arrivals that make three within any second; only the unanswered limits of R-01 allow two."""
    times = sorted(one.at for one in hub.seen)
    return sum(third - first < 0.985 for first, third in zip(times, times[2:]))


@row("R-08", waits=True)
def a_process_dies_with_a_slot_or_the_lock(ground: Ground) -> str:
    from flxchannel import Client

    def with_slots() -> str:
        hub = ground.enter_context(WireHub())
        hub.pool = False
        folder = ground.folder / "slots"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder), "http.attempt_ms": 2000, "http.idle_ms": 2000}
        victims = [host.start(ground, ASKER, settings, "60") for _ in range(2)]
        wait_until(lambda: len(hub.seen) >= 4, "the victims to be busy")
        hub.fault(lambda peer, _: peer.hang(10), lambda _: True, 2)
        hanging = hub.faults[0]
        wait_until(lambda: hanging.done >= 1, "a hanging request")
        time.sleep(0.1)
        for one in victims:
            one.kill()
            one.wait()
        hub.heal()
        killed = time.monotonic()
        count = len(hub.seen)
        with Client(**settings) as client:
            while time.monotonic() - killed < 13:
                client.call("getListingVariantsCount", wait_ms=20_000)  # none is given up: that one would keep its slot, too
        after = [one.at - killed for one in hub.seen[count:]]
        bound = 1 + 2 + 5  # a second, http.attempt_ms in which it is sent, and five for what was sent and may still travel
        assert after and after[0] <= bound + GRACE_S, f"the first request after the kill came after {after[:1]} s"
        full = [second for first, second in zip(after, after[1:]) if second - first < 0.9]
        assert full and full[0] <= bound + 2 + GRACE_S, f"both slots were back only after {full[:1]} s: {after}"
        assert too_many(hub) == 0, "more than two within a second"
        return f"killed with {hanging.done} slots: first request after {after[0]:.1f} s, both slots back after {full[0]:.1f} s"

    def with_lock() -> str:
        hub = ground.enter_context(WireHub())
        hub.pool = False
        folder = ground.folder / "lock"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder)}
        with Client(**settings) as client:
            client.call("getListingVariantsCount", wait_ms=5000)
            locker = host.start(ground, LOCKER, settings, str(rate_limit_file(folder)))
            assert locker.stdout and locker.stdout.readline()
            locker.kill()
            locker.wait()
            began = time.monotonic()
            client.call("getListingVariantsCount", wait_ms=5000)
            took = time.monotonic() - began
        assert took <= 1.2 + GRACE_S, f"the lock of a dead process held for {took:.1f} s"
        return f"killed with the lock: the next call took {took:.2f} s"

    return "; ".join(together([("slots", with_slots), ("lock", with_lock)]))


@row("R-09", waits=True)
def a_process_stopped_with_the_lock(ground: Ground) -> str:
    from flxchannel import Client, FlxError

    hub = ground.enter_context(WireHub())
    hub.pool = False
    settings = host.config(ground, hub)
    folder = Path(settings["state_dir"])
    lateness = Lateness()
    with Client(**settings) as client:
        client.call("getListingVariantsCount", wait_ms=5000)
        locker = host.start(ground, LOCKER, settings, str(rate_limit_file(folder)))
        assert locker.stdout and locker.stdout.readline()
        locker.send_signal(signal.SIGSTOP)
        before = len(hub.seen)
        took, names = [], set()
        for wait_ms in (500, 5000, 30_000):
            began = time.monotonic()
            try:
                with lateness.kept(wait_ms):
                    client.call("getListingVariantsCount", wait_ms=wait_ms)
                raise AssertionError("a request went out without the budget")
            except FlxError as error:
                names.add(error.name)
                assert error.retryable, error
            took.append(time.monotonic() - began)
        with lateness.kept(300):
            try:
                client.flush(300)
            except FlxError as error:
                names.add(error.name)
        assert max(took) <= 2 + GRACE_S, f"calls waited {took} s for a process that is stopped"
        assert len(hub.seen) == before
        locker.send_signal(signal.SIGCONT)
        locker.kill()
        locker.wait()
        client.call("getListingVariantsCount", wait_ms=5000)
    assert too_many(hub) == 0
    return f"lock held by a stopped process: {', '.join(sorted(names))} after {', '.join(f'{s:.2f}' for s in took)} s, 0 requests meanwhile, works again at once; {lateness}"


def checksum(words: "list[int]") -> int:
    """As RateLimitRecord has it, so that a file that is wrong in one thing is right in all others."""
    total = 0xCBF29CE484222325
    for word in [words[0], *words[2:]]:
        total = ((total ^ word) * 0x100000001B3) & (1 << 64) - 1
        total ^= total >> 29
    return total


def rewritten(content: bytes, change: Any) -> bytes:
    words = list(struct.unpack(f"<{len(content) // 8}Q", content))
    words = change(words)
    words[1] = checksum(words)
    return struct.pack(f"<{len(words)}Q", *words)


def of_another_boot(words: "list[int]") -> "list[int]":
    return [*words[:4], words[4] ^ 1, *words[5:]]


def of_the_future(words: "list[int]") -> "list[int]":
    now = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return words[:2] + [word + 86_400_000 if abs(word - now) < 600_000 else word for word in words[2:]]


@row("R-10", set="core", waits=True)
def a_rate_limit_file_that_went_wrong(ground: Ground) -> str:
    """Two requests go, the file is spoiled at once, and a strict limiter watches what the next client does."""
    from flxchannel import Client, FlxError

    def one(name: str, spoil: Any) -> str:
        hub = ground.enter_context(WireHub())
        hub.pool = False
        folder = ground.folder / f"r10-{name.replace(' ', '-')}"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder)}
        with Client(**settings) as client:
            for _ in range(2):
                client.call("getListingVariantsCount", wait_ms=8000)
        spoil(rate_limit_file(folder))
        spoiled = time.monotonic()
        said = ""
        with Client(**settings) as client:
            try:
                for _ in range(4):
                    client.call("getListingVariantsCount", wait_ms=8000)
            except FlxError as error:
                said = error.name
        after = [seen.at - spoiled for seen in hub.seen[2:]]
        assert too_many(hub) == 0, f"{name}: more than two within a second: {[round(s.at - hub.seen[0].at, 2) for s in hub.seen]}"
        assert after or said == "FLX_E_RATE_LIMIT", f"{name}: {said}"
        if after and name != "read-only":
            assert after[0] >= 0.95, f"{name}: the first request came after {after[0]:.2f} s, before the second that nobody knows of was over"
        return f"{name} {after[0]:.2f} s" if after else f"{name} {said}"

    plans: "dict[str, Any]" = {
        "deleted": lambda path: path.unlink(), "truncated": lambda path: os.truncate(path, 100), "empty": lambda path: os.truncate(path, 0),
        "too long": lambda path: path.write_bytes(path.read_bytes() + b"x"), "garbage": lambda path: path.write_bytes(os.urandom(4096)),
        "zeros": lambda path: path.write_bytes(bytes(4096)), "a bit flipped": lambda path: path.write_bytes(bytes([path.read_bytes()[0]]) + bytes([path.read_bytes()[1] ^ 4]) + path.read_bytes()[2:]),
        "another boot": lambda path: path.write_bytes(rewritten(path.read_bytes(), of_another_boot)),
        "from the future": lambda path: path.write_bytes(rewritten(path.read_bytes(), of_the_future)),
        "read-only": lambda path: path.chmod(0o400),
    }
    return "first request after: " + ", ".join(together([(name, lambda name=name, spoil=spoil: one(name, spoil)) for name, spoil in plans.items()])) + "; never three within a second"


@control("a rate limit file that is forgotten")
def the_spoiled_file_is_told_from_a_good_one(ground: Ground) -> str:
    """Two clients with a rate limit file each must be seen as three within a second."""
    from flxchannel import Client

    hub = ground.enter_context(WireHub())
    hub.pool = False
    clients = []
    for name in ("a", "b"):
        (ground.folder / name).mkdir(mode=0o700)
        clients.append(ground.enter_context(Client(**{**host.config(ground, hub), "state_dir": str(ground.folder / name)})))
    together([(str(n), lambda client=client: [client.call("getListingVariantsCount", wait_ms=8000) for _ in range(3)]) for n, client in enumerate(clients)])
    assert too_many(hub) > 0, "two budgets for one token were not seen"
    return f"the checker saw {too_many(hub)} requests too many"


# --- what a small shop's pull may use -------------------------------------------------------------------------------

POOL, REFILL, PAGES = 40, 2.0, 60


def in_pool(journal: "list[dict[str, Any]]") -> "list[float]":
    """What was in the hub's pool after each request."""
    used, last, levels = 0.0, journal[0]["at_us"], []
    for entry in journal:
        used = max(0.0, used - (entry["at_us"] - last) / 1e6 * REFILL) + 1
        last = entry["at_us"]
        levels.append(used)
    return levels


@row("R-12", set="core", waits=True)
def small_shop(ground: Ground) -> str:
    from orders import order

    hub = ground.hub(
        "--seed", f"variants={2 * PAGES},history=off,exceptions=off", latency__ms=40, limiter="bucket", pool__size=POOL, pool__refill=REFILL)
    client = shop(ground, hub)
    pages, before = 0, 0
    with client.pull("listings_to_sync", page_size=2) as pull:
        for _ in pull:
            pages += 1
            if pages == PAGES - 10:
                before = len(hub.journal())
                client.submit(order("MIDDLE"))
                client.flush(0)
    flush_until(client, lambda: state_of(client, "MIDDLE")["state"] == "resolved", "the order")
    journal = hub.journal()
    ordered = next(n for n, entry in enumerate(journal) if entry["operation"] == "createOrder")
    highest = max(in_pool(journal))
    assert pages == PAGES, f"{pages} pages"
    assert not [entry for entry in journal if entry["status"] == 429], "a 429"
    assert ordered - before <= 2, f"{ordered - before} requests came between an order and its submit"
    assert highest > POOL - 3, f"only {highest:.1f} of the pool was used, of {POOL}"
    return f"{len(journal)} requests, at most {highest:.1f} of {POOL} in the pool, {ordered - before} before the order, 0 x 429"
