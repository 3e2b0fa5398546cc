"""Contract section 9, row 32: what an order counts as that says nothing of its payment. The client is right under every setting."""

from __future__ import annotations

from shop import units
from unknowns import under

OWN = 501
STATUSES = ["Paid", "Deferred", "Not Authorized", "Authorized", "Awaiting Clearance", "Declined", "Refund Pending",
            "Refund Failed", "Refunded", "Credited"]


@under(32, "channel.invoice_status", *STATUSES)
def test_default_status_can_be_read_and_tells_which_orders_go_on(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    channel = shop.client.call("getChannelById", id=OWN)["body"]

    assert channel["channelInvoiceDefaultStatus"] == setting[1]
    goes_on(hub, shop, setting[1] in ("Paid", "Deferred"))


@under(32, "channel.generate_on_import", "true", "false")
def test_generation_can_be_read_and_tells_which_orders_go_on(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    channel = shop.client.call("getChannelById", id=OWN)["body"]

    assert channel["autoGeneratePoOnImport"] == (setting[1] == "true")
    goes_on(hub, shop, setting[1] == "true")


def goes_on(hub, shop, by_itself):
    """An order is taken in any case; whether it goes on by itself shows in its fulfillment requests."""
    assert shop.push("A-1", *units(hub))["verdict"] == "applied"
    assert len(shop.client.order_status("A-1")[0]["fulfillmentRequests"]) == (1 if by_itself else 0)
    hub.admin("POST", "order", {"order_number": "A-1", "generate": True})
    assert len(shop.client.order_status("A-1")[0]["fulfillmentRequests"]) == 1
