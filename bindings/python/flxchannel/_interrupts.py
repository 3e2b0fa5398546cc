"""Ctrl-C, or the end of a thread, that comes while a log function runs: C carries no exception, so it waits for the call to end."""

from __future__ import annotations

import threading

_thread = threading.local()


def keep(error: BaseException) -> None:
    """Keep what is to be raised once the call that this thread is in has ended."""
    _thread.kept = error


def raise_kept() -> None:
    """Raise it. Called where the result of the call is owned by an object already, so that none leaks."""
    error = getattr(_thread, "kept", None)
    if error is not None:
        _thread.kept = None
        raise error
