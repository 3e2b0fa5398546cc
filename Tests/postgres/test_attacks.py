"""What an enemy of the state would do: lose what was told, make a number mean another thing, stop a process where it hurts."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

import flxchannel
from cutting import Road
from flxchannel import ClientBusyError, FlxError, PathError, StateBusyError
from orders import order
from server import Server, free_port, reachable
from test_faults import again, client, item, through


@pytest.fixture
def road(server):
    road = Road(server.port)
    yield road
    road.close()


@pytest.fixture
def pair(tmp_path_factory):
    """A primary and its replica, which is part of every commit."""
    place = tmp_path_factory.mktemp("pair")
    reachable(place)
    with Server(place / "primary").make() as primary, Server(place / "replica").make_replica_of(primary) as replica:
        in_step(primary)
        yield primary, replica


def in_step(primary):
    primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.sql("SELECT pg_reload_conf()")
    while primary.sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1":
        time.sleep(0.05)


def alone(primary):
    primary.sql("ALTER SYSTEM RESET synchronous_standby_names")
    primary.sql("SELECT pg_reload_conf()")


def either(first: int, second: int) -> str:
    return f"postgresql://shop@127.0.0.1:{first},127.0.0.1:{second}/shop?target_session_attrs=read-write&options=-csearch_path%3Dshop"


def test_a_host_that_says_nothing_is_passed_over(server, url, hub):
    """Its machine died: no packet tells that it is gone. The next host of the connection string has its turn within the wait."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        several = url.replace(f"@127.0.0.1:{server.port}", f"@127.0.0.1:{silent.getsockname()[1]},127.0.0.1:{server.port}")
        with client(hub, several, **{"state.wait_ms": 5000}) as shop:
            assert shop.submit(order("H-1", orderItems=[item(hub)]))["state"] == "queued"
            server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop'")
            began = time.monotonic()
            assert shop.submit(order("H-2", orderItems=[item(hub)]))["state"] == "queued"
            assert time.monotonic() - began < 1, "the host that had answered was not the first that was asked"


def test_a_commit_that_did_not_arrive_is_not_told(server, schema, url, road, hub):
    with client(hub, through(server, road, schema)) as shop:
        shop.submit(order("A-1", orderItems=[item(hub)]))
        road.cut_at(0, behind=False)
        shop.submit(order("A-2", orderItems=[item(hub)]))
        road.cut_at(road.messages, behind=False)
        assert is_told(shop, hub, "A-3") == ("A-3" in [row["number"] for row in shop.outbox()])


def test_a_role_that_does_not_wait_for_the_disk(tmp_path_factory, hub):
    """Its administrator likes speed: what was told of an order holds nonetheless, when the server is killed in the next moment."""
    place = tmp_path_factory.mktemp("hasty")
    reachable(place)
    with Server(place / "server", "wal_writer_delay=10s").make() as one:
        one.sql("ALTER ROLE shop SET synchronous_commit = off")
        with client(hub, one.schema("shop"), **{"state.wait_ms": 10_000}) as shop:
            for number in range(5):
                shop.submit(order(f"R-{number}", orderItems=[item(hub)]))
            one.restart("immediate")
            assert [row["number"] for row in shop.outbox()] == [f"R-{number}" for number in range(5)]


def test_a_commit_that_no_replica_has_is_not_told(pair, hub):
    """The server stores it, and its wait for the replica is cut: after a failover it would be gone."""
    primary, replica = pair
    primary.schema("shop")
    with client(hub, primary.url("shop"), **{"state.wait_ms": 4000}) as shop:
        shop.submit(order("C-1", orderItems=[item(hub)]))
        replica.stop("immediate")
        waiting = threading.Thread(target=end_the_wait, args=(primary,))
        waiting.start()
        with pytest.raises(FlxError):
            shop.submit(order("C-2", orderItems=[item(hub)]))
        waiting.join()
        alone(primary)
        assert again(lambda: shop.submit(order("C-2", orderItems=[item(hub)])))["state"] == "queued"


