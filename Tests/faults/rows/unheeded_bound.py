"""P-21: a hub that overlooks the bound of a cursor feed and shows its whole list each time (contract 9, row 5)."""

from __future__ import annotations

import time
from typing import Any

from rig.books import Books, iso
from rig.ground import Ground
from rig.judging import keeper, order, work
from rig.register import row
from rig.trial import shop, together
from rows.whose_order import books


def made(hub: Books, number: str, ago_s: float = 0) -> "dict[str, Any]":
    at = iso(time.time() - ago_s)
    return hub.put(order(number), insertedAt=at, updatedAt=at)


def pulled(client: Any, hub: Books, **spec: Any) -> "tuple[list[str], int]":
    """One pull of the orders feed to its end, all committed: what changed, and the pages that were asked for."""
    before = len(hub.lookups())
    changes: "list[str]" = []
    with client.pull("orders", **spec) as pull:
        for page in pull:
            changes += [f"{one['orderNumber']} {one['orderStatus']}" for one in page.records]
            page.commit()
    return changes, len(hub.lookups()) - before


@row("P-21", set="core", waits=True)
def whole_list_each_time(ground: Ground) -> str:
    def trial(reconcile_h: int) -> "Any":
        def run() -> None:
            hub = books(ground, heeds_since=False)
            for n in range(5):
                made(hub, f"N-{n}", 4000 + n)
            client = keeper(ground, hub, order("A-1"), **{"feeds.reconcile_h": reconcile_h})
            work(client, 20)
            ours = hub.made("A-1")[0].record
            pulled(client, hub)
            for n in range(4):
                ours |= {"orderStatus": ("Canceled", "Open", "Closed", "Open")[n], "updatedAt": iso(time.time() + n)}
                made(hub, f"M-{n}")
                changes, pages = pulled(client, hub)
                want = {f"M-{n} Open", f"A-1 {ours['orderStatus']}"}
                assert want <= set(changes) and pages > 0, f"pull {n} was done with {changes} after {pages} pages; there are {want}"
                assert pulled(client, hub)[1] > 0, "done without a request"
            assert client.cursors()[0]["filter_ignored"]
        return run

    together([("reconciled", trial(24)), ("never reconciled", trial(0))])
    return "four pulls at a hub that overlooks updatedAfter, with feeds.reconcile_h 24 and 0: each gave the new order and our order's change, opened again after Canceled and Closed, and none was done without a page"


@row("P-21", set="usual", waits=True)
def ten_thousand(ground: Ground) -> str:
    hub = books(ground, heeds_since=False)
    for n in range(10_000):
        made(hub, f"N-{n}", 4000 + n / 10)
    client = shop(ground, hub, **{"feeds.reconcile_h": 0})
    requests = [pulled(client, hub, page_size=100)[1] for _ in range(4)]
    assert requests[-1] <= 110, f"pages asked for by pulls of 10,000 orders that stand still: {requests}"
    hub.orders[7].record |= {"orderStatus": "Closed", "updatedAt": iso(time.time())}
    changes, _ = pulled(client, hub, page_size=100)
    assert changes == ["N-7 Closed"], changes

    # A host that closes each pull after thirty pages comes round.
    for n in range(0, 10_000, 50):
        hub.orders[n].record |= {"orderStatus": "On Hold", "updatedAt": iso(time.time())}
    seen: "set[str]" = set()
    rounds = 0
    while len(seen) < 200:
        rounds += 1
        assert rounds < 12, f"{len(seen)} of 200 changes after {rounds} pulls that were closed early"
        with client.pull("orders", page_size=100) as pull:
            for _ in range(30):
                if (page := pull.next(5000)) is None:
                    break
                seen |= {one["orderNumber"] for one in page.records}
                page.commit()
    return f"10,000 orders at a hub that overlooks updatedAfter: {requests} pages a pull; a change seen by the next; 200 changes by {rounds} pulls that were closed after 30 pages"
