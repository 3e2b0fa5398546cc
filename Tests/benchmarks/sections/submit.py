"""Accepting an order, against a bare SQLite commit in the same mode: by 1, 8 and 32 processes, and over a long history."""

from __future__ import annotations

import hmac
import os
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from statistics import mean, median, quantiles

from table import Section

ROOT = Path(__file__).resolve().parents[3]
HISTORY, PENDING = 1_000_000, 10_000
TIMES = 60


class Submitting:
    """The program, and a folder for its files."""

    def __init__(self, build: Path, library: Path) -> None:
        self.build, self.program = build, build / "submit"
        self.environment = os.environ | {"LD_LIBRARY_PATH": str(library.parent)}
        self.started = 0
        subprocess.run(
            ["gcc", "-O2", "-Wall", "-I", ROOT / "include", "-o", self.program, ROOT / "Tests/benchmarks/submit/submit.c",
             "-L", library.parent, "-lflxchannel", "-lsqlite3"], check=True)

    def turns(self, state: Path, processes: int, times: int) -> "tuple[list[float], list[float], list[float]]":
        """Microseconds of all opens, submits and bare commits of `processes` at once."""
        running = []
        for _ in range(processes):
            self.started += 1
            command = [self.program, state, state / "plain.sqlite", str(self.started), str(times)]
            running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.environment))
        opens, ours, bare = [], [], []
        for one in running:
            printed = one.communicate()[0]
            if one.returncode:  # also a busy error ends here
                raise SystemExit(f"submit ended with {one.returncode}")
            for line in printed.splitlines():
                word, *figures = line.split()
                if word == "open":
                    opens.append(float(figures[0]))
                else:
                    ours.append(float(figures[0]))
                    bare.append(float(figures[1]))
        return opens, ours, bare


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    made = []
    submitting = Submitting(build, library)
    for processes in (1, 8, 32):
        # Without a line, SQLite lets one writer go on and on while the others stand: its median is that of who is let through.
        # What all of them waited together is the mean.
        what, of = ("median", median) if processes == 1 else ("mean", mean)
        typical = Section(f"flx_order_submit, {processes} at once, {what} of a round", "µs", "bare SQLite commit")
        slow = Section(f"flx_order_submit, {processes} at once, the slowest in a hundred of a round", "µs", "bare SQLite commit")
        ours, bare = [], []
        with tempfile.TemporaryDirectory(dir=build) as folder:
            for _ in range(rounds):
                _, submits, commits = submitting.turns(Path(folder), processes, TIMES)
                ours.append(submits)
                bare.append(commits)
        for name, values in (("flx_order_submit", ours), ("bare SQLite commit", bare)):
            typical.add(name, [of(one) for one in values])
            slow.add(name, [quantiles(one, n=100, method="inclusive")[-1] for one in values])
        typical.goal("flx_order_submit", "bare SQLite commit", 1.5)
        if processes > 1:  # alone, the slowest of 60 is the disk's
            slow.goal("flx_order_submit", "bare SQLite commit", 1.5)
        typical.notes.append("no busy error: one would have ended the benchmark")
        made += [typical, slow]
    return made + [_pending(build, submitting, rounds), _history(build, submitting, rounds)]


def _pending(build: Path, submitting: Submitting, rounds: int) -> Section:
    """Opening a channel whose outbox is full."""
    section = Section(f"opening with {PENDING:,} pending orders", "ms", None)
    with tempfile.TemporaryDirectory(dir=build) as folder:
        empty, full = Path(folder) / "empty", Path(folder) / "full"
        for state, orders in ((empty, 0), (full, PENDING)):
            state.mkdir(mode=0o700)
            submitting.turns(state, 1, orders)
        opens = [[submitting.turns(state, 1, 0)[0][0] / 1000 for state in (empty, full)] for _ in range(rounds * 5)]
    section.add("none", [one for one, _ in opens])
    section.add(f"{PENDING:,}", [other for _, other in opens])
    section.goal(f"{PENDING:,}", None, 30, what=f"open with {PENDING:,} pending, ms")
    return section


def _history(build: Path, submitting: Submitting, rounds: int) -> Section:
    """Two channels in turns: one new, one with a million settled orders and their events."""
    section = Section(f"a history of {HISTORY:,} orders", "µs", "submit, no history")
    values = {name: [] for name in ("submit, no history", "submit, history", "open, no history", "open, history")}
    with tempfile.TemporaryDirectory(dir=build) as folder:
        new, old = Path(folder) / "new", Path(folder) / "old"
        for state in (new, old):
            state.mkdir(mode=0o700)
            submitting.turns(state, 1, 1)
        _fill(old / "bench.db")
        for number in range(rounds + 1):
            for state, name in ((new, "no history"), (old, "history")):
                opens, submits, _ = submitting.turns(state, 1, TIMES)
                if number:
                    values[f"open, {name}"].append(median(opens))
                    values[f"submit, {name}"].append(median(submits))
        size = (old / "bench.db").stat().st_size >> 20
    for name, found in values.items():
        section.add(name, found)
    section.goal("open, history", None, 100_000, what="open with the history, µs")
    section.goal("submit, history", "submit, no history", 1.1, what="submit with the history / without")
    section.notes.append(f"the state file of the long history has {size:,} MB")
    return section


def _fill(path: Path) -> None:
    """Make a million settled orders of the one that is there, by plain SQL: through the library it would take hours. Each has its
    bytes and a history that agrees with it, as the next opening checks."""
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode=OFF")
    base.execute("PRAGMA synchronous=OFF")
    key = bytes.fromhex(base.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()[0])
    base.create_function("keyed", 1, lambda number: hmac.digest(key, b"number:" + number.encode(), "sha256"))

    def multiply(table: str, change: "dict[str, str]") -> None:
        names = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
        picked = ", ".join(change.get(name, f"{table}.{name}") for name in names)
        base.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {HISTORY + 1})"
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {picked} FROM n, {table} WHERE {table}.id = 1")

    settled = {"id": "i", "number": "'H-' || i", "number_hash": "keyed('H-' || i)", "digest": "randomblob(32)", "state": "4",
               "verdict": "3", "hub_id": "'9' || i", "hub_status": "'Closed'", "attempts": "0", "fence": "0",
               "resolved_at": "outbox.submitted_at", "settled_at": "outbox.submitted_at"}
    multiply("outbox", settled)
    multiply("wires", {"id": "i"})
    multiply("events", {"id": "i", "row": "i", "what": "'settled'", "verdict": "3"})
    base.commit()
    base.close()
