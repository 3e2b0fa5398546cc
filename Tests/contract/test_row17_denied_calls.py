"""Contract section 9, row 17: what a channel token may do. The client is right under every setting."""

from __future__ import annotations

import pytest

from lists import there
from shop import IMPATIENT, ids, orders_at, units
from unknowns import under


@under(17, "channel.denied", "", "listReturns", "updateOrderStatus,getOrderById", "listOrders", "getChannelById")
def test_denied_call_is_a_missing_feature_and_orders_go_on(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_rate_limit=True, **IMPATIENT)
    if setting[1] == "listReturns":
        for _ in range(4):
            with pytest.raises(library.TokenError):
                shop.pull("returns")
    if setting[1].startswith("update"):
        for _ in range(4):
            with pytest.raises(library.TokenError):
                shop.client.call("updateOrderStatus", id=1, status="Open")
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "after"})
    result = shop.push("A-1", *units(hub))

    assert result["verdict"] == "applied"
    assert len(orders_at(hub, "A-1")) == 1
    assert ids(shop.pull("listings_to_sync")) == there(hub, "listings_to_sync")


@under(17, "channel.denied", "createOrder", "listShipments")
def test_denied_order_or_shipment_call_is_fatal_and_loses_nothing(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_rate_limit=True)
    shop.submit("A-1", *units(hub))
    if setting[1] == "createOrder":
        with pytest.raises(library.TokenError):
            shop.client.flush(3000)
        assert shop.client.outbox(number="A-1")[0]["state"] == "queued"
    else:
        with pytest.raises(library.TokenError) as caught:
            shop.pull("shipments")
        assert caught.value.fatal
    hub.set(channel__denied="")
    shop.client.set_token(hub.token)

    assert shop.result("A-1")["verdict"] == "applied"
    shop.pull("shipments")
