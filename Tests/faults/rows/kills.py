"""K-01, K-02: SIGKILL at random moments of a busy shop of several processes."""

from __future__ import annotations

import json
import random
import sqlite3
import time
import urllib.request
from typing import Any

from orders import order
from rig.broken import library as broken
from rig.checker import judge
from rig.ground import Ground
from rig.killing import KillLoop
from rig.points import Point
from rig.register import control, row
from rig.shop import FAST, Shop
from rows.points import kill_at

WORKERS = 4


def busy_hub(ground: Ground):  # type: ignore[no-untyped-def]
    """A hub whose answers take a while, and now and then get lost after it has acted."""
    hub = ground.hub("--seed", "variants=30", **FAST, latency__ms=8, latency__jitter_ms=8)
    hub.post("faults", {"do": "cut_after", "operation": "createOrder", "every": 37, "times": 0})
    return hub


def finish(shop: Shop) -> None:
    """An order that was cut off often waits long before its next attempt, and so many repeats wait for their budget: a person lifts it."""
    for _ in range(240):
        with shop.client() as client:
            client.relearn("hold")
        if (done := shop.run("drain:2000")).returncode == 0:
            return
    with shop.client() as client:
        waits = [(one["number"], one["verdict"], one.get("next_at"), one.get("message")) for one in client.outbox(limit=20)]
    raise AssertionError(f"not over: {done.stderr[-300:]} {shop.tail()}; it still has {waits}")


def kill(ground: Ground, kills: int, hub: Any = None, step: str = "shop", hurting: int = 0):  # type: ignore[no-untyped-def]
    """Kill a shop so often, let it finish, and say what the checker found."""
    shop = Shop(ground, hub or busy_hub(ground), rate_limits=WORKERS)
    shop.take_receipt()
    loop = KillLoop(shop, ground.seed, WORKERS, step)
    loop.run(kills, hurting)
    if step == "life":
        heal(shop.hub)
    finish(shop)
    return shop, loop, judge(shop, loop.of_row)


