"""The same channel for programs of asyncio.

    async with AsyncClient(channel="shop", token=token, state_dir="/var/lib/shop/flx") as client:
        async with client.pull("orders") as pull:
            async for page in pull:
                await store(page)
                await pull.commit(page)

A canceled task is out of its wait at once, and `asyncio.wait_for` and `asyncio.timeout` work: what the library was about is
interrupted, nothing that it accepted is lost, and the client goes on. A `submit` that was canceled may have been
accepted: submit it again. A `call` that was canceled may have taken effect; then a warning in `logging` says so.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Iterable, Optional, TypeVar, Union

from . import codes
from ._handle import int32
from ._lanes import Lane
from ._secret import hide, hide_token
from ._turns import Slices
from ._walks import AsyncPull, AsyncSync, rest
from .cancel import Cancel
from .client import Client
from .errors import ClosedError
from .flush import FlushReport
from .pull import Page
from .sync import plan_for

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .events import Handlers, Plan, Summary
    from .inputs import Answer, FeedName, NewOrder, PullSpec, Settings
    from .shapes import (
        AnswerResult,
        Called,
        Canceled,
        Cursor,
        Fact,
        Flushed,
        History,
        Holder,
        OrderReceipt,
        OutboxFilter,
        OutboxOrder,
        ProbeReport,
        Purged,
        PurgeFilter,
        Snapshot,
        SnapshotQuery,
        Stats,
    )

__all__ = ["AsyncClient", "AsyncPull", "AsyncSync"]

_Result = TypeVar("_Result")


class AsyncClient:
    """One open connection of this process to one channel; see `Client` for what its methods say and do.

    Any task may call any method. Tasks take turns at the network, a fifth of a second each for pulls, rounds and flushes.
    `client` is the one of the blocking kind behind it; it must not be given another cancel.
    """

    def __init__(
        self,
        *,
        on_log: Optional[Callable[[int, str], None]] = None,
        logger: Optional[logging.Logger] = None,
        **config: "Unpack[Settings]",
    ) -> None:
        config = hide_token(config)  # in place of what was given, which a traceback with locals would show
        self._config: "dict[str, Any]" = {**config, "on_log": on_log, "logger": logger}
        self._switch = Cancel()
        self._network, self._file = Lane("flxchannel-network", self._switch), Lane("flxchannel-file")
        self._client: Optional[Client] = None

    def __repr__(self) -> str:
        return f'<AsyncClient "{self._config.get("channel")}"{" closed" if self.closed else ""}>'

    @property
    def closed(self) -> bool:
        """Whether it is closed, or not yet open."""
        return self._client is None

    @property
    def client(self) -> Client:
        """The client behind it."""
        if self._client is None:
            raise ClosedError("this client is closed", code=codes.E_HANDLE, name="FLX_E_HANDLE")
        return self._client

    async def __aenter__(self) -> AsyncClient:
        return await self.open()

    async def __aexit__(
        self, kind: Optional[type[BaseException]], value: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        await self.close()

    async def open(self) -> AsyncClient:
        """Open it, once; `async with` does."""
        try:
            await self._network.run(self._open)
        except BaseException:
            self._end()  # also if the task was canceled and the client opens all the same
            raise
        return self

    def _open(self) -> None:
        self._client = Client(cancel=self._switch, **self._config)

    async def close(self) -> None:
        """End what other tasks wait for, give the client back and let its threads go. Closing it twice does nothing."""
        if self._client is not None:
            self._network.interrupt_for_good()
        await self._end()

    def _end(self) -> "asyncio.Future[None]":
        closed = self._network.give_back(self._close)
        self._network.end()
        self._file.end()
        return closed

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def _drive(self, work: "Callable[[], _Result]") -> _Result:
        """Run what stays for a slice at most."""
        return await self._network.run(work)

    async def _wait(self, work: "Callable[[], _Result]") -> _Result:
        """Run what stays until its own deadline, unless the task is canceled."""
        return await self._network.run(work, is_long=True)

    async def _touch(self, work: "Callable[[], _Result]") -> _Result:
        """Run what makes no request."""
        return await self._file.run(work)

    # What asks the hub

    async def probe(self, wait_ms: int = -1) -> "ProbeReport":
        """Ask the hub whether this channel can work."""
        return await self._wait(partial(self.client.probe, wait_ms))

    async def order_status(self, number: str, wait_ms: int = -1) -> Page:
        """Read one order of the outbox at the hub: a page with one record."""
        return await self._wait(partial(self.client.order_status, number, wait_ms))

    async def cancel_order(self, number: str, wait_ms: int = -1) -> "Canceled":
        """Cancel an order wherever it stands."""
        return await self._wait(partial(self.client.cancel_order, number, wait_ms))

    async def call(self, operation: str, /, *, wait_ms: int = -1, **arguments: Any) -> "Called":
        """Call one operation by its id, with its arguments by name and `body`."""
        return await self._wait(partial(self.client.call, operation, wait_ms=wait_ms, **arguments))

    async def flush(self, budget_ms: int) -> FlushReport:
        """Spend at most `budget_ms` on sending: orders first, then answers of feeds that nobody is pulling."""
        if int32(budget_ms, "budget_ms") < 0:
            return await self._wait(partial(self.client.flush, budget_ms))
        slices = Slices(budget_ms)
        reports: "list[Flushed]" = []
        while True:
            done = await self._drive(partial(slices.stay, self.client._flush))
            if done is None:
                await rest()
                continue
            reports.append(done[1])
            pause = slices.rest_after(done[1])
            if pause is None:
                return FlushReport.of(done[0], reports)
            await rest(pause)

    def pull(self, feed: "Union[codes.Feed, FeedName]", **spec: "Unpack[PullSpec]") -> AsyncPull:
        """Make a walk over a feed; `async with` opens it and lets the feed go."""
        return AsyncPull(self._network, self._file, lambda: self.client.pull(feed, **spec))

    def open_sync(self, **plan: "Unpack[Plan]") -> AsyncSync:
        """Make a round whose events are taken one by one; `async with` opens it."""
        return AsyncSync(self._network, lambda: self.client.open_sync(**plan))

    async def sync(self, handlers: "Handlers", **plan: "Unpack[Plan]") -> "Summary":
        """Do all that the channel has to do, once; return the summary. Handlers may be plain or `async def`.

        They run in the loop, one at a time; plain ones should not block it.
        """
        async with self.open_sync(**plan_for(handlers, plan)) as sync:
            return await sync.run(handlers)

    # What makes no request

    async def submit(self, order: "Union[NewOrder, str, bytes]") -> "OrderReceipt":
        """Accept an order for sending. Durable when it returns; `flush` sends it."""
        return await self._touch(partial(self.client.submit, order))

    async def ack(self, receipt: str, answers: "Union[Iterable[Answer], bytes]") -> None:
        """Answer records of a queue feed. Durable when it returns; `flush` sends it."""
        await self._touch(partial(self.client.ack, receipt, answers))

    async def ack_results(self, after: int, max: int) -> "list[AnswerResult]":
        """List what became of answers, from `after` on."""
        return await self._touch(partial(self.client.ack_results, after, max))

    async def results(self, max: int) -> "list[OutboxOrder]":
        """List orders whose verdict is known and not yet settled."""
        return await self._touch(partial(self.client.results, max))

    async def settle(self, numbers: Iterable[str]) -> None:
        """Say that the shop has stored the results of these orders."""
        await self._touch(partial(self.client.settle, numbers))

    async def outbox(self, **filter: "Unpack[OutboxFilter]") -> "list[OutboxOrder]":
        """List orders of the outbox."""
        return await self._touch(partial(self.client.outbox, **filter))

    async def history(self, number: str) -> "History":
        """Tell the whole history of one order."""
        return await self._touch(partial(self.client.history, number))

    async def retry(self, numbers: Iterable[str]) -> None:
        """Queue orders again that were refused or given up."""
        await self._touch(partial(self.client.retry, numbers))

    async def discard(self, numbers: Iterable[str]) -> None:
        """Give orders up that are still queued."""
        await self._touch(partial(self.client.discard, numbers))

    async def purge(self, **filter: "Unpack[PurgeFilter]") -> "Purged":
        """Remove buyer data of settled orders."""
        return await self._touch(partial(self.client.purge, **filter))

    async def preview(self, operation: Optional[str] = None, /, **arguments: Any) -> "list[dict[str, Any]]":
        """Show what would be written to the hub instead of sending it."""
        return await self._touch(partial(self.client.preview, operation, **arguments))

    async def snapshot(self, **query: "Unpack[SnapshotQuery]") -> "Snapshot":
        """Give a listing as it was seen last."""
        return await self._touch(partial(self.client.snapshot, **query))

    async def cursors(self) -> "list[Cursor]":
        """List the cursors of this channel."""
        return await self._touch(self.client.cursors)

    async def set_cursor(self, feed: "Union[codes.Feed, FeedName]", cursor: Any, name: Optional[str] = None) -> None:
        """Set a cursor to an instant: all since then comes again."""
        await self._touch(partial(self.client.set_cursor, feed, cursor, name))

    async def holders(self) -> "list[Holder]":
        """Tell who holds which feed, in all processes."""
        return await self._touch(self.client.holders)

    async def set_token(self, token: str) -> None:
        """Replace the token."""
        token = hide(token)
        await self._touch(partial(self.client.set_token, token))

    async def relearn(self, *facts: "Fact") -> None:
        """Forget what the hub said, so that it is learnt anew."""
        await self._touch(partial(self.client.relearn, *facts))

    async def logs(self) -> "list[dict[str, Any]]":
        """Take the log records kept since the last call."""
        return await self._touch(self.client.logs)

    async def stats(self) -> "Stats":
        """Tell how the channel is."""
        return await self._touch(self.client.stats)
