"""J-02 to J-05: what is no sound JSON."""

from __future__ import annotations

from rig.ground import Ground
from rig.rawhub import Reply
from rig.register import row
from rows.json_content.bench import FEEDS, Bench, with_member


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
