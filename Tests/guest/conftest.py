"""Fixtures: what is compiled once, a hub of a test's own, and hosts that are given it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "bindings/python/tests")]

from hosts import Built, Host  # noqa: E402
from sandbox import Sandbox  # noqa: E402

MakeHost = Callable[..., Host]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table of what the hosts weigh, early and at the end."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    for row in sorted(value for report in reports for name, value in report.user_properties if name == "row"):
        terminalreporter.write_line(row)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("built"))


@pytest.fixture
def hub() -> "Iterator[Sandbox]":
    """A hub that lets as much in as the library believes a hub to let in, so that no test waits for a budget."""
    with Sandbox("--seed", "tiny", switches={"pool.size": 10_000, "pool.refill": 1000}) as one:
        yield one


@pytest.fixture
def host(built: Built, hub: Sandbox, tmp_path: Path) -> MakeHost:
    """Makes a host by its name; each has a state of its own, and all know of the hub what one has learnt."""
    made: "list[Host]" = []

    def make(name: str, planted: str = "", **changes: Any) -> Host:
        config = {"channel": "shop", "token": hub.token, "origin": hub.url, "state_dir": str(tmp_path / f"state-{len(made)}"),
                  "rate_limit.dir": str(tmp_path), **changes}
        made.append(Host(name, built, config, planted))
        return made[-1]

    return make
