"""One channel whose state lies in a server: all that a shop does, by several clients as if they were several machines."""

from __future__ import annotations

import threading

import pytest

from flxchannel import ClientBusyError, ConfigError, ConflictError, IdentityError
from orders import order


def test_orders_are_taken_sent_and_settled(opened, hub, in_psql):
    client = opened()
    receipts = [client.submit(order(f"A-{number}", orderItems=[item(hub)])) for number in range(12)]
    assert {receipt["state"] for receipt in receipts} == {"queued"}
    assert in_psql("SELECT count(*) FROM outbox WHERE state = 1") == "12"
    assert client.flush(20_000).outcome.name == "DONE"
    results = client.results(100)
    assert sorted(result["number"] for result in results) == sorted(f"A-{number}" for number in range(12))
    assert {result["verdict"] for result in results} == {"applied"}
    client.settle([result["number"] for result in results])
    assert client.results(100) == []
    assert sorted(hub.order_numbers()) == sorted(f"A-{number}" for number in range(12))


def test_what_one_client_takes_another_sends(opened, hub):
    web, cron = opened(), opened()
    web.submit(order("B-1", orderItems=[item(hub)]))
    assert cron.flush(20_000).outcome.name == "DONE"
    assert web.results(10)[0]["verdict"] == "applied"
    assert [event["what"] for event in web.history("B-1")["events"]] == ["submitted", "sending", "posted"]
    with pytest.raises(ConflictError):
        cron.submit(order("B-1", orderItems=[item(hub)], orderTotal="99.99"))


def test_four_clients_send_each_order_once(opened, hub):
    clients = [opened() for _ in range(4)]
    for number in range(40):
        clients[number % 4].submit(order(f"C-{number}", orderItems=[item(hub)]))
    threads = [threading.Thread(target=client.flush, args=(30_000,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clients[0].flush(20_000).outcome.name == "DONE"
    assert sorted(hub.order_numbers()) == sorted(f"C-{number}" for number in range(40))
    assert posts(hub) == 40


def test_a_feed_has_one_holder(opened, hub):
    first, second = opened(), opened()
    with first.pull("orders") as pull:
        pull.next(10_000)
        with pytest.raises(ClientBusyError, match="pull of process"):
            second.pull("orders").next(1000)
        held = second.holders()
        assert [(holder["feed"], holder["by"]) for holder in held] == [("orders", "pull")]
    assert second.holders() == []
    with second.pull("orders") as pull:
        pull.next(10_000)


def test_a_feed_is_free_when_its_session_ends(opened, server, hub):
    first, second = opened(), opened()
    pull = first.pull("listings")
    page = pull.next(10_000)
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop'")
    with second.pull("listings") as other:
        theirs = other.next(10_000)
        with pytest.raises(ClientBusyError, match="does not hold its feed any more"):
            pull.commit(page)
        other.commit(theirs)


def test_a_pull_goes_on_in_another_session(opened, server, hub):
    client = opened()
    with client.pull("listings_to_sync", page_size=2) as pull:
        seen = [record["id"] for record in pull.next(10_000).records]
        server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop'")
        for page in pull:
            seen += [record["id"] for record in page.records]
    assert len(seen) == len(set(seen)) > 4


def test_listings_are_pulled_answered_and_gone_from_the_queue(opened, hub):
    client = opened()
    with client.pull("listings_to_sync") as pull:
        for page in pull:
            client.ack(page.receipt, [{"id": str(record["id"])} for record in page.records])
    assert client.flush(20_000).outcome.name == "DONE"
    assert all(result["verdict"] == "applied" for result in client.ack_results(0, 100))


def test_cursors_are_kept(opened, hub):
    client = opened()
    client.submit(order("D-1", orderItems=[item(hub)]))
    client.flush(20_000)
    with client.pull("orders") as pull:
        for page in pull:
            pull.commit(page)
    assert [cursor["feed"] for cursor in opened().cursors()] == ["orders"]


def test_the_budget_is_shared(opened, hub):
    """Two clients, as two machines: together they ask no more than one may."""
    hub.set(**{"limiter": "strict", "pool.headers": "absent"})
    clients = [opened() for _ in range(2)]
    for number in range(8):
        clients[number % 2].submit(order(f"E-{number}", orderItems=[item(hub)]))
    threads = [threading.Thread(target=client.flush, args=(60_000,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hub.order_numbers()) == 8
    assert all(entry["status"] != 429 for entry in hub.journal())


def test_a_schema_is_of_one_channel(opened, hub):
    opened()
    with pytest.raises(IdentityError, match="belongs to channel"):
        opened(channel="other")


def test_one_place_is_enough(opened, tmp_path):
    for key in ("state_dir", "rate_limit.dir"):
        with pytest.raises(ConfigError, match="is set beside state.url"):
            opened(**{key: tmp_path})


def item(hub):
    return {"sku": hub.some_sku(), "quantity": 1, "price": "19.99"}


def posts(hub):
    return sum(entry["operation"] == "createOrder" for entry in hub.journal())
