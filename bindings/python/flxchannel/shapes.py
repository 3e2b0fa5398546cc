"""What the library tells, as types: the JSON of the header, member by member. Instants are text in ISO 8601 and UTC."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Dict, List, Literal, Optional, Sequence, TypedDict, Union

OrderState = Literal["queued", "sending", "resolved", "settled"]
OrderVerdict = Literal["", "not_applied", "possibly_applied", "applied", "refused"]
AnswerVerdict = Literal["applied", "refused", "held"]
Part = Literal["results", "publish", "sync", "orders", "shipments", "returns", "gone"]
Fact = Literal["clock", "pool", "hold", "filters", "channel"]


class OrderReceipt(TypedDict):
    """What became of a submit."""

    number: str
    state: OrderState
    verdict: OrderVerdict
    new: bool  #: False if it was there before with the same content
    revision: int


class OutboxOrder(TypedDict):
    """An order of the outbox, without what the buyer told."""

    row: int
    number: str
    revision: int
    purged: bool
    state: OrderState
    verdict: OrderVerdict
    order_id: str  #: the hub's id, "" if it is not known
    order_status: str
    attempts: int
    code: str
    message: str
    hub_said: str  #: may name a buyer
    submitted_at: str
    next_at: Optional[str]
    resolved_at: Optional[str]
    settled_at: Optional[str]


class HistoryEvent(TypedDict):
    """A step in the life of an order."""

    at: str
    what: str
    http_status: int
    verdict: OrderVerdict
    message: str
    hub_said: str
    request_id: str
    took_ms: int


class History(OutboxOrder):
    """An order with all that happened to it."""

    events: List[HistoryEvent]


class Canceled(TypedDict):
    """What became of a cancel."""

    number: str
    outcome: Literal["not_sent", "canceled", "asked", "given_up", "not_at_hub", "in_doubt"]
    message: str
    order: OutboxOrder


class AnswerResult(TypedDict):
    """What became of an answer."""

    seq: int
    feed: str
    id: str
    verdict: AnswerVerdict
    message: str
    hub_said: str
    http_status: int


class Waiting(TypedDict):
    """What is left to send; -1 if another process held the state file, so that it is not known."""

    orders: int
    answers: int


class Flushed(TypedDict):
    """What a flush did."""

    sent: int
    applied: int
    refused: int
    possibly_applied: int
    given_up: int
    answers_sent: int
    waiting: Waiting
    next_in_ms: int
    waits_for: Literal["", "hub", "rate_limit", "throttled", "breaker", "time", "another_process"]
    paused: str


class Pool(TypedDict):
    """The hub's pool of requests."""

    size: int
    used: int
    refill: Union[int, Decimal]


class HubChannel(TypedDict):
    """The channel as the hub has it."""

    id: str
    name: str
    type: str
    is_of_this_state: Optional[bool]
    default_invoice_status: Optional[str]
    generates_requests_on_import: Optional[bool]
    orders: str


class ProbeReport(TypedDict):
    """Whether a channel can work."""

    reachable: bool
    token: Literal["accepted", "refused", "unknown"]
    http_status: int
    latency_ms: int
    clock_offset_ms: Optional[int]
    pool: Optional[Pool]
    listings: Optional[int]
    channel: Optional[HubChannel]
    advice: str


class Called(TypedDict):
    """The hub's answer to a call."""

    status: int
    body: Any


class Holder(TypedDict):
    """Who holds a feed."""

    feed: str
    cursor: str
    by: Literal["pull", "flush", "cursor_set"]
    pid: int
    process: str
    since: str
    in_call: bool
    idle_ms: int
    idle_limit_ms: int


class Cursor(TypedDict):
    """How far a feed was read."""

    feed: str
    cursor: str
    at: Optional[str]
    moved_at: Optional[str]
    filter_ignored: bool
    reconciled_at: Optional[str]
    late_s: int


class OutboxCounts(TypedDict):
    """Orders by state, and by verdict."""

    queued: int
    sending: int
    resolved: int
    settled: int
    not_applied: int
    possibly_applied: int
    applied: int
    refused: int
    unsent_since: Optional[str]


class FeedAnswers(TypedDict):
    """Answers of a feed."""

    waiting: int
    applied: int
    refused: int
    held: int


class AnswerCounts(TypedDict):
    """Answers in all, and of each queue feed."""

    waiting: int
    listings_to_publish: FeedAnswers
    listings_to_sync: FeedAnswers


class Quarantined(TypedDict):
    """A record that could not be read."""

    feed: str
    id: str
    reason: str
    first_at: str
    last_at: str
    times: int


class RateLimit(TypedDict):
    """What of the request budget is known."""

    rule: Literal["pool", "response_anchored"]
    outstanding: int
    paused: Literal["", "throttled", "breaker", "token", "pool"]
    paused_ms: int
    distrusted_ms: int
    breaker_open: bool
    failures: int
    token_refused: bool


class Requests(TypedDict):
    """Requests of this client."""

    orders: int
    answers: int
    polls: int
    probes: int
    answered: int
    throttled: int
    failed: int
    bytes_out: int
    bytes_in: int


class Learnt(TypedDict):
    """Something that is known because the hub said so."""

    fact: Fact
    value: Any
    source: str
    at: Optional[str]
    witnesses: int


class Stats(TypedDict):
    """How a channel is; `describe("metrics")` says what each member means."""

    channel: str
    origin: str
    outbox: OutboxCounts
    answers: AnswerCounts
    quarantined: int
    left_out: int
    quarantine: List[Quarantined]
    cursors: List[Cursor]
    holders: List[Holder]
    rate_limit: RateLimit
    requests: Requests
    hub_clock_offset_ms: Optional[int]
    last_success_at: Optional[str]
    learnt: List[Learnt]


class Snapshot(TypedDict):
    """A listing as it was seen last."""

    id: str
    sku: str
    at: str
    age_ms: int
    record: Dict[str, Any]


class VariantFacts(TypedDict):
    """Of a variant of a parent to publish."""

    id: str
    change_to: Optional[str]


class Facts(TypedDict, total=False):
    """What is known of a record of a page beyond what its JSON says, by its feed."""

    id: str  #: "" if it has none that is exact
    change_to: Optional[str]  #: of listings: the queued status change, also where it stands on the parent alone
    variants: "list[VariantFacts]"  #: of parents to publish
    kind: Literal["delivery", "suppressed", "return", "cross_dock"]  #: of shipments: only a delivery is for the buyer's eyes
    order_number: Optional[str]  #: of orders, shipments and returns: the shop's


class Fault(TypedDict):
    """What is wrong with an order, or odd."""

    path: str
    message: str


class Purged(TypedDict):
    """What a purge did."""

    purged: int


class OutboxFilter(TypedDict, total=False):
    """Which orders of the outbox."""

    state: OrderState
    verdict: OrderVerdict
    number: str
    limit: int
    after: int


class PurgeFilter(TypedDict, total=False):
    """Whose buyer data goes."""

    numbers: Sequence[str]
    settled_before: Union[str, datetime]


class SnapshotQuery(TypedDict, total=False):
    """Which listing."""

    id: Union[str, int]
    sku: str
