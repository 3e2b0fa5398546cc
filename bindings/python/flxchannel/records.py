"""Typed, read-only views of records. Each keeps the hub's own JSON in `record`, which has every field there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Callable, Optional, TypeVar

from .codes import ShipmentKind

_View = TypeVar("_View")


@dataclass(frozen=True)
class ListingStatus:
    """A listing status (contract 3.2)."""

    handle: str
    name: Optional[str]

    @classmethod
    def of(cls, record: "dict[str, Any]") -> ListingStatus:
        return cls(handle=record["handle"], name=record.get("name"))


@dataclass(frozen=True)
class Image:
    """An image of a listing."""

    id: Optional[str]
    url: str
    sort_order: Optional[int]
    external_listing_id: Optional[str]

    @classmethod
    def of(cls, record: "dict[str, Any]") -> Image:
        return cls(_id(record, "id"), record["url"], record.get("sortOrder"), record.get("externalListingId"))


@dataclass(frozen=True)
class NameValue:
    """An option, an attribute or a custom field; an option of a parent has no value."""

    id: Optional[str]
    name: str
    value: Optional[str]

    @classmethod
    def of(cls, record: "dict[str, Any]") -> NameValue:
        return cls(_id(record, "id"), record["name"], record.get("value"))


@dataclass(frozen=True)
class ListingVariant:
    """A listing's sellable unit (contract 3.3). A quantity of None means: do not change it."""

    id: str
    sku: str
    title: Optional[str]
    upc: Optional[str]
    price: Optional[Decimal]
    cost: Optional[Decimal]
    msrp: Optional[Decimal]
    weight: Optional[Decimal]
    quantity: Optional[int]
    archived: bool
    listing_parent_id: Optional[str]
    external_listing_id: Optional[str]
    status: Optional[ListingStatus]
    change_to: Optional[ListingStatus]  #: a queued status change, its own or its parent's, to be done and named in the answer
    updated_at: Optional[datetime]
    images: "tuple[Image, ...]"
    options: "tuple[NameValue, ...]"
    custom_fields: "tuple[NameValue, ...]"
    parent: Optional[ListingParent]
    record: "dict[str, Any]"

    @classmethod
    def of(cls, record: "dict[str, Any]") -> ListingVariant:
        return cls(
            id=str(record["id"]),
            sku=record["sku"],
            title=record.get("title"),
            upc=record.get("upc"),
            price=_decimal(record, "price"),
            cost=_decimal(record, "cost"),
            msrp=_decimal(record, "msrp"),
            weight=_decimal(record, "weight"),
            quantity=record.get("quantity"),
            archived=bool(record.get("archived")),
            listing_parent_id=_id(record, "listingParentId"),
            external_listing_id=record.get("externalListingId"),
            status=_one(record, "listingStatus", ListingStatus.of),
            change_to=_one(record, "changeToListingStatus", ListingStatus.of)
            or _one(record.get("parent") or {}, "changeToListingStatus", ListingStatus.of),
            updated_at=_instant(record, "updatedAt"),
            images=_many(record, "images", Image.of),
            options=_many(record, "options", NameValue.of),
            custom_fields=_many(record, "customFields", NameValue.of),
            parent=_one(record, "parent", ListingParent.of),
            record=record,
        )


@dataclass(frozen=True)
class ListingParent:
    """A listing's product page (contract 3.6). `description` is the merchant's HTML: sanitise it before you show it."""

    id: str
    sku: str
    title: Optional[str]
    description: Optional[str]
    manufacturer: Optional[str]
    archived: bool
    external_listing_id: Optional[str]
    change_to: Optional[ListingStatus]
    updated_at: Optional[datetime]
    images: "tuple[Image, ...]"
    options: "tuple[NameValue, ...]"
    attributes: "tuple[NameValue, ...]"
    variants: "tuple[ListingVariant, ...]"
    record: "dict[str, Any]"

    @classmethod
    def of(cls, record: "dict[str, Any]") -> ListingParent:
        return cls(
            id=str(record["id"]),
            sku=record["sku"],
            title=record.get("title"),
            description=record.get("description"),
            manufacturer=record.get("manufacturer"),
            archived=bool(record.get("archived")),
            external_listing_id=record.get("externalListingId"),
            change_to=_one(record, "changeToListingStatus", ListingStatus.of),
            updated_at=_instant(record, "updatedAt"),
            images=_many(record, "images", Image.of),
            options=_many(record, "options", NameValue.of),
            attributes=_many(record, "attributes", NameValue.of),
            variants=_many(record, "variants", ListingVariant.of),
            record=record,
        )


@dataclass(frozen=True)
class Address:
    """A postal address as the hub has it. `redacted`: blanked by the hub, do not overwrite yours with it."""

    name: Optional[str]
    company_name: Optional[str]
    address_line_1: Optional[str]
    address_line_2: Optional[str]
    city: Optional[str]
    state_code: Optional[str]
    postal: Optional[str]
    country_code: Optional[str]
    email: Optional[str]
    phone: Optional[str]
    redacted: bool

    @classmethod
    def of(cls, record: "dict[str, Any]") -> Address:
        return cls(
            name=record.get("name"),
            company_name=record.get("companyName"),
            address_line_1=record.get("addressLine1"),
            address_line_2=record.get("addressLine2"),
            city=record.get("city"),
            state_code=record.get("stateCode"),
            postal=record.get("postal"),
            country_code=record.get("countryCode"),
            email=record.get("email"),
            phone=record.get("phone"),
            redacted=bool(record.get("redacted")),
        )


