"""A hub with books of its own: it takes orders, lists them and tells what it has, each in a way that a case chooses.

Nothing here rests on the sandbox. What stands in the books in the end is the judge of every verdict (judging.py).
"""

from __future__ import annotations

import collections
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from .rawhub import LOST, RawHub, Reply, Request, listed

Record = dict[str, Any]
Act = Callable[["Books", Request], "Reply | None"]
"""What happens to one POST of an order instead of, or before, what is usual; None lets it go on as usual."""


@dataclass(frozen=True)
class Post:
    number: str
    sent: Record
    body: bytes
    at: float
    token: str


@dataclass
class Made:
    """An order in the books."""

    number: str
    """As it was sent; the record may spell it otherwise."""
    record: Record
    at: float


class Books(RawHub):
    """Its ways are attributes, which a case gives by name or sets later."""

    repeats = "same"
    """What the second POST of a number meets: the same order, a second one, or "conflict" (409)."""
    heeds_number = True
    """Whether a list keeps to the filter `orderNumber`, which nobody was seen using (contract 9, row 5),"""
    heeds_date = True
    """and to `orderedAfter`."""
    heeds_since = True
    """Whether any list keeps to the bound of a cursor."""
    tells_instants = True
    """Whether orders bear `insertedAt` and `updatedAt`."""
    is_scoped = True
    """Whether lists show the token's own channel only."""
    largest_page = 1000
    """A larger one is refused with 400."""
    takes_s = 0.0
    """Between reading an order and writing it; it is written also when nobody waits for the answer any more."""
    shows_after_s = 0.0
    """How long a new order is in no list."""

    def __init__(self, **ways: Any) -> None:
        super().__init__(self.serve)
        self.orders: "list[Made]" = []
        self.posts: "list[Post]" = []
        self.plan: "collections.defaultdict[str, list[Act]]" = collections.defaultdict(list)
        """By order number, what happens to its POSTs, one after the other."""
        self.first: "list[Callable[[Request], Reply | None]]" = []
        """Asked before anything else."""
        self.spells: "Callable[[str], str]" = lambda number: number
        """How it writes an order's number; a repeat is told by that spelling."""
        self.dresses: "Callable[[Record], None]" = lambda record: None
        """What it makes of an order before it writes it down."""
        self.says: "Callable[[Record], Record]" = lambda record: record
        """The body of the answer to a POST that it took."""
        self.shows: "Callable[[Record], Any]" = lambda record: record
        """A record as lists have it: a dict, or raw bytes."""
        self.channels = {self.token: 501}
        """Of each token."""
        self.rows: "dict[str, list[Record]]" = {"variants": [], "parents": [], "shipments": [], "returns": []}
        self.lock = threading.Lock()
        for name, value in ways.items():
            assert hasattr(self, name), name
            setattr(self, name, value)

    # What came

    def sent(self, number: str) -> "list[Post]":
        return [post for post in self.posts if post.number == number]

    def made(self, number: str) -> "list[Made]":
        return [order for order in self.orders if order.number == number]

    def lookups(self) -> "list[Request]":
        return [one for one in self.seen if one.method == "GET" and one.path.rstrip("/").endswith("/orders")]

    # What happens at the hub

    def put(self, order: Record, token: str = "", **changes: Any) -> Record:
        """An order that is there already, without a POST."""
        made = self._write(json.loads(json.dumps(order, default=float)), token or self.token)
        made.record.update(changes)
        return made.record

    def list_variants(self, count: int, channel: int = 501) -> None:
        """So many variants more, which changed an hour ago."""
        rows, at = self.rows["variants"], iso(time.time() - 3600)
        rows += [
            {"id": 1000 + len(rows) + n, "sku": f"SKU-{len(rows) + n}", "quantity": 5, "price": "19.99", "channelId": channel, "updatedAt": at}
            for n in range(count)]

    def _write(self, sent: Record, token: str) -> Made:
        now = time.time()
        one = 5001 + len(self.orders)
        number = sent["orderNumber"]
        items = [{"id": 100 * one + index, "orderId": one, **item} for index, item in enumerate(sent["orderItems"])]
        record = {
            "id": one, "orderedAt": iso(now), **sent, "orderNumber": self.spells(number),
            "referenceNumber": self.spells(sent.get("referenceNumber", number)), "orderStatus": "Open",
            "channelId": self.channels[token], "orderItems": items}
        if "shippingAddress" in sent:
            record["shippingAddress"] = as_read(sent["shippingAddress"])
        if self.tells_instants:
            record |= {"insertedAt": iso(now), "updatedAt": iso(now)}
        self.dresses(record)
        made = Made(number, record, now)
        self.orders.append(made)
        return made

    def serve(self, request: Request) -> Reply:
        for ask in self.first:
            if (reply := ask(request)) is not None:
                return reply
        parts = [part for part in request.path.split("/") if part]
        if request.token not in self.channels:
            return Reply(b'{"error":"no such token"}', 401)
        if parts[-1] == "orders":
            return self.take(request) if request.method == "POST" else self.list_orders(request)
        if parts[-2:-1] == ["orders"]:
            found = [made.record for made in self.orders if str(made.record["id"]) == parts[-1] and self._is_shown(made, request)]
            return answer(found[0]) if found else Reply(b'{"error":"no such order"}', 404)
        if parts[-2:-1] == ["channel"]:
            own = str(self.channels[request.token]) == parts[-1]
            return answer({"id": int(parts[-1]), "name": "Shop"}) if own else Reply(b'{"error":"no such channel"}', 404)
        if parts[-1] == "channel":
            return Reply(b'{"error":"not for a channel token"}', 403)
        if parts[-1] == "count":
            return answer({"count": len(self.rows["variants"])})
        if request.method == "GET" and parts[-1] in self.rows:
            return self.list_rows(request, self.rows[parts[-1]])
        return Reply()

    def take(self, request: Request) -> Reply:
        sent = json.loads(request.body)
        number = sent["orderNumber"]
        with self.lock:
            self.posts.append(Post(number, sent, request.body, time.monotonic(), request.token))
            act = self.plan[number].pop(0) if self.plan[number] else None
        if act and (reply := act(self, request)) is not None:
            return reply
        return self.takes(request)

    def takes(self, request: Request) -> Reply:
        """What is usual: a new order is written, a known number is repeated."""
        sent = json.loads(request.body)
        spelt = self.spells(sent["orderNumber"])
        time.sleep(self.takes_s)
        with self.lock:
            known = [made.record for made in self.orders if made.record["orderNumber"] == spelt and made.record["channelId"] == self.channels[request.token]]
            if known and self.repeats == "conflict":
                return Reply(b'{"error":"there is an order of this number"}', 409)
            if known and self.repeats == "same":
                return answer(self.says(known[0]), 200)
            return answer(self.says(self._write(sent, request.token).record), 201)

    def list_orders(self, request: Request) -> Reply:
        if request.size > self.largest_page:
            return Reply(b'{"error":"pageSize is too large"}', 400)
        found = [made.record for made in self.orders if self._is_shown(made, request)]
        if self.heeds_number and "orderNumber" in request.query:
            found = [record for record in found if record["orderNumber"] == request.query["orderNumber"]]
        if self.heeds_date and "orderedAfter" in request.query:
            found = [record for record in found if seconds(record["orderedAt"]) > seconds(request.query["orderedAfter"])]
        return self.list_rows(request, [self.shows(record) for record in found])

    def _is_shown(self, made: Made, request: Request) -> bool:
        is_own = not self.is_scoped or made.record["channelId"] == self.channels[request.token]
        return is_own and time.time() - made.at >= self.shows_after_s

    def list_rows(self, request: Request, rows: "list[Any]") -> Reply:
        if self.heeds_since and request.since is not None:
            rows = [row for row in rows if isinstance(row, bytes) or seconds(row["updatedAt"]) > seconds(request.since)]
        if self.is_scoped:
            rows = [row for row in rows if isinstance(row, bytes) or row.get("channelId", 501) == self.channels[request.token]]
        return listed(*rows[(request.page - 1) * request.size : request.page * request.size])


