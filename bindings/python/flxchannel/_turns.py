"""Long waits in short stays: no stay in the library is longer than a slice, whatever the caller's deadline is."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Callable, Optional, TypeVar

from .errors import ClientBusyError

if TYPE_CHECKING:
    from .shapes import Flushed

_Result = TypeVar("_Result")

#: The longest single stay in the library: Ctrl-C takes effect between two of them.
SLICE_MS = 200


class Slices:
    """The slices of one call of the host, which has `wait_ms` in all; None is without end.

    Between two of them other threads and greenlets run, and may have the client.
    """

    def __init__(self, wait_ms: Optional[int]) -> None:
        self._end = None if wait_ms is None else time.monotonic() + wait_ms / 1000

    @property
    def left_ms(self) -> int:
        """What is left of the time; of one without end, more than a slice."""
        return 10 * SLICE_MS if self._end is None else max(0, int((self._end - time.monotonic()) * 1000))

    def stay(self, call: "Callable[[int], _Result]") -> "Optional[_Result]":
        """Give one slice to `call`; None if another thread had the client all the while and there is time left."""
        given = min(self.left_ms, SLICE_MS)
        start = time.monotonic()
        try:
            return call(given)
        except ClientBusyError:
            # At once means that waiting is of no use, as in the log function of this very client.
            was_waiting = (time.monotonic() - start) * 2000 >= given
            if not was_waiting or self.left_ms == 0:
                raise
            return None

    def rest_after(self, report: "Flushed") -> Optional[int]:
        """How long a flush rests before its next slice, in ms; None if this one was the last."""
        left, due = self.left_ms, report["next_in_ms"]
        if left == 0:
            return None
        if report["waits_for"] == "rate_limit":
            return 1  # who waits for a slot keeps its turn only by asking, be the slot beyond this call or not
        # The library would wait for what is due within the time; we wait for it where Ctrl-C works.
        return max(1, due) if 0 <= due <= left else None

    def rest(self, ms: int = 1) -> None:
        """Let others run, for as long as a slice at most. A millisecond is enough for a thread that waits for the client.

        Not `time.sleep`, which ends at an instant of the monotonic clock: where that clock is not the system's, it fails.
        """
        select.select((), (), (), min(ms, SLICE_MS) / 1000)
