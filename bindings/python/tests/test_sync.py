"""Rounds: all of a channel's work in one loop."""

from __future__ import annotations

import logging
import os
import time

import pytest

from flxchannel import AnswerError, JsonError, NotFoundError, OperationError, UseError
from orders import flush_until_quiet, order


class Raises(os.PathLike):
    """A value of the host whose conversion is code of the host."""

    def __fspath__(self):
        raise OSError("the shop's disk is away: Ada Example")


def yes(event):
    return True


ALL = dict.fromkeys(("result", "publish", "sync", "change", "order", "shipment", "return", "gone"), yes)


def kept(seen, **replies):
    """Handlers of all types that keep what they are given, and say what `replies` has for the type, else True."""
    def handler(event):
        seen.append(event)
        said = replies.get(event["type"], True)
        return said(event) if callable(said) else said
    return dict.fromkeys(ALL, handler)


def test_whole_round_answers_everything(client, sandbox):
    seen = []

    summary = client.sync(kept(seen))

    assert summary["complete"], summary
    types = {event["type"] for event in seen}
    assert {"publish", "sync"} <= types
    assert sandbox.get("listings?waiting=sync") == sandbox.get("listings?waiting=publish") == []
    assert client.sync(ALL)["parts"]["sync"]["done"] == 0


def test_only_what_has_a_handler_is_run(client):
    summary = client.sync({"sync": yes, "change": yes})

    assert list(summary["parts"]) == ["sync"]


def test_change_must_be_said(client, sandbox):
    """A handler that returns nothing has stored a record, but has not confirmed that it hid a listing."""
    seen = []
    listing = next(row for row in sandbox.get("listings") if row["listing_status"] == "listed" and not row["held_back"])
    sandbox.post("listings", {"id": listing["id"], "status": "hidden"})

    summary = client.sync(kept(seen, change=None))

    changes = [event for event in seen if event["type"] == "change"]
    assert changes, "the seed has no queued change"
    assert any("return True once the change was carried out" in why for part in summary["parts"].values() for why in part["why"])
    again = []
    while not client.sync(kept(again))["complete"]:  # what changed a moment ago comes once more
        time.sleep(0.5)
    assert {event["id"] for event in again if event["type"] == "change"} == {event["id"] for event in changes}
    assert sandbox.variant(listing["id"])["listing_status"] == "hidden"


def test_handler_for_changes_is_needed(client):
    with pytest.raises(ValueError, match="change"):
        client.sync({"sync": yes})
    with pytest.raises(ValueError, match="synch"):
        client.sync({"synch": yes})


def test_handler_that_fails_stops_nothing_and_its_event_comes_again(client, caplog):
    failed = []

    def fail(event):
        failed.append(event["id"])
        raise RuntimeError("the shop's database is away: Ada Example")

    with caplog.at_level(logging.ERROR, "flxchannel"):
        summary = client.sync({**ALL, "sync": lambda event: True if failed else fail(event)})

    assert summary["parts"]["sync"]["later"] == 1
    assert "Ada" not in str(summary)
    assert any("handler of a sync event failed" in record.message for record in caplog.records)
    again = []
    client.sync(kept(again))
    assert [event["id"] for event in again if event["type"] == "sync"] == failed


@pytest.mark.parametrize(
    "reply, why", [
        ({"status": "nonsense"}, "/status"), ({"status": object()}, "no exact form"), ({"status": 1.5}, "Decimal"),
        ({1: 2}, "type str"), ({"é" * 1500: 1}, "is not a member"), ({"error": "\ud800"}, "UTF-8"), ({"error": Raises()}, "Ada"),
        *((kind, "a handler returns True") for kind in (1.5, 0, 1, "", "true", b"{}", [], (), object(), ValueError("given back"))),
    ])
def test_wrong_reply_of_a_handler_is_no_answer(client, caplog, reply, why):
    """And the others go on, whatever the host's own code raises in its conversion."""
    first = []

    def answer(event):
        first.append(event["id"])
        return reply if event["id"] == first[0] else False

    summary = client.sync({"change": yes, "sync": answer})

    assert summary["parts"]["sync"]["done"] == 0 and summary["parts"]["sync"]["later"] == len(first) > 1
    assert any(why in str(record.exc_info[1]) for record in caplog.records if record.exc_info)
    assert "Ada" not in str(summary)


def test_order_takes_effect_and_its_result_is_settled(client, sandbox):
    number = "A-77"
    client.submit(order(number, orderItems=[{"sku": sandbox.some_sku(), "quantity": 1, "price": "19.99"}]))
    results = []

    client.sync({"result": lambda event: results.append(event["order"]) or True})

    assert sandbox.order_numbers() == [number]
    assert [(one["number"], one["verdict"]) for one in results] == [(number, "applied")]
    assert client.results(9) == []


