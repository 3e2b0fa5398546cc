"""Products as Oscar has them: a page with its variants, their stock and prices, attributes and categories.

A SKU of the hub is the code of a page, and the stock record's of a variant: both may have the same.
"""

from __future__ import annotations

import zlib
from typing import Any, Iterable, Optional

import nh3
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from oscar.core.loading import get_model

from flxchannel import ListingParent, ListingVariant

from . import Unfit
from .models import Listing
from .pictures import Contents, store_pictures

Product, ProductClass, ProductAttribute, ProductAttributeValue, Category = (
    get_model("catalogue", name) for name in ("Product", "ProductClass", "ProductAttribute", "ProductAttributeValue", "Category"))
Partner, StockRecord = get_model("partner", "Partner"), get_model("partner", "StockRecord")

CLASS = "Flxpoint"


def known(kind: str, hub_id: str) -> Any:
    """The product that a listing is here, or None."""
    listing = Listing.objects.filter(kind=kind, hub_id=hub_id).select_related("product__parent").first()
    return None if listing is None else listing.product


def wait_for_others() -> None:
    """Wait, until the end of the transaction, for processes that store listings: two that both find one new make it twice."""
    ProductClass.objects.select_for_update().get_or_create(name=CLASS)


def store_page(parent: ListingParent, new: Contents) -> Any:
    page = known("parent", parent.id) or Product(structure=Product.PARENT, product_class=_product_class(), is_public=False)
    page.title, page.code = parent.title or parent.sku, parent.sku
    page.description = nh3.clean(parent.description or "")  # a merchant wrote it somewhere: no script of theirs runs here
    _must_fit(page, "title", "code")
    page.save()
    Listing.objects.get_or_create(kind="parent", hub_id=parent.id, defaults={"product": page})
    _store_attributes(page, [("Brand", parent.manufacturer), *((each.name, each.value) for each in parent.attributes)])
    above = None
    for category in (parent.category_one, parent.category_two, parent.category_three):
        if category is not None and category.name:
            above = _category(above, category.name[:255])
    page.categories.set([above] if above is not None else [])
    store_pictures(page, parent, new)
    return page


def store_unit(variant: ListingVariant, page: Any, new: Optional[Contents]) -> Any:
    """Price and stock of a variant, or its content, with the `new` ones of its pictures.

    A variant that is here gets no price or stock with its content: another process may have stored later ones meanwhile.
    What the hub does not say stays as it is: no quantity is not 0.
    """
    unit = known("variant", variant.id) or Product(structure=Product.CHILD, parent=page, is_public=False)
    if new is not None:
        unit.title, unit.upc = variant.title or variant.sku, variant.upc
        _must_fit(unit, "title", "upc")
        unit.save()
        _store_attributes(unit, ((each.name, each.value) for each in variant.options))
        store_pictures(unit, variant, new)
    stock = StockRecord.objects.filter(product=unit, partner=_partner()).first() or StockRecord(product=unit, partner=_partner())
    stock.partner_sku = variant.sku
    if new is None or stock.pk is None:
        if variant.price is not None:
            if variant.price != round(variant.price, 2):
                raise Unfit(f"the price {variant.price} has more places than this shop's prices")
            stock.price = round(variant.price, 2)
        if variant.quantity is not None:
            stock.num_in_stock = variant.quantity
    _must_fit(stock, "partner", "partner_sku", "price", "num_in_stock")
    told = ["partner_sku", "price", "num_in_stock", "date_updated"]
    stock.save(update_fields=told if stock.pk else None)  # and not what checkouts set aside meanwhile
    return unit


def _must_fit(one: Any, *names: str) -> None:
    """Say what Oscar's fields cannot hold, such as a title that is too long, or a UPC that another product has."""
    others = {field.name for field in one._meta.get_fields()} - set(names)
    try:
        one.clean_fields(exclude=others)
        one.validate_unique(exclude=others)
    except ValidationError as why:
        raise Unfit(" ".join(why.messages)) from why


def _store_attributes(product: Any, named: "Iterable[tuple[Optional[str], Optional[str]]]") -> None:
    """Let a product have these attributes of ours and no others. Their codes begin with flx: Oscar sets `product.attr.CODE`, and
    a listing may have an attribute that is called as one of its methods."""
    kept = []
    for name, value in named:
        if name and value:
            code = slugify(name).replace("-", "_")[:100] or f"{zlib.crc32(name.encode()):x}"  # of a name in other letters
            attribute, _ = ProductAttribute.objects.get_or_create(
                product_class=_product_class(), code=f"flx_{code}", defaults={"name": name[:128], "type": "text"})
            ProductAttributeValue.objects.update_or_create(product=product, attribute=attribute, defaults={"value_text": value})
            kept.append(attribute)
    ours = ProductAttributeValue.objects.filter(product=product, attribute__code__startswith="flx_")
    ours.exclude(attribute__in=kept).delete()


def _category(above: Any, name: str) -> Any:
    beside = above.get_children() if above is not None else Category.get_root_nodes()
    found = beside.filter(name=name).first()
    if found is None:
        found = above.add_child(name=name) if above is not None else Category.add_root(name=name)
    return found


def _product_class() -> Any:
    return ProductClass.objects.get_or_create(name=CLASS)[0]


def _partner() -> Any:
    return Partner.objects.get_or_create(code="flxpoint", defaults={"name": "Flxpoint"})[0]
