"""How late this machine lets a process run and its disk answer: what it shares with others is no fault of the library."""

from __future__ import annotations

import functools
import os
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable

STEP_S = 0.02
SYNC_STEP_S = 0.1


class Witness:
    """A thread that does one thing again and again, and notes when it was done and how long it took longer than it should."""

    def __init__(self, step_s: float, deed: "Callable[[], object]" = lambda: None) -> None:
        self._step_s = step_s
        self._deed = deed
        self._done: "deque[tuple[float, float]]" = deque(maxlen=50_000)
        self._began = time.monotonic()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            self._began = time.monotonic()
            time.sleep(self._step_s)
            self._deed()
            now = time.monotonic()
            self._done.append((now, now - self._began - self._step_s))

    def lateness(self, since: float) -> float:
        """The most since then, in seconds; also what is late now."""
        now = time.monotonic() - self._began - self._step_s
        return max([now, 0.0, *(late for at, late in list(self._done) if at >= since)])


def _sync(file: int) -> None:
    os.pwrite(file, b"x" * 64, 0)
    os.fdatasync(file)


@functools.cache
def watch() -> "tuple[Witness, Witness]":
    """From now on: one that only sleeps, and one that writes and syncs a few bytes where the cases keep their state. Not at
    import, for a case may need to be alone in its process first."""
    file, name = tempfile.mkstemp(prefix="faults-witness-")
    os.unlink(name)
    return Witness(STEP_S), Witness(SYNC_STEP_S, lambda: _sync(file))


def lateness(since: float) -> float:
    """The most that the machine was late since then, in seconds."""
    return max(witness.lateness(since) for witness in watch())
