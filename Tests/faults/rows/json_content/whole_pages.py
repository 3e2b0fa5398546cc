"""J-13 to J-16: pages that are wrong as a whole."""

from __future__ import annotations

import json
import random

from rig.feeds import cursor, logged
from rig.ground import Ground
from rig.rawhub import Reply
from rig.register import row
from rows.json_content.bench import FEEDS, QUEUES, Bench, good, with_member
from rows.json_content.unsound import BAD_TEXT, NULS, TWICE


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
    for bad in range(101) if ground.scale >= 1 else (0, 1, 2, 50, 98, 99, 100):
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
