"""The table: sections of rows, each a median with its noise and its ratio to one row, and goals that hold or do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any, Optional


def spread(values: "list[float]") -> float:
    """The median distance from the median: half of the values are closer."""
    middle = median(values)
    return median(abs(value - middle) for value in values)


def figure(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"


@dataclass
class Row:
    """One program's values, one a round, in the order of the rounds."""

    name: str
    values: "list[float]"


@dataclass
class Goal:
    """What a figure should be at most, or at least."""

    what: str
    target: float
    found: float
    noise: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.found >= self.target if self.at_least else self.found <= self.target


@dataclass
class Section:
    """Rows of one measure. `base` is the row that the ratios are to; None where ratios mean nothing."""

    title: str
    unit: str
    base: Optional[str]
    more_is_better: bool = False
    rows: "list[Row]" = field(default_factory=list)
    goals: "list[Goal]" = field(default_factory=list)
    notes: "list[str]" = field(default_factory=list)

    def add(self, name: str, values: "list[float]") -> None:
        self.rows.append(Row(name, values))

    def values(self, name: str) -> "list[float]":
        return next(row.values for row in self.rows if row.name == name)

    def ratios(self, name: str, to: str) -> "list[float]":
        """Round by round, so that what hits a whole round cancels out."""
        return [one / other for one, other in zip(self.values(name), self.values(to))]

    def goal(self, name: str, to: Optional[str], target: float, at_least: bool = False, what: str = "") -> None:
        values = self.values(name) if to is None else self.ratios(name, to)
        what = what or (f"{name} / {to}" if to else f"{name}, {self.unit}")
        self.goals.append(Goal(what, target, median(values), spread(values), at_least))

    def text(self) -> str:
        wide = max([34] + [len(row.name) for row in self.rows])
        lines = [self.title]
        if self.rows:
            head = f"  {'':{wide}} {self.unit:>12} {'noise':>9}"
            lines.append(head + (f" {'/ ' + self.base:>12} {'noise':>8}" if self.base else ""))
        for row in self.rows:
            line = f"  {row.name:{wide}} {figure(median(row.values)):>12} {'±' + figure(spread(row.values)):>9}"
            if self.base:
                ratios = self.ratios(row.name, self.base)
                line += f" {figure(median(ratios)):>12} {'±' + figure(spread(ratios)):>8}"
            lines.append(line)
        for goal in self.goals:
            sign, answer = ("≥" if goal.at_least else "≤"), ("holds" if goal.holds else "FAILS")
            lines.append(
                f"  goal  {goal.what:{wide + 4}} {sign} {figure(goal.target):>7}   is {figure(goal.found)} ±{figure(goal.noise)}   "
                f"{answer}")
        return "\n".join(lines + [f"  {note}" for note in self.notes])


@dataclass
class Table:
    """All sections. It holds if every goal does, and there is one."""

    sections: "list[Section]" = field(default_factory=list)

    @property
    def holds(self) -> bool:
        goals = [goal for section in self.sections for goal in section.goals]
        return bool(goals) and all(goal.holds for goal in goals)

    def text(self) -> str:
        return "\n\n".join([section.text() for section in self.sections] + [self.verdict()])

    def verdict(self) -> str:
        goals = [goal for section in self.sections for goal in section.goals]
        failing = [goal.what for goal in goals if not goal.holds]
        return f"{len(goals)} goals, {len(goals) - len(failing)} hold" + "".join(f"\n  fails: {what}" for what in failing)

    def as_json(self) -> Any:
        return [
            {"title": section.title, "unit": section.unit, "base": section.base,
             "rows": [{"name": row.name, "values": row.values} for row in section.rows],
             "goals": [vars(goal) | {"holds": goal.holds} for goal in section.goals], "notes": section.notes}
            for section in self.sections]
