"""D-07, D-08, D-13 to D-15, D-18, S-08: state files that are damaged, mixed, old, new, restored, huge, purged."""

from __future__ import annotations

import collections
import contextlib
import hmac
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

from rig.broken import library as broken
from rig.checker import judge
from rig.ground import ROOT, Ground
from rig.points import Point, counted
from rig.powerloss import Disk, trace
from rig.register import row
from rig.shop import FAST, Shop, scratch
from rows.powerloss import States, work

import flxchannel
from orders import order

PAGE = 4096


class Opener:
    """The driver in its mode `verify`: what the library says of a directory."""

    def __init__(self, ground: Ground, shop: Shop) -> None:
        command = [str(shop.driver), "verify", shop.hub.url, shop.hub.token]
        self.process = ground.enter_context(subprocess.Popen(
            command, env=shop.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1))
        ground.callback(self.process.kill)

    def __call__(self, directory: Path) -> "tuple[str, str]":
        """("0", outbox as JSON), or the error's name and message."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{directory}\n")
        self.process.stdin.flush()
        status, one, two = self.process.stdout.readline().rstrip("\n").split("\t")
        return (status, one) if status == "0" else (one, two)


def content(database: Path) -> "dict[str, list[tuple[object, ...]]]":
    """Every row of every table."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as one:
        tables = [name for [name] in one.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: one.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def filled(ground: Ground, orders: int = 40) -> Shop:
    """A shop with orders in every state, answers, a cursor and versions."""
    shop = Shop(ground, ground.hub("--seed", "variants=30", **FAST), at=scratch(ground))
    ids = shop.take_receipt()
    for number in (7, 8):
        shop.hub.refuse(f"D-{number}")
    submits = [f"submit:D-{number}" for number in range(orders)]
    shop.run(*submits, f"ack:{shop.folder}/receipt:{ids[0]}:m-1", "drain:20000", "pull:c", f"ack:{shop.folder}/receipt:{ids[1]}:m-2",
             *[f"submit:Q-{number}" for number in range(20)], check=True)
    return shop


@row("D-07", timeout_s=300)
def damaged_pages(ground: Ground) -> str:
    shop = filled(ground)
    opener = Opener(ground, shop)
    golden, truth = shop.database.read_bytes(), content(shop.database)
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


def _same(database: Path, truth: "dict[str, list[tuple[object, ...]]]") -> bool:
    try:
        return content(database) == truth
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


def set_meta(database: Path, **values: object) -> None:
    with contextlib.closing(sqlite3.connect(database)) as one, one:
        for key, value in values.items():
            one.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, str(value)))


def meta(database: Path, key: str) -> "str | None":
    with contextlib.closing(sqlite3.connect(database)) as one:
        found = one.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None


@row("D-13", timeout_s=400)
def schemas_of_other_releases(ground: Ground) -> str:
    hub = ground.hub("--seed", "empty", **FAST)
    newer = broken("newer")

    ahead = Shop(ground, hub)
    ahead.run("submit:N-1", check=True)
    set_meta(ahead.database, schema=99, oldest_reader=99)
    before = ahead.database.read_bytes()
    done = ahead.run("submit:N-2")
    assert done.returncode == 3 and "FLX_E_STATE_NEWER" in ahead.tail() and ahead.database.read_bytes() == before, ahead.tail()
    set_meta(ahead.database, schema=99, oldest_reader=1)
    ahead.run("submit:N-2", "drain:20000", check=True)

    # A release that is to come makes two steps of its own; it is killed at each system call of them.
    base = Shop(ground, hub, at=scratch(ground))
    base.run("submit:M-0", "submit:M-1", check=True)
    now = int(meta(base.database, "schema") or 0)
    first = base.folder / "first"
    shutil.copytree(base.state, first)
    upgraded = Shop(ground, hub, library=newer, at=scratch(ground))

    def fresh() -> None:
        shutil.rmtree(upgraded.state)
        shutil.copytree(first, upgraded.state)

    calls = ["pwrite64", "fdatasync", "ftruncate", "openat", "fcntl", "pread64"]
    fresh()
    ranges = counted(upgraded, ["list"], calls)
    schemas: "collections.Counter[str]" = collections.Counter()
    kills = 0
    points = [Point(call, number, "signal=SIGKILL") for call, numbers in ranges.items() for number in numbers]
    for point in points[ground.seed % max(1, round(1 / min(1, ground.scale)))::max(1, round(1 / min(1, ground.scale)))]:
        fresh()
        kills += upgraded.run("list", under=point.under).returncode in (-9, 137)
        listed = json.loads(upgraded.run("list", check=True).stdout)
        assert [row["number"] for row in listed] == ["M-0", "M-1"], f"{point}: {listed}"
        schema = meta(upgraded.database, "schema") or ""
        schemas[schema] += 1
        assert schema == str(now + 2), f"{point}: schema {schema} after the second opening"
        with contextlib.closing(sqlite3.connect(upgraded.database)) as one:
            assert one.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert one.execute("SELECT count(*) FROM later").fetchone() and one.execute("SELECT colour FROM outbox").fetchall()
    return f"schema 99 is refused and left as it was, and used where it only added; {kills} kills in a migration of two steps: each file is at schema {now + 2} after the next opening, with its orders"


