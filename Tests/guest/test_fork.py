"""A fork at any moment: the child is told of what it inherited and does a whole job of its own, and the parent goes on."""

from __future__ import annotations

import time
from typing import Any

import pytest

import checks
from conftest import MakeHost
from hosts import Host
from sandbox import Sandbox

MOMENTS = ("before", "loaded", "opened", "asked", "during")
"""Before the library is loaded, after it, after a client and a pull were opened, after a request, inside one of another thread."""
FORKS = [("c", ()), ("python", ("fork",)), ("python", ("multiprocessing-fork",)), ("php-extension", ()), ("php-ffi", ())]
STARTS = [("python", ("multiprocessing-spawn",)), ("python", ("multiprocessing-forkserver",)), ("node", ("child_process",)),
          ("node", ("cluster",))]
"""Children that come of a fork, but execute a program or have another parent: they inherit nothing."""
CASES = [(name, how, moment) for name, how in FORKS + STARTS for moment in MOMENTS
         if not (name.startswith("php") and moment == "during")]  # PHP has no second thread


def part(of: "str | tuple[str, ...]") -> str:
    """A part of a test's name."""
    return of if isinstance(of, str) else "-".join(of)


def forked(host: Host, hub: Sandbox, how: "tuple[str, ...]", moment: str) -> "list[dict[str, Any]]":
    """What parent and child say. Where the fork is to be inside a request, the host goes on when the hub has that."""
    if moment != "during":
        return host.said("fork", *how, moment)
    ids = hub.post("faults", {"do": "delay", "ms": 1500, "path": "/listing", "times": 1})["ids"]
    with host.run("fork", *how, moment) as run:
        assert run.line() == {"stage": "asking"}
        while not any(fault["id"] in ids and fault["done"] for fault in hub.get("faults")):
            assert run.lives(), run.errors()
            time.sleep(0.01)
        run.answer()
        return run.rest()


@pytest.mark.parametrize(("name", "how", "moment"), CASES, ids=part)
def test_child_and_parent_each_do_a_whole_job(name: str, how: "tuple[str, ...]", moment: str, host: MakeHost, hub: Sandbox) -> None:
    said = forked(host(name), hub, how, moment)
    inherits = (name, how) in FORKS and moment in ("opened", "asked", "during")
    assert checks.forks(said, hub, inherits, before=moment == "asked") == []


# Controls


@pytest.mark.parametrize(("name", "how"), FORKS, ids=part)
def test_child_that_uses_what_it_inherited_is_found(name: str, how: "tuple[str, ...]", host: MakeHost, hub: Sandbox) -> None:
    wrong = host(name)
    wrong.environment["GUEST_WRONG"] = "1"
    with wrong.run("fork", *how, "opened") as run:
        said, status = run.to_the_end()
    assert status != 0 and [line["who"] for line in said] == ["parent"]
    found = checks.forks(said, hub, inherits=True, before=False)
    assert "order child took effect 0 times" in found and "the child has no page" in found


def test_library_that_lets_a_child_go_on_is_found(host: MakeHost, hub: Sandbox) -> None:
    said = host("c", "forked").said("fork", "opened")
    assert any("what the child inherited said" in fault for fault in checks.forks(said, hub, inherits=True, before=False))


def test_order_that_takes_effect_twice_is_found(host: MakeHost, hub: Sandbox) -> None:
    """Two states know nothing of each other, and this hub makes a second order of a repeat."""
    hub.set(**{"order.duplicate": "second"})
    for _ in range(2):
        said = host("c").said("fork", "loaded")
    assert "order child took effect 2 times" in checks.forks(said, hub, inherits=False, before=False)
