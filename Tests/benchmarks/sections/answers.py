"""What it costs in requests to pull a whole catalogue and to answer every listing of it, with the hub's limiter lifted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from table import Section

ROOT = Path(__file__).resolve().parents[3]
PER_SECOND = 2


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    environment = os.environ | {"FLXCHANNEL_LIBRARY": str(library), "PYTHONPATH": str(ROOT / "bindings/python")}
    process = subprocess.Popen(
        [sandbox, "--port", "0", "--seed", "large", "--set", "pool.size=10000", "--set", "pool.refill=1000",
         "--exit-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        at = dict(process.stdout.readline().split() for _ in range(2))
        waiting = _totals(at["url"])["waiting_for_sync"]
        printed = subprocess.run(
            [sys.executable, ROOT / "Tests/benchmarks/answering.py", at["url"], at["token"]],
            check=True, stdout=subprocess.PIPE, text=True, env=environment)
        found, after = json.loads(printed.stdout), _totals(at["url"])
    finally:
        process.terminate()
        process.wait()
    section = Section(f"requests to pull and answer {waiting:,} listings (all that wait of the sandbox's largest catalogue)",
                      "requests", None)
    section.add("pulling", [found["pulling"]])
    section.add("answering", [found["answering"]])
    whole = 112_841 / waiting
    total = found["pulling"] + found["answering"]
    section.notes += [
        f"took {found['seconds']:.0f} s with the limiter lifted, host's work included",
        f"112,841 listings: {found['pulling'] * whole:,.0f} to pull, {found['answering'] * whole:,.0f} to answer; "
        f"at the hub's {PER_SECOND} a second {total * whole / PER_SECOND / 60:,.0f} minutes in all"]
    check = Section(f"what became of {waiting:,} listings that waited", "listings", None)
    for name, count, target in (
            ("pulled", found["listings"], waiting), ("answered, says the library", found["applied"], waiting),
            ("answered, says the hub", after["answers"], waiting),
            ("answers of another verdict", found["verdicts"] - found["applied"], 0),
            ("waiting at the end", after["waiting_for_sync"], 0)):
        check.add(name, [count])
        check.goal(name, None, target, at_least=target > 0, what=name)
    return [section, check]


def _totals(url: str) -> "dict[str, int]":
    with urllib.request.urlopen(url + "/_admin/totals") as answer:
        return json.load(answer)
