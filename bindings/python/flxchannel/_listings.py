# Made from tables/listings.toml by `make generate`: edit there, not here.
"""Typed records of listings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Optional

from ._fields import View, decimal, flag, handle, instant, integer, many, one, text, texts, whole


@dataclass(frozen=True, repr=False)
class ListingStatus(View):
    """A listing status (contract 3.2)."""

    id: Optional[str] = text("id")
    handle: str = text("handle")  #: not_listed, listed, hidden, delisted, published, overwrite_data, broken_link
    name: Optional[str] = text("name")


@dataclass(frozen=True, repr=False)
class Unit(View):
    """A unit of weight or length (contract 3.3). The hub's list of units is not known."""

    id: Optional[str] = text("id")
    handle: str = text("handle")  #: such as pound or inch
    name: Optional[str] = text("name")


@dataclass(frozen=True, repr=False)
class Image(View):
    """An image of a listing (contract 3.6)."""

    id: Optional[str] = text("id")
    channel_id: Optional[str] = text("channelId")
    listing_parent_id: Optional[str] = text("listingParentId")
    listing_variant_id: Optional[str] = text("listingVariantId")  #: absent for an image of the parent
    url: Optional[str] = text("url")
    original_url: Optional[str] = text("originalUrl")
    hash: Optional[str] = text("hash")
    external_listing_id: Optional[str] = text("externalListingId")  #: the shop's id, from the answer to a publish
    sort_order: Optional[int] = integer("sortOrder")  #: ascending; the first image is the main one


@dataclass(frozen=True, repr=False)
class NameValue(View):
    """A named value (contract 3.6): an option, attribute or custom field."""

    id: Optional[str] = text("id")
    listing_parent_id: Optional[str] = text("listingParentId")  #: of an option of a parent, else absent
    attribute_id: Optional[str] = text("attributeId")  #: of an attribute, else absent
    attribute_value_id: Optional[str] = text("attributeValueId")  #: of an attribute, else absent
    name: Optional[str] = text("name")
    value: Optional[str] = text("value")  #: absent for an option of a parent


@dataclass(frozen=True, repr=False)
class PriceOverwrite(View):
    """Which prices of a variant the merchant locked, and what the hub's rules would make of them (contract 3.3)."""

    price_overwritten: Optional[bool] = flag("priceOverwritten")
    cost_overwritten: Optional[bool] = flag("costOverwritten")
    msrp_overwritten: Optional[bool] = flag("msrpOverwritten")
    map_overwritten: Optional[bool] = flag("mapOverwritten")
    shipping_cost_overwritten: Optional[bool] = flag("shippingCostOverwritten")
    dropship_fee_overwritten: Optional[bool] = flag("dropshipFeeOverwritten")
    dynamic_price: Optional[Decimal] = decimal("dynamicPrice")  #: comes back when the lock is removed, like the next three
    dynamic_cost: Optional[Decimal] = decimal("dynamicCost")
    dynamic_msrp: Optional[Decimal] = decimal("dynamicMsrp")
    dynamic_map: Optional[Decimal] = decimal("dynamicMap")


@dataclass(frozen=True, repr=False)
class QuantityOverwrite(View):
    """Whether the merchant locked the quantity of a variant, and what the hub's rules would make of it (contract
    3.3).
    """

    quantity_overwritten: Optional[bool] = flag("quantityOverwritten")
    locked_by_order_volume_protection: Optional[bool] = flag("isLockedByOrderVolumeProtection")
    dynamic_quantity: Optional[int] = integer("dynamicQuantity")  #: comes back when the lock is removed


@dataclass(frozen=True, repr=False)
class Category(View):
    """A category (contract 3.6): of the channel's listings, of the products behind them, or of the source's
    inventory behind those. What only some of the three have is absent in the others.
    """

    id: Optional[str] = text("id")
    name: Optional[str] = text("name")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")  #: of a listing category
    source_id: Optional[str] = text("sourceId")  #: of an inventory category
    parent_category_id: Optional[str] = text("parentCategoryId")
    product_category_id: Optional[str] = text("productCategoryId")  #: of a listing or inventory category
    customized: Optional[bool] = flag("customized")
    excluded: Optional[bool] = flag("excluded")  #: of an inventory category
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    product_category: Optional[Category] = one("productCategory", lambda: Category)  #: behind a listing category
    inventory_category: Optional[Category] = one("inventoryCategory", lambda: Category)  #: behind a product category


