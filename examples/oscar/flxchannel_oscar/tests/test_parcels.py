"""Parcels become shipping events, and the hub's status the shop's."""

from __future__ import annotations

from typing import Any, Dict

from .. import orders, parcels
from ..models import Parcel
from .case import WithChannel

ITEMS = [{"id": 801, "sku": "TEE-S", "quantity": 2}, {"id": 802, "sku": "TEE-M", "quantity": 1}]


class ParcelTests(WithChannel):
    def setUp(self) -> None:
        super().setUp()
        self.taken = self.order()

    def parcel(self, tracking: str, *items: "Dict[str, Any]", **told: Any) -> Any:
        record = {"id": 1, "orderId": 5001, "carrier": "North", "trackingNumber": tracking, "shipmentItems": list(items), **told}
        return parcels.take({"type": "shipment", "event": 6, "id": "1", "order_number": self.taken.number, "record": record})

    def status(self, word: str, *items: "Dict[str, Any]") -> None:
        record = {"id": 5001, "orderNumber": self.taken.number, "orderStatus": word, "orderItems": list(items or ITEMS)}
        orders.take_status({
            "type": "order", "event": 7, "id": "5001", "order_number": self.taken.number, "record": record})
        self.taken.refresh_from_db()

    def page(self) -> Any:
        """The order's page, as a guest finds it."""
        order = self.taken.order
        asked = self.client.get(f"/accounts/order-status/{order.number}/{order.verification_hash()}/", follow=True)
        return self.client.post(asked.request["PATH_INFO"], {"email": "ines@example.com"}, follow=True)

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

    def test_two_lines_of_one_sku_are_two_lines_of_the_hub(self) -> None:
        one, two = self.taken.order.lines.order_by("pk")
        two.partner_sku = "TEE-S"
        two.save()
        self.status("Open", {"id": 801, "sku": "TEE-S", "quantity": 1}, {"id": 802, "sku": "TEE-S", "quantity": 2})

        self.assertEqual(self.taken.lines, {"801": two.pk, "802": one.pk})
        self.status("Open", {"id": 803, "sku": "TEE-S", "quantity": 2}, {"id": 804, "sku": "TEE-S", "quantity": 2})
        self.assertEqual(self.taken.lines, {"801": two.pk, "802": one.pk, "803": one.pk, "804": two.pk})
        self.parcel("N-1", {"orderItemId": 801, "quantity": 1}, {"orderItemId": 802, "quantity": 2})
        sent = self.taken.order.shipping_events.get().line_quantities
        self.assertEqual(dict(sent.values_list("line", "quantity")), {one.pk: 2, two.pk: 1})

    def test_the_buyer_sees_the_parcel_on_the_order_page(self) -> None:
        self.status("Open")
        self.parcel("N-1", {"orderItemId": 801, "quantity": 1}, trackingUrl="https://north.example/N-1")

        shown = self.page()

        self.assertContains(shown, '<a href="https://north.example/N-1">N-1</a>')
        self.assertContains(shown, "1 × Tee, S")

    def test_an_address_that_runs_a_script_is_no_link(self) -> None:
        self.status("Open")
        self.parcel("N-1", {"orderItemId": 801, "quantity": 1}, trackingUrl="javascript:alert(1)")

        shown = self.page()

        self.assertContains(shown, "N-1")
        self.assertNotContains(shown, "javascript:alert")

    def test_a_parcel_of_any_length_is_stored(self) -> None:
        self.status("Open")
        address = f"https://north.example/{'9' * 600}"

        self.assertIsNone(self.parcel("N" * 300, {"orderItemId": 801, "quantity": 1}, trackingUrl=address))

        self.assertEqual(Parcel.objects.get().tracking_url, address)
        self.assertIsNone(Parcel._meta.get_field("tracking_number").max_length)  # SQLite would take any

    def test_the_status_of_the_hub_becomes_the_shops(self) -> None:
        self.status("Closed")
        self.taken.order.refresh_from_db()
        self.assertEqual(self.taken.order.status, "Complete")

    def test_what_the_hub_canceled_is_canceled_here_and_not_asked_for_there(self) -> None:
        self.status("Canceled")
        self.taken.order.refresh_from_db()
        self.assertEqual((self.taken.order.status, self.taken.cancel), ("Cancelled", ""))
