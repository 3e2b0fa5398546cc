#!/usr/bin/env python3
"""Runs the fault rows that make sense there on a state in a server, and checks that ROWS.md names every row of their groups.

    FLX_SANDBOX=... python Tests/postgres/both.py [--scale 0.1] [--only K-03,M-01]     as root
    python Tests/postgres/both.py --check [--planted]                                  the table alone

The rows are those of Tests/faults, as they are: the library is one whose directories are schemas of a server (the build
`on-server` in rig/broken.py).
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "faults"), str(HERE)]
GROUPS = "DKMPC"


def table() -> "dict[str, tuple[bool, str]]":
    """What ROWS.md says of each row: whether it runs on both, and its functions or the reason why it does not."""
    found: "dict[str, tuple[bool, str]]" = {}
    for line in (HERE / "ROWS.md").read_text().splitlines():
        if told := re.match(r"\| ([A-Z]-\d\d) \| (both|file) \| (.+) \|$", line):
            assert told[1] not in found, f"{told[1]} is there twice"
            found[told[1]] = told[2] == "both", told[3]
    return found


def functions(text: str) -> "list[str]":
    return re.findall(r"`(\w+)`", text)


def faults_of(known: "dict[str, str]", told: "dict[str, tuple[bool, str]]", shown: "dict[str, set[str]]") -> "list[str]":
    wanted = {one for one, group in known.items() if group in GROUPS}
    wrong = [f"{one} is not in ROWS.md" for one in sorted(wanted - set(told))]
    wrong += [f"{one} is in ROWS.md and not in the catalogue" for one in sorted(set(told) - wanted)]
    for one, (is_both, text) in told.items():
        names = functions(text)
        wrong += [f"{one}: no function {name} shows it" for name in names if name not in shown.get(one, set())]
        wrong += [f"{one} runs on both and names no function"] * (is_both and not names)
    return wrong


def run_rows(wanted: "set[str]", seed: int, scale: float) -> int:
    """Run the functions of these names, each against a state in a server of its own schema."""
    import run as rows  # Tests/faults/run.py, which wants the library
    from rig.broken import library
    from rig.register import cases
    from server import Server

    rows.load()
    chosen = [index for index, case in enumerate(cases) if not case.is_control and case.show.__name__ in wanted]
    os.environ["FLXCHANNEL_LIBRARY"] = str(library("on-server"))
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        with Server(Path(place) / "server", "max_connections=400", "fsync=off").make() as server:
            os.environ["FLX_STATE_SERVER"] = f"postgresql://shop@127.0.0.1:{server.port}/shop"
            done = rows.results(chosen, seed, scale, 1)
    for result in done:
        print(f"{' '.join(result.case.ids)} {result.case.show.__name__}: {'pass' if result.passed else 'fail'} {result.evidence}")
    print(f"{sum(result.passed for result in done)} of {len(done)} cases pass on a server, seed {seed}")
    return 0 if all(result.passed for result in done) else 1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--planted", action="store_true", help="show that the check finds a row that is left out and a name that is wrong")
    parser.add_argument("--only", default="")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    options = parser.parse_args()
    if not options.check:
        only = set(filter(None, options.only.split(",")))
        wanted = {name for one, (is_both, text) in table().items() if is_both and (not only or one in only) for name in functions(text)}
        return run_rows(wanted, options.seed, options.scale)
    os.environ.setdefault("FLXCHANNEL_LIBRARY", "none")
    known, told, shown = catalogue(), table(), names()
    wrong = faults_of(known, told, shown)
    if options.planted:
        less = {one: text for one, text in told.items() if one != "K-01"}
        planted = faults_of(known, {**less, "M-01": (True, "`nobody`"), "Z-01": (False, "no such row")}, shown)
        assert len(planted) == len(wrong) + 3, planted
    print("\n".join(wrong) or f"{len(told)} rows, {sum(both for both, _ in told.values())} of them on both engines")
    return 1 if wrong else 0


def catalogue() -> "dict[str, str]":
    """Of the catalogue itself, so that the check needs no library."""
    rows: "dict[str, str]" = {}
    group = ""
    for line in (HERE.parent / "faults/CATALOGUE.md").read_text().splitlines():
        if heading := re.match(r"## ([A-Z])\. ", line):
            group = heading[1]
        elif found := re.match(r"\| ([A-Z]-\d\d) \| ", line):
            rows[found[1]] = group
    return rows


def names() -> "dict[str, set[str]]":
    """Which functions show which row, as the sources of the rows say."""
    shown: "dict[str, set[str]]" = {}
    for source in (HERE.parent / "faults/rows").rglob("*.py"):
        for ids, name in re.findall(r"@row\(([^\n]*)\)\n(?:@[^\n]*\n)*def (\w+)", source.read_text()):
            for one in re.findall(r'"([A-Z]-\d\d)"', ids):
                shown.setdefault(one, set()).add(name)
    return shown


if __name__ == "__main__":
    sys.exit(main())
