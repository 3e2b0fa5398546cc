"""The other side of the demo: the merchant and the buyers, by the sandbox's admin paths, and the final count.

Nothing here is needed by a shop. The people are invented.
"""

from __future__ import annotations

import json
import random
import sqlite3
import urllib.request
from decimal import Decimal
from typing import Any, Iterator

from flxchannel import Client

UNKNOWN_SKU = "GIFT-WRAP"  # the shop sells it, the hub has never heard of it
CUT, REFUSED, UNKNOWN = ("W-10004", "W-10011", "W-10019"), "W-10014", "W-10022"

_PEOPLE = """
Ines Calder|17 Quarry Lane|Ashford|97520|OR|US
Tomasz Brandt|4 Mill Row|Danbury|06810|CT|US
Leila Okafor|220 Harbour View, Apt 9|Duluth|55802|MN|US
Jun Hartono|88 Cedar Court|Boulder|80302|CO|US
Marit Solheim|9 Lighthouse Road|Rockport|04856|ME|US
Dario Pellegrini|1501 Juniper Street|Santa Fe|87501|NM|US
Amara Whitcombe|63 Station Approach|Halifax|B3H 1A1|NS|CA
Óscar Núñez-Łuczak|12 Rue de l'Étoile|Québec|G1R 2B5|QC|CA
Priya Raghunathan|7 Windmill Close|Austin|78704|TX|US
"""
BUYERS = [
    {
        "name": name, "street": street, "city": city, "postal": postal, "state": state, "country": country,
        "email": name.split()[0].lower().replace("ó", "o") + "@example.com",
    }
    for name, street, city, postal, state, country in (line.split("|") for line in _PEOPLE.split("\n") if line)
]


def carts(database: sqlite3.Connection) -> "Iterator[tuple[str, int, list[tuple[str, int, Decimal]]]]":
    """Yield 25 orders as number, buyer and lines: the same ones in every run over the same catalogue."""
    chance = random.Random(25)
    offers = database.execute(
        "SELECT sku, price FROM variant WHERE status = 'listed' AND quantity >= 20 AND price IS NOT NULL ORDER BY sku"
    ).fetchall()
    for number in range(10001, 10026):
        picked = chance.sample(offers, chance.choice((1, 1, 2, 2, 3, 5)))
        lines = [(offer["sku"], chance.choice((1, 1, 1, 2, 4)), Decimal(offer["price"])) for offer in picked]
        if f"W-{number}" == UNKNOWN:
            lines.append((UNKNOWN_SKU, 1, Decimal("4.50")))
        yield f"W-{number}", chance.randrange(len(BUYERS)), lines


