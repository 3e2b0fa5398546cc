"""The control of a run's end: a run that is told to end by a signal leaves nothing behind, though its browser is gone already.

Run with `victim` it is such a run: a shop, a hub and a worker that are processes which sleep, and a browser that cannot be closed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import Any

SHOPS = Path(__file__).resolve().parents[1]


def left_behind() -> "list[str]":
    """Which processes outlived a run, for each signal; they are ended here."""
    left = []
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        command, quiet = [sys.executable, __file__, "victim"], subprocess.DEVNULL
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as run:
            assert run.stdout
            line = next(line for line in run.stdout if line.startswith("hub="))
            started = [(name, int(number)) for name, number in (word.split("=") for word in line.split())]
            run.send_signal(told)
        left += [f"the {name} of a run that was ended by {told.name}" for name, number in started if _ended_now(number)]
    return left


def _ended_now(number: int) -> bool:
    """End a process of a victim if it is there still; return whether it was."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def print_interrupted() -> bool:
    left = left_behind()
    print("controls: a run that is told to end ends what it started", *(f"left behind: {one}" for one in left), sep="\n    ")
    return not left


def victim() -> None:
    sys.path.insert(0, str(SHOPS))
    from ending import end

    def sleeper() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], stdout=subprocess.DEVNULL)

    class Hub:
        def __init__(self, *_: str) -> None:
            self.process = sleeper()

        def stop(self) -> None:
            end(self.process)

    class Shop:
        def start(self, hub: Hub, _: Path) -> None:
            self.hub, self.process = hub, sleeper()

        def stop(self) -> None:
            end(self.process)

        def worker(self) -> "subprocess.Popen[bytes]":
            return sleeper()

        def sync(self, _: Any = None) -> None:
            with Story(self, self.hub, None).working() as worker:
                ids = {"hub": self.hub.process.pid, "shop": self.process.pid, "worker": worker.pid}
                print(*(f"{name}={number}" for name, number in ids.items()), flush=True)
                while True:  # and not pause(), which a signal that comes a moment before it does not end
                    time.sleep(0.1)

    class Browser:
        def __init__(self, _: Path) -> None:
            pass

        def close(self) -> None:
            raise ConnectionError("the browser went with the signal")

    modules: Any = sys.modules
    modules["hub"] = types.SimpleNamespace(Hub=Hub)
    modules["browser"] = types.SimpleNamespace(Browser=Browser, NoPage=Exception)
    modules["asleep"] = types.SimpleNamespace(make_shop=Shop)
    from run import run
    from scenario import Story

    with tempfile.TemporaryDirectory() as folder:
        run("asleep", Path(folder), None)


if __name__ == "__main__":
    victim()
