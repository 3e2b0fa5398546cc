"""Orders: accepted durably, sent once, told with a verdict until settled."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

import flxchannel
from flxchannel import Outcome
from orders import flush_until_quiet, order


def test_submit_is_durable_and_makes_no_request(idle_client, state_dir):
    receipt = idle_client.submit(order())
    idle_client.close()

    assert (receipt["number"], receipt["new"]) == ("A-1", True)
    with flxchannel.Client(channel="shop", token="t", state_dir=state_dir, origin="http://127.0.0.1:1") as again:
        assert [row["number"] for row in again.outbox()] == ["A-1"]


def test_same_order_again_is_no_error(idle_client):
    idle_client.submit(order())
    same = dict(reversed(list(order(orderTotal="19.990").items())))

    assert idle_client.submit(same)["new"] is False


def test_order_that_was_not_sent_takes_other_content(idle_client):
    idle_client.submit(order())

    receipt = idle_client.submit(order(orderTotal=Decimal("20")))
    assert (receipt["new"], receipt["revision"]) == (False, 2)


def test_same_number_with_other_content_is_a_conflict_once_it_is_at_the_hub(client):
    client.submit(order())
    assert client.flush(10_000).applied == 1

    with pytest.raises(flxchannel.ConflictError) as caught:
        client.submit(order(orderTotal=Decimal("20")))
    assert [fault["path"] for fault in caught.value.faults] == ["/orderTotal"]


def test_every_fault_is_listed_with_its_path(idle_client):
    bad = order(orderNumber="", orderItems=[{"sku": "A", "quantity": 0, "price": "19,99"}])
    with pytest.raises(flxchannel.OrderError) as caught:
        idle_client.submit(bad)

    paths = {fault["path"] for fault in caught.value.faults}
    assert paths == {"/orderNumber", "/orderItems/0/quantity", "/orderItems/0/price"}
    assert {fault["path"] for fault in flxchannel.order_check(bad)} == paths
    assert idle_client.outbox() == []


def test_check_of_a_good_order_has_no_fault():
    assert flxchannel.order_check(order()) == []
    assert flxchannel.order_check(order()).warnings == []


def test_check_gives_warnings_beside_faults():
    odd = order(orderTotal="-1")
    odd["shippingAddress"]["countryCode"] = "usa"
    found = flxchannel.order_check(odd)

    assert found == []
    assert {warning["path"] for warning in found.warnings} == {"/orderTotal", "/shippingAddress/countryCode"}


@pytest.mark.parametrize("quantity", [2, Decimal("2.0000"), "2", "2.00"])
def test_quantity_is_judged_by_its_value(idle_client, quantity):
    idle_client.submit(order(orderItems=[{"sku": "A", "quantity": 2, "price": "19.99"}]))
    again = idle_client.submit(order(orderItems=[{"sku": "A", "quantity": quantity, "price": Decimal("19.990000000")}]))

    assert not again["new"] and again["revision"] == 1


def test_order_reaches_the_hub_once_and_is_settled(client, sandbox):
    client.submit(order())
    client.submit(order())
    report = flush_until_quiet(client)

    assert (report.sent, report.applied, report.refused) == (1, 1, 0)
    [result] = client.results(10)
    assert (result["number"], result["verdict"]) == ("A-1", "applied")
    assert sandbox.order_numbers() == ["A-1"]
    client.settle(["A-1"])
    client.settle(["A-1"])
    assert client.results(10) == []


def test_money_is_exact_at_the_hub(client, sandbox):
    prices = ["0.1", "19.99", "1234567.89", "0.3"]
    total = sum(map(Decimal, prices))
    items = [{"sku": f"S{price}", "quantity": 1, "price": Decimal(price)} for price in prices]
    client.submit(order(orderItems=items, orderTotal=total))
    flush_until_quiet(client)

    [record] = client.order_status("A-1").orders()
    assert [item.price for item in record.items] == list(map(Decimal, prices))
    assert record.order_total == total


def test_refused_order_is_told_and_can_be_retried(client, sandbox):
    sandbox.refuse("A-1", times=1)
    client.submit(order())
    report = flush_until_quiet(client)
    assert report.refused == 1
    [result] = client.results(10)
    assert result["verdict"] == "refused" and result["code"]

    client.retry(["A-1"])
    flush_until_quiet(client)

    assert [row["verdict"] for row in client.results(10)] == ["applied"]


def test_connection_cut_after_acceptance_makes_one_order(client, sandbox):
    sandbox.cut_after_commit("A-1")
    client.submit(order())
    flush_until_quiet(client)

    assert [row["verdict"] for row in client.results(10)] == ["applied"]
    assert sandbox.order_numbers() == ["A-1"]
    events = client.history("A-1")["events"]
    assert any(event["verdict"] == "possibly_applied" for event in events)


def test_discard_gives_a_queued_order_up(idle_client):
    idle_client.submit(order())
    idle_client.discard(["A-1"])

    assert [row["verdict"] for row in idle_client.results(10)] == ["not_applied"]


def test_purge_blanks_the_buyer_and_keeps_the_number_known(client, state_dir):
    client.submit(order())
    flush_until_quiet(client)
    with pytest.raises(flxchannel.UseError):
        client.purge(numbers=["A-1"])
    client.settle(["A-1"])

    assert client.purge(numbers=["A-1"]) == {"purged": 1}
    assert client.submit(order())["new"] is False
    assert all(b"Ada Example" not in file.read_bytes() for file in state_dir.iterdir())


def test_outbox_is_filtered(idle_client):
    for number in ("A-1", "A-2", "A-3"):
        idle_client.submit(order(number))

    assert [row["number"] for row in idle_client.outbox(number="A-2")] == ["A-2"]
    assert len(idle_client.outbox(state="queued", limit=2)) == 2
    assert idle_client.outbox(state="settled") == []


def test_unknown_orders_are_not_found(idle_client):
    for use in (idle_client.settle, idle_client.retry, idle_client.discard):
        with pytest.raises(flxchannel.NotFoundError):
            use(["X"])
    with pytest.raises(flxchannel.NotFoundError):
        idle_client.history("X")
    with pytest.raises(flxchannel.NotFoundError):
        idle_client.order_status("X", 100)


def test_one_text_in_place_of_a_list_is_refused(idle_client):
    with pytest.raises(TypeError):
        idle_client.settle("A-1")


def test_order_is_read_at_the_hub(client):
    client.submit(order())
    flush_until_quiet(client)
    page = client.order_status("A-1", 10_000)

    assert page.feed is flxchannel.Feed.ORDERS
    assert page[0]["orderNumber"] == "A-1"
    with pytest.raises(flxchannel.UseError):
        page.commit()


def test_flush_without_hub_says_again_within_its_budget(idle_client):
    import time

    idle_client.submit(order())
    started = time.monotonic()
    report = idle_client.flush(500)

    assert report.outcome is Outcome.AGAIN and report.waiting
    assert time.monotonic() - started < 10
    assert idle_client.results(10) == []


def test_flush_with_a_refused_token_raises_and_keeps_the_order(open_client, sandbox):
    client = open_client(token="wrong")
    client.submit(order())
    with pytest.raises(flxchannel.TokenError):
        client.flush(10_000)

    client.set_token(sandbox.token)
    flush_until_quiet(client)
    assert [row["verdict"] for row in client.results(10)] == ["applied"]


def test_date_without_a_zone_is_refused(idle_client):
    with pytest.raises(flxchannel.OrderError) as caught:
        idle_client.submit(order(orderedAt=datetime(2026, 3, 29, 2, 30)))

    assert [fault["path"] for fault in caught.value.faults] == ["/orderedAt"]


def test_buyer_of_whom_the_town_alone_is_told_goes_through(client):
    address = {
        "name": None, "addressLine1": None, "phone": None, "city": "Springfield", "postal": "62701-0001", "countryCode": "US"}
    client.submit(order(shippingAddress=address, billingAddress=None, note=None))
    flush_until_quiet(client)
    there = client.order_status("A-1").orders()[0].shipping_address

    assert [row["verdict"] for row in client.results(1)] == ["applied"]
    assert (there.city, there.postal, there.name or "", there.phone or "") == ("Springfield", "62701-0001", "", "")


def test_one_article_on_two_lines_stays_two_lines(client, sandbox):
    sku = sandbox.some_sku()
    client.submit(order(orderItems=[{"sku": sku, "quantity": 2, "price": "10.00"}, {"sku": sku, "quantity": 1, "price": "0.00"}]))
    flush_until_quiet(client)
    paid, free = client.order_status("A-1").orders()[0].items
    line = {"order_item_id": int(free.id), "quantity": 1}
    sandbox.ship("A-1", tracking="1Z A, 1Z B", carrier="Herm\u00e8s \U0001f69a", lines=[line])
    sandbox.ship("A-1", tracking="T-2", carrier="")
    with client.pull("shipments") as pull:
        parcels = [parcel for page in pull for parcel in page.shipments()]

    assert [(line.sku, line.quantity, line.price) for line in (paid, free)] == [(sku, 2, Decimal(10)), (sku, 1, Decimal(0))]
    assert [[(line.order_item_id, line.quantity) for line in one.items] for one in parcels] == [[(free.id, 1)], [(paid.id, 2)]]
    assert (parcels[0].tracking_number, parcels[0].carrier) == ("1Z A, 1Z B", "Herm\u00e8s \U0001f69a")
    assert [one.order_number for one in parcels] == ["A-1", "A-1"]


@pytest.mark.parametrize("config,given,sent", [
    ({}, {}, "A-1"), ({}, {"referenceNumber": "R-9"}, "R-9"), ({"orders.reference_number": "as_given"}, {}, None),
    ({"orders.reference_number": "as_given"}, {"referenceNumber": "R-9"}, "R-9"),
])
def test_reference_is_the_orders_number_unless_the_shop_says_otherwise(open_client, config, given, sent):
    client = open_client(**config)
    client.submit(order(**given))
    flush_until_quiet(client)

    assert client.order_status("A-1").orders()[0].reference_number == sent
