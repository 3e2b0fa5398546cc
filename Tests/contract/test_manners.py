"""Manners of a hub that contract section 9 does not name: paging faults, drift, delivery. The client is right under each."""

from __future__ import annotations

import pytest

from lists import delivers_each_once, plant, there
from shop import done, ids, units
from unknowns import under

BIG = "variants=60,history=off,exceptions=off"


def works_off(hub, shop, feed):
    """Work a queue off pull by pull; whatever its pages lack, each row comes and is answered once."""
    before = there(hub, feed)
    records = []
    for _ in range(20):
        some = shop.work_off(feed, page_size=10)
        records += some
        if not some:
            break

    assert ids(records) == before
    assert there(hub, feed) == []


@pytest.mark.parametrize("feed", ["orders", "shipments", "returns", "listings"])
@under("-", "paging.duplicate", "2", "3")
def test_page_that_comes_twice_is_passed_over_and_proves_nothing(under_setting, open_shop, setting, feed):
    hub = under_setting(setting, BIG)
    plant(hub)
    shop = open_shop()
    given = ids(shop.pull(feed, page_size=10))

    assert len(given) == len(set(given)) > 0
    assert set(given) <= set(there(hub, feed))
    assert not any(cursor.get("at") for cursor in shop.client.cursors())
    hub.set(paging__duplicate=0)
    shop.pull(feed, page_size=10)
    assert any(cursor["feed"] == feed and cursor["at"] for cursor in shop.client.cursors())


@pytest.mark.parametrize("feed", ["orders", "shipments", "returns", "listings"])
@under("-", "paging.empty", "2", "1")
def test_empty_page_before_the_end_does_not_end_a_cursor_feed(under_setting, open_shop, setting, feed):
    hub = under_setting(setting, BIG)
    plant(hub)
    first = int(setting[1]) * 10 - 10
    every = sorted(there(hub, feed), key=int)

    assert sorted(ids(open_shop().pull(feed, page_size=10)), key=int) == every[:first] + every[first + 10:]


@pytest.mark.parametrize("feed", ["listings_to_sync", "listings_to_publish"])
@under("-", "paging.empty", "2", "3")
def test_empty_page_does_not_lose_a_queued_row(under_setting, open_shop, setting, feed):
    works_off(under_setting(setting, BIG), open_shop(), feed)


@pytest.mark.parametrize("feed", ["listings_to_sync", "listings_to_publish"])
@under("-", "paging.short", "1", "2")
def test_short_page_does_not_lose_a_queued_row(under_setting, open_shop, setting, feed):
    works_off(under_setting(setting, BIG), open_shop(), feed)


@pytest.mark.parametrize("feed", ["orders", "shipments", "returns", "listings", "listings_to_sync"])
@under("-", "paging.overlap", "1", "5")
def test_rows_that_two_pages_share_come_once(under_setting, open_shop, setting, feed):
    hub = under_setting(setting, BIG)
    plant(hub)
    delivers_each_once(hub, open_shop(), feed)


@under("-", "paging.drift", "none", "touch", "insert", "delete", "mix")
def test_rows_that_change_while_they_are_read_are_not_skipped(under_setting, open_shop, setting):
    drifts(under_setting(setting, BIG, sort__variants="updated"), open_shop())


@under("-", "paging.drift_rows", "1", "7")
def test_many_rows_that_change_while_they_are_read_are_not_skipped(under_setting, open_shop, setting):
    drifts(under_setting(setting, BIG, paging__drift="touch", sort__variants="updated"), open_shop())


def drifts(hub, shop):
    """Nothing that was there all the time is missing; what came or changed meanwhile comes with the next pull."""
    records = shop.pull("listings", page_size=20)
    hub.set(paging__drift="none")
    shop.later()
    records += shop.pull("listings", page_size=20)
    latest = {str(record["id"]): record["quantity"] for record in records}
    now = {str(one["id"]): one["quantity"] for one in hub.admin("GET", "listings")}

    assert set(now) <= set(latest)
    assert {one: latest[one] for one in now} == now


@under("-", "late.visible_s", "1", "3")
def test_change_that_lists_show_late_is_synced_all_the_same(under_setting, open_shop, setting):
    comes_late(under_setting(setting, BIG), open_shop(), "listings_to_sync")


@under("-", "late.visible_s", "1", "3")
def test_change_that_lists_show_late_is_published_all_the_same(under_setting, open_shop, setting):
    comes_late(under_setting(setting, BIG), open_shop(), "listings_to_publish")


