"""States with something in every table, and what stands in them row by row, wherever they lie."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import flxchannel
from orders import order

TABLES = {
    "meta": "key", "outbox": "id", "wires": "id", "events": "id", "answers": "seq", "cursors": "feed, name",
    "versions": "feed, name, record_id", "numbers": "hub_id", "listings": "id", "shapes": "id", "snapshots": "id",
    "quarantine": "id",
}
#: Of the place, or of the move itself.
NOT_MOVED = {"answers": {"boot", "reread_at"}, "meta": {"hub_clock", "move", "moved_to", "unfinished_from", "oldest_reader"}}

#: What a shop's week may leave, with values at the ends of what the columns hold. `\n` and zero bytes are bytes as others.
ODD = """
INSERT INTO cursors VALUES
  (3, '', NULL, '{}', 0), (3, 'a''b\\n', 1700000000123, '{"é":"\u20ac"}', 17);
INSERT INTO versions VALUES (3, '', '', 0, x''), (3, '', 'a', NULL, x'00ff00'), (3, 'n', '\U0001f600', 9007199254740992, x'61');
INSERT INTO numbers (hub_id, number, kept_at, channel, tries, awaited_since) VALUES
  ('', '', 0, NULL, 0, NULL), ('9', 'X-9', 5, '7', 3, 6);
INSERT INTO listings VALUES ('', '', 1, NULL), ('l-1', 'sku ''1''', 9007199254740992, 1700000000000);
INSERT INTO shapes (id, shape) VALUES (7, x'7b00007d'), (9, x'');
INSERT INTO snapshots VALUES ('s-1', 'S', 1, NULL, x'7b7d'), ('s-2', 'S', -1, 7, x'310a320a');
INSERT INTO quarantine (id, feed, key, reason, first_at, last_at, times) VALUES
  (40, 1, 'k', 'why', 1, 2, 3), (41, 1, '', '', 0, 0, 1);
INSERT INTO answers (seq, feed, record_id, body, fetched_at, pending, state, verdict, attempts, next_at, message, http_status,
    answered_at, recheck, content_at, fingerprint, sku, rereads, reread_at, boot, answered_hub) VALUES
  (70, 2, 'due', x'7b7d', 5, NULL, 2, 3, 1, 0, '', 200, 6, 1, NULL, NULL, NULL, 0, 99, -9223372036854775807, 7),
  (71, 2, 'wait', x'7b226964223a317d', 5, 'ARCHIVED', 1, 0, 0, 0, '', 0, 6, 0, 8, 'f', 's', 0, NULL, NULL, NULL),
  (79, 2, 'gone', x'7b7d', 5, NULL, 2, 3, 1, 0, '', 200, 6, 0, NULL, NULL, NULL, 0, NULL, NULL, NULL);
DELETE FROM answers WHERE seq = 79;
"""


class Directory:
    """A state in a directory."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @property
    def config(self) -> "dict[str, Any]":
        return {"state_dir": str(self.place)}

    @property
    def file(self) -> Path:
        return self.place / "shop.db"

    def run(self, statements: str) -> None:
        with sqlite3.connect(self.file) as file:
            file.executescript(statements)
        file.close()

    def one(self, statement: str) -> str:
        file = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        row = file.execute(statement).fetchone()
        file.close()
        return "" if row is None or row[0] is None else str(row[0])

    def rows(self, table: str) -> "list[dict[str, Any]]":
        file = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        file.text_factory = bytes
        found = file.execute(f"SELECT * FROM {table} ORDER BY {TABLES[table]}")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row)) for row in found]
        file.close()
        return rows

    def tables(self, *tables: str) -> "dict[str, list[dict[str, Any]]]":
        return {table: self.rows(table) for table in tables}

    def last_answer(self) -> int:
        return int(self.one("SELECT seq FROM sqlite_sequence WHERE name = 'answers'") or 0)


