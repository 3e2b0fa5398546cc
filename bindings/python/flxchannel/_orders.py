# Made from tables/orders.toml by `make generate`: edit there, not here.
"""Typed records of orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Optional

from ._fields import View, decimal, flag, instant, integer, many, one, text, texts, whole
from ._listings import NameValue
from .codes import ShipmentKind


@dataclass(frozen=True, repr=False)
class Address(View):
    """A postal address as the hub has it (contract 4.2)."""

    id: Optional[str] = text("id")
    hash: Optional[str] = text("hash")  #: the hub's, of the whole address
    name: Optional[str] = text("name")  #: first and last name, joined by the hub
    first_name: Optional[str] = text("firstName")
    last_name: Optional[str] = text("lastName")
    company_name: Optional[str] = text("companyName")
    address_line_1: Optional[str] = text("addressLine1")
    address_line_2: Optional[str] = text("addressLine2")
    city: Optional[str] = text("city")
    state: Optional[str] = text("state")
    state_code: Optional[str] = text("stateCode")
    postal: Optional[str] = text("postal")
    country: Optional[str] = text("country")
    country_code: Optional[str] = text("countryCode")  #: ISO 3166
    email: Optional[str] = text("email")
    phone: Optional[str] = text("phone")  #: free text
    redacted: Optional[bool] = flag("redacted")  #: blanked by the hub after its retention period: do not overwrite yours with it


@dataclass(frozen=True, repr=False)
class BundleComponent(View):
    """A part of a line that is a bundle (contract 4.2, 6)."""

    id: Optional[str] = text("id")
    order_item_id: Optional[str] = text("orderItemId")
    component_virtual_variant_id: Optional[str] = text("componentVirtualVariantId")
    sku: Optional[str] = text("sku")
    shipped_status: Optional[str] = text("shippedStatus")  #: Not Started, Partially Completed, Completed
    allocated_status: Optional[str] = text("allocatedStatus")  #: the same three
    acknowledged_status: Optional[str] = text("acknowledgedStatus")  #: the same three
    cost: Optional[Decimal] = decimal("cost")
    component_quantity: Optional[int] = integer("componentQuantity")
    quantity: Optional[int] = integer("quantity")
    shipped_quantity: Optional[int] = integer("shippedQuantity")
    allocated_quantity: Optional[int] = integer("allocatedQuantity")
    acknowledged_quantity: Optional[int] = integer("acknowledgedQuantity")


@dataclass(frozen=True, repr=False)
class OrderItem(View):
    """A line of an order (contract 4.2)."""

    id: Optional[str] = text("id")
    order_id: Optional[str] = text("orderId")
    sku: Optional[str] = text("sku")
    title: Optional[str] = text("title")
    listing_variant_id: Optional[str] = text("listingVariantId")
    product_variant_id: Optional[str] = text("productVariantId")
    external_listing_id: Optional[str] = text("externalListingId")
    shipped_status: Optional[str] = text("shippedStatus")  #: Not Started, Partially Completed, Completed
    allocated_status: Optional[str] = text("allocatedStatus")  #: the same three
    acknowledged_status: Optional[str] = text("acknowledgedStatus")  #: the same three
    price: Optional[Decimal] = decimal("price")  #: of one
    cost: Optional[Decimal] = decimal("cost")  #: of one
    quantity: Optional[int] = integer("quantity")
    shipped_quantity: Optional[int] = integer("shippedQuantity")
    allocated_quantity: Optional[int] = integer("allocatedQuantity")
    acknowledged_quantity: Optional[int] = integer("acknowledgedQuantity")
    canceled_quantity: Optional[int] = integer("canceledQuantity")
    shipping_address: Optional[Address] = one("shippingAddress", lambda: Address)  #: of this line alone, if it has one of its own
    bundle_components: "tuple[BundleComponent, ...]" = many("bundleComponents", lambda: BundleComponent)
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)


@dataclass(frozen=True, repr=False)
class FulfillmentRequest(View):
    """What the hub asked one source to send for an order (contract 4.2)."""

    id: Optional[str] = text("id")
    number: Optional[str] = text("fulfillmentRequestNumber")
    order_id: Optional[str] = text("orderId")
    source_id: Optional[str] = text("sourceId")
    status: Optional[str] = text("fulfillmentRequestStatus/handle")  #: the handle of its status
    status_name: Optional[str] = text("fulfillmentRequestStatus/name")
    acknowledged_at: Optional[datetime] = instant("acknowledgedAt")
    sent_at: Optional[datetime] = instant("sentAt")
    generated_at: Optional[datetime] = instant("generatedAt")
    voided_at: Optional[datetime] = instant("voidedAt")


@dataclass(frozen=True, repr=False)
class Order(View):
    """An order at the hub (contract 4.2)."""

    id: str = text("id")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")
    order_number: Optional[str] = text("orderNumber")
    reference_number: Optional[str] = text("referenceNumber")
    imported_from: Optional[str] = text("importedFrom")  #: a number; the contract does not say of what
    #: Open, Closed, On Hold, Failed, No Shipping Method, Canceled, Not Managed, Draft
    order_status: Optional[str] = text("orderStatus")
    shipped_status: Optional[str] = text("shippedStatus")  #: Not Started, Partially Completed, Completed
    acknowledged_status: Optional[str] = text("acknowledgedStatus")  #: the same three
    shipping_text: Optional[str] = text("shippingText")
    note: Optional[str] = text("note")
    order_total: Optional[Decimal] = decimal("orderTotal")
    ordered_at: Optional[datetime] = instant("orderedAt")
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    shipping_address: Optional[Address] = one("shippingAddress", lambda: Address)
    billing_address: Optional[Address] = one("billingAddress", lambda: Address)
    items: "tuple[OrderItem, ...]" = many("orderItems", lambda: OrderItem)
    #: sure to be there only when one order is read
    fulfillment_requests: "tuple[FulfillmentRequest, ...]" = many("fulfillmentRequests", lambda: FulfillmentRequest)
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)
    tags: "tuple[str, ...]" = texts("tags")
    record: "dict[str, Any]" = whole()


@dataclass(frozen=True, repr=False)
class ShipmentItem(View):
    """A line of a shipment (contract 5.1). Map it by order_item_id: the SKU may be the supplier's."""

    id: Optional[str] = text("id")
    shipment_id: Optional[str] = text("shipmentId")
    order_item_id: Optional[str] = text("orderItemId")
    purchase_order_item_id: Optional[str] = text("purchaseOrderItemId")  #: to be replaced by the next
    fulfillment_request_item_id: Optional[str] = text("fulfillmentRequestItemId")
    inventory_variant_id: Optional[str] = text("inventoryVariantId")  #: the supplier's variant
    rma_item_id: Optional[str] = text("rmaItemId")  #: of goods that come back
    sku: Optional[str] = text("sku")
    quantity: Optional[int] = integer("quantity")
    committed_stock_released_quantity: Optional[int] = integer("committedStockReleasedQuantity")
    partial: Optional[bool] = flag("partial")
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)


