"""Every row of contract section 9 has a test, and every setting of its switches is one that some test runs under."""

from __future__ import annotations

import re

import contract
import test_unknowns_listings
import test_unknowns_orders
import test_unknowns_wire
from unknowns import COVERED, ROWS

#: Settings under which nothing is promised, and why.
NOT_RUN = {
    ("page.first", "0"): "contract 1.5: pages start at 1",
    ("page.first", "1"): "the setting of every other test",
    ("sort.shipments", "random"): "contract 5.1: shipments are always sorted by insertedAt",
    ("arrays", "joined"): "a list is refused by no hub; with this one a filter of several values finds fewer rows",
}

MODULES = [test_unknowns_listings, test_unknowns_orders, test_unknowns_wire]


def rows_of_the_contract():
    text = (contract.HERE / "contract.md").read_text("utf-8").split("\n## 9.")[1].split("\n## 10.")[0]
    return set(re.findall(r"^\| (\d+) \|", text, re.MULTILINE))


def missing(switches, covered, not_run):
    """Return what no test runs under: words one by one, of numbers and lists at least two settings."""
    found = []
    for one in switches:
        if one["row"] == "-":
            continue
        words = one["settings"].split("|") if "|" in one["settings"] else []
        for word in words:
            if word not in covered[one["name"]] and (one["name"], word) not in not_run:
                found.append(f"row {one['row']}: {one['name']}={word}")
        if not words and len(covered[one["name"]]) < 2 and not any(name == one["name"] for name, _ in not_run):
            found.append(f"row {one['row']}: {one['name']}")
    return found


def test_every_row_has_a_test():
    assert MODULES
    assert rows_of_the_contract() == ROWS


def test_every_setting_of_a_rows_switch_has_a_test(hub):
    assert missing(hub.admin("GET", "switches"), COVERED, NOT_RUN) == []


def test_switches_belong_to_rows_of_the_contract(hub):
    rows = {one["row"] for one in hub.admin("GET", "switches")} - {"-"}

    assert rows <= rows_of_the_contract()


def test_setting_without_a_test_is_found(hub):
    switches = [{"row": "3", "name": "invented", "settings": "a|b"}, {"row": "3", "name": "number", "settings": "0..9"}]

    assert missing(switches, COVERED, NOT_RUN) == ["row 3: invented=a", "row 3: invented=b", "row 3: number"]
