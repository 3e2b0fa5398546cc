"""The story that every shop goes through: a catalogue, 25 orders, and what goes wrong between a shop and its hub."""

from __future__ import annotations

import random
import signal
import time
from contextlib import contextmanager
from decimal import Decimal
from subprocess import Popen
from typing import Any, Iterator, Mapping

from browser import Browser, NoPage
from hub import Hub
from shop import Buyer, Cart, Shop

#: The sandbox's own catalogue, and what of it is offered; orders take from the stock, as they do at a real hub.
HUB = ("--seed", "demo", "--set", "order.stock=reduce")
PARENTS, VARIANTS, ORDERS = 282, 1168, 25

_PEOPLE = """
Ines|Calder|17 Quarry Lane|Ashford|97520|OR|US
Tomasz|Brandt|4 Mill Row|Danbury|06810|CT|US
Leila|Okafor|220 Harbour View|Duluth|55802|MN|US
Marit|Solheim|9 Lighthouse Road|Rockport|04856|ME|US
Óscar|Núñez-Łuczak|12 Rue de l'Étoile|Québec|G1R 2B5|QC|CA
Priya|Raghunathan|7 Windmill Close|Austin|78704|TX|US
"""
BUYERS = [
    Buyer(first, last, f"buyer{number}@example.com", street, city, postal, state, country)
    for number, line in enumerate(_PEOPLE.split("\n")) if line
    for first, last, street, city, postal, state, country in [line.split("|")]
]


class Broken(Exception):
    """Something in the story is not as it has to be."""


