"""Y-01: the host is killed around every kind of event and at random, and a new process runs the next round."""

from __future__ import annotations

import collections
import itertools
import json
import random
import time

from orders import flush_until_quiet, order
from rig.channel import FAST
from rig.ground import Ground
from rig.register import control, row
from rig.rounds import KINDS, MOMENTS, WITHIN_S, RoundShop, World, judge, settle_down

SEED = "variants=60"
MOOD = 0.15
"""How often the shop says that it could not, or not yet."""


def open_shop(ground: Ground) -> "tuple[RoundShop, World]":
    """A shop at a busy hub, in whose first round nothing goes wrong."""
    hub = ground.hub("--seed", SEED, **FAST, status_change__confirm="seen")
    shop = RoundShop(ground, hub)
    world = World(shop)
    life = shop.live(orders=world.order(), mood=0)
    summary = shop.summary(life.number)
    assert life.code == 0 and summary and not shop.wrong, f"the first round ended with {life.code}: {shop.wrong}"
    return shop, world


def kill(shop: RoundShop, world: World, kills: int, chance: random.Random) -> "collections.Counter[str]":
    """So many processes that are killed around an event, each kind and moment in turn, a quarter of them at any moment; where."""
    places: "collections.Counter[str]" = collections.Counter()
    targets = [*itertools.product(KINDS, MOMENTS), *[("", "any")] * (len(KINDS) * len(MOMENTS) // 3)]
    chance.shuffle(targets)
    whole_s = took_s(shop)
    lives = 0
    for kind, moment in itertools.cycle(targets):
        if places.total() >= kills:
            return places
        lives += 1
        assert lives <= 3 * kills, f"only {places.total()} of {lives} processes were killed: {places}"
        nth = chance.choice([1, 1, 2])
        end = {"moment": moment, "kind": kind, "nth": nth, "after_s": pause_s(moment, whole_s, chance)}
        orders = world.makes(kind or chance.choice(KINDS))
        if nth > 1 and kind:
            orders += world.makes(kind)
        life = shop.live(orders=orders, end=end, mood=MOOD)
        if life.place not in ("", "after"):
            places[f"{kind or 'any'} {life.place}"] += 1
    return places


def took_s(shop: RoundShop) -> float:
    """Of a round to its end."""
    summary = shop.summary(shop.live().number)
    assert summary, f"a round without an end: {shop.wrong}"
    return float(summary["took_ms"]) / 1000


def pause_s(moment: str, whole_s: float, chance: random.Random) -> float:
    """Until the kill: some time of the whole round, or of a call, short ones as often as long ones."""
    if moment == "any":
        return chance.uniform(0, whole_s)
    least, most = WITHIN_S.get(moment, (0.0, 0.0))
    return least * (most / least) ** chance.random() if least else 0.0


def told(places: "collections.Counter[str]", part: int) -> str:
    """Kills by kind (0) or by place (1)."""
    of: "collections.Counter[str]" = collections.Counter()
    for name, count in places.items():
        of[name.split()[part]] += count
    return ", ".join(f"{name} {count}" for name, count in of.most_common())


@row("Y-01", set="core", timeout_s=1500, waits=True)
def killed_around_every_event(ground: Ground) -> str:
    began = time.monotonic()
    shop, world = open_shop(ground)
    wanted = ground.times(300, 30)
    places = kill(shop, world, wanted, random.Random(ground.seed))
    settle_down(shop)
    found = judge(shop, world).demand()
    assert all(found.events[kind] for kind in KINDS), f"not every kind of event came: {found.events}"
    if wanted >= 300:
        missing = [f"{kind} {moment}" for kind in KINDS for moment in ("told", "stored", "replied") if not places[f"{kind} {moment}"]]
        assert not missing, f"nothing was killed at {missing}"
    return (
        f"{places.total()} kills in {time.monotonic() - began:.0f} s, around {told(places, 0)}; at {told(places, 1)}; "
        f"{shop.lives - places.total()} rounds to their end: {found}")


@control("Y-01: a library that does what the shop did not say", built="careless-rounds", timeout_s=600, waits=True)
def careless(ground: Ground) -> str:
    """A library that commits a page of which something is not stored, settles before the reply, takes the content's reply for
    the change's, and forgets what it only told."""
    shop, world = open_shop_anyhow(ground)
    for kind in ("gone", "result", "shipment"):
        shop.live(orders=world.makes(kind), mood=1.0)  # it could not do a thing
    kill(shop, world, 20, random.Random(ground.seed))
    try:
        settle_down(shop, 20)
    except AssertionError:
        pass  # it may never come to rest
    wrong = judge(shop, world).wrong
    expected = {
        "committed": r"the shop has None", "settled": "was settled, and the shop has no result", "confirmed": "and the shop did not do it",
        "forgotten": "was forgotten, and the shop was not told"}
    unseen = [name for name, text in expected.items() if not any(text in line for line in wrong)]
    assert not unseen, f"the checker does not see what was {unseen}; it saw {len(wrong)}: {wrong[:8]}"
    return "seen: " + ", ".join(f"{sum(text in line for line in wrong)} {name}" for name, text in expected.items())


def open_shop_anyhow(ground: Ground) -> "tuple[RoundShop, World]":
    hub = ground.hub("--seed", SEED, **FAST, status_change__confirm="seen")
    shop = RoundShop(ground, hub)
    world = World(shop)
    shop.live(orders=world.order())
    return shop, world


@control("Y-01: made wrong by hand", set="core", waits=True)
def by_hand(ground: Ground) -> str:
    """The checker sees what is wrong in a store, an outbox and a hub that were changed by hand."""
    shop, world = open_shop(ground)
    hub = shop.hub
    for kind in ("result", "shipment", "return", "gone", "change"):
        shop.live(orders=world.makes(kind))
    settle_down(shop)
    judge(shop, world).demand()

    lines = [line for line in shop.lines() if line["what"] == "said"]
    ids = {kind: next(line["id"] for line in lines if line["type"] == kind) for kind in ("shipment", "return", "gone")}
    changed = next(one for one in hub.get("answers") if one["queue"] == "sync" and one["confirmed"])
    others = {line["id"] for line in lines if line["type"] == "change"}
    answered, differing = [
        str(one["id"]) for one in hub.get("listings") if not one["held_back"] and one["listing_status"] == "listed" and str(one["id"]) not in others][:2]
    lost = {*ids.items(), ("sync", answered), ("change", str(changed["id"]))}
    left = [line for line in shop.lines() if (line.get("type"), line.get("id")) not in lost]
    first = next(line for line in left if line["what"] == "told" and line["type"] == "order")
    left.append({**first, "life": shop.lives + 1})
    shop.store.write_text("".join(json.dumps(line) + "\n" for line in left))
    with shop.channel.client() as client:
        for number in ("H-1", "H-2"):
            client.submit(order(number))
        flush_until_quiet(client)
        client.settle(["H-2"])
    shop.look()
    hub.post("listings", {"id": int(differing), "quantity": 123_456})

    wrong = judge(shop, world).wrong
    for expected in (
        f"parcel {ids['shipment']} (for the buyer)", f"return {ids['return']} was never stored", f"listing {ids['gone']} is gone",
        f"{answered} is answered in sync", f"{changed['id']} was confirmed to be {changed['confirmed']}", "H-1 is resolved, and not settled",
        "H-2 was settled, and the shop has no result", "was told again in life", "still waits at the hub", "and 123456"):
        assert any(expected in line for line in wrong), f"the checker does not see: {expected}; it saw {wrong}"
    return f"seen: {len(wrong)} faults of parcels, returns, removals, answers, changes, results and contents"
