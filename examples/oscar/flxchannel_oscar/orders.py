"""Orders out, and what becomes of them.

An order is written down for the channel in the transaction that places it, and handed to the library once that is committed.
Should the process die between the two, the next round hands it over: the library knows its number, and sends it once.
"""

from __future__ import annotations

import logging
from typing import Any, Dict, Iterable, List, Mapping, Optional

from django.conf import settings
from django.db import transaction
from oscar.core.loading import get_class, get_model

from flxchannel import FlxError, NewOrder, Order, OrderError, OrderItem
from flxchannel.events import OrderEvent, ResultEvent
from flxchannel.inputs import NewAddress, NewOrderItem
from flxchannel.shapes import OutboxOrder

from .client import client
from .models import ChannelOrder

ShopOrder = get_model("order", "Order")

#: What the hub's word for the state of an order is here; a shop whose pipeline has other words sets FLXCHANNEL_STATUSES.
STATUSES = {"Closed": "Complete", "Canceled": "Cancelled"}
#: The ends after which an order may be sent again.
AGAIN = ("refused", "not_applied", "possibly_applied")

_log = logging.getLogger("flxchannel")


def placed(sender: Any, instance: Any, created: bool, raw: bool, **_: Any) -> None:
    """A checkout places an order: take it, in its transaction, and hand it over after that. No request is made.

    This is Django's signal. Oscar's own, order_placed, comes when that transaction may be over: a process that dies between the
    two would lose the order. One without a basket is of no checkout: who brings old orders in does not sell them again.
    """
    if raw or not created or instance.basket_id is None:
        return
    taken = ChannelOrder.objects.create(order=instance, number=instance.number)

    def hand_over() -> None:
        submit(taken.pk)

    transaction.on_commit(hand_over, robust=True)  # a fault of ours is logged, and the buyer thanked


def submit(key: int) -> None:
    """Hand an order over, read anew: as the database has it, which is how it is read the next time too.

    One that the library has already is not sent again. Its rows are locked meanwhile: a cancellation either keeps it here, or
    finds it there.
    """
    with transaction.atomic():
        taken = held(channel=key)
        if taken is None or taken.verdict or taken.cancel:
            return
        try:
            receipt = client().submit(order_of(taken.order))
        except OrderError as why:  # it lacks something: a person has to look
            taken.verdict, taken.note = "refused", str(why)
            taken.save(update_fields=["verdict", "note"])
            return
        if receipt["state"] == "settled":  # its end was told before, and has not changed
            _store_end(taken, client().outbox(number=taken.number)[0])


def submit_all() -> int:
    """Hand over every order whose end is not known, and return how many could not be. None holds the others back."""
    failed = 0
    for key in ChannelOrder.objects.filter(verdict="", cancel="").values_list("pk", flat=True):
        try:
            submit(key)
        except Exception as why:  # noqa: BLE001 - of whatever stands in one order, or of the state
            failed += 1
            ChannelOrder.objects.filter(pk=key).update(note=str(why))
            if not isinstance(why, FlxError):
                _log.error("an order could not be read", exc_info=why)
    return failed


def send_again(key: int) -> bool:
    """Send an order that was refused or given up: with what the shop has in it now, or the same once more.

    Return whether it is sent: not if the shop canceled it, or its end is another.
    """
    with transaction.atomic():
        taken = held(channel=key)
        if taken is None or taken.cancel or taken.verdict not in AGAIN:
            return False
        receipt = client().submit(order_of(taken.order))
        if receipt["verdict"] in AGAIN:  # nothing was changed in it
            client().retry([taken.number])
        taken.verdict = taken.note = ""
        taken.save(update_fields=["verdict", "note"])
    return True