class Stage:
    """The sandbox's admin paths."""

    def __init__(self, admin: str) -> None:
        self._admin = admin.rstrip("/")

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self._admin}/{path}", timeout=30) as answer:
            return json.load(answer, parse_float=Decimal)

    def post(self, path: str, body: "dict[str, Any]") -> Any:
        request = urllib.request.Request(f"{self._admin}/{path}", json.dumps(body).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def prepare_order(self, number: str) -> None:
        """Have the hub take this order and hang up, or refuse it, if it is one of those."""
        if number in CUT:
            self.post("cut", {"order_number": number, "when": "after", "times": 1})
        elif number == REFUSED:
            self.post("refuse", {"order_number": number, "error": "this address is blocked"})

    def merchant_changes_listings(self) -> None:
        listings = [listing for listing in self.get("listings") if not listing["held_back"]]
        listed = [listing for listing in listings if listing["listing_status"] == "listed"]
        hidden = [listing for listing in listings if listing["listing_status"] == "hidden"]
        for position, listing in enumerate(listed[::23]):
            price = (Decimal(listing["price"]) * Decimal("1.05")).quantize(Decimal("0.01"))
            self.post("listings", {"sku": listing["sku"], "price": str(price), "quantity": 40 + position})
        for status, chosen in (("hidden", listed[5:45:10]), ("delisted", listed[7:37:10]), ("listed", hidden[:3])):
            for listing in chosen:
                self.post("listings", {"sku": listing["sku"], "status": status})
        for parent in {listing["parent_id"] for listing in listed[100:130:10]}:
            self.post("listings", {"parent_id": parent, "description": "<p>Now with a longer warranty.</p>"})

    def merchant_ships(self) -> None:
        """Two orders go in a parcel a line, one in a parcel that must stay unseen, two wait, the rest go whole."""
        ready = [order for order in self.get("orders?pushed=true") if order["status"] == "Open"]
        several = [order for order in ready if len(order["items"]) > 1][:2]
        others = [order for order in ready if order not in several]
        for order in several:
            self.post("ship", {"order_number": order["order_number"], "split": True, "carrier": "Parcel North"})
        self.post("ship", {"order_number": others[0]["order_number"], "suppressed": True, "note": "freight"})
        for order in others[1:-2]:
            self.post("ship", {"order_number": order["order_number"], "carrier": "Sandbox Parcel"})


def final_table(stage: Stage, database: sqlite3.Connection, client: Client, seconds: float) -> bool:
    """Print what the shop holds against what the hub holds; return whether they agree."""

    def shop(query: str) -> Any:
        return database.execute(query).fetchone()[0]

    totals, journal = stage.get("totals"), stage.get("journal")
    orders = {order["order_number"]: order for order in stage.get("orders?pushed=true")}
    offered = {str(listing["id"]): listing for listing in stage.get("listings") if not listing["held_back"]}
    held = totals["variants"] - len(offered)
    parcels = [parcel for order in orders.values() for parcel in order["shipments"]]
    posts = [entry for entry in journal if entry["operation"] == "createOrder"]
    verdicts = dict(database.execute("SELECT verdict, count(*) FROM orders GROUP BY verdict").fetchall())

    def hub_orders(status: str) -> int:
        return sum(order["status"] == status for order in orders.values())

    rows = [
        ("parents", shop("SELECT count(*) FROM product"), totals["parents"]),
        (f"variants ({held} held back by the hub)", shop("SELECT count(*) FROM variant"), len(offered)),
        ("variants whose price, quantity or status differs", _differing(database, offered), 0),
        ("orders taken, submitted", shop("SELECT count(*) FROM orders"), len({post["order_number"] for post in posts})),
        ("orders applied", verdicts.get("applied", 0), len(orders)),
        ("orders refused", verdicts.get("refused", 0), len({p["order_number"] for p in posts if p["status"] == 422})),
        ("distinct orders at the hub", shop("SELECT count(DISTINCT hub_id) FROM orders"), totals["orders_pushed"]),
        ("order attempts on the wire", sum(row["attempts"] for row in client.outbox()), len(posts)),
        ("orders on hold", shop("SELECT count(*) FROM orders WHERE hub_status = 'On Hold'"), hub_orders("On Hold")),
        ("orders closed", shop("SELECT count(*) FROM orders WHERE hub_status = 'Closed'"), hub_orders("Closed")),
        ("parcels a buyer may see",
         shop("SELECT count(*) FROM parcel WHERE number IN (SELECT number FROM orders) AND is_for_buyer"),
         sum(not parcel["suppressed"] for parcel in parcels)),
        ("parcels kept from the buyer",
         shop("SELECT count(*) FROM parcel WHERE number IN (SELECT number FROM orders) AND NOT is_for_buyer"),
         sum(parcel["suppressed"] for parcel in parcels)),
        ("answers outstanding", _waiting(client), totals["waiting_for_sync"] + totals["waiting_for_publish"]),
        ("requests refused with 429", 0, totals["refused_429"]),
    ]
    print(f"\n{'':50}{'shop':>10}{'hub':>10}")
    for what, ours, theirs in rows:
        print(f"{what:50}{ours:>10,}{theirs:>10,}{'' if ours == theirs else '   <-- differs'}")
    span = (journal[-1]["at_us"] - journal[0]["at_us"]) / 1e6
    granted = 40 + 2 * span
    share = len(journal) / granted
    print(f"\n{seconds:.1f} seconds; {len(journal)} requests, {share:.0%} of the {granted:.0f} that were granted")
    for row in database.execute("SELECT * FROM orders WHERE hub_status = 'On Hold' OR note <> '' ORDER BY number"):
        print(f"needs a person: {row['number']} ({row['verdict']}, {row['hub_status'] or 'not at the hub'}): {row['note']}")
    return all(ours == theirs for _, ours, theirs in rows)


def _differing(database: sqlite3.Connection, offered: "dict[str, Any]") -> int:
    ours = {row["listing_id"]: row for row in database.execute("SELECT * FROM variant")}
    return sum(
        listing_id not in ours
        or (Decimal(ours[listing_id]["price"]), ours[listing_id]["quantity"], ours[listing_id]["status"])
        != (Decimal(listing["price"]), listing["quantity"], listing["listing_status"])
        for listing_id, listing in offered.items()
    )


def _waiting(client: Client) -> int:
    return int(client.stats()["answers"]["waiting"])
