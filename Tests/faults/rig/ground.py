"""The place where one case runs: a folder of its own, the library, hubs, and what has to end with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "bindings/python/tests")]

from sandbox import Sandbox  # noqa: E402


class Ground(contextlib.ExitStack):
    """Everything a case starts ends with it: `enter_context` and `callback` are ExitStack's."""

    def __init__(self, seed: int, scale: float = 1.0) -> None:
        super().__init__()
        self.seed = seed
        """For every random choice, so that a failure can be seen again."""
        self.scale = scale
        """How much to do: 1 for `make faults`, less in `make test`, more in `make soak`."""
        self.library = Path(os.environ["FLXCHANNEL_LIBRARY"])
        self.folder = Path(tempfile.mkdtemp(prefix="flx-fault-"))
        self.callback(shutil.rmtree, self.folder, ignore_errors=True)

    def hub(self, *arguments: str, **switches: Any) -> Sandbox:
        """A sandbox of its own; dots of a switch are written as two underscores."""
        settings = {name.replace("__", "."): value for name, value in switches.items()}
        return self.enter_context(Sandbox(*arguments, switches=settings))

    def times(self, usual: int, least: int = 1) -> int:
        """So many repetitions at this scale."""
        return max(least, round(usual * self.scale))
