"""Bad input of every kind: an error with a message and a path, nothing sent, nothing lost, no crash."""

from __future__ import annotations

import os
import sqlite3

import pytest

import flxchannel
from flxchannel import Client
from orders import order


def settings(directory, **changes):
    return {"channel": "shop", "token": "t", "state_dir": directory, "origin": "http://127.0.0.1:1", **changes}


def test_unknown_key_names_the_nearest_one(state_dir):
    with pytest.raises(flxchannel.ConfigError, match="state_dir") as caught:
        Client(channel="shop", token="t", state_dirr=state_dir)

    assert "state_dirr" in str(caught.value)


@pytest.mark.parametrize("missing", ["channel", "token", "state_dir"])
def test_required_key_that_is_missing_is_named(state_dir, missing):
    with pytest.raises(flxchannel.ConfigError, match=missing):
        Client(**settings(state_dir, **{missing: None}))


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "Shop Nr 1"}, {"channel": ""}, {"channel": "x" * 65}, {"channel": "../up"}, {"token": ""},
        {"token": "a b\n"}, {"origin": "http://example.com"}, {"origin": "ftp://127.0.0.1"},
        {"origin": "https://user@example.com"}, {"state": {"wait_ms": -1}}, {"state": {"wait_ms": "soon"}},
        {"log": {"level": "loud"}}, {"page": {"size": 10**12}}, {"hub": {"overrides": "[1]"}}, {"hub": {"overrides": [1]}},
        {"channel": ["a"]},
    ],
)
def test_value_out_of_range_is_a_config_error(state_dir, changes):
    with pytest.raises(flxchannel.ConfigError):
        Client(**settings(state_dir, **changes))
    assert not state_dir.exists()


def test_state_directory_without_a_parent_is_a_path_error(tmp_path):
    with pytest.raises(flxchannel.PathError):
        Client(**settings(tmp_path / "no" / "such"))


def test_state_directory_that_is_a_file_is_a_path_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(flxchannel.PathError):
        Client(**settings(tmp_path / "file"))


def test_state_directory_open_to_others_is_made_private_and_the_log_says_so(tmp_path):
    (tmp_path / "open").mkdir()
    os.chmod(tmp_path / "open", 0o777)
    lines = []
    with Client(**settings(tmp_path / "open"), on_log=lambda level, line: lines.append(line)):
        assert (tmp_path / "open").stat().st_mode & 0o777 == 0o700
    assert [line for line in lines if "state.tightened" in line and "(0777)" in line]


def test_state_directory_that_others_can_move_away_is_a_path_error(tmp_path):
    (tmp_path / "open").mkdir()
    os.chmod(tmp_path / "open", 0o777)
    with pytest.raises(flxchannel.PathError, match="every user"):
        Client(**settings(tmp_path / "open" / "state"))


def test_state_file_of_another_origin_is_an_identity_error(state_dir):
    with Client(**settings(state_dir)) as client:
        client.submit(order())
    with pytest.raises(flxchannel.IdentityError):
        Client(**settings(state_dir, origin="http://127.0.0.1:2"))

    with Client(**settings(state_dir)) as client:
        assert len(client.outbox()) == 1


def test_state_file_that_is_none_is_left_as_it_is(state_dir):
    state_dir.mkdir(mode=0o700)
    (state_dir / "shop.db").write_bytes(b"these are not the bytes" * 100)
    os.chmod(state_dir / "shop.db", 0o600)
    with pytest.raises(flxchannel.StateError):
        Client(**settings(state_dir))

    assert (state_dir / "shop.db").read_bytes().startswith(b"these are not")