@row("K-01", set="core", timeout_s=1200)
def random_kills(ground: Ground) -> str:
    began = time.monotonic()
    kills = ground.times(2000, 200)
    shop, loop, found = kill(ground, kills, hurting=kills // 2)
    found.demand()
    assert loop.where_it_hurts >= kills // 2, f"only {loop.where_it_hurts} of the kills hit a row sending or a commit: {loop.phases}"
    assert loop.ended_early == 0, f"{loop.ended_early} processes ended by themselves: {shop.tail()}"
    phases = " ".join(f"{name} {count}" for name, count in loop.phases.most_common())
    return f"{loop.kills} random kills in {time.monotonic() - began:.0f} s, {loop.where_it_hurts} of them sending or in a commit ({phases}): {found}"


def heal(hub: Any) -> None:
    """From now on nothing is refused, delayed or cut."""
    urllib.request.urlopen(urllib.request.Request(f"{hub.url}/_admin/faults", method="DELETE"), timeout=10).close()


def mending_hub(ground: Ground, duplicate: str):  # type: ignore[no-untyped-def]
    """A busy hub that also refuses orders, takes long to write some down, and makes one or two of a number that comes twice."""
    hub = busy_hub(ground)
    hub.set(**{"order.duplicate": duplicate})
    hub.post("faults", {"do": "refuse", "operation": "createOrder", "every": 9, "times": 0})
    hub.post("faults", {"do": "delay_before", "operation": "createOrder", "ms": 1500, "every": 23, "times": 0})
    return hub


def mended(ground: Ground, duplicate: str) -> str:
    """Shop after shop, for one whose senders are killed all the time soon has nothing but orders that wait to be looked up."""
    began = time.monotonic()
    kills, few, told = 0, dict.fromkeys(("revised", "discarded", "refused", "purged"), 0), []
    for _ in range(ground.times(10) if ground.scale >= 1 else 1):
        shop, loop, found = kill(ground, 200 if ground.scale >= 1 else 80, mending_hub(ground, duplicate), "life")
        found.demand()
        assert loop.ended_early == 0, f"{loop.ended_early} processes ended by themselves: {shop.tail()}"
        kills += loop.kills
        few = {name: many + getattr(found, name) for name, many in few.items()}
        told.append(found)
    # A shop whose processes live for some hundred milliseconds rarely sees a refusal through, so that it can be revised.
    assert all(many for name, many in few.items() if name != "revised") if ground.scale >= 1 else sum(few.values()) >= 5, f"too little was mended to show anything: {few}"
    orders, posts, repeats = (sum(getattr(found, name) for found in told) for name in ("orders", "posts", "repeats"))
    return (
        f"{kills} random kills of shops that mend their orders, {time.monotonic() - began:.0f} s: {orders} orders: 0 lost, 0 doubled, {posts} posts on the "
        f"wire ({repeats} repeats), every verdict as the hub's journal has it; {few['revised']} revised after a no, {few['discarded']} given up, "
        f"{few['refused']} refused in the end, {few['purged']} purged")


@row("K-01", timeout_s=1200)
def mended_at_a_hub_that_deduplicates(ground: Ground) -> str:
    return mended(ground, "first")


@row("K-01", set="core", timeout_s=1200)
def mended_at_a_hub_that_does_not(ground: Ground) -> str:
    return mended(ground, "second") + "; the hub makes a second order of a number that comes twice"


@row("K-02", set="core", timeout_s=700)
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
    shop.run("submit:V-end", "drain:120000", check=True)
    one = judge(shop).demand()
    # And fifty at random moments of opening, without a pause.
    loop = KillLoop(shop, ground.seed, 1)
    shop.take_receipt()
    loop.run(50)
    finish(shop)
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


def post_by_hand(hub: Any, body: "dict[str, Any]") -> None:
    request = urllib.request.Request(
        f"{hub.url}/orders", json.dumps(body, default=float).encode(), {"X-API-TOKEN": hub.token, "Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()


@control("kill: orders doubled and lost by hand", set="core")
def by_hand(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub)
    shop.take_receipt()
    shop.run("submit:D-1", "submit:D-2", "submit:D-3", "drain:120000", check=True)
    judge(shop).demand()
    hub.set(**{"order.duplicate": "second"})
    post_by_hand(hub, order("D-1", orderTotal=20.99))
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


@control("kill: mending denied by hand", set="core")
def mending_by_hand(ground: Ground) -> str:
    """New content taken for an order that the hub has, other bytes after the hub took the first, verdicts that nothing bears out."""
    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub)
    shop.take_receipt()
    hub.refuse("E-4")
    shop.run("submit:E-1", "submit:E-2", "submit:E-3", "submit:E-4", "drain:120000", check=True)
    judge(shop).demand()
    post_by_hand(hub, order("E-1", orderTotal=24.99))
    history, end = shop.folder / "history.log", 1 << 60
    history.write_text(history.read_text() + f"{end} i revise E-1 5\n{end + 1} o revise E-1 5\n{end + 2} i revise E-2 1\n{end + 3} f revise E-2 1 FLX_E_CONFLICT no\n")
    with sqlite3.connect(shop.database) as database:
        for verdict, one in ((4, 2), (1, 3), (2, 4)):
            database.execute("UPDATE outbox SET verdict = ? WHERE id = ?", (verdict, one))
            database.execute("UPDATE events SET verdict = ? WHERE row = ? AND what <> 'submitted'", (verdict, one))
    wrong = judge(shop).wrong
    for expected in ("E-1 was sent with different bytes", "E-1 has content 0 at the hub, {5}", "E-2 has the verdict refused", "the hub's last word was not no",
                     "E-3 has the verdict not_applied", "E-4 has the verdict possibly_applied (", "nobody gave it up"):
        assert any(expected in line for line in wrong), f"the checker does not see: {expected}; it saw {wrong}"
    assert not any("E-2 has content" in line for line in wrong), f"a revision that was refused counts: {wrong}"
    return f"seen: {len(wrong)} faults of content, bytes and verdicts"
