"""Orders out, and what becomes of them.

An order is written down for the channel in the transaction that places it, and handed to the library once that is committed.
Should the process die between the two, the next round hands it over: the library knows its number, and sends it once.
"""

from __future__ import annotations

from typing import Any, List, Mapping

from django.conf import settings
from django.db import transaction
from oscar.core.loading import get_class

from flxchannel import FlxError, NewOrder, NotFoundError, Order, OrderError, RefusedError
from flxchannel.events import OrderEvent, ResultEvent
from flxchannel.inputs import NewAddress, NewOrderItem

from .client import client
from .models import ChannelOrder

#: What the hub's word for the state of an order is here; a shop whose pipeline has other words sets FLXCHANNEL_STATUSES.
STATUSES = {"Closed": "Complete", "Canceled": "Cancelled"}


def placed(sender: Any, order: Any, **_: Any) -> None:
    """A checkout places an order: take it, in its transaction, and hand it over after that. No request is made."""
    taken = ChannelOrder.objects.create(order=order, number=order.number)

    def hand_over() -> None:
        submit(taken.pk)

    transaction.on_commit(hand_over, robust=True)  # a fault of ours is logged, and the buyer thanked


def submit(key: int) -> None:
    """Hand an order over, read anew: as the database has it, which is how it is read the next time too.

    One that the library has already is not sent again.
    """
    taken = ChannelOrder.objects.select_related("order__shipping_address").get(pk=key)
    try:
        receipt = client().submit(order_of(taken.order))
    except OrderError as why:  # it lacks something: a person has to look
        ChannelOrder.objects.filter(pk=key).update(verdict="refused", note=str(why))
        return
    if receipt["state"] == "settled":  # its end was told before, and has not changed
        ChannelOrder.objects.filter(pk=key).update(verdict=receipt["verdict"])


def submit_all() -> None:
    """Hand over every order whose end is not known."""
    for key in ChannelOrder.objects.filter(verdict="", cancel="").values_list("pk", flat=True):
        try:
            submit(key)
        except FlxError as why:
            ChannelOrder.objects.filter(pk=key).update(note=str(why))


def send_again(taken: ChannelOrder) -> None:
    """Send an order that was refused or given up: with what the shop has in it now, or the same once more."""
    ChannelOrder.objects.filter(pk=taken.pk).update(verdict="", note="", cancel="")
    receipt = client().submit(order_of(taken.order))
    if receipt["verdict"] in ("refused", "not_applied", "possibly_applied"):  # nothing was changed in it
        client().retry([taken.number])


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
    to = order.shipping_address
    address: NewAddress = {
        "firstName": to.first_name, "lastName": to.last_name, "addressLine1": to.line1, "addressLine2": to.line2,
        "city": to.line4, "state": to.state, "postal": to.postcode, "countryCode": to.country_id, "email": order.email,
        "phone": str(to.phone_number or ""),
    }
    return {name: value for name, value in address.items() if value}  # type: ignore[return-value]


# --- what becomes of them ---------------------------------------------------------------------------------------------


def take_result(event: ResultEvent) -> None:
    """Store the end of an order. What the hub has, it takes from the stock that it tells us: here it is set aside no longer."""
    told = event["order"]
    with transaction.atomic():
        taken = ChannelOrder.objects.select_for_update().filter(number=told["number"]).select_related("order").first()
        if taken is None:
            return
        if told["verdict"] == "applied":
            _event_handler().cancel_stock_allocations(taken.order)
        taken.verdict, taken.note = told["verdict"], " ".join(filter(None, (told["message"], told["hub_said"])))
        taken.hub_id, taken.hub_status = told["order_id"], taken.hub_status or told["order_status"]
        taken.save()


def take_status(event: OrderEvent) -> None:
    """Bring the status of an order up to date, and remember the hub's ids of its lines."""
    told = Order.of(event["record"])
    with transaction.atomic():
        taken = ChannelOrder.objects.select_for_update().filter(number=event["order_number"]).select_related("order").first()
        if taken is None:
            return  # another shop's of this channel, or one from before
        ours = {line.partner_sku: line.pk for line in taken.order.lines.all()}
        taken.lines = {item.id: ours[item.sku] for item in told.items if item.id and item.sku in ours}
        taken.hub_id, taken.hub_status = told.id, told.order_status or taken.hub_status
        taken.save()
        status = _statuses().get(taken.hub_status)
        if status in taken.order.available_statuses():
            _event_handler().handle_order_status_change(taken.order, status)


def status_changed(sender: Any, order: Any, new_status: str, **_: Any) -> None:
    """The shop cancels an order: so does the channel, in its next round."""
    taken = ChannelOrder.objects.filter(order=order).exclude(hub_status="Canceled").first()
    if taken is not None and new_status == _statuses().get("Canceled"):
        ChannelOrder.objects.filter(pk=taken.pk).update(cancel="wanted")
        _event_handler().cancel_stock_allocations(order)


def cancel_all() -> None:
    """Cancel what the shop wants canceled, wherever it stands. What was only asked for, or is in doubt, is asked again."""
    for taken in ChannelOrder.objects.filter(cancel__in=("wanted", "asked", "in_doubt")):
        outcome, note = taken.cancel, ""
        try:
            canceled = client().cancel_order(taken.number)
            outcome, note = canceled["outcome"], canceled["message"]
        except NotFoundError:
            outcome = "not_sent"  # it was canceled before it was handed over
        except RefusedError as why:
            outcome, note = "refused", str(why)
        except FlxError as why:
            note = str(why)
        ChannelOrder.objects.filter(pk=taken.pk).update(cancel=outcome, note=note)


def _statuses() -> "Mapping[str, str]":
    words: "Mapping[str, str]" = getattr(settings, "FLXCHANNEL_STATUSES", STATUSES)
    return words


def _event_handler() -> Any:
    return get_class("order.processing", "EventHandler")()
