"""A round of all the work of the channel."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now

from flxchannel import Summary

from . import listings, orders, parcels
from .client import client
from .models import Round


def work(**plan: Any) -> Summary:
    """Do everything that a channel has to do, once. This is what cron and the worker call."""
    orders.submit_all()
    orders.cancel_all()
    summary = client().sync({
        "publish": listings.publish, "sync": listings.update, "change": listings.change, "gone": listings.take_down,
        "result": orders.take_result, "order": orders.take_status, "shipment": parcels.take, "other_parcel": parcels.take_back,
    }, **plan)
    parts = {name: {"end": part["end"], "done": part["done"], "why": part["why"]} for name, part in summary["parts"].items()}
    told = {"complete": summary["complete"], "to_do": summary["to_do"], "parts": parts}
    Round.objects.update_or_create(pk=1, defaults={**told, **({"completed_at": now()} if summary["complete"] else {})})
    return summary
