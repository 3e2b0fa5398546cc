"""Typed records of listings (contract 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Optional

from ._fields import View, decimal, flag, handle, instant, integer, many, one, text, texts, whole


@dataclass(frozen=True)
class ListingStatus(View):
    """A listing status (contract 3.2)."""

    id: Optional[str] = text("id")
    handle: str = text("handle")
    name: Optional[str] = text("name")


@dataclass(frozen=True)
class Unit(View):
    """A unit of weight or length (contract 3.3), such as pound or inch."""

    id: Optional[str] = text("id")
    handle: str = text("handle")
    name: Optional[str] = text("name")


@dataclass(frozen=True)
class Image(View):
    """An image of a listing (contract 3.6)."""

    id: Optional[str] = text("id")
    channel_id: Optional[str] = text("channelId")
    listing_parent_id: Optional[str] = text("listingParentId")
    listing_variant_id: Optional[str] = text("listingVariantId")
    url: Optional[str] = text("url")
    original_url: Optional[str] = text("originalUrl")
    hash: Optional[str] = text("hash")
    external_listing_id: Optional[str] = text("externalListingId")
    sort_order: Optional[int] = integer("sortOrder")


@dataclass(frozen=True)
class NameValue(View):
    """An option, an attribute or a custom field (contract 3.6); an option of a parent has no value."""

    id: Optional[str] = text("id")
    listing_parent_id: Optional[str] = text("listingParentId")
    attribute_id: Optional[str] = text("attributeId")
    attribute_value_id: Optional[str] = text("attributeValueId")
    name: Optional[str] = text("name")
    value: Optional[str] = text("value")


@dataclass(frozen=True)
class PriceOverwrite(View):
    """Which prices the merchant locked, and what the hub's rules would make of them (contract 3.3)."""

    price_overwritten: Optional[bool] = flag("priceOverwritten")
    cost_overwritten: Optional[bool] = flag("costOverwritten")
    msrp_overwritten: Optional[bool] = flag("msrpOverwritten")
    map_overwritten: Optional[bool] = flag("mapOverwritten")
    shipping_cost_overwritten: Optional[bool] = flag("shippingCostOverwritten")
    dropship_fee_overwritten: Optional[bool] = flag("dropshipFeeOverwritten")
    dynamic_price: Optional[Decimal] = decimal("dynamicPrice")
    dynamic_cost: Optional[Decimal] = decimal("dynamicCost")
    dynamic_msrp: Optional[Decimal] = decimal("dynamicMsrp")
    dynamic_map: Optional[Decimal] = decimal("dynamicMap")


@dataclass(frozen=True)
class QuantityOverwrite(View):
    """Whether the merchant locked the quantity, and what the hub's rules would make of it (contract 3.3)."""

    quantity_overwritten: Optional[bool] = flag("quantityOverwritten")
    locked_by_order_volume_protection: Optional[bool] = flag("isLockedByOrderVolumeProtection")
    dynamic_quantity: Optional[int] = integer("dynamicQuantity")


@dataclass(frozen=True)
class Category(View):
    """A category (contract 3.6): of listings, of the products behind them, or of the inventory behind those."""

    id: Optional[str] = text("id")
    name: Optional[str] = text("name")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")
    source_id: Optional[str] = text("sourceId")
    parent_category_id: Optional[str] = text("parentCategoryId")
    product_category_id: Optional[str] = text("productCategoryId")
    customized: Optional[bool] = flag("customized")
    excluded: Optional[bool] = flag("excluded")
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    product_category: Optional[Category] = one("productCategory", lambda: Category)
    inventory_category: Optional[Category] = one("inventoryCategory", lambda: Category)


