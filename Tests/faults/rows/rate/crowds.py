"""R-01: nobody is ever one too many."""

from __future__ import annotations

import collections
import time
from typing import Any

from rig import host
from rig.ground import Ground
from rig.register import control, row
from rig.trial import together

FEW = "variants=60,history=off,exceptions=off"


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
