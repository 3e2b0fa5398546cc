"""The sandbox hub as a child process, and its admin paths as methods."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from typing import Any


class Sandbox:
    """A hub on a free port of loopback, from the binary that FLX_SANDBOX names; ends with its `with` block."""

    def __init__(self, *arguments: str, switches: "dict[str, Any] | None" = None) -> None:
        settings = [f"--set={name}={value}" for name, value in (switches or {}).items()]
        command = [os.environ["FLX_SANDBOX"], "--port", "0", "--exit-with-parent", *arguments, *settings]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        said = dict(self._process.stdout.readline().split() for _ in range(2))
        self.url, self.token = said["url"], said["token"]

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate()

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/_admin/{path}", timeout=10) as answer:
            return json.load(answer)

    def post(self, path: str, body: "dict[str, Any]") -> Any:
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_admin/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    # What the hub saw and has

    def journal(self) -> "list[dict[str, Any]]":
        """Every request so far."""
        return list(self.get("journal"))

    def order_numbers(self) -> "list[str]":
        """The numbers of the orders that were pushed, one for each order."""
        return [order["order_number"] for order in self.get("orders?pushed=true")]

    def variant(self, listing_id: Any) -> "dict[str, Any]":
        """What the hub has of a variant."""
        return dict(self.get(f"listings/{listing_id}"))

    def some_sku(self) -> str:
        """A variant that is in stock."""
        return next(row["sku"] for row in self.get("listings") if (row["quantity"] or 0) >= 5 and not row["paused"])

    # What happens at the hub

    def set(self, **switches: Any) -> None:
        self.post("switches", switches)

    def delay(self, *, ms: int, times: int = 1, **match: Any) -> None:
        """Let the hub act, and hold its answer back."""
        self.post("faults", {"do": "delay", "ms": ms, "times": times, **match})

    def cut_after_commit(self, number: str) -> None:
        """Cut the connection once the hub has accepted this order."""
        self.post("cut", {"order_number": number, "when": "after", "times": 1})

    def refuse(self, number: str, times: int = 0) -> None:
        """Refuse this order with 422; 0 times is always."""
        self.post("refuse", {"order_number": number, "times": times})

    def ship(self, number: str, tracking: str, **plan: Any) -> None:
        self.post("ship", {"order_number": number, "tracking_number": tracking, **plan})

    def change_listings(self, rows: int) -> None:
        """Change so many variants drawn by chance."""
        self.post("churn", {"rows": rows})