def test_shipment_comes_with_the_shops_number(client, sandbox):
    client.submit(order("A-78", orderItems=[{"sku": sandbox.some_sku(), "quantity": 1, "price": "19.99"}]))
    flush_until_quiet(client)
    sandbox.ship("A-78", "1Z999")
    seen = []

    client.sync(kept(seen))

    parcels = [event for event in seen if event["type"] == "shipment"]
    assert [event["record"]["trackingNumber"] for event in parcels if event["order_number"] == "A-78"] == ["1Z999"]


def test_listing_that_is_gone_is_told_until_it_is_stored(sandbox, open_client):
    client = open_client()
    often = {"every_s": {"gone": 0}}
    client.sync({"gone": yes}, **often)
    gone = sandbox.get("listings")[0]
    sandbox.post("listings", {"id": gone["id"], "delete": True})
    seen = []

    client.sync({"gone": lambda event: seen.append(event) or False}, **often)
    client.sync({"gone": lambda event: seen.append(event) or True}, **often)
    client.sync({"gone": lambda event: seen.append(event) or True}, **often)

    assert [event["id"] for event in seen] == [str(gone["id"])] * 2
    assert {event["sku"] for event in seen} == {gone["sku"]}


def test_events_one_by_one(client):
    with client.open_sync(parts=["sync"]) as sync:
        event = sync.next(20_000)
        assert event["type"] == "sync"
        with pytest.raises(AnswerError) as refused:
            sync.reply(event, {"stattus": "hidden"})
        assert refused.value.path == "/stattus" and 'did you mean "status"' in str(refused.value)
        with pytest.raises(JsonError):
            sync.reply(event, "yes")
        sync.reply(event, True)
        with pytest.raises(NotFoundError):
            sync.reply(event, True)
        for event in sync:
            sync.reply(event, True)
        assert sync.summary["complete"]
        assert sync.next(0) is None


def test_round_waits_for_replies(client):
    with client.open_sync(parts=["sync"]) as sync:
        events = list(sync)

        assert len(events) > 1 and sync.summary is None
        for event in events:
            sync.reply(event, False)
        assert list(sync) == [] and sync.summary["parts"]["sync"]["later"] == len(events)


@pytest.mark.parametrize("plan", [{"part": ["sync"]}, {"parts": ["snyc"]}, {"budget_ms": -5}, {"every_s": {"x": 1}}])
def test_wrong_plan(client, plan):
    with pytest.raises(OperationError) as refused:
        client.open_sync(**plan)

    assert refused.value.path.startswith("/")


def test_budget_ends_a_round(client):
    summary = client.sync(ALL, budget_ms=1)

    assert not summary["complete"]
    assert {part["end"] for part in summary["parts"].values()} & {"not_done"}


def test_refused_token_ends_the_round_and_says_what_to_do(open_client):
    summary = open_client(token="not-the-token").sync(ALL)

    assert summary["stopped"] and summary["to_do"]
    assert "token" in summary["stopped"] and summary["stopped_code"] == "FLX_E_TOKEN"


def test_hub_that_is_away_is_in_the_summary(idle_client):
    summary = idle_client.sync({"sync": yes, "change": yes}, budget_ms=2000)

    assert not summary["complete"]


def test_two_rounds_at_once(open_client):
    one, other = open_client(), open_client()
    with one.open_sync(parts=["sync"]) as sync:
        assert sync.next(20_000)

        summary = other.sync({"sync": yes, "change": yes})

    assert summary["parts"]["sync"]["end"] == "busy"
    assert "process" in summary["parts"]["sync"]["why"][0]


class TestCancel:
    def test_order_that_has_not_left(self, client, sandbox):
        client.submit(order("C-1"))

        assert client.cancel_order("C-1", 5000)["outcome"] == "not_sent"
        assert client.cancel_order("C-1", 5000)["outcome"] == "not_sent"
        flush_until_quiet(client)
        assert sandbox.order_numbers() == []

    def test_order_at_the_hub(self, client, sandbox):
        client.submit(order("C-2", orderItems=[{"sku": sandbox.some_sku(), "quantity": 1, "price": "19.99"}]))
        flush_until_quiet(client)

        canceled = client.cancel_order("C-2", 10_000)

        assert canceled["outcome"] == "canceled" and canceled["order"]["order_status"] == "Canceled"
        assert [row["status"] for row in sandbox.get("orders?pushed=true")] == ["Canceled"]
        assert client.cancel_order("C-2", 10_000)["outcome"] == "canceled"

    def test_order_in_doubt(self, client, sandbox):
        sandbox.cut_after_commit("C-3")
        client.submit(order("C-3", orderItems=[{"sku": sandbox.some_sku(), "quantity": 1, "price": "19.99"}]))
        client.flush(2000)

        assert client.cancel_order("C-3", 60_000)["outcome"] == "canceled"
        assert [row["status"] for row in sandbox.get("orders?pushed=true")] == ["Canceled"]

    def test_order_that_is_not_known(self, client):
        with pytest.raises(NotFoundError):
            client.cancel_order("C-4", 0)

    def test_order_that_was_refused(self, client, sandbox):
        sandbox.refuse("C-5")
        client.submit(order("C-5"))
        flush_until_quiet(client)

        assert client.cancel_order("C-5", 5000)["outcome"] == "not_at_hub"


