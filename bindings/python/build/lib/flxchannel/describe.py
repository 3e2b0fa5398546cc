"""What the loaded library says about itself and about orders, without a client."""

from __future__ import annotations

from typing import Any

from ._handle import call_json
from ._json import JsonInput, encode, to_utf8
from ._library import lib


def version() -> str:
    """Return the version of the loaded library, such as "0.1.0"."""
    text: bytes = lib.flx_version_string()
    return text.decode("ascii")


def describe(topic: str) -> Any:
    """Return a table of the library: "config", "errors", "feeds", "operations", "schema/order" ... ("topics" has all)."""
    text = to_utf8(topic)
    return call_json(lib.flx_describe, text, len(text))


def order_check(order: JsonInput) -> "list[dict[str, Any]]":
    """Return every fault of an order, each with `path` and `message`; an empty list means that it can be submitted."""
    text = encode(order)
    faults: "list[dict[str, Any]]" = call_json(lib.flx_order_check, text, len(text))["faults"]
    return faults
