"""What the tests of section 9 came to, one line for each row and switch, for the end of the test output."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Iterable

import contract

#: Row, switch, setting, outcome.
Result = "tuple[str, str, str, str]"


def questions() -> "dict[str, str]":
    """The rows of section 9 with their questions."""
    text = (contract.HERE / "contract.md").read_text("utf-8").split("\n## 9.")[1].split("\n## 10.")[0]
    return dict(re.findall(r"^\| (\d+) \| ([^|]+) \|", text, re.MULTILINE))


def lines(results: "Iterable[Result]") -> "list[str]":
    """A line for each row, and under it one for each switch with its settings; `FAILED` marks what was not right."""
    found: "dict[tuple[str, str], dict[str, list[str]]]" = defaultdict(lambda: defaultdict(list))
    for row, switch, setting, outcome in results:
        found[row, switch][setting].append(outcome)
    text = []
    for row, question in [*questions().items(), ("-", "manners of a hub that section 9 does not have")]:
        text.append(f"row {row}: {question}" if row != "-" else question)
        switches = sorted(switch for one, switch in found if one == row)
        if not switches:
            text.append("    NOT RUN")
        for switch in switches:
            settings = found[row, switch]
            tests = sum(len(outcomes) for outcomes in settings.values())
            words = [(setting or "(none)") + ("" if set(outcomes) == {"passed"} else " FAILED")
                     for setting, outcomes in sorted(settings.items())]
            text.append(f"    {switch + ': ' + ' | '.join(words) if switch else 'no switch'}, {tests} tests")
    return text