# --- What may happen to one POST ----------------------------------------------------------------------------------------


def dropped(hub: Books, request: Request) -> Reply:
    """Nobody reads it."""
    return LOST


def lost(hub: Books, request: Request) -> Reply:
    """It is taken, and the answer gets lost."""
    hub.takes(request)
    return LOST


def says(status: int, text: str, **headers: str) -> Act:
    """It is answered so, and not taken; `_` of a header's name is a hyphen."""
    return lambda hub, request: answer({"error": text}, status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def of_its_answers(hub: Books, changed: "Callable[[Reply], Reply]", first: "int | None" = None) -> None:
    """Changes all answers of a hub, or the first ones alone."""
    hub.answer = lambda request: changed(hub.serve(request)) if first is None or len(hub.seen) <= first else hub.serve(request)


# --- Records ------------------------------------------------------------------------------------------------------------


def answer(body: Any, status: int = 200, **more: Any) -> Reply:
    return Reply(json.dumps(body).encode(), status, **more)


def as_read(address: Record) -> Record:
    """An address as the hub gives it back (contract 4.2): with what it computes itself."""
    first, _, last = address.get("name", "").partition(" ")
    country = {"US": "United States"}.get(address.get("countryCode", ""))
    state = {"IL": "Illinois"}.get(address.get("stateCode", ""))
    return {
        "id": 9001, "firstName": first, "lastName": last, **({"country": country} if country else {}), **({"state": state} if state else {}),
        "redacted": False, "hash": "6f1e", **address}


def iso(at: float) -> str:
    return datetime.fromtimestamp(int(at), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
