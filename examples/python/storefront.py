#!/usr/bin/env python3
"""A small shop that is a channel of the hub, in one file: read it to learn the library.

The shop has a database of its own (section 1) and answers the events of a round (sections 2 to 4). `Shop.work` runs one; a
real shop calls it from cron every few minutes, and `place_order` from its checkout. Section 5 is the demo.

    python storefront.py --url http://127.0.0.1:8080 --token demo-channel --admin http://127.0.0.1:8080/_admin

Two rules carry everything, and both have one shape: *store first, then say so*.
  - What comes from the hub is committed in the shop's database before its handler returns.
  - What goes to the hub is committed in the shop's database before it is submitted; submitting again does no harm.
A crash between the two makes the library tell, or take, the same thing again. Nothing is lost, nothing is doubled.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Iterable, Mapping, Union

import flxchannel
from flxchannel import Client, ListingParent, ListingVariant, NewOrder, Order, Summary
from flxchannel.events import (
    ChangeEvent,
    GoneEvent,
    OrderEvent,
    OtherParcelEvent,
    PublishEvent,
    ResultEvent,
    ShipmentEvent,
    SyncEvent,
)
from flxchannel.inputs import NewOrderItem

# --- 1. The shop's own database: nothing here knows the library -------------------------------------------------------

SCHEMA = """
CREATE TABLE IF NOT EXISTS product (
    listing_id TEXT PRIMARY KEY, external_id TEXT UNIQUE, sku TEXT NOT NULL, title TEXT, brand TEXT, description TEXT);
CREATE TABLE IF NOT EXISTS variant (
    listing_id TEXT PRIMARY KEY, external_id TEXT UNIQUE, parent_listing_id TEXT, sku TEXT NOT NULL, title TEXT,
    price TEXT, quantity INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
    number TEXT PRIMARY KEY, buyer TEXT NOT NULL, email TEXT, street TEXT, city TEXT, postal TEXT, state TEXT,
    country TEXT, placed_at TEXT NOT NULL, total TEXT NOT NULL, verdict TEXT, hub_id TEXT, hub_status TEXT,
    shipped_status TEXT, note TEXT);