class TestSnapshot:
    def test_last_seen_listing_by_id_and_sku(self, open_client, sandbox):
        client = open_client(**{"snapshots.keep_days": 30})
        with client.pull("listings_to_sync") as pull:
            variant = next(iter(pull))[0]
        requests = len(sandbox.journal())

        by_id, by_sku = client.snapshot(id=variant["id"]), client.snapshot(sku=variant["sku"])

        assert by_id["record"] == by_sku["record"] == {key: value for key, value in variant.items() if key != "parent"}
        assert 0 <= by_id["age_ms"] < 60_000
        assert len(sandbox.journal()) == requests

    def test_daily_read_brings_all(self, open_client, sandbox):
        client = open_client(**{"snapshots.keep_days": 30})
        client.sync({"gone": yes})

        for row in sandbox.get("listings"):
            assert client.snapshot(id=row["id"])["sku"] == row["sku"]

    def test_nothing_is_kept_unless_it_is_asked_for(self, client):
        client.sync({"gone": yes})

        with pytest.raises(UseError, match="snapshots.keep_days"):
            client.snapshot(sku="X")

    def test_wrong_queries(self, open_client):
        client = open_client(**{"snapshots.keep_days": 30})
        with pytest.raises(NotFoundError):
            client.snapshot(sku="no such")
        for query in ({}, {"id": 1, "sku": "X"}, {"skus": "X"}):
            with pytest.raises(OperationError):
                client.snapshot(**query)


class TestPreview:
    def test_what_waits_is_shown_and_not_sent(self, client, sandbox):
        client.submit(order("P-1"))
        with client.pull("listings_to_sync") as pull:
            page = next(iter(pull))
            answers = [{"id": row["id"], **({"error": "no"} if row.get("changeToListingStatus") else {})} for row in page]
            client.ack(page.receipt, [{**answer, "error": "no"} for answer in answers])
        requests = len(sandbox.journal())

        shown = client.preview()

        assert [(one["operation"], one["method"]) for one in shown][:1] == [("createOrder", "POST")]
        assert shown[0]["order"] == "P-1" and shown[0]["body"]["orderNumber"] == "P-1" and not shown[0]["after_look_up"]
        assert {one["operation"] for one in shown} == {"createOrder", "acknowledgeListingVariants"}
        assert sandbox.token not in str(shown) and all(one["headers"]["X-API-TOKEN"] == "***" for one in shown)
        assert len(sandbox.journal()) == requests
        flush_until_quiet(client)
        assert client.preview() == []

    def test_order_in_doubt_is_looked_up_first(self, client, sandbox):
        sandbox.cut_after_commit("P-2")
        client.submit(order("P-2"))
        while not client.outbox()[0]["attempts"]:
            client.flush(200)

        assert [one["after_look_up"] for one in client.preview()] in ([True], [])

    def test_a_call(self, client, sandbox):
        shown = client.preview("updateOrderStatus", id=5001, status="Canceled")

        assert shown[0]["method"] == "PATCH" and shown[0]["url"].startswith(sandbox.url)
        assert "/orders/5001/status?" in shown[0]["url"] and "status=Canceled" in shown[0]["url"]
        with pytest.raises(OperationError) as refused:
            client.preview("updateOrderStatus", id=5001, status="Cancelled")
        assert refused.value.path == "/arguments/status"


def test_part_without_a_handler_is_refused_and_its_events_are_never_said_yes_to(client):
    with pytest.raises(ValueError, match="'gone'"):
        client.sync({"order": yes}, parts=["orders", "gone"])

    with client.open_sync(parts=["sync"]) as sync:
        summary = sync.run({})
    assert summary["parts"]["sync"]["done"] == 0 and summary["parts"]["sync"]["later"] > 0


def test_confirm_inside_of_a_variant_is_refused_with_its_path(client):
    with client.open_sync(parts=["publish"]) as sync:
        event = sync.next(20_000)
        with pytest.raises(AnswerError) as refused:
            sync.reply(event, {"externalId": "P", "variants": [{"id": "1", "confirm": "hidden"}]})
        assert refused.value.path == "/variants/0/confirm"


def test_answers_that_the_hub_refuses_are_in_the_summary(client, sandbox):
    sandbox.post("faults", {"do": "status", "operation": "acknowledgeListingVariants", "status": 400, "times": 0})

    summary = client.sync({"sync": yes, "change": yes})

    assert not summary["complete"] and summary["answers_refused"] > 0
    assert any("refused" in line for line in summary["to_do"])
