"""A shop that uses the library as its documentation says, and what the hub knows of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Optional

from sandbox import Sandbox

#: A pool that keeps nobody waiting, for tests that are not about the limiter.
FAST = {"pool.size": "10000", "pool.refill": "1000"}
#: A lost answer is waited for so long, and 5 s more, until a look-up that finds nothing counts: for tests in which it does.
IMPATIENT = {"http.attempt_ms": 1500}
ADDRESS = {"name": "Robin Example", "addressLine1": "1 Sample Street", "city": "Springfield", "postal": "97477",
           "stateCode": "OR", "countryCode": "US"}


class Shop:
    """One client of a sandbox. Cursor pages are committed as they come; answers are right unless a test says otherwise."""

    def __init__(self, library: Any, hub: Sandbox, state: Path, **config: Any) -> None:
        self.library = library
        self.hub = hub
        self._settings = {"channel": "shop", "token": hub.token, "state_dir": state, "origin": hub.url, **config}
        self.client = library.Client(**self._settings)

    def later(self, seconds: int = 60) -> None:
        """Let time pass at the hub, as for a shop that is called by a timer: each run opens its client anew."""
        self.client.close()
        self.hub.admin("POST", "clock", {"advance_s": seconds})
        self.client = self.library.Client(**self._settings)

    def __enter__(self) -> "Shop":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    # Listings

    def pull(self, feed: str, **spec: Any) -> "list[dict[str, Any]]":
        """Pull a feed to its proven end."""
        records: "list[dict[str, Any]]" = []
        with self.client.pull(feed, **spec) as pull:
            for page in pages(pull):
                records += page.records
                if not feed.startswith("listings_to"):
                    page.commit()
        return records

    def work_off(
        self, feed: str, answer: "Optional[Callable[[dict[str, Any]], dict[str, Any]]]" = None, **spec: Any
    ) -> "list[dict[str, Any]]":
        """Pull a queue, answer every record, and flush."""
        records: "list[dict[str, Any]]" = []
        with self.client.pull(feed, **spec) as pull:
            for page in pages(pull):
                records += page.records
                self.client.ack(page.receipt, [(answer or done)(record) for record in page])
        self.flush()
        return records

    def verdicts(self) -> "dict[str, str]":
        """The last verdict of each answered record."""
        return {row["id"]: row["verdict"] for row in self.client.ack_results(0, 10_000)}

    # Orders

    def submit(self, number: str, unit: "dict[str, Any]", quantity: int = 1, **members: Any) -> None:
        self.client.submit(order(number, unit, quantity, **members))

    def result(self, number: str) -> "dict[str, Any]":
        """The result of an order, flushing until there is one."""
        end = time.monotonic() + 40
        while time.monotonic() < end:
            for row in self.client.results(1000):
                if row["number"] == number:
                    return row
            self.flush_once()
        raise AssertionError(f"order {number} has no result: {self.client.history(number)}")

    def push(self, number: str, unit: "dict[str, Any]", quantity: int = 1, **members: Any) -> "dict[str, Any]":
        self.submit(number, unit, quantity, **members)
        return self.result(number)

    def flush(self, seconds: float = 30) -> None:
        """Flush until nothing is left."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            report = self.flush_once()
            if report.outcome.name == "DONE" and report.next_in_ms is None:
                return
        raise AssertionError(f"there is still something to send: {report.json}")

    def flush_once(self) -> Any:
        """Flush for a slice, and wait if the library says that there is nothing to do yet."""
        report = self.client.flush(1000)
        if report.next_in_ms is not None:
            time.sleep(min(max(report.next_in_ms, 10), 1000) / 1000)
        return report


def pages(pull: Any, seconds: int = 40) -> "Iterator[Any]":
    """The pages of a pull to its proven end, which must come in time."""
    yield from pull.pages(seconds * 1000)
    assert pull.is_done, f"the pull did not come to its end within {seconds} s"


def done(record: "dict[str, Any]") -> "dict[str, Any]":
    """The right answer for a record: done, with ids of the shop for a parent, and a queued status change named."""
    answer: "dict[str, Any]" = {"id": record["id"], **confirmation(record)}
    if "variants" in record:
        answer["externalId"] = f"P{record['id']}"
        answer["variants"] = [
            {"id": one["id"], "externalId": f"V{one['id']}", **confirmation(one)} for one in record["variants"]
        ]
    return answer


def confirmation(record: "dict[str, Any]") -> "dict[str, str]":
    """The member that names a queued status change, if there is one."""
    change = record.get("changeToListingStatus") or (record.get("parent") or {}).get("changeToListingStatus")
    is_named = change and change["handle"] not in ("published", "overwrite_data")
    return {"confirm": change["handle"]} if is_named else {}


def order(number: str, unit: "dict[str, Any]", quantity: int = 1, **members: Any) -> "dict[str, Any]":
    item = {"sku": unit["sku"], "listingVariantId": unit["id"], "quantity": quantity, "price": "19.99"}
    return {"orderNumber": number, "orderedAt": "2026-01-31T12:00:00Z", "orderTotal": "24.98",
            "shippingText": "Standard", "shippingAddress": ADDRESS, "orderItems": [item], **members}


def sent_twice(hub: Sandbox, shop: Shop, number: str, **members: Any) -> "dict[str, Any]":
    """The result of an order whose first answer is lost and whose look-up shows nothing, so that an impatient shop sends it
    again."""
    hub.set(late__visible_s=3600)
    hub.admin("POST", "cut", {"order_number": number, "when": "after"})
    shop.submit(number, *units(hub), **members)
    end = time.monotonic() + 40
    while posts(hub) < 2:
        assert time.monotonic() < end, f"order {number} was not sent again: {shop.client.history(number)}"
        shop.flush_once()
    hub.set(late__visible_s=0)
    return shop.result(number)


def orders_at(hub: Sandbox, number: str) -> "list[dict[str, Any]]":
    """The orders of this number that the hub has, which should be one."""
    return [one for one in hub.admin("GET", "orders") if one["order_number"] == number]


def posts(hub: Sandbox) -> int:
    return len(hub.journal("createOrder"))


def units(hub: Sandbox, count: int = 1) -> "list[dict[str, Any]]":
    """Listings that can be ordered."""
    return [one for one in hub.admin("GET", "listings") if not one["paused"] and one["price"]][:count]


def ids(records: "Iterable[dict[str, Any]]") -> "list[str]":
    return sorted(str(record["id"]) for record in records)


QUEUES = ["listings_to_sync", "listings_to_publish"]


def waiting(hub: Sandbox, feed: str) -> "list[str]":
    """Ids that wait in a queue at the hub."""
    queue = feed.removeprefix("listings_to_")
    return ids(hub.admin("GET", f"listings?waiting={queue}"))


def repeated_is_applied_once(hub: Sandbox, shop: Shop, **members: Any) -> None:
    result = sent_twice(hub, shop, "A-1", **members)
    [found] = orders_at(hub, "A-1")

    assert (result["verdict"], result["order_id"]) == ("applied", str(found["id"]))


def looked_up_first(hub: Sandbox, shop: Shop) -> None:
    hub.admin("POST", "cut", {"order_number": "A-1", "when": "after"})
    result = shop.push("A-1", *units(hub))

    assert result["verdict"] == "applied"
    assert len(orders_at(hub, "A-1")) == 1
    assert posts(hub) == 1
