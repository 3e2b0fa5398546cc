"""Contract section 9, the rows about listings and their answers: the client is right under every setting of the hub."""

from __future__ import annotations

import json

import pytest

from shop import QUEUES, done, ids, units, waiting
from unknowns import under

# Row 7: what an acknowledgement answers with


@pytest.mark.parametrize("feed", QUEUES)
@under(7, "ack.status", "200", "201", "202", "204")
def test_any_2xx_settles_answers(under_setting, open_shop, setting, feed):
    settles(under_setting(setting), open_shop(), feed)


@pytest.mark.parametrize("feed", QUEUES)
@under(7, "ack.body", "array", "empty", "rows", "object")
def test_any_body_settles_answers(under_setting, open_shop, setting, feed):
    settles(under_setting(setting), open_shop(), feed)


@pytest.mark.parametrize("feed", QUEUES)
@under(7, "ack.success", "true", "false_object")
def test_object_that_says_success_settles_answers(under_setting, open_shop, setting, feed):
    settles(under_setting(setting), open_shop(), feed)


@under(7, "ack.success", "true", "false_object")
def test_batch_with_a_bad_row_may_fail_with_a_good_status(under_setting, setting):
    hub = under_setting(setting)
    [one, other] = units(hub, 2)
    hub.set(ack__poison=other["sku"])
    status, _, body = hub.ask("PATCH", "/listing/variants", [{"listingVariantId": row["id"]} for row in (one, other)])

    assert status == (200 if setting[1] == "false_object" else 400)
    assert (json.loads(body).get("success") is False) == (setting[1] == "false_object")
    assert "cannot be acknowledged" in json.loads(body)["error"]
    assert hub.admin("GET", "answers") == []


@pytest.mark.parametrize("feed", QUEUES)
@under(7, "ack.success", "true", "false_object")
def test_bad_row_is_found_whatever_the_status_of_its_batch(under_setting, open_shop, setting, feed):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    bad = waiting(hub, feed)[2]
    hub.set(ack__poison=bad)
    shop = open_shop()
    shop.work_off(feed)
    verdicts = shop.verdicts()

    assert verdicts.pop(bad) == "refused"
    assert set(verdicts.values()) == {"applied"}
    assert waiting(hub, feed) == [bad]


def settles(hub, shop, feed):
    before = waiting(hub, feed)
    records = shop.work_off(feed)

    assert before and ids(records) == before
    assert set(shop.verdicts().values()) == {"applied"}
    assert waiting(hub, feed) == []
    assert shop.pull(feed) == []


