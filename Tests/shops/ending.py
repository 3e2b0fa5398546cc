"""The end of a run: what it started is ended, by its id, whatever ends the run itself."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import Any, Iterator

_TOLD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def ends() -> "Iterator[ExitStack]":
    """Where the calls are kept that end what was started. Each is made, also if another fails.

    A run that is told to end by a signal is told once: another would leave behind what is not ended yet.
    """
    def told(number: int, _: Any) -> None:
        for each in _TOLD:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(f"told to end by {signal.Signals(number).name}")

    for each in _TOLD:
        signal.signal(each, told)
    with ExitStack() as calls:
        yield calls


def end(process: "subprocess.Popen[Any]", gently: signal.Signals = signal.SIGTERM) -> None:
    """End a process that was started here: gently, and after a minute at once. One that has ended is left alone."""
    process.send_signal(gently)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
