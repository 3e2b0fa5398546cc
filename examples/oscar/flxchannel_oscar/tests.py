"""What the app promises, by events as the hub's would be: no server, no hub."""

from __future__ import annotations

import copy
import tempfile
from decimal import Decimal
from typing import Any, Dict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import TestCase, override_settings
from oscar.core.loading import get_class, get_model
from oscar.core.prices import Price

from . import client, listings, orders, parcels
from .models import ChannelOrder, Listing, Parcel

Product, Basket, Category = get_model("catalogue", "Product"), get_model("basket", "Basket"), get_model("catalogue", "Category")
Country, ShippingAddress = get_model("address", "Country"), get_model("order", "ShippingAddress")
Selector, OrderCreator = get_class("partner.strategy", "Selector"), get_class("order.utils", "OrderCreator")
Free = get_class("shipping.methods", "Free")


def tee(**changes: Any) -> "Dict[str, Any]":
    """A listing with two variants, as the hub tells it."""
    def variant(key: int, size: str, price: str) -> "Dict[str, Any]":
        return {
            "id": key, "sku": f"TEE-{size}", "title": f"Tee, {size}", "price": Decimal(price), "quantity": 9,
            "listingStatus": {"handle": "listed"}, "options": [{"id": 1, "name": "Size", "value": size}], "images": [],
        }
    return {
        "id": 7, "sku": "TEE", "title": "Tee", "manufacturer": "Alder", "description": "<p>Soft<script>steal()</script></p>",
        "categoryOne": {"id": 1, "name": "Clothing"}, "categoryTwo": {"id": 2, "name": "Shirts"},
        "images": [{"id": 5, "url": "https://img.example/tee/1.jpg", "hash": "a", "sortOrder": 0}],
        "variants": [variant(70, "S", "19.90"), variant(71, "M", "21.00")], **changes,
    }


def publish(record: "Dict[str, Any]") -> "Dict[str, Any]":
    return listings.publish({"type": "publish", "event": 1, "id": str(record["id"]), "sku": record["sku"], "record": record})


def sync(key: int, **changes: Any) -> Any:
    record = {**next(one for one in tee()["variants"] if one["id"] == key), "parent": tee(variants=[]), **changes}
    return listings.update({"type": "sync", "event": 2, "id": str(key), "sku": record["sku"], "record": record})


def change(key: int, to: str) -> bool:
    record = {"id": key, "sku": "TEE-S", "parent": tee(variants=[])}
    return listings.change({
        "type": "change", "event": 3, "to": to, "of": "variant", "id": str(key), "sku": "TEE-S", "record": record})


def unit(sku: str) -> Any:
    return Product.objects.get(code=sku)


class WithChannel(TestCase):
    """A channel with a state of its own, and a hub that nobody is at."""

    def setUp(self) -> None:
        self._place = tempfile.TemporaryDirectory()
        self.addCleanup(self._place.cleanup)
        own = {**settings.FLXCHANNEL, "state_dir": f"{self._place.name}/flx", "origin": "http://127.0.0.1:9"}
        changed = override_settings(FLXCHANNEL=own, MEDIA_ROOT=f"{self._place.name}/media")
        changed.enable()
        self.addCleanup(changed.disable)
        client._clients.clear()
        self.addCleanup(client._clients.clear)
        self.answer = publish(tee())

    def order(self) -> ChannelOrder:
        """An order of two S and one M, committed."""
        country, _ = Country.objects.get_or_create(iso_3166_1_a2="US", defaults={"printable_name": "United States"})
        address = ShippingAddress.objects.create(
            first_name="Ines", last_name="Calder", line1="17 Quarry Lane", line4="Ashford", postcode="97520", country=country)
        basket = Basket.objects.create()
        basket.strategy = Selector().strategy()
        basket.add_product(unit("TEE-S"), 2)
        basket.add_product(unit("TEE-M"), 1)
        with self.captureOnCommitCallbacks(execute=True):
            placed = OrderCreator().place_order(
                basket, Price("USD", Decimal("60.80"), tax=Decimal(0)), Free(), Price("USD", Decimal(0), tax=Decimal(0)),
                shipping_address=address, order_number=str(basket.pk), status="Pending", guest_email="ines@example.com")
        return ChannelOrder.objects.get(order=placed)


