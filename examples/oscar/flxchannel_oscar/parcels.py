"""Parcels in: Oscar's shipping events, with what the buyer follows them by."""

from __future__ import annotations

from typing import Any, Dict, Optional

from django.db import transaction
from oscar.core.loading import get_class, get_model

from flxchannel import Shipment
from flxchannel.codes import ShipmentKind
from flxchannel.events import OtherParcelEvent, ShipmentEvent

from .models import ChannelOrder, Parcel

Line, ShippingEventType = get_model("order", "Line"), get_model("order", "ShippingEventType")


def take(event: ShipmentEvent) -> "Optional[Dict[str, Any]]":
    """Record a parcel that the buyer may see. One that comes again has another number, or nothing new."""
    told = Shipment.of(event["record"], kind=ShipmentKind.DELIVERY, order_number=event["order_number"])
    with transaction.atomic():
        taken = ChannelOrder.objects.filter(number=event["order_number"]).select_related("order").first()
        if taken is None:
            return None  # not an order of this shop
        parcel = Parcel.objects.filter(hub_id=told.id).first()
        if parcel is None:
            quantities = {taken.lines.get(item.order_item_id): item.quantity or 0 for item in told.items}
            if not quantities.keys() <= set(taken.lines.values()):
                return {"later": "the hub has not told the lines of its order yet"}
            lines = list(Line.objects.filter(pk__in=quantities))
            kind, _ = ShippingEventType.objects.get_or_create(name="Shipped")
            handler = get_class("order.processing", "EventHandler")()
            parcel = Parcel(hub_id=told.id, event=handler.handle_shipping_event(
                taken.order, kind, lines, [quantities[line.pk] for line in lines], reference=told.tracking_number or ""))
        parcel.carrier, parcel.tracking_number = told.carrier or "", told.tracking_number or ""
        parcel.tracking_url = told.tracking_url or ""
        parcel.save()
        parcel.event.notes = str(parcel)
        parcel.event.save()
    return None


def take_back(event: OtherParcelEvent) -> None:
    """A parcel that no buyer may see. One that was shown before is shown no longer."""
    for parcel in Parcel.objects.filter(hub_id=event["id"]).select_related("event"):
        parcel.event.delete()
