"""Section P: the checkers refuse libraries that are wrong."""

from __future__ import annotations

from typing import Any

from rig.ground import Ground
from rig.register import control
from rows.paging.commits import commits_of_all_kinds
from rows.paging.drifting import drifting_walks
from rows.paging.late_rows import late_rows
from rows.paging.pending import change_before_the_answer, change_during_the_fetch


def refused(name: str, show: Any, *arguments: Any) -> str:
    """Show the same to the broken library of a control; what matters is that the checker says what is wrong."""
    try:
        show(*arguments)
    except AssertionError as error:
        return f"{name}: the checker says: {error}"
    raise AssertionError(f"the checker of {name} took a library that is wrong for right")


@control("P-01 one pass is taken for a proof", timeout_s=400, built="careless-feeds")
def one_pass_is_seen(ground: Ground) -> str:
    return refused("one pass over a drifting list", drifting_walks, ground, 48)


@control("P-10 cursor moves before the commit", timeout_s=400, built="careless-feeds")
def early_cursor_is_seen(ground: Ground) -> str:
    return refused("cursor before commit", commits_of_all_kinds, ground)


@control("P-12 no overlap", timeout_s=400, built="careless-feeds")
def missing_overlap_is_seen(ground: Ground) -> str:
    return refused("no overlap", late_rows, ground)


@control("P-07 the answer's instant instead of the request's start", timeout_s=400, built="careless-feeds")
def answer_instant_is_seen(ground: Ground) -> str:
    return refused("instant of the answer", change_during_the_fetch, ground)


@control("P-07 the host's clock instead of the hub's", timeout_s=400, built="host-clock")
def host_clock_is_seen(ground: Ground) -> str:
    return refused("host's clock", change_before_the_answer, ground)
