"""Section J: what may stand in a page. A bad record is set aside with its reason, its neighbours go on, and a page that is not
whole gives nothing."""

from __future__ import annotations

import gzip
import json
import random
import re
import time
from typing import Any

from rig import host
from rig.feeds import cursor, logged, open_shop, walk
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, Request, listed
from rig.register import control, row

from .paging import fleet, refused

FEEDS = ("listings_to_sync", "listings_to_publish", "listings", "orders", "shipments", "returns")
QUEUES = FEEDS[:2]


def good(one: int, **more: Any) -> bytes:
    """A record that every feed can read."""
    return json.dumps({"id": one, "sku": f"SKU-{one}", "updatedAt": "2026-01-31T11:00:00Z", **more}).encode()


def with_member(one: int, member: bytes) -> bytes:
    """The same with one more member as raw JSON."""
    return good(one)[:-1] + b", " + member + b"}"


class Bench:
    """A raw hub and a shop with a pull for each question; cursors are new each time."""

    def __init__(self, ground: Ground, **config: Any) -> None:
        self.hub = ground.enter_context(RawHub())
        self.client = open_shop(ground, self.hub, **config)
        self.asked = 0

    def read(self, feed: str, *records: bytes, commit: bool = True) -> "tuple[list[bytes], list[dict[str, Any]], str | None]":
        """One page of these records: what was given, in its bytes, what was set aside, and the cursor after."""
        self.asked += 1
        name = f"c{self.asked}"
        self.hub.answer = lambda request: listed(*records) if request.page == 1 else listed()
        given: "list[bytes]" = []
        aside: "list[dict[str, Any]]" = []
        with self.client.pull(feed, **({} if feed in QUEUES else {"cursor": name})) as pull:
            for page in pull:
                given += [page.record_json(index) for index in range(len(page))]
                aside += page.quarantine
                if feed not in QUEUES and commit:
                    page.commit()
        return given, aside, None if feed in QUEUES else cursor(self.client, feed, name)

    def are_aside(self, feed: str, *bad: bytes, path: "str | None" = None) -> None:
        """Each record is set aside with a reason, and the good ones between them are given in their very bytes."""
        records = [good(9000)]
        for one, record in enumerate(bad, 9001):
            records += [record, good(one)]
        given, aside, at = self.read(feed, *records)
        places = {one["index"]: one for one in aside}
        for index, record in enumerate(bad):
            one = places.pop(2 * index + 1, None)
            assert one and one["reason"], f"{feed}: not set aside: {record[:120]!r}"
            assert path is None or one["path"] == path, f"{feed}, {record[:80]!r}: {one}"
        assert not places, f"{feed}: good ones were set aside: {places}"
        assert given == records[::2], f"{feed}: {len(given)} records were given, not {len(records[::2])}"
        assert feed in QUEUES or at is not None, f"{feed}: bad records among good ones held the cursor"

    def are_given(self, feed: str, *records: bytes) -> None:
        """Each record is given in its very bytes."""
        given, aside, _ = self.read(feed, good(9000), *records, good(9001))
        assert not aside, f"{feed}: {aside}, {records[aside[0]['index'] - 1][:120]!r}"
        missing = [record[:120] for record in records if record not in given]
        assert given == [good(9000), *records, good(9001)], f"{feed}: not as they stood: {missing}"

    def is_refused(self, feed: str, reply: Reply, event: str = "pull.retry") -> str:
        """An answer that is no page gives nothing, moves nothing and is asked for again; gives what is said of it."""
        self.asked += 1
        name, before = f"c{self.asked}", len(self.hub.seen)
        answers = [reply, listed(good(1))]
        self.hub.answer = lambda request: answers.pop(0) if answers else listed()
        self.client.logs()
        with self.client.pull(feed, **({} if feed in QUEUES else {"cursor": name})) as pull:
            given = [page.records for page in pull]
        assert [[record["id"] for record in one] for one in given] == [[1]], f"{feed}: {given} of an answer that is no page: {reply.body[:60]!r}"
        said = logged(self.client, event)
        assert len(said) == 1 and [request.page for request in self.hub.seen[before : before + 2]] == [1, 1], f"{feed}: it was not asked for again"
        assert feed in QUEUES or cursor(self.client, feed, name) is None
        return str(said[0]["message"])


