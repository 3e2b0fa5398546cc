"""Memory: flat over many pages, and over many times that the library is loaded. Says a line of a table for each host."""

from __future__ import annotations

from typing import Callable

import pytest

import checks
from conftest import MakeHost
from hosts import NAMES

EARLY, ALL = 5_000, 100_000
LOADS = (100, 1_000, 50)


def test_loading_a_thousand_times_leaves_nothing(host: MakeHost, record_property: Callable[[str, str], None]) -> None:
    growth = checks.Growth(host("c").said("reload", *LOADS), "loads")
    record_property("row", growth.row("c"))
    assert growth.faults() == []


@pytest.mark.parametrize("name", NAMES)
def test_pages_leave_nothing(name: str, host: MakeHost, record_property: Callable[[str, str], None]) -> None:
    growth = checks.Growth(host(name, **{"log.level": "error"}).said("pages", EARLY, ALL), "pages")
    record_property("row", growth.row(name))
    assert growth.faults() == []


# Controls: a kilobyte stays of each page, 16 of each load.


@pytest.mark.parametrize("name", NAMES)
def test_pages_that_stay_are_found(name: str, host: MakeHost) -> None:
    growth = checks.Growth(host(name, "memory").said("pages", EARLY, EARLY * 3), "pages")
    assert growth.faults() != []


def test_loads_that_stay_are_found(host: MakeHost) -> None:
    assert checks.Growth(host("c", "memory").said("reload", *LOADS), "loads").faults() != []
