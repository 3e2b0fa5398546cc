"""How late calls come back whose deadline passes while something hangs: connections, answers, locks of other processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from table import Section

ROOT = Path(__file__).resolve().parents[3]
CALLS = 40


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    environment = os.environ | {"FLXCHANNEL_LIBRARY": str(library), "PYTHONPATH": str(ROOT / "bindings/python")}
    printed = subprocess.run(
        [sys.executable, ROOT / "Tests/benchmarks/hanging.py", str(CALLS)],
        check=True, stdout=subprocess.PIPE, text=True, env=environment)
    section = Section(f"deadlines: the latest of {CALLS} calls of 50 to 400 ms that each met something that hangs", "ms", None)
    for name, late in json.loads(printed.stdout).items():
        section.add(name, [max(late)])
        section.goal(name, None, 50, what=f"late, {name}")
    section.notes += [
        "every call met what hangs: one that ends before its deadline ends the benchmark",
        "a name server that never answers needs namespaces of its own: row N-02 of Tests/faults"]
    return [section]
