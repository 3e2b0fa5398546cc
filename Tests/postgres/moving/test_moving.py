"""A state that is moved between a directory and a server: all of it, once, whatever happens in between."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
import states
from states import Directory, Schema, config, contents, fill, is_refused, item, move

import flxchannel
from flxchannel import ConfigError, FlxError, IdentityError, PathError, StateBusyError, StateError
from orders import order

# All of it


def test_there_and_back_and_elsewhere(hub, directory, schema_of, another, tmp_path):
    """File to server to server to file: row by row the same, and each place that was left is refused."""
    fill(hub, directory)
    before = contents(directory)
    assert all(before[table] for table in states.TABLES), "a table is empty, of which nothing is shown"
    assert {row["state"] for row in before["outbox"]} == {1, 2, 3, 4}
    way = [directory, schema_of, another, Directory(tmp_path / "back"), Directory(tmp_path / "end")]
    for source, destination in zip(way, way[1:]):
        move(hub, source, destination)
        assert contents(destination) == before
        assert is_refused(hub, source, "was moved to")
    for left in way[:-1]:
        assert is_refused(hub, left, "was moved to")


def test_the_shop_goes_on_in_the_server(hub, directory, schema_of):
    """What was being sent is looked up and not sent twice, numbers go on, receipts and numbers of orders are known."""
    fill(hub, directory)
    posted = posts(hub)
    move(hub, directory, schema_of)
    goes_on(hub, schema_of, posted)


def test_the_shop_goes_on_in_a_file(hub, directory, schema_of):
    fill(hub, schema_of)
    posted = posts(hub)
    move(hub, schema_of, directory)
    goes_on(hub, directory, posted)
    assert "state.restored" not in [row["what"].decode() for row in directory.rows("events")]


def goes_on(hub, place, posted):
    with flxchannel.Client(**config(hub, place)) as shop:
        assert not [line for line in shop.logs() if line["event"] == "state.restored"]
        assert {one["number"]: one["state"] for one in shop.outbox()} == {
            "purged": "settled", "settled": "settled", "resolved": "resolved", "sending": "sending",
            **{f"queued-{number}": "queued" for number in range(3)}}
        assert shop.flush(20_000).outcome.name == "DONE"
        results = {one["number"]: one["verdict"] for one in shop.results(100)}
        assert results == dict.fromkeys(("resolved", "sending", "queued-0", "queued-1", "queued-2"), "applied")
        shop.settle(list(results))
        with pytest.raises(FlxError):
            shop.submit(order("settled", orderItems=[item(hub)], orderTotal="3.00"))
        rows = [int(one["row"]) for one in shop.outbox()]
        assert shop.submit(order("next", orderItems=[item(hub)]))["state"] == "queued"
        assert int(shop.outbox()[-1]["row"]) > max(rows)
        assert shop.flush(20_000).outcome.name == "DONE"
    numbers = hub.order_numbers()
    assert len(numbers) == len(set(numbers)) == 8
    assert posts(hub) == posted + 4, "an order was sent again, or not at all"


def test_numbers_of_answers_are_not_given_twice(hub, directory, schema_of):
    fill(hub, directory)
    assert directory.last_answer() == 79, "the last answer is gone, and its number with it"
    move(hub, directory, schema_of)
    with flxchannel.Client(**config(hub, schema_of)) as shop, shop.pull("listings_to_publish") as pull:
        page = pull.next(10_000)
        shop.ack(page.receipt, [{"id": str(record["id"])} for record in page.records])
    new = [row["seq"] for row in schema_of.rows("answers") if row["feed"] == 1]
    assert new and min(new) > 79


def test_readings_that_were_waited_for_are_due(hub, directory, schema_of):
    """They are dated by a boot, of which another place knows nothing."""
    fill(hub, directory)
    dated = "SELECT count(*) FROM answers WHERE boot IS NOT NULL AND reread_at IS NOT NULL"
    assert int(directory.one(dated)) > 0
    waiting = directory.one("SELECT count(*) FROM answers WHERE recheck = 1")
    move(hub, directory, schema_of)
    assert schema_of.one(dated.replace("AND", "OR")) == "0"
    assert schema_of.one("SELECT count(*) FROM answers WHERE recheck = 1") == waiting != "0"


def test_many_rows_take_many_pages(hub, directory, schema_of, tmp_path):
    fill(hub, directory)
    directory.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4321)"
                  " INSERT INTO versions SELECT i % 3, 'many', 'r' || i, i, zeroblob(i % 40) FROM n;"
                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 777)"
                  " INSERT INTO snapshots SELECT 'many' || i, 'sku' || i, i, NULL, randomblob(3000) FROM n;")
    before = contents(directory)
    assert len(before["versions"]) > 4321
    move(hub, directory, schema_of)
    assert contents(schema_of) == before
    back = Directory(tmp_path / "back")
    move(hub, schema_of, back)
    assert contents(back) == before


def test_a_place_that_was_left_may_be_come_back_to(hub, directory, schema_of):
    fill(hub, directory)
    move(hub, directory, schema_of)
    with flxchannel.Client(**config(hub, schema_of)) as shop:
        shop.submit(order("later", orderItems=[item(hub)]))
    before = contents(schema_of)
    move(hub, schema_of, directory)
    assert contents(directory) == before
    assert is_refused(hub, schema_of, "was moved to")
    move(hub, directory, schema_of)
    assert contents(schema_of) == before


def test_a_client_that_is_open_learns_that_the_state_has_gone(hub, directory, schema_of):
    fill(hub, directory)
    with flxchannel.Client(**config(hub, directory)) as idle:
        move(hub, directory, schema_of)
        for what in (lambda: idle.submit(order("late", orderItems=[item(hub)])), lambda: idle.outbox(), lambda: idle.flush(1000)):
            with pytest.raises(PathError, match="was moved to schema .* at 127.0.0.1:"):
                what()
    assert "late" not in [row["number"].decode() for row in schema_of.rows("outbox") if row["number"]]


def test_an_older_release_refuses_what_was_left(hub, directory, schema_of):
    """It knows no marks, but asks in each transaction whether it may read the file."""
    fill(hub, directory)
    move(hub, directory, schema_of)
    assert int(directory.one("SELECT value FROM meta WHERE key = 'oldest_reader'")) > 1_000_000


# Half a move


def test_a_move_that_was_cut_off_leaves_the_source_in_use(hub, directory, schema_of):
    """All rows are there, and the source is not marked: what happens at the source meanwhile is in the second run."""
    fill(hub, directory)
    unfinished(hub, directory, schema_of)
    assert is_refused(hub, schema_of, "has not come to its end")
    with flxchannel.Client(**config(hub, directory)) as shop:
        shop.submit(order("meanwhile", orderItems=[item(hub)]))
    before = contents(directory)
    move(hub, directory, schema_of)
    assert contents(schema_of) == before


def unfinished(hub, directory, schema_of):
    """What is left when all but the first commit of a move did not come."""
    move(hub, directory, schema_of)
    directory.run("DELETE FROM meta WHERE key IN ('move', 'moved_to'); UPDATE meta SET value = '3' WHERE key = 'oldest_reader'")
    schema_of.run(f"INSERT INTO meta VALUES ('unfinished_from', '{directory.file}');"
                  "UPDATE meta SET value = '1099511627776' WHERE key = 'oldest_reader'")


# What is refused


def test_a_place_that_holds_a_state_is_let_alone(hub, directory, schema_of, another):
    fill(hub, directory)
    fill_other = contents(directory)
    flxchannel.Client(**config(hub, schema_of)).close()
    other = contents(schema_of)
    for destination in (schema_of, directory):
        with pytest.raises(PathError, match="holds a state already"):
            move(hub, directory, destination)
    assert contents(schema_of) == other and contents(directory) == fill_other
    assert not is_refused(hub, directory) and not is_refused(hub, schema_of)
    # Nor does one take the place of another's half.
    unfinished(hub, directory, another)
    with pytest.raises(PathError, match="has not come to its end"):
        move(hub, schema_of, another)
    assert not is_refused(hub, schema_of)


def test_other_channels_and_hubs_are_refused(hub, directory, schema_of):
    fill(hub, directory)
    with pytest.raises(ConfigError, match="channel.*shop.*other"):
        flxchannel.move_state(config(hub, directory), config(hub, schema_of, channel="other"))
    with pytest.raises(ConfigError, match="origin"):
        flxchannel.move_state(config(hub, directory), config(hub, schema_of, origin="https://hub.example"))
    with pytest.raises(IdentityError, match="belongs to origin"):
        move(hub, directory, schema_of, origin="https://hub.example")
    with pytest.raises(PathError, match="no state of this channel"):
        move(hub, directory, schema_of, channel="other")
    assert not is_refused(hub, directory)
    assert schema_of.one("SELECT to_regclass('meta') IS NULL") == "t"


def test_a_place_without_a_state_has_none_to_move(hub, directory, schema_of, tmp_path):
    with pytest.raises(PathError, match="no state of this channel"):
        move(hub, Directory(tmp_path / "nowhere"), schema_of)
    with pytest.raises(PathError, match="no state of this channel"):
        move(hub, schema_of, directory)
    assert not (tmp_path / "nowhere").exists()
    assert schema_of.one("SELECT to_regclass('meta') IS NULL") == "t"


def test_a_newer_schema_is_not_cut_down(hub, directory, schema_of, another):
    """Also one that this release may use: it would leave behind what it does not know."""
    fill(hub, directory)
    directory.run("UPDATE meta SET value = '8' WHERE key = 'schema'")
    with pytest.raises(FlxError, match="schema 8.*upgrade"):
        move(hub, directory, schema_of)
    assert not is_refused(hub, directory)
    directory.run("UPDATE meta SET value = '7' WHERE key = 'schema'")
    unfinished(hub, directory, another)
    another.run("UPDATE meta SET value = '8' WHERE key = 'schema'")
    with pytest.raises(FlxError, match="to be moved to.*schema 8.*upgrade"):
        move(hub, directory, another)
    assert not is_refused(hub, directory)


@pytest.mark.parametrize("role, reason", [("nobody_here", "does not exist"), ("visitor", "permission denied")])
def test_roles_without_rights(hub, server, schema, directory, role, reason):
    fill(hub, directory)
    url = server.schema(schema).replace("shop@", f"{role}@")
    if role == "visitor":
        server.sql("DROP ROLE IF EXISTS visitor; CREATE ROLE visitor LOGIN")
        server.sql(f'GRANT USAGE ON SCHEMA "{schema}" TO visitor', database="shop")
    with pytest.raises(PathError, match=f"to be moved to.*{reason}"):
        move(hub, directory, Schema(url))
    assert not is_refused(hub, directory)
    if role == "visitor":
        server.sql('DROP OWNED BY visitor; DROP ROLE visitor', database="shop")


def test_a_rule_of_the_server_that_swallows_rows_is_found_out(hub, directory, schema_of, another):
    fill(hub, directory)
    unfinished(hub, directory, schema_of)
    schema_of.run("CREATE RULE less AS ON INSERT TO events DO INSTEAD NOTHING")
    with pytest.raises(FlxError, match="events does not hold the"):
        move(hub, directory, schema_of)
    assert not is_refused(hub, directory) and is_refused(hub, schema_of)


@pytest.mark.parametrize("where", ["file", "server"])
def test_a_source_in_use_stays(hub, directory, schema_of, another, where):
    place = directory if where == "file" else schema_of
    fill(hub, place)
    with flxchannel.Client(**config(hub, place)) as shop:
        with shop.pull("orders"):
            with pytest.raises(StateBusyError, match="holds a feed"):
                move(hub, place, another)
        hub.delay(ms=3_600_000, operation="createOrder", times=0)
        child = subprocess.Popen(
            [sys.executable, "-c", states.SENDING, json.dumps(config(hub, place))])
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    if [one for one in shop.outbox(state="sending") if one["number"].startswith("queued")]:
                        break
                except StateBusyError:
                    pass
            with pytest.raises(StateBusyError, match="is being sent|holds a feed"):
                move(hub, place, another)
        finally:
            child.kill()
            child.wait()
    assert another.one("SELECT to_regclass('meta') IS NULL") == "t"
    move(hub, place, another)


def test_a_writer_keeps_a_move_waiting(hub, directory, schema_of, another):
    fill(hub, directory)
    move(hub, directory, schema_of)
    writer = subprocess.Popen(
        ["psql", schema_of.url, "-XAtq", "-c",
         "BEGIN; SELECT pg_advisory_xact_lock((current_schema()::regnamespace::oid::bigint)::int, 0); SELECT pg_sleep(60)"],
        stdout=subprocess.PIPE, text=True)
    try:
        while schema_of.one("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted") == "0":
            time.sleep(0.05)
        with pytest.raises(StateBusyError, match="waited"):
            flxchannel.move_state(
                {**config(hub, schema_of), "state.wait_ms": 300}, {**config(hub, another), "state.wait_ms": 300})
    finally:
        writer.kill()
        writer.wait()
    schema_of.one(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%sleep(60)%' AND pid <> pg_backend_pid()")
    assert another.one("SELECT to_regclass('meta') IS NULL") == "t"
    move(hub, schema_of, another)


def test_a_full_disk_leaves_the_source_in_use(hub, directory, schema_of, tmp_path):
    """A file system of 256 KiB, of which a state takes more."""
    fill(hub, directory)
    directory.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                  " INSERT INTO snapshots SELECT 'big' || i, '', i, NULL, randomblob(5000) FROM n;")
    move(hub, directory, schema_of)
    before = contents(schema_of)
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "flx-small", small]).returncode:
        pytest.skip("file systems may not be mounted here")
    try:
        with pytest.raises(StateError, match="to be moved to.*no room"):
            move(hub, schema_of, Directory(small / "state"))
        assert not is_refused(hub, schema_of)
        assert contents(schema_of) == before
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        move(hub, schema_of, Directory(small / "state"))
        assert contents(Directory(small / "state")) == before
    finally:
        subprocess.run(["umount", small], check=True)


def posts(hub):
    return sum(entry["operation"] == "createOrder" for entry in hub.journal())
