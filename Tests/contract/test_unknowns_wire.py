"""Contract section 9, the rows about lists, limits, errors and tokens: the client is right under every setting."""

from __future__ import annotations

import re
import time

import pytest

from shop import done, ids, order, orders_at, posts, units
from unknowns import row, under

FEEDS = {
    "variants": "listings", "parents": "listings_to_publish", "orders": "orders", "shipments": "shipments",
    "returns": "returns",
}
FOREIGN = 502  # the sandbox's other channel


def plant(hub, count=23):
    """Make orders, shipments and returns, so that every list has several pages of ten."""
    goods = units(hub, 5)
    for number in range(count):
        body = order(f"B-{number}", goods[number % len(goods)], orderTotal=24.98)
        body["orderItems"][0]["price"] = 19.99
        hub.ask("POST", "/orders", body)
        hub.admin("POST", "ship", {"order_number": f"B-{number}"})
        hub.admin("POST", "return", {"order_number": f"B-{number}"})


def there(hub, feed):
    """Ids of everything a feed should deliver."""
    if feed == "listings_to_publish":
        return ids(hub.admin("GET", "listings?waiting=publish"))
    if feed == "listings_to_sync":
        return ids(hub.admin("GET", "listings?waiting=sync"))
    own = {one["id"] for one in hub.admin("GET", "orders") if one["channel_id"] != FOREIGN}
    rows = hub.admin("GET", feed)
    if feed in ("shipments", "returns"):
        rows = [one for one in rows if one["orderId"] in own]
    return ids(one for one in rows if one.get("channel_id") != FOREIGN)


def delivers_each_once(hub, shop, feed, page_size=10):
    records = shop.pull(feed, page_size=page_size)

    assert ids(records) == there(hub, feed)


BIG = "variants=230,history=off,exceptions=off"


# Row 5: parameters and order of the order list, and of the others


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


SORTS = ["id", "id_desc", "updated", "updated_desc", "random"]


@under(5, "sort.variants", *SORTS)
def test_variants_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting, BIG)
    delivers_each_once(hub, open_shop(), "listings", 50)


@under(5, "sort.parents", *SORTS)
def test_parents_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting, BIG)
    comes_in_the_end(hub, open_shop(), "listings_to_publish")


@under(5, "sort.orders", *SORTS)
def test_orders_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(), "orders")


@under(5, "sort.shipments", "inserted", *SORTS[:-1])
def test_shipments_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(), "shipments")


@under(5, "sort.returns", *SORTS)
def test_returns_in_any_order_come_once(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(), "returns")


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


# Row 6: page sizes


@pytest.mark.parametrize("feed", FEEDS.values())
@under(6, "page.default", "1", "20", "1000")
def test_default_page_size_does_not_matter(under_setting, open_shop, setting, feed):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(), feed)


@pytest.mark.parametrize("feed", FEEDS.values())
@under(6, "page.cap", "0", "1", "7", "50", "100")
def test_end_is_an_empty_page_whatever_the_cap(under_setting, open_shop, setting, feed):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(), feed, 50)


@pytest.mark.parametrize("feed", FEEDS.values())
@under(6, "page.size", "honoured", "ignored")
def test_page_size_may_be_ignored(under_setting, open_shop, setting, feed):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(), feed)


@under(6, "page.over_cap", "lower", "refuse")
def test_refused_page_size_is_told_and_can_be_lowered(under_setting, library, open_shop, setting):
    hub = under_setting(setting, page__cap="50")
    plant(hub)
    shop = open_shop()
    if setting[1] == "refuse":
        with pytest.raises(library.RefusedError):
            shop.pull("orders")
    else:
        delivers_each_once(hub, shop, "orders", 100)
    delivers_each_once(hub, open_shop("lower", **{"page.size": 50}), "shipments", 50)


