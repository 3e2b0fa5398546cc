"""The events of a round and its summary, as types. What a reply may be stands in the header, in the section Sync."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Literal, Optional, Sequence, TypedDict, Union

from .shapes import Flushed, OutboxOrder, Part


class ResultEvent(TypedDict):
    """What became of an order; a yes settles it."""

    type: Literal["result"]
    event: int
    order: OutboxOrder


class PublishEvent(TypedDict):
    """A listing parent to publish; the reply may say `{"externalId": ...}`."""

    type: Literal["publish"]
    event: int
    id: str
    sku: Optional[str]
    record: Dict[str, Any]


class SyncEvent(TypedDict):
    """A variant whose price, quantity or status changed."""

    type: Literal["sync"]
    event: int
    id: str
    sku: Optional[str]
    record: Dict[str, Any]


class ChangeEvent(TypedDict):
    """A queued status change; only True says that the shop did it."""

    type: Literal["change"]
    event: int
    to: str
    of: Literal["variant", "parent"]
    id: str
    sku: Optional[str]
    record: Dict[str, Any]


class GoneEvent(TypedDict):
    """A listing that the hub no longer has."""

    type: Literal["gone"]
    event: int
    id: str
    sku: Optional[str]


class OrderEvent(TypedDict):
    """An order of the channel that changed."""

    type: Literal["order"]
    event: int
    id: str
    order_number: Optional[str]
    record: Dict[str, Any]


class ShipmentEvent(TypedDict):
    """A parcel for the buyer's eyes."""

    type: Literal["shipment"]
    event: int
    id: str
    order_number: Optional[str]
    record: Dict[str, Any]


class OtherParcelEvent(TypedDict):
    """A parcel that no buyer may be told of."""

    type: Literal["other_parcel"]
    event: int
    kind: Literal["suppressed", "return", "cross_dock"]
    id: str
    order_number: Optional[str]
    record: Dict[str, Any]


class ReturnEvent(TypedDict):
    """Goods that a buyer sends back."""

    type: Literal["return"]
    event: int
    id: str
    order_number: Optional[str]
    record: Dict[str, Any]


class ProgressEvent(TypedDict):
    """How far a part is; wants no reply."""

    type: Literal["progress"]
    part: Part
    done: int
    failed: int
    later: int


Event = Union[
    ResultEvent, PublishEvent, SyncEvent, ChangeEvent, GoneEvent, OrderEvent, ShipmentEvent, OtherParcelEvent, ReturnEvent,
    ProgressEvent,
]

#: A function for each type of event. `return` is a word of Python: the dict is written with braces.
Handlers = TypedDict("Handlers", {
    "result": Callable[[ResultEvent], Any],
    "publish": Callable[[PublishEvent], Any],
    "sync": Callable[[SyncEvent], Any],
    "change": Callable[[ChangeEvent], Any],
    "gone": Callable[[GoneEvent], Any],
    "order": Callable[[OrderEvent], Any],
    "shipment": Callable[[ShipmentEvent], Any],
    "other_parcel": Callable[[OtherParcelEvent], Any],
    "return": Callable[[ReturnEvent], Any],
    "progress": Callable[[ProgressEvent], Any],
}, total=False)


class Plan(TypedDict, total=False):
    """How a round is run."""

    parts: Sequence[Part]
    budget_ms: int
    cursor: str
    every_s: Dict[Part, int]
    progress: bool


class PartSummary(TypedDict):
    """What became of a part of a round."""

    end: Literal["done", "not_due", "not_done", "busy", "failed"]
    code: str
    done: int
    failed: int
    later: int
    quarantined: int
    left_out: int
    why: List[str]


class Summary(TypedDict):
    """What a round did, what not and why."""

    type: Literal["summary"]
    complete: bool
    took_ms: int
    parts: Dict[Part, PartSummary]
    sent: Flushed
    answers_refused: int
    stopped: Optional[str]
    stopped_code: str
    to_do: List[str]
