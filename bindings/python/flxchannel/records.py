# Made from tables/ by `make generate`: edit there, not here.
"""Typed, read-only views of records, with every field of the contract. `record` keeps the hub's own JSON.

A field that the hub left out, sent as null or as another type is None, a list of it empty.
"""

from ._listings import (
    Category,
    Image,
    ListingParent,
    ListingStatus,
    ListingVariant,
    NameValue,
    PriceOverwrite,
    QuantityOverwrite,
    Unit,
)
from ._orders import (
    Address,
    BundleComponent,
    FulfillmentRequest,
    Order,
    OrderItem,
    Return,
    ReturnItem,
    Rma,
    RmaItem,
    Shipment,
    ShipmentItem,
)

__all__ = [
    "Address",
    "BundleComponent",
    "Category",
    "FulfillmentRequest",
    "Image",
    "ListingParent",
    "ListingStatus",
    "ListingVariant",
    "NameValue",
    "Order",
    "OrderItem",
    "PriceOverwrite",
    "QuantityOverwrite",
    "Return",
    "ReturnItem",
    "Rma",
    "RmaItem",
    "Shipment",
    "ShipmentItem",
    "Unit",
]
