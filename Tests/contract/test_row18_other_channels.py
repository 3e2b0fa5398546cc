"""Contract section 9, row 18: rows of other channels. The client is right under every setting."""

from __future__ import annotations

import pytest

from lists import FOREIGN, plant, there
from shop import IMPATIENT, ids, order, orders_at, posts, units
from unknowns import row, under

OWN = 501
OTHER_TOKEN = "sandbox-other-channel-token"
EVERYWHERE = "listings,orders,shipments,returns"
SEED = "variants=60,history=on,exceptions=off"
FEEDS = ["listings", "listings_to_sync", "listings_to_publish", "orders", "returns"]


def asked(hub):
    return len(hub.journal("getChannelById"))


@under(18, "foreign.rows", "", "listings", "orders", "shipments", "returns", EVERYWHERE)
def test_rows_of_another_channel_are_left_out(under_setting, open_shop, setting):
    hub = under_setting(setting, SEED)
    shop = open_shop()
    for number in ("A-1", "A-2"):  # two orders of ours tell the library beyond doubt the hub's id of its channel
        shop.push(number, *units(hub))
    for feed in FEEDS:
        records = shop.pull(feed)
        assert {record["channelId"] for record in records} <= {OWN}, feed
        assert ids(records) == there(hub, feed)
    foreign = {one["id"] for one in hub.admin("GET", "orders") if one["channel_id"] == FOREIGN}
    with shop.client.pull("shipments") as pull:
        for page in pull:
            for shipment in page.shipments():  # a shipment bears no channel: it has no number of ours
                assert shipment.order_number is None or int(shipment.order_id) not in foreign
    assert asked(hub) == 0


@pytest.mark.parametrize("feed", FEEDS)
@under(18, "foreign.rows", "", "listings", "orders", "returns", EVERYWHERE)
def test_rows_of_another_channel_are_left_out_before_the_first_order(under_setting, open_shop, setting, feed):
    hub = under_setting(setting, SEED)
    shop = open_shop()

    assert ids(shop.pull(feed)) == there(hub, feed)
    if setting[1] == "" and feed.startswith("listings"):
        assert asked(hub) == 0
    shop.later()
    hub.admin("POST", "listings", {"sku": units(hub)[0]["sku"], "quantity": 3})
    hub.admin("POST", "order", {"order_number": "OLD-1003", "touch": True})
    shop.later()
    assert {record["channelId"] for record in shop.pull(feed)} <= {OWN}
    assert asked(hub) <= 3


@pytest.mark.parametrize("feed", ["orders", "returns"])
@under(18, "foreign.rows", "orders,returns")
def test_page_of_another_channel_alone_is_not_taken_for_ours(under_setting, open_shop, setting, feed):
    hub = under_setting(setting)
    plant(hub, 3)
    goods = units(hub)[0]
    for number in range(7):
        hub.ask("POST", "/orders", other_order(f"C-{number}", goods), token=OTHER_TOKEN)
        item = {"sku": goods["sku"], "title": "A", "salesPrice": 1, "returnQuantity": 1, "returnReason": "Too small",
                "returnCondition": "New"}
        status, _, text = hub.ask("POST", "/returns", {"orderNumber": f"C-{number}", "items": [item]}, token=OTHER_TOKEN)
        assert status == 200, text
    hub.set(**{f"sort__{feed}": "id_desc"})

    assert ids(open_shop().pull(feed, page_size=2)) == there(hub, feed)


@under(18, "foreign.rows", "listings")
def test_list_of_listings_is_believed_until_it_shows_a_second_channel(under_setting, open_shop, setting):
    """It is of one channel by its documentation; a shop that names its channel believes no hub."""
    hub = under_setting(setting, SEED, sort__variants="id_desc")  # those of the other channel come first
    [one, two, *rest] = open_shop().pull("listings", page_size=2)

    assert one["channelId"] == two["channelId"] == FOREIGN
    assert ids(rest) == there(hub, "listings")
    assert asked(hub) == 2
    named = open_shop("named", **{"hub.channel_id": OWN})
    assert ids(named.pull("listings", page_size=2)) == there(hub, "listings")
    assert asked(hub) == 2


@pytest.mark.parametrize("answer", [{"channel.denied": "getChannelById"}, {"auth.foreign_channel": "200"}],
                         ids=["no to all", "yes to all"])
