"""Contract section 9, row 6: page sizes, and how pages are counted. The client is right under every setting."""

from __future__ import annotations

import pytest

from lists import FEEDS, delivers_each_once, plant, there
from shop import done, posts, units
from unknowns import under


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


@pytest.mark.parametrize("feed", FEEDS.values())
@under(6, "page.first", "1", "0")
def test_pages_may_be_counted_from_0_if_the_config_says_so(under_setting, open_shop, setting, feed):
    hub = under_setting(setting)
    plant(hub)
    delivers_each_once(hub, open_shop(**{"page.first": setting[1]}), feed)


@under(6, "page.first", "1", "0")
def test_look_up_counts_pages_as_the_hub_does(under_setting, open_shop, setting):
    hub = under_setting(setting)
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "after"})
    result = open_shop(**{"page.first": setting[1]}).push("A-1", *units(hub))

    assert result["verdict"] == "applied"
    assert posts(hub) == 1


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