@dataclass(frozen=True, repr=False)
class Shipment(View):
    """A parcel (contract 5.1). Only one of kind DELIVERY is for the buyer's eyes."""

    kind: ShipmentKind
    order_number: Optional[str]  #: the host's number: from this channel's outbox, else from the order at the hub
    partial: Optional[bool] = flag("partial")
    id: str = text("id")
    order_id: Optional[str] = text("orderId")
    account_id: Optional[str] = text("accountId")
    source_id: Optional[str] = text("sourceId")
    purchase_order_id: Optional[str] = text("purchaseOrderId")
    fulfillment_request_id: Optional[str] = text("fulfillmentRequestId")
    rma_id: Optional[str] = text("rmaId")  #: of goods that come back, else absent
    cross_dock_purchase_order_id: Optional[str] = text("crossDockPurchaseOrderId")  #: of an inbound leg, else absent
    tracking_number: Optional[str] = text("trackingNumber")
    tracking_url: Optional[str] = text("trackingUrl")  #: as the hub has it, of any scheme: look at that before you make it a link
    carrier: Optional[str] = text("carrier")
    method: Optional[str] = text("method")
    note: Optional[str] = text("note")
    sync_error: Optional[str] = text("syncError")  #: as flagShipmentsWithErrors stored it (contract 5.3)
    shipping_cost: Optional[Decimal] = decimal("shippingCost")
    suppressed: Optional[bool] = flag("suppressed")  #: `kind` is the one to go by
    synced_to_channel: Optional[bool] = flag("syncedToChannel")  #: nothing that a channel calls sets it (contract 5.3)
    accounting_synced: Optional[bool] = flag("accountingSynced")
    shipped_at: Optional[datetime] = instant("shippedAt")
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    items: "tuple[ShipmentItem, ...]" = many("shipmentItems", lambda: ShipmentItem)
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)
    record: "dict[str, Any]" = whole()


@dataclass(frozen=True, repr=False)
class ReturnItem(View):
    """A line of a return (contract 6)."""

    id: Optional[str] = text("id")
    return_id: Optional[str] = text("returnId")
    order_item_id: Optional[str] = text("orderItemId")
    sku: Optional[str] = text("sku")
    title: Optional[str] = text("title")
    reason: Optional[str] = text("returnReason")
    condition: Optional[str] = text("returnCondition")
    sales_price: Optional[Decimal] = decimal("salesPrice")
    refunded_amount: Optional[Decimal] = decimal("refundedAmount")
    quantity: Optional[int] = integer("returnQuantity")
    bundle_components: "tuple[BundleComponent, ...]" = many("bundleComponents", lambda: BundleComponent)


@dataclass(frozen=True, repr=False)
class RmaItem(View):
    """A line of an RMA (contract 6)."""

    id: Optional[str] = text("id")
    return_item_id: Optional[str] = text("returnItemId")


@dataclass(frozen=True, repr=False)
class Rma(View):
    """What goes back to one source (contract 6): its authorisation of a return."""

    id: Optional[str] = text("id")
    return_id: Optional[str] = text("returnId")
    account_id: Optional[str] = text("accountId")
    source_id: Optional[str] = text("sourceId")
    number: Optional[str] = text("rmaNumber")
    return_to_address: Optional[Address] = one("returnToAddress", lambda: Address)
    items: "tuple[RmaItem, ...]" = many("items", lambda: RmaItem)


@dataclass(frozen=True, repr=False)
class Return(View):
    """Goods that a buyer sends back (contract 6)."""

    id: str = text("id")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")
    order_id: Optional[str] = text("orderId")
    return_number: Optional[str] = text("returnNumber")
    status: Optional[str] = text("returnStatus")
    total_return_items: Optional[int] = integer("totalReturnItems")
    total_rmas: Optional[int] = integer("totalRmas")
    items: "tuple[ReturnItem, ...]" = many("items", lambda: ReturnItem)
    rmas: "tuple[Rma, ...]" = many("rmas", lambda: Rma)  #: only with includeRmas
    record: "dict[str, Any]" = whole()