@under(18, "foreign.rows", EVERYWHERE)
def test_channel_that_cannot_be_told_is_an_error_until_it_is_named(
    under_setting, library, open_shop, setting, answer
):
    hub = under_setting(setting, SEED, **{name.replace(".", "__"): value for name, value in answer.items()})
    shop = open_shop(own_rate_limit=True)
    for feed in ("listings", "listings_to_sync", "listings_to_publish"):
        with pytest.raises(library.ContractError) as caught:
            shop.pull(feed)
        assert caught.value.fatal
    if "auth.foreign_channel" in answer:
        with pytest.raises(library.ContractError):
            shop.pull("orders")
    else:  # an order of ours cannot be there before we pushed one
        assert shop.pull("orders") == []
    assert not any(cursor.get("at") for cursor in shop.client.cursors())
    remedied = open_shop(own_rate_limit=True, **{"hub.channel_id": OWN})  # the same state: what the error says to do
    assert ids(remedied.pull("listings_to_sync")) == there(hub, "listings_to_sync")
    named = open_shop("named", **{"hub.channel_id": OWN})
    for feed in FEEDS:
        assert ids(named.pull(feed)) == there(hub, feed)
    for number in ("A-1", "A-2"):  # two answers that name our channel make it sure
        shop.push(number, *units(hub))
    for feed in FEEDS:
        assert ids(shop.pull(feed)) == there(hub, feed)


@under(18, "foreign.rows", "", "orders")
def test_order_of_our_number_in_another_channel_is_not_ours(under_setting, open_shop, setting):
    hub = under_setting(setting)
    [unit] = units(hub)
    hub.ask("POST", "/orders", other_order("A-1", unit), token=OTHER_TOKEN)
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "before"})  # so that the number is looked up
    shop = open_shop(**IMPATIENT)
    for cursor in ("first", "second"):  # two lists of listings make our channel sure
        shop.pull("listings", cursor=cursor)
    result = shop.push("A-1", unit)
    found = {one["channel_id"]: str(one["id"]) for one in orders_at(hub, "A-1")}

    assert set(found) == {OWN, FOREIGN}
    assert (result["verdict"], result["order_id"]) == ("applied", found[OWN])


@under(18, "channel.id_in", "all", "none", "orders", "listings", "returns")
def test_rows_that_do_not_name_their_channel_are_ours(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub, 3)
    shop = open_shop()
    for feed in FEEDS:
        assert ids(shop.pull(feed)) == there(hub, feed), feed
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "after"})
    assert shop.push("A-1", *units(hub))["verdict"] == "applied"
    assert posts(hub) == 3 + 1
    shop.later()
    for feed in FEEDS:
        assert ids(open_shop("again").pull(feed)) == there(hub, feed), feed


@under(18, "channel.id_in", "all", "none")
def test_token_of_a_channel_made_anew_is_told_by_its_channel(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    hub.admin("POST", "token", {"token": "made-anew", "channel": 777})
    shop = open_shop(own_rate_limit=True, token="made-anew")

    assert shop.client.call("getChannelById", id=777)["body"]["id"] == 777
    with pytest.raises((library.TokenError, library.RefusedError)):
        shop.client.call("getChannelById", id=OWN)
    assert shop.push("A-1", *units(hub))["verdict"] == "applied"
    assert [one["channel_id"] for one in orders_at(hub, "A-1")] == [777]
    assert [one["orderNumber"] for one in shop.pull("orders")] == ["A-1"]


@row(18)
def test_one_reply_that_names_another_channel_is_still_our_order(hub, open_shop, row):
    hub.admin("POST", "faults", {"do": "mutate", "set": {"channelId": "999"}, "operation": "createOrder"})
    shop = open_shop()
    results = [shop.push(number, *units(hub)) for number in ("A-1", "A-2")]

    assert [result["verdict"] for result in results] == ["applied", "applied"]
    assert posts(hub) == 2


def other_order(number, unit):
    body = order(number, unit, orderTotal=24.98)
    body["orderItems"][0]["price"] = 19.99
    return body


@under(18, "foreign.rows", "", EVERYWHERE)
def test_state_of_another_channel_writes_and_reads_nothing(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    for number in ("A-1", "A-2"):  # two answers that name our channel make it sure
        shop.push(number, *units(hub))
    shop.client.close()
    requests = len(hub.journal())
    shop = open_shop(**{"hub.channel_id": FOREIGN})
    shop.submit("A-3", *units(hub))

    with pytest.raises(library.IdentityError):
        shop.client.flush(1000)
    for feed in FEEDS:
        with pytest.raises(library.IdentityError):
            shop.pull(feed)
    assert len(hub.journal()) == requests
    assert shop.client.outbox(number="A-3")[0]["state"] == "queued"
