"""Every row of contract section 9 has a test, and every setting of its switches is one that some test runs under."""

from __future__ import annotations

import importlib
import re

import contract
from summary import lines, questions
from unknowns import COVERED, ROWS

FILES = sorted(path for name in ("test_row*.py", "test_unknowns_*.py", "test_manners.py")
               for path in contract.HERE.glob(name) if path.stem != "test_unknowns_covered")
MODULES = [importlib.import_module(path.stem) for path in FILES]


def missing(switches, covered):
    """Return what no test runs under: words one by one, of numbers and lists at least two settings."""
    found = []
    for one in switches:
        if one["row"] == "-":
            continue
        words = one["settings"].split("|") if "|" in one["settings"] else []
        for word in words:
            if word not in covered[one["name"]]:
                found.append(f"row {one['row']}: {one['name']}={word}")
        if not words and len(covered[one["name"]]) < 2:
            found.append(f"row {one['row']}: {one['name']}")
    return found


def unused(switches, texts):
    """Return the switches that no test sets, be it as text or as an argument with underscores for the dots."""
    found = []
    for one in switches:
        name = re.escape(one["name"])
        spellings = rf"""["' ]{name}["'=]|\b{name.replace(chr(92) + ".", "__")}="""
        if not any(re.search(spellings, text) for text in texts) and not covered_by_marks(one["name"]):
            found.append(one["name"])
    return found


def covered_by_marks(name):
    return len(COVERED.get(name, ())) > 0


def test_every_row_has_a_test():
    assert MODULES
    assert set(questions()) == ROWS - {"-"}


def test_every_setting_of_a_rows_switch_has_a_test(hub):
    assert missing(hub.admin("GET", "switches"), COVERED) == []


def test_every_switch_is_set_by_a_test(hub):
    texts = [path.read_text("utf-8") for path in contract.HERE.glob("*.py")]

    assert unused(hub.admin("GET", "switches"), texts) == []


def test_switches_belong_to_rows_of_the_contract(hub):
    rows = {one["row"] for one in hub.admin("GET", "switches")} - {"-"}

    assert rows <= set(questions())


# Controls: what is left out must be found.


def test_setting_without_a_test_is_found():
    switches = [{"row": "3", "name": "invented", "settings": "a|b"}, {"row": "3", "name": "number", "settings": "0..9"}]

    assert missing(switches, {"invented": {"a"}, "number": {"0"}}) == ["row 3: invented=b", "row 3: number"]


def test_switch_that_no_test_sets_is_found():
    switches = [{"name": "in." + "vented"}, {"name": "set.as_text"}, {"name": "set.as_argument"}]

    assert unused(switches, ["""hub.set(set__as_argument=1, **{"set.as_text": 2})"""]) == ["in.vented"]


def test_summary_tells_what_failed_and_what_was_not_run():
    results = [("18", "foreign.rows", "", "passed"), ("18", "foreign.rows", "orders", "failed"), ("25", "", "", "passed")]
    text = lines(results)

    assert "    foreign.rows: (none) | orders FAILED, 2 tests" in text
    assert "    no switch, 1 tests" in text
    assert text.count("    NOT RUN") == len(questions()) - 2 + 1
