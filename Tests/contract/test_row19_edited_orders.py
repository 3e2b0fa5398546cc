"""Contract 4.2: people at the hub edit orders, so that lines come back that we never sent. The client is right all the same."""

from __future__ import annotations

from decimal import Decimal

from shop import orders_at, posts, units
from unknowns import row


@row(19)
def test_edited_order_is_told_as_it_is_now(hub, open_shop, row):
    shop = open_shop()
    first, second = units(hub, 2)
    pushed = shop.push("A-1", first)
    shop.pull("orders")
    shop.later(3600)
    hub.admin("POST", "order", {
        "order_number": "A-1", "total": "31.50", "address": {"city": "Eugene"},
        "lines": [{"cancel": first["sku"]}, {"add": {"sku": second["sku"], "quantity": 2, "price": Decimal("5")}}],
    })
    shop.later()
    [record] = shop.pull("orders")

    assert (str(record["id"]), record["orderTotal"]) == (pushed["order_id"], Decimal("31.50"))
    assert record["shippingAddress"]["city"] == "Eugene"
    assert [(line["sku"], line["canceledQuantity"]) for line in record["orderItems"]] == [(first["sku"], 1), (second["sku"], 0)]
    assert shop.pull("orders") == []


@row(19)
def test_shipment_of_a_line_the_channel_never_sent_is_of_our_order(hub, open_shop, row):
    shop = open_shop()
    first, second = units(hub, 2)
    shop.push("A-1", first)
    lines = [{"sku": first["sku"], "to": second["sku"]}, {"add": {"sku": "GIFT", "quantity": 1}}]
    hub.admin("POST", "order", {"order_number": "A-1", "lines": lines})
    hub.admin("POST", "ship", {"order_number": "A-1"})
    with shop.client.pull("shipments") as pull:
        shipments = [shipment for page in pull for shipment in page.shipments()]

    assert [(one.order_number, len(one.items)) for one in shipments] == [("A-1", 2)]


@row(19)
def test_order_that_was_edited_before_its_first_look_up_is_ours(hub, open_shop, row):
    shop = open_shop()
    first, second = units(hub, 2)
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "after"})
    shop.submit("A-1", first)
    while posts(hub) == 0:
        shop.client.flush(0)
    hub.admin("POST", "order", {
        "order_number": "A-1", "total": "31.50", "address": {"city": "Eugene"},
        "lines": [{"cancel": first["sku"]}, {"add": {"sku": second["sku"], "quantity": 2, "price": Decimal("5")}}],
    })
    result = shop.result("A-1")
    [found] = orders_at(hub, "A-1")

    assert hub.journal("listOrders")
    assert (result["verdict"], result["code"], result["order_id"]) == ("applied", "", str(found["id"]))
    for field in ("/orderTotal", "/shippingAddress/city", "/orderItems"):
        assert field in result["message"], "what the hub shows otherwise is told"
    assert posts(hub) == 1
