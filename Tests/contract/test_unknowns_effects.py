"""Contract section 9, the rows about what an order does at the hub: lines, holds, cancels and money, under every setting."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shop import IMPATIENT, looked_up_first, order, orders_at, repeated_is_applied_once, units
from unknowns import under

# Row 19: which listing an item means, and what holds an order


KEYS = ["listingVariantId", "externalListingId", "sku", "productVariantId"]


@under(19, "order.match", ",".join(KEYS), "sku", "listingVariantId", "externalListingId", "sku,listingVariantId")
def test_item_with_all_keys_is_matched_by_any_of_them(under_setting, open_shop, setting):
    hub = under_setting(setting)
    [unit] = units(hub)
    hub.admin("POST", "listings", {"sku": unit["sku"], "external_id": "V-1"})
    shop = open_shop()
    body = order("A-1", unit)
    body["orderItems"][0]["externalListingId"] = "V-1"
    shop.client.submit(body)

    assert shop.result("A-1")["verdict"] == "applied"
    assert orders_at(hub, "A-1")[0]["items"][0]["variant_id"] == unit["id"]


STRANGER = {"sku": "NOT-AT-THE-HUB", "id": 999_999_999, "title": "unknown"}


@under(19, "order.unmatched", "on_hold", "not_managed", "open", "refuse")
def test_order_with_an_unknown_item_shows_how_it_is_held(under_setting, open_shop, setting):
    under_setting(setting)
    shop = open_shop()
    result = shop.push("A-1", STRANGER)

    if setting[1] == "refuse":
        assert result["verdict"] == "refused"
        return
    assert result["verdict"] == "applied"
    status = {"on_hold": "On Hold", "not_managed": "Not Managed", "open": "Open"}[setting[1]]
    assert shop.client.order_status("A-1")[0]["orderStatus"] == status
    assert result["order_status"] == status


@under(19, "order.unmapped_shipping", "no_shipping_method", "on_hold", "open")
def test_order_with_an_unmapped_shipping_text_shows_how_it_is_held(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    result = shop.push("A-1", *units(hub), shippingText="By balloon")
    status = {"no_shipping_method": "No Shipping Method", "on_hold": "On Hold", "open": "Open"}[setting[1]]

    assert (result["verdict"], result["order_status"]) == ("applied", status)


@under(19, "shipping.mapped", "Standard,Express", "any", "By balloon")
def test_shipping_text_decides_at_the_hub_alone(under_setting, open_shop, setting):
    hub = under_setting(setting)
    result = open_shop().push("A-1", *units(hub), shippingText="By balloon")

    assert result["verdict"] == "applied"
    assert (result["order_status"] == "Open") == (setting[1] != "Standard,Express")


@under(19, "order.lines", "as_sent", "product_sku", "upper_sku", "gift")
def test_order_whose_lines_are_of_the_hubs_own_is_ours(under_setting, open_shop, setting):
    repeated_is_applied_once(under_setting(setting), open_shop(**IMPATIENT))


@under(19, "order.lines", "as_sent", "product_sku", "upper_sku", "gift")
def test_look_up_finds_our_order_whatever_its_lines(under_setting, open_shop, setting):
    looked_up_first(under_setting(setting), open_shop())


@under(19, "order.lines", "as_sent", "product_sku", "upper_sku", "gift")
def test_order_with_lines_of_the_hubs_own_is_delivered_as_it_is(under_setting, open_shop, setting):
    hub = under_setting(setting)
    [unit] = units(hub)
    body = order("A-1", unit, orderTotal=24.98)
    body["orderItems"][0]["price"] = 19.99
    hub.ask("POST", "/orders", body)
    [record] = open_shop().pull("orders")
    lines = {"product_sku": ["P-" + unit["sku"]], "gift": [unit["sku"], "GIFT"]}.get(setting[1], [unit["sku"]])

    assert [line["sku"] for line in record["orderItems"]] == lines


@under(19, "order.no_stock", "open", "on_hold")
def test_order_beyond_the_stock_shows_how_it_is_held(under_setting, open_shop, setting):
    hub = under_setting(setting)
    [unit] = units(hub)
    result = open_shop().push("A-1", unit, 1_000_000)

    assert (result["verdict"], result["order_status"]) == ("applied", "On Hold" if setting[1] == "on_hold" else "Open")


@under(19, "order.stock", "keep", "reduce")
def test_quantity_lowered_by_an_order_comes_by_sync(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    shop.work_off("listings_to_sync")
    [unit] = [one for one in units(hub, 20) if (one["quantity"] or 0) > 1][:1]
    shop.later()
    shop.push("A-1", unit, 1)
    shop.later()
    records = shop.pull("listings_to_sync")

    assert [record["sku"] for record in records] == ([unit["sku"]] if setting[1] == "reduce" else [])


# Row 20: cancelling


@under(20, "order.status.code", "201", "200", "204")
def test_cancel_is_confirmed_by_reading(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    result = shop.push("A-1", *units(hub))
    answer = shop.client.call("updateOrderStatus", id=result["order_id"], status="Canceled", updateNote="buyer asked")

    assert answer["status"] == int(setting[1])
    assert shop.client.order_status("A-1")[0]["orderStatus"] == "Canceled"


@under(20, "cancel.shipped", "refuse", "accept")
def test_cancel_of_a_shipped_order_is_the_hubs_to_refuse(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    result = shop.push("A-1", *units(hub))
    hub.admin("POST", "ship", {"order_number": "A-1"})
    if setting[1] == "refuse":
        with pytest.raises(library.RefusedError) as caught:
            shop.client.call("updateOrderStatus", id=result["order_id"], status="Canceled")
        assert caught.value.verdict == library.Verdict.REFUSED
    else:
        shop.client.call("updateOrderStatus", id=result["order_id"], status="Canceled")
    status = shop.client.order_status("A-1")[0]["orderStatus"]

    assert (status == "Canceled") == (setting[1] == "accept")


@under(20, "cancel.requests", "cancel", "keep")
def test_shipment_after_a_cancel_still_comes(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    result = shop.push("A-1", *units(hub))
    shop.client.call("updateOrderStatus", id=result["order_id"], status="Canceled")
    shop.pull("shipments")
    hub.admin("POST", "ship", {"order_number": "A-1", "tracking_number": "T-1"})
    [record] = shop.pull("shipments")

    assert record["trackingNumber"] == "T-1"


# Row 27: money on reading


@under(27, "order.numbers", "echo", "two_places", "text")
def test_money_of_an_order_is_exact_and_in_the_hubs_own_digits(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    shop.push("A-1", *units(hub), orderTotal="24.980")
    page = shop.client.order_status("A-1")
    digits = {"echo": b'"orderTotal":24.980', "two_places": b'"orderTotal":24.98', "text": b'"orderTotal":"24.98'}

    assert digits[setting[1]] in page.json.replace(b": ", b":")
    assert page.orders()[0].order_total == Decimal("24.98")
