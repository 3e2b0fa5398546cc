"""The channel: one client for each process, and a round of all its work."""

from __future__ import annotations

import logging
import os
from typing import Any, Dict

from django.conf import settings

from flxchannel import Client, Summary

from . import listings, orders, parcels
from .models import Round

_clients: "Dict[int, Client]" = {}


def client() -> Client:
    """The client of this process. Opening makes no request; a child of a fork opens its own."""
    if os.getpid() not in _clients:
        _clients[os.getpid()] = Client(logger=logging.getLogger("flxchannel"), **settings.FLXCHANNEL)
    return _clients[os.getpid()]


def work(**plan: Any) -> Summary:
    """Do everything that a channel has to do, once. This is what cron and the worker call."""
    orders.submit_all(client())
    orders.cancel_all(client())
    summary = client().sync({
        "publish": listings.publish, "sync": listings.update, "change": listings.change, "gone": listings.take_down,
        "result": orders.take_result, "order": orders.take_status, "shipment": parcels.take, "other_parcel": parcels.take_back,
    }, **plan)
    parts = {name: {"end": part["end"], "done": part["done"], "why": part["why"]} for name, part in summary["parts"].items()}
    Round.objects.update_or_create(
        pk=1, defaults={"complete": summary["complete"], "to_do": summary["to_do"], "parts": parts})
    return summary
