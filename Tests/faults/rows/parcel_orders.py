"""O-04, P-20: parcels of orders that are another channel's, and of an order that the hub fails to tell."""

from __future__ import annotations

import time
from typing import Any

import flxchannel
from rig.books import Books, iso
from rig.ground import Ground
from rig.judging import keeper, order, work
from rig.rawhub import Reply, Request
from rig.register import row
from rig.trial import together, wait_until
from rows.whose_order import books


def ship(hub: Books, *ids: int) -> None:
    """A parcel each of these orders of the hub."""
    at, table = iso(time.time()), hub.rows["shipments"]
    for one in ids:
        table.append({"id": 9000 + len(table), "orderId": one, "trackingNumber": f"T-{len(table)}", "insertedAt": at, "updatedAt": at})


def parcels(client: Any) -> "list[tuple[int, str | None]]":
    """One pull to its end, all committed: the hub's order id and the number that each parcel has."""
    told: "list[tuple[int, str | None]]" = []
    with client.pull("shipments") as pull:
        for page in pull:
            told += [(int(one.order_id), one.order_number) for one in page.shipments()]
            page.commit()
    return told


def asked(hub: Books, one: int) -> int:
    return sum(request.method == "GET" and request.path.endswith(f"/orders/{one}") for request in hub.seen)


@row("O-04", set="core", waits=True)
def of_another_channel(ground: Ground) -> str:
    def trial(count: int, **config: Any) -> "Any":
        def run() -> None:
            hub = books(ground, is_scoped=False)
            hub.channels["another"] = 502
            client = keeper(ground, hub, *(order(f"S-{n}") for n in range(1, count + 1)), **config)
            work(client, 20)
            ours = hub.made("S-1")[0].record["id"]
            theirs = hub.put(order("S-1"), token="another")["id"]
            again = hub.put(order("S-1"))["id"]  # a person made it once more, in our channel
            ship(hub, ours, theirs, again)
            told = parcels(client)
            left_out = client.stats()["left_out"]
            told += parcels(client)
            assert told == [(ours, "S-1"), (again, None)], f"{theirs} is another channel's and {again} is not S-1: told {told}"
            assert left_out == 1, f"{left_out} left out"
            assert asked(hub, theirs) == 1, f"the hub was asked {asked(hub, theirs)} times for one order"
        return run

    together([("one order of ours", trial(1)), ("four of ours", trial(4)), ("named by the config", trial(1, **{"hub.channel_id": "501"}))])
    return "another channel's order has our number: its parcel is left out, counted, asked about once; an order of our channel that was made by hand under our number: its parcel has none"


def failing(ground: Ground, fails: "list[bool]") -> "tuple[Books, Any, int, list[tuple[int, str | None]]]":
    """A hub that fails at one order, which is not of this outbox, while it is told to; and five of ours, all with parcels."""
    hub = books(ground)
    client = keeper(ground, hub, *(order(f"S-{n}") for n in range(1, 6)), **{"pull.give_up_ms": 8000})
    work(client, 20)
    one = hub.put(order("Z-9"))["id"]

    def fail(request: Request) -> "Reply | None":
        return Reply(b"", 500) if fails and request.path.endswith(f"/orders/{one}") else None

    hub.first.append(fail)
    ours = [(made.record["id"], made.number) for made in hub.orders if made.record["id"] != one]
    ship(hub, one, *(one for one, _ in ours))
    return hub, client, one, ours


@row("P-20", set="core", waits=True)
def poison(ground: Ground) -> str:
    hub, client, one, ours = failing(ground, [True])
    began = time.monotonic()
    try:
        told = parcels(client)
    except flxchannel.FlxError as error:
        raise AssertionError(f"one order that the hub fails at holds all up: {error}") from error
    took = time.monotonic() - began
    assert told == ours, f"one order that the hub fails at: told {told}"
    for n in range(3):
        parcels(client)
        client.submit(order(f"T-{n}"))
        assert work(client, 5)[f"T-{n}"]["verdict"] == "applied", f"an order waits: {client.stats()['rate_limit']}"
    rate_limit = client.stats()["rate_limit"]
    assert not rate_limit["breaker_open"] and rate_limit["failures"] == 0, f"the hub is taken for one that fails: {rate_limit}"
    assert all(cursor["at"] is None for cursor in client.cursors() if cursor["feed"] == "shipments"), "the cursor passed what waits"
    return f"five parcels beside one whose order answers 500: all five in {took:.1f} s, {asked(hub, one)} questions, three orders applied meanwhile, no failure counted, the cursor stays"


@row("P-20", set="usual", waits=True)
def poison_that_heals(ground: Ground) -> str:
    fails = [True]
    _, client, one, ours = failing(ground, fails)
    assert parcels(client) == ours
    fails.clear()
    began = time.monotonic()
    told = wait_until(lambda: parcels(client), "the parcel that waited", 30)
    assert told == [(one, "Z-9")], f"told {told}"
    assert any(cursor["at"] for cursor in client.cursors() if cursor["feed"] == "shipments"), "the cursor stays for ever"
    return f"the hub tells the order again: its parcel came with its number after {time.monotonic() - began:.1f} s, and the cursor moves"
