"""J-11, J-12: too much, and what stands around a page."""

from __future__ import annotations

from rig.feeds import walk
from rig.ground import Ground
from rig.rawhub import Reply, listed
from rig.register import row
from rows.json_content.bench import Bench, good, with_member


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
