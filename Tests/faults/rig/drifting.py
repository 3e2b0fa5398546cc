"""A list at the hub that changes while it is read, in any order of its rows, and what a reader of it has lost."""

from __future__ import annotations

import hashlib
import random
import time
from dataclasses import dataclass
from typing import Any

from .rawhub import Reply, Request, listed

ORDERS = ("id", "id_desc", "updated", "updated_desc", "unknown", "random")
"""unknown is settled but follows nothing that is seen; random is another one for each request."""


@dataclass
class Row:
    id: int
    updated: float
    version: int = 0
    visible: float = 0.0

    def record(self) -> "dict[str, Any]":
        at = iso(self.updated)
        return {"id": self.id, "sku": f"S-{self.id}", "updatedAt": at, "insertedAt": at, "version": self.version}


class DriftingList:
    """Rows with a clock of their own, which goes on by half a second a request and may be pushed."""

    def __init__(self, seed: int, order: str, rows: int, inclusive: bool = False) -> None:
        self.random = random.Random(seed)
        self.order, self.inclusive = order, inclusive
        self.now = float(int(time.time())) - 20 * 86_400
        self.rows = {one: Row(one, self.now - self.random.randrange(3600, 86_400)) for one in range(1, rows + 1)}
        self.drifts = False
        self.changes = 0

    def answer(self, request: Request) -> Reply:
        self.now += 0.5
        if request.path.endswith("/returns"):
            return Reply(at=self.now)
        rows = [row for row in self.rows.values() if row.visible <= self.now and self._is_since(row, request.since)]
        self._sort(rows)
        start = (request.page - 1) * request.size
        page = [row.record() for row in rows[start : start + request.size]]
        reply = listed(*page, at=self.now)
        if self.drifts and page:
            self.drift()
        return reply

    def drift(self) -> None:
        """One to three rows are touched, made or removed, at half of the pages."""
        for _ in range(self.random.choice((0, 0, 0, 1, 2, 3))):
            self.changes += 1
            what = self.random.choice(("touch", "insert", "delete"))
            if what == "insert" or not self.rows:
                new = max(self.rows, default=0) + 1
                self.rows[new] = Row(new, self.now)
            elif what == "touch":
                self.touch(self.random.choice(list(self.rows)))
            else:
                del self.rows[self.random.choice(list(self.rows))]

    def touch(self, one: int) -> None:
        self.rows[one].updated = self.now
        self.rows[one].version += 1

    def _is_since(self, row: Row, since: "str | None") -> bool:
        at = iso(row.updated)
        return since is None or at > since or (self.inclusive and at == since)

    def _sort(self, rows: "list[Row]") -> None:
        if self.order == "random":
            self.random.shuffle(rows)
        elif self.order == "unknown":
            rows.sort(key=lambda row: hashlib.sha256(str(row.id).encode()).digest())
        else:
            keys = {"id": lambda row: (row.id,), "updated": lambda row: (iso(row.updated), row.id)}
            rows.sort(key=keys[self.order.removesuffix("_desc")], reverse=self.order.endswith("_desc"))


class Reader:
    """What the shop has stored."""

    def __init__(self) -> None:
        self.versions: "dict[int, int]" = {}
        self.given = 0
        self.again = 0
        self._seen: "set[tuple[int, int]]" = set()

    def store(self, records: "list[dict[str, Any]]") -> None:
        for record in records:
            one = (record["id"], record["version"])
            self.given += 1
            self.again += one in self._seen
            self._seen.add(one)
            self.versions[record["id"]] = record["version"]

    def lost(self, hub: DriftingList) -> "list[int]":
        """Rows whose newest version the shop does not have."""
        return [row.id for row in hub.rows.values() if self.versions.get(row.id) != row.version]


def iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
