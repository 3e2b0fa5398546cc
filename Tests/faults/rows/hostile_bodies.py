"""X-02: the worst bodies that a hub can send, and what each costs beside a plain one of the same size in the same run.

What comes of each kind of bad record is section J's; here it is that a body ends in a page or an error, and what it costs.
"""

from __future__ import annotations

import json
from typing import Any

from rig import host
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, listed
from rig.register import control, row
from rows.budgets import colliding, plain

MB = 1 << 20
MOST_TIMES = 16.0
"""A MB of a hostile body costs at most so many times what one of a plain page does."""
MOST_GROWTH = 2.5
"""And a MB of a body four times as large at most so many times what one of the small one does."""
MOST_BYTES = 16
"""At its peak the host has at most so many times the body's size more than before, and 48 MB."""


def records(size: int, one: int, value: bytes) -> bytes:
    """A page of records of about `one` bytes, each with this value, cut or repeated."""
    count = max(1, size // one)
    return b"[" + b",".join(b'{"id":%d,"sku":"S","x":%s}' % (n, value) for n in range(1, count + 1)) + b"]"


def text(size: int, piece: bytes, each: int = MB - 64) -> bytes:
    """Records whose text is this piece over and over, as long as a text may be."""
    each = min(each, size - 64)
    return records(size, each, b'"' + piece * (each // len(piece)) + b'"')


def rows_of(size: int, row: bytes, most: int = 9_990) -> bytes:
    """As many bad rows as a page may have, filled up so that the page has its size."""
    filler = b'"f":"' + b"f" * max(0, size // most - len(row) - 20) + b'"'
    return b"[" + b",".join([b"{" + row + b"," + filler + b"}"] * most) + b"]"


def values(size: int, value: bytes, most: int = 900_000) -> bytes:
    """Lists of so many values each."""
    each = min(most, size // (len(value) + 1))
    return records(size, each * (len(value) + 1), b"[" + b",".join([value] * each) + b"]")


def names(size: int, name: Any) -> bytes:
    """Objects of 40,000 members with these names."""
    object_ = b"{" + b",".join(b'"%s":0' % name(n) for n in range(40_000)) + b"}"
    return records(size, len(object_), object_)


def bodies(size: int) -> "dict[str, bytes]":
    deep = b"[" * (size // 2)
    whole = plain(size)
    return {
        "depth": b'[{"id":1,"sku":"S","x":' + deep + b"]" * len(deep) + b"}]", "depth without an end": b'[{"id":1,"x":' + deep * 2, "depth of objects": b'{"a":' * (size // 5),
        "quotes": text(size, b'\\"'), "backslashes": text(size, b"\\\\"), "escaped letters": text(size, b"\\u0041"), "pairs of surrogates": text(size, b"\\ud83d\\ude00"),
        "single surrogates": rows_of(size, b'"id":1,"x":"\\ud800"'), "texts of 1 MB": text(size, b"a"), "a text without an end": b'[{"id":1,"x":"' + b"a" * size, "emoji": text(size, "😀".encode()),
        "not UTF-8": rows_of(size, b'"id":1,"x":"\xff"'), "NUL": text(size, b"\0"), "NUL escaped": text(size, b"\\u0000"), "9,990 rows without an id": rows_of(size, b'"sku":"S"'),
        "9,990 rows with a bad price": rows_of(size, b'"id":1,"sku":"S","price":"1,5"'), "9,990 rows of one id": rows_of(size, b'"id":1,"sku":"S"'), "9,990 rows named twice": rows_of(size, b'"id":1,"id":1'),
        "numbers of 1,000 digits": values(size, b"7" * 1000), "exponents": values(size, b"1e999999999"), "one number": b'[{"id":' + b"7" * size + b"}]",
        "zeros": values(size, b"0"), "empty objects": values(size, b"{}"), "empty texts": values(size, b'""'), "names that differ at their end": names(size, lambda n: b"n" * 50 + b"%d" % n),
        "names twice": names(size, lambda n: b"%d" % (n % 39_999)), "names escaped": names(size, lambda n: b"\\u006e%d" % n), "names with one hash": colliding(max(4, size // 5_600)),
        "blanks": b"\xef\xbb\xbf" + b" \r\n\t" * (size // 4) + b"[]", "commas": b"[" + b"," * size, "a page cut at its end": whole[:-1], "two pages": whole[: len(whole) // 2] + whole,
    }


READER = """
import resource
def spent(): used = resource.getrusage(resource.RUSAGE_SELF); return used.ru_utime + used.ru_stime
def kb(what): return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith(what)))
for kind in json.loads(sys.argv[1]):
    with client(channel="c" + kind, **{"rate_limit.dir": CONFIG["state_dir"]}) as c:
        c.call("getListingVariantsCount", wait_ms=5000)
        with c.pull("listings_to_sync", skus=[kind]) as pull:
            open("/proc/self/clear_refs", "w").write("5")
            before, began, out, page, retried, turns = kb("VmRSS"), spent(), "", None, False, 0
            while page is None and not retried and not pull.is_done and not out and turns < 300:
                turns += 1
                try: page = pull._next(200)
                except FlxError as error: out = error.name
                waste(page)
                retried = any(one["event"] == "pull.retry" for one in c.logs())
            cpu = spent() - began
        say(kind=kind, cpu=cpu, peak_mb=(kb("VmHWM") - before) / 1024, end=out or ("again" if retried else "done" if page is None else f"{len(page)} rows, {len(page.quarantine)} aside"))
"""


def costs(ground: Ground, pages: "dict[str, bytes]", waste: str = "def waste(page): pass") -> "dict[str, dict[str, Any]]":
    """What each page cost a host that reads them one after the other, each through a client of its own."""
    hub = ground.enter_context(RawHub())
    kinds = {f"k{index}": name for index, name in enumerate(pages)}
    hub.answer = lambda request: Reply(pages[kinds[request.query["skus"]]]) if "skus" in request.query and request.page == 1 else listed()
    state = ground.folder / f"state-{len(list(ground.folder.iterdir()))}"
    state.mkdir(mode=0o700)
    settings = host.config(ground, hub, state_dir=str(state), **{"pull.give_up_ms": 5000, "http.body_bytes": 64 * MB})
    del settings["channel"]
    seen = host.finish(host.start(ground, waste + READER, settings, json.dumps([*kinds])), 280)
    assert len(seen) == len(pages), f"{len(seen)} of {len(pages)} bodies were read"
    return {kinds[one["kind"]]: {**one, "mb": len(pages[kinds[one["kind"]]]) / MB} for one in seen}


def table(ground: Ground, size: int, waste: str = "def waste(page): pass") -> "dict[str, dict[str, Any]]":
    """The same with `times`: processor time for a MB, in that of a plain page of this size, the least of three."""
    pages = {"warm": plain(size), "plain": plain(size), **bodies(size), "plain again": plain(size), "plain at last": plain(size)}
    seen = costs(ground, pages, waste)
    usual = max(0.002, min(seen[one]["cpu"] / seen[one]["mb"] for one in ("plain", "plain again", "plain at last")))
    return {name: {**one, "times": one["cpu"] / one["mb"] / usual} for name, one in seen.items()}


def judged_costs(small: "dict[str, dict[str, Any]]", large: "dict[str, dict[str, Any]]") -> None:
    """`large` may be empty; figures below 20 ms are too small to compare with themselves."""
    for name, one in {**small, **{f"{name}, {four['mb']:.0f} MB": four for name, four in large.items()}}.items():
        assert one["times"] < MOST_TIMES, f"{name} costs {one['times']:.0f} times what a plain page does: {one['cpu']:.2f} s for {one['mb']:.1f} MB"
        assert one["peak_mb"] < MOST_BYTES * one["mb"] + 48, f"{name} took {one['peak_mb']:.0f} MB for {one['mb']:.1f} MB"
    for name, four in large.items():
        grown = (four["cpu"] / four["mb"]) / (max(0.02, small[name]["cpu"]) / small[name]["mb"])
        assert grown < MOST_GROWTH, f"a MB of {name} costs {grown:.1f} times as much in {four['mb']:.0f} MB as in {small[name]['mb']:.0f}"


@row("X-02", set="core", timeout_s=300)
def hostile_bodies(ground: Ground) -> str:
    size = ground.times(4 * MB, least=2 * MB)
    small = table(ground, size)
    large = table(ground, 4 * size) if ground.scale >= 1 else {}
    judged_costs(small, large)
    said = ", ".join(f"{name} {one['times']:.1f}" for name, one in sorted((large or small).items(), key=lambda one: -one[1]["times"]) if "plain" not in name and name != "warm")
    most = max(one["peak_mb"] for one in [*small.values(), *large.values()])
    sizes = f"{size // MB} MB" + (f" and {4 * size // MB} MB" if large else "")
    return f"{len(bodies(MB))} bodies of {sizes}: each a page or an error, peak {most:.0f} MB more; processor time of a MB, a plain page's being 1: {said}"


@control("X-02: a host that looks at each row again for each row", set="core", waits=True)
def wasteful_host(ground: Ground) -> str:
    waste = "def waste(page):\n    for _ in range(len(page.quarantine) if page is not None else 0): sum(range(4000))\n"
    seen = table(ground, 2 * MB, waste)
    try:
        judged_costs(seen, {})
    except AssertionError as error:
        assert "rows" in str(error) or "surrogates" in str(error) or "UTF-8" in str(error), error
        return f"seen: {error}"
    raise AssertionError(f"a host that wastes time passed: {seen['9,990 rows of one id']}")