@dataclass(frozen=True)
class OrderItem:
    """A line of an order."""

    id: Optional[str]
    sku: Optional[str]
    title: Optional[str]
    price: Optional[Decimal]
    quantity: Optional[int]
    shipped_quantity: Optional[int]
    shipped_status: Optional[str]
    listing_variant_id: Optional[str]

    @classmethod
    def of(cls, record: "dict[str, Any]") -> OrderItem:
        return cls(
            id=_id(record, "id"),
            sku=record.get("sku"),
            title=record.get("title"),
            price=_decimal(record, "price"),
            quantity=record.get("quantity"),
            shipped_quantity=record.get("shippedQuantity"),
            shipped_status=record.get("shippedStatus"),
            listing_variant_id=_id(record, "listingVariantId"),
        )


@dataclass(frozen=True)
class Order:
    """An order at the hub (contract 4.2)."""

    id: str
    order_number: str
    reference_number: Optional[str]
    order_status: Optional[str]
    shipped_status: Optional[str]
    acknowledged_status: Optional[str]
    order_total: Optional[Decimal]
    ordered_at: Optional[datetime]
    updated_at: Optional[datetime]
    shipping_address: Optional[Address]
    items: "tuple[OrderItem, ...]"
    record: "dict[str, Any]"

    @classmethod
    def of(cls, record: "dict[str, Any]") -> Order:
        return cls(
            id=str(record["id"]),
            order_number=record["orderNumber"],
            reference_number=record.get("referenceNumber"),
            order_status=record.get("orderStatus"),
            shipped_status=record.get("shippedStatus"),
            acknowledged_status=record.get("acknowledgedStatus"),
            order_total=_decimal(record, "orderTotal"),
            ordered_at=_instant(record, "orderedAt"),
            updated_at=_instant(record, "updatedAt"),
            shipping_address=_one(record, "shippingAddress", Address.of),
            items=_many(record, "orderItems", OrderItem.of),
            record=record,
        )


@dataclass(frozen=True)
class ShipmentItem:
    """A line of a shipment. Map it by `order_item_id`: the SKU may be the supplier's."""

    id: Optional[str]
    order_item_id: Optional[str]
    sku: Optional[str]
    quantity: Optional[int]

    @classmethod
    def of(cls, record: "dict[str, Any]") -> ShipmentItem:
        return cls(_id(record, "id"), _id(record, "orderItemId"), record.get("sku"), record.get("quantity"))


@dataclass(frozen=True)
class Shipment:
    """A parcel (contract 5.1). Only those of kind DELIVERY are for the buyer's eyes."""

    id: str
    kind: ShipmentKind
    order_id: Optional[str]
    order_number: Optional[str]  #: the shop's number, when the order went through this channel's outbox
    tracking_number: Optional[str]
    tracking_url: Optional[str]
    carrier: Optional[str]
    method: Optional[str]
    shipped_at: Optional[datetime]
    updated_at: Optional[datetime]
    items: "tuple[ShipmentItem, ...]"
    record: "dict[str, Any]"

    @classmethod
    def of(cls, record: "dict[str, Any]", kind: ShipmentKind, order_number: Optional[str]) -> Shipment:
        return cls(
            id=str(record["id"]),
            kind=kind,
            order_id=_id(record, "orderId"),
            order_number=order_number,
            tracking_number=record.get("trackingNumber"),
            tracking_url=record.get("trackingUrl"),
            carrier=record.get("carrier"),
            method=record.get("method"),
            shipped_at=_instant(record, "shippedAt"),
            updated_at=_instant(record, "updatedAt"),
            items=_many(record, "shipmentItems", ShipmentItem.of),
            record=record,
        )


@dataclass(frozen=True)
class ReturnItem:
    """A line of a return."""

    order_item_id: Optional[str]
    sku: Optional[str]
    quantity: Optional[int]
    reason: Optional[str]
    condition: Optional[str]
    refunded_amount: Optional[Decimal]

    @classmethod
    def of(cls, record: "dict[str, Any]") -> ReturnItem:
        return cls(
            order_item_id=_id(record, "orderItemId"),
            sku=record.get("sku"),
            quantity=record.get("returnQuantity"),
            reason=record.get("returnReason"),
            condition=record.get("returnCondition"),
            refunded_amount=_decimal(record, "refundedAmount"),
        )


@dataclass(frozen=True)
class Return:
    """Goods that a buyer sends back (contract 6)."""

    id: str
    order_id: Optional[str]
    return_number: Optional[str]
    status: Optional[str]
    items: "tuple[ReturnItem, ...]"
    record: "dict[str, Any]"

    @classmethod
    def of(cls, record: "dict[str, Any]") -> Return:
        return cls(
            id=str(record["id"]),
            order_id=_id(record, "orderId"),
            return_number=record.get("returnNumber"),
            status=record.get("returnStatus"),
            items=_many(record, "items", ReturnItem.of),
            record=record,
        )


def _id(record: "dict[str, Any]", name: str) -> Optional[str]:
    value = record.get(name)
    return None if value is None else str(value)


def _decimal(record: "dict[str, Any]", name: str) -> Optional[Decimal]:
    value = record.get(name)
    return None if value is None else Decimal(value)


def _instant(record: "dict[str, Any]", name: str) -> Optional[datetime]:
    value = record.get(name)
    return None if value is None else datetime.fromisoformat(value.replace("Z", "+00:00"))


def _one(record: "dict[str, Any]", name: str, of: "Callable[[dict[str, Any]], _View]") -> Optional[_View]:
    value = record.get(name)
    return None if value is None else of(value)


def _many(record: "dict[str, Any]", name: str, of: "Callable[[dict[str, Any]], _View]") -> "tuple[_View, ...]":
    return tuple(of(element) for element in record.get(name) or ())
