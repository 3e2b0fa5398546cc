"""Servers that are not as they should be: clear errors, nothing lost, nothing doubled."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import flxchannel
from cutting import Road
from flxchannel import ClientBusyError, FlxError, PathError, StateBusyError, StateError
from orders import order
from server import Server, reachable


def client(hub, url, **config):
    return flxchannel.Client(
        **{"channel": "shop", "token": hub.token, "origin": hub.url, "state.url": url, "state.wait_ms": 2000, **config})


def item(hub):
    return {"sku": hub.some_sku(), "quantity": 1, "price": "19.99"}


def through(server: Server, road: Road, schema: str) -> str:
    return server.url(schema).replace(f":{server.port}/", f":{road.port}/")


@pytest.fixture
def road(server):
    road = Road(server.port)
    yield road
    road.close()


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
def test_the_session_is_cut_at_every_statement(server, schema, url, road, hub, behind):
    """An order is taken, sent and settled while its session is lost at the first message, at the second, and so on."""
    with client(hub, through(server, road, schema)) as shop:
        cut = 0
        while True:
            number, cut = f"K-{cut + 1}", cut + 1
            road.cut_at(cut, behind=behind)
            before = road.cuts
            life(shop, hub, number)
            if road.cuts == before:
                break  # it came to its end before that message
    assert cut > 20
    entries = [entry for entry in hub.journal() if entry["operation"] == "createOrder"]
    assert sorted(hub.order_numbers()) == sorted(f"K-{number}" for number in range(1, cut + 1))
    assert len(entries) == cut, "an order was posted twice"


def life(shop, hub, number):
    """What a shop that repeats what failed does with one order."""
    again(lambda: shop.submit(order(number, orderItems=[item(hub)])))
    while True:
        again(lambda: shop.flush(10_000))
        results = [result for result in again(lambda: shop.results(100)) if result["number"] == number]
        if results:
            break
    assert results[0]["verdict"] == "applied"
    again(lambda: shop.settle([number]))


def again(what):
    for _ in range(20):
        try:
            return what()
        except ClientBusyError:
            raise
        except (StateBusyError, StateError, FlxError) as error:
            assert error.code in (FLX_E_STATE_BUSY, FLX_E_STATE, FLX_E_RATE_LIMIT), error
    raise AssertionError("it never came through")


FLX_E_STATE_BUSY, FLX_E_STATE, FLX_E_RATE_LIMIT = (
    next(one["code"] for one in flxchannel.describe("errors") if one["name"] == name)
    for name in ("FLX_E_STATE_BUSY", "FLX_E_STATE", "FLX_E_RATE_LIMIT"))


def test_a_commit_whose_answer_is_lost_is_read_again(server, schema, url, road, hub, in_psql):
    """The last message of a submit is its commit: the server does it, and the client is told that it is done."""
    with client(hub, through(server, road, schema)) as shop:
        shop.submit(order("L-0", orderItems=[item(hub)]))
        road.cut_at(0, behind=True)
        shop.submit(order("L-1", orderItems=[item(hub)]))
        commit = road.messages
        road.cut_at(commit, behind=True)
        assert shop.submit(order("L-2", orderItems=[item(hub)]))["state"] == "queued"
        assert road.cuts == 1
    assert in_psql("SELECT count(*) FROM outbox") == "3"


def test_a_server_that_restarts_is_waited_for(server, hub, url):
    with client(hub, url, **{"state.wait_ms": 10_000}) as shop:
        shop.submit(order("R-1", orderItems=[item(hub)]))
        server.restart("immediate")
        shop.submit(order("R-2", orderItems=[item(hub)]))
        assert shop.flush(20_000).outcome.name == "DONE"
    assert sorted(hub.order_numbers()) == ["R-1", "R-2"]


def test_a_server_that_hangs_keeps_nobody(server, schema, url, road, hub):
    """Deadlines hold: of what the host gave, and of state.wait_ms."""
    with client(hub, through(server, road, schema), **{"state.wait_ms": 500}) as shop:
        shop.submit(order("H-1", orderItems=[item(hub)]))
        road.hang()
        with pytest.raises(StateBusyError):
            shop.submit(order("H-2", orderItems=[item(hub)]))
        road.hang(False)
        road.cut_all()
        again(lambda: shop.submit(order("H-2", orderItems=[item(hub)])))
        again(lambda: shop.flush(20_000))
    assert sorted(hub.order_numbers()) == ["H-1", "H-2"]


def test_a_server_that_is_not_there(hub, tmp_path):
    with pytest.raises(StateBusyError, match="cannot be used now.*refused"):
        client(hub, "postgresql://shop@127.0.0.1:1/shop", **{"state.wait_ms": 300})


def test_no_word_of_the_password(server, url, hub):
    """A password is in no message, whatever is wrong."""
    secret = "pa55-of-the-shop"
    logs = []
    for wrong in (f"postgresql://shop:{secret}@127.0.0.1:1/shop", f"postgresql://nobody:{secret}@127.0.0.1:{server.port}/shop",
                  f"postgresql://shop:{secret}@127.0.0.1:{server.port}/nothing", f"postgres:{secret}", f"password={secret} host="):
        with pytest.raises(FlxError) as told:
            client(hub, wrong, **{"state.wait_ms": 300}, on_log=lambda level, line: logs.append(line))
        assert secret not in str(told.value) + repr(told.value)
    address = url.replace("shop@", f"shop:{secret}@")
    with client(hub, address, log={"level": "debug"}, on_log=lambda level, line: logs.append(line)) as shop:
        assert secret not in repr(shop) + str(shop.stats())
    assert logs and secret not in "".join(logs)


@pytest.mark.parametrize("role, reason", [
    ("nobody_here", "does not exist"),
    ("no_schema", "a schema"),
    ("guest", "permission denied"),
])
def test_roles_without_rights(server, url, schema, hub, role, reason):
    if role != "nobody_here" and not server.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
        server.sql(f"CREATE ROLE {role} LOGIN")
        server.sql(f'GRANT USAGE ON SCHEMA "{schema}" TO guest' if role == "guest" else "SELECT 1", database="shop")
    address = url.replace("shop@", f"{role}@")
    if role == "no_schema":
        address = address.partition("?")[0] + "?options=-csearch_path%3Dnowhere"
    with pytest.raises(PathError, match=reason):
        client(hub, address)


def test_a_newer_schema_is_let_alone(url, hub, in_psql):
    client(hub, url).close()
    in_psql("UPDATE meta SET value = '99' WHERE key IN ('schema', 'oldest_reader')")
    with pytest.raises(FlxError, match="upgrade the library"):
        client(hub, url)


def test_a_replica_is_refused(server, url, hub, tmp_path_factory):
    place = tmp_path_factory.mktemp("replica")
    reachable(place)
    replica = Server(place / "server")
    with replica.make_replica_of(server):
        with pytest.raises(FlxError, match="replica.*primary"):
            client(hub, url.replace(f":{server.port}/", f":{replica.port}/"), **{"state.wait_ms": 300})


def test_a_role_with_short_timeouts(server, schema, hub):
    server.sql("CREATE ROLE hasty LOGIN; ALTER ROLE hasty SET statement_timeout = '250ms'")
    server.sql(f'CREATE SCHEMA "{schema}-hasty" AUTHORIZATION hasty', database="shop")
    address = server.url(f"{schema}-hasty").replace("shop@", "hasty@")
    with client(hub, address) as shop:
        shop.submit(order("T-1", orderItems=[item(hub)]))
        blocker = subprocess.Popen(
            ["psql", address, "-XAtq", "-c", "BEGIN; LOCK TABLE outbox; SELECT pg_sleep(1)", "-c", "COMMIT"],
            env={**os.environ, "PGOPTIONS": ""}, stderr=subprocess.DEVNULL)
        results = again(lambda: shop.submit(order("T-2", orderItems=[item(hub)])))
        blocker.wait(20)
        assert results["state"] == "queued"
        assert again(lambda: shop.flush(20_000)).outcome.name == "DONE"
    assert sorted(hub.order_numbers()) == ["T-1", "T-2"]


def test_more_clients_than_connections(tmp_path_factory, hub):
    """They stand in line for a session, and say why."""
    place = tmp_path_factory.mktemp("few")
    reachable(place)
    with Server(place / "server", "max_connections=8", "superuser_reserved_connections=3").make() as few:
        url = few.schema("shop")
        clients = [client(hub, url) for _ in range(5)]
        with pytest.raises(StateBusyError, match="connections|clients"):
            client(hub, url, **{"state.wait_ms": 300})
        clients[0].close()
        client(hub, url).close()
        for one in clients:
            one.close()


def test_the_clock_of_the_server_steps(server, url, hub, in_psql):
    """What was put off until an instant that a wrong clock gave is due, as with the clock of a machine."""
    with client(hub, url) as shop:
        shop.submit(order("S-1", orderItems=[item(hub)]))
        in_psql("UPDATE outbox SET next_at = next_at + 400 * 86400000::bigint + extract(epoch FROM now())::bigint * 1000")
        assert shop.flush(20_000).outcome.name == "DONE"
    assert hub.order_numbers() == ["S-1"]


def test_libpq_is_missing(url, hub):
    """The first error names the package."""
    code = f"""
