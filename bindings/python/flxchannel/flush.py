"""What a flush did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

from . import codes

if TYPE_CHECKING:
    from .shapes import Flushed, Waiting


@dataclass(frozen=True)
class FlushReport:
    """What a flush did, and why it ended: `next_in_ms` says when it makes sense to call again, `waits_for` in a word and
    `paused` in a sentence what for. `json` is the library's own report of the last slice."""

    outcome: codes.Outcome
    sent: int
    applied: int
    refused: int
    possibly_applied: int
    given_up: int
    answers_sent: int
    next_in_ms: Optional[int]
    waits_for: Optional[str]
    paused: Optional[str]
    json: "Flushed"

    @property
    def waiting(self) -> "Waiting":
        """Orders and answers that are left; -1 each if another process held the state file, so that it is not known."""
        return self.json["waiting"]

    @classmethod
    def of(cls, outcome: codes.Outcome, slices: "list[Flushed]") -> FlushReport:
        """Make one report of those of its slices: counts are added up, the rest is as the last one says it."""
        last = slices[-1]
        return cls(
            outcome=outcome,
            sent=sum(part["sent"] for part in slices),
            applied=sum(part["applied"] for part in slices),
            refused=sum(part["refused"] for part in slices),
            possibly_applied=sum(part["possibly_applied"] for part in slices),
            given_up=sum(part["given_up"] for part in slices),
            answers_sent=sum(part["answers_sent"] for part in slices),
            next_in_ms=None if last["next_in_ms"] < 0 else last["next_in_ms"],
            waits_for=last["waits_for"] or None,
            paused=last["paused"] or None,
            json=last,
        )