@dataclass(frozen=True)
class ListingVariant(View):
    """A listing's sellable unit (contract 3.3). A quantity of None means: do not change it."""

    id: str = text("id")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")
    listing_parent_id: Optional[str] = text("listingParentId")
    product_variant_id: Optional[str] = text("productVariantId")
    sku: str = text("sku")
    master_sku: Optional[str] = text("masterSku")
    title: Optional[str] = text("title")
    description: Optional[str] = text("description")
    upc: Optional[str] = text("upc")
    ean: Optional[str] = text("ean")
    gtin: Optional[str] = text("gtin")
    mpn: Optional[str] = text("mpn")
    asin: Optional[str] = text("asin")
    reference_identifier: Optional[str] = text("referenceIdentifier")
    external_listing_id: Optional[str] = text("externalListingId")
    external_reference_id: Optional[str] = text("externalReferenceId")
    external_reference_id_type: Optional[str] = text("externalReferenceIdType")
    price: Optional[Decimal] = decimal("price")
    cost: Optional[Decimal] = decimal("cost")
    msrp: Optional[Decimal] = decimal("msrp")
    map: Optional[Decimal] = decimal("map")
    shipping_cost: Optional[Decimal] = decimal("shippingCost")
    dropship_fee: Optional[Decimal] = decimal("dropshipFee")
    weight: Optional[Decimal] = decimal("weight")
    length: Optional[Decimal] = decimal("length")
    width: Optional[Decimal] = decimal("width")
    height: Optional[Decimal] = decimal("height")
    weight_unit: Optional[Unit] = handle("weightUnit", Unit)
    dimension_unit: Optional[Unit] = handle("dimensionUnit", Unit)
    sync_error: Optional[str] = text("syncError")
    publish_error: Optional[str] = text("publishError")
    quantity: Optional[int] = integer("quantity")
    archived: Optional[bool] = flag("archived")
    paused: Optional[bool] = flag("paused")
    linked_to_regular_product: Optional[bool] = flag("linkedToRegularProduct")
    link_attempted_at: Optional[datetime] = instant("linkAttemptedAt")
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    dynamic_content_updated_at: Optional[datetime] = instant("dynamicContentUpdatedAt")
    dynamic_content_synced_at: Optional[datetime] = instant("dynamicContentSyncedAt")
    static_content_updated_at: Optional[datetime] = instant("staticContentUpdatedAt")
    static_content_synced_at: Optional[datetime] = instant("staticContentSyncedAt")
    status: Optional[ListingStatus] = handle("listingStatus", ListingStatus)
    #: a queued status change, to be carried out and named in the answer; the parent's if the hub has it only there
    change_to: Optional[ListingStatus] = handle("changeToListingStatus", ListingStatus)
    price_overwrite: Optional[PriceOverwrite] = one("priceOverwrite", lambda: PriceOverwrite)
    quantity_overwrite: Optional[QuantityOverwrite] = one("quantityOverwrite", lambda: QuantityOverwrite)
    images: "tuple[Image, ...]" = many("images|image", lambda: Image)
    options: "tuple[NameValue, ...]" = many("options", lambda: NameValue)
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)
    tags: "tuple[str, ...]" = texts("tags")
    parent: Optional[ListingParent] = one("parent", lambda: ListingParent)
    record: "dict[str, Any]" = whole()

    @classmethod
    def of(cls, record: "dict[str, Any]", **facts: Any) -> ListingVariant:
        variant = super().of(record, **facts)
        if variant.change_to is None and variant.parent is not None:
            return replace(variant, change_to=variant.parent.change_to)
        return variant


@dataclass(frozen=True)
class ListingParent(View):
    """A listing's product page (contract 3.6). `description` is the merchant's HTML: sanitise it before you show it."""

    id: str = text("id")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")
    sku: str = text("sku")
    title: Optional[str] = text("title")
    description: Optional[str] = text("description")
    manufacturer: Optional[str] = text("manufacturer")
    external_listing_id: Optional[str] = text("externalListingId")
    external_reference_id: Optional[str] = text("externalReferenceId")
    external_reference_id_type: Optional[str] = text("externalReferenceIdType")
    sync_error: Optional[str] = text("syncError")
    publish_error: Optional[str] = text("publishError")
    archived: Optional[bool] = flag("archived")
    linked_to_regular_product: Optional[bool] = flag("linkedToRegularProduct")
    link_attempted_at: Optional[datetime] = instant("linkAttemptedAt")
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    dynamic_content_updated_at: Optional[datetime] = instant("dynamicContentUpdatedAt")
    dynamic_content_synced_at: Optional[datetime] = instant("dynamicContentSyncedAt")
    static_content_updated_at: Optional[datetime] = instant("staticContentUpdatedAt")
    static_content_synced_at: Optional[datetime] = instant("staticContentSyncedAt")
    change_to: Optional[ListingStatus] = handle("changeToListingStatus", ListingStatus)
    category_one: Optional[Category] = one("categoryOne", lambda: Category)
    category_two: Optional[Category] = one("categoryTwo", lambda: Category)
    category_three: Optional[Category] = one("categoryThree", lambda: Category)
    images: "tuple[Image, ...]" = many("images", lambda: Image)
    options: "tuple[NameValue, ...]" = many("options", lambda: NameValue)
    attributes: "tuple[NameValue, ...]" = many("attributes", lambda: NameValue)
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)
    tags: "tuple[str, ...]" = texts("tags")
    variants: "tuple[ListingVariant, ...]" = many("variants", lambda: ListingVariant)
    record: "dict[str, Any]" = whole()
