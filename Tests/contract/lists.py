"""Lists at the hub with more than one page, and what a pull of each should deliver."""

from __future__ import annotations

from shop import ids, order, units

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
