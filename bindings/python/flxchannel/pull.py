"""Walks over feeds, page by page."""

from __future__ import annotations

from ctypes import byref, c_int, c_size_t, c_ssize_t, c_void_p, py_object, pythonapi, string_at
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Iterator, Optional, Union
from weakref import ref

from . import codes
from ._coming import Coming
from ._handle import Handle, call, call_json
from ._handle import int32 as _int32
from ._handle import size as _size
from ._json import decode, decode_plain, to_utf8
from ._library import lib
from ._status import check
from ._turns import Slices
from .errors import ArgumentError, UseError
from .records import ListingParent, ListingVariant, Order, Return, Shipment

if TYPE_CHECKING:
    from .inputs import FeedName
    from .shapes import Facts


class Pull(Handle):
    """One walk over a feed: an iterator of pages, and a context manager that ends the walk.

        with client.pull("orders") as pull:
            for page in pull:
                store(page)
                page.commit()

    Iterating goes on until the end of the feed is proven and raises what cannot be mended by waiting. A program that
    has only so much time takes `pages(wait_ms)` and looks at `is_done`.
    """

    _noun = "pull"
    _free_name = "flx_pull_close"

    def __init__(self, client: Handle, feed: int) -> None:
        super().__init__()
        self._client = client  # a pull must not outlive its client by accident
        self._feed = feed
        self._is_done = False
        self._coming: "Coming[Page]" = Coming()
        self._reference = ref(self)

    def _facts(self) -> str:
        return f" {codes.Feed(self._feed).name.lower()} of {self._client._facts().strip()}"

    @property
    def is_done(self) -> bool:
        """Whether the end of the feed was proven: there was nothing left to give."""
        return self._is_done and not self._coming.is_there

    def next(self, wait_ms: int = -1) -> Optional[Page]:
        """Return the next page, or None: not within `wait_ms`, or never because the pull `is_done`."""
        if _int32(wait_ms, "wait_ms") < 0:
            return self._next(wait_ms)
        self._come_within(Slices(wait_ms))
        return self._take()

    def _next(self, wait_ms: int) -> Optional[Page]:
        self._come(wait_ms)
        return self._take()

    def _come_within(self, slices: Slices) -> None:
        while True:
            slices.stay(self._come)
            if self._coming.is_there or self._is_done or slices.left_ms == 0:
                return
            slices.rest()

    def _come(self, wait_ms: int) -> None:
        """Let a page come, unless one is there."""
        if not self._coming.is_there:
            self._is_done = self._coming.fill(Page(), lib.flx_pull_next, self._ptr(), wait_ms) == codes.DONE

    def _take(self) -> Optional[Page]:
        page = self._coming.take()
        if page is not None:
            page._pull = self._reference
        return page

    def pages(self, wait_ms: int) -> Iterator[Page]:
        """Yield pages for at most `wait_ms`, then stop; `is_done` says whether that was the end of the feed."""
        return self._pages(Slices(wait_ms))

    def __iter__(self) -> Iterator[Page]:
        return self._pages(Slices(None))

    def _pages(self, slices: Slices) -> Iterator[Page]:
        while not self.is_done:
            self._come_within(slices)
            page = self._take()
            if page is not None:
                yield page
            elif slices.left_ms == 0:
                return

    def commit(self, page: Page) -> None:
        """Say that the shop has stored `page` (cursor feeds)."""
        call(lib.flx_pull_commit, self._ptr(), page._ptr())


