"""K-01, K-02: SIGKILL at random moments of a busy shop of several processes."""

from __future__ import annotations

import random
import time

from rig.broken import library as broken
from rig.checker import judge
from rig.ground import Ground
from rig.killing import KillLoop
from rig.points import Point
from rig.register import control, row
from rig.shop import FAST, Shop
from rows.points import kill_at

from orders import order

WORKERS = 4


def busy_hub(ground: Ground):  # type: ignore[no-untyped-def]
    """A hub whose answers take a while, and now and then get lost after it has acted."""
    hub = ground.hub("--seed", "variants=30", **FAST, latency__ms=8, latency__jitter_ms=8)
    hub.post("faults", {"do": "cut_after", "operation": "createOrder", "every": 37, "times": 0})
    return hub


def kill(ground: Ground, kills: int):  # type: ignore[no-untyped-def]
    """Kill a shop so often, let it finish, and say what the checker found."""
    hub = busy_hub(ground)
    shop = Shop(ground, hub, paces=WORKERS)
    shop.take_receipt()
    loop = KillLoop(shop, ground.seed, WORKERS)
    loop.run(kills)
    shop.run("drain:240000", check=True, timeout_s=300)  # an order that was cut off often waits long before its next attempt
    return shop, loop, judge(shop, loop.of_row)


@row("K-01", set="core", timeout_s=700)
def random_kills(ground: Ground) -> str:
    began = time.monotonic()
    shop, loop, found = kill(ground, ground.times(2000, 200))
    found.demand()
    share = loop.where_it_hurts()
    assert share >= 0.5, f"only {share:.0%} of the kills hit a row sending or a commit: {loop.phases}"
    assert loop.ended_early == 0, f"{loop.ended_early} processes ended by themselves: {shop.tail()}"
    phases = " ".join(f"{name} {count}" for name, count in loop.phases.most_common())
    return f"{loop.kills} random kills in {time.monotonic() - began:.0f} s, {share:.0%} of them sending or in a commit ({phases}): {found}"


@row("K-02", set="core", timeout_s=200)
def killed_while_recovering(ground: Ground) -> str:
    """A half commit is left behind; who takes it back is killed on the way, fifty times in a row."""
    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub)
    many = [f"submit:V-{number}" for number in range(60)]
    shop.run(*many, "flush:20000", check=True)
    journal = shop.state / "shop.db-journal"
    chance = random.Random(ground.seed)
    half = within = 0

    def left() -> int:
        return journal.stat().st_size if journal.exists() else 0

    for turn in range(50):
        if not left():  # killed when its journal is whole and its pages are written, not yet synced
            shop.run("settle" if turn == 0 else f"submit:V-half-{turn}", under=Point("fdatasync", 4, "signal=SIGKILL").under)
            assert left() > 4096, f"no half commit was left: {shop.tail()}"
            half += 1
        call = chance.choice(["pwrite64", "pwrite64", "pread64", "fdatasync", "fcntl"])
        number = {"pwrite64": chance.randint(1, 4), "pread64": chance.randint(12, 60), "fdatasync": 1, "fcntl": chance.randint(3, 12)}[call]
        done = shop.run(f"submit:V-turn-{turn}", under=Point(call, number, "signal=SIGKILL").under)
        assert done.returncode in (-9, 137), f"turn {turn}, {call} #{number}: was not killed, {done.returncode} {shop.tail()}"
        within += left() > 0
    assert within >= 20, f"only {within} of 50 kills left the half commit as it was"
    shop.run("submit:V-end", "drain:30000", check=True)
    one = judge(shop).demand()
    # And fifty at random moments of opening, without a pause.
    loop = KillLoop(shop, ground.seed, 1)
    shop.take_receipt()
    loop.run(50)
    shop.run("drain:30000", check=True)
    judge(shop, loop.of_row).demand()
    return f"50 kills in a row of who takes a half commit back ({half} of them made, {within} times still there after the kill), then {one}; 50 more at random: 0 lost"


@control("kill: results and marks out of turn", timeout_s=600)
def out_of_turn(ground: Ground) -> str:
    """A library that calls answers sent before they are, and stores `sending` only after the request."""
    kills, found = kill_at(ground, ["sendto", "recvfrom", "connect"], library=broken("early"))
    wrong = [line for one in found for line in one.wrong]
    lost = [line for line in wrong if line.startswith("the answer")]
    hidden = [line for line in wrong if "on the wire" in line]
    assert lost, f"{kills} kills of a library that loses answers passed the checker"
    assert hidden, f"{kills} kills of a library that hides attempts passed the checker"
    return f"{kills} kills: {len(lost)} answers found lost, {len(hidden)} orders with attempts that were not recorded"


@control("kill: orders doubled and lost by hand", set="core")
def by_hand(ground: Ground) -> str:
    import json
    import sqlite3
    import urllib.request

    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub)
    shop.take_receipt()
    shop.run("submit:D-1", "submit:D-2", "submit:D-3", "drain:20000", check=True)
    judge(shop).demand()
    hub.set(**{"order.duplicate": "second"})
    body = order("D-1", orderTotal=20.99)
    request = urllib.request.Request(
        f"{hub.url}/orders", json.dumps(body, default=float).encode(), {"X-API-TOKEN": hub.token, "Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()
    history = shop.folder / "history.log"
    history.write_text(history.read_text() + "1 i submit D-9\n2 o submit D-9\n3 i ack 17 m-9\n4 o ack 17 m-9\n5 o commit c 1@1\n6 i commit c 1@1\n")
    with sqlite3.connect(shop.database) as database:
        database.execute("UPDATE outbox SET verdict = 1 WHERE id = 2")
        database.execute("UPDATE events SET verdict = 1 WHERE row = 2 AND what <> 'submitted'")
    wrong = judge(shop).wrong
    for expected in ("D-1 is 2 orders", "D-1 was sent with different bytes", "D-9 was accepted and is not at the hub", "D-2 is not_applied",
                     "the answer m-9", "1@1 was committed under c and given again", "D-1: 2 attempts on the wire, 1 recorded"):
        assert any(expected in line for line in wrong), f"the checker does not see: {expected}; it saw {wrong}"
    return f"seen: {len(wrong)} faults of a doubled, a lost and a changed order, a lost answer, a repeated version"