@dataclass(frozen=True, repr=False)
class ListingVariant(View):
    """A listing's sellable unit (contract 3.3)."""

    id: str = text("id")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")
    listing_parent_id: Optional[str] = text("listingParentId")
    product_variant_id: Optional[str] = text("productVariantId")  #: the product it is linked to, absent if none
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
    external_listing_id: Optional[str] = text("externalListingId")  #: the shop's id, from the answer to a publish
    external_reference_id: Optional[str] = text("externalReferenceId")  #: another id of the shop's, of the type that follows
    external_reference_id_type: Optional[str] = text("externalReferenceIdType")
    price: Optional[Decimal] = decimal("price")  #: of one, as the next five
    cost: Optional[Decimal] = decimal("cost")
    msrp: Optional[Decimal] = decimal("msrp")
    map: Optional[Decimal] = decimal("map")  #: the least that may be advertised
    shipping_cost: Optional[Decimal] = decimal("shippingCost")
    dropship_fee: Optional[Decimal] = decimal("dropshipFee")
    weight: Optional[Decimal] = decimal("weight")
    length: Optional[Decimal] = decimal("length")
    width: Optional[Decimal] = decimal("width")
    height: Optional[Decimal] = decimal("height")
    weight_unit: Optional[Unit] = handle("weightUnit", Unit)
    dimension_unit: Optional[Unit] = handle("dimensionUnit", Unit)  #: of length, width and height
    sync_error: Optional[str] = text("syncError")  #: of the last sync answer, absent if it was fine
    publish_error: Optional[str] = text("publishError")  #: of the last publish answer, absent if it was fine
    quantity: Optional[int] = integer("quantity")  #: absent means: do not change it
    archived: Optional[bool] = flag("archived")
    paused: Optional[bool] = flag("paused")
    linked_to_regular_product: Optional[bool] = flag("linkedToRegularProduct")
    link_attempted_at: Optional[datetime] = instant("linkAttemptedAt")
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    dynamic_content_updated_at: Optional[datetime] = instant("dynamicContentUpdatedAt")  #: price, quantity or status changed
    dynamic_content_synced_at: Optional[datetime] = instant("dynamicContentSyncedAt")  #: the last sync answer
    #: title, description, images and the like changed
    static_content_updated_at: Optional[datetime] = instant("staticContentUpdatedAt")
    static_content_synced_at: Optional[datetime] = instant("staticContentSyncedAt")  #: the last publish answer
    status: Optional[ListingStatus] = handle("listingStatus", ListingStatus)
    #: a queued status change to confirm (contract 3.2); the parent's if it stands only there
    change_to: Optional[ListingStatus] = handle("changeToListingStatus", ListingStatus, otherwise="parent/changeToListingStatus")
    price_overwrite: Optional[PriceOverwrite] = one("priceOverwrite", lambda: PriceOverwrite)  #: only with includeOverwrites
    #: only with includeOverwrites
    quantity_overwrite: Optional[QuantityOverwrite] = one("quantityOverwrite", lambda: QuantityOverwrite)
    images: "tuple[Image, ...]" = many("images|image", lambda: Image)
    options: "tuple[NameValue, ...]" = many("options", lambda: NameValue)
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)
    tags: "tuple[str, ...]" = texts("tags")  #: only with includeTags, and only those that are text
    #: only with includeParent, which listings to sync have on
    parent: Optional[ListingParent] = one("parent", lambda: ListingParent)
    record: "dict[str, Any]" = whole()


@dataclass(frozen=True, repr=False)
class ListingParent(View):
    """A listing's product page (contract 3.6)."""

    id: str = text("id")
    account_id: Optional[str] = text("accountId")
    channel_id: Optional[str] = text("channelId")
    sku: str = text("sku")
    title: Optional[str] = text("title")
    description: Optional[str] = text("description")  #: HTML as the merchant wrote it: sanitise it before you show it
    manufacturer: Optional[str] = text("manufacturer")
    external_listing_id: Optional[str] = text("externalListingId")  #: the shop's id, from the answer to a publish
    external_reference_id: Optional[str] = text("externalReferenceId")  #: another id of the shop's, of the type that follows
    external_reference_id_type: Optional[str] = text("externalReferenceIdType")
    sync_error: Optional[str] = text("syncError")
    publish_error: Optional[str] = text("publishError")  #: of the last publish answer, absent if it was fine
    archived: Optional[bool] = flag("archived")
    linked_to_regular_product: Optional[bool] = flag("linkedToRegularProduct")
    link_attempted_at: Optional[datetime] = instant("linkAttemptedAt")
    inserted_at: Optional[datetime] = instant("insertedAt")
    updated_at: Optional[datetime] = instant("updatedAt")
    dynamic_content_updated_at: Optional[datetime] = instant("dynamicContentUpdatedAt")  #: the four as in a variant
    dynamic_content_synced_at: Optional[datetime] = instant("dynamicContentSyncedAt")
    static_content_updated_at: Optional[datetime] = instant("staticContentUpdatedAt")
    static_content_synced_at: Optional[datetime] = instant("staticContentSyncedAt")
    #: a queued status change to confirm (contract 3.2)
    change_to: Optional[ListingStatus] = handle("changeToListingStatus", ListingStatus)
    #: three nodes of their own, not a path (contract 3.6)
    category_one: Optional[Category] = one("categoryOne", lambda: Category)
    category_two: Optional[Category] = one("categoryTwo", lambda: Category)
    category_three: Optional[Category] = one("categoryThree", lambda: Category)
    images: "tuple[Image, ...]" = many("images", lambda: Image)
    options: "tuple[NameValue, ...]" = many("options", lambda: NameValue)  #: without values
    attributes: "tuple[NameValue, ...]" = many("attributes", lambda: NameValue)
    custom_fields: "tuple[NameValue, ...]" = many("customFields", lambda: NameValue)
    tags: "tuple[str, ...]" = texts("tags")  #: only those that are text
    variants: "tuple[ListingVariant, ...]" = many("variants", lambda: ListingVariant)  #: none in the parent of a variant
    record: "dict[str, Any]" = whole()