# --- J-01: a page that stops ------------------------------------------------------------------------------------------------


def cut_at_every_byte(ground: Ground, step: int = 1) -> str:
    """A sound answer of HTTP whose JSON stops at each offset: whole by its length, so that JSON alone can tell."""
    hub = ground.enter_context(RawHub())
    clients = fleet(ground, [hub] * 20)
    text = {"title": "q\"\\ \u00e9 {[,]}", "price": 19.99, "parent": {"id": 9, "sku": "P"}, "options": [{"name": "a", "value": "b"}]}
    page = listed(*[good(one, **text) for one in range(1, 13)]).body
    shown = 0
    for feed in ("listings_to_sync", "orders"):
        for offset in range(ground.seed % step, len(page), step):
            hub.answer = lambda request: Reply(page[:offset] if request.page == 1 else b"[]")
            client = clients[offset % len(clients)]
            with client.pull(feed) as pull:
                while not logged(client, "pull.retry"):
                    one = pull.next(1)
                    assert one is None, f"{feed}: cut at byte {offset} of {len(page)}, {len(one)} records were given and {len(one.quarantine)} set aside"
                    assert not pull.is_done, f"{feed}: cut at byte {offset} of {len(page)} was taken for the end"
            shown += 1
    assert all(cursor(client, "orders") is None for client in clients)
    hub.answer = lambda request: Reply(page if request.page == 1 else b"[]")
    assert len(walk(client, "orders")) == 12
    return f"a page of {len(page)} bytes cut at {shown} offsets in 2 feeds"


@row("J-01", timeout_s=240)
def cut_page_gives_nothing(ground: Ground) -> str:
    said = cut_at_every_byte(ground, step=max(1, round(1 / ground.scale)))
    bench = Bench(ground)
    page = listed(good(1), good(2)).body
    packed = gzip.compress(page)
    ways = {
        "its Content-Length is longer": Reply(page[:-30], length=len(page), close=True),
        "no length, connection closed": Reply(page[:-30], headers={"Content-Length": ""}, close=True),
        "chunks without an end": Reply(b"%x\r\n%s\r\n" % (len(page) - 30, page[:-30]), headers={"Content-Length": "", "Transfer-Encoding": "chunked"}, close=True),
        "gzip stops": Reply(packed[:-12], headers={"Content-Encoding": "gzip"}),
        "gzip of a cut page": Reply(gzip.compress(page[:-30]), headers={"Content-Encoding": "gzip"}),
    }
    for feed in ("listings_to_sync", "shipments"):
        for reply in ways.values():
            bench.is_refused(feed, reply)
    return f"{said}: 0 records given, no cursor moved, each seen as a failure to repeat; {len(ways)} ways to cut the transfer: read again, then whole"


# --- J-02 to J-05: what is no sound JSON ------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    return b'"deep":' + b"[" * depth + b"]" * depth


@row("J-02", set="core")
def deep_records_are_set_aside(ground: Ground) -> str:
    bench = Bench(ground)
    for feed in FEEDS:
        bench.are_given(feed, with_member(2, nested(62)))  # page and record are the first two of 64 levels
        bench.are_aside(
            feed, *[with_member(2, nested(depth)) for depth in (63, 65, 2_049, 1_000_000)],
            with_member(2, b'"deep":' + b'{"a":' * 2_049 + b"1" + b"}" * 2_049))
    bench.is_refused("orders", Reply(b"[" * 1_000_000))
    bench.is_refused("orders", Reply(b"[" * 65 + b"]" * 64))
    return f"{len(FEEDS)} feeds: 64 levels are read, 65, 67, 2,051 and 1,000,002 set aside beside their neighbours; no recursion"


