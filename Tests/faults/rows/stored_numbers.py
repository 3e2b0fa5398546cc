"""D-23, D-24: state files that are large and damaged, or whose numbers are at the end of what they can hold."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import struct
import time
from pathlib import Path

import flxchannel
from rig.ground import Ground
from rig.register import row
from rig.shop import FAST, Shop

# --- D-23 -------------------------------------------------------------------------------------------------------------


def fill(shop: Shop, megabytes: int) -> None:
    """Makes the file large with versions of records, as a catalogue does, and leaves it as its owner would."""
    with contextlib.closing(sqlite3.connect(shop.database)) as state:
        state.execute("PRAGMA journal_mode=TRUNCATE")
        names = [f"record-{number:08d}" for number in range(megabytes * 1024)]
        state.executemany("INSERT INTO versions (feed, name, record_id, updated_at, hash) VALUES (1, 'filler', ?, 1, zeroblob(940))", ((name,) for name in names))
        state.commit()


@row("D-23", set="core")
def large_file_with_a_changed_byte(ground: Ground) -> str:
    """Over 64 MB only the facts about the file were looked at, and an order whose bytes had changed was sent."""
    shop = Shop(ground, ground.hub("--seed", "empty", **FAST))
    shop.run("submit:B-1", "submit:B-2", check=True)
    fill(shop, 80)
    size = shop.database.stat().st_size >> 20
    assert size > 70, f"{size} MB is not large"
    began = time.monotonic()
    with shop.client() as client:
        took = time.monotonic() - began
        assert len(client.outbox()) == 2
    began = time.monotonic()
    shop.client().close()
    again = time.monotonic() - began
    with contextlib.closing(sqlite3.connect(shop.database)) as state:
        wire = bytes(state.execute("SELECT wire FROM wires ORDER BY id LIMIT 1").fetchone()[0])
    content = shop.database.read_bytes()
    at = content.index(wire) + wire.index(b"19.99")
    with open(shop.database, "r+b") as file:
        file.seek(at)
        file.write(b"91")
    try:
        shop.client().close()
    except flxchannel.StateError as error:
        assert "FLX_E_STATE_CORRUPT" in str(error) and "bytes of an order have changed" in str(error), error
    else:
        raise AssertionError(f"a changed order in a file of {size} MB was not noticed")
    assert not shop.hub.order_numbers(), "the changed order was sent"
    return f"{size} MB that somebody else wrote to: read through in {took:.2f} s, then opened in {again * 1000:.0f} ms; a byte of an order changed: FLX_E_STATE_CORRUPT"


# --- D-24 -------------------------------------------------------------------------------------------------------------

HANDED_ON = 7
ENDS = (2**63 - 1, -(2**63), 2**53 + 1)


def forge(shop: Shop) -> None:
    """Makes the stamp in the lock file fit the state file, so that it counts as left by its owner."""
    lock, facts = shop.state / "shop.lock", shop.database.stat()
    words = list(struct.unpack("<6q", lock.read_bytes()[:48]))
    words[2:4] = [facts.st_size, facts.st_mtime_ns]
    with open(lock, "r+b") as file:
        file.write(struct.pack("<6q", *words))


def use(shop: Shop, receipt: str, value: int) -> bool:
    """Every call that reads a row; errors are what may be. Whether one of them handed the impossible number on."""
    handed_on = False
    with contextlib.suppress(flxchannel.FlxError), shop.client(**{"state.wait_ms": 2000}) as client:
        calls = [
            lambda: client.flush(300), lambda: client.outbox(limit=100), lambda: client.results(100), lambda: client.history("N-1"),
            lambda: client.history("N-2"), lambda: client.stats(), lambda: client.ack_results(0, 100), lambda: client.cursors(),
            lambda: client.retry(["N-2"]), lambda: client.discard(["N-1"]), lambda: client.settle(["N-1"]),
            lambda: client.purge(settled_before="2100-01-01T00:00:00Z"), lambda: walk(client, "orders"), lambda: walk(client, "listings_to_sync"),
            lambda: client.flush(300),
        ]
        for call in calls:
            with contextlib.suppress(flxchannel.FlxError):
                handed_on |= str(value) in repr(call())
    return handed_on


def walk(client: flxchannel.Client, feed: str) -> None:
    with client.pull(feed) as pull:
        pull.next(300)


def numbers(database: Path) -> "list[tuple[str, str]]":
    """The columns that hold numbers, of tables that have rows; and what stands as a number in text."""
    found = []
    with contextlib.closing(sqlite3.connect(database)) as state:
        for (table,) in state.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
            if not state.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
                continue
            for _, column, kind, _, _, key in state.execute(f"PRAGMA table_info({table})").fetchall():
                if kind == "INTEGER" and not key:
                    found.append((table, column))
        notes = [json.loads(note) for (note,) in state.execute("SELECT note FROM cursors")]
        found += sorted({("cursors.note", name) for note in notes for name, value in note.items() if isinstance(value, int)})
        found += [("meta", key) for (key,) in state.execute("SELECT key FROM meta WHERE value GLOB '[0-9]*' AND key <> 'key'")]
    return found


def put(database: Path, table: str, column: str, value: int) -> None:
    with contextlib.closing(sqlite3.connect(database)) as state:
        state.execute("PRAGMA journal_mode=TRUNCATE")
        if table == "meta":
            state.execute("UPDATE meta SET value = ? WHERE key = ?", (str(value), column))
        elif table == "cursors.note":
            state.execute("UPDATE cursors SET note = json_set(note, '$.' || ?, ?)", (column, value))
        else:
            state.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))
        state.commit()


@row("D-24", timeout_s=300)
def numbers_at_their_end(ground: Ground) -> str:
    """A number that overflows where it is counted on ends the process: each of them in turn, under a stamp that was forged."""
    shop = Shop(ground, ground.hub("--seed", "variants=30", **FAST))
    ids = shop.take_receipt()
    receipt = (shop.folder / "receipt").read_text()
    with shop.client() as client:
        client.ack(receipt, [{"id": one, "error": "x"} for one in ids[:2]])
    shop.run("submit:N-1", "submit:N-2", "submit:N-3", "drain:120000", "pull:orders", "submit:N-4", check=True)
    whole = {path: path.read_bytes() for path in shop.state.iterdir()}
    columns = numbers(shop.database)
    assert len(columns) > 25, f"only {columns}"
    dead: "list[str]" = []
    believed: "list[str]" = []
    tried = 0
    for table, column in columns:
        for value in ENDS:
            for path, content in whole.items():
                with open(path, "r+b") as file:
                    file.truncate(0)
                    file.write(content)
            put(shop.database, table, column, value)
            forge(shop)
            child = os.fork()
            if child == 0:
                signal.alarm(40)
                os._exit(HANDED_ON if use(shop, receipt, value) else 0)
            status = os.waitpid(child, 0)[1]
            tried += 1
            if os.WIFEXITED(status) and os.WEXITSTATUS(status) == HANDED_ON:
                believed.append(f"{table}.{column} = {value}")
            elif status:
                dead.append(f"{table}.{column} = {value}: {'signal ' + str(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else status}")
    assert not dead, f"ended by a stored number: {dead[:5]} ({len(dead)} of {tried})"
    assert not believed, f"an impossible number was handed to the host: {believed[:5]} ({len(believed)} of {tried})"
    return f"{tried} states: each of {len(columns)} stored numbers at {', '.join(map(str, ENDS))}; every call ended with a result or an error"
