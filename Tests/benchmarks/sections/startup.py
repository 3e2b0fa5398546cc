"""What loading the library costs a program: the table of Tests/benchmarks/startup, as it is."""

from __future__ import annotations

import subprocess
from pathlib import Path

from table import Section

ROOT = Path(__file__).resolve().parents[3]


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    slim = library.parent.parent / "slim" / "libflxchannel.so.1"
    if not slim.exists():
        return [Section("start-up: not run, `make slim` was not made", "ms", None)]
    printed = subprocess.run(
        [ROOT / "Tests/benchmarks/startup/run.sh", library, slim, str(rounds * 5)], check=True, stdout=subprocess.PIPE, text=True)
    title, *lines = printed.stdout.splitlines()
    return [Section("start-up: " + title, "ms", None, notes=lines)]