BAD_TEXT = {
    "not UTF-8": b'"x":"\xff"', "cut UTF-8": b'"x":"\xe2\x82"', "overlong slash": b'"x":"\xc0\xaf"', "overlong nul": b'"x":"\xc0\x80"',
    "overlong of three": b'"x":"\xe0\x80\xaf"', "raw surrogate": b'"x":"\xed\xa0\x80"', "beyond Unicode": b'"x":"\xf4\x90\x80\x80"',
    "lone high": rb'"x":"\ud800"', "lone low": rb'"x":"\udc00"', "two high": rb'"x":"\ud800\ud800"', "high then text": rb'"x":"\ud800a"',
    "in a key": b'"\xff":1', "lone in a key": rb'"\ud800":1', "unknown escape": rb'"x":"\x41"', "short escape": rb'"x":"\u12"',
}
NULS = {"raw": b'"x":"a\x00b"', "escaped": rb'"x":"a\u0000b"', "escaped in a key": rb'"a\u0000":1', "raw in a key": b'"a\x00":1', "raw outside": b'"x":\x001'}
TWICE = {
    "same": b'"sku":"SKU-2"', "other": b'"sku":"OTHER"', "id": b'"id":99', "escaped": rb'"\u0069d":99', "escaped both": rb'"\u0069\u0064":2',
    "deep": b'"parent":{"a":1,"b":2,"a":1}', "deep escaped": rb'"parent":{"a":1,"\u0061":1}', "in a list": b'"l":[{"a":1,"a":2}]',
}


def all_aside(bench: Bench, members: "dict[str, bytes]") -> int:
    for feed in FEEDS:
        bench.are_aside(feed, *[with_member(one, member) for one, member in enumerate(members.values(), 2)])
    return len(members)


@row("J-03", set="core")
def bad_text_is_set_aside(ground: Ground) -> str:
    bench = Bench(ground)
    count = all_aside(bench, BAD_TEXT)
    bench.are_given(
        "orders", with_member(2, rb'"x":"\ud83d\ude00"'),
        *[with_member(ord(text), b'"x":"' + text.encode() + b'"') for text in ("\u00e9", "\U0001f600", "\ufffd", "\u2028")])
    return f"{len(FEEDS)} feeds x {count} spellings that are no text: each set aside, neighbours given; good ones kept in their bytes"


@row("J-04", set="core")
def nul_is_set_aside(ground: Ground) -> str:
    bench = Bench(ground)
    return f"{len(FEEDS)} feeds x {all_aside(bench, NULS)} places of a zero character: each set aside, neighbours given"


@row("J-05", set="core")
def twice_named_members_are_set_aside(ground: Ground) -> str:
    bench = Bench(ground)
    return f"{len(FEEDS)} feeds x {all_aside(bench, TWICE)} ways to name a member twice: each set aside, neighbours given"


# --- One page, however it is read ---------------------------------------------------------------------------------------------

TYPED = {
    "listings_to_sync": "variants", "listings_to_publish": "parents", "listings": "variants", "orders": "orders", "shipments": "shipments",
    "returns": "returns"}


def views_of(page: Any) -> "list[str]":
    """The ids in the library's own structs of shipments, of which the typed ones are made."""
    from flxchannel._library import lib
    from flxchannel._views import ShipmentView

    views = [ShipmentView.of(lib.flx_page_shipment(page._ptr(), index)) for index in range(len(page))]
    return [str(view.id.p.decode()) for view in views]