def comes_late(hub, shop, feed):
    """A row changes between its fetch and its answer, and the lists show it as it was for a while."""
    with shop.client.pull(feed) as pull:
        page, *_ = list(pull)
        shop.client.ack(page.receipt, [done(record) for record in page])
    changed = page[0]["id"]
    name = {"parent_id": changed} if feed == "listings_to_publish" else {"id": changed}
    hub.admin("POST", "listings", {**name, "title": "New title", "quantity": 77})
    shop.flush()
    told = []
    for _ in range(3):
        shop.later(2)
        told += [record["title"] for record in shop.work_off(feed) if record["id"] == changed]

    assert told[-1:] == ["New title"]


@under("-", "publish.unique", "refuse", "accept")
def test_published_listings_have_ids_of_their_own(under_setting, library, open_shop, setting):
    hub = under_setting(setting, BIG)
    shop = open_shop()
    with shop.client.pull("listings_to_publish") as pull:
        [page] = list(pull)
    twice = [{**done(record), "externalId": "the same"} for record in page][:2]
    with pytest.raises(library.AnswerError):
        shop.client.ack(page.receipt, twice)
    works_off(hub, shop, "listings_to_publish")


@under("-", "parents.variant_limit", "4000", "100000")
def test_parent_comes_with_all_its_variants(under_setting, open_shop, setting):
    hub = under_setting(setting, "variants=6000,history=off,exceptions=off", page__cap="0")
    records = open_shop().pull("listings_to_publish", page_size=1000)
    parts = {}
    for one in hub.admin("GET", "listings?limit=100000"):
        parts.setdefault(one["parent_id"], set()).add(one["id"])

    assert ids(records) == there(hub, "listings_to_publish")
    assert sum(len(record["variants"]) for record in records) > 4000
    assert all({one["id"] for one in record["variants"]} == parts[record["id"]] for record in records)


@under("-", "image.node", "images", "image", "both")
def test_images_of_a_variant_come_under_either_name(under_setting, open_shop, setting):
    hub = under_setting(setting)
    with open_shop().client.pull("listings") as pull:
        [page] = list(pull)

    assert ids(page) == there(hub, "listings")
    assert all(record.get("images") or record.get("image") for record in page)


@under("-", "date.header", "on", "off", "epoch", "two", "garbage", "rfc850", "asctime")
def test_change_after_the_fetch_is_not_hidden_by_the_answer_whatever_the_date(under_setting, open_shop, setting):
    changes_after_the_fetch(under_setting(setting), open_shop())


@under("-", "date.skew_s", "-3600", "-5")
def test_change_after_the_fetch_is_not_hidden_by_the_answer_whatever_the_clock(under_setting, open_shop, setting):
    """A Date behind the hub's clock costs a second delivery. One ahead of it cannot be noticed from outside."""
    changes_after_the_fetch(under_setting(setting), open_shop())


def changes_after_the_fetch(hub, shop):
    with shop.client.pull("listings_to_sync") as pull:
        page, *_ = list(pull)
        shop.client.ack(page.receipt, [done(record) for record in page])
    hub.admin("POST", "clock", {"advance_s": 30})
    hub.admin("POST", "listings", {"id": page[0]["id"], "quantity": 55})
    hub.admin("POST", "clock", {"advance_s": 30})
    shop.flush()

    assert {record["id"]: record["quantity"] for record in shop.pull("listings_to_sync")}.get(page[0]["id"]) == 55


@under("-", "latency.ms", "0", "50")
def test_slow_hub_is_waited_for(under_setting, open_shop, setting):
    delivers_everything(under_setting(setting, BIG), open_shop())


@under("-", "latency.jitter_ms", "0", "80")
def test_hub_that_is_slow_now_and_then_is_waited_for(under_setting, open_shop, setting):
    delivers_everything(under_setting(setting, BIG), open_shop())


@under("-", "latency.place", "after", "before", "split")
def test_hub_may_be_slow_at_any_place(under_setting, open_shop, setting):
    delivers_everything(under_setting(setting, BIG, latency__ms="50"), open_shop())


@under("-", "framing", "length", "chunked", "gzip", "gzip_chunked", "close")
def test_answer_may_be_framed_in_any_way(under_setting, open_shop, setting):
    delivers_everything(under_setting(setting, BIG), open_shop())


@under("-", "byte_mark", "off", "on")
def test_byte_order_mark_is_no_part_of_an_answer(under_setting, open_shop, setting):
    delivers_everything(under_setting(setting, BIG), open_shop())


def delivers_everything(hub, shop):
    [unit] = units(hub)
    delivers_each_once(hub, shop, "listings", 20)
    delivers_each_once(hub, shop, "listings_to_sync", 20)
    assert shop.push("A-1", unit)["verdict"] == "applied"
