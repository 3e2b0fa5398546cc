"""What the loaded library says about itself and about orders, without a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Union

from ._handle import call_json
from ._json import encode, to_utf8
from ._library import lib
from .shapes import Fault

if TYPE_CHECKING:
    from .inputs import NewOrder


def version() -> str:
    """Return the version of the loaded library, such as "1.0.0"."""
    text: bytes = lib.flx_version_string()
    return text.decode("ascii")


def describe(topic: str) -> Any:
    """Return a table of the library, such as "config", "errors" or "schema/order"; "topics" lists all."""
    text = to_utf8(topic)
    return call_json(lib.flx_describe, text, len(text))


class OrderFaults(List[Fault]):
    """Every fault of an order, each with `path` and `message`; none means that it can be submitted.

    `warnings` has what is odd about it all the same, in the same form: nothing is held back for that.
    """

    def __init__(self, report: "dict[str, Any]") -> None:
        super().__init__(report["faults"])
        self.warnings: "list[Fault]" = report["warnings"]


def order_check(order: "Union[NewOrder, str, bytes]") -> OrderFaults:
    """Return every fault of an order, and warnings beside them."""
    text = encode(order)
    return OrderFaults(call_json(lib.flx_order_check, text, len(text)))
