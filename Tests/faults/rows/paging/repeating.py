"""P-02 to P-05: pages that repeat, end early, or share a second."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rig.drifting import DriftingList, Reader
from rig.feeds import cursor, open_shop, walk
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, Request, listed
from rig.register import row
from rows.paging.drifting import CURSOR_FEEDS


def numbered(*ids: int) -> "list[dict[str, Any]]":
    return [{"id": one, "sku": f"S-{one}", "updatedAt": "2026-01-31T11:00:00Z", "version": 0} for one in ids]


@row("P-02", set="core")
def repeated_rows_are_given_once(ground: Ground) -> str:
    plans = {
        "the same row on two pages": [[1, 2, 3], [3, 4, 5], [5, 1, 6]],
        "a page repeated": [[1, 2, 3], [1, 2, 3], [4, 5, 6]],
        "a page repeated later": [[1, 2, 3], [4, 5, 6], [1, 2, 3], [7, 8]],
        "pages out of order": [[7, 8, 9], [1, 2, 3], [4, 5, 6]],
    }
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    shown = 0
    for number, (what, pages) in enumerate(plans.items()):
        hub.answer = lambda request: listed(*numbered(*pages[request.page - 1])) if request.page <= len(pages) else listed()
        want = sorted({one for page in pages for one in page})
        for feed in ("listings_to_sync", *CURSOR_FEEDS, "returns"):
            spec = {} if feed == "listings_to_sync" else {"cursor": f"c{number}"}
            with client.pull(feed, **spec) as pull:
                got = [record["id"] for page in pull for record in page]
            assert sorted(got) == want, f"{what}, {feed}: {got}"
            shown += len(got)
    # A page that only came twice by accident, once: the row it hid is found by the second pass.
    asked: "Counter[int]" = Counter()

    def accident(request: Request) -> Reply:
        asked[request.page] += 1
        page = 1 if request.page == 2 and asked[2] == 1 else request.page
        return listed(*numbered(*range(page * 3 - 2, page * 3 + 1))) if page <= 3 else listed()

    hub.answer = accident
    got = [record["id"] for record in walk(client, "orders", cursor="accident")]
    assert sorted(got) == list(range(1, 10)), got
    assert cursor(client, "orders", "accident") is not None
    # One that hides rows for ever never lets the cursor pass them.
    hub.answer = lambda request: listed(*numbered(*{1: (1, 2), 2: (1, 2), 3: (5, 6)}[request.page])) if request.page < 4 else listed()
    assert len(walk(client, "orders", cursor="hidden")) == 4
    assert cursor(client, "orders", "hidden") is None, "the cursor passed rows that a repeated page hid"
    return f"{len(plans)} ways in 5 feeds: {shown} records, each once; a row hidden by one repeated page came with the next pass, cursor waits while it stays hidden"


@row("P-03", set="core")
def ignored_page_number_is_found_out(ground: Ground) -> str:
    from flxchannel import Client, PagingError

    hub = ground.hub("--seed", "demo", page__parameter="ignored", page__cap=5, pool__size=10_000, pool__refill=1000)
    client: Client = open_shop(ground, hub)
    requests = []
    for feed in ("listings_to_publish", "listings_to_sync", *CURSOR_FEEDS, "returns"):
        before, got = len(hub.journal()), []
        try:
            with client.pull(feed) as pull:
                for page in pull:
                    got += [record["id"] for record in page]
                    if feed not in ("listings_to_publish", "listings_to_sync"):
                        page.commit()
            raise AssertionError(f"{feed}: a hub that does not turn pages was taken for an end")
        except PagingError:
            pass
        assert len(got) == len(set(got)) > 0, f"{feed}: {got}"
        assert cursor(client, feed) is None
        requests.append(len(hub.journal()) - before)
    assert max(requests) <= 4, requests  # one of them may have been on its way when the second came
    return f"6 feeds: FLX_E_PAGING after {max(requests)} requests, each record once, no cursor moved"


@row("P-04", set="core")
def short_and_empty_pages_are_no_end(ground: Ground) -> str:
    seen = []
    large = {"pool__size": 10_000, "pool__refill": 1000}
    hub = ground.hub("--seed", "variants=60,history=off,exceptions=off", page__cap=10, **large)
    client = open_shop(ground, hub)
    want = {one["id"] for one in hub.get("listings?limit=1000")}
    for kind in ("empty", "short"):
        for page in (1, 2, 4):
            hub.post("switches", {"paging.empty": 0, "paging.short": 0, f"paging.{kind}": page})
            got = {record["id"] for record in walk(client, "listings", cursor=f"{kind}-{page}")}
            hidden = set(sorted(want)[page * 10 - (10 if kind == "empty" else 5) : page * 10])
            assert got == want - hidden, f"{kind} {page}: {sorted(want - hidden - got)} were behind it"
            seen.append(len(got))
    # A queue is read again until it is empty, so that one empty page may be its end for now.
    hub.post("switches", {"paging.short": 0, "paging.empty": 2})
    for _ in range(12):
        with client.pull("listings_to_sync") as pull:
            for one in pull:
                client.ack(one.receipt, [{"id": str(record["id"])} for record in one])
        assert client.flush(5000).outcome.name == "DONE"
        if hub.get("totals")["waiting_for_sync"] == 0:
            break
    assert hub.get("totals")["waiting_for_sync"] == 0
    # Two empty pages prove an end; totals in headers, right or wrong, prove nothing.
    raw = ground.enter_context(RawHub())
    client = open_shop(ground, raw, "totals")
    for total in ("1", "0", "-5", "999999", "many"):
        raw.answer = lambda request: Reply(
            listed(*numbered(request.page)).body if request.page in (1, 2, 4) else b"[]", headers={"X-Total-Count": total})
        assert sorted(record["id"] for record in walk(client, "orders", cursor=f"c{total}")) == [1, 2, 4], total
    return f"an empty or half page at 1, 2 and 4: all rows behind it given ({seen}); queue with an empty second page drained to 0; 5 wrong totals ignored"


@row("P-05", set="core")
def rows_of_one_second_all_come(ground: Ground) -> str:
    requests = []
    hub = ground.enter_context(RawHub())
    for inclusive in (False, True):
        for order in ("id", "updated", "unknown"):
            before = len(hub.seen)
            hub_list = DriftingList(1, order, rows=500, inclusive=inclusive)
            for one in hub_list.rows.values():
                one.updated = hub_list.now - 3600
            hub.answer, reader = hub_list.answer, Reader()
            client = open_shop(ground, hub, f"{order}-{inclusive}")
            reader.store(walk(client, "orders"))
            assert not reader.lost(hub_list) and not reader.again
            hub_list.now += 3600
            for one in list(hub_list.rows):
                hub_list.touch(one)  # all in the second at which the next walk begins
            reader.store(walk(client, "orders"))
            for one in list(hub_list.rows)[:250]:
                hub_list.touch(one)  # half of them once more, still in that second or the next
            reader.store(walk(client, "orders"))
            assert not reader.lost(hub_list), f"{order}: {len(reader.lost(hub_list))} of 500 rows with one second were lost"
            assert reader.given == 1250 and reader.again == 0, (reader.given, reader.again)
            requests.append(len(hub.seen) - before)
            client.close()
    return f"500 rows of one second, twice changed at once, 3 orders, bound inclusive and exclusive: 1250 versions each time, each once, at most {max(requests)} requests"
