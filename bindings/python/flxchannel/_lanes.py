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
from typing import Callable, Generic, Optional, TypeVar

from . import codes
from .cancel import Cancel
from .errors import ClosedError, ForkedError, PossiblyAppliedError

_Result = TypeVar("_Result")
_log = logging.getLogger("flxchannel")


class Lane:
    """One thread, in which jobs run one after the other. It starts with the first and ends with `end`."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, name)
        self._pid = os.getpid()

    async def run(self, work: "Callable[[], _Result]", switch: Optional[Cancel] = None) -> _Result:
        """Run a job. If the task is cancelled, one that has not begun never does; one that runs ends soon if it has a switch."""
        job = _Job(work, switch)
        future = self._put(job)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if not future.cancel():
                job.stop()
            raise

    def give_back(self, work: "Callable[[], None]") -> "asyncio.Future[None]":
        """Run a job that closes something: behind all others, and whether anybody waits for it or not."""
        try:
            return asyncio.shield(asyncio.wrap_future(self._put(_Job(work, None))))
        except (ClosedError, ForkedError):  # nothing goes on here any more that it would have to wait for
            work()
            done: "asyncio.Future[None]" = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done

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


class _Job(Generic[_Result]):
    """A call, in the context of the task that asked for it, and the way to end it.

    Invariant: the switch is fired only while the job runs and quiet again when it is over, so that the next job finds it so.
    """

    def __init__(self, work: "Callable[[], _Result]", switch: Optional[Cancel]) -> None:
        self._work, self._switch = work, switch
        self._context = contextvars.copy_context()
        self._lock = threading.Lock()
        self._is_stopped = self._is_over = False

    def __call__(self) -> _Result:
        try:
            return self._context.run(self._work)
        except PossiblyAppliedError as error:
            if self._is_stopped:  # nobody is left to be told
                _log.warning("a call was cancelled on its way, and the hub may have acted on it: %s", error)
            raise
        finally:
            with self._lock:
                self._is_over = True
                if self._is_stopped and self._switch is not None:
                    self._switch.reset()

    def stop(self) -> None:
        """Interrupt the call, if it can be and goes on."""
        with self._lock:
            if self._switch is not None and not self._is_over:
                self._is_stopped = True
                self._switch.fire()