def is_one_page(page: Any, feed: str, what: str, records: "list[bytes]") -> None:
    """Every way to read a page works, and shows these records and no others."""
    ids = [re.findall(rb'"id": (\d+)', record)[0].decode() for record in records]
    ways: "dict[str, tuple[Any, Any]]" = {
        "count": (lambda: len(page), len(records)),
        "record_json": (lambda: [page.record_json(index) for index in range(len(page))], records),
        "json": (lambda: page.json, b"[" + b",".join(records) + b"]"),
        "get": (lambda: [page.get(index, "/id") for index in range(len(page))], ids),
        "records": (lambda: [str(record["id"]) for record in page.records], ids),
        "plain": (lambda: [str(record["id"]) for record in page.plain], ids),
        "typed": (lambda: [record.id for record in getattr(page, TYPED[feed])()], ids),
        "receipt": (lambda: [str(row[0]) for row in json.loads(page.receipt.split(".", 2)[2])["rows"]], ids),
    }
    if feed == "shipments":
        ways["views"] = (lambda: views_of(page), ids)
    wrong = []
    for name, (read, wanted) in ways.items():
        try:
            got = read()
        except Exception as error:  # noqa: BLE001 - whatever it is, this page cannot be read so
            wrong.append(f"{name} raises {type(error).__name__}: {str(error)[:80]}")
        else:
            if got != wanted:
                wrong.append(f"{name} is {str(got)[:160]}, not {str(wanted)[:160]}")
    assert not wrong, f"{feed}, {what}: " + "; ".join(wrong)


def only_page(bench: Bench, feed: str, *records: bytes) -> Any:
    """The page of these records, of a pull that ends with the next one."""
    bench.asked += 1
    bench.hub.answer = lambda request: listed(*records) if request.page == 1 else listed()
    with bench.client.pull(feed, **({} if feed in QUEUES else {"cursor": f"c{bench.asked}"})) as pull:
        [page] = [*pull]
    return page


UNSOUND = {
    "id twice": b'{"id":2,"id":3,"sku":"TWICE"}', "member twice": with_member(2, TWICE["other"]), "zero": with_member(2, NULS["escaped"]),
    "too deep": with_member(2, nested(63)), "no text": with_member(2, BAD_TEXT["lone high"]), "bad syntax": b'{"id":2,"sku":"A" *x*}',
    "no id": b'{"sku":"A"}', "no record": b"5"}


@row("J-02", "J-03", "J-04", "J-05", set="core")
def a_page_is_the_same_however_it_is_read(ground: Ground) -> str:
    """A record that is set aside stands in the quarantine alone: not in the page's JSON, and no neighbour takes its place."""
    bench = Bench(ground)
    neighbours = [good(one) for one in range(10, 16)]
    wrong: "list[str]" = []
    pages = 0
    for feed in FEEDS:
        plans = [(f"{what}, at {place}", {place: bad}) for what, bad in UNSOUND.items() for place in (0, 3, 6)]
        plans.append(("all", dict(enumerate(UNSOUND.values(), 1))))
        plans.append(("none", {}))
        for what, aside in plans:
            records = list(neighbours)
            for place, bad in sorted(aside.items()):
                records.insert(place, bad)
            page = only_page(bench, feed, *records)
            assert sorted(one["index"] for one in page.quarantine) == sorted(aside), f"{feed}, {what}: set aside {page.quarantine}"
            pages += 1
            try:
                is_one_page(page, feed, what, neighbours)
            except AssertionError as error:
                wrong.append(str(error))
    assert not wrong, f"{len(wrong)} of {pages} pages: {wrong[0]} || {wrong[-1]}"
    return f"{len(FEEDS)} feeds, {len(UNSOUND)} kinds of bad records first, amid and last: JSON, records, typed records, views, count and receipt of {pages} pages show the same"


NUMBERS = {
    "huge exponent": b'"weight":1e9999999999999999999', "tiny exponent": b'"weight":1e-99999999999999', "tiny price": b'"price":1e-99999999999999',
    "huge price": b'"price":-1E+99999999999', "zero with exponent": b'"weight":0e9999999999999999999', "unknown member": b'"brandNew":1e9999999999999999999',
    "5,000 digits": b'"brandNew":' + b"7" * 5000, "5,000 digits below zero": b'"brandNew":-' + b"7" * 5000,
    "5,000 places": b'"brandNew":0.' + b"7" * 5000, "100,000 digits": b'"brandNew":' + b"7" * 100_000,
    "deep inside": b'"parent":{"id":7,"options":[{"value":1e9999999999999999999}]}', "beyond a double": b'"weight":1e400', "4,000 digits": b'"brandNew":' + b"7" * 4000}