@under(6, "page.parameter", "honoured", "ignored")
def test_list_that_does_not_turn_pages_is_noticed(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    shop = open_shop()
    if setting[1] == "honoured":
        delivers_each_once(hub, shop, "orders")
        return
    for feed in ("orders", "shipments", "returns", "listings"):
        with pytest.raises(library.PagingError):
            shop.pull(feed, page_size=5)
    assert not any(cursor.get("at") for cursor in shop.client.cursors())
    while there(hub, "listings_to_sync"):  # a queue can be worked off all the same, front by front
        with shop.client.pull("listings_to_sync", page_size=5) as pull, pytest.raises(library.PagingError):
            for page in pull:
                shop.client.ack(page.receipt, [done(record) for record in page])
        shop.flush()


@pytest.mark.parametrize("setting", [
    pytest.param((f"page.{what}.{resource}", value), id=f"row06:page.{what}.{resource}={value}")
    for what in ("default", "cap") for resource in FEEDS for value in ("-1", "3")
])
def test_page_size_may_differ_by_resource(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(), FEEDS[setting[0].rpartition(".")[2]])


for _what in ("default", "cap"):
    for _resource in FEEDS:
        under(6, f"page.{_what}.{_resource}", "-1", "3")


# Row 11: bounds of the ...After filters


@under(11, "bounds", "exclusive", "inclusive")
def test_change_in_the_second_of_the_cursor_is_told_once(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    shop = open_shop()
    hub.admin("POST", "clock", {"freeze": True})
    delivers_each_once(hub, shop, "orders")
    hub.admin("POST", "order", {"order_number": "B-3", "status": "On Hold"})
    [record] = shop.pull("orders")

    assert record["orderNumber"] == "B-3"
    assert shop.pull("orders") == []
    hub.admin("POST", "clock", {"freeze": False})


# Row 12: what a refusal for too many requests looks like


def throttled(hub, open_shop):
    """Another program has used the pool up: the first request is refused."""
    hub.set(pool__size=4, pool__refill=2)
    hub.admin("POST", "pool", {"take": 6})
    shop = open_shop(own_pace=True)
    result = shop.push("A-1", *units(hub))
    entries = [entry for entry in hub.journal() if entry["operation"] == "createOrder"]
    refused = [entry for entry in entries if not entry["accepted"]]

    assert result["verdict"] == "applied"
    assert len(orders_at(hub, "A-1")) == 1
    for one, following in zip(entries, entries[1:]):
        assert following["at_us"] - one["at_us"] >= 900_000
    return refused


@under(12, "limit.status", "429", "503")
def test_throttled_order_waits_and_is_applied(under_setting, open_shop, setting):
    throttled(under_setting(setting), open_shop)


@under(12, "limit.body", "empty", "json", "text", "html")
def test_throttled_order_waits_whatever_the_body(under_setting, open_shop, setting):
    throttled(under_setting(setting), open_shop)


@under(12, "limit.retry_after", "none", "seconds", "http_date", "rfc850", "asctime", "negative", "garbage", "two",
       "zero", "fraction")
def test_throttled_order_waits_whatever_the_header(under_setting, open_shop, setting):
    throttled(under_setting(setting), open_shop)


@under(12, "limit.retry_after_s", "1", "4")
def test_retry_after_is_honoured(under_setting, open_shop, setting):
    hub = under_setting(setting, limit__retry_after="seconds")
    throttled(hub, open_shop)
    entries = hub.journal("createOrder")
    if not entries[0]["accepted"]:
        assert entries[1]["at_us"] - entries[0]["at_us"] >= int(setting[1]) * 1_000_000 - 50_000


@under(12, "limit.retry_after", "huge")
def test_absurd_retry_after_does_not_hold_the_host(under_setting, open_shop, setting):
    hub = under_setting(setting, pool__size=4, pool__refill=2)
    hub.admin("POST", "pool", {"take": 6})
    shop = open_shop(own_pace=True)
    shop.submit("A-1", *units(hub))
    started = time.monotonic()
    for _ in range(3):
        shop.client.flush(1000)

    assert time.monotonic() - started < 5
    assert len(orders_at(hub, "A-1")) <= 1


# Row 13: how much the hub grants


def paced(hub, open_shop, refusals):
    """A shop that reads as fast as the library lets it, with its own pace file."""
    plant_unpaced(hub)
    shop = open_shop(own_pace=True)
    started = time.monotonic()
    delivers_each_once(hub, shop, "orders", 3)
    took = time.monotonic() - started
    entries = [entry for entry in hub.journal("listOrders")]

    assert sum(entry["status"] == 429 for entry in entries) <= refusals
    return len(entries), took


def plant_unpaced(hub):
    now = {one["name"]: one["value"] for one in hub.admin("GET", "switches")}
    hub.set(limiter="none")
    plant(hub, 18)
    hub.set(limiter=now["limiter"])


@under(13, "limiter", "bucket", "sliding", "fixed", "strict", "none")
def test_no_limiter_has_to_refuse(under_setting, open_shop, setting):
    paced(under_setting(setting, pool__size="40", pool__refill="2"), open_shop, refusals=0)


@under(13, "pool.size", "1", "4", "40")
def test_pool_of_any_size_is_not_overdrawn(under_setting, open_shop, setting):
    paced(under_setting(setting, pool__refill="2"), open_shop, refusals=0)


@under(13, "pool.refill", "2", "0.7", "20")
def test_pool_of_any_refill_is_not_overdrawn(under_setting, open_shop, setting):
    """A refill of less than the documented 2, and no whole number, is found out by the refusals."""
    paced(under_setting(setting, pool__size="4"), open_shop, refusals=4 if setting[1] == "0.7" else 0)


@under(13, "pool.headers", "truthful", "absent", "lying")
def test_pool_headers_are_used_as_far_as_they_are_true(under_setting, open_shop, setting):
    hub = under_setting(setting, pool__size="40", pool__refill="2")
    if setting[1] == "lying":
        hub.set(pool__size="3")
    count, took = paced(hub, open_shop, refusals=2 if setting[1] == "lying" else 0)
    if setting[1] == "truthful":
        assert took < count / 2  # the burst that the headers announce is used


@under(13, "window.limit", "1", "2", "5")
def test_window_of_any_size_is_kept(under_setting, open_shop, setting):
    hub = under_setting(setting, limiter="sliding")
    paced(hub, open_shop, refusals=3 if setting[1] == "1" else 0)


@under(13, "window.ms", "1000", "500", "2000")
def test_window_of_any_length_is_kept(under_setting, open_shop, setting):
    hub = under_setting(setting, limiter="fixed")
    paced(hub, open_shop, refusals=4 if setting[1] == "2000" else 0)


# Row 14: bodies of errors


BODIES = ["json", "empty", "text", "html"]


@under(14, "errors.bad_request.body", *BODIES)
def test_refused_order_is_told_whatever_the_body(under_setting, library, open_shop, setting):
    hub = under_setting(setting, order__unmatched="refuse")
    shop = open_shop()
    result = shop.push("A-1", {"sku": "NOT-AT-THE-HUB", "id": 999_999_999})

    assert result["verdict"] == "refused"
    assert not re.search(r"[<>\n]", result["message"])
    with pytest.raises(library.RefusedError) as caught:
        shop.client.call("updateOrderTags", id=1, body={"add": ["x"]})
    assert not re.search(r"[<>\n]", caught.value.message)


@under(14, "errors.body", *BODIES)
def test_failing_hub_is_asked_again_whatever_the_body(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    for path in ("/orders", "/listing"):
        hub.admin("POST", "faults", {"do": "status", "status": 500, "path": path, "times": 2})
    shop = open_shop()
    delivers_each_once(hub, shop, "orders")
    delivers_each_once(hub, shop, "listings_to_sync")
    with pytest.raises(library.RefusedError) as caught:
        shop.client.call("getOrderById", id=1)
    assert caught.value.http_status == 404


# Row 15: 401, 403 and sign-in pages


def refuses_then_goes_on(hub, library, open_shop, error, token="unknown-token"):
    """A wrong token stops the work, loses nothing, and a right one lets it go on."""
    shop = open_shop(own_pace=True, token=token)
    shop.submit("A-1", *units(hub))
    with pytest.raises(library.TokenError):
        for _ in range(3):
            shop.client.flush(1000)
    with pytest.raises(error):
        shop.pull("listings_to_sync")
    assert orders_at(hub, "A-1") == []
    assert shop.client.outbox(number="A-1")[0]["state"] == "queued"
    shop.client.set_token(hub.token)
    assert shop.result("A-1")["verdict"] == "applied"
    assert posts(hub) <= 4
    assert ids(shop.pull("listings_to_sync")) == there(hub, "listings_to_sync")


@under(15, "auth.unknown", "401", "403")
def test_unknown_token_stops_the_work_and_loses_nothing(under_setting, library, open_shop, setting):
    refuses_then_goes_on(under_setting(setting), library, open_shop, library.TokenError)


@under(15, "auth.body", "empty", "json", "text", "html")
def test_unknown_token_stops_the_work_whatever_the_body(under_setting, library, open_shop, setting):
    refuses_then_goes_on(under_setting(setting), library, open_shop, library.TokenError)


@under(15, "auth.body", "html_200")
def test_sign_in_page_is_never_taken_for_data(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_pace=True, token="unknown-token")
    shop.submit("A-1", *units(hub))
    for _ in range(2):
        shop.client.flush(1000)
    assert shop.client.results(10) == []
    with pytest.raises(library.ContractError):
        shop.pull("listings_to_sync")
    assert shop.client.probe()["token"] != "accepted"
    shop.client.set_token(hub.token)

    assert shop.result("A-1")["verdict"] == "applied"
    assert len(orders_at(hub, "A-1")) == 1


@under(15, "auth.wrong_kind", "403", "401", "404")
def test_token_of_another_kind_stops_the_work(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_pace=True, token=hub.source_token)
    with pytest.raises(library.RefusedError if setting[1] == "404" else library.TokenError) as caught:
        shop.pull("listings_to_sync")

    assert caught.value.fatal
    assert len(hub.journal("getListingVariants")) <= 3


@under(15, "auth.missing", "401", "403")
def test_token_is_always_sent(under_setting, open_shop, setting):
    hub = under_setting(setting)
    delivers_each_once(hub, open_shop(own_pace=True), "listings_to_sync")

    assert {entry["token"] for entry in hub.journal()} == {"channel"}


@under(15, "auth.foreign_channel", "403", "404")
def test_refused_call_about_another_channel_does_not_stop_this_one(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_pace=True)
    for _ in range(4):
        with pytest.raises((library.TokenError, library.RefusedError)):
            shop.client.call("getChannelById", id=FOREIGN)

    assert shop.push("A-1", *units(hub))["verdict"] == "applied"


# Row 16: arrays


@under(16, "arrays", "both", "repeated")
def test_list_argument_is_understood(under_setting, open_shop, setting):
    hub = under_setting(setting)
    wanted = units(hub, 3)
    shop = open_shop()

    assert ids(shop.pull("listings", skus=[one["sku"] for one in wanted])) == ids(wanted)


@under(16, "arrays", "both", "repeated", "joined")
def test_value_with_a_comma_is_refused_because_it_may_be_parted(under_setting, library, open_shop, setting):
    under_setting(setting)
    with pytest.raises(library.OperationError):
        open_shop().client.pull("listings", skus=["A,B"])


# Row 17: what a channel token may do


@under(17, "channel.denied", "", "listReturns", "updateOrderStatus,getOrderById", "listOrders")
def test_denied_call_is_a_missing_feature_and_orders_go_on(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_pace=True)
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
    shop = open_shop(own_pace=True)
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


# Row 18: rows of other channels


@under(18, "foreign.rows", "", "listings", "orders", "shipments", "returns", "listings,orders,shipments,returns")
def test_rows_of_another_channel_are_left_out(under_setting, open_shop, setting):
    hub = under_setting(setting, "variants=60,history=on,exceptions=off")
    shop = open_shop()
    shop.push("A-1", *units(hub))  # the first order tells the library the hub's id of its channel
    for feed in ("listings", "orders", "returns", "listings_to_sync", "listings_to_publish"):
        assert {record.get("channelId") for record in shop.pull(feed)} <= {501}, feed
    foreign = {one["id"] for one in hub.admin("GET", "orders") if one["channel_id"] == FOREIGN}
    with shop.client.pull("shipments") as pull:
        for page in pull:
            for shipment in page.shipments():  # a shipment bears no channel: it has no number of ours
                assert shipment.order_number is None or int(shipment.order_id) not in foreign


# Row 21: nothing says that a shipment was taken


@under(21, "shipments.synced_flag", "false", "true", "absent")
def test_shipment_comes_once_by_our_own_cursor(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    shop = open_shop()
    delivers_each_once(hub, shop, "shipments")
    shop.later(3600)

    assert shop.pull("shipments") == []


# Rows without a switch


@row(25)
def test_nothing_depends_on_a_webhook(library, row):
    for operation in library.describe("operations"):
        assert "webh" not in operation["path"] and "webh" not in operation["id"].lower()


@row(26)
def test_token_kinds_that_nobody_stated_are_marked(library, row):
    marked = {one["id"] for one in library.describe("operations") if one["tokens_inferred"]}

    assert {"getOrderById", "listShipments", "createReturn", "flagShipmentsWithErrors"} <= marked
