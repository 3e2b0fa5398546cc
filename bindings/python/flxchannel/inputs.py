# Made from flx_describe() by `make reference`: edit what the library says there, not here.
"""What a client is given: its config, orders, answers, and the filters of a pull. For type checkers; the library is the judge."""

from __future__ import annotations

import os
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Mapping, Optional, Sequence, TypedDict, Union


class StateSettings(TypedDict, total=False):
    """The config keys `state.*`."""

    #: instead of state_dir, for several machines: a PostgreSQL database, as a URL (postgresql://user@host/db) or as
    #: service=NAME; the first schema of its search_path holds this channel alone, and its budget
    url: str
    wait_ms: int  #: longest wait for another process at the state file
    keep_days: int  #: how long it is remembered which orders and records were there, after their buyer data is gone


class RateLimitSettings(TypedDict, total=False):
    """The config keys `rate_limit.*`."""

    #: absolute path of the directory of the rate limit file that all processes of a token share; default: state_dir
    dir: Union[str, os.PathLike[str]]


class HttpSettings(TypedDict, total=False):
    """The config keys `http.*`."""

    wait_ms: int  #: deadline of calls that are given -1
    connect_ms: int  #: longest time to make a connection
    attempt_ms: int  #: longest time for one request
    idle_ms: int  #: longest silence within a request
    ca_file: Union[str, os.PathLike[str]]  #: absolute path of a file of certificate authorities; default: the system's
    proxy: str  #: proxy such as http://127.0.0.1:3128; the environment is not asked
    user_agent: str  #: the host's name and version, put before ours
    body_bytes: int  #: largest answer, inflated


class PageSettings(TypedDict, total=False):
    """The config keys `page.*`."""

    size: int  #: records to ask for per page; 0: 50 for parents, else 100
    first: int  #: number of a list's first page; 0 for a hub that counts from 0
    most: int  #: pages after which a walk is stopped as endless


class PullSettings(TypedDict, total=False):
    """The config keys `pull.*`."""

    give_up_ms: int  #: time without an answer after which a pull reports the failure
    #: time without a call into a pull, or an answer for its feed, after which another pull or flush may take its feed over
    idle_s: int


class FeedsSettings(TypedDict, total=False):
    """The config keys `feeds.*`."""

    overlap_s: int  #: how far before its cursor a walk starts; more once the hub has shown rows later than that
    #: how late the hub may show a change, unless it was seen to be later: what was answered is read again so much later, and
    #: a second
    late_s: int
    reconcile_h: int  #: how often a cursor feed is read in full beside its walks, for what no cursor can see; 0: never


class AnswersSettings(TypedDict, total=False):
    """The config keys `answers.*`."""

    batch: int  #: answers sent in one request
    keep_hours: int  #: how long results of answers are kept


class OrdersSettings(TypedDict, total=False):
    """The config keys `orders.*`."""

    give_up_hours: int  #: age at which an order without a clear end is given up, with its evidence
    keep_hours: int  #: how long buyer data of a settled order is kept
    #: what goes to the hub as referenceNumber of an order that has none; as_given: nothing
    reference_number: Literal["order_number", "as_given"]


class SnapshotsSettings(TypedDict, total=False):
    """The config keys `snapshots.*`."""

    keep_days: int  #: how long each listing is kept as it was seen last, for flx_snapshot_get; 0: none is kept


class LogSettings(TypedDict, total=False):
    """The config keys `log.*`."""

    level: Literal["error", "warn", "info", "debug"]  #: least important records that are kept


class HubSettings(TypedDict, total=False):
    """The config keys `hub.*`."""

    #: the hub's id of this channel; needed only if the hub shows rows of others and does not tell which are ours; default:
    #: learnt
    channel_id: int
    arrays: Literal["repeated", "joined"]  #: how a list is written in a query: skus=A&skus=B, or skus=A,B
    overrides: Mapping[str, Any]  #: other wire names, such as {"createOrder":{"orderNumber":"number"}}


class Needed(TypedDict):
    """What every channel has."""

    channel: str  #: name of the channel, [a-z0-9._-]{1,64}; required
    token: str  #: the hub's channel token, 1 to 512 visible ASCII characters; required


class Settings(Needed, total=False):
    """The config of a client."""

    #: absolute path of the directory of the state file, on a disk of this machine; made with mode 0700 if its parent exists;
    #: wider modes are tightened at each opening, and a directory that serves others as well is refused; this or state.url is
    #: required
    state_dir: Union[str, os.PathLike[str]]
    origin: str  #: where the hub is; http only to loopback
    state: StateSettings
    rate_limit: RateLimitSettings
    http: HttpSettings
    page: PageSettings
    pull: PullSettings
    feeds: FeedsSettings
    answers: AnswersSettings
    orders: OrdersSettings
    snapshots: SnapshotsSettings
    log: LogSettings
    hub: HubSettings


