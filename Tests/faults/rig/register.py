"""Which function shows which row of CATALOGUE.md.

A row's function gets a `Ground` (see ground.py), makes the fault happen against the shipped library, raises when what it
saw is wrong, and returns its evidence: one line with figures. A row may have several functions; it passes when all do.
A control gives a checker a case that is wrong on purpose and passes when the checker refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .ground import Ground

CATALOGUE = Path(__file__).resolve().parents[1] / "CATALOGUE.md"

Show = Callable[["Ground"], str]

SETS = ("core", "usual", "long")
"""core runs in `make test`, usual also in `make faults`, long in `make soak` only."""


@dataclass(frozen=True)
class Case:
    ids: "tuple[str, ...]"
    """Rows of the catalogue, or the name of a control."""
    show: Show
    set: str
    timeout_s: int
    alone: bool
    """Nothing else may run beside it: it counts what the machine does."""
    waits: bool
    """It mostly sleeps, so that many of its kind run at a time."""
    is_control: bool = False
    built: "str | None" = None
    """The broken build (broken.py) that it runs against instead of the shipped library."""


cases: "list[Case]" = []


def row(*ids: str, set: str = "usual", timeout_s: int = 120, alone: bool = False, waits: bool = False) -> "Callable[[Show], Show]":
    """Register a function as evidence for rows."""
    assert set in SETS and all(re.fullmatch(r"[A-Z]-\d\d", one) for one in ids), ids

    def register(show: Show) -> Show:
        cases.append(Case(ids, show, set, timeout_s, alone, waits))
        return show

    return register


def control(
    name: str, *, set: str = "usual", timeout_s: int = 120, alone: bool = False, waits: bool = False, built: "str | None" = None
) -> "Callable[[Show], Show]":
    """Register a function that shows a checker to fail on what is wrong."""
    assert set in SETS

    def register(show: Show) -> Show:
        cases.append(Case((name,), show, set, timeout_s, alone, waits, is_control=True, built=built))
        return show

    return register


def catalogue() -> "dict[str, str]":
    """The rows in their order: id and the letter of the section, which may hold rows of several letters."""
    rows: "dict[str, str]" = {}
    section = ""
    for line in CATALOGUE.read_text().splitlines():
        if heading := re.match(r"## ([A-Z])\. ", line):
            section = heading[1]
        elif found := re.match(r"\| ([A-Z]-\d\d) \| ", line):
            assert found[1] not in rows, f"{found[1]} is there twice"
            rows[found[1]] = section
    return rows
