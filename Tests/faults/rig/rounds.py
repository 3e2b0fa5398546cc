"""A shop on rounds (`flx_sync`) whose processes are killed, the hub where things happen meanwhile, and what is true in the end.

Three things are compared: the shop's own store (rounds_host.py), the hub's books and journal, and the outbox of the library.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import channel as channels
from .channel import PYTHONPATH, Channel
from .ground import Ground

KINDS = ("publish", "sync", "change", "gone", "result", "order", "shipment", "other_parcel", "return")
MOMENTS = ("told", "stored", "replying", "replied", "next", "closing")
"""Around an event: come and not stored, stored and not replied to, inside the reply, after it, inside the next call, inside close."""
PARTS = {"publish": ("publish", "change"), "orders": ("order",), "shipments": ("shipment", "other_parcel"), "returns": ("return",)}
CURSOR_KINDS = {kind: part for part, kinds in PARTS.items() if part != "publish" for kind in kinds}
WITHIN_S = {"replying": (0.00002, 0.003), "next": (0.00005, 0.02), "closing": (0.00005, 0.004)}
"""How long after such a moment a kill comes, at least and at most, so that it mostly falls inside of the call."""
EVERY_TIME = {"every_s": {"returns": 0, "gone": 0}}
OWN = 501
GOES = ("hidden", "delisted")

Line = dict[str, Any]


@dataclass(frozen=True)
class Life:
    number: int
    code: int
    """The status that its process ended with; -9 of one that was killed."""
    place: str
    """What it was at when it was killed."""


class RoundShop:
    """One shop: a state directory, a store of its own, and processes that run one round each."""

    def __init__(self, ground: Ground, hub: Any, **config: Any) -> None:
        self.ground, self.hub = ground, hub
        self.channel = Channel(ground, hub, more={"http.attempt_ms": 2000, **config})
        self.store = ground.folder / "rounds.jsonl"
        self.lives = 0
        self.wrong: "list[str]" = []
        """What was seen to be wrong right after a life."""
        self.known: "set[str]" = set()
        """Listings that the library has noted."""

    # Its processes

    def start(
        self, *, orders: "tuple[str, ...]" = (), end: "dict[str, Any] | None" = None, mood: float = 0.0, plan: "dict[str, Any] | None" = None,
        stays_at: str = "", takes_s: float = 0.0
    ) -> "tuple[int, subprocess.Popen[str]]":
        """A process that submits these orders and runs one round; `mood` is how often the shop says that it could not."""
        self.lives += 1
        job = {
            "store": str(self.store), "life": self.lives, "seed": self.ground.seed + self.lives, "orders": orders, "end": end, "mood": mood,
            "plan": EVERY_TIME if plan is None else plan, "stays_at": stays_at, "takes_s": takes_s}
        process = self.channel.start(
            [sys.executable, "-m", "rig.rounds_host", json.dumps(job)],
            {**os.environ, "PYTHONPATH": PYTHONPATH, "FLX_CONFIG": json.dumps(self.channel.config())}, stdin=subprocess.PIPE)
        return self.lives, process

    def ended(self, number: int, process: "subprocess.Popen[str]", seconds: float = 120) -> Life:
        _, err = process.communicate(timeout=seconds)
        if process.returncode not in (0, -signal.SIGKILL):
            self.wrong.append(f"life {number} ended with {process.returncode}: {err.strip()[-300:]}")
        killed = [line for line in self.lines() if line["life"] == number and line["what"] == "killed"]
        return Life(number, process.returncode, killed[-1]["place"] if killed else "")

    def live(self, **how: Any) -> Life:
        life = self.ended(*self.start(**how))
        self.look()
        return life

    # What it wrote

    def lines(self) -> "list[Line]":
        if not self.store.exists():
            return []
        return [json.loads(line) for line in self.store.read_text().split("\n")[:-1]]

    def of_life(self, number: int, what: str) -> "list[Line]":
        return [line for line in self.lines() if line["life"] == number and line["what"] == what]

    def summary(self, number: int) -> "dict[str, Any] | None":
        found = self.of_life(number, "summary")
        return dict(found[0]["summary"]) if found else None

    # What the library has

    def look(self) -> None:
        """After a life: nothing is settled or forgotten that the shop has not stored."""
        with self.channel.client() as client:
            settled = {row["number"] for row in outbox(client) if row["state"] == "settled"}
        stored = {(line["type"], line["id"]) for line in self.lines() if line["what"] == "said" and line["yes"]}
        self.wrong += [f"{number} was settled, and the shop has no result of it" for number in settled if ("result", number) not in stored]
        with contextlib.closing(sqlite3.connect(f"file:{self.channel.state_dir}/shop.db?mode=ro", uri=True)) as database:
            known = {one for one, in database.execute("SELECT id FROM listings")}
        self.wrong += [f"listing {one} was forgotten, and the shop was not told" for one in self.known - known if ("gone", one) not in stored]
        self.known = known


def outbox(client: Any) -> "list[dict[str, Any]]":
    rows: "list[dict[str, Any]]" = []
    while some := client.outbox(limit=1000, **({"after": rows[-1]["row"]} if rows else {})):
        rows += some
    return rows


# --- What happens at the hub --------------------------------------------------------------------------------------------


class World:
    """Makes things happen, one for each kind of event, and keeps in mind what a journal does not tell."""

    def __init__(self, shop: RoundShop) -> None:
        self.shop, self.hub = shop, shop.hub
        self.chance = random.Random(shop.ground.seed)
        self.deleted: "dict[str, float]" = {}
        """Listings that the library knew, and when they went."""
        self.queued: "collections.defaultdict[tuple[str, str], list[float]]" = collections.defaultdict(list)
        self._orders = 0

    def turn_second(self) -> None:
        """The hub tells time by the second: a change in the second of a fetch cannot be told from one before it."""
        time.sleep(1.02 - time.time() % 1)

    def makes(self, kind: str) -> "tuple[str, ...]":
        """Let something come up that a round then tells as an event of this kind; gives the orders to be submitted for it."""
        self.turn_second()
        if kind == "result":
            return self.order()
        made = getattr(self, f"_{kind}")()
        if self.chance.random() < 0.3:
            self._sync()
        return () if made or self.chance.random() < 0.8 else self.order()

    def order(self) -> "tuple[str, ...]":
        self._orders += 1
        return (f"R-{self._orders}",)

    def _variants(self) -> "list[dict[str, Any]]":
        return [one for one in self.hub.get("listings") if not one["held_back"]]

    def _sync(self) -> None:
        self.hub.post("listings", {"id": self.chance.choice(self._variants())["id"], "quantity": self.chance.randrange(1, 10_000)})

    def _publish(self) -> None:
        self.hub.post("listings", {"parent_id": self.chance.choice(self._variants())["parent_id"], "title": f"Title {self.chance.randrange(10**6)}"})

    def _change(self) -> None:
        free = [one for one in self._variants() if one["status"] is None and one["listing_status"] in ("listed", "hidden")]
        if not free:
            return
        one = self.chance.choice(free)
        to = self.chance.choice(["hidden", "hidden", "delisted"]) if one["listing_status"] == "listed" else "listed"
        self.queued[str(one["id"]), to].append(time.time())
        self.hub.post("listings", {"id": one["id"], "status": to})

    def _gone(self) -> None:
        stored = {line["id"] for line in self.shop.lines() if line["what"] == "said" and line["yes"] and line["type"] == "gone"}
        if set(self.deleted) - stored:
            return  # one waits to be told
        there = [one for one in self.hub.get("listings") if str(one["id"]) in self.shop.known]
        if not there:
            return
        one = self.chance.choice(there)
        self.deleted[str(one["id"])] = time.time()
        self.hub.post("listings", {"id": one["id"], "delete": True})
        self.hub.post("churn", {"rows": 1, "what": "insert"})

    def _order(self) -> None:
        self.hub.post("order", {"order_number": self.chance.choice(self._at_hub()), "touch": True})

    def _shipment(self) -> None:
        self._ship(lines=[{"sku": "NO-SUCH-SKU", "quantity": 1}])

    def _other_parcel(self) -> None:
        self._ship(**self.chance.choice([{"cross_dock": True}, {"rma": True}, {"suppressed": True, "lines": [{"sku": "NO-SUCH-SKU", "quantity": 1}]}]))

    def _return(self) -> None:
        self.hub.post("return", {"order_number": self.chance.choice(self._at_hub())})

    def _at_hub(self) -> "list[str]":
        """Orders of this shop; there is one from the first life on."""
        numbers = self.hub.order_numbers()
        assert numbers, "no order came to the hub"
        return list(numbers)

    def _ship(self, **plan: Any) -> None:
        self.hub.post("ship", {"order_number": self.chance.choice(self._at_hub()), **plan})


# --- The verdict --------------------------------------------------------------------------------------------------------


@dataclass
class Findings:
    wrong: "list[str]" = field(default_factory=list)
    events: "collections.Counter[str]" = field(default_factory=collections.Counter)
    """Stored at least once, by type."""
    answers: int = 0
    confirmed: int = 0
    orders: int = 0
    posts: int = 0

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.events.items()))
        return (
            f"{self.orders} orders once each by {self.posts} POSTs, {self.answers} answers as the shop said, {self.confirmed} changes "
            f"confirmed after they were done, 0 lost, 0 doubled; stored {kinds}")

    def demand(self) -> "Findings":
        assert not self.wrong, f"{len(self.wrong)} wrong, such as {self.wrong[:5]}"
        return self


def settle_down(shop: RoundShop, seconds: float = 150) -> None:
    """Rounds without kills until one had nothing to tell and left nothing."""
    until = time.monotonic() + seconds
    while True:
        with shop.channel.client() as client:
            client.relearn("hold")
        life = shop.live()
        summary = shop.summary(life.number)
        if summary and summary["complete"] and not shop.of_life(life.number, "told") and not waiting(shop.hub):
            return
        assert time.monotonic() < until, f"not at rest after {seconds:.0f} s: {summary}, {len(waiting(shop.hub))} listings wait; {shop.wrong[:3]}"


def waiting(hub: Any) -> "list[dict[str, Any]]":
    return [*hub.get("listings?waiting=sync"), *hub.get("listings?waiting=publish")]


def judge(shop: RoundShop, world: World) -> Findings:
    """Of a shop that came to rest."""
    found = Findings(wrong=list(shop.wrong))
    lines = shop.lines()
    stored = [line for line in lines if line["what"] == "said" and line["yes"]]
    for line in {(one["type"], one["id"], one["version"]): one for one in stored}.values():
        found.events[line["type"]] += 1
    for one in waiting(shop.hub):
        found.wrong.append(f"{one['sku']} still waits at the hub")
    _answers(found, shop, world, lines)
    _contents(found, shop, stored)
    _orders(found, shop, lines, stored)
    _records(found, shop, stored)
    _removals(found, world, lines, stored)
    _again(found, lines)
    return found


def _answers(found: Findings, shop: RoundShop, world: World, lines: "list[Line]") -> None:
    """Everything that the hub was answered was said by the shop, of this listing, between its fetch and its answer."""
    said = collections.defaultdict(list)
    for line in lines:
        if line["what"] == "said":
            said[line["id"]].append(line)
    for one in shop.hub.get("answers"):
        found.answers += 1
        at, lines_of_it = instant(one["at"]), said[str(one["id"])]
        if one["queue"] == "publish_variant":
            continue  # it is answered with its parent
        if one["error"] is not None:
            if not any(isinstance(line["reply"], dict) and line["reply"].get("error") == one["error"] for line in lines_of_it):
                found.wrong.append(f"{one['id']} is answered with an error that the shop did not say: {one['error']}")
            continue
        yes = [line for line in lines_of_it if line["yes"] and line["at"] <= at + 2 and line["type"] != "gone"]
        if one["queue"] == "sync":
            yes = [line for line in yes if line["at"] >= instant(one["synced_at"]) - 2]
        if not yes:
            found.wrong.append(f"{one['id']} is answered in {one['queue']} at {one['at']}, and the shop did not say so")
        if one["confirmed"] in ("hidden", "delisted", "listed"):
            found.confirmed += 1
            queued = [then for then in world.queued[str(one["id"]), one["confirmed"]] if then <= at + 2]
            done = [line for line in yes if line["type"] == "change" and line["to"] == one["confirmed"] and line["at"] >= max([0.0, *queued]) - 2]
            if not done:
                found.wrong.append(f"{one['id']} was confirmed to be {one['confirmed']}, and the shop did not do it")


def _contents(found: Findings, shop: RoundShop, stored: "list[Line]") -> None:
    """What the shop stored last of a listing is what the hub has, unless it was asked to take it down since."""
    last: "dict[str, Line]" = {}
    for line in stored:
        if line["type"] == "sync" or (line["type"] == "change" and line["to"] in GOES):
            last[line["id"]] = line
    titles = {line["id"]: line["facts"].get("title") for line in stored if line["type"] == "publish"}
    parents: "set[str]" = set()
    for one in shop.hub.get("listings"):
        parents.add(str(one["parent_id"]))
        line = last.get(str(one["id"]))
        if one["held_back"] or one["listing_status"] == "delisted" or (line and line["type"] == "change"):
            continue
        if line is None:
            found.wrong.append(f"listing {one['id']} was never told")
        elif any(number(line["facts"].get(name)) != number(one[name]) for name in ("price", "quantity")):
            found.wrong.append(f"the shop has {line['facts']} of listing {one['id']}, the hub {one['price']} and {one['quantity']}")
    for parent in parents & set(titles):
        there = shop.hub.get(f"listings/{parent}")
        if titles[parent] != there["title"] and not there["archived"] and not all(one["held_back"] for one in there["variants"]):
            found.wrong.append(f"the shop has the title {titles[parent]!r} of page {parent}, the hub {there['title']!r}")


def _orders(found: Findings, shop: RoundShop, lines: "list[Line]", stored: "list[Line]") -> None:
    submitted = {line["number"] for line in lines if line["what"] == "submitted"}
    found.wrong += channels.wrong(shop.channel, submitted, is_killed=True)
    found.posts = len(channels.posts(shop.hub))
    results = {line["id"]: line["facts"]["verdict"] for line in stored if line["type"] == "result"}
    for row in shop.channel.rows():
        found.orders += 1
        if row["state"] != "settled":
            found.wrong.append(f"{row['number']} is {row['state']}, and not settled")
        if row["number"] not in results:
            found.wrong.append(f"{row['number']} is settled, and the shop has no result of it")
        elif results[row["number"]] != row["verdict"]:
            found.wrong.append(f"{row['number']} is {row['verdict']}, and the shop has {results[row['number']]}")


def _records(found: Findings, shop: RoundShop, stored: "list[Line]") -> None:
    """Every order, parcel and return of the channel is in the store as the hub has it now."""
    last = {(line["type"], line["id"]): line for line in stored}
    own = [one for one in shop.hub.get("orders") if one["channel_id"] == OWN]
    for one in own:
        line = last.get(("order", str(one["id"])))
        if line is None or line["facts"].get("orderStatus") != one["status"]:
            found.wrong.append(f"order {one['id']} is {one['status']} at the hub, the shop has {line and line['facts']}")
    ids = {one["id"] for one in own}
    for one in shop.hub.get("shipments"):
        if one["orderId"] not in ids:
            continue
        kind = "suppressed" if one["suppressed"] else "return" if one["rmaId"] else "cross_dock" if one["crossDockPurchaseOrderId"] else ""
        line = last.get(("other_parcel" if kind else "shipment", str(one["id"])))
        if line is None or line["facts"].get("trackingNumber") != one["trackingNumber"]:
            found.wrong.append(f"parcel {one['id']} ({kind or 'for the buyer'}) has {one['trackingNumber']} at the hub, the shop has {line and line['facts']}")
        if kind and ("shipment", str(one["id"])) in last:
            found.wrong.append(f"parcel {one['id']} is {kind}, and was told as one for the buyer")
    for one in shop.hub.get("returns"):
        if one["orderId"] in ids and ("return", str(one["id"])) not in last:
            found.wrong.append(f"return {one['id']} was never stored")


def _removals(found: Findings, world: World, lines: "list[Line]", stored: "list[Line]") -> None:
    told = {line["id"]: line["at"] for line in reversed(lines) if line["what"] == "told" and line["type"] == "gone"}
    there = {str(one["id"]) for one in world.hub.get("listings")}
    for one, at in told.items():
        if one in there or at < world.deleted.get(one, 0):
            found.wrong.append(f"listing {one} was told to be gone, and the hub has it")
    for one in set(world.deleted) - {line["id"] for line in stored if line["type"] == "gone"}:
        found.wrong.append(f"listing {one} is gone, and the shop has not stored it")


def _again(found: Findings, lines: "list[Line]") -> None:
    """What a round has finished with is not told again: a version of a part that came to its end with all of it stored, a
    result and a removal whose reply came back."""
    finished: "dict[tuple[str, ...], int]" = {}
    told: "collections.defaultdict[int, list[Line]]" = collections.defaultdict(list)
    for line in lines:
        life = line["life"]
        if line["what"] == "told":
            keys = [(line["type"], line["id"], line["version"]), (line["type"], line["id"])]
            if any(finished.get(key, life) < life for key in keys):
                found.wrong.append(f"{line['type']} {line['id']} was told again in life {life} after it was finished with")
            told[life].append(line)
        elif line["what"] == "taken" and line["yes"] and line["type"] in ("result", "gone"):
            finished[line["type"], line["id"]] = life
        elif line["what"] == "summary":
            parts = line["summary"]["parts"]
            for one in told[life]:
                part = parts.get(CURSOR_KINDS.get(one["type"], ""), {})
                if part.get("end") == "done" and part["failed"] == part["later"] == 0:
                    finished[one["type"], one["id"], one["version"]] = life


def instant(text: str) -> float:
    import calendar

    return float(calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")))


def number(value: Any) -> "Decimal | None":
    return None if value is None else Decimal(str(value))
