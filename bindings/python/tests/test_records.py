"""Typed views of records, from records that are made here."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from flxchannel import ListingParent, ListingVariant, Order, Return, Shipment, ShipmentKind, records

VIEWS = [getattr(records, name) for name in records.__all__]


def build(view, record):
    facts = {"kind": ShipmentKind.DELIVERY, "order_number": None} if view is Shipment else {}
    return view.of(record, **facts)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("value", ["absent", None, {}, []])
def test_what_is_absent_null_or_of_another_type_is_none(view, value):
    record = {} if value == "absent" else {
        name: value for field in fields(view) if field.metadata.get("path") for name in field.metadata["path"].split("|")
    }
    seen = build(view, record)

    for field in fields(view):
        if field.metadata.get("path") and not (value == {} and "Optional" in field.type):  # an empty object is an object
            assert getattr(seen, field.name) in (None, ()), field.name


def test_variant_has_what_the_hub_sent():
    seen = ListingVariant.of({
        "id": 9007199254740993, "sku": "A", "channelId": 501, "asin": "B0", "price": Decimal("19.90"), "shippingCost": "4.5",
        "quantity": 0, "archived": False, "weightUnit": {"id": 1, "handle": "lb"}, "dimensionUnit": "in",
        "linkAttemptedAt": "2026-01-31T12:00:00Z", "listingStatus": "listed", "tags": ["a", 7, "b"],
        "priceOverwrite": {"priceOverwritten": True, "dynamicPrice": Decimal("20.00")},
        "quantityOverwrite": {"isLockedByOrderVolumeProtection": False, "dynamicQuantity": 3},
        "image": [{"url": "u", "sortOrder": 2}],
        "parent": {"id": 7, "changeToListingStatus": {"handle": "hidden"}, "categoryOne": {
            "name": "Tees", "productCategory": {"name": "Shirts", "inventoryCategory": {"name": "Tops", "excluded": True}}}},
    })

    assert (seen.id, seen.channel_id, seen.asin, seen.ean) == ("9007199254740993", "501", "B0", None)
    assert (seen.price, seen.shipping_cost, seen.quantity, seen.archived) == (Decimal("19.90"), Decimal("4.5"), 0, False)
    assert (seen.weight_unit.id, seen.weight_unit.handle, seen.dimension_unit.handle) == ("1", "lb", "in")
    assert seen.link_attempted_at == datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
    assert seen.status.handle == "listed" and seen.tags == ("a", "b")
    assert (seen.price_overwrite.price_overwritten, seen.price_overwrite.dynamic_price) == (True, Decimal("20.00"))
    assert (seen.quantity_overwrite.locked_by_order_volume_protection, seen.quantity_overwrite.dynamic_quantity) == (False, 3)
    assert [(image.url, image.sort_order) for image in seen.images] == [("u", 2)]
    assert seen.change_to.handle == "hidden", "contract 9, row 23: it may stand in the parent only"
    category = seen.parent.category_one
    assert (category.name, category.product_category.name) == ("Tees", "Shirts")
    assert category.product_category.inventory_category.excluded is True


def test_parent_order_and_return_have_their_parts():
    parent = ListingParent.of({
        "id": 7, "sku": "P", "variants": [{"id": 70}, {"id": 71}], "attributes": [{"attributeId": 4}],
    })
    order = Order.of({
        "id": 1, "importedFrom": 501, "customFields": [{"name": "gift", "value": "yes"}],
        "fulfillmentRequests": [
            {"fulfillmentRequestNumber": "F1", "fulfillmentRequestStatus": {"handle": "sent", "name": "Sent"}}],
        "orderItems": [{"allocatedQuantity": 2, "bundleComponents": [{"componentQuantity": 3, "cost": 1}]}],
    })
    goods = Return.of({
        "id": 1, "totalRmas": 1,
        "rmas": [{"rmaNumber": "R", "returnToAddress": {"hash": "h"}, "items": [{"returnItemId": 9}]}],
    })

    assert [variant.id for variant in parent.variants] == ["70", "71"] and parent.attributes[0].attribute_id == "4"
    assert order.imported_from == "501" and order.custom_fields[0].value == "yes"
    assert [(one.number, one.status, one.status_name) for one in order.fulfillment_requests] == [("F1", "sent", "Sent")]
    assert order.items[0].allocated_quantity == 2
    assert [(part.component_quantity, part.cost) for part in order.items[0].bundle_components] == [(3, Decimal(1))]
    assert goods.total_rmas == 1 and goods.rmas[0].return_to_address.hash == "h"
    assert goods.rmas[0].items[0].return_item_id == "9"


def test_event_of_a_parcel_says_its_kind_and_its_order():
    told = {"event": 1, "id": "9", "order_number": "A-1", "record": {"id": 9, "orderId": 1, "shipmentItems": [{"quantity": 2}]}}
    seen = Shipment.of_event({"type": "shipment", **told})
    other = Shipment.of_event({"type": "other_parcel", "kind": "cross_dock", **told})

    assert (seen.kind, seen.order_number, seen.id, seen.items[0].quantity) == (ShipmentKind.DELIVERY, "A-1", "9", 2)
    assert (other.kind, other.order_number) == (ShipmentKind.CROSS_DOCK, "A-1")


def test_event_of_an_order_is_its_record():
    event = {"type": "order", "event": 1, "id": "5", "order_number": "A-1", "record": {"id": 5, "orderNumber": "hub's own"}}

    assert Order.of_event(event) == Order.of(event["record"])


def test_parcel_without_its_facts_says_which_and_where_they_are():
    with pytest.raises(TypeError, match=r"Shipment\.of\(\) needs kind=, .*Shipment\.of_event\(event\)"):
        Shipment.of({"id": 9})
    with pytest.raises(TypeError, match="needs order_number="):
        Shipment.of({"id": 9}, kind=ShipmentKind.DELIVERY)


NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize("text, instant", [
    ("2026-01-31T12:00:00Z", NOON),
    ("2026-01-31t12:00:00z", NOON),
    ("2026-01-31 13:30:00+01:30", NOON),
    ("2026-01-31T07:00:00-0500", NOON),
    ("2026-01-31T12:00:00.5Z", NOON.replace(microsecond=500_000)),
    ("2026-01-31T12:00:00.123456789Z", NOON.replace(microsecond=123_456)),
    ("2026-01-31T12:00:00", None),  # no zone: no moment
    ("2026-02-30T12:00:00Z", None),
    ("0001-01-01T00:00:00+01:00", None),
    ("soon", None),
])
def test_instant_is_read_as_the_library_reads_it(text, instant):
    assert Order.of({"id": 1, "orderedAt": text}).ordered_at == instant


@pytest.mark.parametrize("value", ["x", "NaN", "Infinity", "1_000", " 1.5", "01", "\u0661\u0662", True, 1.5])
def test_decimal_is_exact_or_none(value):
    assert Order.of({"id": 1, "orderTotal": value}).order_total is None