class ListingTests(WithChannel):
    def test_a_listing_becomes_a_page_with_its_variants(self) -> None:
        page = unit("TEE")

        self.assertEqual(self.answer["externalId"], str(page.pk))
        self.assertEqual([one["id"] for one in self.answer["variants"]], ["70", "71"])
        self.assertEqual(page.description, "<p>Soft</p>")
        self.assertEqual([one.full_name for one in page.categories.all()], ["Clothing > Shirts"])
        self.assertEqual(page.images.count(), 1)
        self.assertTrue(page.is_public)
        self.assertEqual(unit("TEE-M").attr.size, "M")
        self.assertEqual(unit("TEE-M").stockrecords.get().price, Decimal("21.00"))

    def test_the_same_again_changes_nothing(self) -> None:
        counts = Product.objects.count(), Category.objects.count(), unit("TEE").images.get().pk

        self.assertEqual(publish(tee()), self.answer)

        self.assertEqual((Product.objects.count(), Category.objects.count(), unit("TEE").images.get().pk), counts)

    def test_a_price_that_the_shop_cannot_write_is_told_to_the_merchant(self) -> None:
        self.assertIn("19.905", sync(70, price=Decimal("19.905"))["error"])
        self.assertEqual(unit("TEE-S").stockrecords.get().price, Decimal("19.90"))

    def test_a_missing_quantity_is_not_zero(self) -> None:
        self.assertIsNone(sync(70, quantity=None, price=Decimal("18.00")))
        stock = unit("TEE-S").stockrecords.get()
        self.assertEqual((stock.num_in_stock, stock.price), (9, Decimal("18.00")))

    def test_what_is_hidden_is_in_no_basket_and_what_is_listed_is_back(self) -> None:
        basket = Basket.objects.create()
        basket.strategy = Selector().strategy()
        basket.add_product(unit("TEE-S"), 1)

        self.assertTrue(change(70, "hidden"))
        self.assertFalse(unit("TEE-S").is_public)
        self.assertTrue(unit("TEE").is_public)
        self.assertEqual(basket.lines.count(), 0)

        self.assertTrue(change(71, "delisted"))
        self.assertFalse(unit("TEE").is_public)

        self.assertTrue(change(70, "listed"))
        self.assertTrue(unit("TEE-S").is_public and unit("TEE").is_public)

    def test_what_is_gone_is_not_for_sale_until_it_is_back(self) -> None:
        listings.take_down({"type": "gone", "event": 4, "id": "70", "sku": "TEE-S"})
        self.assertFalse(unit("TEE-S").is_public)
        self.assertEqual(Listing.objects.get(kind="variant", hub_id="70").status, "gone")

        sync(70)
        self.assertTrue(unit("TEE-S").is_public)


