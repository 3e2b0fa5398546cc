"""Cancellations: the shop's, brought to the hub. The hub's come with the status of an order."""

from __future__ import annotations

from time import monotonic
from typing import Any, Optional

from django.db import transaction

from flxchannel import FlxError, NotFoundError, RefusedError

from . import orders
from .client import client
from .models import ChannelOrder

#: What a cancellation is before its end is known.
OPEN = ("wanted", "asked", "in_doubt")


def status_changed(sender: Any, order: Any, new_status: str, **_: Any) -> None:
    """The shop cancels an order: so does the channel, in its next round."""
    if new_status != orders.statuses().get("Canceled"):
        return
    with transaction.atomic():
        taken = orders.held(pk=order.pk)
        if taken is None:
            return
        orders.set_aside_no_longer(order)
        if taken.hub_status != "Canceled":
            taken.cancel = "wanted"
            taken.save(update_fields=["cancel"])


def cancel_all(until: "Optional[float]" = None) -> int:
    """Cancel what the shop wants canceled, wherever it stands; return how many still are not.

    What was only asked for, or is in doubt, is asked again. With `until`, of `time.monotonic`, it ends then.
    """
    for taken in ChannelOrder.objects.filter(cancel__in=OPEN):
        left_ms = -1 if until is None else int((until - monotonic()) * 1000)
        if until is not None and left_ms <= 0:
            break
        try:
            canceled = client().cancel_order(taken.number, left_ms)
            _note(taken, canceled["outcome"], canceled["message"])
        except NotFoundError:
            _not_there(taken.pk)
        except RefusedError as why:
            _note(taken, "refused", str(why))
        except FlxError as why:
            _note(taken, taken.cancel, str(why))
    return ChannelOrder.objects.filter(cancel__in=OPEN).count()


def _note(taken: ChannelOrder, outcome: str, note: str) -> None:
    ChannelOrder.objects.filter(pk=taken.pk).update(cancel=outcome, note=note)


def _not_there(key: int) -> None:
    """The library has no such order: it was not handed over yet, and now never is, or the state forgot it after its time."""
    with transaction.atomic():
        taken = orders.held(channel=key)
        if taken is None or client().outbox(number=taken.number):
            return  # it was handed over in this moment: the next round finds it there
        if taken.verdict in ("applied", "possibly_applied"):
            taken.cancel, taken.note = "refused", "the channel no longer keeps this order: cancel it at the hub"
        else:
            taken.cancel, taken.note = "not_sent", ""
        taken.save(update_fields=["cancel", "note"])
