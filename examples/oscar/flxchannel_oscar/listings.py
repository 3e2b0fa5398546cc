"""Listings in: what the hub offers becomes products, with stock, prices, pictures and categories."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Optional

import nh3
from django.db import transaction
from django.utils.text import slugify
from oscar.core.loading import get_model

from flxchannel import ListingParent, ListingVariant
from flxchannel.events import ChangeEvent, GoneEvent, PublishEvent, SyncEvent

from .models import Listing
from .pictures import store_pictures
from .unfit import Unfit

Product, ProductClass, ProductAttribute, ProductAttributeValue, Category = (
    get_model("catalogue", name) for name in ("Product", "ProductClass", "ProductAttribute", "ProductAttributeValue", "Category"))
Partner, StockRecord = get_model("partner", "Partner"), get_model("partner", "StockRecord")
Line = get_model("basket", "Line")


def publish(event: PublishEvent) -> "Dict[str, Any]":
    """Make a product page that the hub has queued; answer with the shop's own ids for it."""
    parent = ListingParent.of(event["record"])
    try:
        with transaction.atomic():
            page = _store_page(parent)
            units = {variant.id: _store_unit(variant, page, content=True) for variant in parent.variants}
            _show_page(page)
    except Unfit as why:
        return {"error": str(why)}  # the merchant reads it at the hub
    return {
        "externalId": parent.external_listing_id or str(page.pk),
        "variants": [{"id": v.id, "externalId": v.external_listing_id or str(units[v.id].pk)} for v in parent.variants],
    }


def update(event: SyncEvent) -> "Optional[Dict[str, Any]]":
    """Bring price and quantity of a variant up to date."""
    try:
        with transaction.atomic():
            _known_or_stored(ListingVariant.of(event["record"]))
    except Unfit as why:
        return {"error": str(why)}
    return None


def change(event: ChangeEvent) -> bool:
    """Hide, list or delist, as the merchant asked for. The hub believes that it happened only when we say so."""
    with transaction.atomic():
        if event["of"] == "parent":
            parent = ListingParent.of(event["record"])
            page = _store_page(parent)
            units = [_store_unit(variant, page, content=False) for variant in parent.variants]
        else:
            units = [_known_or_stored(ListingVariant.of(event["record"]))]
        for unit in units:
            _set_status(unit, event["to"] if event["to"] in ("hidden", "delisted") else "listed")
    return True


def take_down(event: GoneEvent) -> None:
    """The hub no longer has this listing: it is not for sale any more. Orders keep their product."""
    with transaction.atomic():
        for listing in Listing.objects.filter(kind="variant", hub_id=event["id"]):
            _set_status(listing.product, "gone")


# --- the shop's own tables --------------------------------------------------------------------------------------------


def _known_or_stored(variant: ListingVariant) -> Any:
    """The product of a variant, its price and stock up to date; one that was never published has its page in the record."""
    listing = Listing.objects.filter(kind="variant", hub_id=variant.id).select_related("product__parent").first()
    if listing is not None:
        return _store_unit(variant, listing.product.parent, content=False)
    if variant.parent is None:
        raise LookupError(f"variant {variant.id} has no page")
    return _store_unit(variant, _store_page(variant.parent), content=True)


def _store_page(parent: ListingParent) -> Any:
    page = _product("parent", parent.id) or Product(structure=Product.PARENT, product_class=_product_class(), is_public=False)
    page.title, page.code = parent.title or parent.sku, parent.sku
    page.description = nh3.clean(parent.description or "")  # a merchant wrote it somewhere: no script of theirs runs here
    page.save()
    Listing.objects.get_or_create(kind="parent", hub_id=parent.id, defaults={"product": page})
    _store_attributes(page, [("Brand", parent.manufacturer), *((each.name, each.value) for each in parent.attributes)])
    above = None
    for category in (parent.category_one, parent.category_two, parent.category_three):
        if category is not None and category.name:
            above = _category(above, category.name)
    page.categories.set([above] if above is not None else [])
    store_pictures(page, parent.images)
    return page


def _store_unit(variant: ListingVariant, page: Any, content: bool) -> Any:
    """What the hub does not say stays as it is: a missing quantity is not zero."""
    if variant.price is not None and variant.price != round(variant.price, 2):
        raise Unfit(f"the price {variant.price} has more places than this shop's prices")
    unit = _product("variant", variant.id)
    is_new = unit is None
    if unit is None:
        unit = Product(structure=Product.CHILD, parent=page, is_public=False)
    if is_new or content:
        unit.title, unit.code, unit.upc = variant.title or variant.sku, variant.sku, variant.upc or variant.sku
        unit.save()
        _store_attributes(unit, ((each.name, each.value) for each in variant.options))
        store_pictures(unit, variant.images)
    listing, _ = Listing.objects.get_or_create(kind="variant", hub_id=variant.id, defaults={"product": unit})
    amounts = {"price": variant.price, "num_in_stock": variant.quantity}
    StockRecord.objects.update_or_create(
        partner=_partner(), partner_sku=variant.sku,
        defaults={"product": unit, **{name: value for name, value in amounts.items() if value is not None}})
    if is_new or listing.status == "gone":
        status = variant.status.handle if variant.status is not None else "listed"
        _set_status(unit, status if status in ("hidden", "delisted") else "listed")
    return unit


def _set_status(unit: Any, status: str) -> None:
    """Show a variant or not; what is no longer for sale is in nobody's open basket."""
    Listing.objects.filter(product=unit).update(status=status)
    Product.objects.filter(pk=unit.pk).update(is_public=status == "listed")
    if status != "listed":
        Line.objects.filter(product=unit, basket__status="Open").delete()
    _show_page(unit.parent)


def _show_page(page: Any) -> None:
    """A page is shown as long as one of its variants is."""
    Product.objects.filter(pk=page.pk).update(is_public=page.children.filter(is_public=True).exists())


def _product(kind: str, hub_id: str) -> Any:
    listing = Listing.objects.filter(kind=kind, hub_id=hub_id).select_related("product").first()
    return None if listing is None else listing.product


def _store_attributes(product: Any, named: "Iterable[tuple[Optional[str], Optional[str]]]") -> None:
    for name, value in named:
        if name and value:
            attribute, _ = ProductAttribute.objects.get_or_create(
                product_class=_product_class(), code=slugify(name).replace("-", "_") or "attribute",
                defaults={"name": name, "type": "text"})
            ProductAttributeValue.objects.update_or_create(product=product, attribute=attribute, defaults={"value_text": value})


def _category(above: Any, name: str) -> Any:
    beside = above.get_children() if above is not None else Category.get_root_nodes()
    found = beside.filter(name=name).first()
    if found is None:
        found = above.add_child(name=name) if above is not None else Category.add_root(name=name)
    return found


def _product_class() -> Any:
    return ProductClass.objects.get_or_create(name="Flxpoint")[0]


def _partner() -> Any:
    return Partner.objects.get_or_create(code="flxpoint", defaults={"name": "Flxpoint"})[0]
