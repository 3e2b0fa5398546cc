"""Y-03: several rounds of one channel at once."""

from __future__ import annotations

import collections
import random
import time

from rig.channel import FAST, wait_for
from rig.ground import Ground
from rig.register import row
from rig.rounds import KINDS, RoundShop, World, judge, settle_down

STAYS = {"sync": "sync", "publish": "publish", "order": "orders", "shipment": "shipments", "gone": "gone", "result": "results"}
"""At an event of which type a round stays, and the part that it is at."""


@row("Y-03", set="core", timeout_s=300, waits=True)
def two_rounds(ground: Ground) -> str:
    """One process stays at an event of each part in turn; another runs a whole round beside it."""
    hub = ground.hub("--seed", "variants=40", **FAST, status_change__confirm="seen")
    shop = RoundShop(ground, hub)
    world = World(shop)
    shop.live(orders=world.order())
    for kind, part in STAYS.items():
        orders = world.makes(kind)
        number, process = shop.start(orders=orders, stays_at=kind)
        wait_for(lambda: [line for line in shop.of_life(number, "told") if line["type"] == kind], f"a {kind} event")
        beside = shop.live()
        summary = shop.summary(beside.number)
        assert summary, f"the round beside one that is at {part} has no end: {shop.wrong}"
        ends = {name: one["end"] for name, one in summary["parts"].items()}
        why = summary["parts"][part]["why"]
        assert ends.pop(part) == "busy" and not summary["complete"], f"{part} is {summary['parts'][part]} beside a round that is at it"
        assert any(f"process {process.pid} " in line for line in why), f"it is not said who is at {part}: {why}"
        assert set(ends.values()) == {"done"}, f"beside a round that is at {part}: {ends}"
        assert not [line for line in shop.of_life(beside.number, "told") if line["type"] == kind], f"{kind} events were told to both"
        life = shop.ended(number, process)
        assert life.code == 0, f"the round that stayed at {part} ended with {life.code}: {shop.wrong}"
        shop.look()
    settle_down(shop)
    found = judge(shop, world).demand()
    return f"a round beside one that stays at each of {len(STAYS)} parts: that part is busy and names the process, the others are done; {found}"


@row("Y-03", set="core", timeout_s=200, waits=True)
def part_that_is_lost(ground: Ground) -> str:
    """A round that stays at an event for longer than `pull.idle_s` loses that part to another, and goes on with the rest."""
    hub = ground.hub("--seed", "variants=40", **FAST, status_change__confirm="seen")
    shop = RoundShop(ground, hub, **{"pull.idle_s": 1})
    world = World(shop)
    shop.live(orders=world.order())
    for kind, part in STAYS.items():
        number, process = shop.start(orders=world.makes(kind), stays_at=kind)
        wait_for(lambda: [line for line in shop.of_life(number, "told") if line["type"] == kind], f"a {kind} event")
        time.sleep(1.5)
        taken = shop.live()
        summary = shop.summary(taken.number)
        assert summary and summary["parts"][part]["end"] == "done", f"{part} was not taken over: {summary}"
        assert [line for line in shop.of_life(taken.number, "told") if line["type"] == kind], f"no {kind} event came to who took it over"
        life = shop.ended(number, process)
        late = shop.summary(number)
        assert life.code == 0 and late, f"the round that lost {part} has no end: {shop.wrong}"
        ends = {name: one["end"] for name, one in late["parts"].items()}
        # Results are told once more at the end of a round, when nobody else is at them any more.
        assert ends.pop(part) == ("done" if kind == "result" else "busy") and set(ends.values()) == {"done"}, f"the round that lost {part}: {late['parts']}"
        shop.look()
    settle_down(shop)
    found = judge(shop, world).demand()
    return f"each of {len(STAYS)} parts taken over from a round that was idle, whose other parts were done: {found}"


@row("Y-03", timeout_s=600, waits=True)
def many_rounds(ground: Ground) -> str:
    """Four processes run rounds all the time, while things happen at the hub: each event is stored once."""
    hub = ground.hub("--seed", "variants=60", **FAST, status_change__confirm="seen")
    shop = RoundShop(ground, hub)
    world = World(shop)
    shop.live(orders=world.order())
    chance = random.Random(ground.seed)
    ends: "collections.Counter[str]" = collections.Counter()
    turns = ground.times(40, 10)
    began = time.monotonic()
    for _ in range(turns):
        orders = [world.makes(chance.choice(KINDS)) for _ in range(2)]
        lives = [shop.start(orders=orders[index] if index < 2 else (), takes_s=0.01) for index in range(4)]
        for number, process in lives:
            life = shop.ended(number, process)
            assert life.code == 0, f"a round among others ended with {life.code}: {shop.wrong}"
            summary = shop.summary(number)
            assert summary, "a round without a summary"
            for name, one in summary["parts"].items():
                ends[one["end"]] += 1
                assert one["end"] in ("done", "busy"), f"{name} is {one} among other rounds"
        shop.look()
    settle_down(shop)
    found = judge(shop, world)
    stored = collections.Counter(
        (line["type"], line["id"], line["version"]) for line in shop.lines() if line["what"] == "said" and line["type"] not in ("publish", "sync", "change"))
    twice = [f"{kind} {one} was told {times} times" for (kind, one, _), times in stored.items() if times > 1]
    found.wrong += twice
    found.demand()
    assert ends["busy"], "no two rounds ever met"
    return f"{shop.lives} rounds of 4 processes at once in {time.monotonic() - began:.0f} s, {ends['done']} parts done and {ends['busy']} busy: each record stored once; {found}"
