"""A shop on the library, and the hub that it sells through."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import flxchannel

ADDRESS = {"name": "Robin Example", "addressLine1": "1 Sample Street", "city": "Springfield", "postal": "97477",
           "stateCode": "OR", "countryCode": "US", "email": "robin@shop.example"}


class Hub:
    """The sandbox that FLX_SANDBOX names, on a free port."""

    def __init__(self, *arguments: str) -> None:
        command = [os.environ["FLX_SANDBOX"], "--port", "0", "--exit-with-parent", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        said = dict(self.process.stdout.readline().split() for _ in range(3))
        self.url, self.token, self.console = said["url"], said["token"], said["console"]
        self.port = int(self.url.rpartition(":")[2])

    def __enter__(self) -> "Hub":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_admin/{path}", data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def get(self, path: str) -> Any:
        return self.admin("GET", path)

    def post(self, path: str, body: Any) -> Any:
        return self.admin("POST", path, body)

    def skus(self) -> "list[str]":
        return [row["sku"] for row in self.get("listings") if (row["quantity"] or 0) >= 5 and not row["held_back"]]

    def order(self, number: str) -> "dict[str, Any]":
        return dict(self.get(f"orders/{number}"))


def done(record: "dict[str, Any]") -> "dict[str, str]":
    """The answer of a shop that did what a listing asked for: done, and which change of its status."""
    change = record.get("changeToListingStatus") or (record.get("parent") or {}).get("changeToListingStatus")
    is_named = change and change["handle"] not in ("published", "overwrite_data")
    return {"id": record["id"], **({"confirm": change["handle"]} if is_named else {})}


class Shop:
    """A shop that uses the library as its documentation says."""

    def __init__(self, hub: Hub, state: Path) -> None:
        self.hub = hub
        self.client = flxchannel.Client(channel="shop", token=hub.token, state_dir=state, origin=hub.url)

    def submit(self, number: str, quantity: int = 1, lines: int = 1, **members: Any) -> None:
        items = [{"sku": sku, "quantity": quantity, "price": "19.99"} for sku in self.hub.skus()[:lines]]
        self.client.submit({"orderNumber": number, "orderTotal": "24.98", "shippingText": "Standard", "shippingAddress": ADDRESS,
                            "orderItems": items, **members})

    def flush(self) -> Any:
        """One slice of sending, and a wait if the library says that there is nothing to do yet."""
        report = self.client.flush(1000)
        if report.next_in_ms is not None:
            time.sleep(min(max(report.next_in_ms, 10), 1000) / 1000)
        return report

    def result(self, number: str, patience: float = 90) -> "dict[str, Any]":
        """The result of an order, which is settled then."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for row in self.client.results(1000):
                if row["number"] == number:
                    self.client.settle([number])
                    return dict(row)
            self.flush()
        raise AssertionError(f"order {number} has no result: {self.client.outbox()}")

    def push(self, number: str, **members: Any) -> "dict[str, Any]":
        self.submit(number, **members)
        return self.result(number)

    def pull(self, feed: str) -> "list[dict[str, Any]]":
        """Every record that is new in a feed."""
        records: "list[dict[str, Any]]" = []
        with self.client.pull(feed) as pull:
            for page in pull:
                records += [dict(record) for record in page]
                page.commit()
        return records

    def at_hub(self, number: str) -> "dict[str, Any]":
        """The order as the library reads it at the hub."""
        with self.client.order_status(number) as page:
            return dict(next(iter(page)))
