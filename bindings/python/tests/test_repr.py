"""What an object shows of itself: channel, feed and count; no token, no buyer."""

from __future__ import annotations

import pytest

from orders import flush_until_quiet, order


def test_client_says_its_channel(idle_client):
    assert repr(idle_client) == '<Client "shop">'
    idle_client.close()
    assert repr(idle_client) == '<Client "shop" closed>'


def test_pull_and_page_say_feed_and_count(client):
    with client.pull("listings_to_sync", page_size=2) as pull:
        assert repr(pull) == '<Pull listings_to_sync of "shop">'
        page = next(iter(pull))
        assert repr(page) == "<Page listings_to_sync, 2 records>"
    assert repr(pull) == '<Pull listings_to_sync of "shop" closed>'
    page.close()
    assert repr(page) == "<Page closed>"


def test_round_says_its_channel(client):
    with client.open_sync() as sync:
        assert repr(sync) == '<Sync of "shop">'


@pytest.mark.parametrize("kind", ["orders", "shipments"])
def test_record_hides_the_buyer(client, sandbox, kind):
    client.submit(order(note="ring twice", orderItems=[{"sku": sandbox.some_sku(), "quantity": 1}]))
    flush_until_quiet(client)
    sandbox.ship("A-1", "TRACK-1")
    records = [record for page in client.pull(kind) for record in getattr(page, kind)()]

    text = repr(records) + str(records) + f"{records[0]}"
    assert records[0].id in text and "A-1" in text
    if kind == "orders":
        text += repr(records[0].shipping_address) + repr(records[0].items)
        assert records[0].shipping_address.city == "Springfield"
    for secret in ("Ada", "Springfield", "1 Test Street", "62701", "ada@example.com", "ring twice"):
        assert secret not in text