@under(7, "ack.body", "html")
def test_html_is_not_believed_and_the_answers_are_sent_again(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    with shop.client.pull("listings_to_sync") as pull:
        for page in pull:
            shop.client.ack(page.receipt, [done(record) for record in page])
    shop.client.flush(1000)
    assert "applied" not in shop.verdicts().values()
    hub.set(ack__body="array")
    shop.flush()

    assert set(shop.verdicts().values()) == {"applied"}
    assert waiting(hub, "listings_to_sync") == []


# Row 8: batches and partial failure


@under(8, "ack.batch", "50", "10", "1", "0")
def test_batch_that_is_too_long_is_halved(under_setting, open_shop, setting):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    shop = open_shop()
    shop.work_off("listings_to_sync")
    sent = [entry["rows"] for entry in hub.journal("acknowledgeListingVariants") if entry["accepted"]]

    assert waiting(hub, "listings_to_sync") == []
    assert set(shop.verdicts().values()) == {"applied"}
    assert max(sent) <= (int(setting[1]) or 50)


@pytest.mark.parametrize("feed", QUEUES)
@under(8, "ack.partial", "refuse_all", "rows", "some_applied", "silent")
def test_one_bad_row_does_not_hold_up_the_others(under_setting, open_shop, setting, feed):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    bad = waiting(hub, feed)[2]
    hub.set(ack__poison=bad)
    shop = open_shop()
    shop.work_off(feed)
    verdicts = shop.verdicts()

    assert waiting(hub, feed) == [bad]
    if setting[1] != "silent":  # nothing in the answer tells it
        assert verdicts.pop(bad) == "refused"
    assert {verdict for row, verdict in verdicts.items() if row != bad} == {"applied"}
    assert ids(shop.pull(feed)) == [bad]  # it is still in the hub's queue, so it comes again


@under(8, "ack.poison", "", "one")
def test_bad_row_is_found_by_halving(under_setting, open_shop, setting):
    hub = under_setting(("ack.poison", ""), "variants=60,history=off,exceptions=off")
    bad = waiting(hub, "listings_to_sync")[37:38] if setting[1] else []
    hub.set(ack__poison=",".join(bad))
    shop = open_shop()
    shop.work_off("listings_to_sync")

    assert waiting(hub, "listings_to_sync") == bad
    assert [row for row, verdict in shop.verdicts().items() if verdict == "refused"] == bad
    assert len(hub.journal("acknowledgeListingVariants")) < 20


# Row 9: a row that was answered with an error


@under(9, "ack.errored", "stays", "leaves")
def test_errored_row_comes_again_as_often_as_the_hub_offers_it(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    bad = waiting(hub, "listings_to_sync")[0]

    def answer(record):
        return {"id": record["id"], "error": "no category"} if str(record["id"]) == bad else done(record)

    shop.work_off("listings_to_sync", answer)
    for _ in range(2):
        again = shop.work_off("listings_to_sync", answer)
        assert ids(again) == ([bad] if setting[1] == "stays" else [])
    shop.later()
    hub.admin("POST", "listings", {"id": int(bad), "quantity": 77})
    shop.later()
    assert [record["quantity"] for record in shop.work_off("listings_to_sync")] == [77]
    assert shop.verdicts()[bad] == "applied"


# Row 10: whether a queue can be read again


@under(10, "queue.read", "repeatable", "once")
def test_every_row_is_delivered_and_answered(under_setting, open_shop, setting):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    shop = open_shop()
    before = waiting(hub, "listings_to_sync")
    records = shop.work_off("listings_to_sync", page_size=20)

    if setting[1] == "repeatable":
        assert ids(records) == before
    else:  # taking rows out shrinks the list while it is being read; what was skipped comes with the next pull
        while len(more := shop.work_off("listings_to_sync", page_size=20)):
            records += more
        assert ids(records) == before
    assert set(shop.verdicts().values()) == {"applied"}


@under(10, "queue.read", "repeatable")
def test_unanswered_rows_come_again(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()

    assert ids(shop.pull("listings_to_sync")) == ids(shop.pull("listings_to_sync")) == waiting(hub, "listings_to_sync")


# Row 22: what a variant has


@under(22, "variant.fields", "full", "minimal", "no_quantity", "no_price")
def test_variant_is_read_whatever_it_lacks(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    with shop.client.pull("listings_to_sync") as pull:
        [page] = list(pull)
    views = page.variants()

    assert ids(page) == waiting(hub, "listings_to_sync")
    assert page.quarantine == []
    assert all((view.quantity is None) == (setting[1] in ("minimal", "no_quantity")) for view in views)
    assert all((view.price is None) == (setting[1] in ("minimal", "no_price")) for view in views)


# Row 23: a queued status change


def queued(hub, handle, whole_page):
    """Queue a status change of a published listing, or of all variants of its page; nothing else waits."""
    hub.admin("POST", "reset", {"seed": "variants=40,history=off,exceptions=off,pending=off", "keep_switches": True})
    unit = units(hub)[0]
    hub.admin("POST", "clock", {"advance_s": 60})
    name = {"parent_id": unit["parent_id"]} if whole_page else {"sku": unit["sku"]}
    hub.admin("POST", "listings", {**name, "status": handle})
    hub.admin("POST", "clock", {"advance_s": 60})
    return hub.admin("GET", f"listings/{unit['sku']}")


def is_queued(hub, unit):
    return hub.admin("GET", f"listings/{unit['sku']}")["status"] is not None


@pytest.mark.parametrize("handle", ["hidden", "delisted"])
@under(23, "status_change.on", "both", "variant", "parent")
def test_queued_change_is_confirmed_only_by_name_wherever_it_stands(under_setting, library, open_shop, setting, handle):
    confirmed_only_by_name(under_setting(setting), library, open_shop(), handle, whole_page=setting[1] == "parent")


@pytest.mark.parametrize("handle", ["hidden", "delisted"])
@under(23, "status_change.confirm", "any", "seen")
def test_queued_change_is_confirmed_only_by_name(under_setting, library, open_shop, setting, handle):
    confirmed_only_by_name(under_setting(setting), library, open_shop(), handle)


@pytest.mark.parametrize("handle", ["hidden", "delisted"])
@under(23, "status_change.flow", "split", "both")
def test_queued_change_is_confirmed_only_by_name_in_either_queue(
    under_setting, library, open_shop, setting, handle
):
    confirmed_only_by_name(under_setting(setting), library, open_shop(), handle)


def confirmed_only_by_name(hub, library, shop, handle, whole_page=False):
    unit = queued(hub, handle, whole_page)
    for feed in QUEUES:
        with shop.client.pull(feed) as pull:
            for page in pull:
                for record in page:
                    if concerns(record, unit):
                        with pytest.raises(library.AnswerError):
                            shop.client.ack(page.receipt, [{"id": record["id"]}])
    shop.flush()
    assert is_queued(hub, unit)

    records = shop.work_off("listings_to_sync")
    found = [record for record in records if concerns(record, unit)]
    assert found
    assert not is_queued(hub, unit)
    assert hub.admin("GET", f"listings/{unit['sku']}")["listing_status"] == handle


@pytest.mark.parametrize("handle", ["hidden", "delisted"])
@under(23, "status_change.flow", "split", "both")
def test_queued_change_of_a_variant_is_named_in_the_answer_of_its_parent(
    under_setting, library, open_shop, setting, handle
):
    hub, shop = under_setting(setting), open_shop()
    unit = queued(hub, handle, whole_page=False)
    hub.admin("POST", "listings", {"parent_id": unit["parent_id"], "title": "Renamed"})
    hub.admin("POST", "clock", {"advance_s": 60})
    with shop.client.pull("listings_to_publish") as pull:
        [page] = list(pull)
        [parent] = page.parents()
        [variant] = [one for one in parent.variants if one.change_to]
        others = [{"id": one.id} for one in parent.variants if one is not variant]
        error = {"id": variant.id, "error": "the shop cannot"}
        for path, variants in [
            ("/0/variants", None),
            ("/0/variants", others),
            (f"/0/variants/{len(others)}/confirm", [*others, {"id": variant.id}]),
        ]:
            with pytest.raises(library.AnswerError) as refused:
                shop.client.ack(page.receipt, [{"id": parent.id, "variants": variants}])
            assert [fault["path"] for fault in refused.value.faults] == [path]
        shop.client.ack(page.receipt, [{"id": parent.id, "variants": [*others, error]}])
    shop.flush()
    assert variant.change_to.handle == handle
    assert is_queued(hub, unit)

    shop.later()  # what changes in the second of an answer comes by another way: see test_change_between_fetch_and_answer...
    hub.admin("POST", "listings", {"parent_id": unit["parent_id"], "title": "Renamed again"})
    shop.later()
    assert ids(shop.work_off("listings_to_publish")) == [parent.id]
    assert is_queued(hub, unit) == (setting[1] == "split")
    shop.work_off("listings_to_sync")  # whichever queue the hub takes it from, the shop has named it in both
    assert hub.admin("GET", f"listings/{unit['sku']}")["listing_status"] == handle
    assert not is_queued(hub, unit)


def concerns(record, unit):
    """Whether an answer of the record would confirm the change of the unit."""
    return record["id"] == unit["id"] or unit["id"] in [one["id"] for one in record.get("variants", [])]


@under(23, "status_change.confirm", "any", "seen")
def test_change_queued_after_the_fetch_is_not_confirmed_by_its_answer(under_setting, open_shop, setting):
    """With `any` the hub takes every answer for a confirmation; then the shop hears at least that it is hidden."""
    hub = under_setting(setting)
    shop = open_shop()
    with shop.client.pull("listings_to_sync") as pull:
        [page] = list(pull)
        shop.client.ack(page.receipt, [done(record) for record in page])
    shop.later()
    hub.admin("POST", "listings", {"id": page[0]["id"], "status": "hidden"})
    shop.later()
    shop.flush()
    [told] = [record for record in shop.pull("listings_to_sync") if record["id"] == page[0]["id"]]

    assert is_queued(hub, page[0]) == (setting[1] == "seen")
    node = told["changeToListingStatus"] if setting[1] == "seen" else told["listingStatus"]
    assert node["handle"] == "hidden"


# Row 24: the listing status


@under(24, "listing_status", "object", "omit", "text")
def test_listing_status_is_not_needed(under_setting, open_shop, setting):
    settles(under_setting(setting), open_shop(), "listings_to_sync")
