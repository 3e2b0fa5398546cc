"""Work has a budget, as time has: what a hub can make a host spend, in processor time and in memory, for the bytes it sends."""

from __future__ import annotations

import json
from typing import Any

from rig import host
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, listed
from rig.register import row

UNKNOWN_LENGTH = {"Content-Length": ""}

PULL = """
import gc, resource
def spent(): used = resource.getrusage(resource.RUSAGE_SELF); return used.ru_utime + used.ru_stime
def rss(): return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS"))) * 1024
def vm(): return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmSize"))) * 1024
def pages(c, **spec):
    with c.pull("listings_to_sync", **spec) as pull:
        for page in pull: yield page
"""


def hub_of(ground: Ground, page: bytes, **more: Any) -> RawHub:
    hub = ground.enter_context(RawHub())
    hub.answer = lambda request: Reply(page, **more) if request.page == 1 else listed()
    return hub


def colliding(objects: int) -> bytes:
    """Objects of as many names as are compared one by one, each with an escape, so that each comparison has to undo it."""
    names = ",".join(f'"\\u006eame-{n:03}":0' for n in range(250))
    other = ",".join(f'"\\u006eome-{n:03}":0' for n in range(250))
    # Twins are quick: every second object has other names.
    return ("[" + ",".join(f'{{"id":{n},"sku":"S","x":{{{names if n % 2 else other}}}}}' for n in range(objects)) + "]").encode()


