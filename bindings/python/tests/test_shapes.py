"""The types of what the library tells say what it tells: no member more, none less, each of its type."""

from __future__ import annotations

from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

import flxchannel
from flxchannel import events, inputs, shapes
from orders import flush_until_quiet, order


def faults(value, kind, path="") -> "list[str]":
    """Where a value is not of a type."""
    arguments, origin = get_args(kind), get_origin(kind)
    if kind is Any:
        return []
    if origin is Union:
        found = [faults(value, one, path) for one in arguments]
        return [] if [] in found else min(found, key=len)
    if origin is Literal:
        return [] if value in arguments else [f"{path}: {value!r} is none of {arguments}"]
    if origin is list:
        return [fault for at, one in enumerate(value) for fault in faults(one, arguments[0], f"{path}/{at}")]
    if origin is dict:
        return [fault for key, one in value.items()
                for fault in faults(key, arguments[0], path) + faults(one, arguments[1], f"{path}/{key}")]
    if hasattr(kind, "__total__"):
        hints = get_type_hints(kind)
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no object"]
        if value.keys() != hints.keys():
            return [f"{path}: has {sorted(set(value) ^ set(hints))} too much or too little"]
        return [fault for name, one in hints.items() for fault in faults(value[name], one, f"{path}/{name}")]
    return [] if type(value) is kind else [f"{path}: {value!r} is no {kind}"]


def event_types():
    return {get_args(get_type_hints(one)["type"])[0]: one for one in get_args(events.Event)}


def test_outbox_and_answers(client, sandbox):
    assert faults(client.submit(order()), shapes.OrderReceipt) == []
    with client.pull("listings_to_sync") as pull:
        for page in pull:
            client.ack(page.receipt, [{"id": row["id"]} for row in page if not row.get("changeToListingStatus")])
            assert faults(client.holders(), list[shapes.Holder]) == []
    assert faults(flush_until_quiet(client).json, shapes.Flushed) == []
    assert faults(client.results(5), list[shapes.OutboxOrder]) == []
    assert faults(client.outbox(), list[shapes.OutboxOrder]) == []
    assert faults(client.history("A-1"), shapes.History) == []
    assert faults(client.ack_results(0, 5), list[shapes.AnswerResult]) == []
    assert faults(client.cancel_order("A-1"), shapes.Canceled) == []
    client.settle(["A-1"])
    assert faults(client.purge(numbers=["A-1"]), shapes.Purged) == []


def test_channel(open_client, sandbox):
    client = open_client(snapshots={"keep_days": 1})
    assert faults(client.probe(), shapes.ProbeReport) == []
    for page in client.pull("listings"):
        page.commit()
    sku = sandbox.some_sku()
    assert faults(client.snapshot(sku=sku), shapes.Snapshot) == []
    assert faults(client.cursors(), list[shapes.Cursor]) == [] != client.cursors()
    with client.pull("listings_to_sync"):
        assert faults(client.stats(), shapes.Stats) == []
        assert client.stats()["holders"] and client.stats()["learnt"]
    assert faults(client.call("getListingVariantsCount"), shapes.Called) == []


def test_probe_of_a_refused_token(open_client):
    assert faults(open_client(token="wrong").probe(), shapes.ProbeReport) == []


def test_faults_of_an_order():
    found = flxchannel.order_check({**order("A" * 60), "orderItems": []})

    assert faults(list(found), list[shapes.Fault]) == faults(found.warnings, list[shapes.Fault]) == []
    assert found and found.warnings


def test_events_and_summary(client, sandbox):
    seen = []
    client.submit(order(orderItems=[{"sku": sandbox.some_sku(), "quantity": 1}]))
    flush_until_quiet(client)
    sandbox.ship("A-1", "TRACK-1")
    listing = next(row for row in sandbox.get("listings") if row["listing_status"] == "listed" and not row["held_back"])
    sandbox.post("listings", {"id": listing["id"], "status": "hidden"})

    summary = client.sync(dict.fromkeys(event_types(), seen.append), progress=True)

    assert {"result", "publish", "sync", "change", "order", "shipment", "progress"} <= {event["type"] for event in seen}
    assert [fault for event in seen for fault in faults(event, event_types()[event["type"]], event["type"])] == []
    assert faults(summary, events.Summary) == []


def test_every_type_of_event_has_a_handler():
    assert set(event_types()) == set(get_type_hints(events.Handlers))


def test_config_has_every_key():
    keys = set()
    for name, kind in get_type_hints(inputs.Settings).items():
        keys |= {f"{name}.{one}" for one in get_type_hints(kind)} if hasattr(kind, "__total__") else {name}

    assert keys == {row["key"] for row in flxchannel.describe("config")}


@pytest.mark.parametrize("value, kind", [
    ({"purged": "3"}, shapes.Purged), ({"purged": 3, "more": 1}, shapes.Purged), ({}, shapes.Purged),
    ({"orders": 1, "answers": None}, shapes.Waiting), ("aplied", shapes.OrderVerdict), ([{"path": "/"}], list[shapes.Fault]),
])
def test_checker_finds_what_is_wrong(value, kind):
    assert faults(value, kind)
