"""Contract section 9, the rows about orders: the client is right under every setting of the hub."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from shop import IMPATIENT, looked_up_first, order, orders_at, posts, repeated_is_applied_once, units
from unknowns import row, under

NAMES = {
    "createOrder.orderNumber": "number", "createOrder.orderItems": "items", "createOrder.shippingAddress": "shipTo",
    "createOrder.orderItems.sku": "itemSku", "createOrder.orderItems.quantity": "count",
    "createOrder.address.postal": "zip",
}
RENAMED = "orderNumber:number,orderItems:items,shippingAddress:shipTo,sku:itemSku,quantity:count,postal:zip"


# Row 1: the names in the body of an order


@under(1, "order.rename", "", RENAMED)
def test_order_is_taken_under_the_hubs_names(under_setting, open_shop, setting):
    hub = under_setting(setting)
    [unit] = units(hub)
    shop = open_shop(**{"hub.overrides": NAMES} if setting[1] else {})

    assert shop.push("A-1", unit, 3)["verdict"] == "applied"
    [found] = orders_at(hub, "A-1")
    assert [(item["sku"], item["quantity"]) for item in found["items"]] == [(unit["sku"], 3)]


@under(1, "order.rename", RENAMED)
def test_order_under_names_the_hub_does_not_know_is_refused_not_lost(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    result = shop.push("A-1", *units(hub))

    assert (result["verdict"], result["code"]) == ("refused", "FLX_E_REFUSED")
    assert orders_at(hub, "A-1") == []
    assert posts(hub) == 1


@under(1, "order.unknown_fields", "accept", "refuse")
def test_order_has_no_field_that_is_not_proposed(under_setting, open_shop, setting):
    hub = under_setting(setting)

    assert open_shop().push("A-1", *units(hub), tags=["web"], note="x")["verdict"] == "applied"


@under(1, "order.unknown_fields", "accept", "refuse")
def test_extra_members_are_the_hosts_own_risk(under_setting, open_shop, setting):
    hub = under_setting(setting)
    result = open_shop().push("A-1", *units(hub), extra={"taxTotal": "1.99"})

    assert result["verdict"] == ("applied" if setting[1] == "accept" else "refused")
    assert len(orders_at(hub, "A-1")) == (1 if setting[1] == "accept" else 0)


# Row 2: what a create answers with


@under(2, "order.created.status", "201", "200", "202", "204")
def test_created_order_is_known_by_its_id_whatever_the_status(under_setting, open_shop, setting):
    created_is_applied(under_setting(setting), open_shop())


@under(2, "order.created.body", "order", "empty", "no_id", "id_only", "text_id", "html", "text", "error", "array")
def test_created_order_is_known_by_its_id_whatever_the_body(under_setting, open_shop, setting):
    created_is_applied(under_setting(setting), open_shop())


def created_is_applied(hub, shop):
    result = shop.push("A-1", *units(hub))
    [found] = orders_at(hub, "A-1")

    assert (result["verdict"], result["order_id"]) == ("applied", str(found["id"]))
    assert posts(hub) == 1


@under(2, "order.repeat.status", "200", "201", "202", "204")
def test_repeated_order_is_applied_once_whatever_the_status(under_setting, open_shop, setting):
    repeated_is_applied_once(under_setting(setting), open_shop(**IMPATIENT))


# Row 3: the same number again


@under(3, "order.key", "orderNumber", "referenceNumber", "either")
def test_order_with_one_number_in_both_fields_has_one_effect(under_setting, open_shop, setting):
    repeated_is_applied_once(under_setting(setting), open_shop(**IMPATIENT), referenceNumber="A-1")


@under(3, "order.key", "orderNumber", "referenceNumber", "either")
def test_order_without_a_reference_has_one_effect_whatever_the_key(under_setting, open_shop, setting):
    repeated_is_applied_once(under_setting(setting), open_shop(**IMPATIENT))


@under(3, "order.key", "orderNumber", "referenceNumber", "either")
def test_order_is_looked_up_before_it_is_sent_again_whatever_the_key(under_setting, open_shop, setting):
    looked_up_first(under_setting(setting), open_shop())


@under(3, "order.duplicate", "first", "conflict", "bad_request")
def test_order_whose_answer_was_lost_has_one_effect(under_setting, open_shop, setting):
    repeated_is_applied_once(under_setting(setting), open_shop(**IMPATIENT))


@under(3, "order.duplicate", "first", "conflict", "bad_request", "second")
def test_order_is_looked_up_before_it_is_sent_again(under_setting, open_shop, setting):
    looked_up_first(under_setting(setting), open_shop())


@under(3, "order.duplicate", "first", "conflict", "bad_request", "second")
def test_order_that_comes_into_being_late_is_not_sent_again(under_setting, open_shop, setting):
    """The hub makes it when nobody waits for the answer any more: look-ups before that find nothing, and do not count."""
    hub = under_setting(setting)
    hub.admin("POST", "faults", {"do": "commit_late", "ms": 4000, "how": "close"})
    result = open_shop(**IMPATIENT).push("A-1", *units(hub))
    [found] = orders_at(hub, "A-1")

    assert (result["verdict"], result["order_id"]) == ("applied", str(found["id"]))
    assert posts(hub) == 1


@under(3, "order.changed", "as_duplicate", "first", "conflict", "bad_request", "overwrite", "second")
def test_changed_order_is_refused_here_and_never_sent(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    [unit] = units(hub)
    shop.push("A-1", unit, 1)
    with pytest.raises(library.ConflictError):
        shop.submit("A-1", unit, 2)
    shop.flush()

    assert posts(hub) == 1
    assert [item["quantity"] for item in orders_at(hub, "A-1")[0]["items"]] == [1]


@under(3, "order.changed", "as_duplicate", "first", "conflict", "bad_request", "overwrite", "second")
def test_other_order_of_the_number_at_the_hub_is_told_apart(under_setting, open_shop, setting):
    """One that the hub made long before is not ours, in whatever words the hub says that it has one."""
    hub = under_setting(setting)
    result = pushed_by_a_shop_that_lost_its_state(hub, open_shop, after_s=3600)

    if setting[1] in ("overwrite", "second"):
        assert result["verdict"] == "applied"
        assert 2 in [one["items"][0]["quantity"] for one in orders_at(hub, "A-1")]
    else:
        assert (result["verdict"], result["code"]) == ("refused", "FLX_E_CONFLICT")
        assert [item["quantity"] for item in orders_at(hub, "A-1")[0]["items"]] == [1]


@under(3, "order.changed", "as_duplicate", "first", "conflict", "bad_request")
def test_other_order_of_the_number_that_is_some_minutes_old_is_for_a_person(under_setting, open_shop, setting):
    """Clocks may be so far apart: it may be ours, and edited, or another one."""
    hub = under_setting(setting)
    result = pushed_by_a_shop_that_lost_its_state(hub, open_shop, after_s=300)

    assert (result["verdict"], result["code"]) == ("possibly_applied", "FLX_E_CONFLICT")
    assert "/orderItems" in result["message"]
    assert [item["quantity"] for item in orders_at(hub, "A-1")[0]["items"]] == [1]


@under(3, "order.instants", "absent")
def test_other_order_of_the_number_without_instants_is_for_a_person(under_setting, open_shop, setting):
    hub = under_setting(setting)
    result = pushed_by_a_shop_that_lost_its_state(hub, open_shop, after_s=3600)

    assert (result["verdict"], result["code"]) == ("possibly_applied", "FLX_E_CONFLICT")
    assert len(orders_at(hub, "A-1")) == 1


def pushed_by_a_shop_that_lost_its_state(hub, open_shop, after_s):
    """The result of an order whose number the shop has used for an order with other lines, so long before."""
    [unit] = units(hub)
    open_shop("before").push("A-1", unit, 1)
    at = datetime.now(timezone.utc) - timedelta(seconds=after_s)
    hub.admin("POST", "order", {"order_number": "A-1", "inserted_at": at.strftime("%Y-%m-%dT%H:%M:%SZ")})
    shop = open_shop("after the shop lost its state")
    return shop.push("A-1", unit, 2)


@under(3, "order.changed", "as_duplicate", "first", "conflict", "bad_request")
def test_older_order_is_not_taken_for_ours_by_a_clock_that_one_answer_told(under_setting, open_shop, setting):
    """The hub's clock is an hour before ours: by ours alone, its order would have been made just now."""
    hub = under_setting(setting)
    [unit] = units(hub)
    open_shop("before").push("A-1", unit, 1)
    hub.admin("POST", "clock", {"advance_s": 3600})
    result = open_shop("after the shop lost its state").push("A-1", unit, 2)

    assert (result["verdict"], result["code"]) in [("refused", "FLX_E_CONFLICT"), ("possibly_applied", "FLX_E_CONFLICT")]
    assert [item["quantity"] for item in orders_at(hub, "A-1")[0]["items"]] == [1]