def test_state_file_of_a_newer_release_is_refused(state_dir):
    Client(**settings(state_dir)).close()
    with sqlite3.connect(state_dir / "shop.db") as database:
        database.execute("UPDATE meta SET value = '999' WHERE key IN ('schema', 'oldest_reader')")
    with pytest.raises(flxchannel.StateError) as caught:
        Client(**settings(state_dir))

    assert caught.value.name == "FLX_E_STATE_NEWER"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"a":1}{', b"\xff\xfe", "x" * 10])
def test_text_that_is_no_order_is_refused(idle_client, text):
    with pytest.raises(flxchannel.UseError) as caught:
        idle_client.submit(text)

    assert caught.value.message
    assert idle_client.outbox() == []


BAD_ORDERS = {
    "/orderNumber": order(orderNumber=None),
    "/orderItems": order(orderItems=[]),
    "/orderItems/0/price": order(orderItems=[{"sku": "A", "quantity": 1, "price": "19,99"}]),
    "/orderItems/0/quantity": order(orderItems=[{"sku": "A", "price": "1"}]),
    "/orderItems/1/quantity": order(orderItems=[{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": -1}]),
    "/orderedAt": order(orderedAt="2026-01-31T12:00:00"),
    "/orderTotal": order(orderTotal="12.3.4"),
    "/ordrTotal": order(ordrTotal="12"),
}


@pytest.mark.parametrize("path", BAD_ORDERS)
def test_fault_of_an_order_has_its_path(idle_client, path):
    with pytest.raises(flxchannel.OrderError) as caught:
        idle_client.submit(BAD_ORDERS[path])

    assert [fault["path"] for fault in caught.value.faults] == [path]
    assert caught.value.faults[0]["message"]
    assert idle_client.outbox() == []


@pytest.mark.parametrize("text", ["Gift \x00 wrap", "Gift \ud83d wrap"])
def test_character_that_cannot_be_is_told_with_its_path(idle_client, text):
    bad = order(orderItems=[{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 1, "title": text}])
    with pytest.raises(flxchannel.UseError) as caught:
        idle_client.submit(bad)

    assert caught.value.path == "/orderItems/1/title"


def test_half_a_surrogate_pair_is_not_utf8(idle_client):
    with pytest.raises(flxchannel.UseError):
        idle_client.submit(order("A-\ud800"))
    with pytest.raises(flxchannel.Utf8Error):
        idle_client.history("\ud800")


def test_nul_in_a_number_is_refused(idle_client):
    with pytest.raises(flxchannel.UseError):
        idle_client.submit(order("A\x00B"))


def test_huge_order_is_refused(idle_client):
    with pytest.raises(flxchannel.UseError) as caught:
        idle_client.submit(order(note="x" * 40_000_000))

    assert caught.value.name in ("FLX_E_TOO_LARGE", "FLX_E_ORDER")


def test_deep_order_is_refused(idle_client):
    with pytest.raises(flxchannel.UseError):
        idle_client.submit('{"extra":' + "[" * 100_000 + "]" * 100_000 + "}")


@pytest.mark.parametrize("feed", ["listing", "", 0, 7, -1])
def test_no_such_feed_is_refused(idle_client, feed):
    with pytest.raises(flxchannel.ArgumentError):
        idle_client.pull(feed)


@pytest.mark.parametrize(
    "feed, near", [("listing_to_sync", "listings_to_sync"), ("Order", "orders"), ("shipment", "shipments"), ("xyz", "there are")]
)
def test_misspelt_feed_is_told_the_nearest(idle_client, feed, near):
    with pytest.raises(flxchannel.ArgumentError, match=near) as caught:
        idle_client.pull(feed)

    assert (caught.value.name, caught.value.path) == ("FLX_E_ARGUMENT", "feed")


@pytest.mark.parametrize(
    "spec", [{"colour": "red"}, {"page_size": "many"}, {"page_size": 0}, {"since": "2026-01-31T12:00:00"}, {"cursor": 3}]
)
def test_filter_that_does_not_fit_is_refused(idle_client, spec):
    with pytest.raises(flxchannel.UseError) as caught:
        idle_client.pull("orders", **spec)

    assert next(iter(spec)) in caught.value.path + caught.value.message


@pytest.mark.parametrize("cursor", ["yesterday", "2026-01-31T12:00:00", "2026-02-30T00:00:00Z"])
def test_cursor_that_is_no_instant_is_refused(idle_client, cursor):
    with pytest.raises(flxchannel.UseError):
        idle_client.set_cursor("orders", cursor)


@pytest.mark.parametrize("count", [0, 10_001, 2**40])
def test_count_out_of_range_is_refused(idle_client, count):
    with pytest.raises(flxchannel.ArgumentError):
        idle_client.results(count)


@pytest.mark.parametrize(
    "use",
    [
        lambda c: c.flush(2**31), lambda c: c.results(-1), lambda c: c.pull(2**40), lambda c: c.ack_results(-1, 1),
    ],
)
def test_number_that_ctypes_would_cut_is_refused(idle_client, use):
    with pytest.raises(OverflowError):
        use(idle_client)


@pytest.mark.parametrize(
    "use",
    [
        lambda c: c.flush("1"), lambda c: c.flush(1.5), lambda c: c.submit(object()), lambda c: c.ack(None, []),
        lambda c: c.set_token(7), lambda c: c.history(None),
    ],
)
def test_other_type_is_a_type_error(idle_client, use):
    with pytest.raises((TypeError, AttributeError)):
        use(idle_client)


def test_outbox_filter_that_is_unknown_is_refused(idle_client):
    with pytest.raises(flxchannel.OperationError):
        idle_client.outbox(colour="red")
    with pytest.raises(flxchannel.OperationError):
        idle_client.purge(colour="red")


def test_negative_budget_is_answered_without_a_crash(idle_client):
    try:
        idle_client.flush(-2)
    except flxchannel.FlxError as error:
        assert error.code == -101