@row("D-14", timeout_s=400)
def two_releases_at_once(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub, rate_limits=2)
    ids = shop.take_receipt()
    later = Shop(ground, hub, library=broken("newer"))
    later.folder, later.state, later.rate_limits = shop.folder, shop.state, [shop.rate_limits[1]]
    with shop.client() as old:
        old.submit(order("before"))
        many = 60
        workers = [
            subprocess.Popen(
                one.command(*[f"submit:{name}-{number}" for number in range(many)], f"ack:{shop.folder}/receipt:{ids[0]}:m-{name}",
                            "drain:60000", history=name), env={**one.environment, "RECEIPT": ""}, stdout=subprocess.DEVNULL)
            for one, name in ((shop, "old"), (later, "new"))]
        assert [worker.wait(100) for worker in workers] == [0, 0], shop.tail()
        schema = int(meta(shop.database, "schema") or 0)
        old.submit(order("after"))  # opened before the file was upgraded
        assert old.flush(20_000).outcome.name == "DONE"
        found = judge(shop, wanted={"before", "after"}).demand()

        set_meta(shop.database, schema=schema + 1, oldest_reader=schema + 1)  # a step that old releases must not see
        told = []
        for attempt in (lambda: old.submit(order("late")), lambda: old.flush(100), lambda: old.outbox()):
            try:
                attempt()
                raise AssertionError("an old worker went on with a schema that it does not know")
            except flxchannel.StateError as error:
                told.append(error.name if hasattr(error, "name") else type(error).__name__)
                assert "upgrade" in str(error), str(error)
    assert "late" not in hub.order_numbers()
    return f"a release with an added step and this one on one file at once: {found}; once a step forbids it, the running old worker is refused at {len(told)} of 3 calls and nothing is sent"