class OrderTests(WithChannel):
    def test_an_order_is_handed_over_once_it_is_committed(self) -> None:
        taken = self.order()

        self.assertEqual([one["number"] for one in client.client().outbox()], [taken.number])
        orders.submit_all()
        self.assertEqual(len(client.client().outbox()), 1)

    def test_a_channel_that_cannot_work_breaks_no_checkout(self) -> None:
        client._clients.clear()
        with override_settings(FLXCHANNEL={**settings.FLXCHANNEL, "state_dir": "/nowhere/at/all"}), self.assertLogs("django.test"):
            taken = self.order()

        orders.submit_all()
        self.assertEqual([one["number"] for one in client.client().outbox()], [taken.number])

    def test_the_admin_shows_the_outbox_and_asks_the_hub_nothing(self) -> None:
        taken = self.order()
        self.client.force_login(get_user_model().objects.create_superuser("merchant", "merchant@example.com", "only here"))

        self.assertContains(self.client.get("/admin/flxchannel_oscar/channelorder/"), "1 queued")
        self.assertContains(self.client.get(f"/admin/flxchannel_oscar/channelorder/{taken.pk}/change/"), "submitted")
        self.assertEqual(set(client.client().stats()["requests"].values()), {0})

    def test_an_order_that_was_rolled_back_is_nowhere(self) -> None:
        try:
            with transaction.atomic():
                self.order()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        self.assertFalse(ChannelOrder.objects.exists())

    def test_what_the_hub_has_is_set_aside_no_longer(self) -> None:
        taken = self.order()
        self.assertEqual(unit("TEE-S").stockrecords.get().num_allocated, 2)

        self.result(taken, "applied")

        stock = unit("TEE-S").stockrecords.get()
        self.assertEqual((stock.num_in_stock, stock.num_allocated), (9, 0))

    def test_an_order_that_was_canceled_before_it_left_is_not_sent(self) -> None:
        taken = self.order()
        taken.order.set_status("Cancelled")
        orders.cancel_all()

        taken.refresh_from_db()
        self.assertEqual(taken.cancel, "not_sent")
        self.assertEqual(client.client().outbox()[0]["verdict"], "not_applied")

    def result(self, taken: ChannelOrder, verdict: str) -> None:
        told: Any = {
            "number": taken.number, "verdict": verdict, "message": "", "hub_said": "", "order_id": "5001", "order_status": "Open"}
        orders.take_result({"type": "result", "event": 5, "order": told})


class ParcelTests(WithChannel):
    def setUp(self) -> None:
        super().setUp()
        self.taken = self.order()

    def parcel(self, tracking: str, *items: "Dict[str, Any]") -> Any:
        return parcels.take({
            "type": "shipment", "event": 6, "id": "1", "order_number": self.taken.number,
            "record": {"id": 1, "orderId": 5001, "carrier": "North", "trackingNumber": tracking, "shipmentItems": list(items)}})

    def status(self, word: str) -> None:
        items = [{"id": 801, "sku": "TEE-S", "quantity": 2}, {"id": 802, "sku": "TEE-M", "quantity": 1}]
        record = {"id": 5001, "orderNumber": self.taken.number, "orderStatus": word, "orderItems": copy.deepcopy(items)}
        orders.take_status({
            "type": "order", "event": 7, "id": "5001", "order_number": self.taken.number, "record": record})
        self.taken.refresh_from_db()

    def test_a_parcel_waits_for_the_lines_of_its_order(self) -> None:
        self.assertIn("later", self.parcel("N-1", {"orderItemId": 801, "quantity": 1}))
        self.assertFalse(Parcel.objects.exists())

    def test_a_parcel_is_in_part_is_corrected_and_is_taken_back(self) -> None:
        self.status("Open")

        one, of_nobody = {"orderItemId": 801, "quantity": 1}, {"orderItemId": 999, "quantity": 4}
        self.assertIsNone(self.parcel("N-1", one, of_nobody))
        self.assertIsNone(self.parcel("N-2", one, of_nobody))

        event = self.taken.order.shipping_events.get()
        self.assertEqual(event.notes, "North N-2")
        self.assertEqual([(each.line.partner_sku, each.quantity) for each in event.line_quantities.all()], [("TEE-S", 1)])

        parcels.take_back({
            "type": "other_parcel", "event": 8, "kind": "suppressed", "id": "1", "order_number": self.taken.number, "record": {}})
        self.assertFalse(self.taken.order.shipping_events.exists())

    def test_the_buyer_sees_the_parcel_on_the_order_page(self) -> None:
        self.status("Open")
        self.parcel("N-1", {"orderItemId": 801, "quantity": 1})

        order = self.taken.order
        place = f"/accounts/order-status/{order.number}/{order.verification_hash()}/"
        asked = self.client.get(place, follow=True).request["PATH_INFO"]
        shown = self.client.post(asked, {"email": "ines@example.com"}, follow=True)

        self.assertContains(shown, "N-1")
        self.assertContains(shown, "1 × Tee, S")

    def test_the_status_of_the_hub_becomes_the_shops(self) -> None:
        self.status("Closed")
        self.taken.order.refresh_from_db()
        self.assertEqual(self.taken.order.status, "Complete")
