"""What tests of asyncio do with tasks that wait, and the threads that clients leave them."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest


def lanes():
    """Threads of clients that are there."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("flxchannel-")]


async def arrives(sandbox, path):
    """Wait until the hub has a request."""
    while not [request for request in sandbox.journal() if request["path"].startswith(path)]:
        await asyncio.sleep(0.02)


async def canceled(task):
    """Cancel a task that waits; tell how long it took to end."""
    assert not task.done(), task
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return time.monotonic() - started
