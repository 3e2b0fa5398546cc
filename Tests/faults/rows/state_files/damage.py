"""D-07, D-08: damaged pages and foreign journals."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import random
import re
import shutil
import sqlite3
from pathlib import Path

from rig.ground import Ground
from rig.powerloss import Disk, trace
from rig.register import row
from rig.shop import FAST, Shop, scratch
from rows.powerloss import States, work
from rows.state_files.openings import PAGE, Opener, content, filled


@row("D-07", timeout_s=300)
def damaged_pages(ground: Ground) -> str:
    shop = filled(ground)
    opener = Opener(ground, shop)
    golden, truth = shop.database.read_bytes(), steady(shop.database)
    listed = opener(shop.state)[1]
    pages = len(golden) // PAGE
    chance = random.Random(ground.seed)

    def flipped(page: int) -> bytes:
        bit = page * PAGE * 8 + chance.randrange(PAGE * 8)
        return golden[:bit // 8] + bytes([golden[bit // 8] ^ 1 << bit % 8]) + golden[bit // 8 + 1:]

    def over(page: int, bytes_: bytes) -> bytes:
        return golden[:page * PAGE] + bytes_ + golden[(page + 1) * PAGE:]

    deeds = {
        "zeroed": lambda page: over(page, bytes(PAGE)), "random": lambda page: over(page, chance.randbytes(PAGE)),
        "half random": lambda page: over(page, golden[page * PAGE:page * PAGE + PAGE // 2] + chance.randbytes(PAGE // 2)),
        "truncated": lambda page: golden[:page * PAGE], "cut within": lambda page: golden[:page * PAGE + 1 + chance.randrange(PAGE - 1)],
        "swapped": lambda page: over(page, golden[((page + 1) % pages) * PAGE:((page + 1) % pages + 1) * PAGE]),
        **{f"flipped {number}": flipped for number in range(ground.times(12, 2))},
    }
    seen: "collections.Counter[str]" = collections.Counter()
    wrong = []
    place = shop.folder / "damaged"
    for what, deed in deeds.items():
        for page in range(pages):
            damaged = deed(page)
            if damaged == golden:
                continue
            shutil.copytree(shop.state, place)
            (place / "shop.db").write_bytes(damaged)
            code, said = opener(place)
            after = (place / "shop.db").read_bytes() if (place / "shop.db").exists() else None
            kind = re.sub(r" \d+$", "", what)
            if code == "0":
                unchanged = _same(place / "shop.db", truth)
                seen[f"{kind}, in unused bytes" if unchanged else f"{kind}, in a time or a message" if kind == "flipped" else f"{kind}, not found"] += 1
                if not unchanged and kind != "flipped":
                    wrong.append(f"page {page} {what}: opened")
                if not unchanged and kind == "flipped" and _told(said) != _told(listed):
                    wrong.append(f"page {page} {what}: the list of orders is another one, and nobody said so")
            else:
                seen[f"{kind}, refused"] += 1
                if code not in ("FLX_E_STATE_CORRUPT", "FLX_E_IDENTITY", "FLX_E_STATE_NEWER"):
                    wrong.append(f"page {page} {what}: {code} {said}")
                if after != damaged:
                    wrong.append(f"page {page} {what}: the damaged file was not left as it was")
            shutil.rmtree(place)
    assert not wrong, f"{len(wrong)} wrong, such as {wrong[:4]}"

    # What a shop does next: the damaged file stays, nothing new is made in its place, and what is left can be read.
    shutil.copytree(shop.state, place)
    (place / "shop.db").write_bytes(deeds["zeroed"](pages // 2))
    for _ in range(2):
        code, said = opener(place)
        assert code == "FLX_E_STATE_CORRUPT" and "left as it is" in said and "sqlite3" in said, f"{code} {said}"
    assert sorted(path.name for path in place.iterdir() if not path.name.startswith("rate-limit")) == ["shop.db", "shop.db-journal", "shop.lock"]
    numbers = set()
    with contextlib.closing(sqlite3.connect(f"file:{place}/shop.db?mode=ro", uri=True)) as one:
        for id_ in range(1, 61):
            with contextlib.suppress(sqlite3.Error):
                numbers |= {number for [number] in one.execute("SELECT number FROM outbox WHERE id = ?", (id_,))}
    assert len(numbers) >= 30, f"only {len(numbers)} orders could be read from the damaged file"
    tale = ", ".join(f"{what} {times}" for what, times in sorted(seen.items()))
    return f"{pages} pages: {tale}; the damaged file stays and is refused again, nothing is made in its place, {len(numbers)} of 60 orders read from it with sqlite3"


def _told(outbox: str) -> "list[tuple[object, ...]]":
    """What a host acts on."""
    return [tuple(row[name] for name in ("row", "number", "state", "verdict", "order_id", "attempts")) for row in json.loads(outbox)]


def steady(database: Path) -> "dict[str, list[tuple[object, ...]]]":
    """What an opening leaves as it is, even that of a copy, whose open orders are looked up anew (D-15)."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as one:
        orders = one.execute("SELECT id, number, number_hash, digest, hub_id, submitted_at FROM outbox").fetchall()
    return {"outbox": orders, **{name: rows for name, rows in content(database).items() if name not in ("events", "meta", "outbox")}}


