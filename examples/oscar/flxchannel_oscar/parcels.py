"""Parcels in: Oscar's shipping events, with what the buyer follows them by."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, Iterable, Optional

from django.db import transaction
from oscar.core.loading import get_class, get_model

from flxchannel import Shipment, ShipmentItem
from flxchannel.events import OtherParcelEvent, ShipmentEvent

from .models import ChannelOrder, Parcel

Line, ShippingEventType = get_model("order", "Line"), get_model("order", "ShippingEventType")


def take(event: ShipmentEvent) -> "Optional[Dict[str, Any]]":
    """Record a parcel that the buyer may see. One that comes again has another number, or nothing new."""
    told = Shipment.of_event(event)
    with transaction.atomic():
        taken = ChannelOrder.objects.filter(number=told.order_number).select_related("order").first()
        if taken is None:
            return None  # not an order of this shop
        parcel = Parcel.objects.filter(hub_id=told.id).first()
        if parcel is None:
            if not taken.lines:
                return {"later": "the hub has not told the lines of its order yet"}
            parcel = Parcel(hub_id=told.id, event=_shipped(taken, told.items))
        parcel.carrier, parcel.tracking_number = told.carrier or "", told.tracking_number or ""
        parcel.tracking_url = _link(told.tracking_url or "")
        parcel.save()
        parcel.event.notes = str(parcel)
        parcel.event.save()
    return None


def _link(address: str) -> str:
    """An address that a buyer may be led to: somebody else wrote it, and a click on another scheme may run a script."""
    return address if address.lower().startswith(("https://", "http://")) else ""


def _shipped(taken: ChannelOrder, items: "Iterable[ShipmentItem]") -> Any:
    """Oscar's shipping event. A line that somebody at the hub added to the order, or more of one, is not of this shop."""
    kind, _ = ShippingEventType.objects.get_or_create(name="Shipped")
    sent: "Counter[int]" = Counter()
    for item in items:
        if item.order_item_id in taken.lines:
            sent[taken.lines[item.order_item_id]] += item.quantity or 0
    lines = list(Line.objects.filter(pk__in=sent))
    counts = [min(sent[line.pk], line.quantity - line.shipping_event_quantity(kind)) for line in lines]
    held = [(line, count) for line, count in zip(lines, counts) if count > 0]
    handler = get_class("order.processing", "EventHandler")()
    return handler.handle_shipping_event(taken.order, kind, [line for line, _ in held], [count for _, count in held])


def take_back(event: OtherParcelEvent) -> None:
    """A parcel that no buyer may see. One that was shown before is shown no longer."""
    for parcel in Parcel.objects.filter(hub_id=event["id"]).select_related("event"):
        parcel.event.delete()
