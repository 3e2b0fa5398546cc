"""A shop with two listings and a channel whose hub nobody is at: what the tests stand on."""

from __future__ import annotations

import io
import tempfile
from decimal import Decimal
from typing import Any, Dict

from django.conf import settings
from django.test import TestCase, override_settings
from oscar.core.loading import get_class, get_model
from oscar.core.prices import Price
from PIL import Image as Picture

from .. import client, listings
from ..models import ChannelOrder

Product, Basket, StockRecord = get_model("catalogue", "Product"), get_model("basket", "Basket"), get_model("partner", "StockRecord")
Country, ShippingAddress = get_model("address", "Country"), get_model("order", "ShippingAddress")
Selector, OrderCreator = get_class("partner.strategy", "Selector"), get_class("order.utils", "OrderCreator")
Free = get_class("shipping.methods", "Free")


def a_picture(address: str) -> bytes:
    kept = io.BytesIO()
    Picture.new("RGB", (2, 2)).save(kept, "PNG")
    return kept.getvalue()


def no_picture(address: str) -> bytes:
    return b"<html>not found, with status 200</html>"


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


def mug(**changes: Any) -> "Dict[str, Any]":
    """Another listing, of one variant, which has the SKU of its page."""
    variant = {
        "id": 80, "sku": "MUG", "title": "Mug", "price": Decimal("8.00"), "quantity": 3, "listingStatus": {"handle": "listed"},
        "options": [], "images": [], **changes,
    }
    return {"id": 8, "sku": "MUG", "title": "Mug", "images": [], "variants": [variant]}


def publish(record: "Dict[str, Any]") -> "Dict[str, Any]":
    return listings.publish({"type": "publish", "event": 1, "id": str(record["id"]), "sku": record["sku"], "record": record})


def sync(key: int, **changes: Any) -> Any:
    record = {**next(one for one in tee()["variants"] if one["id"] == key), "parent": tee(variants=[]), **changes}
    return listings.update({"type": "sync", "event": 2, "id": str(key), "sku": record["sku"], "record": record})


def change(key: int, to: str, **changes: Any) -> Any:
    record = {"id": key, "sku": {70: "TEE-S", 71: "TEE-M"}.get(key), "parent": tee(variants=[]), **changes}
    return listings.change({
        "type": "change", "event": 3, "to": to, "of": "variant", "id": str(key), "sku": record["sku"], "record": record})


def page(sku: str) -> Any:
    return Product.objects.get(code=sku)


def stock(sku: str) -> Any:
    return StockRecord.objects.get(partner_sku=sku)


def unit(sku: str) -> Any:
    return stock(sku).product


class WithChannel(TestCase):
    """A channel with a state of its own, and a hub that nobody is at."""

    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        own = {**settings.FLXCHANNEL, "state_dir": f"{place.name}/flx", "origin": "http://127.0.0.1:9"}
        changed = override_settings(
            FLXCHANNEL=own, MEDIA_ROOT=f"{place.name}/media", FLXCHANNEL_PICTURES="flxchannel_oscar.tests.case.a_picture")
        changed.enable()
        self.addCleanup(changed.disable)
        client._clients.clear()
        self.addCleanup(client._clients.clear)
        self.answer = publish(tee())

    def address(self) -> Any:
        country, _ = Country.objects.get_or_create(iso_3166_1_a2="US", defaults={"printable_name": "United States"})
        return ShippingAddress.objects.create(
            first_name="Ines", last_name="Calder", line1="17 Quarry Lane", line4="Ashford", postcode="97520", country=country)

    def place(self, address: Any) -> ChannelOrder:
        """Oscar places an order of two S and one M; what it does on commit is left to whoever captures it."""
        basket = Basket.objects.create()
        basket.strategy = Selector().strategy()
        basket.add_product(unit("TEE-S"), 2)
        basket.add_product(unit("TEE-M"), 1)
        placed = OrderCreator().place_order(
            basket, Price("USD", Decimal("60.80"), tax=Decimal(0)), Free(), Price("USD", Decimal(0), tax=Decimal(0)),
            shipping_address=address, order_number=str(basket.pk), status="Pending", guest_email="ines@example.com")
        return ChannelOrder.objects.get(order=placed)

    def order(self) -> ChannelOrder:
        """An order that is committed, and handed over."""
        with self.captureOnCommitCallbacks(execute=True):
            return self.place(self.address())

    def order_not_handed_over(self) -> ChannelOrder:
        """An order whose web server was killed right after its commit."""
        with self.captureOnCommitCallbacks(execute=False):
            return self.place(self.address())

    def outbox(self) -> "Dict[str, str]":
        """The orders that the library has, with their verdicts."""
        return {one["number"]: one["verdict"] for one in client.client().outbox()}
