"""Named calls: checked before anything is sent."""

from __future__ import annotations

import pytest

import flxchannel
from orders import flush_until_quiet, order


def test_call_gives_status_and_body(client):
    answer = client.call("getListingVariantsCount", sync=True)

    assert answer["status"] == 200
    assert answer["body"]["count"] > 0


def test_order_is_canceled_by_name(client, sandbox):
    client.submit(order())
    flush_until_quiet(client)
    [result] = client.results(1)

    client.call("updateOrderStatus", id=int(result["order_id"]), status="Canceled", wait_ms=10_000)

    assert client.order_status("A-1").orders()[0].order_status == "Canceled"


@pytest.mark.parametrize(
    "operation, arguments",
    [
        ("noSuchOperation", {}),
        ("getListingVariantsCount", {"synk": True}),
        ("getListingVariantsCount", {"sync": "perhaps"}),
        ("getOrderById", {}),
        ("createOrder", {"body": {}}),
    ],
)
def test_what_does_not_fit_is_refused_unsent(client, sandbox, operation, arguments):
    before = len(sandbox.journal())
    with pytest.raises(flxchannel.UseError):
        client.call(operation, **arguments)

    assert len(sandbox.journal()) == before


def test_refusal_of_the_hub_has_its_status(client):
    with pytest.raises(flxchannel.RefusedError) as caught:
        client.call("getOrderById", id=999_999_999)

    assert caught.value.http_status == 404
    assert caught.value.operation == "getOrderById"
