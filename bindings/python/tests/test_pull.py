"""Walks over feeds: pages, records, receipts, commits."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

import flxchannel
from flxchannel import Feed, NotFoundError, _json
from orders import flush_until_quiet, order
from sandbox import Sandbox


def test_iterating_ends_at_the_proven_end(client, sandbox):
    with client.pull("listings_to_sync") as pull:
        ids = [record["id"] for page in pull for record in page]

        assert pull.is_done
    assert len(ids) == len(set(ids)) > 0


def test_feed_is_named_or_numbered(client):
    with client.pull(Feed.LISTINGS_TO_PUBLISH) as pull:
        assert next(iter(pull)).feed is Feed.LISTINGS_TO_PUBLISH


def test_small_pages_bring_every_record_once(client):
    with client.pull("listings") as pull:
        whole = {record["id"] for page in pull for record in page}
    with client.pull("listings", cursor="second", page_size=3) as pull:
        parts = [record["id"] for page in pull for record in page]

    assert sorted(parts) == sorted(whole)


def test_rows_of_another_channel_are_left_out_and_counted(open_client):
    with Sandbox("--seed", "variants=60,history=on", switches={"foreign.rows": "listings"}) as hub:
        client = open_client(origin=hub.url, token=hub.token, **{"hub.channel_id": 501})
        with client.pull("listings") as pull:
            pages = list(pull)

        assert {record["channelId"] for page in pages for record in page} == {501}
        left_out = sum(page.left_out for page in pages)
        assert left_out > 0
        assert client.stats()["left_out"] == left_out


def test_list_of_another_channel_alone_is_no_end(open_client):
    client = open_client(**{"hub.channel_id": 502})

    with client.pull("listings") as pull:
        with pytest.raises(flxchannel.ContractError) as caught:
            list(pull)
    assert "501" in str(caught.value) and "502" in str(caught.value)
    assert not any(cursor.get("at") for cursor in client.cursors())


def test_pages_stops_when_the_time_is_over(client, sandbox):
    sandbox.delay(path="/listing/variants", ms=8000)
    started = time.monotonic()

    with client.pull("listings") as pull:
        assert list(pull.pages(300)) == []
        assert not pull.is_done
        assert time.monotonic() - started < 6

        assert list(pull.pages(20_000))
        assert pull.is_done


def test_next_does_not_wait_when_told_so(client):
    with client.pull("listings") as pull:
        started = time.monotonic()
        assert pull.next(0) is None
        assert time.monotonic() - started < 5
        assert not pull.is_done


@pytest.mark.parametrize("reader", ["orjson", "json"])
def test_plain_records_are_the_records_with_floats(client, monkeypatch, reader):
    if reader == "json":
        monkeypatch.setitem(sys.modules, "orjson", None)
    _json._orjson_loads.cache_clear()
    try:
        with client.pull("listings", includeParent=True) as pull:
            page = pull.next(20_000)
            assert page is not None and len(page) > 0
            assert page.plain == json.loads(page.json)
            assert type(page.plain[0]["price"]) is float and type(page.records[0]["price"]) is Decimal
    finally:
        _json._orjson_loads.cache_clear()


def test_money_is_decimal_and_exact(client):
    with client.pull("listings", includeParent=True) as pull:
        page = next(iter(pull))

    prices = [record["price"] for record in page if isinstance(record.get("price"), Decimal)]
    assert prices
    for index, record in enumerate(page):
        if isinstance(record.get("price"), Decimal):
            assert page.get(index, "/price") == str(record["price"])


def test_page_is_a_sequence_of_records_in_the_hubs_bytes(client):
    with client.pull("listings") as pull:
        page = next(iter(pull))

    assert len(page) == len(list(page)) == len(page.records)
    assert page[0]["sku"] == page.get(0, "/sku")
    assert page.record_json(0) in page.json
    assert page.quarantine == []


def test_absent_value_is_not_found(client):
    with client.pull("listings") as pull:
        page = next(iter(pull))

    with pytest.raises(NotFoundError):
        page.get(0, "/no/such/member")
    with pytest.raises(flxchannel.ArgumentError):
        page.get(10_000, "/sku")
    with pytest.raises(flxchannel.ArgumentError):
        page.get(0, "sku")


def test_page_outlives_pull_and_client(client):
    with client.pull("listings") as pull:
        page = next(iter(pull))
    client.close()

    assert page[0]["sku"]
    page.close()
    page.close()
    with pytest.raises(flxchannel.ClosedError, match="page is closed"):
        _ = page.json


def test_pull_of_a_closed_client_is_refused(client):
    pull = client.pull("listings")
    client.close()

    with pytest.raises(flxchannel.HandleError):
        pull.next(0)
    pull.close()
    with pytest.raises(flxchannel.ClosedError, match="pull is closed"):
        pull.next(0)


def test_second_pull_of_a_queue_feed_is_busy(client, open_client):
    with client.pull("listings_to_sync"):
        with pytest.raises(flxchannel.ClientBusyError):
            open_client(state={"wait_ms": 200}).pull("listings_to_sync")
    open_client().pull("listings_to_sync").close()


def test_queue_page_cannot_be_committed(client):
    with client.pull("listings_to_sync") as pull:
        page = next(iter(pull))
        with pytest.raises(flxchannel.UseError):
            page.commit()


def test_page_of_another_pull_cannot_be_committed(client):
    with client.pull("listings") as first, client.pull("listings", cursor="other") as second:
        page = next(iter(first))
        with pytest.raises(flxchannel.HandleError):
            second.commit(page)


def test_committed_versions_do_not_come_again(client):
    with client.pull("listings") as pull:
        for page in pull:
            page.commit()
            page.commit()
    with client.pull("listings") as pull:
        assert list(pull) == []

    assert [cursor["feed"] for cursor in client.cursors()] == ["listings"]


def test_pages_that_were_not_committed_come_again(client):
    with client.pull("listings") as pull:
        first = [record["id"] for page in pull for record in page]
    with client.pull("listings") as pull:
        assert [record["id"] for page in pull for record in page] == first


def test_cursor_can_be_set_back(client):
    with client.pull("listings") as pull:
        for page in pull:
            page.commit()
    client.set_cursor("listings", "")
    with client.pull("listings") as pull:
        assert list(pull)

    client.set_cursor(Feed.LISTINGS, datetime.now(timezone.utc) + timedelta(days=1), "default")
    with pytest.raises(flxchannel.UseError):
        client.set_cursor("listings_to_sync", "")


def test_variants_are_typed(client):
    with client.pull("listings_to_sync", includeParent=True) as pull:
        variants = [variant for page in pull for variant in page.variants()]

    assert all(isinstance(variant.price, Decimal) for variant in variants if variant.price is not None)
    assert all(variant.updated_at is None or variant.updated_at.tzinfo is not None for variant in variants)
    assert any(variant.parent is not None for variant in variants)
    assert all(variant.record["sku"] == variant.sku for variant in variants)


def test_parents_are_typed(client):
    with client.pull("listings_to_publish") as pull:
        parents = [parent for page in pull for parent in page.parents()]

    assert parents and any(parent.variants for parent in parents)


def test_page_of_an_odd_shop_comes_as_it_is(client, sandbox):
    html = '<p>\u00dcn\u00efc\u00f6de &amp; "quotes" <script>alert(1)</script> \U0001f6b2 \u2028</p>' * 3000
    options = [{"id": 1, "name": "Color", "value": "Red"}, {"id": 2, "name": "Color", "value": "Blue"}]
    odd = {
        "[0].description": html,
        "[0].images": [{"id": n, "url": f"https://i.example/{n} \u00fc.jpg", "sortOrder": 0} for n in range(300)],
        "[0].variants[0].options": options, "[0].variants[0].sku": None, "[0].variants[0].price": None,
        "[0].variants[0].quantity": None, "[0].variants[1].price": 0, "[1].variants": [], "[1].title": None,
    }
    raw = {where: json.dumps(value) for where, value in odd.items()}
    sandbox.post("faults", {"do": "mutate", "operation": "getListingParents", "times": 1, "set": raw})
    with client.pull("listings_to_publish") as pull:
        first, second = next(iter(pull)).parents()[:2]

    assert first.description == html and len(first.images) == 300
    assert [option.value for option in first.variants[0].options] == ["Red", "Blue"]
    assert (first.variants[0].sku, first.variants[0].price, first.variants[0].quantity) == (None, None, None)
    assert first.variants[1].price == Decimal(0)
    assert (second.title, len(second.variants)) == (None, 0)


def test_orders_and_shipments_are_typed(client, sandbox):
    sku = sandbox.some_sku()
    client.submit(order("S-1", orderItems=[{"sku": sku, "quantity": 2, "price": Decimal("19.99")}]))
    flush_until_quiet(client)
    sandbox.ship("S-1", tracking="1Z999", lines=[{"sku": sku, "quantity": 1}])
    sandbox.ship("S-1", tracking="1Z000", suppressed=True)

    with client.pull("orders") as pull:
        [seen] = [seen for page in pull for seen in page.orders()]
    with client.pull("shipments") as pull:
        parcels = {parcel.tracking_number: parcel for page in pull for parcel in page.shipments()}

    assert (seen.order_number, seen.order_total) == ("S-1", Decimal("19.99"))
    assert seen.items[0].quantity == 2 and seen.ordered_at == datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
    assert parcels["1Z999"].kind is flxchannel.ShipmentKind.DELIVERY
    assert parcels["1Z999"].order_number == "S-1"
    assert parcels["1Z000"].kind is flxchannel.ShipmentKind.SUPPRESSED


def test_returns_are_typed(client, sandbox):
    sku = sandbox.some_sku()
    client.submit(order("S-1", orderItems=[{"sku": sku, "quantity": 2, "price": Decimal("19.99")}]))
    flush_until_quiet(client)
    sandbox.post("return", {"order_number": "S-1"})

    with client.pull("returns") as pull:
        [seen] = [entry for page in pull for entry in page.returns()]
        assert pull.is_done

    [line] = seen.items
    assert (line.sku, line.quantity, line.reason) == (sku, 1, "Changed mind")


def test_shipments_of_a_page_of_listings_are_refused(client):
    with client.pull("listings") as pull:
        page = next(iter(pull))

    with pytest.raises(flxchannel.UseError, match="shipments"):
        page.shipments()