def plain(size: int) -> bytes:
    """A page of the same size that nobody made to cost anything."""
    fields = max(20, size // 9000 // 16)
    record = '{"id":%d,"sku":"S","x":{' + ",".join(f'"\\u006e{n % 10}-{n}":0' for n in range(fields)) + "}}"
    one = len(record) + 6
    return ("[" + ",".join(record % n for n in range(min(9000, size // one))) + "]").encode()


def cpu_of(ground: Ground, page: bytes, channel: str) -> float:
    hub = hub_of(ground, page)
    code = PULL + """
c = client(); began = spent()
for page in pages(c): pass
say(cpu=spent() - began)
"""
    return float(host.finish(host.start(ground, code, host.config(ground, hub, channel=channel, **{"pull.give_up_ms": 2000})))[-1]["cpu"])


@row("J-20", set="core")
def names_that_collide(ground: Ground) -> str:
    """What a page costs follows from its bytes, whatever names it has."""
    page = colliding(150)
    usual = max(0.02, min(cpu_of(ground, plain(len(page)), f"plain-{n}") for n in range(2)))
    cpu = min(cpu_of(ground, page, f"names-{n}") for n in range(2))
    assert cpu < 8 * usual, f"names cost {cpu / usual:.0f} times what bytes do: {cpu:.2f} s for {len(page) // 1000} KB"
    return f"{len(page) // 1000} KB of names with an escape cost {cpu / usual:.1f} times as much as a plain page"


def views_of(ground: Ground) -> "dict[str, Any]":
    """The C views of every record of a page that is made of empty objects."""
    empties = b",".join([b"{}"] * 49_000)
    page = b"[" + b",".join(b'{"id":%d,"sku":"S","image":[%s]}' % (n, empties) for n in range(6)) + b',{"id":99,"sku":"LAST"}]'
    hub = hub_of(ground, page)
    code = PULL + """
from flxchannel._library import lib
c = client()
for page in pages(c):
    before = rss()
    made = [bool(lib.flx_page_listing_variant(page._ptr(), i)) for i in range(len(page))]
    say(records=len(page), made=sum(made), grown=rss() - before, whole=sum(len(page.record_json(i)) for i in range(len(page))))
"""
    settings = host.config(ground, hub, **{"http.body_bytes": 2 << 20})
    return {**host.finish(host.start(ground, code, settings))[-1], "bytes": len(page)}


@row("J-21", set="core")
def views_of_empty_objects(ground: Ground) -> str:
    """The views of a page take at most four times `http.body_bytes`, and the JSON of every record is there all the same."""
    seen = views_of(ground)
    assert seen["records"] == 7 and seen["whole"] > 880_000, seen
    assert seen["grown"] <= (8 << 20) + (2 << 20), f"views took {seen['grown'] >> 20} MB for {seen['bytes'] // 1000} KB of JSON"
    assert 0 < seen["made"] < 7, f"{seen['made']} of 7 records have a view"
    return f"{seen['bytes'] // 1000} KB of empty objects: {seen['grown'] / 1e6:.1f} MB of views, at most 8 MB allowed; JSON of all records there"


def under_a_limit(ground: Ground) -> "tuple[int, list[dict[str, Any]]]":
    """Pages of unknown length in a host that may have only 40 MB more address space than it has."""
    small = b"[" + b",".join(b'{"id":%d,"sku":"%s"}' % (n, b"s" * 1500) for n in range(100)) + b"]"
    large = b"[" + b",".join(b'{"id":%d,"sku":"%s"}' % (n, b"s" * 300_000) for n in range(100)) + b"]"
    hub = ground.enter_context(RawHub())
    hub.answer = lambda request: listed() if request.page > 1 else Reply(
        large if "fat" in request.query.get("skus", "") else small, headers=UNKNOWN_LENGTH, close=True)
    code = PULL + """
c = client(); warm = sum(len(page) for page in pages(c)); gc.collect()
resource.setrlimit(resource.RLIMIT_AS, (vm() + (40 << 20), resource.RLIM_INFINITY))
say(small=sum(len(page) for page in pages(c)))
try: say(large=sum(len(page) for page in pages(c, skus=["fat"])))
except FlxError as error: say(large=error.name, fatal=error.fatal)
say(small=sum(len(page) for page in pages(c)))
"""
    settings = host.config(ground, hub, **{"pull.give_up_ms": 1000, "http.body_bytes": 256 << 20})
    process = host.start(ground, code, settings)
    out, _ = process.communicate(timeout=90)
    return process.returncode, [json.loads(line) for line in out.splitlines() if line.startswith("{")]


@row("J-22", set="core")
def no_memory_for_a_body(ground: Ground) -> str:
    """A body grows in steps; what there is no memory for is an error, and the host goes on."""
    code, said = under_a_limit(ground)
    assert code == 0, f"the host ended with {code} after {said}"
    assert said[0] == {"small": 100} and said[-1] == {"small": 100}, said
    assert said[1]["large"] == "FLX_E_MEMORY", said
    return f"40 MB left, http.body_bytes 256 MB: pages of 150 KB come, one of 30 MB is {said[1]['large']}, and the next page comes"


def values_again(ground: Ground) -> "dict[str, Any]":
    hub = hub_of(ground, b'[{"id":1,"sku":"S","description":"%s"}]' % (b"d" * 3000))
    code = PULL + """
c = client()
for page in pages(c):
    page.get(0, "/description"); before = rss()
    for _ in range(30_000): text = page.get(0, "/description")
    say(grown=rss() - before, length=len(text))
"""
    return host.finish(host.start(ground, code, host.config(ground, hub)))[-1]


@row("J-23", set="core")
def a_value_read_again(ground: Ground) -> str:
    """Reading one value of a record again and again takes no memory."""
    seen = values_again(ground)
    assert seen["length"] == 3000 and seen["grown"] < 4 << 20, f"30,000 reads of 3 KB kept {seen['grown'] >> 20} MB"
    return f"30,000 reads of a value of 3 KB: {seen['grown'] // 1000} KB more"


@row("J-24", set="core")
def a_page_that_takes_longer_than_the_call(ground: Ground) -> str:
    """Reading a page of 25 MB stops at the end of a call and goes on in the next one, with nothing asked for twice."""
    hub = hub_of(ground, plain(25 << 20))
    code = PULL + """
c = client()
with c.pull("listings_to_sync") as pull:
    spans = []; page = None
    while page is None and len(spans) < 100_000:
        began = time.process_time(); page = pull._next(2); spans.append(time.process_time() - began)
    say(calls=len(spans), longest=max(spans), whole=sum(spans), records=len(page or []))
"""
    seen = host.finish(host.start(ground, code, host.config(ground, hub)))[-1]
    asked = sum(request.page == 1 for request in hub.seen)
    assert seen["records"] > 1000 and asked == 1, (seen, asked)
    assert seen["longest"] < seen["whole"] / 4, f"one call of 2 ms took {seen['longest'] * 1000:.0f} of {seen['whole'] * 1000:.0f} ms of processor time"
    return f"25 MB in {seen['calls']} calls of 2 ms: {seen['whole'] * 1000:.0f} ms of processor time, {seen['longest'] * 1000:.0f} in the longest"