@under(3, "order.changed", "as_duplicate", "first", "conflict", "bad_request")
def test_same_order_of_a_shop_that_lost_its_state_is_applied(under_setting, open_shop, setting):
    hub = under_setting(setting)
    [unit] = units(hub)
    before = open_shop("before").push("A-1", unit, 1)
    hub.admin("POST", "clock", {"advance_s": 3600})
    result = open_shop("after the shop lost its state").push("A-1", unit, 1)

    assert (result["verdict"], result["order_id"]) == ("applied", before["order_id"])
    assert len(orders_at(hub, "A-1")) == 1


@under(3, "order.instants", "told", "absent")
def test_order_without_instants_has_one_effect(under_setting, open_shop, setting):
    repeated_is_applied_once(under_setting(setting), open_shop(**IMPATIENT))


@under(3, "order.instants", "told", "absent")
def test_order_without_instants_is_looked_up_and_delivered(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    looked_up_first(hub, shop)

    assert [record["orderNumber"] for record in shop.pull("orders")] == ["A-1"]


# Row 4: money that the contract has no name for


@under(4, "order.extra", "echo", "drop")
def test_members_under_extra_pass_and_may_come_back(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    shop.push("A-1", *units(hub), extra={"taxTotal": Decimal("1.90")})
    [record] = shop.pull("orders")

    assert record.get("taxTotal") == (Decimal("1.9") if setting[1] == "echo" else None)


@row(4)
def test_host_cannot_send_an_unnamed_money_field_by_mistake(library, row):
    unit = {"sku": "A", "id": 1}
    faults = library.order_check(order("A-1", unit, taxTotal="1.90"))

    assert [fault["path"] for fault in faults] == ["/taxTotal"]