CREATE TABLE IF NOT EXISTS order_line (
    number TEXT NOT NULL REFERENCES orders, sku TEXT NOT NULL, quantity INTEGER NOT NULL, price TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS parcel (
    id TEXT PRIMARY KEY, number TEXT, carrier TEXT, tracking TEXT, is_for_buyer INTEGER NOT NULL);
"""


def open_database(path: str) -> sqlite3.Connection:
    """Open the shop's database. Use `with database:` for a transaction."""
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA journal_mode = WAL")  # one sync for each event that is stored
    database.executescript(SCHEMA)
    return database


class Shop:
    """The shop as a channel of the hub."""

    def __init__(self, database: sqlite3.Connection, client: Client) -> None:
        self.database = database
        self.client = client

    def work(self, budget_ms: int = 0) -> Summary:
        """Do everything that a channel has to do, once; return the summary. This is what cron calls."""
        self.submit_new()
        return self.client.sync({
            "publish": self.publish, "sync": self.update, "change": self.change, "gone": self.take_down,
            "result": self.take_result, "order": self.take_status, "shipment": self.take_parcel, "other_parcel": self.take_parcel,
        }, budget_ms=budget_ms)

    # --- 2. Listings in, answers out ----------------------------------------------------------------------------------

    def publish(self, event: PublishEvent) -> "dict[str, Any]":
        """Make a product page that the hub has queued, and answer with the shop's own ids for it."""
        parent = ListingParent.of(event["record"])
        with self.database:
            self._store_parent(parent)
            for variant in parent.variants:
                self._store_variant(variant, parent.id)
        # An external id names the listing in this shop, once and for ever: ours, or the one that the hub knows already.
        return {
            "externalId": parent.external_listing_id or f"page-{parent.id}",
            "variants": [{"id": v.id, "externalId": v.external_listing_id or f"item-{v.id}"} for v in parent.variants],
        }

    def update(self, event: SyncEvent) -> None:
        """Bring price, quantity and status of a variant up to date."""
        variant = ListingVariant.of(event["record"])
        with self.database:
            if variant.parent is not None:
                self._store_parent(variant.parent)
            self._store_variant(variant, variant.listing_parent_id)

    def change(self, event: ChangeEvent) -> bool:
        """Hide, unhide or delist, as the merchant asked for. The hub believes that it happened only when we say so."""
        with self.database:
            if event["of"] == "parent":
                parent = ListingParent.of(event["record"])
                parents, variants = [parent], parent.variants
            else:
                variant = ListingVariant.of(event["record"])
                parents, variants = [variant.parent] if variant.parent else [], (variant,)
            for parent in parents:
                self._store_parent(parent)
            for variant in variants:
                self._store_variant(variant, variant.listing_parent_id)
                self.database.execute("UPDATE variant SET status = ? WHERE listing_id = ?", (event["to"], variant.id))
        return True

    def take_down(self, event: GoneEvent) -> None:
        """The hub no longer has this listing: it must not be sold any more."""
        with self.database:
            self.database.execute("DELETE FROM variant WHERE listing_id = ?", (event["id"],))

    def _store_parent(self, parent: ListingParent) -> None:
        self.database.execute(
            "INSERT INTO product VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (listing_id) DO UPDATE SET"
            " sku = ?3, title = ?4, brand = ?5, description = ?6",
            (parent.id, parent.external_listing_id or f"page-{parent.id}", parent.sku, parent.title,
             parent.manufacturer, parent.description),
        )

    def _store_variant(self, variant: ListingVariant, parent_id: "str | None") -> None:
        """Insert or update; what the hub does not say stays as it is (a missing quantity is not zero)."""
        status = variant.status.handle if variant.status is not None else None
        if variant.change_to is not None and variant.change_to.handle == "published":
            status = "listed"  # this is how it becomes one
        self.database.execute(
            "INSERT INTO variant VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce(?7, 0), coalesce(?8, 'listed'))"
            " ON CONFLICT (listing_id) DO UPDATE SET parent_listing_id = coalesce(?3, parent_listing_id), sku = ?4,"
            " title = coalesce(?5, title), price = coalesce(?6, price), quantity = coalesce(?7, quantity)",
            (variant.id, variant.external_listing_id or f"item-{variant.id}", parent_id, variant.sku, variant.title,
             None if variant.price is None else str(variant.price), variant.quantity, status),
        )

    # --- 3. Orders out ------------------------------------------------------------------------------------------------

    def place_order(self, number: str, buyer: Mapping[str, str], lines: "Iterable[tuple[str, int, Decimal]]") -> None:
        """The checkout: the shop's own transaction first, then the library. Neither waits for the network."""
        lines = list(lines)
        total = sum((quantity * price for _, quantity, price in lines), Decimal(0))
        with self.database:
            self.database.execute(
                "INSERT INTO orders (number, buyer, email, street, city, postal, state, country, placed_at, total)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (number, *(buyer[part] for part in ("name", "email", "street", "city", "postal", "state", "country")),
                 datetime.now(timezone.utc).isoformat(timespec="seconds"), str(total)),
            )
            self.database.executemany(
                "INSERT INTO order_line VALUES (?, ?, ?, ?)",
                [(number, sku, quantity, str(price)) for sku, quantity, price in lines],
            )
        self.submit_new()

    def submit_new(self) -> None:
        """Hand every order to the library that has no verdict yet; those it has already are no error and not sent."""
        for row in self.database.execute("SELECT * FROM orders WHERE verdict IS NULL").fetchall():
            lines = self.database.execute(
                "SELECT l.*, v.external_id, v.listing_id FROM order_line l LEFT JOIN variant v ON v.sku = l.sku"
                " WHERE l.number = ? ORDER BY l.rowid", (row["number"],)).fetchall()
            self.client.submit(order_json(row, lines))

    def take_result(self, event: ResultEvent) -> None:
        """Store the verdict of an order. `take_status` may have newer news of the same order."""
        order = event["order"]
        with self.database:
            self.database.execute(
                "UPDATE orders SET verdict = ?, hub_id = ?, hub_status = coalesce(hub_status, ?),"
                " note = coalesce(nullif(?, ''), note) WHERE number = ?",
                (order["verdict"], order["order_id"] or None, order["order_status"], order["message"], order["number"]),
            )

    # --- 4. Status and parcels in -------------------------------------------------------------------------------------

    def take_status(self, event: OrderEvent) -> None:
        """Bring the status of an order up to date."""
        order = Order.of(event["record"])
        with self.database:
            self.database.execute(
                "UPDATE orders SET hub_id = ?, hub_status = ?, shipped_status = ?, note = ? WHERE number = ?",
                (order.id, order.order_status, order.shipped_status, why_held(order), order.order_number),
            )

    def take_parcel(self, event: Union[ShipmentEvent, OtherParcelEvent]) -> None:
        """Store a parcel. Only a `shipment` is shown to the buyer; a later version may change that."""
        parcel = event["record"]
        with self.database:
            self.database.execute(
                "INSERT INTO parcel VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET"
                " number = coalesce(?2, number), carrier = ?3, tracking = ?4, is_for_buyer = ?5",
                (event["id"], event["order_number"], parcel.get("carrier"), parcel.get("trackingNumber"),
                 event["type"] == "shipment"),
            )