@row("D-15", set="core", timeout_s=200)
def restored_copies(ground: Ground) -> str:
    # A hub that makes a second order of a repeated number: only looking first can save us.
    hub = ground.hub("--seed", "variants=30", **FAST, order__duplicate="second")
    shop = Shop(ground, hub)
    shop.run("submit:R-0", "drain:20000", "submit:R-1", "submit:R-2", check=True)
    backup = shop.folder / "backup.db"
    with contextlib.closing(sqlite3.connect(shop.database)) as source, contextlib.closing(sqlite3.connect(backup)) as copy:
        source.backup(copy)
    backup.chmod(0o600)
    shop.run("drain:20000", "submit:R-3", "submit:R-4", "drain:20000", "submit:R-5", check=True)
    posts = len([entry for entry in hub.journal() if entry["operation"] == "createOrder"])
    assert posts == 5

    shutil.copy(backup, shop.database)  # are forgotten, R-1 and R-2 look unsent
    lines: "list[str]" = []
    with shop.client(on_log=lambda _, line: lines.append(line)) as client:
        for number in ("R-3", "R-4", "R-5"):
            client.submit(order(number))  # the shop submits what it has, as it may at any time
        assert client.flush(30_000).outcome.name == "DONE"
        verdicts = {row["number"]: row["verdict"] for row in client.outbox()}
        story = [event["what"] for event in client.history("R-1")["events"]]
    assert sum("state.restored" in line for line in lines) == 1, f"the library did not tell: {lines}"
    assert set(verdicts.values()) == {"applied"}, verdicts
    at_hub = collections.Counter(hub.order_numbers())
    assert set(at_hub.values()) == {1} and len(at_hub) == 6, at_hub
    sent = len([entry for entry in hub.journal() if entry["operation"] == "createOrder"])
    assert sent == 6, f"{sent - 5} orders were posted after the restore, and one was new to the hub"
    assert "restored" in story and "looked_up" in story, story
    lines.clear()
    with shop.client(on_log=lambda _, line: lines.append(line)) as client:
        client.submit(order("R-6", orderedAt="2030-01-01T00:00:00Z"))
        assert client.flush(20_000).outcome.name == "DONE"
    assert not any("state.restored" in line for line in lines), "it was told twice"

    # Copies made while the shop is at work: whole, or refused.
    worker = subprocess.Popen(
        shop.command(*[f"submit:C-{number}" for number in range(400)]), env=shop.environment, stdout=subprocess.DEVNULL)
    copies = []
    while worker.poll() is None and len(copies) < 60:
        copies.append(shop.database.read_bytes())
        time.sleep(0.005)
    assert worker.wait(60) == 0
    opener = Opener(ground, shop)
    whole = refused = 0
    for number, data in enumerate(copies):
        place = shop.folder / f"copy-{number}"
        place.mkdir(mode=0o700)
        (place / "shop.db").write_bytes(data)
        (place / "shop.db").chmod(0o600)
        code, said = opener(place)
        if code == "0":
            numbers = sorted((row["number"] for row in json.loads(said) if row["number"].startswith("C")), key=lambda one: int(one[2:]))
            assert numbers == [f"C-{one}" for one in range(len(numbers))], f"a copy has a hole: {numbers}"
            whole += 1
        else:
            assert code == "FLX_E_STATE_CORRUPT", f"{code} {said}"
            refused += 1
    return (
        f"an older copy is told once in the log; 2 open orders of it and 3 forgotten ones submitted again: 5 looked up, 1 post, for the one that "
        f"the hub had not, though this hub doubles repeats; {len(copies)} copies of a running shop: {whole} whole, {refused} refused")


@row("D-18", timeout_s=300)
def a_million_rows(ground: Ground) -> str:
    rows = ground.times(1_000_000, 200_000)
    hub = ground.hub("--seed", "empty", **FAST)
    small, large = Shop(ground, hub, at=scratch(ground)), Shop(ground, hub, at=scratch(ground))
    for shop in (small, large):
        shop.run("submit:B-0", "drain:20000", check=True)
    with contextlib.closing(sqlite3.connect(large.database)) as one, one:
        names = [name for _, name, *_ in one.execute("PRAGMA table_info(outbox)")]
        key = bytes.fromhex(one.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()[0])
        one.create_function("keyed", 1, lambda number: hmac.digest(key, b"number:" + number.encode(), "sha256"))
        values = {"id": "i + 10", "number": "CASE WHEN i % 2 THEN 'O-' || i END", "purged_at": "CASE WHEN i % 2 THEN NULL ELSE 1 END",
                  "number_hash": "CASE WHEN i % 2 THEN keyed('O-' || i) ELSE randomblob(32) END", "digest": "randomblob(32)",
                  "settled_at": "1700000000000 + i", "state": "4", "verdict": "3", "attempts": "0", "fence": "0"}
        picked = ", ".join(values.get(name, name) for name in names)
        numbers = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
        one.execute(f"{numbers} INSERT INTO outbox ({', '.join(names)}) SELECT {picked} FROM n, (SELECT * FROM outbox WHERE id = 1) AS first")
        one.execute(f"{numbers} INSERT INTO events (row, at, what, http_status, verdict, message, request_id, took_ms) "
                    "SELECT i + 10, 0, 'settled', 0, 3, NULL, '', 0 FROM n")
        one.execute(f"{numbers} INSERT INTO wires (id, wire, sum) SELECT i + 10, wire, sum FROM n, (SELECT * FROM wires WHERE id = 1) WHERE i % 2")
        feeds = "4, 'c', CAST(i AS TEXT), 0, randomblob(32)"
        one.execute(f"{numbers} INSERT INTO versions (feed, name, record_id, updated_at, hash) SELECT {feeds} FROM n")
    began = time.perf_counter()
    large.run("list", check=True)  # the file was changed by another, so all of it is looked at, once
    checked = time.perf_counter() - began

    def cost(shop: Shop, *steps: str) -> "dict[str, int]":
        return {call: len(numbers) for call, numbers in counted(shop, list(steps), ["pread64", "pwrite64", "fdatasync"]).items()}

    opened = cost(small, "settle"), cost(large, "settle")
    submitted = cost(small, *[f"submit:T-{number}" for number in range(20)]), cost(large, *[f"submit:T-{number}" for number in range(20)])
    assert opened[1].get("pread64", 0) <= opened[0].get("pread64", 0) + 12, f"opening reads {opened}"
    assert opened[1].get("pwrite64", 0) == 0 == opened[1].get("fdatasync", 0), f"opening writes {opened[1]}"
    assert submitted[1]["fdatasync"] == submitted[0]["fdatasync"], submitted
    assert submitted[1]["pread64"] <= submitted[0]["pread64"] + 20 * 12, submitted
    assert submitted[1]["pwrite64"] <= submitted[0]["pwrite64"] * 3, submitted
    times = []
    for _ in range(7):
        began = time.perf_counter()
        large.client().close()
        times.append(time.perf_counter() - began)
    with contextlib.closing(sqlite3.connect(large.database)) as one:
        left = one.execute("SELECT count(*) FROM outbox WHERE state = 4 AND purged_at IS NULL").fetchone()[0]
    large.run("flush:0", check=True)
    with contextlib.closing(sqlite3.connect(large.database)) as one:
        pruned = left - one.execute("SELECT count(*) FROM outbox WHERE state = 4 AND purged_at IS NULL").fetchone()[0]
    assert 0 < pruned <= 1000, f"one slice of a flush blanked {pruned} orders"
    size = large.database.stat().st_size >> 20
    return (
        f"{rows} orders with history and {rows} versions, {size} MiB: read through in {checked:.1f} s, then open {sorted(times)[3] * 1000:.1f} ms with {opened[1].get('pread64', 0)} reads "
        f"({opened[0].get('pread64', 0)} when empty); 20 submits {submitted[1]} against {submitted[0]}; one flush blanks {pruned} old orders")


