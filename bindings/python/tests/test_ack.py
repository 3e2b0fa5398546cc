"""Answers: durable at once, sent by a flush, a verdict each."""

from __future__ import annotations

import pytest

import flxchannel
from orders import flush_until_quiet


def pulled(client, feed="listings_to_sync"):
    with client.pull(feed) as pull:
        return list(pull)


def answer(record):
    """A right answer for a variant: done, and a queued change named."""
    change = record.get("changeToListingStatus")
    return {"id": record["id"], **({"confirm": change["handle"]} if change else {})}


def named(view):
    """The member that names a queued change of a typed view."""
    return {"confirm": view.change_to.handle} if view.change_to else {}


def test_answered_variants_leave_the_queue(client):
    for page in pulled(client):
        client.ack(page.receipt, (answer(record) for record in page))
    report = flush_until_quiet(client)

    assert report.answers_sent > 0
    assert pulled(client) == []
    assert {result["verdict"] for result in client.ack_results(0, 1000)} <= {"applied", "held"}


def test_results_go_on_after_the_last_one_seen(client):
    [page, *_] = pulled(client)
    client.ack(page.receipt, [answer(record) for record in page])
    flush_until_quiet(client)

    results = client.ack_results(0, 10_000)
    assert len(client.ack_results(0, 1)) == 1
    assert client.ack_results(results[-1]["seq"], 10) == []


def test_receipt_is_good_in_another_client(client, open_client):
    [page, *_] = pulled(client)
    receipt, answers = page.receipt, [answer(record) for record in page]
    client.close()

    other = open_client()
    other.ack(receipt, answers)

    assert flush_until_quiet(other).answers_sent > 0


def test_published_parents_are_answered_with_external_ids(client):
    for page in pulled(client, "listings_to_publish"):
        client.ack(page.receipt, [
            {
                "id": parent.id, "externalId": f"P{parent.id}",
                "variants": [
                    {"id": variant.id, "externalId": f"V{variant.id}", **named(variant)} for variant in parent.variants
                ],
                **named(parent),
            }
            for parent in page.parents()
        ])
    flush_until_quiet(client)

    assert pulled(client, "listings_to_publish") == []


def test_queued_change_of_a_variant_is_named_in_the_answer_of_its_parent(client, sandbox):
    sandbox.set(**{"status_change.flow": "both"})
    listing = next(row for row in sandbox.get("listings") if row["waits_for_publish"])
    sandbox.post("listings", {"id": listing["id"], "status": "hidden"})
    [page] = pulled(client, "listings_to_publish")
    position, parent, variant = next(
        (position, parent, variant) for parent in page.parents() for position, variant in enumerate(parent.variants)
        if variant.change_to and variant.change_to.handle == "hidden"
    )
    members = [{"id": one.id, **(named(one) if one is not variant else {})} for one in parent.variants]
    with pytest.raises(flxchannel.AnswerError) as caught:
        client.ack(page.receipt, [{"id": parent.id, "variants": members, **named(parent)}])
    assert [fault["path"] for fault in caught.value.faults] == [f"/0/variants/{position}/confirm"]

    members[position]["confirm"] = "hidden"
    client.ack(page.receipt, [{"id": parent.id, "variants": members, **named(parent)}])
    flush_until_quiet(client)
    assert sandbox.variant(variant.id)["listing_status"] == "hidden"


def test_change_that_stands_on_the_parent_alone_is_seen_at_the_variant(client, sandbox):
    listing = next(row for row in sandbox.get("listings") if row["waits_for_sync"])
    sandbox.post("listings", {"parent_id": listing["parent_id"], "status": "hidden"})
    sandbox.set(**{"status_change.on": "parent"})
    [page] = pulled(client)
    changed = [one for one in page.variants() if one.listing_parent_id == str(listing["parent_id"])]

    assert changed and {one.change_to.handle for one in changed} == {"hidden"}
    client.ack(page.receipt, [{"id": one.id, **named(one)} for one in page.variants()])


def test_answer_of_another_page_is_refused_whole(client):
    [page, *_] = pulled(client)
    with pytest.raises(flxchannel.AnswerError) as caught:
        client.ack(page.receipt, [answer(page[0]), {"id": "999999999"}, {"id": page[0]["id"], "colour": "red"}])

    assert {fault["path"].split("/")[1] for fault in caught.value.faults} == {"1", "2"}
    assert client.flush(0).answers_sent == 0


def test_text_that_is_no_receipt_is_refused(client):
    for receipt in ("", "x", "é" * 40):
        with pytest.raises(flxchannel.ReceiptError):
            client.ack(receipt, [])


def test_error_of_a_row_is_stored_at_the_hub(client, sandbox):
    [page, *_] = pulled(client)
    client.ack(page.receipt, [{"id": page[0]["id"], "error": "price is missing"}])
    flush_until_quiet(client)

    assert sandbox.variant(page[0]["id"])["sync_error"] == "price is missing"
