#!/usr/bin/env python3
"""A small shop that is a channel of the hub, in one file: read it to learn the library.

The shop has a database of its own (section 1) and six duties towards the hub (sections 2 to 4). `Shop.work` does all of
them once; a real shop calls it from cron every few minutes, and `place_order` from its checkout. Section 5 is the demo.

    python storefront.py --url http://127.0.0.1:8080 --token demo-channel --admin http://127.0.0.1:8080/_admin

Two rules carry everything, and both have one shape: *store first, then say so*.
  - What comes from the hub is committed in the shop's database before the library is told (`ack`, `commit`, `settle`).
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
from typing import Any, Iterable, Mapping

import flxchannel
from flxchannel import Client, ListingParent, ListingStatus, ListingVariant, Order, Outcome, ShipmentKind

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
    database.executescript(SCHEMA)
    return database


class Shop:
    """The shop as a channel of the hub."""

    def __init__(self, database: sqlite3.Connection, client: Client) -> None:
        self.database = database
        self.client = client

    def work(self, flush_ms: int = 10_000) -> int:
        """Do every duty once; return how many things were done. This is what cron calls."""
        done = self.publish() + self.sync()
        done += self.send(flush_ms)
        return done + self.read_orders() + self.read_parcels()

    # --- 2. Listings in, answers out ----------------------------------------------------------------------------------

    def publish(self) -> int:
        """Make every product page that the hub has queued, and answer with the shop's own ids for it."""
        count = 0
        with self.client.pull("listings_to_publish") as pull:
            for page in pull:
                parents = page.parents()
                with self.database:
                    answers = [self._publish_one(parent) for parent in parents]
                self.client.ack(page.receipt, answers)
                count += len(parents)
                progress(f"published {count} product pages")
        return count

    def _publish_one(self, parent: ListingParent) -> "dict[str, Any]":
        self._store_parent(parent)
        for variant in parent.variants:
            self._store_variant(variant, parent.id)
        # An external id names the listing in this shop, once and for ever: ours, or the one that the hub knows already.
        return {
            "id": parent.id,
            "externalId": parent.external_listing_id or f"page-{parent.id}",
            "variants": [
                {"id": v.id, "externalId": v.external_listing_id or f"item-{v.id}", **self._change(v.change_to, [v])}
                for v in parent.variants
            ],
            **self._change(parent.change_to, parent.variants),
        }

    def _change(self, change: "ListingStatus | None", variants: "Iterable[ListingVariant]") -> "dict[str, str]":
        """Hide, unhide or delist, if the merchant asked for it. The hub believes that it happened only when we name it."""
        if change is None or change.handle in ("published", "overwrite_data"):
            return {}  # those two are what `publish` does anyway
        self.database.executemany(
            "UPDATE variant SET status = ? WHERE listing_id = ?", [(change.handle, v.id) for v in variants])
        return {"confirm": change.handle}

    def _store_parent(self, parent: ListingParent) -> None:
        self.database.execute(
            "INSERT INTO product VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (listing_id) DO UPDATE SET"
            " sku = ?3, title = ?4, brand = ?5, description = ?6",
            (parent.id, parent.external_listing_id or f"page-{parent.id}", parent.sku, parent.title,
             parent.manufacturer, parent.description),
        )

    def sync(self) -> int:
        """Bring price, quantity and status of every queued variant up to date."""
        count = 0
        with self.client.pull("listings_to_sync", includeParent=True) as pull:
            for page in pull:
                variants = page.variants()
                with self.database:
                    answers = [self._sync_one(variant) for variant in variants]
                self.client.ack(page.receipt, answers)
                count += len(variants)
                progress(f"synced {count} variants")
        return count

    def _sync_one(self, variant: ListingVariant) -> "dict[str, Any]":
        if variant.parent is not None:
            self._store_parent(variant.parent)
        self._store_variant(variant, variant.listing_parent_id)
        return {"id": variant.id, **self._change(variant.change_to, [variant])}

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

    def send(self, budget_ms: int) -> int:
        """Give the library time to send orders and answers, then take what became of the orders."""
        end = time.monotonic() + budget_ms / 1000
        done = 0
        while True:
            left = max(0, int((end - time.monotonic()) * 1000))
            report = self.client.flush(min(left, 1000))
            done += report.sent + report.answers_sent + self.take_results()
            if report.sent or report.answers_sent:
                progress(f"sent {report.sent} orders and {report.answers_sent} answers; waiting: {report.waiting}")
            if report.outcome is not Outcome.AGAIN or left == 0:
                return done
            if (report.next_in_ms or 0) > left:
                return done
            if report.next_in_ms:
                time.sleep(min(report.next_in_ms, 1000) / 1000)

    def take_results(self) -> int:
        """Store the verdicts of orders, then settle them. `read_orders` may have newer news of the same order."""
        results = self.client.results(1000)
        with self.database:
            self.database.executemany(
                "UPDATE orders SET verdict = ?, hub_id = ?, hub_status = coalesce(hub_status, ?),"
                " note = coalesce(nullif(?, ''), note) WHERE number = ?",
                [(r["verdict"], r["order_id"] or None, r["order_status"], r["message"], r["number"]) for r in results],
            )
        self.client.settle([result["number"] for result in results])
        return len(results)

    # --- 4. Status and parcels in -------------------------------------------------------------------------------------

    def read_orders(self) -> int:
        """Bring the status of orders up to date."""
        count = 0
        with self.client.pull("orders") as pull:
            for page in pull:
                with self.database:
                    self.database.executemany(
                        "UPDATE orders SET hub_id = ?, hub_status = ?, shipped_status = ?, note = ? WHERE number = ?",
                        [(o.id, o.order_status, o.shipped_status, why_held(o), o.order_number) for o in page.orders()],
                    )
                page.commit()
                count += len(page)
                progress(f"read the status of {count} orders")
        return count

    def read_parcels(self) -> int:
        """Store parcels. Only those that go to the buyer are shown to the buyer; a later version may change that."""
        count = 0
        with self.client.pull("shipments") as pull:
            for page in pull:
                with self.database:
                    for parcel in page.shipments():
                        self.database.execute(
                            "INSERT INTO parcel VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET"
                            " number = ?2, carrier = ?3, tracking = ?4, is_for_buyer = ?5",
                            (parcel.id, parcel.order_number, parcel.carrier, parcel.tracking_number,
                             parcel.kind == ShipmentKind.DELIVERY),
                        )
                page.commit()
                count += len(page)
                progress(f"read {count} parcels")
        return count


def order_json(order: sqlite3.Row, lines: "list[sqlite3.Row]") -> "dict[str, Any]":
    """Write an order as the hub wants it (`flxchannel.describe("schema/order")`)."""
    items = []
    for line in lines:
        item = {"sku": line["sku"], "quantity": line["quantity"], "price": Decimal(line["price"])}
        if line["listing_id"] is not None:  # name the listing in every way we know, so that the hub cannot mistake it
            item.update(listingVariantId=line["listing_id"], externalListingId=line["external_id"])
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
        if shop.work() == 0:
            return
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