class Story:
    def __init__(self, shop: Shop, hub: Hub, browser: Browser) -> None:
        self.shop, self.hub, self.browser = shop, hub, browser
        self.numbers: "list[str]" = []  #: of the orders, in the order in which they were placed
        self.partial = ""  #: the one that was shipped in part, once it was
        self._since = time.monotonic()
        self._chance = random.Random(25)

    def play(self) -> None:
        self.publish()
        self.views_cost_nothing()
        self.orders()
        self.refusal_is_corrected()
        self.cancellation()
        self.parcels()
        self.merchant_changes_listings()
        self.shared_budget()
        self.quiet({"gone": 0})
        self.views_cost_nothing()

    # --- the chapters -------------------------------------------------------------------------------------------------

    def publish(self) -> None:
        self.tell("the whole catalogue")
        self.quiet()
        totals = self.hub.get("totals")
        offered = totals["variants"] - totals["held_back"]
        there = (totals["parents"], offered)
        self.must(there == (PARENTS, VARIANTS), f"the hub has {there[0]} parents and offers {there[1]} variants")
        self.must(totals["waiting_for_sync"] + totals["waiting_for_publish"] == 0, "the hub still waits for answers")
        self.tell(f"{PARENTS} parents and {VARIANTS} variants, by {totals['requests']} requests")

    def views_cost_nothing(self) -> None:
        before = self.hub.requests()
        pages = self.shop.look(self.partial)
        asked = self.hub.requests() - before
        self.must(asked == 0, f"{pages} page views made {asked} requests")
        self.tell(f"{pages} page views, no request")

    def orders(self) -> None:
        """Each checkout leaves the hub alone; what goes wrong afterwards, goes wrong to one order each."""
        carts = self.carts(ORDERS)
        before = self.hub.requests()
        for cart in carts[:15]:
            self.numbers.append(self.shop.buy(self.browser, cart))
        self.numbers.append(self.killed_after_commit(carts[15]))
        asked = self.hub.requests() - before
        self.must(asked == 0, f"16 checkouts made {asked} requests")
        self.refused, self.cut = self.numbers[4], self.numbers[9]
        self.hub.post("refuse", {"order_number": self.refused, "status": 422, "error": "this street is not served", "times": 1})
        self.hub.post("cut", {"order_number": self.cut, "when": "after", "times": 1})
        self.tell("16 checkouts, no request; the last one's server was killed between its commit and the channel")
        self.quiet()
        self.must(not self.at_hub(self.refused), "the refused order is at the hub")

        self.hub.road.cut()
        before = self.hub.requests()
        for cart in carts[16:22]:
            self.numbers.append(self.shop.buy(self.browser, cart))
        rounds = [self.shop.sync() for _ in range(2)]
        self.must(not any(one.complete for one in rounds), "a round without a hub says that it is complete")
        self.must(self.hub.requests() == before, "the hub was reached by a road that was cut")
        self.hub.road.mend()
        self.tell("6 checkouts while the hub was down")
        self.quiet()

        self.numbers.append(self.worker_killed_in_the_act(carts[22]))
        for cart in carts[23:]:
            self.numbers.append(self.shop.buy(self.browser, cart))
        self.quiet()
        missing = [number for number in self.numbers if not self.at_hub(number) and number != self.refused]
        self.must(not missing, f"orders {', '.join(missing)} are not at the hub")
        self.must(len(self.hub.posts(self.cut)) == 1, "the order whose answer was lost was sent twice")
        self.tell(f"{len(self.numbers)} orders, one of them refused")

    def killed_after_commit(self, cart: Cart) -> str:
        """The buyer sees a server that is gone; the shop has the order, and the channel was never told."""
        before = self.order_numbers()
        self.shop.die_after_commit()
        try:
            self.shop.buy(self.browser, cart)
        except NoPage:
            pass
        else:
            raise Broken("the server was to be killed in this checkout, and answered")
        new = self.order_numbers() - before
        self.must(len(new) == 1, f"{len(new)} orders were committed by the server that was killed")
        return new.pop()

    def worker_killed_in_the_act(self, cart: Cart) -> str:
        """The hub takes the order; the worker is killed before it reads that. Another one finds out, and sends nothing."""
        number = self.shop.buy(self.browser, cart)
        self.hub.post("faults", {"do": "delay", "ms": 20_000, "times": 1, "operation": "createOrder", "order_number": number})
        with self.working() as worker:
            self.wait_for(lambda: self.hub.posts(number), "the worker to send the order")
            worker.kill()
        self.quiet()
        posts = self.hub.posts(number)
        self.must(self.at_hub(number) and len(posts) == 1, f"an order of a killed worker was sent {len(posts)} times")
        self.tell("a worker was killed between the hub's yes and its own: one order, sent once")
        return number

    def refusal_is_corrected(self) -> None:
        self.shop.correct(self.browser, self.refused, "18 Quarry Lane")
        self.quiet()
        self.must(self.at_hub(self.refused), "the corrected order is not at the hub")
        self.tell("the refused order has another street, was sent again, and is at the hub")

    def cancellation(self) -> None:
        self.canceled = self.numbers[1]
        self.shop.cancel(self.browser, self.canceled)
        self.quiet()
        self.must(self.status(self.canceled) == "Canceled", f"the canceled order is {self.status(self.canceled)} at the hub")
        self.tell("an order was canceled, at the hub as well")

    def parcels(self) -> None:
        """Whole, by lines, in part, unseen; and a number that is put right later."""
        rest = [number for number in self.numbers if number != self.canceled]
        lines = {number: self.hub.get(f"orders/{number}")["items"] for number in rest}
        self.partial = next(number for number in rest if len(lines[number]) > 1)
        split = next(number for number in rest if len(lines[number]) > 1 and number != self.partial)
        unseen = next(number for number in rest if number not in (self.partial, split))
        first = lines[self.partial][0]
        part = self.hub.post("ship", {
            "order_number": self.partial, "carrier": "Parcel North", "tracking_number": "PN-0001",
            "lines": [{"order_item_id": first["id"], "quantity": 1}]})
        self.hub.post("ship", {"order_number": split, "split": True, "carrier": "Parcel North"})
        self.hub.post("ship", {"order_number": unseen, "suppressed": True, "note": "freight"})
        for number in rest:
            if number not in (self.partial, split, unseen):
                self.hub.post("ship", {"order_number": number, "carrier": "Sandbox Parcel"})
        self.quiet()
        self.hub.post("shipments", {"id": part[0]["id"], "trackingNumber": "PN-0001-CORRECTED"})
        self.quiet()
        self.tell("23 orders were shipped, one in part; a tracking number was corrected afterwards")

    def merchant_changes_listings(self) -> None:
        ordered = {item["sku"] for number in self.numbers for item in self.hub.get(f"orders/{number}")["items"]}
        mine = [one for one in self.hub.get("listings") if not one["held_back"] and one["sku"] not in ordered]
        listed = [one for one in mine if one["listing_status"] == "listed"]
        hidden = [one for one in mine if one["listing_status"] == "hidden"]
        for at, one in enumerate(listed[::23]):
            price = (Decimal(one["price"]) * Decimal("1.05")).quantize(Decimal("0.01"))
            self.hub.post("listings", {"sku": one["sku"], "price": str(price), "quantity": 40 + at})
        for status, some in (("hidden", listed[5:45:10]), ("delisted", listed[7:37:10]), ("listed", hidden[:3])):
            for one in some:
                self.hub.post("listings", {"sku": one["sku"], "status": status})
        for parent in sorted({one["parent_id"] for one in listed[100:130:10]}):
            self.hub.post("listings", {"parent_id": parent, "title": f"Renamed {parent}", "description": "<p>Now longer.</p>"})
        self.hub.post("listings", {"sku": listed[201]["sku"], "delete": True})
        self.quiet({"gone": 0})
        self.must(
            (listed[201]["sku"], "listed") not in self.shop.side()["statuses"], "a listing that was removed at the hub is for sale")
        self.tell("prices, stock, hidden, delisted, listed and renamed pages; one listing was removed at the hub")

    def shared_budget(self) -> None:
        """Two workers and web requests of a third process: one budget, so that nobody is refused."""
        self.hub.post("churn", {"rows": 300, "what": "quantity"})
        waiting = self.hub.get("totals")["waiting_for_sync"]
        self.must(waiting > 200, f"{waiting} listings wait for two workers")
        last = self.hub.requests()
        with self.working() as one, self.working() as other:
            for _ in range(10):
                self.shop.ask_hub()
            self.wait_for(lambda: self.hub.get("totals")["waiting_for_sync"] == 0, "both workers to bring the stock up to date")
            for worker in (one, other):
                worker.send_signal(signal.SIGTERM)
            ended = [worker.wait() for worker in (one, other)]
        self.must(ended == [0, 0], f"the workers ended with {ended}")
        journal = self.hub.get(f"journal?after={last}")
        self.must(len({entry["connection"] for entry in journal}) >= 3, "the workers and the web server shared a connection")
        refused = self.hub.get("totals")["refused_429"]
        self.must(refused == 0, f"{refused} requests were refused with 429")
        self.tell(f"two workers and the web server made {len(journal)} requests, none refused")

    # --- what the chapters are made of --------------------------------------------------------------------------------

    @contextmanager
    def working(self) -> "Iterator[Popen[str]]":
        """A worker of the shop, which does not outlive what it is for."""
        worker = self.shop.worker()
        try:
            yield worker
        finally:
            worker.kill()
            worker.wait()

    def quiet(self, every_s: "Mapping[str, int] | None" = None) -> None:
        """Run rounds, as cron would, until one finds nothing to do."""
        for _ in range(40):
            last = self.shop.sync(every_s)
            if last.complete and last.done == 0:
                return
        raise Broken(f"the shop finds work after 40 rounds: {last.told}")

    def carts(self, count: int) -> "list[Cart]":
        """The same ones in every run over the same catalogue."""
        offers = sorted(
            one["sku"] for one in self.hub.get("listings")
            if one["listing_status"] == "listed" and not one["held_back"] and (one["quantity"] or 0) >= 20)
        return [
            Cart(
                self._chance.choice(BUYERS),
                tuple((sku, self._chance.choice((1, 1, 2))) for sku in self._chance.sample(offers, self._chance.choice((1, 1, 2)))))
            for _ in range(count)
        ]

    def plentiful(self) -> str:
        """A SKU that a hundred checkouts do not sell out."""
        offers = [one for one in self.hub.get("listings") if one["listing_status"] == "listed" and not one["held_back"]]
        return str(max(offers, key=lambda one: one["quantity"] or 0)["sku"])

    def order_numbers(self) -> "set[str]":
        return {number for number, _ in self.shop.side()["orders"]}

    def at_hub(self, number: str) -> bool:
        return any(order["order_number"] == number for order in self.hub.get("orders?pushed=true"))

    def status(self, number: str) -> str:
        return str(self.hub.get(f"orders/{number}")["status"])

    def wait_for(self, what: Any, name: str) -> None:
        for _ in range(9000):
            if what():
                return
            time.sleep(0.1)
        raise Broken(f"waited fifteen minutes for {name}")

    def must(self, condition: bool, otherwise: str) -> None:
        if not condition:
            raise Broken(otherwise)

    def tell(self, line: str) -> None:
        print(f"{time.monotonic() - self._since:6.1f} s  {line}", flush=True)
