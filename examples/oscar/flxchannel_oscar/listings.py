"""Listings in: what the hub offers becomes products, with stock, prices, pictures and categories."""

from __future__ import annotations

from typing import Any, Dict, Optional, Union

from django.db import transaction
from oscar.core.loading import get_model

from flxchannel import ListingParent, ListingVariant
from flxchannel.events import ChangeEvent, GoneEvent, PublishEvent, SyncEvent

from . import Unfit, products
from .models import Listing
from .pictures import Contents, fetch_new

Product, Line = get_model("catalogue", "Product"), get_model("basket", "Line")


def publish(event: PublishEvent) -> "Dict[str, Any]":
    """Make a product page that the hub has queued; answer with the shop's own ids for it."""
    parent = ListingParent.of(event["record"])
    try:
        new = fetch_new(parent, *parent.variants)
        with transaction.atomic():
            products.wait_for_others()
            page = products.store_page(parent, new)
            units = {variant.id: _store(variant, page, new) for variant in parent.variants}
            _show_page(page)
    except Unfit as why:
        return {"error": str(why)}  # the merchant reads it at the hub
    return {
        "externalId": parent.external_listing_id or str(page.pk),
        "variants": [{"id": v.id, "externalId": v.external_listing_id or str(units[v.id].pk)} for v in parent.variants],
    }


def update(event: SyncEvent) -> "Optional[Dict[str, Any]]":
    """Bring price and quantity of a variant up to date."""
    variant = ListingVariant.of(event["record"])
    try:
        _update(variant, variant.parent)
    except Unfit as why:
        return {"error": str(why)}
    return None


def change(event: ChangeEvent) -> "Union[bool, Dict[str, Any]]":
    """Hide, list or delist, as the merchant asked for. The hub believes that it happened only when we say so.

    What is to be listed was stored a moment ago, by an event of its own. What is to go comes with this one alone, and goes
    whatever else stands in its record: if it was never here and does not fit, there is nothing to hide.
    """
    status = event["to"] if event["to"] in ("listed", "hidden") else "delisted"
    asked: "list[tuple[ListingVariant, Optional[ListingParent]]]"
    if event["of"] == "parent":
        parent = ListingParent.of(event["record"])
        asked = [(variant, parent) for variant in parent.variants]
    else:
        one = ListingVariant.of(event["record"])
        asked = [(one, one.parent)]
    for variant, page in asked:
        unit = products.known("variant", variant.id)
        try:
            unit = unit or _update(variant, page)
        except Unfit as why:
            if status == "listed":
                return {"error": str(why)}
        if unit is not None:
            with transaction.atomic():
                _set_status(unit, status)
    return True


def take_down(event: GoneEvent) -> None:
    """The hub no longer has this listing: it is not for sale any more. Orders keep their product."""
    with transaction.atomic():
        for listing in Listing.objects.filter(kind="variant", hub_id=event["id"]).select_related("product__parent"):
            _set_status(listing.product, "gone")


def _update(variant: ListingVariant, parent: Optional[ListingParent]) -> Any:
    """The product of a variant, its price and stock up to date; one that was never published has its page in the record."""
    if products.known("variant", variant.id) is None:
        if parent is None:
            raise LookupError(f"variant {variant.id} has no page")
        new = fetch_new(parent, variant)
        with transaction.atomic():
            products.wait_for_others()
            if products.known("variant", variant.id) is None:  # else one of them published it meanwhile
                return _store(variant, products.store_page(parent, new), new)
    with transaction.atomic():
        return _store(variant, products.known("variant", variant.id).parent, None)


def _store(variant: ListingVariant, page: Any, new: Optional[Contents]) -> Any:
    """A variant is shown as the hub says when it is new or back from being gone; after that, `change` says so."""
    unit = products.store_unit(variant, page, new)
    listing, is_new = Listing.objects.get_or_create(kind="variant", hub_id=variant.id, defaults={"product": unit})
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
