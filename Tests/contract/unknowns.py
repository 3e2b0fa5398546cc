"""Marks a test with the row of contract section 9 and the settings of the sandbox's switch that it runs under."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Callable

import pytest

#: Switch: the settings that some test runs under.
COVERED: "dict[str, set[str]]" = defaultdict(set)
#: Switch: its row.
ROW_OF: "dict[str, str]" = {}
#: Rows that a test bears.
ROWS: "set[str]" = set()


def under(row: "int | str", switch: str, *settings: str) -> "Callable[[Any], Any]":
    """Run a test once for each setting; it takes it as `setting`, and its id bears the row.

    Row "-" is a manner of the hub that the table of section 9 does not have.
    """
    ROWS.add(str(row))
    ROW_OF[switch] = str(row)
    COVERED[switch].update(settings)
    name = "manner" if row == "-" else f"row{row:02d}"
    cases = [pytest.param((switch, one), id=f"{name}:{switch}={one or '(none)'}") for one in settings]
    return pytest.mark.parametrize("setting", cases)


def row(number: int) -> "Callable[[Any], Any]":
    """Mark a test of a row that has no switch."""
    ROWS.add(str(number))
    return pytest.mark.parametrize("row", [pytest.param(number, id=f"row{number:02d}")])


def bears(parameters: "dict[str, Any]") -> "tuple[str, str, str] | None":
    """Return row, switch and setting of a test from its parameters; a row without a switch has neither."""
    if "setting" in parameters:
        switch, setting = parameters["setting"]
        return ROW_OF[switch], switch, setting
    return (str(parameters["row"]), "", "") if "row" in parameters else None
