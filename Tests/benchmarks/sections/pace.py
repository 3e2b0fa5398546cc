"""Seconds to pull pages under each limiter at each latency: Tests/benchmarks/pace/budget.py, as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from table import Section

ROOT = Path(__file__).resolve().parents[3]


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    program = ROOT / "Tests/benchmarks/pace/budget.py"
    if not program.exists():
        return [Section("pace: not run, Tests/benchmarks/pace/budget.py is not there", "s", None)]
    environment = os.environ | {
        "FLXCHANNEL_LIBRARY": str(library), "FLX_SANDBOX": str(sandbox.resolve()), "PYTHONPATH": str(ROOT / "bindings/python")}
    printed = subprocess.run([sys.executable, program], env=environment, stdout=subprocess.PIPE, text=True)
    section = Section("pace: seconds to pull, share of the budget used, 429s", "s", None, notes=printed.stdout.splitlines())
    if printed.returncode:
        raise SystemExit(f"budget.py ended with {printed.returncode}\n{printed.stdout}")
    return [section]
