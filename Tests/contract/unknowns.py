"""Marks a test with the row of contract section 9 and the settings of the sandbox's switch that it runs under."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Callable

import pytest

#: Switch: the settings that some test runs under.
COVERED: "dict[str, set[str]]" = defaultdict(set)
#: Rows that a test bears.
ROWS: "set[str]" = set()


def under(row: int, switch: str, *settings: str) -> "Callable[[Any], Any]":
    """Run a test once for each setting; it takes it as `setting`, and its id bears the row."""
    ROWS.add(str(row))
    COVERED[switch].update(settings)
    cases = [pytest.param((switch, one), id=f"row{row:02d}:{switch}={one or '(none)'}") for one in settings]
    return pytest.mark.parametrize("setting", cases)


def row(number: int) -> "Callable[[Any], Any]":
    """Mark a test of a row that has no switch."""
    ROWS.add(str(number))
    return pytest.mark.parametrize("row", [pytest.param(number, id=f"row{number:02d}")])
