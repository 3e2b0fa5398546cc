"""D-30: years of history that is of no use any more."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import statistics
import time

from flxchannel import ConflictError
from rig.ground import Ground
from rig.judging import order
from rig.register import control, row
from rig.shop import FAST, Shop, scratch

DAY_MS = 86_400_000
SLICE = 500
"""Rows of one table that one write forgets."""
YOUNG = 100
"""Orders of last week, which stay."""


def live(shop: Shop, old: int) -> None:
    """Orders that were settled and cleared away three years ago, with all that is kept of each, and some of last week."""
    now = time.time_ns() // 1_000_000
    with contextlib.closing(sqlite3.connect(shop.database)) as one, one:
        names = [name for _, name, *_ in one.execute("PRAGMA table_info(outbox)")]
        values = {"id": "i + 10", "number": "NULL", "number_hash": "randomblob(32)", "digest": "randomblob(32)", "hub_id": "'h' || i",
                  "settled_at": "at", "purged_at": "at", "state": "4", "verdict": "3", "attempts": "1", "fence": "1", "watched": "0"}
        picked = ", ".join(values.get(name, f"first.{name}") for name in names)
        ages = (
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {old + YOUNG}), "
            f"aged (i, at) AS (SELECT i, {now} - CASE WHEN i <= {old} THEN {1095 * DAY_MS} ELSE {7 * DAY_MS} END FROM n) ")
        one.execute(f"{ages} INSERT INTO outbox ({', '.join(names)}) SELECT {picked} FROM aged, (SELECT * FROM outbox WHERE id = 1) AS first")
        for what in ("submitted", "sending", "posted", "settled"):
            one.execute(f"{ages} INSERT INTO events (row, at, what, http_status, verdict, message, request_id, took_ms) "
                        f"SELECT i + 10, at, '{what}', 0, 3, NULL, '', 0 FROM aged")
        one.execute(f"{ages} INSERT INTO numbers (hub_id, number, kept_at) SELECT 'x' || i, 'X-' || i, at FROM aged")
        one.execute(f"{ages} INSERT INTO versions (feed, name, record_id, updated_at, hash) SELECT 4, 'c', CAST(i AS TEXT), at, randomblob(16) FROM aged")
        one.execute("INSERT INTO cursors (feed, name, at, note, moved_at) VALUES (4, 'c', ?, ?, ?)",
                    (now - DAY_MS, json.dumps({"reconciled_at": now - DAY_MS}), now - DAY_MS))


def left(shop: Shop) -> "dict[str, int]":
    with contextlib.closing(sqlite3.connect(shop.database)) as one:
        return {table: one.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("outbox", "events", "numbers", "versions")}


def forgotten(ground: Ground, **config: int) -> str:
    old = ground.times(1_000_000, 20_000)
    shop = Shop(ground, ground.hub("--seed", "empty", **FAST), at=scratch(ground))
    plain = Shop(ground, ground.hub("--seed", "empty", **FAST), at=scratch(ground))
    for one in (shop, plain):
        one.run("submit:B-0", "drain:120000", check=True)
    live(shop, old)
    before, bytes_before = left(shop), shop.database.stat().st_size
    with plain.client() as client:
        alone = [submit(client, number) for number in range(200)]
    slices, beside, most = [], [], 0
    with shop.client(**config) as client:
        seen = before
        while len(slices) < old * 8 // SLICE + 100:
            began = time.perf_counter()
            client.flush(0)
            slices.append(time.perf_counter() - began)
            if len(beside) < 200:
                beside.append(submit(client, len(beside)))
            if len(beside) <= 10:
                now = left(shop)
                most = max(most, *(seen[table] - now[table] for table in ("numbers", "versions")))
                seen = now
            if len(slices) % 100 == 0 and shop.database.stat().st_size < bytes_before // 4 and left(shop)["versions"] == YOUNG:
                break
        after, size = left(shop), shop.database.stat().st_size
        try:
            client.submit(order("B-0"))
        except ConflictError:
            pass  # it is of today, and known
        else:
            raise AssertionError("an order of today was forgotten")
    assert after["versions"] == after["numbers"] == YOUNG, f"{after} of {before}"
    assert after["outbox"] <= 1 + YOUNG + 200, f"{after} of {before}"
    assert size < bytes_before // 4, f"{size} of {bytes_before} bytes"
    assert most <= SLICE, f"{most} rows of a table in one slice"
    ratio = statistics.median(beside) / statistics.median(alone)
    return (
        f"{old} orders of three years ago, {bytes_before >> 20} MiB, forgotten in {len(slices)} slices of at most {max(slices) * 1000:.0f} ms (median "
        f"{statistics.median(slices) * 1000:.1f}): {size >> 10} KiB; {YOUNG} of last week are still there; a submit beside takes {ratio:.2f} of one alone")


def submit(client, number: int) -> float:
    began = time.perf_counter()
    client.submit(order(f"T-{number}"))
    return time.perf_counter() - began


@row("D-30", timeout_s=400)
def years_of_history(ground: Ground) -> str:
    return forgotten(ground)


@control("D-30 a state that keeps everything", timeout_s=400)
def kept(ground: Ground) -> str:
    try:
        forgotten(ground, **{"state.keep_days": 36_500})
    except AssertionError as wrong:
        return str(wrong)
    raise AssertionError("a state that keeps everything passes")
