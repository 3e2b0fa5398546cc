"""What the shop holds and what the hub holds, as lines that can be compared one by one."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any, Callable, Dict, Mapping, Sequence, Tuple

from hub import Hub

#: By the kind of line: all lines of a side. A line that stands there twice counts twice.
Side = Dict[str, "Counter[Tuple[str, ...]]"]


def money(value: Any) -> str:
    """`19.9`, `"19.90"` and `Decimal("19.9000")` are one amount."""
    return f"{Decimal(str(value)).normalize():f}"


#: The kinds of line, and how each column of one is written.
KINDS: "dict[str, dict[str, Callable[[Any], str]]]" = {
    "parents": {"sku": str, "title": str},
    "variants": {"sku": str, "parent": str},
    "prices": {"sku": str, "price": money},
    "quantities": {"sku": str, "quantity": str},
    "statuses": {"sku": str, "status": str},  # listed, hidden, delisted
    "orders": {"number": str, "state": str},  # open, closed (all of it has left), canceled
    "totals": {"number": str, "total": money},
    "addresses": {"number": str, "name": str, "street": str, "city": str, "postal": str, "country": str, "email": str},
    "order lines": {"number": str, "sku": str, "quantity": str, "price": money},
    "parcels": {"number": str, "carrier": str, "tracking": str},
    "parcel lines": {"number": str, "tracking": str, "sku": str, "quantity": str},
}


def side(told: "Mapping[str, Sequence[Sequence[Any]]]") -> Side:
    """Take what a shop tells: a list of lines for each kind, all kinds and no others."""
    if told.keys() != KINDS.keys():
        raise ValueError(f"a side has {', '.join(KINDS)}, not {', '.join(told)}")
    return {
        kind: Counter(tuple(write(value) for write, value in zip(columns.values(), line, strict=True)) for line in told[kind])
        for kind, columns in KINDS.items()
    }


def hub_side(hub: Hub) -> Side:
    """What the hub holds of this channel: what it offers, and the orders that were pushed."""
    offered = [listing for listing in hub.get("listings") if not listing["held_back"]]
    parents = {number: hub.get(f"listings/{number}") for number in {listing["parent_id"] for listing in offered}}
    orders = {order["id"]: order for order in hub.get("orders?pushed=true")}
    read = {order["id"]: order for page in (1, 2, 3) for order in hub.as_the_channel(f"/orders?page={page}&pageSize=100")}
    skus = {item["id"]: item["sku"] for order in orders.values() for item in order["items"]}
    parcels = [
        parcel for parcel in hub.get("shipments")
        if parcel["orderId"] in orders
        and not (parcel["suppressed"] or parcel["rmaId"] or parcel["crossDockPurchaseOrderId"])
    ]

    def number(of: int) -> str:
        return str(orders[of]["order_number"])

    return side({
        "parents": [(parent["sku"], parent["title"]) for parent in parents.values()],
        "variants": [(one["sku"], parents[one["parent_id"]]["sku"]) for one in offered],
        "prices": [(one["sku"], one["price"]) for one in offered],
        "quantities": [(one["sku"], one["quantity"]) for one in offered],
        "statuses": [(one["sku"], one["listing_status"]) for one in offered],
        "orders": [(order["order_number"], order["status"].lower()) for order in orders.values()],
        "totals": [(order["order_number"], order["total"]) for order in orders.values()],
        "addresses": [
            (number(key), to["name"], to["addressLine1"], to["city"], to["postal"], to["countryCode"], to["email"])
            for key in orders for to in [read[key]["shippingAddress"]]
        ],
        "order lines": [
            (order["order_number"], item["sku"], item["quantity"], item["price"])
            for order in orders.values() for item in order["items"]
        ],
        "parcels": [(number(one["orderId"]), one["carrier"], one["trackingNumber"]) for one in parcels],
        "parcel lines": [
            (number(one["orderId"]), one["trackingNumber"], skus[item["orderItemId"]], item["quantity"])
            for one in parcels for item in one["shipmentItems"]
        ],
    })


def differences(shop: Side, hub: Side) -> "dict[str, list[str]]":
    """By kind: each line that one side has more often than the other."""
    return {
        kind: [
            f"{'  '.join(line)}: {count} too many at the {where}"
            for where, more in (("shop", shop[kind] - hub[kind]), ("hub", hub[kind] - shop[kind]))
            for line, count in sorted(more.items())
        ]
        for kind in KINDS
    }


def print_table(shop: Side, hub: Side, most: int = 10) -> bool:
    """Print both sides, kind by kind, with what differs; return whether nothing does."""
    found = differences(shop, hub)
    print(f"\n{'lines of both sides, compared one by one':66}{'shop':>8}{'hub':>8}{'differ':>8}")
    for kind, columns in KINDS.items():
        name = f"{kind} ({', '.join(columns)})"
        print(f"{name:66}{shop[kind].total():>8,}{hub[kind].total():>8,}{len(found[kind]):>8,}")
        for line in found[kind][:most]:
            print(f"    {line}")
        if len(found[kind]) > most:
            print(f"    and {len(found[kind]) - most} more")
    return not any(found.values())