def _same(database: Path, truth: "dict[str, list[tuple[object, ...]]]") -> bool:
    try:
        return steady(database) == truth
    except sqlite3.Error:
        return False


@row("D-08", timeout_s=300)
def foreign_journals(ground: Ground) -> str:
    shop = Shop(ground, ground.hub("--seed", "variants=30", **FAST), at=scratch(ground))
    ops = work(shop, 9)
    states = States(ops, str(shop.database))
    other = Shop(ground, shop.hub, at=scratch(ground))
    foreign_ops = trace(other.command(*[f"submit:X-{number}" for number in range(3)]), other.environment, other.folder / "trace", other.state,
                        other.folder / "history.log")
    foreign: "list[bytes]" = []
    disk = Disk(journalling=False)
    for op in foreign_ops:
        disk.do(op)
        if op.kind == "sync" and op.path.endswith("-journal") and disk.files.get(op.path):
            foreign.append(disk.files[op.path])
    assert len(foreign) >= 4

    opener = Opener(ground, shop)
    place = shop.folder / "mixed"
    seen: "collections.Counter[str]" = collections.Counter()
    wrong = []
    disk, older = Disk(journalling=False), b""
    chance = random.Random(ground.seed)
    for index, op in enumerate(ops):
        disk.do(op)
        disk._settle(list(disk.pending))
        if op.kind == "say" or states.first[index] < 2:
            continue
        hot = disk.files.get(str(shop.database) + "-journal", b"")
        database = disk.files[str(shop.database)]
        journals = {"deleted": None, "another database's": foreign[index % len(foreign)], "an older one": older, "cut": hot[:len(hot) // 2],
                    "zeroed": bytes(len(hot)), "garbage": os.urandom(5000)}
        if op.kind == "sync" and op.path.endswith("-journal") and hot:
            older = hot
        for what, journal in journals.items():
            if chance.random() > min(0.25, 0.25 * ground.scale + 0.02):
                continue
            if what in ("cut", "zeroed", "an older one") and not journal:
                continue
            os.mkdir(place, 0o700)
            for name, data in (("shop.db", database), ("shop.lock", disk.files[f"{shop.state}/shop.lock"]), ("shop.db-journal", journal)):
                if data is not None:
                    (place / name).write_bytes(data)
                    (place / name).chmod(0o600)
            code, said = opener(place)
            if code == "0":
                found = _judged(place / "shop.db", states, set(states.acked[index]))
                seen[f"{what}: {found}"] += 1
                if found == "torn":
                    wrong.append(f"journal {what} at operation {index} ({op.kind} {op.path[-8:]}): opened with a database that never was")
            else:
                seen[f"{what}: refused"] += 1
                if code not in ("FLX_E_STATE_CORRUPT", "FLX_E_IDENTITY", "FLX_E_STATE_NEWER"):
                    wrong.append(f"journal {what} at operation {index}: {code} {said}")
            shutil.rmtree(place)
    assert not wrong, f"{len(wrong)} wrong of {sum(seen.values())}: {dict(seen)} such as {wrong[:3]}"
    return ", ".join(f"{what} {times}" for what, times in sorted(seen.items()))


def _judged(database: Path, states: States, acked: "set[str]") -> str:
    """Whether a database is one that was, or at least whole in itself with all that was accepted."""
    if any(database.read_bytes() == one for one in states.databases):
        return "a commit that was"
    rows = content(database)
    stories = collections.defaultdict(list)
    for _, order_row, _, what, _, verdict, *_ in rows["events"]:
        if what != "restored" and (what != "looked_up" or verdict):
            stories[order_row].append((what, verdict))
    wires = {wire[0] for wire in rows["wires"]}
    numbers = set()
    with contextlib.closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as one:
        whole = one.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for id_, number, state, verdict, attempts in one.execute("SELECT id, number, state, verdict, attempts FROM outbox"):
            numbers.add(number)
            last = stories[id_][-1] if stories[id_] else ("", 0)
            whole &= id_ in wires and (last[0] == "sending") == (state == 2) and (last[0] == "settled") == (state == 4)
            whole &= last[0] == "sending" or last[1] == verdict
            whole &= [what for what, _ in stories[id_]].count("sending") == attempts
    whole &= set(stories) == {id_ for id_, *_ in rows["outbox"]} and all(number.startswith("P-") for number in numbers)
    if whole and dict(rows["meta"]).get("restored_at"):
        return "an older copy, told as such"
    return "whole" if whole and acked <= numbers else "torn"