class NewAddress(TypedDict, total=False):
    """An address of an order."""

    name: Optional[str]  #: whole name; the hub splits it when first and last are absent
    firstName: Optional[str]  #: first name
    lastName: Optional[str]  #: last name
    companyName: Optional[str]  #: company
    addressLine1: Optional[str]  #: street and number
    addressLine2: Optional[str]  #: flat, floor, building
    city: Optional[str]  #: city
    state: Optional[str]  #: state or province
    stateCode: Optional[str]  #: its code
    postal: Optional[str]  #: postal code
    country: Optional[str]  #: country
    countryCode: Optional[str]  #: ISO 3166 code of two letters
    email: Optional[str]  #: e-mail
    phone: Optional[str]  #: telephone
    extra: Mapping[str, Any]  #: an object whose members go to the hub as they are, beside the fields of its level


class NewNameValue(TypedDict, total=False):
    """What an order has as customFields."""

    id: Optional[Union[str, int]]  #: the hub's id of the field
    name: Optional[str]  #: its name
    value: Optional[str]  #: its value
    extra: Mapping[str, Any]  #: an object whose members go to the hub as they are, beside the fields of its level


class NewOrderItemNeeded(TypedDict):
    """What it cannot be without."""

    quantity: int  #: how many


class NewOrderItem(NewOrderItemNeeded, total=False):
    """What an order has as orderItems."""

    price: Optional[Union[Decimal, int, str]]  #: price of one, without tax
    sku: Optional[str]  #: SKU of the listing
    externalListingId: Optional[str]  #: id that the publish answer gave the listing
    listingVariantId: Optional[Union[str, int]]  #: the hub's id of the variant
    productVariantId: Optional[Union[str, int]]  #: the hub's id of the product behind it
    title: Optional[str]  #: title as the buyer saw it
    shippingAddress: Optional[NewAddress]  #: where this line goes
    customFields: Optional[Sequence[NewNameValue]]  #: named values
    extra: Mapping[str, Any]  #: an object whose members go to the hub as they are, beside the fields of its level


class NewOrderNeeded(TypedDict):
    """What it cannot be without."""

    orderNumber: str  #: the host's number of the order, its key at the hub
    shippingAddress: NewAddress  #: where it goes
    orderItems: Sequence[NewOrderItem]  #: the lines


class NewOrder(NewOrderNeeded, total=False):
    """An order to submit."""

    referenceNumber: Optional[str]  #: a second number, such as a marketplace's
    orderedAt: Optional[Union[str, datetime]]  #: when the buyer ordered
    orderTotal: Optional[Union[Decimal, int, str]]  #: what the buyer pays in all
    note: Optional[str]  #: a note for the merchant
    shippingText: Optional[str]  #: shipping method; the hub maps it to a shipping policy
    billingAddress: Optional[NewAddress]  #: who pays
    tags: Optional[Sequence[str]]  #: labels
    customFields: Optional[Sequence[NewNameValue]]  #: named values
    extra: Mapping[str, Any]  #: an object whose members go to the hub as they are, beside the fields of its level


StatusHandle = Literal["not_listed", "listed", "hidden", "delisted", "published", "overwrite_data", "broken_link"]


class ImageAnswerNeeded(TypedDict):
    """Whose it is."""

    id: Union[str, int]


class ImageAnswer(ImageAnswerNeeded, total=False):
    """What became of an image."""

    externalId: str


class VariantAnswerNeeded(TypedDict):
    """Whose it is."""

    id: Union[str, int]


class VariantAnswer(VariantAnswerNeeded, total=False):
    """What became of a variant of a parent."""

    error: str
    confirm: StatusHandle
    externalId: str
    images: Sequence[ImageAnswer]


class AnswerNeeded(TypedDict):
    """Whose it is."""

    id: Union[str, int]


class Answer(AnswerNeeded, total=False):
    """What became of a record of a queue feed."""

    error: str
    confirm: StatusHandle
    status: StatusHandle
    isLinkedToRegularProduct: bool
    externalId: str
    variants: Sequence[VariantAnswer]
    images: Sequence[ImageAnswer]


FeedName = Literal["listings_to_publish", "listings_to_sync", "listings", "orders", "shipments", "returns"]


class PullSpec(TypedDict, total=False):
    """How a feed is pulled. Which filters a feed has, says `describe("feeds")`."""

    cursor: str  #: name of the cursor; cursor feeds
    since: Union[str, datetime]  #: where to start from when the cursor is new
    page_size: int  #: 1 to 1,000
    skus: Sequence[str]
    includeDeleting: bool
    includePaused: bool
    includeOutOfStockVariants: bool
    includeHavingImagesCached: bool
    changeToListingStatusHandle: Literal["not_listed", "listed", "hidden", "delisted", "published", "broken_link", "overwrite_data"]
    includeImages: bool
    includeOptions: bool
    includeAttributes: bool
    includeCategories: bool
    includeCustomFields: bool
    basicsUpdatedAfter: Union[str, datetime]
    upcs: Sequence[str]
    ids: Sequence[Union[int, str]]
    includeParent: bool
    includeCustomAggregates: bool
    includeOverwrites: bool
    includeTags: bool
    orderedAfter: Union[str, datetime]
    status: Literal["Open", "Closed", "Canceled", "On Hold", "Failed", "No Shipping Method", "Not Managed", "Draft"]
    createdSince: Union[str, datetime]
    createdUntil: Union[str, datetime]
    orderNumber: str
    findByOrderId: Union[int, str]
    findByPurchaseOrderId: Union[int, str]
    filterCreatedAfter: Union[str, datetime]
    orderId: Union[int, str]
    includeRmas: bool