def order_of(order: Any) -> NewOrder:
    """An order as the hub wants it (`flxchannel.describe("schema/order")`)."""
    items: "List[NewOrderItem]" = []
    for line in order.lines.select_related("product__listing").order_by("pk"):
        item: NewOrderItem = {
            "sku": line.partner_sku, "quantity": line.quantity, "price": line.unit_price_excl_tax, "title": line.title}
        if line.product is not None and hasattr(line.product, "listing"):
            item["listingVariantId"] = line.product.listing.hub_id
        items.append(item)
    return {
        "orderNumber": order.number, "orderedAt": order.date_placed, "orderTotal": order.total_incl_tax,
        "shippingText": order.shipping_method or "Standard", "shippingAddress": address_of(order), "orderItems": items,
    }


def address_of(order: Any) -> NewAddress:
    """Where an order goes; empty if it has no address, which the library then says."""
    to = order.shipping_address
    if to is None:
        return {}
    address: NewAddress = {
        "firstName": to.first_name, "lastName": to.last_name, "addressLine1": to.line1, "addressLine2": to.line2,
        "city": to.line4, "state": to.state, "postal": to.postcode, "countryCode": to.country_id, "email": order.email,
        "phone": str(to.phone_number or ""),
    }
    return {name: value for name, value in address.items() if value}  # type: ignore[return-value]


# --- what becomes of them ---------------------------------------------------------------------------------------------


def take_result(event: ResultEvent) -> None:
    """Store the end of an order."""
    with transaction.atomic():
        taken = held(number=event["order"]["number"])
        if taken is not None:
            _store_end(taken, event["order"])


def _store_end(taken: ChannelOrder, told: OutboxOrder) -> None:
    """What the hub has, it takes from the stock that it tells us: here it is set aside no longer."""
    if told["verdict"] == "applied":
        set_aside_no_longer(taken.order)
    taken.verdict, taken.note = told["verdict"], " ".join(filter(None, (told["message"], told["hub_said"])))
    taken.hub_id, taken.hub_status = told["order_id"] or taken.hub_id, taken.hub_status or told["order_status"]
    taken.save(update_fields=["verdict", "note", "hub_id", "hub_status"])


def take_status(event: OrderEvent) -> None:
    """Bring the status of an order up to date, and remember the hub's ids of its lines."""
    told = Order.of(event["record"])
    with transaction.atomic():
        taken = held(number=event["order_number"])
        if taken is None:
            return  # another shop's of this channel, or one from before
        taken.lines = {**taken.lines, **_lines(taken.order, told.items)}
        taken.hub_id, taken.hub_status = told.id, told.order_status or taken.hub_status
        taken.save(update_fields=["lines", "hub_id", "hub_status"])
        status = statuses().get(taken.hub_status)
        if status in taken.order.available_statuses():
            get_class("order.processing", "EventHandler")().handle_order_status_change(taken.order, status)


def _lines(order: Any, items: "Iterable[OrderItem]") -> "Dict[str, int]":
    """The hub's ids of an order's lines, and ours. One SKU may be in two lines, with other options: then the quantity tells."""
    left, found = list(order.lines.all()), {}
    for item in items:
        same = sorted((line for line in left if line.partner_sku == item.sku), key=lambda line: line.quantity != item.quantity)
        if item.id and same:
            found[item.id] = same[0].pk
            left.remove(same[0])
    return found


# --- what both ways stand on ------------------------------------------------------------------------------------------


def held(**which: Any) -> "Optional[ChannelOrder]":
    """An order of the channel, by Oscar's fields, locked until the end of the transaction.

    Oscar's row comes first, as it does where a person changes its status: two who want both never wait for each other.
    """
    order = ShopOrder.objects.select_for_update(of=("self",)).filter(**which).first()
    return None if order is None else ChannelOrder.objects.select_for_update().filter(order=order).first()


def set_aside_no_longer(order: Any) -> None:
    """End Oscar's allocation of an order's stock, once however often it is asked. A product that was deleted has none."""
    lines = [line for line in order.lines.all() if line.stockrecord is not None]
    if lines:
        get_class("order.processing", "EventHandler")().cancel_stock_allocations(order, lines)


def statuses() -> "Mapping[str, str]":
    words: "Mapping[str, str]" = getattr(settings, "FLXCHANNEL_STATUSES", STATUSES)
    return words