class Page(Handle):
    """One answer of the hub: a read-only sequence of records, each a dict with the hub's own names.

    Numbers that are not whole are `Decimal`. A page outlives its pull, and does not keep it: a variable that still holds the last
    page locks no feed. It is freed when nothing refers to it any more, or by `close`; do not close
    one that another thread reads.
    """

    _noun = "page"
    _free_name = "flx_page_free"

    def __init__(self) -> None:
        super().__init__()
        self._pull: "Optional[ref[Pull]]" = None
        self._records: "Optional[list[dict[str, Any]]]" = None

    def _facts(self) -> str:
        return "" if self.closed else f" {self.feed.name.lower()}, {len(self)} record{'' if len(self) == 1 else 's'}"

    @property
    def feed(self) -> codes.Feed:
        """The feed this page belongs to."""
        return codes.Feed(check(lib.flx_page_feed(self._ptr()), c_void_p()))

    @property
    def left_out(self) -> int:
        """How many rows the pull left out since its page before because they bear another channel's id."""
        count: int = lib.flx_page_left_out(self._ptr())
        return count

    @property
    def json(self) -> bytes:
        """The records as one JSON array, in the hub's own bytes."""
        return self._view(lib.flx_page_json)

    @property
    def receipt(self) -> str:
        """Text to store and to hand to `Client.ack`, also later and from another process."""
        return self._view(lib.flx_page_receipt).decode("utf-8")

    @property
    def quarantine(self) -> "list[dict[str, Any]]":
        """The records of the hub's page that could not be read, with their reasons."""
        faults: "list[dict[str, Any]]" = call_json(lib.flx_page_quarantine, self._ptr())
        return faults

    @property
    def facts(self) -> "list[Facts]":
        """What is known of each record beyond what it says by itself: a queued change, the kind of a parcel, an order's number."""
        facts: "list[Facts]" = call_json(lib.flx_page_facts, self._ptr())
        return facts

    @property
    def records(self) -> "list[dict[str, Any]]":
        """All records as dicts."""
        if self._records is None:
            self._records = decode(self.json)
        return self._records

    @property
    def plain(self) -> "list[dict[str, Any]]":
        """All records as dicts, decoded anew by orjson if it is installed: quickest, but fractions are `float`."""
        records: "list[dict[str, Any]]" = decode_plain(_borrow(*self._text(lib.flx_page_json)))
        return records

    def __len__(self) -> int:
        count: int = lib.flx_page_count(self._ptr())
        return count

    def __iter__(self) -> "Iterator[dict[str, Any]]":
        return iter(self.records)

    def __getitem__(self, index: int) -> "dict[str, Any]":
        return self.records[index]

    def record_json(self, index: int) -> bytes:
        """Return one record in the hub's own bytes."""
        return self._view(lib.flx_record_json, _size(index, "index"))

    def get(self, index: int, path: str) -> str:
        """Return one value of a record by its JSON pointer, as text; `NotFoundError` if it is absent or null."""
        text = to_utf8(path)
        return self._view(lib.flx_record_get, _size(index, "index"), text, len(text)).decode("utf-8")

    def commit(self) -> None:
        """Say that the shop has stored this page: its versions are not delivered again (cursor feeds)."""
        if self._pull is None:
            raise _misuse("this page is of no pull: there is nothing to commit")
        pull = self._pull()
        if pull is None:
            raise _misuse("the pull of this page is gone: there is nothing to commit")
        pull.commit(self)

    def variants(self) -> "list[ListingVariant]":
        """The records of a page of variants, typed."""
        return [ListingVariant.of(record) for record in self]

    def parents(self) -> "list[ListingParent]":
        """The records of a page of parents, typed."""
        return [ListingParent.of(record) for record in self]

    def orders(self) -> "list[Order]":
        """The records of a page of orders, typed."""
        return [Order.of(record) for record in self]

    def shipments(self) -> "list[Shipment]":
        """The records of a page of shipments, typed; with the kind and the order number that the library found."""
        if self.feed is not codes.Feed.SHIPMENTS:
            raise _misuse("this page is not of the feed of shipments")
        return [
            Shipment.of(record, kind=codes.ShipmentKind[one["kind"].upper()], order_number=one["order_number"])
            for record, one in zip(self, self.facts)
        ]

    def returns(self) -> "list[Return]":
        """The records of a page of returns, typed."""
        return [Return.of(record) for record in self]

    def _view(self, function: Any, *arguments: Any) -> bytes:
        place, length = self._text(function, *arguments)
        return string_at(place, length) if length else b""

    def _text(self, function: Any, *arguments: Any) -> "tuple[int, int]":
        """Where bytes of the page are and how many; they stay until it is freed."""
        text, length = c_void_p(), c_size_t()
        check(function(self._ptr(), *arguments, byref(text), byref(length)), c_void_p())
        return text.value or 0, length.value


def _misuse(message: str) -> UseError:
    return UseError(message, code=codes.E_USE, name="FLX_E_USE")


def feed_of(feed: "Union[codes.Feed, FeedName]") -> int:
    """Return the number of a feed; a number that is none is for the library to refuse."""
    if not isinstance(feed, str):
        return _int32(feed, "feed")
    named = codes.Feed.__members__.get(feed.upper())
    if named is None:
        names = [name.lower() for name in codes.Feed.__members__]
        near = get_close_matches(feed.lower(), names, n=1)
        hint = f'did you mean "{near[0]}"' if near else f"there are {', '.join(names)}"
        raise ArgumentError(f"there is no feed {feed[:50]!r}; {hint}", code=codes.E_ARGUMENT, name="FLX_E_ARGUMENT", path="feed")
    return int(named)


_view_memory = pythonapi.PyMemoryView_FromMemory
_view_memory.argtypes, _view_memory.restype = (c_void_p, c_ssize_t, c_int), py_object


def _borrow(place: int, length: int) -> memoryview:
    """Look at memory of the library without a copy, for as long as its owner is not freed."""
    read_only = 0x100  # PyBUF_READ
    view: memoryview = _view_memory(place, length, read_only)
    return view
