"""P-06, P-07: what changes while it is fetched or answered stays pending."""

from __future__ import annotations

import calendar
import dataclasses
import json
import time
from collections import defaultdict
from typing import Any

from rig.drifting import DriftingList, Reader, iso
from rig.feeds import open_shop, walk
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, Request, listed
from rig.register import row
from rows.paging.drifting import CURSOR_FEEDS


class SyncQueue:
    """A queue of variants as the hub keeps it: waits while its content changed after the instant of the answer."""

    def __init__(self, rows: int, now: float) -> None:
        self.changed = dict.fromkeys(range(1, rows + 1), now - 3600.0)
        self.synced = dict.fromkeys(self.changed, 0.0)
        self.told: "dict[int, list[str]]" = defaultdict(list)
        """Every instant that an answer named for a row, whether it was taken or not."""
        self.during: "Any" = lambda: None
        """What happens while the hub works at a page it has read already."""
        self.on_answer: "Any" = lambda rows, act: (act(), listed())[1]

    def waiting(self) -> "list[int]":
        return [one for one, at in self.changed.items() if int(at) > int(self.synced[one])]

    def answer(self, request: Request) -> Reply:
        if request.method == "PATCH":
            rows = json.loads(request.body)
            for one in rows:
                self.told[one["listingVariantId"]].append(one["syncedAt"])
            return self.on_answer(rows, lambda: self.take(rows))
        waiting = self.waiting()[(request.page - 1) * request.size : request.page * request.size]
        page = [{"id": one, "sku": f"S-{one}", "dynamicContentUpdatedAt": iso(self.changed[one])} for one in waiting]
        if page:
            self.during()
        return listed(*page)

    def take(self, rows: "list[dict[str, Any]]") -> None:
        for one in rows:
            at = time.strptime(one["syncedAt"], "%Y-%m-%dT%H:%M:%SZ")
            self.synced[one["listingVariantId"]] = float(calendar.timegm(at))


def answer_all(client: Any) -> "list[str]":
    ids: "list[str]" = []
    with client.pull("listings_to_sync") as pull:
        for page in pull:
            ids += [str(record["id"]) for record in page]
            client.ack(page.receipt, [{"id": str(record["id"])} for record in page])
    return ids


def change_during_the_fetch(ground: Ground) -> str:
    """Rows change while the hub works at the page, in the same second or some seconds later; none may be taken for synced."""
    checked = 0
    hub = ground.enter_context(RawHub())
    for wait in (0.0, 2.2):
        queue = SyncQueue(20, time.time())

        def during() -> None:
            time.sleep(wait / 2)
            for one in range(1, 11):
                queue.changed[one] = time.time()
            time.sleep(wait / 2)

        hub.answer, queue.during = queue.answer, during
        # What a hub may show late would be kept pending anyway, and hide which instant was taken.
        client = open_shop(ground, hub, f"during-{wait}", **{"feeds.late_s": 0})
        ids = answer_all(client)
        assert len(ids) == 20
        assert client.flush(5000).answers_sent == 20
        assert queue.waiting() == list(range(1, 11)), f"{10 - len(queue.waiting())} of 10 changes were taken for synced"
        queue.during = lambda: None
        time.sleep(2.1)  # what changed in the second of the fetch is held until that second is over
        assert answer_all(client) == [str(one) for one in range(1, 11)], "a changed row did not come again"
        client.flush(5000)
        assert queue.waiting() == []
        client.close()
        checked += 10
    return f"{checked} rows changed while the hub worked at their page, at once or 1 s into a 2 s answer"


@row("P-06", "P-07", timeout_s=60)
def change_in_the_second_of_the_fetch_comes_again(ground: Ground) -> str:
    return change_during_the_fetch(ground) + ": all stayed pending and came again"


@row("P-06", set="core")
def change_in_the_second_of_the_walk_comes_again(ground: Ground) -> str:
    """Cursor feeds: other content under the same second, after the walk that gave it."""
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    for feed in CURSOR_FEEDS:
        hub_list, reader = DriftingList(3, "id", rows=30), Reader()
        hub.answer = hub_list.answer
        for one in hub_list.rows.values():
            one.updated = hub_list.now
        reader.store(walk(client, feed))
        for one in hub_list.rows.values():
            one.version += 1  # updatedAt has seconds only: it stays as it was
        reader.store(walk(client, feed))
        assert not reader.lost(hub_list) and reader.given == 60, (feed, reader.given)
        reader.store(walk(client, feed))
        assert reader.given == 60, "a version came twice"
    return "3 feeds: 30 rows changed again under the same second, all 30 given again, once"


def change_before_the_answer(ground: Ground) -> str:
    """The hub's clock is five seconds behind the host's."""
    hub = ground.enter_context(RawHub())
    behind_s = 5.0
    queue = SyncQueue(40, time.time() - behind_s)
    hub.answer = lambda request: dataclasses.replace(queue.answer(request), at=time.time() - behind_s)
    client = open_shop(ground, hub, **{"feeds.late_s": 0})  # as above
    with client.pull("listings_to_sync") as pull:
        pages = list(pull)
    time.sleep(1.1)
    for one in range(1, 21):
        queue.changed[one] = time.time() - behind_s  # between the fetch and the answer
    for page in pages:
        client.ack(page.receipt, [{"id": str(record["id"])} for record in page])
    client.flush(5000)
    assert queue.waiting() == list(range(1, 21)), f"{20 - len(queue.waiting())} of 20 changes were taken for synced"
    return "20 of 40 rows changed between fetch and answer"


@row("P-07", set="core")
def change_before_the_answer_stays_pending(ground: Ground) -> str:
    said = change_before_the_answer(ground)
    # The same for pages, whose answer carries no instant: what changed is read again after the answer (decision 16).
    hub = ground.hub("--seed", "tiny", pool__size=10_000, pool__refill=1000)
    client = open_shop(ground, hub, "publish")
    with client.pull("listings_to_publish") as pull:
        pages = list(pull)
    parents = [record for page in pages for record in page]
    hub.post("clock", {"advance_s": 5})
    changed = parents[0]["sku"]
    hub.post("listings", {"parent_sku": changed, "title": "Another title"})
    for page in pages:
        client.ack(page.receipt, [{
            "id": str(parent["id"]), "externalId": f"P{parent['id']}",
            "variants": [{"id": str(v["id"]), "externalId": f"V{v['id']}"} for v in parent["variants"]],
        } for parent in page])
    assert client.flush(5000).outcome.name == "DONE"
    time.sleep(6)  # what an answer hid is read again when the hub has had its time to show it
    with client.pull("listings_to_publish") as pull:
        again = [(record["sku"], record["title"]) for page in pull for record in page]
    assert again == [(changed, "Another title")], again
    return f"{said}: all 20 stayed pending; a parent changed before its answer came again with its new title ({len(parents)} answered)"