class Schema:
    """A state in a schema of a server."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def config(self) -> "dict[str, Any]":
        return {"state.url": self.url}

    def one(self, statement: str) -> str:
        done = subprocess.run(["psql", self.url, "-XAtq", "-c", statement], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def run(self, statements: str) -> None:
        self.one(statements)

    def rows(self, table: str) -> "list[dict[str, Any]]":
        return self.tables(table)[table]

    def tables(self, *tables: str) -> "dict[str, list[dict[str, Any]]]":
        """All of them by one session of psql."""
        form = "WITH (FORMAT csv, HEADER, NULL '-')"
        words = [word for table in tables for word in (
            "-c", f"COPY (SELECT * FROM {table} ORDER BY {TABLES[table]}) TO STDOUT {form}", "-c", "\\echo")]
        done = subprocess.run(["psql", self.url, "-XAtq", *words], capture_output=True, text=True, check=True)
        found: "dict[str, list[dict[str, Any]]]" = {}
        # Bytes are written in hex, and the rest is numbers: nothing has a comma or a line in it.
        for table, text in zip(tables, done.stdout.split("\n\n")):
            names, *lines = [line.split(",") for line in text.strip().splitlines()]
            found[table] = [dict(zip(names, map(_value, line))) for line in lines]
        return found

    def last_answer(self) -> int:
        return int(self.one("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('answers', 'seq')::regclass), 0)"))


def _value(text: str) -> "int | bytes | None":
    if text == "-":
        return None
    return bytes.fromhex(text[2:]) if text.startswith("\\x") else int(text)


def contents(place: "Directory | Schema") -> "dict[str, list[dict[str, Any]]]":
    """Every row of every table, but for what a move leaves behind."""
    found = {}
    for table, whole in place.tables(*TABLES).items():
        left_out = NOT_MOVED.get(table, set())
        rows = [{name: value for name, value in row.items() if name not in left_out} for row in whole]
        found[table] = [row for row in rows if table != "meta" or row["key"].decode() not in left_out]
    found["last answer"] = [{"seq": place.last_answer()}]
    return found


def config(hub, place: "Directory | Schema", **more: Any) -> "dict[str, Any]":
    return {"channel": "shop", "token": hub.token, "origin": hub.url, "state.wait_ms": 5000, **place.config, **more}


def move(hub, source: "Directory | Schema", destination: "Directory | Schema", **more: Any) -> None:
    flxchannel.move_state(config(hub, source, **more), config(hub, destination, **more))


def is_refused(hub, place: "Directory | Schema", match: str = "was moved to|has not come to its end") -> bool:
    """As a place that a move has left, or has not filled."""
    try:
        flxchannel.Client(**config(hub, place)).close()
    except flxchannel.PathError as error:
        assert re.search(match, str(error)), error
        return True
    return False


def item(hub) -> "dict[str, Any]":
    return {"sku": hub.some_sku(), "quantity": 1, "price": "19.99"}


def fill(hub, place: "Directory | Schema", waiting: int = 3) -> None:
    """Orders in every stage, and what the other tables hold."""
    with flxchannel.Client(**config(hub, place)) as shop:
        for number in ("purged", "settled", "resolved"):
            shop.submit(order(number, orderItems=[item(hub)]))
        assert shop.flush(20_000).outcome.name == "DONE"
        shop.settle(["purged"])
        assert shop.purge(settled_before="2100-01-01T00:00:00Z")["purged"] == 1
        shop.settle(["settled"])
        with shop.pull("listings_to_sync") as pull:
            page = pull.next(10_000)
            shop.ack(page.receipt, [{"id": str(record["id"])} for record in page.records])
        shop.submit(order("sending", orderItems=[item(hub)]))
    send_and_die(hub, place, "sending")
    with flxchannel.Client(**config(hub, place)) as shop:
        for number in range(waiting):
            shop.submit(order(f"queued-{number}", orderItems=[item(hub)], shippingText="été \u20ac"))
    if isinstance(place, Directory):
        place.run(ODD)


SENDING = "import sys, json, flxchannel; flxchannel.Client(**json.loads(sys.argv[1])).flush(60_000)"


def send_and_die(hub, place: "Directory | Schema", number: str) -> None:
    """A process that is killed while the hub has taken its order and not answered yet."""
    hub.delay(ms=3_600_000, operation="createOrder")
    child = subprocess.Popen([sys.executable, "-c", SENDING, json.dumps(config(hub, place))])
    try:
        while number not in hub.order_numbers():
            assert child.poll() is None, "the process ended before it sent anything"
            time.sleep(0.02)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
