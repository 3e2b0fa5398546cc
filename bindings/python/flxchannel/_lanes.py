"""Threads in which the calls of an asyncio program run.

The library waits in the thread that calls it and starts none of its own, so a program with a loop gives it one: not one a call,
but one a client, because one thread at a time may drive the network of a client and others would stand in line for it, each
with a stack. Calls that only touch the state file run beside those, so they have a second one: a checkout that submits
an order does not wait for a probe.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Generic, Optional, TypeVar

from . import codes
from .cancel import Cancel
from .errors import ClosedError, ForkedError, PossiblyAppliedError

_Result = TypeVar("_Result")
_log = logging.getLogger("flxchannel")


class Lane:
    """One thread, in which jobs run one after the other. It starts with the first and ends with `end`.

    Invariant: the switch is quiet when a job begins, but for the time after `interrupt_for_good`.
    """

    def __init__(self, name: str, switch: Optional[Cancel] = None) -> None:
        self._pool = ThreadPoolExecutor(1, name)
        self._pid = os.getpid()
        self._switch = switch
        self._lock = threading.Lock()
        self._is_closing = False

    async def run(self, work: "Callable[[], _Result]", is_long: bool = False) -> _Result:
        """Run a job. If the task is canceled, one that has not begun never does; a long one that runs is interrupted."""
        job = _Job(self, work)
        future = self._put(job)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if not future.cancel() and is_long:
                self._interrupt(job)
            raise

    def give_back(self, work: "Callable[[], None]") -> "asyncio.Future[None]":
        """Run a job that closes something: behind all others, and whether anybody waits for it or not."""
        try:
            return asyncio.shield(asyncio.wrap_future(self._put(_Job(self, work))))
        except (ClosedError, ForkedError):  # nothing goes on here any more that it would have to wait for
            work()
            done: "asyncio.Future[None]" = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done

    def interrupt_for_good(self) -> None:
        """Let every job that asks the hub end at once, also those to come."""
        with self._lock:
            self._is_closing = True
            if self._switch is not None:
                self._switch.fire()

    def end(self) -> None:
        """Let the thread go once it has done what it was given."""
        self._pool.shutdown(wait=False)

    def _put(self, job: "_Job[_Result]") -> "Future[_Result]":
        if self._pid != os.getpid():  # the thread is the parent's: a job would wait for ever
            raise ForkedError("the client was opened before a fork; open a new one here", code=codes.E_FORKED, name="FLX_E_FORKED")
        try:
            return self._pool.submit(job)
        except RuntimeError:
            raise ClosedError("this client is closed", code=codes.E_HANDLE, name="FLX_E_HANDLE") from None

    def _interrupt(self, job: "_Job[Any]") -> None:
        with self._lock:
            if self._switch is not None and not job.is_over:
                job.is_interrupted = True
                self._switch.fire()

    def finish(self, job: "_Job[Any]") -> None:
        """A job is over: the next one must find the switch quiet."""
        with self._lock:
            job.is_over = True
            if self._switch is not None and job.is_interrupted and not self._is_closing:
                self._switch.reset()


class _Job(Generic[_Result]):
    """A call, in the context of the task that asked for it."""

    def __init__(self, lane: Lane, work: "Callable[[], _Result]") -> None:
        self._lane, self._work = lane, work
        self._context = contextvars.copy_context()
        self.is_interrupted = self.is_over = False

    def __call__(self) -> _Result:
        try:
            return self._context.run(self._work)
        except PossiblyAppliedError as error:
            if self.is_interrupted:  # nobody is left to be told
                _log.warning("a call was canceled on its way, and the hub may have acted on it: %s", error)
            raise
        finally:
            self._lane.finish(self)
