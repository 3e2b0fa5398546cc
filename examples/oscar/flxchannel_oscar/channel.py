"""A round of all the work of the channel."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.utils.timezone import now

from flxchannel import Summary

from . import cancellations, listings, orders, parcels
from .client import client
from .models import Round


def work(budget_ms: int = 0, **plan: Any) -> Summary:
    """Do everything that a channel has to do, once. This is what cron and the worker call.

    A budget of 0 is as long as it takes. The summary is complete if another round now would find nothing more to do.
    """
    since = monotonic()
    failed = orders.submit_all()
    open_ones = cancellations.cancel_all(since + budget_ms / 2000 if budget_ms else None)  # the other half is for all else
    spent_ms = int((monotonic() - since) * 1000)
    summary = client().sync({
        "publish": listings.publish, "sync": listings.update, "change": listings.change, "gone": listings.take_down,
        "result": orders.take_result, "order": orders.take_status, "shipment": parcels.take, "other_parcel": parcels.take_back,
    }, budget_ms=max(1, budget_ms - spent_ms) if budget_ms else 0, **plan)
    summary["complete"] = summary["complete"] and failed == 0 and open_ones == 0
    parts = {name: {"end": part["end"], "done": part["done"], "why": part["why"]} for name, part in summary["parts"].items()}
    told = {"complete": summary["complete"], "to_do": summary["to_do"], "parts": parts}
    Round.objects.update_or_create(pk=1, defaults={**told, **({"completed_at": now()} if summary["complete"] else {})})
    return summary
