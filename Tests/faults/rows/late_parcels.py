"""O-02: parcels that come when their order was settled and cleared away long ago."""

from __future__ import annotations

import time
from typing import Any

from rig import host
from rig.books import Books, iso
from rig.ground import Ground
from rig.judging import keeper, order, work
from rig.register import row
from rig.trial import shop, together
from rows.clocks import FAKETIME
from rows.identity import place
from rows.whose_order import books

ASKS: "dict[str, Any]" = {}
"""What a pull is given so that the hub may be asked for the numbers of orders that are not of this outbox."""

LATE = """
c = client()
c.flush(500)
with c.pull("shipments") as pull:
    for page in pull:
        say(numbers=[one.order_number for one in page.shipments()])
        page.commit()
"""


@row("O-02", set="core", waits=True)
def late_parcels(ground: Ground) -> str:
    def sent(hub: Books, state: str, **config: Any) -> None:
        with keeper(ground, hub, order("S-1"), order("S-2"), state_dir=state, **config) as client:
            work(client, 20)
            client.settle(["S-1", "S-2"])
            for _ in range(3):
                client.flush(200)

    def ship(hub: Books, *numbers: str) -> None:
        at, table = iso(time.time()), hub.rows["shipments"]
        for number in numbers:
            table.append({
                "id": 9000 + len(table), "orderId": hub.made(number)[0].record["id"], "trackingNumber": f"T-{len(table)}", "insertedAt": at, "updatedAt": at})

    def parcels(client: Any) -> "list[str | None]":
        told: "list[str | None]" = []
        with client.pull("shipments", **ASKS) as pull:
            for page in pull:
                told += [one.order_number for one in page.shipments()]
                page.commit()
        return told

    def cleared_away() -> None:
        hub, state = books(ground), place(ground, "cleared")
        sent(hub, state, **{"orders.keep_hours": 0})
        ship(hub, "S-1", "S-2", "S-1")
        client = shop(ground, hub, state_dir=state)
        told = parcels(client)
        assert told == ["S-1", "S-2", "S-1"], f"parcels of {told}"
        kept = [one["number"] for one in client.outbox()]  # the hub would tell the numbers as well
        assert kept == ["S-1", "S-2"], f"numbers of {kept}"

    def purged_by_hand() -> None:
        hub, state = books(ground), place(ground, "purged")
        sent(hub, state)
        client = shop(ground, hub, state_dir=state)
        client.purge(numbers=["S-1"])
        ship(hub, "S-1", "S-2")
        told = parcels(client)
        assert told == ["S-1", "S-2"], f"parcels of {told}"

    def two_days_later() -> None:
        hub, state = books(ground), place(ground, "later")
        sent(hub, state)
        ship(hub, "S-1", "S-2")
        settings = {**host.config(ground, hub), "state_dir": state}
        clock = {"LD_PRELOAD": FAKETIME, "FAKETIME": "+172800s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
        told = [number for page in host.finish(host.start(ground, LATE, settings, **clock)) for number in page["numbers"]]
        assert told == ["S-1", "S-2"], f"parcels of {told}"

    def empty_state() -> None:
        """A shop that lost its state, or never sent these orders."""
        hub = books(ground)
        for number in ("S-1", "S-2"):
            hub.put(order(number))
        client = shop(ground, hub)
        ship(hub, "S-1", "S-2", "S-1")
        told = parcels(client)
        time.sleep(1.1)
        ship(hub, "S-1", "S-1")
        told += parcels(client)
        assert told == ["S-1", "S-2", "S-1", "S-1", "S-1"], f"parcels of {told}"
        asked = [request.path for request in hub.seen if request.path.rstrip("/").split("/")[-2] == "orders"]
        assert len(asked) == 2, f"the hub was asked {len(asked)} times for the numbers of two orders"

    together([
        ("cleared away", cleared_away), ("purged by hand", purged_by_hand), ("two days later", two_days_later), ("an empty state", empty_state)])
    return "parcels of orders that were settled and cleared away, purged, settled two days ago, or never of this state: each with its order's number, the hub asked once for an order"
