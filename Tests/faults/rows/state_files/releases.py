"""D-13, D-14, D-26: files of other releases."""

from __future__ import annotations

import collections
import contextlib
import json
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

import flxchannel
from orders import order
from rig import host
from rig.broken import library as broken
from rig.checker import judge
from rig.ground import Ground
from rig.points import Point, counted
from rig.register import row
from rig.shop import FAST, Shop, scratch
from rig.trial import together
from rig.wirehub import WireHub


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
    ahead.run("submit:N-2", "drain:120000", check=True)

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
                            "drain:120000", history=name), env={**one.environment, "RECEIPT": ""}, stdout=subprocess.DEVNULL)
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


READER = """
c = client()
over, seen = threading.Event(), {}
reads = {"outbox": c.outbox, "history": lambda: c.history("READ-1"), "stats": c.stats, "cursors": c.cursors}
say(ready=True)
threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
while not over.is_set():
    for name, read in reads.items():
        began = time.time()
        try: read(); got = "read"
        except FlxError as error: got = f"{error.name}: {error}"
        one = seen.setdefault(name, {}).setdefault(got, {"times": 0, "first": began})
        one["times"] += 1; one["last"] = began
say(seen=seen)
"""
"""A host that reads all the time, and says which outcome came how often, and when it began to read with the last of them."""


def changed_under_a_reader(ground: Ground, statements: "list[str]") -> str:
    """Another process makes the file one of a release that ours must not read, with these steps, in one transaction."""
    name = f"reads-{len(statements)}"
    hub = ground.enter_context(WireHub())
    state = ground.folder / name
    state.mkdir(mode=0o700)
    settings = {**host.config(ground, hub), "state_dir": str(state)}
    with flxchannel.Client(**settings) as client:
        client.submit(order("READ-1"))
    reader = host.start(ground, READER, settings)
    assert reader.stdout and reader.stdin and reader.stdout.readline(), reader.communicate()[1][-400:]
    database = next(state.glob("*.db"))
    time.sleep(0.5)
    schema = int(meta(database, "schema") or 0)
    set_meta(database, schema=schema + 1)  # one that only adds
    added = time.time()
    time.sleep(0.5)
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as one:
        one.execute("BEGIN IMMEDIATE")
        for statement in [*statements, *(f"UPDATE meta SET value = '{schema + 2}' WHERE key = '{key}'" for key in ("schema", "oldest_reader"))]:
            one.execute(statement)
        one.execute("COMMIT")
    forbidden = time.time()
    time.sleep(0.5)
    reader.stdin.write("\n")
    reader.stdin.flush()
    told = 0
    for what, outcomes in host.finish(reader)[-1]["seen"].items():
        good = outcomes.pop("read")
        assert good["last"] > added, f"{what} was refused after a step that only adds: {outcomes}"
        assert good["last"] <= forbidden, f"{what} was read {good['last'] - forbidden:.2f} s after a step that forbids it"
        wrong = [one for one in outcomes if "FLX_E_STATE_NEWER" not in one or "upgrade" not in one]
        assert outcomes and not wrong, f"{what} after a step that forbids it says {wrong or 'nothing'}"
        told += sum(one["times"] for one in outcomes.values())
    return f"{told} reads refused"


@row("D-26", set="core", waits=True)
def upgraded_under_a_reader(ground: Ground) -> str:
    done = together([
        ("forbidden", lambda: changed_under_a_reader(ground, [])),
        ("a column gone", lambda: changed_under_a_reader(ground, ["ALTER TABLE outbox RENAME COLUMN number TO name"])),
        ("tables gone", lambda: changed_under_a_reader(ground, ["ALTER TABLE outbox RENAME TO orders", "ALTER TABLE cursors RENAME TO feeds"]))])
    return f"a host that reads outbox, history, stats and cursors all the time: a step that only adds changes nothing; one that forbids it, with columns or tables gone: {', '.join(done)}, each as FLX_E_STATE_NEWER, none read"
