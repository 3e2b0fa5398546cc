"""How late this machine lets a process run: what it shares with others is no fault of the library."""

from __future__ import annotations

import functools
import threading
import time
from collections import deque

STEP_S = 0.02

_woken: "deque[tuple[float, float]]" = deque(maxlen=50_000)
"""When a thread that only sleeps was let run, and how late that was."""
_asleep_since = [0.0]


def _sleep_and_note() -> None:
    while True:
        _asleep_since[0] = time.monotonic()
        time.sleep(STEP_S)
        now = time.monotonic()
        _woken.append((now, now - _asleep_since[0] - STEP_S))


@functools.cache
def watch() -> None:
    """From now on; not at import, for a case may need to be alone in its process first."""
    threading.Thread(target=_sleep_and_note, daemon=True).start()


def lateness(since: float) -> float:
    """The most that the thread was late since then, in seconds; also now, if it is."""
    now = time.monotonic() - _asleep_since[0] - STEP_S if _asleep_since[0] else 0.0
    return max([now, 0.0, *(late for at, late in list(_woken) if at >= since)])
