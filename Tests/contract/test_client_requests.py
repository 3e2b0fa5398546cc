"""What the library sends is in the contract: every operation of a channel, recorded on its way and validated."""

from __future__ import annotations

import copy
import time
from decimal import Decimal

import pytest

import contract
from calls import ADDRESS, every_call
from recorder import Exchange, Recorder
from sandbox import Sandbox
from shop import IMPATIENT, confirmation

#: Enough of everything, and a limiter that keeps nobody waiting.
SEED = ("--seed", "variants=90,history=on,exceptions=on")
FAST = {"pool.size": "10000", "pool.refill": "1000"}

ITEM = {
    "quantity": 2, "price": Decimal("19.990"), "title": "As the buyer saw it", "shippingAddress": ADDRESS,
    "customFields": [{"name": "engraving", "value": "R. E."}], "externalListingId": None,
}


def full_order(number, unit):
    """An order with every field a host may give."""
    item = {**ITEM, "sku": unit["sku"], "listingVariantId": str(unit["id"])}
    return {
        "orderNumber": number, "referenceNumber": f"REF-{number}", "orderedAt": "2026-01-31T12:00:00.250+01:00",
        "orderTotal": "45.48", "note": "leave at the door", "shippingText": "Standard", "shippingAddress": ADDRESS,
        "billingAddress": ADDRESS, "tags": ["web", "gift"], "customFields": [{"name": "gift", "value": "yes"}],
        "orderItems": [{key: value for key, value in item.items() if value is not None}],
    }


def flush(client):
    """Flush until nothing is left."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        report = client.flush(2000)
        if report.next_in_ms is None:
            return
        time.sleep(min(report.next_in_ms, 1000) / 1000)
    raise AssertionError(f"there is still something to send: {report.json}")


def sync_answers(page):
    """One answer of each kind, right for its record."""
    for index, record in enumerate(page):
        change = (record.get("changeToListingStatus") or {}).get("handle")
        if change in ("hidden", "delisted", "listed"):
            yield {"id": record["id"], "confirm": change}
        elif index % 4 == 1:
            yield {"id": record["id"], "error": "price is missing"}
        elif index % 4 == 2:
            yield {"id": record["id"], "status": "broken_link"}
        elif index % 4 == 3:
            yield {"id": record["id"], "isLinkedToRegularProduct": True}
        else:
            yield {"id": record["id"]}


def publish_answers(page):
    for index, parent in enumerate(page):
        if index % 3 == 1:
            yield {"id": parent["id"], "error": "category is not mapped"}
            continue
        variants = [
            {"id": one["id"], "externalId": f"V{one['id']}",
             "images": [{"id": image["id"], "externalId": f"I{image['id']}"} for image in one.get("images") or []],
             **confirmation(one)}
            for one in parent["variants"]
        ]
        yield {"id": parent["id"], "externalId": f"P{parent['id']}", "variants": variants}


def a_channels_day(library, client, hub):
    """Everything a channel does, through the calls made for it."""
    client.probe()
    for feed, answers in (("listings_to_sync", sync_answers), ("listings_to_publish", publish_answers)):
        with client.pull(feed) as pull:
            for page in pull:
                client.ack(page.receipt, list(answers(page)))
        flush(client)
    unit = hub.admin("GET", "listings?limit=1")[0]
    for number, fault in (("WEB-1", None), ("WEB-2", "cut_after"), ("WEB-3", "cut_before")):
        if fault:
            hub.admin("POST", "faults", {"do": fault, "operation": "createOrder", "order_number": number})
        client.submit(full_order(number, unit))
    flush(client)
    assert [row["verdict"] for row in client.results(10)] == ["applied"] * 3
    client.order_status("WEB-1")
    for feed in ("listings", "orders", "shipments", "returns"):
        for _ in range(2):  # the second time from a cursor
            with client.pull(feed, page_size=50) as pull:
                for page in pull:
                    page.commit()
    every_filter_of_every_feed(library, client, unit)


def every_filter_of_every_feed(library, client, unit):
    values = {
        "boolean": True, "instant": "2026-01-31T12:00:00Z", "integer": unit["id"], "text": "Open",
        "list": [unit["sku"]],
    }
    for feed in library.describe("feeds"):
        spec = {one["name"]: values[one["type"]] for one in feed["filters"]}
        spec.update({one["name"]: one["choices"][0] for one in feed["filters"] if "choices" in one})
        if "ids" in spec:
            spec["ids"] = [str(unit["id"])]
        if feed["kind"] == "cursor":
            spec.update(cursor="filtered", since="2026-01-01T00:00:00+02:00")
        with client.pull(feed["name"], **spec) as pull:
            list(pull)


def every_named_call(library, client, hub):
    """Every operation that is called by its name; those that are not for it are refused before anything is sent."""
    callable_ones = {row["id"] for row in library.describe("operations") if row["callable"]}
    for call in every_call(hub):
        if call.operation in callable_ones:
            client.call(call.operation, **call.arguments)
        else:
            with pytest.raises(library.OperationError):
                client.call(call.operation, **call.arguments)


@pytest.fixture(scope="module")
def recorded(library, tmp_path_factory):
    """The exchanges of a channel's day and of every named call."""
    with Sandbox(*SEED, switches=FAST) as hub, Recorder(hub.url) as recorder:
        state = tmp_path_factory.mktemp("client") / "state"
        with library.Client(channel="shop", token=hub.token, state_dir=state, origin=recorder.url, **IMPATIENT) as client:
            a_channels_day(library, client, hub)
            every_named_call(library, client, hub)
        yield recorder.exchanges


