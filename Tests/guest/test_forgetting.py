"""Client, pull, page and round, let go in any order: no crash, no feed stays held, and the process ends by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

import checks
from conftest import MakeHost
from hosts import NAMES

ORDERS = [",".join(order) for order in permutations(("client", "pull", "page", "sync"))]
"""In C they are closed; elsewhere the collector of garbage takes one after the other."""


@pytest.mark.parametrize("name", NAMES)
def test_any_order_of_letting_go_is_safe(name: str, host: MakeHost) -> None:
    # In one ring the collector chooses the order; a program in C closes one at a time.
    orders = ORDERS if name == "c" else [*ORDERS, "ring"]
    hosts = [host(name) for _ in orders]
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda one, order: one.said("forget", order), hosts, orders))
    assert {order: faults for order, lines in zip(orders, said) if (faults := checks.forgetting(lines))} == {}
    assert len(set(orders)) == (24 if name == "c" else 25)


# Controls


@pytest.mark.parametrize("name", NAMES)
def test_feed_that_stays_held_is_found(name: str, host: MakeHost) -> None:
    faults = checks.forgetting(host(name, "clinging").said("forget", "page,pull,sync,client"))
    assert "listings is still held by a pull" in faults


@pytest.mark.parametrize("name", NAMES)
def test_crash_is_found(name: str, host: MakeHost) -> None:
    with pytest.raises(AssertionError, match=r"ended with -9"):
        host(name, "crash").said("forget", "page,pull,sync,client")
