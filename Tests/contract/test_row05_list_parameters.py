"""Contract section 9, row 5: parameters and order of the order list, and of the others. The client is right under every setting."""

from __future__ import annotations

import pytest

from lists import delivers_each_once, plant, there
from shop import ids, orders_at, posts, units
from unknowns import under

BIG = "variants=230,history=off,exceptions=off"


@under(5, "query.ignore", "", "listOrders.updatedAfter", "listOrders.includeTags", "listOrders.orderNumber,orderedAfter",
       "listShipments.filterUpdatedAfter", "getListingVariants.updatedAfter", "updatedAfter,filterUpdatedAfter", "pageSize")
def test_ignored_parameter_loses_nothing_and_repeats_nothing(under_setting, open_shop, setting):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    plant(hub)
    shop = open_shop()
    for feed in ("orders", "shipments", "listings"):
        delivers_each_once(hub, shop, feed)
    [unit] = units(hub)
    pushed = shop.push("A-1", unit)
    shop.push("A-2", unit)
    shop.later(3600)
    hub.admin("POST", "order", {"order_number": "A-1", "status": "On Hold"})
    [parcel] = hub.admin("POST", "ship", {"order_number": "A-2"})
    hub.admin("POST", "listings", {"sku": unit["sku"], "quantity": 4})
    shop.later()

    assert pushed["order_id"] in ids(shop.pull("orders"))
    assert [one["id"] for one in shop.pull("listings")] == [unit["id"]]
    assert shop.pull("orders") == shop.pull("listings") == []
    assert [one["id"] for one in shop.pull("shipments")] == [parcel["id"]]


@under(5, "query.ignore", "page", "filterPageNumber")
def test_ignored_page_number_is_noticed(under_setting, library, open_shop, setting):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    plant(hub)
    shop = open_shop()
    feed = "orders" if setting[1] == "page" else "shipments"
    with shop.client.pull(feed, page_size=10) as pull, pytest.raises(library.PagingError) as caught:
        for page in pull:
            page.commit()

    assert caught.value.fatal
    assert not any(cursor["feed"] == feed and cursor.get("at") for cursor in shop.client.cursors())


@under(5, "query.rename", "", "updatedAfter:changedSince", "page:pageNo,pageSize:perPage", "orderNumber:number")
def test_renamed_parameter_is_used_under_the_hubs_name(under_setting, open_shop, setting):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    plant(hub)
    names = dict(one.split(":") for one in setting[1].split(",")) if setting[1] else {}
    shop = open_shop(**{"hub.overrides": {f"listOrders.{old}": new for old, new in names.items()}} if names else {})
    delivers_each_once(hub, shop, "orders")
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "after"})
    assert shop.push("A-1", *units(hub))["verdict"] == "applied"
    shop.later(3600)
    hub.admin("POST", "order", {"order_number": "B-3", "touch": True})
    shop.later()
    [found] = [one for one in hub.admin("GET", "orders") if one["order_number"] == "B-3"]

    assert str(found["id"]) in ids(shop.pull("orders"))
    assert posts(hub) == 24
    for new in names.values():
        assert any(f"{new}=" in entry["query"] for entry in hub.journal("listOrders"))


@under(5, "orders.updated_after", "filters", "needs_change")
def test_status_of_an_order_is_told_when_it_changes(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    shop.pull("orders")
    shop.later(3600)
    pushed = shop.push("A-1", *units(hub))
    shop.pull("orders")
    shop.later(3600)
    hub.admin("POST", "order", {"order_number": "A-1", "status": "Closed"})
    shop.later()

    assert [(str(one["id"]), one["orderStatus"]) for one in shop.pull("orders")] == [(pushed["order_id"], "Closed")]


@under(5, "orders.lag_s", "0", "2")
def test_order_that_the_list_shows_late_has_one_effect(under_setting, open_shop, setting):
    hub = under_setting(setting)
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "after"})
    result = open_shop().push("A-1", *units(hub))
    [found] = orders_at(hub, "A-1")

    assert (result["verdict"], result["order_id"]) == ("applied", str(found["id"]))


SORTS = ["id", "id_desc", "updated", "updated_desc", "random"]


@under(5, "sort.variants", *SORTS)
def test_variants_in_any_order_come_once(under_setting, open_shop, setting):
    comes_once(under_setting(setting, BIG), open_shop(), "listings", setting[1], 50)


@under(5, "sort.parents", *SORTS)
def test_parents_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting, BIG)
    comes_in_the_end(hub, open_shop(), "listings_to_publish")


@under(5, "sort.orders", *SORTS)
def test_orders_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    comes_once(hub, open_shop(), "orders", setting[1])


@under(5, "sort.shipments", "inserted", *SORTS)
def test_shipments_in_any_order_come_once(under_setting, open_shop, setting):
    """Two walks that agree prove the end, in the documented order too."""
    hub = under_setting(setting)
    plant(hub)
    hub.admin("POST", "clock", {"advance_s": 60})
    made = hub.admin("GET", "shipments")
    for number in (2, 17):  # so that the order of change is another than that of making
        hub.admin("POST", "shipments", {"id": made[number]["id"], "carrier": "Another"})
    comes_once(hub, open_shop(), "shipments", setting[1])
    if setting[1] == "inserted":
        assert len(hub.journal("listShipments")) == 10


@under(5, "sort.returns", *SORTS)
def test_returns_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    comes_once(hub, open_shop(), "returns", setting[1])


def comes_once(hub, shop, feed, sort, page_size=10):
    """One pull brings all; more may be needed where each page is drawn anew from a list in no order at all."""
    records = shop.pull(feed, page_size=page_size)
    for _ in range(5 if sort == "random" else 0):
        records += shop.pull(feed, page_size=page_size)

    assert ids(records) == there(hub, feed)


def comes_in_the_end(hub, shop, feed):
    """A queue is worked off pull by pull; nothing is given twice once it was answered."""
    before = there(hub, feed)
    records = []
    for _ in range(10):
        some = shop.work_off(feed, page_size=10)
        records += some
        if not some:
            break

    assert ids(records) == before
    assert there(hub, feed) == []
