"""What a block of a README takes for granted: a shop, its order, and where the hub is."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

import flxchannel
import flxchannel.aio

token = os.environ["FLX_TOKEN"]
address = {
    "name": "Ada Example", "addressLine1": "1 Test Street", "city": "Springfield", "postal": "62701", "stateCode": "IL",
    "countryCode": "US"}
order = {
    "orderNumber": "A-1001", "orderedAt": "2026-01-31T12:00:00Z", "shippingText": "Standard", "shippingAddress": address,
    "orderItems": [{"sku": os.environ["FLX_SKU"], "quantity": 1, "price": Decimal("19.99")}]}

_clients: "list[Any]" = []


def _placed(kind: Any) -> Any:
    def client(*, state_dir: str, **config: Any) -> Any:
        assert state_dir.startswith("/"), state_dir
        made = kind(state_dir=os.environ["FLX_STATE_DIR"], origin=os.environ["FLX_URL"], **config)
        _clients.append(made)
        return made

    return client


flxchannel.Client = _placed(flxchannel.Client)  # type: ignore[misc]
flxchannel.aio.AsyncClient = _placed(flxchannel.aio.AsyncClient)  # type: ignore[misc]


class Shop:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.told: "dict[str, int]" = {}

    def _note(self, what: str) -> None:
        self.told[what] = self.told.get(what, 0) + 1

    def make_page(self, event: Any) -> Any:
        self._note("publish")
        return {"externalId": f"page-{event['id']}"}

    def set_price_and_stock(self, event: Any) -> None:
        assert event["sku"] and isinstance(event["record"].get("price"), (Decimal, int, type(None))), event
        self._note("sync")

    def hide_or_list(self, event: Any) -> bool:
        assert event["to"]
        self._note("change")
        return True

    def take_down(self, event: Any) -> None:
        self._note("gone")

    def note_order(self, event: Any) -> None:
        assert event["order"]["verdict"] == "applied", event
        self._note("result")

    def set_status(self, event: Any) -> None:
        self._note("order")

    def tell_buyer(self, event: Any) -> None:
        self._note("shipment")


shop = Shop()
update, hide_or_list, tell_buyer = shop.set_price_and_stock, shop.hide_or_list, shop.tell_buyer


def store(variant: Any) -> "dict[str, Any]":
    """The answer to a variant that the shop stored."""
    return {"id": variant.id, **({"confirm": variant.change_to.handle} if variant.change_to else {})}


def remember(number: str, verdict: str) -> None:
    assert (number, verdict) == ("A-1001", "applied")


def done() -> None:
    """The block opened a client, and closed it."""
    assert len(_clients) == 1 and _clients[0].closed, _clients
