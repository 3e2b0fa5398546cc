"""Section J: a hub whose pages a row writes byte for byte."""

from __future__ import annotations

import json
from typing import Any

from rig.feeds import cursor, logged, open_shop
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, listed

FEEDS = ("listings_to_sync", "listings_to_publish", "listings", "orders", "shipments", "returns")
QUEUES = FEEDS[:2]


def good(one: int, **more: Any) -> bytes:
    """A record that every feed can read."""
    return json.dumps({"id": one, "sku": f"SKU-{one}", "updatedAt": "2026-01-31T11:00:00Z", **more}).encode()


def with_member(one: int, member: bytes) -> bytes:
    """The same with one more member as raw JSON."""
    return good(one)[:-1] + b", " + member + b"}"


class Bench:
    """A raw hub and a shop with a pull for each question; cursors are new each time."""

    def __init__(self, ground: Ground, **config: Any) -> None:
        self.hub = ground.enter_context(RawHub())
        self.client = open_shop(ground, self.hub, **config)
        self.asked = 0

    def read(self, feed: str, *records: bytes, commit: bool = True) -> "tuple[list[bytes], list[dict[str, Any]], str | None]":
        """One page of these records: what was given, in its bytes, what was set aside, and the cursor after."""
        self.asked += 1
        name = f"c{self.asked}"
        self.hub.answer = lambda request: listed(*records) if request.page == 1 else listed()
        given: "list[bytes]" = []
        aside: "list[dict[str, Any]]" = []
        with self.client.pull(feed, **({} if feed in QUEUES else {"cursor": name})) as pull:
            for page in pull:
                given += [page.record_json(index) for index in range(len(page))]
                aside += page.quarantine
                if feed not in QUEUES and commit:
                    page.commit()
        return given, aside, None if feed in QUEUES else cursor(self.client, feed, name)

    def are_aside(self, feed: str, *bad: bytes, path: "str | None" = None) -> None:
        """Each record is set aside with a reason, and the good ones between them are given in their very bytes."""
        records = [good(9000)]
        for one, record in enumerate(bad, 9001):
            records += [record, good(one)]
        given, aside, at = self.read(feed, *records)
        places = {one["index"]: one for one in aside}
        for index, record in enumerate(bad):
            one = places.pop(2 * index + 1, None)
            assert one and one["reason"], f"{feed}: not set aside: {record[:120]!r}"
            assert path is None or one["path"] == path, f"{feed}, {record[:80]!r}: {one}"
        assert not places, f"{feed}: good ones were set aside: {places}"
        assert given == records[::2], f"{feed}: {len(given)} records were given, not {len(records[::2])}"
        assert feed in QUEUES or at is not None, f"{feed}: bad records among good ones held the cursor"

    def are_given(self, feed: str, *records: bytes) -> None:
        """Each record is given in its very bytes."""
        given, aside, _ = self.read(feed, good(9000), *records, good(9001))
        assert not aside, f"{feed}: {aside}, {records[aside[0]['index'] - 1][:120]!r}"
        missing = [record[:120] for record in records if record not in given]
        assert given == [good(9000), *records, good(9001)], f"{feed}: not as they stood: {missing}"

    def is_refused(self, feed: str, reply: Reply, event: str = "pull.retry") -> str:
        """An answer that is no page gives nothing, moves nothing and is asked for again; gives what is said of it."""
        self.asked += 1
        name, before = f"c{self.asked}", len(self.hub.seen)
        answers = [reply, listed(good(1))]
        self.hub.answer = lambda request: answers.pop(0) if answers else listed()
        self.client.logs()
        with self.client.pull(feed, **({} if feed in QUEUES else {"cursor": name})) as pull:
            given = [page.records for page in pull]
        assert [[record["id"] for record in one] for one in given] == [[1]], f"{feed}: {given} of an answer that is no page: {reply.body[:60]!r}"
        said = logged(self.client, event)
        assert len(said) == 1 and [request.page for request in self.hub.seen[before : before + 2]] == [1, 1], f"{feed}: it was not asked for again"
        assert feed in QUEUES or cursor(self.client, feed, name) is None
        return str(said[0]["message"])
