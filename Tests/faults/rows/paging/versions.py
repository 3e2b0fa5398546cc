"""P-14 to P-16: versions of what was delivered before."""

from __future__ import annotations

import random
import time
from typing import Any

from rig.drifting import ORDERS, DriftingList, Reader, iso
from rig.feeds import open_shop, walk
from rig.ground import Ground
from rig.rawhub import RawHub
from rig.register import row


@row("P-14", set="core")
def order_status_is_given_as_it_is_seen(ground: Ground) -> str:
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    at = [time.time() - 60]
    statuses = [
        "Open", "Closed", "Open", "On Hold", "Canceled", "Open", "Draft", "Failed", "Gone Fishing", "", "Not Managed", "Closed"]

    def order(status: str) -> "dict[str, Any]":
        at[0] += 1
        return {"id": 700001, "orderNumber": "A-1", "orderStatus": status, "updatedAt": iso(at[0])}

    seen = []
    for status in statuses:
        hub.only_page(order(status))
        seen += [record["orderStatus"] for record in walk(client, "orders")]
    assert seen == statuses, seen
    # The date goes back with the status: another version all the same, as long as the bound lets it through.
    at[0] -= 30
    hub.only_page(order("Open"))
    assert [record["orderStatus"] for record in walk(client, "orders")] == ["Open"]
    # A parcel of an order that nobody has heard of, and later the order.
    hub.only_page({"id": 500001, "orderId": 700002, "trackingNumber": "T-1", "updatedAt": iso(at[0])})
    with client.pull("shipments") as pull:
        [shipment] = [shipment for page in pull for shipment in page.shipments()]
    assert (shipment.id, shipment.order_id, shipment.order_number) == ("500001", "700002", None), shipment
    hub.only_page({"id": 700002, "orderNumber": "A-2", "orderStatus": "Closed", "updatedAt": iso(at[0])})
    assert [record["id"] for record in walk(client, "orders")] == [700002]
    return f"{len(seen)} states, backwards, skipped, unknown and empty ones, each given once as it stood; a date that went back; a parcel before its order"


@row("P-15", set="core")
def shipment_versions_are_told_by_its_id(ground: Ground) -> str:
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    at = [time.time() - 60]

    def parcel(one: int, tracking: Any, **more: Any) -> "dict[str, Any]":
        return {"id": one, "orderId": 700001, "trackingNumber": tracking, "updatedAt": iso(at[0]), **more}

    def given(*parcels: "dict[str, Any]") -> "list[tuple[int, Any]]":
        at[0] += 1
        hub.only_page(*parcels)
        return [(record["id"], record["trackingNumber"]) for record in walk(client, "shipments")]

    one, two = parcel(1, "T-1"), parcel(2, "T-1")
    assert given(one, two) == [(1, "T-1"), (2, "T-1")], "one number on two parcels is two shipments"
    assert given(one, two, one) == [], "repeated"
    both = parcel(1, "T-1, T-9")
    assert given(both, two) == [(1, "T-1, T-9")], "a second number is a new version"
    several = parcel(3, None, items=[{"id": 1, "orderItemId": 5, "quantity": 1}])
    assert given(both, two, several) == [(3, None)], "no number yet"
    assert given(parcel(2, "T-2"), several) == [(2, "T-2")], "amended"
    assert given(parcel(2, None), several) == [(2, None)], "its number taken away"
    assert given(several) == [], "a shipment that is gone brings nothing"
    assert given(parcel(2, None, suppressed=True)) == [(2, None)], "its flag turned"
    amended = hub_amends(ground)
    return f"two numbers, one number twice, repeated, amended, removed, flag turned: identity by the hub's id, each change one new version; sandbox: {amended}"


def hub_amends(ground: Ground) -> str:
    hub = ground.hub("--seed", "demo", pool__size=10_000, pool__refill=1000)
    client = open_shop(ground, hub, "sandbox")
    before = walk(client, "shipments")
    one = before[0]["id"]
    hub.post("shipments", {"id": one, "trackingNumber": "AMENDED-1"})
    after = [(record["id"], record["trackingNumber"]) for record in walk(client, "shipments")]
    assert after == [(one, "AMENDED-1")], after
    return f"{len(before)} shipments, 1 amended and given again"


@row("P-16", set="core")
def page_size_may_change_between_runs(ground: Ground) -> str:
    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub)
    walks = ground.times(60, 12)
    for number in range(walks):
        choose = random.Random(ground.seed + number)
        hub_list, reader = DriftingList(ground.seed + number, choose.choice(ORDERS[:5]), rows=choose.randrange(1, 90)), Reader()
        hub.answer = hub_list.answer
        for run in range(4):
            stop = choose.randrange(1, 6) if run < 3 else 1000
            with client.pull("orders", cursor=f"s{number}", page_size=choose.randrange(4, 40)) as pull:
                for page in pull:
                    reader.store(page.records)
                    page.commit()
                    stop -= 1
                    if not stop:
                        break
        assert not reader.lost(hub_list), f"walk {number}: {len(reader.lost(hub_list))} rows were skipped"
        assert reader.again == 0, f"walk {number}: {reader.again} versions came twice"
    return f"{walks} lists, each in 4 runs of another page size, three of them broken off: 0 rows skipped, 0 given twice"