@row("S-08", set="core")
def purged(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub)
    secrets = ["Zacharias Quibble", "17 Privet-Drive", "zq@buyer.example", "Upper Flatbush", "Quibble"]  # an order's number is the shop's key, and stays
    wares = order("PURGE-ME-1", shippingAddress={
        "name": secrets[0], "addressLine1": secrets[1], "city": secrets[3], "postal": "62701", "countryCode": "US", "email": secrets[2]})
    lines: "list[str]" = []
    with shop.client(on_log=lambda _, line: lines.append(line), **{"log.level": "debug"}) as client:
        client.submit(wares)
        for number in range(30):
            client.submit(order(f"PURGE-ME-X{number}", note=f"for {secrets[0]}"))
        hub.refuse("PURGE-ME-X3")
        assert client.flush(30_000).outcome.name == "DONE"
        stored = b"".join(path.read_bytes() for path in shop.state.iterdir())
        assert all(one.encode() in stored for one in secrets), "the search would find nothing that is there"
        client.settle([result["number"] for result in client.results(100)])
        numbers = ["PURGE-ME-1", *[f"PURGE-ME-X{number}" for number in range(30)]]
        assert client.purge(numbers=numbers)["purged"] == 31

        def hits() -> "list[str]":
            files = [path for place in (shop.state, *shop.rate_limits) for path in place.iterdir()]
            return [f"{one} in {path.name}" for path in files for one in [*secrets, hub.token] if one.encode() in path.read_bytes() or one in path.name]

        assert not hits(), hits()
        again = client.submit(wares)
        assert again["new"] is False and again["verdict"] == "applied", again
        try:
            client.submit({**wares, "orderTotal": "20.99"})
            raise AssertionError("another order of a purged number was accepted")
        except flxchannel.ConflictError:
            pass
        assert client.flush(5_000).sent == 0 and not hits(), hits()
    assert not [one for one in [*secrets[:4], hub.token] for line in lines if one in line], "buyer data or the token stands in the log"
    return f"31 orders purged: 0 hits of {len(secrets)} texts of buyers and the token in every byte of {len(list(shop.state.iterdir())) + 1} files; the same order is recognised, another of its number refused, nothing sent"
