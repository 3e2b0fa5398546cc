from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parent / "stage")]

from machine import Machine, Sandbox  # noqa: E402


def pytest_configure() -> None:
    if os.geteuid() != 0:
        pytest.exit("these tests make machines of their own: run them as root", 2)


@pytest.fixture
def hub() -> "Iterator[Sandbox]":
    """One that makes a second order of a number that comes again, so that only we can prevent it."""
    with Sandbox("--seed", "tiny", switches={"order.duplicate": "second"}) as sandbox:
        yield sandbox


@pytest.fixture
def machines(hub: Sandbox) -> "Iterator[Callable[..., Machine]]":
    made: "list[Machine]" = []

    def make(name: str = "shop1", **config: Any) -> Machine:
        made.append(Machine(hub, name, **config))
        return made[-1]

    yield make
    for machine in made:
        machine.close()


@pytest.fixture
def machine(machines: "Callable[..., Machine]") -> Machine:
    """Set up as the README says."""
    machine = machines()
    machine.follow("Setting up")
    return machine