import ctypes, flxchannel
try:
    flxchannel.Client(channel="shop", token="t", origin="{hub.url}", **{{"state.url": "{url}"}})
except flxchannel.PathError as error:
    print(error)
"""
    hide = 'for one in $(ldconfig -p | sed -n "s/.*libpq.so.5 .*=> //p"); do mount --bind /dev/null "$(readlink -f "$one")"; done'
    hidden = ["unshare", "-m", "sh", "-c", hide + '; exec "$@"', "sh"]
    if os.getuid() != 0:
        hidden.insert(1, "-r")
    done = subprocess.run([*hidden, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "libpq5" in done.stdout


def test_a_child_lets_the_session_of_its_parent_alone(server, url, hub):
    shop = client(hub, url)
    shop.submit(order("F-1", orderItems=[item(hub)]))
    child = os.fork()
    if child == 0:
        try:
            shop.submit(order("F-2"))
            os._exit(1)
        except flxchannel.ForkedError:
            shop.close()
        with client(hub, url) as own:
            own.submit(order("F-3", orderItems=[item(hub)]))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    shop.submit(order("F-4", orderItems=[item(hub)]))
    assert shop.flush(20_000).outcome.name == "DONE"
    shop.close()
    assert sorted(hub.order_numbers()) == ["F-1", "F-3", "F-4"]