@row("J-07", "J-11", set="core")
def a_number_that_no_host_holds_is_no_poison(ground: Ground) -> str:
    """Sound JSON all of it: the record is given, and then readable in every way, or set aside with a reason."""
    bench = Bench(ground)
    wrong: "list[str]" = []
    aside: "set[str]" = set()
    for feed in FEEDS:
        for what, member in NUMBERS.items():
            records = [good(10), with_member(2, member), good(11)]
            page = only_page(bench, feed, *records)
            quarantine = page.quarantine
            if quarantine:
                assert [one["index"] for one in quarantine] == [1] and quarantine[0]["reason"], f"{feed}, {what}: {quarantine}"
                del records[1]
                aside.add(what)
            try:
                is_one_page(page, feed, what, records)
            except AssertionError as error:
                wrong.append(str(error))
    assert not wrong, f"{len(wrong)} of {len(FEEDS) * len(NUMBERS)} pages: {' || '.join(wrong[:len(NUMBERS)])}"
    return f"{len(FEEDS)} feeds, {len(NUMBERS)} numbers: neighbours given, set aside with a reason: {', '.join(sorted(aside))}; the others are read in every way"


MOST_MB = 400

READER = """
import resource
c = client()
with c.pull(sys.argv[1]) as pull:
    for page in pull:
        say(given=[str(record["id"]) for record in page.records], plain=len(page.plain), aside=page.quarantine, count=len(page), bytes=len(page.json))
say(peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@row("J-11", timeout_s=200)
def a_list_without_measure_costs_little(ground: Ground) -> str:
    """A child process reads, so that its peak is its own."""
    hub = ground.enter_context(RawHub())
    lists = {"empty objects": b"{}", "empty lists": b"[]", "numbers": b"0", "texts": b'""'}
    peaks: "list[int]" = []
    wrong: "list[str]" = []
    for feed in ("listings_to_publish", "orders"):
        for what, element in lists.items():
            hostile = with_member(2, b'"variants":[' + b",".join([element] * 1_000_000) + b"]")
            hub.answer = lambda request: listed(good(10), hostile, good(11)) if request.page == 1 else listed()
            settings = host.config(ground, hub, state_dir=str(ground.folder / f"{feed}-{len(peaks)}"))
            *pages, end = host.finish(host.start(ground, READER, settings, feed))
            peaks.append(end["peak_mb"])
            [page] = pages
            if [one["index"] for one in page["aside"]] != [1] or not page["aside"][0]["reason"]:
                wrong.append(f"{feed}, 1,000,000 {what}: set aside {str(page['aside'])[:80]}, given {page['given']}")
            elif page["given"] != ["10", "11"] or page["plain"] != page["count"] or page["count"] != 2 or page["bytes"] > 1000:
                wrong.append(f"{feed}, 1,000,000 {what}: {str(page)[:200]}")
            if peaks[-1] > MOST_MB:
                wrong.append(f"{feed}, 1,000,000 {what}: peak {peaks[-1]} MB")
    assert not wrong, f"{len(wrong)} wrong: " + "; ".join(wrong)
    return f"2 feeds, {len(lists)} kinds of lists of 1,000,000: set aside with a reason, neighbours given, peak of the reading process {min(peaks)} to {max(peaks)} MB of {MOST_MB}"


# --- J-06 to J-10: values -----------------------------------------------------------------------------------------------------


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


# --- J-11, J-12: too much, and around ----------------------------------------------------------------------------------------


@row("J-11", timeout_s=200)
def too_much_is_capped(ground: Ground) -> str:
    def resident() -> int:
        return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))

    bench = Bench(ground, **{"http.body_bytes": str(64 << 20)})
    bench.are_given("orders", with_member(2, b'"x":"' + b"a" * (1 << 20) + b'"'))
    bench.are_aside("orders", with_member(2, b'"x":"' + b"a" * ((1 << 20) + 1) + b'"'))
    bench.are_aside("orders", with_member(2, b'"x":"' + b"a" * (20 << 20) + b'"'))
    bench.are_aside("orders", with_member(2, b'"o":{' + b",".join(b'"%x":1' % one for one in range(50_001)) + b"}"))
    bench.are_aside("orders", with_member(2, b'"o":{' + b",".join(b'"%x":1' % one for one in range(1_000_000)) + b"}"))
    bench.are_aside("orders", with_member(2, b'"l":[' + b",".join([b"{}"] * 1_000_001) + b"]"))
    bench.are_aside("orders", with_member(2, b'"n":' + b"1" * ((1 << 20) + 1)))
    said = [
        bench.is_refused("orders", Reply(b"[" + b",".join([b"{}"] * 1_000_000) + b"]")),  # records of a page
        bench.is_refused("orders", Reply(b'[{"id":1,"x":"' + b"a" * (50 << 20) + b'"}]')),  # JSON of a page
        bench.is_refused("listings_to_sync", Reply(b"[" + b",".join([good(1)] * 10_001) + b"]")),
    ]
    small = Bench(ground, state_dir=str(ground.folder / "small"), **{"http.body_bytes": "65536"})
    said.append(small.is_refused("orders", Reply(b'[{"id":1,"x":"' + b"a" * 70_000 + b'"}]')))
    assert all(said), said
    return f"text of 20 MB, 10^6 members, 10^6 empty objects, a number of 1 MB: set aside beside their neighbours; 50 MB, 10^6 records, a body over its cap: nothing of it given, read again; peak {resident() // 1024} MB with the test's own copies"


@row("J-12", set="core")
def what_stands_around_a_page_is_judged(ground: Ground) -> str:
    bench = Bench(ground)
    page = listed(good(1)).body
    for body in (
        page + b"x", page + b"]", page + b",", page + page, page + b" " + page, page + b"\x00", page + b"null", page + b"// end", b"/* a */" + page,
        b"#" + page, page[:-1] + b",]", b"[," + page[1:], b"\xef\xbb" + page, b"\xff\xfe" + page, page.decode().encode("utf-16"), b"\x0b" + page,
        b")]}',\n" + page, page.replace(b'"', b"'"), b"\xef\xbb\xbf\xef\xbb\xbf" + page, b"\xef\xbb\xbf",
    ):
        bench.is_refused("orders", Reply(body))
    bench.are_aside("orders", with_member(2, b'"x":"a\tb"'))
    bench.are_aside("orders", with_member(2, b'"x":"a\r\nb"'))
    bench.are_aside("orders", b'{"id":2,"sku":"A" /* x */}'.replace(b"/* x */", b"*x*"))
    for body in (b"\xef\xbb\xbf" + page, b"\r\n" + page + b"\r\n", page.replace(b",", b" ,\r\n\t"), page + b" \t\r\n" * 1000):
        bench.hub.answer = lambda request: Reply(body if request.page == 1 else b"[]")
        bench.asked += 1
        assert [record["id"] for record in walk(bench.client, "orders", cursor=f"c{bench.asked}")] == [1]
    # 10 MB of white space: read, within the cap of a body.
    bench.hub.answer = lambda request: Reply(b" " * (10 << 20) + page if request.page == 1 else b"[]")
    assert [record["id"] for record in walk(bench.client, "orders", cursor="white")] == [1]
    small = Bench(ground, state_dir=str(ground.folder / "small"), **{"http.body_bytes": "1000000"})
    small.is_refused("orders", Reply(b" " * (10 << 20) + page))
    return "20 kinds of junk around a page: nothing of it given, read again; BOM, CRLF and 10 MB of white space skipped, over the body's cap refused; tabs in text set aside"


# --- J-13 to J-16: pages that are wrong as a whole ------------------------------------------------------------------------------


@row("J-13", timeout_s=200)
def page_of_another_shape_is_a_changed_contract(ground: Ground) -> str:
    from flxchannel import ContractError

    bench = Bench(ground)
    shapes = {
        "object with data": b'{"data":[%s]}' % good(1, name="Ada Example"), "data null": b'{"data":null}', "null": b"null", "text": b'"ok"', "number": b"5", "true": b"true",
        "one record": good(1), "empty object": b"{}", "error": b'{"error":"down"}', "nothing": b"", "HTML": b"<!doctype html><title>Sign in</title>",
    }
    for feed in ("listings_to_sync", "orders"):
        for body in shapes.values():
            bench.is_refused(feed, Reply(body))
    given, aside, at = bench.read("orders", b"[" + good(1) + b"]", good(2))  # a list where a record should be
    assert given == [good(2)] and len(aside) == 1
    # For ever: after five tries the pull says that the contract changed, and moves nothing.
    bench.hub.answer = lambda request: Reply(shapes["object with data"])
    before = len(bench.hub.seen)
    try:
        with bench.client.pull("orders", cursor="shape") as pull:
            for page in pull:
                raise AssertionError("an object was taken for a page")
        raise AssertionError("an object was taken for the end")
    except ContractError as error:
        told = str(error)
    tries = len(bench.hub.seen) - before
    assert tries == 5, tries
    assert "Ada" not in told and "Ada" not in json.dumps(bench.client.logs()), "a buyer stands in the report"
    assert cursor(bench.client, "orders", "shape") is None
    return f"{len(shapes)} shapes in 2 feeds: nothing given, read again; for ever: FLX_E_CONTRACT after {tries} tries ({told[:60]})"


@row("J-14", set="core")
def page_of_bad_records_only_leaves_the_cursor(ground: Ground) -> str:
    bench = Bench(ground)
    kinds = {"unsound": [with_member(one, rb'"x":"\ud800"') for one in range(1, 101)], "no id": [b'{"sku":"A%d"}' % one for one in range(1, 101)]}
    kinds["both"] = kinds["unsound"][:50] + kinds["no id"][50:]
    for feed in FEEDS:
        for what, records in kinds.items():
            before = len(bench.hub.seen)
            bench.client.logs()
            given, aside, at = bench.read(feed, *records)
            assert given == [] and len(aside) == 100 and at is None, f"{feed}, {what}: {len(given)} given, {len(aside)} aside, cursor {at}"
            assert len(bench.hub.seen) - before <= 6, f"{feed}: {len(bench.hub.seen) - before} requests for one bad page"
            if feed not in QUEUES:
                assert [one["level"] for one in logged(bench.client, "pull.unreadable")][:1] == ["error"], "no alarm"
    # For every k, 100 - k are given, k set aside with their reasons.
    choose = random.Random(ground.seed)
    for bad in range(0, 101) if ground.scale >= 1 else (0, 1, 2, 50, 98, 99, 100):
        which = set(choose.sample(range(100), bad))
        members = [*BAD_TEXT.values(), *NULS.values(), *TWICE.values()]
        records = [with_member(one + 1, choose.choice(members)) if one in which else good(one + 1) for one in range(100)]
        for feed in ("listings_to_sync", "orders"):
            given, aside, at = bench.read(feed, *records)
            assert given == [record for one, record in enumerate(records) if one not in which], f"{bad} bad of 100: {len(given)} given"
            assert sorted(one["index"] for one in aside) == sorted(which) and all(one["reason"] for one in aside)
            assert feed in QUEUES or (at is None) == (bad == 100), f"{bad} bad of 100: cursor {at}"
    return f"{len(FEEDS)} feeds x {len(kinds)} pages of 100 bad records: reported, cursor unmoved, alarm, no more requests than for a good one; k bad of 100 for every k: 100 - k given, k aside with reasons"


@row("J-15", set="core")
def poison_is_counted_once(ground: Ground) -> str:
    bench = Bench(ground)
    named, nameless = with_member(7, rb'"x":"\ud800"'), b'{"sku":"no id","buyer":"Ada Example"}'
    rounds = 5
    for one in range(rounds):
        given, aside, at = bench.read("orders", *[good(10 + spare) for spare in range(one)], named, good(1), nameless)
        assert len(given) == one + 1 and len(aside) == 2 and at is not None
    stats = bench.client.stats()
    rows = {row["id"]: row for row in stats["quarantine"]}
    assert stats["quarantined"] == len(rows) == 2, stats["quarantine"]
    assert rows["7"]["times"] == rounds and rows["7"]["feed"] == "orders" and rows["7"]["reason"]
    [other] = [row for name, row in rows.items() if name != "7"]
    assert other["times"] == rounds, "the same nameless record at another place is another one"
    assert "Ada" not in json.dumps(stats) and "Ada" not in json.dumps(bench.client.logs()), "buyer data in the report"
    assert rows["7"]["first_at"] <= rows["7"]["last_at"]
    # The first read of this page is of both passes of a long list, too: still the same two.
    assert bench.client.stats()["quarantined"] == 2
    # Beyond its capacity the oldest give way.
    many = 500 * ground.times(21, 2)
    for start in range(0, many, 500):
        bench.read("listings_to_sync", good(1), *[b'{"id":%d}' % (1000 + start + one) for one in range(500)])
    quarantined = bench.client.stats()["quarantined"]
    assert quarantined == min(10_000, many + 2), quarantined
    return f"the same two bad records in {rounds} pulls, one without id and at changing places: 2 in stats with {rounds} times each, reason and dates, no buyer data; {many} more: {quarantined} kept"


@row("J-16", set="core")
def hostile_error_text_is_made_harmless(ground: Ground) -> str:
    from flxchannel import FlxError

    bench = Bench(ground)
    texts = {
        "terminal": "\x1b[2J\x1b]0;owned\x07red", "bidi": "\u202egnp.exe\u2066", "format": "%s%n%x%p" * 50, "lines": "a\r\nX-Injected: 1\n{\"level\":\"error\"}",
        "long": "A" * (1 << 20), "zero width": "a\u200b\u2028b\u0085c", "nul": "a\x00b",
    }
    longest = 0
    for feed in ("listings_to_sync", "orders"):
        for what, text in texts.items():
            for body in (json.dumps({"error": text}).encode(), json.dumps({"message": text, "errors": [text]}).encode(), text.encode()):
                for status in (400, 422):
                    bench.hub.answer = lambda request: Reply(body, status=status)
                    bench.asked += 1
                    try:
                        with bench.client.pull(feed, **({} if feed in QUEUES else {"cursor": f"c{bench.asked}"})) as pull:
                            pull.next(2000)
                        raise AssertionError(f"{what}: status {status} was no error")
                    except FlxError as error:
                        said = str(error)
                    unsafe = [char for char in said if ord(char) < 32 or ord(char) == 127 or 0x80 <= ord(char) < 0xA0 or char in "\u202e\u2066\u200b\u2028"]
                    assert not unsafe, f"{what}: {unsafe} in the message {said[:100]!r}"
                    longest = max(longest, len(said))
                    for record in bench.client.logs():
                        line = json.dumps(record, ensure_ascii=False)
                        assert len(line) < 4096 and "\n" not in line and "\u202e" not in line and "\x1b" not in line, what
    assert longest < 2000, longest
    return f"{len(texts)} hostile texts in 3 bodies, 2 states, 2 feeds: no control or direction mark left, longest message {longest} characters"


@control("J-01 a cut page is given as far as it goes", timeout_s=400, built="careless-feeds")
def given_prefix_is_seen(ground: Ground) -> str:
    return refused("a cut page", cut_at_every_byte, ground, 7)


@control("J-05 a page that shows one record more")
def a_record_too_many_is_seen(ground: Ground) -> str:
    """Each way to read a page by itself: one that is right must not hide another."""
    bench = Bench(ground)
    records = [good(10), good(11), good(12)]
    page = only_page(bench, "shipments", *records)
    is_one_page(page, "shipments", "as it is", records)
    try:
        is_one_page(page, "shipments", "planted", records[::2])
    except AssertionError as error:
        seen = re.findall(r"(\w+) is .*?, not ", str(error))
        assert len(seen) == 9, f"only {seen} were seen: {error}"
        return f"the checker saw it in {', '.join(seen)}"
    raise AssertionError("a page with a record too many passed")
