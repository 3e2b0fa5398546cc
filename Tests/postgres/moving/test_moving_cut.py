"""Moves that are killed, or lose the server, at any moment: what one run leaves, the next one ends."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import pytest
from states import Directory, Schema, config, contents, fill, is_refused, move

import flxchannel
from cutting import Road
from flxchannel import FlxError

KILLS = int(os.environ.get("FLX_KILLS", "75"))


@pytest.mark.parametrize("way", ["to the server", "to a file"])
def test_a_move_that_is_killed_is_ended_by_a_second_run(hub, server, schema, tmp_path, way):
    """At random moments, 75 each way, spread over a move: one place may be used, or none until it is run again; never two."""
    original = Directory(tmp_path / "original")
    fill(hub, original)
    original.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                 " INSERT INTO versions SELECT 2, 'many', 'r' || i, i, zeroblob(20) FROM n;")
    seen, kills, whole_s = set(), 0, 60.0  # the first one tells how long a move takes
    for number in range(KILLS):
        file = copied(hub, original, tmp_path / f"state-{number}")
        table, before = Schema(server.schema(f"{schema}k{number}")), contents(file)
        source, destination = file, table
        if way == "to a file":
            move(hub, file, table)
            source, destination = table, Directory(tmp_path / f"back-{number}")
        child, began = moving(hub, source, destination), time.monotonic()
        try:
            child.wait(random.choice((random.uniform(0, 1.2), random.uniform(0.7, 1.1))) * whole_s if number else None)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        if child.wait() == 0:
            whole_s = min(whole_s, time.monotonic() - began)
        else:
            kills += child.returncode == -signal.SIGKILL
            assert child.returncode == -signal.SIGKILL, child.stderr.read()
        left = (is_usable(hub, source), is_usable(hub, destination))
        seen.add(left)
        assert left != (True, True), "two places may be used"
        if left == (True, False):
            assert contents(source) == before
        move(hub, source, destination)
        assert (is_usable(hub, source), is_usable(hub, destination)) == (False, True)
        assert contents(destination) == before
        move(hub, source, destination)  # which changes nothing any more
        assert contents(destination) == before
        server.sql(f'DROP SCHEMA "{schema}k{number}" CASCADE', database="shop")
    assert kills >= KILLS * 2 // 3 and (True, False) in seen and (False, True) in seen, (kills, seen)


def copied(hub, original, place):
    """A copy that a client has taken for one, so that nobody does later."""
    shutil.copytree(original.place, place)
    flxchannel.Client(**config(hub, Directory(place))).close()
    return Directory(place)


def is_usable(hub, place):
    """Whether there is a state with the orders that may be opened. Opening would make one where there is none."""
    if isinstance(place, Directory):
        if not place.file.exists():
            return False
        with tempfile.TemporaryDirectory() as folder:  # else it would be us who takes back what a killed writer left
            shutil.copytree(place.place, folder, dirs_exist_ok=True)
            copy = sqlite3.connect(f"{folder}/shop.db")
            tables = copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0]
            is_there = tables and copy.execute("SELECT count(*) FROM meta WHERE key = 'key'").fetchone()[0]
            copy.close()
        if not is_there:
            return False
    elif place.one("SELECT to_regclass('meta') IS NULL") == "t":
        return False
    return not is_refused(hub, place)


#: Says when it is about to move, so that the start of Python is not what is killed.
MOVING = """
import json, sys, flxchannel
source, destination = json.loads(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
flxchannel.move_state(source, destination)
"""


def moving(hub, source, destination):
    """A process that has begun to move."""
    child = subprocess.Popen(
        [sys.executable, "-c", MOVING, json.dumps([config(hub, source), config(hub, destination)])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    child.stdin.write("\n")
    child.stdin.flush()
    return child


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("way", ["to the server", "to a file"])
def test_the_session_is_cut_at_every_message(hub, server, schema, tmp_path, way, behind):
    """An error, and what the other half of a transaction did is found by the second run."""
    road = Road(server.port)
    original = Directory(tmp_path / "original")
    fill(hub, original)
    cut = 0
    while True:
        cut += 1
        file, name = copied(hub, original, tmp_path / f"state-{cut}"), f"{schema}c{cut}"
        table, before = Schema(server.schema(name)), contents(file)
        far = Schema(server.url(name).replace(f":{server.port}/", f":{road.port}/"))
        source, destination, end = file, far, table
        if way == "to a file":
            move(hub, file, table)
            source = far
            destination = end = Directory(tmp_path / f"back-{cut}")
        road.cut_at(cut, behind=behind)
        cuts = road.cuts
        try:
            move(hub, source, destination)
        except FlxError:
            assert road.cuts > cuts
        near = table if source is far else file
        assert not (is_usable(hub, near) and is_usable(hub, end)), "two places may be used"
        is_over = road.cuts == cuts
        road.cut_at(0, behind=False)
        move(hub, source, destination)
        assert contents(end) == before and is_refused(hub, near, "was moved to")
        server.sql(f'DROP SCHEMA "{name}" CASCADE', database="shop")
        if is_over:
            break
    assert cut > 20
    road.close()


def test_what_is_looked_at_shows_what_is_planted(hub, directory, schema_of):
    """A row more, a row less and a changed value in each table; a place that is in use beside the other."""
    fill(hub, directory)
    move(hub, directory, schema_of)
    before = contents(schema_of)
    assert (is_usable(hub, directory), is_usable(hub, schema_of)) == (False, True)
    for table, rows in before.items():
        if table == "last answer":
            schema_of.run("SELECT setval(pg_get_serial_sequence('answers', 'seq'), 78)")
            assert contents(schema_of) != before
            continue
        column = next(name for name in reversed(rows[0]) if name not in ("id", "seq") and rows[0][name] is not None)
        value = "'\\x7e'" if isinstance(rows[0][column], bytes) else "77"
        where = f"ctid = (SELECT ctid FROM {table} WHERE {column} IS NOT NULL AND {column} <> {value} LIMIT 1)"
        for plant in (f"DELETE FROM {table} WHERE {where}", f"UPDATE {table} SET {column} = {value} WHERE {where}"):
            schema_of.run(f"CREATE TABLE kept AS SELECT * FROM {table}; {plant}")
            assert contents(schema_of) != before, plant
            schema_of.run(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept")
            assert contents(schema_of) == before
    directory.run("DELETE FROM meta WHERE key IN ('move', 'moved_to'); UPDATE meta SET value = '3' WHERE key = 'oldest_reader'")
    assert (is_usable(hub, directory), is_usable(hub, schema_of)) == (True, True)
