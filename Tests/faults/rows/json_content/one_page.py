"""J-02 to J-05, J-07, J-11: one page, however it is read."""

from __future__ import annotations

import json
import re
from ctypes import Structure, c_char_p, c_uint32
from typing import Any

from rig import host
from rig.ground import Ground
from rig.rawhub import RawHub, listed
from rig.register import control, row
from rows.json_content.bench import FEEDS, QUEUES, Bench, good, with_member
from rows.json_content.unsound import BAD_TEXT, NULS, TWICE, nested

TYPED = {
    "listings_to_sync": "variants", "listings_to_publish": "parents", "listings": "variants", "orders": "orders", "shipments": "shipments",
    "returns": "returns"}


class ShipmentView(Structure):
    """The beginning of `flx_shipment`: size, has, kind, partial, and where its id stands."""

    _fields_ = [("head", c_uint32 * 4), ("id", c_char_p)]


def views_of(page: Any) -> "list[str]":
    """The ids in the library's own structs of shipments, as C has them."""
    from flxchannel._library import lib

    views = [ShipmentView.from_address(lib.flx_page_shipment(page._ptr(), index)) for index in range(len(page))]
    return [view.id.decode() for view in views]


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
        "facts": (lambda: [one["id"] for one in page.facts], ids),
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
        assert len(seen) == 10, f"only {seen} were seen: {error}"
        return f"the checker saw it in {', '.join(seen)}"
    raise AssertionError("a page with a record too many passed")
