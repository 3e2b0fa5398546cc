"""Pulls and rounds for programs of asyncio: each step is one short stay of the lane's thread in the library."""

from __future__ import annotations

import asyncio
import inspect
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Generic, Optional, TypeVar, cast

from . import codes
from ._handle import Handle
from ._lanes import Lane
from ._turns import SLICE_MS, Slices
from .errors import ClosedError
from .pull import Page, Pull
from .sync import Sync, failed, handler_for

if TYPE_CHECKING:
    from .events import Event, Handlers, Summary

_Owned = TypeVar("_Owned", bound=Handle)
_Self = TypeVar("_Self", bound="_Walk[Any]")


async def rest(ms: int = 1) -> None:
    """Let other tasks run, for as long as a slice at most."""
    await asyncio.sleep(max(1, min(ms, SLICE_MS)) / 1000)


class _Walk(Generic[_Owned]):
    """A handle of the library that is opened, used and closed in a lane."""

    def __init__(self, network: Lane, make: "Callable[[], _Owned]") -> None:
        self._network, self._make = network, make
        self._handle: Optional[_Owned] = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{' closed' if self._handle is None else self._handle._facts()}>"

    @property
    def _opened(self) -> _Owned:
        if self._handle is None:
            raise ClosedError("this is closed, or was not opened", code=codes.E_HANDLE, name="FLX_E_HANDLE")
        return self._handle

    async def open(self: _Self) -> _Self:
        """Open it; `async with` does."""
        try:
            await self._network.run(self._open)
        except BaseException:
            self._network.give_back(self._close)  # also if the task was canceled and it opens all the same
            raise
        return self

    def _open(self) -> None:
        self._handle = self._make()

    async def close(self) -> None:
        """Give it back; what it holds is let go also if the task is canceled meanwhile. Closing it twice does nothing."""
        await self._network.give_back(self._close)

    def _close(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()

    async def __aenter__(self: _Self) -> _Self:
        return await self.open()

    async def __aexit__(
        self, kind: Optional[type[BaseException]], value: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        await self.close()


class AsyncPull(_Walk[Pull]):
    """One walk over a feed, page by page. A page that came when its task was canceled is the next one."""

    def __init__(self, network: Lane, file: Lane, make: "Callable[[], Pull]") -> None:
        super().__init__(network, make)
        self._file = file

    @property
    def is_done(self) -> bool:
        """Whether the end of the feed was proven, and every page was given."""
        return self._opened.is_done

    async def next(self, wait_ms: Optional[int] = None) -> Optional[Page]:
        """Return the next page, or None: not within `wait_ms`, or never because the pull `is_done`."""
        slices, pull = Slices(wait_ms), self._opened
        while not pull.is_done:
            await self._network.run(partial(slices.stay, pull._come))
            page = pull._take()
            if page is not None:
                return page
            if slices.left_ms == 0:
                break
            await rest()
        return None

    def __aiter__(self) -> AsyncPull:
        return self

    async def __anext__(self) -> Page:
        page = await self.next()
        if page is None:
            raise StopAsyncIteration
        return page

    async def pages(self, wait_ms: int) -> "AsyncIterator[Page]":
        """Yield pages for at most `wait_ms`, then stop; `is_done` says whether that was the end of the feed."""
        slices = Slices(wait_ms)
        while (page := await self.next(slices.left_ms)) is not None:
            yield page

    async def commit(self, page: Page) -> None:
        """Say that the shop has stored `page` (cursor feeds)."""
        await self._file.run(partial(self._opened.commit, page))


class AsyncSync(_Walk[Sync]):
    """One round, event by event. An event that came when its task was canceled is the next one."""

    def __init__(self, network: Lane, make: "Callable[[], Sync]") -> None:
        super().__init__(network, make)
        self.summary: "Optional[Summary]" = None

    async def next(self, wait_ms: Optional[int] = None) -> "Optional[Event]":
        """Return the next event; None if none came in time, if events wait for their replies, or at the end, where `summary`
        is set. Without `wait_ms` it waits for as long as it takes."""
        slices, sync = Slices(wait_ms), self._opened
        while sync.summary is None:
            status = await self._network.run(partial(slices.stay, sync._come))
            event = sync._take()
            if event is not None:
                return event
            if status == codes.BUSY or slices.left_ms == 0:
                break
            await rest()
        self.summary = sync.summary
        return None

    def __aiter__(self) -> AsyncSync:
        return self

    async def __anext__(self) -> "Event":
        event = await self.next()
        if event is None:
            raise StopAsyncIteration
        return event

    async def reply(self, event: "Event", reply: Any) -> None:
        """Say what came of an event: True, False or a dict."""
        await self._network.run(partial(self._opened.reply, event, reply))

    async def run(self, handlers: "Handlers") -> "Summary":
        """Take every event to the handler of its type, to the end; return the summary."""
        async for event in self:
            handler = handler_for(handlers, event)
            try:
                said = None if handler is None else handler(event)
                if inspect.isawaitable(said):
                    said = await said
            except Exception as error:  # noqa: BLE001 - whatever it is, the round goes on without this event
                said = failed(event, error)
            await self._network.run(partial(self._opened.answer, event, handler, said))
        return cast("Summary", self.summary or {})