def test_every_request_is_in_the_contract(recorded, checker):
    assert [text for exchange in recorded for text in checker.request(exchange)] == []


def test_every_operation_of_a_channel_was_sent(recorded, checker):
    sent = {checker.operation(exchange)[1].get("operationId") for exchange in recorded}
    wanted = {
        operation["operationId"] for _, _, operation in contract.operations(contract.load())
        if "channel" in operation["x-token-types"]
    }

    assert wanted - sent == set()


def test_every_field_of_an_order_was_sent(recorded, checker):
    spec = contract.load()["components"]["schemas"]
    bodies = [exchange.request_body for exchange in recorded if exchange.method == "POST" and exchange.path == "/orders"]
    [*_, body] = bodies

    for name in spec["CreateOrderRequest"]["properties"].keys() - {"channelId"}:
        assert f'"{name}":'.encode() in body
    assert b'"price":19.990' in body
    assert b'"orderedAt":"2026-01-31T11:00:00Z"' in body


def test_answers_tell_the_instant_of_the_fetch(recorded):
    bodies = [one.request_body for one in recorded if one.method == "PATCH" and one.path == "/listing/variants"]

    assert bodies
    assert all(body.count(b'"syncedAt":') == body.count(b'"listingVariantId":') for body in bodies)


# Controls: a request that is wrong must be found.


def test_request_under_a_wrong_name_is_found(library, checker, state_dir):
    names = {"createOrder.orderItems": "items", "listShipments.filterPageNumber": "page"}
    with Sandbox("--seed", "tiny", switches=FAST) as hub, Recorder(hub.url) as recorder:
        config = {"channel": "shop", "token": hub.token, "state_dir": state_dir, "origin": recorder.url}
        with library.Client(**config, **{"hub.overrides": names}) as client:
            client.submit(full_order("WEB-1", hub.admin("GET", "listings?limit=1")[0]))
            client.flush(2000)
            with client.pull("shipments") as pull:
                pull.next(2000)
    found = {exchange.path for exchange in recorder.exchanges if checker.request(exchange)}

    assert found == {"/orders", "/shipments"}


def edited(exchange: Exchange, **changes) -> Exchange:
    changed = copy.copy(exchange)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: edited(one, target=one.target + ("&" if "?" in one.target else "?") + "invented=1"),
        lambda one: edited(one, request_headers={**one.request_headers, "authorization": "Bearer x"}),
        lambda one: edited(one, request_headers={k: v for k, v in one.request_headers.items() if k != "x-api-token"}),
        lambda one: edited(one, request_headers={**one.request_headers, "accept": "*/*"}),
        lambda one: edited(one, target="/v2" + one.target),
        lambda one: edited(one, request_body=b'{"orderNumber":1}' if one.request_body else b"x"),
    ],
    ids=["query", "bearer", "no token", "accept", "path", "body"],
)
def test_spoilt_request_is_found(recorded, checker, spoil):
    for exchange in recorded[:: max(1, len(recorded) // 40)]:
        assert checker.request(exchange) == []
        assert checker.request(spoil(exchange)) != [], exchange
