"""R-05 to R-07: somebody else spends too, and who comes first."""

from __future__ import annotations

import threading
import time
from typing import Any

from rig import host, machine
from rig.ground import Ground
from rig.register import row
from rig.trial import flush_until, shop, state_of, together, wait_until
from rig.wirehub import Seen, WireHub


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
        began = time.monotonic()
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
        # An order leaves once that is committed: where machine and disk are slow a poll has its slot.
        slack = 1 + int(4 * machine.lateness(began))
        assert len(among) - polls + slack >= polls, f"{len(among) - polls} orders of {len(among)} requests: orders come first"
        return f"{name}: {polls} polls among {len(among)} requests"

    return "1,000 orders queued; " + "; ".join(together([
        ("window", lambda: one("window", limiter="strict", pool__headers="absent")), ("pool", lambda: one("pool", limiter="bucket", pool__size=16, pool__refill=8))]))
