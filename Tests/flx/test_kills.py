"""flx killed in the middle of a round, or its handler, and the round gone on with: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from rig import Sandbox, Shop
from test_sync import all_and_once, finish

KILLS = int(os.environ.get("FLX_KILLS", "12"))


@pytest.fixture
def big() -> "Iterator[Sandbox]":
    with Sandbox("--seed", "variants=60,history=off", "--set", "pool.refill=50") as sandbox:
        yield sandbox


def noted(shop: Shop) -> int:
    return len(shop.noted())


def test_flx_killed_at_random(big: Sandbox) -> None:
    shop, chance, hits = Shop(big), random.Random(7), 0
    sku = big.some_sku()
    for kill in range(KILLS):
        shop.submit(f"K-{kill}", sku)
        big.change_listings(20)
        before = noted(shop)
        running = shop.start("sync", "--exec", shop.handler("time.sleep(0.02)"))
        until(running, lambda before=before: noted(shop) > before)
        time.sleep(chance.uniform(0, 0.8))
        hits += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=20)
    rest(shop)

    all_and_once(big, shop)
    assert hits >= KILLS / 3, "the kills came too late to show anything"
    assert sorted(big.order_numbers()) == sorted(f"K-{kill}" for kill in range(KILLS))
    assert {event["order"]["number"] for event in shop.noted("result")} == {f"K-{kill}" for kill in range(KILLS)}
    assert {order["state"] for order in shop.json("outbox")} == {"settled"}
    shop.close()


def rest(shop: Shop) -> None:
    """What changed in the second of a fetch is held, and comes again with a later one."""
    time.sleep(2)
    finish(shop)


def until(running: "subprocess.Popen[str]", claim: "Callable[[], bool]") -> None:
    end = time.monotonic() + 5
    while running.poll() is None and not claim() and time.monotonic() < end:
        time.sleep(0.01)


def test_handler_killed_at_random(big: Sandbox) -> None:
    shop, chance, hits = Shop(big), random.Random(8), 0
    pid = shop.folder / "pid"
    body = f"if number == 1: open({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(0.02)"
    for _ in range(KILLS):
        pid.unlink(missing_ok=True)
        big.change_listings(20)
        running = shop.start("sync", "--exec", shop.handler(body))
        until(running, lambda: pid.exists() and pid.read_text() != "")
        time.sleep(chance.uniform(0, 0.8))
        if running.poll() is None and pid.exists():
            os.kill(int(pid.read_text()), signal.SIGKILL)
        _, said = running.communicate(timeout=30)
        assert running.returncode in (0, 1), said
        hits += "by signal 9" in said
    rest(shop)

    all_and_once(big, shop)
    assert hits >= KILLS / 3, "the kills came too late to show anything"
    shop.close()


@pytest.mark.parametrize("kind", ["publish", "sync", "change", "result", "order", "shipment", "other_parcel", "return"])
def test_flx_killed_at_an_event(kind: str) -> None:
    """What was given and not replied to comes again; what was stored is not asked for once more than a kill needs."""
    with Sandbox("--seed", "variants=60") as hub:
        shop = Shop(hub)
        shop.submit("A-1", hub.some_sku())
        killed = shop.folder / "killed"
        body = f"if kind == {kind!r} and not os.path.exists({str(killed)!r}):\n" \
               f"    open({str(killed)!r}, 'w').write(str(event.get('id') or event['order']['number']))\n" \
               "    os.kill(os.getppid(), 9)"
        for _ in range(4):
            running = shop.start("sync", "--exec", shop.handler(body))
            running.communicate(timeout=60)
            if running.returncode == -signal.SIGKILL:
                break
        assert killed.exists(), "no such event came"
        finish(shop)

        all_and_once(hub, shop)
        assert hub.order_numbers() == ["A-1"]
        again = [event.get("id") or event["order"]["number"] for event in shop.noted(kind)]
        assert killed.read_text() in [str(one) for one in again]
        assert shop.json("outbox")[0]["state"] == "settled"
        shop.close()
