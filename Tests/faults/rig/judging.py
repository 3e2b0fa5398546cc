"""Work through the outbox of a shop at a hub with books, and the checker of what came of it."""

from __future__ import annotations

import collections
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from .books import Books, iso
from .ground import Ground
from .trial import shop

OPEN = ("queued", "sending")


BEGAN = time.time()
"""Orders of a case are of one moment: two that should be alike must not differ because a second went by between them."""


def order(number: str, **changes: Any) -> "dict[str, Any]":
    """A good order of a minute before the case began."""
    from orders import order as made

    return made(number, **{"orderedAt": iso(BEGAN - 60), **changes})  # type: ignore[no-any-return]


def elsewhere(**changes: Any) -> "dict[str, Any]":
    """What another buyer's order has in place of ours."""
    return {
        "orderTotal": Decimal("64.50"), "orderedAt": iso(time.time() - 90_000),
        "shippingAddress": {
            "name": "Bob Other", "addressLine1": "77 Elm Road", "city": "Portland", "postal": "97201", "countryCode": "US"},
        "orderItems": [{"sku": "LAMP", "quantity": 3, "price": Decimal("21.50")}], **changes}


def keeper(ground: Ground, hub: Books, *orders: "dict[str, Any]", **config: Any) -> Any:
    """A client that took in these orders."""
    client = shop(ground, hub, **config)
    for one in orders:
        client.submit(one)
    return client


def rows_of(client: Any) -> "dict[str, dict[str, Any]]":
    return {row["number"]: row for row in client.outbox()}


def work(client: Any, limit_s: float, until: "Callable[[], Any] | None" = None) -> "dict[str, dict[str, Any]]":
    """Flush until every order has its end, or `until` says so, at most so long; the outbox by number."""
    end = time.monotonic() + limit_s
    while True:
        report = client.flush(200)
        rows = rows_of(client)
        if until() if until else all(row["state"] not in OPEN for row in rows.values()):
            return rows
        if time.monotonic() > end:
            return rows
        time.sleep(min(max(report.next_in_ms or 0, 20), 200) / 1000)


def rest(client: Any, seconds: float) -> None:
    """Flush on for so long: a POST that should not come comes now."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        client.flush(200)
        time.sleep(0.1)


def faults(hub: Books, rows: "Iterable[dict[str, Any]]", twice: "Iterable[str]" = ()) -> "list[str]":
    """What is wrong whatever the hub did: orders doubled, verdicts that its books deny, one order of the hub for two rows."""
    found = []
    counts = collections.Counter(made.number for made in hub.orders)
    found += [f"{number!r} is {count} orders at the hub" for number, count in counts.items() if count > 1 and number not in twice]
    owners: "dict[str, list[str]]" = collections.defaultdict(list)
    for row in rows:
        number, verdict = row["number"], row["verdict"]
        ids = [str(made.record["id"]) for made in hub.made(number)]
        if row["order_id"] and verdict in ("applied", "possibly_applied"):
            owners[row["order_id"]].append(number)
        if verdict == "applied" and row["order_id"] not in ids:
            found.append(f"{number!r} is applied as {row['order_id']}, the hub has {ids or 'none'} of it")
        if verdict == "not_applied" and ids:
            found.append(f"{number!r} is not_applied, and the hub has it as {ids}")
        if verdict == "refused" and ids and row["code"] != "FLX_E_CONFLICT":
            found.append(f"{number!r} is refused ({row['message']}), and the hub has it as {ids}")
    found += [f"{one} stands for {len(names)} rows: {names}" for one, names in owners.items() if len(names) > 1]
    return found


def judge(hub: Books, client: Any, **wanted: Any) -> "dict[str, dict[str, Any]]":
    """Demand that nothing is wrong, and these verdicts (`all="applied"`, or `verdicts={number: ...}`); the rows by number."""
    rows = rows_of(client)
    found = faults(hub, rows.values())
    verdicts = wanted.get("verdicts") or dict.fromkeys(rows, wanted.get("all"))
    for number, verdict in verdicts.items():
        allowed = verdict if isinstance(verdict, tuple) else (verdict,)
        row = rows.get(number)
        if row is None:
            found.append(f"{number!r} is not in the outbox")
        elif verdict is not None and (row["verdict"] not in allowed or row["state"] in OPEN):
            found.append(f"{number!r} is {row['state']} {row['verdict']} {row['code']} ({row['message']}), not {' or '.join(allowed)}")
    if (most := wanted.get("posts")) is not None:
        found += [
            f"{number!r} was posted {len(hub.sent(number))} times, {most} allowed" for number in rows if len(hub.sent(number)) > most]
    assert not found, "; ".join(found)
    return rows


def told(client: Any, number: str) -> str:
    """All that is said of an order: its message, and those of its history."""
    history = client.history(number)
    return " | ".join([history.get("message", ""), *(str(event) for event in history["events"])])