def end_the_wait(primary):
    while not (pid := primary.sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")):
        time.sleep(0.02)
    primary.sql(f"SELECT pg_terminate_backend({pid})")


def test_a_number_of_a_transaction_means_nothing_after_a_failover(pair, hub):
    """The answer to a commit is lost with the primary, before its replica had it; and there the number goes to another's."""
    primary, replica = pair
    alone(primary)
    primary.schema("shop")
    road = Road(primary.port)
    with client(hub, either(road.port, replica.port), **{"state.wait_ms": 20_000}) as shop:
        shop.submit(order("N-1", orderItems=[item(hub)]))
        road.cut_at(0, behind=True)
        shop.submit(order("N-2", orderItems=[item(hub)]))
        commit = road.messages
        wait_until(lambda: primary.sql("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()") == "1")
        replica.sql("ALTER SYSTEM SET primary_conninfo = ''")
        replica.sql("SELECT pg_reload_conf()")
        wait_until(lambda: primary.sql("SELECT count(*) FROM pg_stat_replication") == "0")

        def another_takes_its_number():
            primary.stop("immediate")
            replica.promote()
            with client(hub, replica.url("shop")) as other:
                for number in range(6):
                    other.submit(order(f"N-other-{number}", orderItems=[item(hub)]))

        road.on_cut = another_takes_its_number
        road.cut_at(commit, behind=True)
        assert is_told(shop, hub, "N-3") == ("N-3" in [row["number"] for row in shop.outbox()])
        again(lambda: shop.submit(order("N-3", orderItems=[item(hub)])))
        assert "N-3" in [row["number"] for row in shop.outbox()]
    road.close()


def is_told(shop, hub, number):
    try:
        shop.submit(order(number, orderItems=[item(hub)]))
        return True
    except FlxError:
        return False


def wait_until(is_so):
    while not is_so():
        time.sleep(0.05)


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
def test_the_session_is_cut_at_every_statement_of_a_walk(server, schema, url, road, hub, behind):
    """A queue is pulled and answered, a cursor is pulled and committed, while the session is lost at the first message, the second ..."""
    with client(hub, url) as shop:
        shop.submit(order("W-1", orderItems=[item(hub)]))
        shop.flush(20_000)
    with client(hub, through(server, road, schema), **{"pull.idle_s": 10}) as shop:
        cut, told = 0, set()
        while True:
            cut += 1
            road.cut_at(cut, behind=behind)
            before = road.cuts
            told |= walk(shop, f"c{cut}")
            if road.cuts == before:
                break
    assert cut > 20
    assert told, "nothing was answered"
    with client(hub, url) as shop:
        assert all(result["verdict"] == "applied" for result in shop.ack_results(0, 1000))
        moved = {row["cursor"] for row in shop.cursors() if row["feed"] == "orders"}
        assert moved == {f"c{number}" for number in range(1, cut + 1)}
    assert told <= {str(answer["id"]) for answer in hub.get("answers")}


def sooner_or_later(what):
    """The session that was lost may have the feed for a moment, until the server has noticed."""
    while True:
        try:
            return again(what)
        except ClientBusyError:
            time.sleep(0.05)


def walk(shop, cursor):
    """Answers two records, and stores one feed from its beginning, as a shop does that repeats what failed."""
    answered = sooner_or_later(lambda: answer_some(shop))
    while sooner_or_later(lambda: shop.flush(10_000)).waiting["answers"]:
        pass
    sooner_or_later(lambda: store(shop, cursor))
    return answered


def answer_some(shop):
    with shop.pull("listings_to_sync", page_size=10) as pull:
        page = pull.next(10_000)
        records = [str(record["id"]) for record in page.records][:2] if page else []
        if records:
            shop.ack(page.receipt, [{"id": one} for one in records])
    return set(records)


def store(shop, cursor):
    with shop.pull("orders", cursor=cursor) as pull:
        for page in pull:
            pull.commit(page)
        assert pull.is_done


def test_a_role_whose_idle_sessions_are_ended(server, schema, hub):
    """While the request is on the wire the lock of its order goes with the session; another client finds it, and does not send it again."""
    server.sql("CREATE ROLE sleepy LOGIN; ALTER ROLE sleepy SET idle_session_timeout = '200ms'")
    server.sql(f'CREATE SCHEMA "{schema}-sleepy" AUTHORIZATION sleepy', database="shop")
    address = server.url(f"{schema}-sleepy").replace("shop@", "sleepy@")
    with client(hub, address) as one, client(hub, address) as other:
        again(lambda: one.submit(order("I-1", orderItems=[item(hub)])))
        hub.delay(ms=2500, operation="createOrder")
        sending = threading.Thread(target=lambda: again(lambda: one.flush(10_000)))
        sending.start()
        time.sleep(0.5)
        again(lambda: other.flush(1500))
        sending.join()
        wait_until(lambda: again(lambda: other.flush(1000)).waiting["orders"] == 0)
        assert again(lambda: other.results(10))[0]["verdict"] == "applied"
    assert [entry["order_number"] for entry in hub.journal() if entry["operation"] == "createOrder"] == ["I-1"]


HOST = """
import os, sys, flxchannel
from orders import order
from test_faults import again
number, sku = sys.argv[1:]
with flxchannel.Client(channel="shop", token=os.environ["TOKEN"], origin=os.environ["ORIGIN"], **{"state.url": os.environ["STATE"], "state.wait_ms": 5000}) as shop:
    again(lambda: shop.submit(order(number, orderItems=[{"sku": sku, "quantity": 1, "price": "19.99"}])))
    again(lambda: shop.flush(10_000))
"""


def test_a_process_that_is_stopped_at_any_statement_wakes_without_its_session(server, schema, url, hub):
    """Its server has ended its session for standing still: others go on at once, and what it still says changes nothing."""
    hub.set(**{"order.duplicate": "second"})
    with client(hub, url, **{"http.attempt_ms": 2000}) as shop:
        stop, stopped = 0, True
        while stopped:
            stop += 3
            number, stopped = f"Z-{stop}", stop_at(server, schema, hub, shop, stop, f"Z-{stop}")
            wait_until(lambda: again(lambda: shop.flush(1000)).waiting["orders"] == 0)
            assert shop.outbox(number=number)[0]["verdict"] == "applied"
    assert stop > 12
    numbers = hub.order_numbers()
    assert len(numbers) == len(set(numbers)), "an order was doubled"


def stop_at(server, schema, hub, shop, message, number):
    road = Road(server.port)
    environment = {**os.environ, "TOKEN": hub.token, "ORIGIN": hub.url, "STATE": through(server, road, schema)}
    process = subprocess.Popen([sys.executable, "-c", HOST, number, hub.some_sku()], env=environment)

    def stand_still():
        process.send_signal(signal.SIGSTOP)
        server.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop' AND client_port IN ({', '.join(map(str, road.ports)) or 0})")
        again(lambda: shop.submit(order(f"{number}-beside", orderItems=[item(hub)])))
        again(lambda: shop.flush(1000))
        process.send_signal(signal.SIGCONT)

    road.on_cut = stand_still
    road.cut_at(message, behind=True)
    assert process.wait(60) == 0
    road.close()
    return road.cuts > 0


@pytest.fixture
def clock(tmp_path_factory):
    """A server whose clock is set by writing into a file."""
    place = tmp_path_factory.mktemp("clock")
    reachable(place)
    offset = place / "offset"
    offset.write_text("+0")
    library = next(path for path in ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1")
                   if os.path.exists(path))
    within = ("env", f"LD_PRELOAD={library}", f"FAKETIME_TIMESTAMP_FILE={offset}", "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1")
    with Server(place / "server", within=within).make() as one:
        yield one, offset


def test_the_clock_of_the_server_steps_by_hours(clock, hub):
    """Both ways, between and within what two clients do: nobody waits for an hour, and the hub is asked no more than it grants."""
    server, offset = clock
    hub.set(**{"limiter": "strict", "pool.headers": "absent"})
    url = server.schema("shop")
    with client(hub, url) as one, client(hub, url) as other:
        for turn, step in enumerate(("+0", "+5h", "+0", "-7h", "+300d", "-1h", "+0")):
            one.submit(order(f"S-{turn}a", orderItems=[item(hub)]))
            offset.write_text(step)
            one.submit(order(f"S-{turn}b", orderItems=[item(hub)]))
            for shop in (one, other):
                assert again(lambda: shop.flush(20_000)).outcome.name == "DONE", f"{step}: {one.stats()}"
    assert len(hub.order_numbers()) == 14
    assert sum(entry["status"] == 429 for entry in hub.journal()) == 0


def test_a_hundred_processes_on_twenty_connections(tmp_path_factory, hub):
    """Each stands in line for a session, and comes to its turn."""
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../faults"))
    import json

    from rig import native

    place = tmp_path_factory.mktemp("crowd")
    reachable(place)
    with Server(place / "server", "max_connections=20").make() as few:
        url = few.schema("shop")
        settings = {"channel": "shop", "token": hub.token, "origin": hub.url, "state.url": url, "state.wait_ms": 60_000}
        crowd = [
            subprocess.Popen(
                [native.program("worker"), json.dumps(settings), f"M-{number}", "0", "2", str(place / f"acked-{number}")],
                env={**native.environment(), "SUBMIT_ONLY": "1"}, stderr=subprocess.PIPE, text=True)
            for number in range(100)]
        ends = [(process.communicate()[1], process.returncode) for process in crowd]
        assert [end for end in ends if end != ("", 0)] == []
        with client(hub, url) as shop:
            assert len(shop.outbox(limit=1000)) == 200


@contextlib.contextmanager
def pooler(server, role, mode, place):
    reachable(place)
    port = free_port()
    (place / "users").write_text(f'"{role}" ""\n')
    (place / "ini").write_text(f"""[databases]
shop = host=127.0.0.1 port={server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {place}/users
pool_mode = {mode}
default_pool_size = {2 if mode == "session" else 1}
""")
    process = subprocess.Popen(
        [shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", "-q", str(place / "ini")], user="postgres" if os.getuid() == 0 else None,
        stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0)
        yield f"postgresql://{role}@127.0.0.1:{port}/shop"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def pooled(server, schema):
    """A role with a schema of its own: a pooler passes no options on."""
    server.sql(f"CREATE ROLE {schema} LOGIN; ALTER ROLE {schema} SET search_path = {schema}")
    server.sql(f"CREATE SCHEMA {schema} AUTHORIZATION {schema}", database="shop")
    return server


def test_a_pooler_in_session_mode(pooled, schema, hub, tmp_path_factory):
    with pooler(pooled, schema, "session", tmp_path_factory.mktemp("pooler")) as url, client(hub, url) as one, client(hub, url) as other:
        one.submit(order("B-1", orderItems=[item(hub)]))
        assert other.flush(20_000).outcome.name == "DONE"
        with pytest.raises(StateBusyError):
            client(hub, url, **{"state.wait_ms": 500})
        one.close()
        client(hub, url).close()  # what the one has left in the session is not the other's
    assert hub.order_numbers() == ["B-1"]


def test_a_pooler_in_transaction_mode_is_refused(pooled, schema, hub, tmp_path_factory):
    """As soon as two clients are behind it: alone there is one session for all that one client does."""
    with pooler(pooled, schema, "transaction", tmp_path_factory.mktemp("pooler")) as url, client(hub, url) as one, client(hub, url) as other:
        with pytest.raises(PathError, match="session mode"):
            for number in range(4):
                one.submit(order(f"T-{number}", orderItems=[item(hub)]))
                other.submit(order(f"T-{number}-other", orderItems=[item(hub)]))


def test_a_library_of_another_channel_finds_its_own(server, url, schema, hub):
    """A schema that another program uses is let alone: no table of it is touched."""
    server.sql(f'CREATE TABLE "{schema}".outbox (id int); INSERT INTO "{schema}".outbox VALUES (7); ALTER TABLE "{schema}".outbox OWNER TO shop', database="shop")
    with pytest.raises(FlxError):
        client(hub, url)
    assert server.sql(f'SELECT id FROM "{schema}".outbox', database="shop") == "7"
    assert flxchannel.__name__ and server.sql(f"SELECT count(*) FROM pg_tables WHERE schemaname = '{schema}'", database="shop") == "1"
