"""J-01: a page that stops."""

from __future__ import annotations

import gzip

from rig.feeds import cursor, logged, walk
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, listed
from rig.register import control, row
from rows.json_content.bench import Bench, good
from rows.paging.drifting import fleet
from rows.paging.wrong_libraries import refused


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


@control("J-01 a cut page is given as far as it goes", timeout_s=400, built="careless-feeds")
def given_prefix_is_seen(ground: Ground) -> str:
    return refused("a cut page", cut_at_every_byte, ground, 7)
