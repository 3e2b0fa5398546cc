"""J-06 to J-10: values."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from rig.ground import Ground
from rig.rawhub import Reply, Request, listed
from rig.register import row
from rows.json_content.bench import FEEDS, QUEUES, Bench, good, with_member


def record_with(name: str, value: "bytes | None", one: int = 2) -> bytes:
    """A record whose member stands as these raw bytes, or not at all."""
    members = {"id": b"%d" % one, "sku": b'"SKU-%d"' % one, "updatedAt": b'"2026-01-31T11:00:00Z"'}
    members = {key: text for key, text in {**members, name: value}.items() if text is not None}
    return b"{" + b",".join(b'"%s":%s' % (key.encode(), text) for key, text in members.items()) + b"}"


@row("J-06", set="core")
def ids_are_exact_or_set_aside(ground: Ground) -> str:
    bench = Bench(ground)
    bad = [
        b"1.0", b"5.0", b"1e3", b"1E3", b"9223372036854775808", b"18446744073709551616", b"-1", b"-0", b"1.5", b"null", None, b"true", b"{}",
        b"[2]", b'""', b'"2.0"', b'"02"', b'" 2"', b'"abc"', b'"9223372036854775808"', b'"-2"', b'"0x2"', b"10" * 40]
    exact = [b"9007199254740993", b"9223372036854775807", b'"2"', b"0", b'"9007199254740991"', b"9007199254740992"]
    for feed in FEEDS:
        bench.are_aside(feed, *[record_with("id", value) for value in bad], path="/id")
        bench.are_given(feed, *[record_with("id", value) for value in exact])
    # Two neighbours that a float cannot tell apart are two, also in the answer.
    told: "list[Any]" = []

    def answer(request: Request) -> Reply:
        if request.method == "PATCH":
            told.extend(json.loads(request.body))
            return listed()
        rows = [record_with("id", value) for value in (b"9007199254740993", b"9007199254740992", b'"9223372036854775807"')]
        return listed(*rows) if request.page == 1 else listed()

    bench.hub.answer = answer
    with bench.client.pull("listings_to_sync") as pull:
        for page in pull:
            bench.client.ack(page.receipt, [{"id": page.get(index, "/id")} for index in range(len(page))])
    bench.client.flush(5000)
    assert sorted(one["listingVariantId"] for one in told) == [9007199254740992, 9007199254740993, 9223372036854775807], told
    return f"{len(FEEDS)} feeds: {len(bad)} spellings set aside at /id, {len(exact)} given exactly; 2^53 and 2^53+1 are answered as two"


@row("J-07", set="core")
def prices_keep_their_digits(ground: Ground) -> str:
    bench = Bench(ground)
    kept = [b"19.99", b"19.990", b"1e2", b"0.1", b'"19.99"', b"-0", b"-5.00", b"null", b"1" * 40, b"0." + b"1" * 39, b"1e400", b'"' + b"9" * 40 + b'"']
    aside = [b'"19,99"', b"NaN", b"Infinity", b"+1", b".5", b"5.", b"01", b"0x10", b"1,5", b'"NaN"', b'"abc"', b'""', b'" 5"', b"true", b"{}", b"[1]", b'"1e"']
    listings = ("listings_to_sync", "listings_to_publish", "listings")
    for feed in listings:
        for name in ("price", "cost", "msrp", "map"):
            bench.are_given(feed, *[record_with(name, value, one) for one, value in enumerate(kept, 2)])
            bench.are_aside(feed, *[record_with(name, value) for value in aside])
    bench.are_aside("listings_to_publish", record_with("variants", b'[{"id":7,"price":"19,99"}]'), path="/variants/0/price")
    numbers = [value for value in kept if value != b"null"]
    bench.hub.answer = lambda request: (
        listed(*[record_with("price", value, one) for one, value in enumerate(numbers, 2)]) if request.page == 1 else listed())
    with bench.client.pull("listings", cursor="digits") as pull:
        texts = [page.get(one, "/price") for page in pull for one in range(len(page))]
    assert texts == [value.strip(b'"').decode() for value in numbers], texts
    # Ten thousand at random, byte for byte.
    choose = random.Random(ground.seed)
    count = ground.times(10_000, 2_000)
    values = [f"{choose.randrange(10 ** choose.randrange(1, 25))}.{choose.randrange(10 ** 12):0{choose.randrange(12, 14)}}".encode() for _ in range(count)]
    for start in range(0, count, 1000):
        records = [record_with("price", value, one) for one, value in enumerate(values[start : start + 1000], 1)]
        given, bad, _ = bench.read("listings", *records)
        assert given == records and not bad
    return f"{len(listings)} feeds x 4 fields: {len(kept)} lexemes kept as written, {len(aside)} set aside by grammar; {count} random decimals byte for byte"


@row("J-08", set="core")
def quantities_are_whole_or_set_aside(ground: Ground) -> str:
    bench = Bench(ground)
    kept = [b"0", b"5", b"-1", b"9223372036854775807", b"null", None]
    aside = [b"1.5", b"5.0", b"1e2", b"100000000000000000000", b'"5"', b"true", b"{}", b"[5]", b'""']
    for feed in ("listings_to_sync", "listings_to_publish", "listings"):
        bench.are_given(feed, *[record_with("quantity", value, one) for one, value in enumerate(kept, 2)])
        bench.are_aside(feed, *[record_with("quantity", value) for value in aside], path="/quantity")
    return f"3 feeds: {len(kept)} kept (a negative one as it stands, absent means unchanged), {len(aside)} set aside"


@row("J-09", set="core")
def unknown_members_pass_and_required_ones_must_be_there(ground: Ground) -> str:
    bench = Bench(ground)
    for feed in FEEDS:
        bench.are_given(feed, *[with_member(one, member) for one, member in enumerate((
            b'"brandNew":{"a":[1,null]}', b'"orderStatus":"Gone Fishing"', b'"shippedStatus":"Halfway"', b'"listingStatus":{"handle":"unheard_of"}',
            b'"changeToListingStatus":{"handle":"unheard_of"}', b'"images":null', b'"images":{}', b'"options":{"a":1}', b'"parent":[]',
            b'"variants":null', b'"items":null', b'"items":{}', b'"orderItems":null', b'"title":null', b'"title":5', b'"shippingAddress":[]',
            b'"changeToListingStatus":[]', b'"tags":null',
        ), 2)])
    for feed in QUEUES:
        bench.are_aside(feed, *[record_with("sku", value) for value in (None, b"null", b"5", b"[]", b"{}")], path="/sku")
    for feed in FEEDS:
        bench.are_aside(feed, b"5", b'"x"', b"null", b"[]", b"true", b"1.5")
        bench.are_given(feed, record_with("updatedAt", None), record_with("updatedAt", b"null", 3))
    # What a C host reads of them: absent, never a crash.
    record = with_member(2, b'"trackingNumber":[],"items":{},"orderId":{},"shippingCost":"19,99","suppressed":"yes"')
    bench.hub.answer = lambda request: listed(record) if request.page == 1 else listed()
    with bench.client.pull("shipments", cursor="views") as pull:
        [shipment] = [one for page in pull for one in page.shipments()]
    assert shipment.id == "2" and shipment.order_number is None
    return f"{len(FEEDS)} feeds: new members, unknown states and wrong shapes of optional members pass in their bytes; id and sku are required"


@row("J-10", set="core")
def dates_are_one_moment_or_set_aside(ground: Ground) -> str:
    bench = Bench(ground)
    bad = [
        "2026-01-31T11:00:00", "2026-01-31", "2026-01-31T11:00Z", "2026-01-31T24:00:00Z", "2026-01-31T23:59:60Z", "2016-12-31T23:59:60Z",
        "2026-02-30T11:00:00Z", "2026-02-29T11:00:00Z", "2026-13-01T11:00:00Z", "2026-00-01T11:00:00Z", "2026-01-00T11:00:00Z",
        "0000-01-31T11:00:00Z", "10000-01-31T11:00:00Z", "+002026-01-31T11:00:00Z", "", " 2026-01-31T11:00:00Z", "2026-01-31T11:00:00Z ",
        "2026-01-31T11:00:00 GMT", "2026-01-31T11:00:00+25:00", "2026-01-31T11:00:00.Z", "Sat, 31 Jan 2026 11:00:00 GMT", "1769857200", "now",
        "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "2026-01-31T11:60:00Z"]
    fine = [
        "2026-01-31T11:00:00Z", "2026-01-31T11:00:00+00:00", "2026-01-31T11:00:00-00:00", "2026-01-31T11:00:00.123Z", "2026-01-31T12:00:00+01:00",
        "2026-01-31T12:00:00+0100", "2024-02-29T11:00:00Z", "2026-01-31T11:00:00.123456789Z"]
    for feed in FEEDS:
        name = {"listings_to_sync": "dynamicContentUpdatedAt", "listings_to_publish": "staticContentUpdatedAt"}.get(feed, "updatedAt")
        values = [json.dumps(text).encode() for text in bad] + [b"1769857200", b"1769857200.5", b"true", b"{}"]
        bench.are_aside(feed, *[record_with(name, value) for value in values], path=f"/{name}")
        bench.are_given(feed, *[record_with(name, json.dumps(text).encode(), one) for one, text in enumerate(fine, 2)])
    # Years 0001 and 9999 are moments. The first does not move the cursor: the newest row does, which is 11:00, and a quarter
    # of an hour of doubt (C-04). The second does not move it beyond the hub's clock.
    for extreme in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        for feed in ("listings", "orders", "shipments"):
            started = time.time()
            _, aside, at = bench.read(feed, record_with("updatedAt", json.dumps(extreme).encode()), good(3))
            moved = time.mktime(time.strptime(at, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
            is_right = at == "2026-01-31T11:15:00Z" if extreme < "2026" else started - 15 * 60 - 5 < moved <= started + 1
            assert not aside and is_right, (feed, extreme, at)
    return f"{len(FEEDS)} feeds: {len(bad) + 4} dates that are not one moment set aside, {len(fine)} read; years 0001 and 9999 do not move the cursor"