def order_json(order: sqlite3.Row, lines: "list[sqlite3.Row]") -> NewOrder:
    """Write an order as the hub wants it (`flxchannel.describe("schema/order")`)."""
    items: "list[NewOrderItem]" = []
    for line in lines:
        item: NewOrderItem = {"sku": line["sku"], "quantity": line["quantity"], "price": Decimal(line["price"])}
        if line["listing_id"] is not None:  # name the listing in every way we know, so that the hub cannot mistake it
            item["listingVariantId"], item["externalListingId"] = line["listing_id"], line["external_id"]
        items.append(item)
    return {
        "orderNumber": order["number"],
        "orderedAt": order["placed_at"],
        "orderTotal": Decimal(order["total"]),
        "shippingText": "Standard",
        "shippingAddress": {
            "name": order["buyer"], "email": order["email"], "addressLine1": order["street"], "city": order["city"],
            "postal": order["postal"], "stateCode": order["state"], "countryCode": order["country"],
        },
        "orderItems": items,
    }


def why_held(order: Order) -> str:
    """Say what a person has to look at: lines that the hub could not match to a listing."""
    if order.order_status not in ("On Hold", "Not Managed"):
        return ""
    return "not managed by the hub: " + ", ".join(i.sku or "?" for i in order.items if i.listing_variant_id is None)


# --- 5. The demo ------------------------------------------------------------------------------------------------------

_started = time.monotonic()


def progress(line: str) -> None:
    print(f"{time.monotonic() - _started:6.1f} s  {line}", flush=True)


def work_until_quiet(shop: Shop, most_rounds: int = 20) -> None:
    """Call `Shop.work` as cron would, until a round finds nothing to do."""
    for _ in range(most_rounds):
        summary = shop.work()
        done = {name: part["done"] for name, part in summary["parts"].items() if part["done"]}
        sent = summary["sent"]
        progress(f"a round: {done or 'nothing to do'}; sent {sent['sent']} orders, {sent['answers_sent']} answers")
        if summary["complete"] and not done and not sent["sent"]:
            return
        if not done and sent["next_in_ms"] > 0:
            time.sleep(min(sent["next_in_ms"], 2000) / 1000)
    progress("the hub still has work after many rounds")


def main() -> int:
    parser = argparse.ArgumentParser(description="A small shop as a channel of the sandbox hub.")
    parser.add_argument("--url", required=True, help="where the hub is")
    parser.add_argument("--token", required=True, help="the channel token")
    parser.add_argument("--admin", required=True, help="admin address of the sandbox, for the demo's stage hands")
    parser.add_argument("--state-dir", help="directory of the library's state (default: a temporary one)")
    parser.add_argument("--db", help="file of the shop's database (default: beside the state)")
    options = parser.parse_args()
    state_dir = options.state_dir or tempfile.mkdtemp(prefix="storefront-")
    Path(state_dir).mkdir(mode=0o700, exist_ok=True)
    database = open_database(options.db or str(Path(state_dir) / "shop.sqlite"))

    from demo_stage import BUYERS, Stage, carts, final_table  # the hub's side of the play; no shop needs it

    stage = Stage(options.admin)
    print(f"flxchannel {flxchannel.version()} · shop database and state in {state_dir}")
    with Client(channel="demo-shop", token=options.token, state_dir=state_dir, origin=options.url) as client:
        shop = Shop(database, client)
        report = client.probe()
        progress(f"the hub answers: token {report['token']}, {report['listings']} listings")

        progress("-- first day: every listing of the merchant")
        work_until_quiet(shop)

        progress("-- the merchant changes prices and stock, hides, unhides and delists; buyers order")
        stage.merchant_changes_listings()
        for number, buyer, lines in carts(database):
            shop.place_order(number, BUYERS[buyer], lines)
            stage.prepare_order(number)
        progress("25 orders placed; three connections will be cut after the hub accepted, one order will be refused")
        work_until_quiet(shop)

        progress("-- the merchant ships: whole, in two parcels, and one parcel that the buyer must not see")
        stage.merchant_ships()
        work_until_quiet(shop)

        seconds = time.monotonic() - _started
        return 0 if final_table(stage, database, client, seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
