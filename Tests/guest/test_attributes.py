"""What belongs to the process is as it was before the library came: signals, descriptors, threads, locale, modes."""

from __future__ import annotations

from typing import Any

import pytest

import checks
from conftest import MakeHost
from hosts import NAMES, Host

OF_THE_BINDING = {"node": ("threads",)}
"""An open client of Node has two threads of the binding's, in which the library is called."""
OF_THE_PROCESS = ("signals", "descriptors", "umask", "directory", "environment", "locale", "threads", "streams", "limits", "timer",
                  "dumpable")
OF_THE_THREAD = ("mask", "rounding")
"""What each thread has of its own: Node's is never the one that calls the library."""


def said(host: Host) -> "list[dict[str, Any]]":
    return host.said("attributes", host.built.addon if host.name == "node" else host.built.witness)


def found(host: Host) -> "list[str]":
    return checks.attributes(said(host), OF_THE_BINDING.get(host.name, ()))


@pytest.mark.parametrize("name", NAMES)
def test_library_changes_nothing_of_the_process(name: str, host: MakeHost) -> None:
    assert found(host(name)) == []


def test_errno_is_kept_by_calls_that_succeed(host: MakeHost) -> None:
    assert checks.errno(said(host("c"))) == []


# Controls

PLANTED = [(name, what) for name in NAMES for what in OF_THE_PROCESS + (() if name == "node" else OF_THE_THREAD)]


@pytest.mark.parametrize(("name", "what"), PLANTED)
def test_change_is_found(name: str, what: str, host: MakeHost) -> None:
    faults = found(host(name, what))
    assert any(fault.startswith(f"closed: {what}") for fault in faults), faults


def test_other_errno_is_found(host: MakeHost) -> None:
    assert "errno is 13 after flx_page_free" in checks.errno(said(host("c", "errno")))
