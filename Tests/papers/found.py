#!/usr/bin/env python3
"""Looks whether everything that Tests/faults/FOUND.md names is there.

    python3 Tests/papers/found.py [--planted]

In the last column of each of its tables, in this order:

- rows such as `I-04`: they stand in Tests/faults/CATALOGUE.md, and a function in Tests/faults/rows shows them;
- tests in backticks behind the file that they are in: one file of Tests or bindings ends like this, and has a test of that name;
  a script, or a file that is no program, stands for itself.

And under Controls: each control of a row that is named above, by its name in the sources, and no other.

Prints each fault and exits with 1 if there is any. `--planted` takes names away and adds some, in memory, and is done when each of
them was named and nothing else.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOUND, CATALOGUE, ROWS = "Tests/faults/FOUND.md", "Tests/faults/CATALOGUE.md", "Tests/faults/rows"
TREES = ("Tests", "bindings")

ROW = re.compile(r"(?<![\w-])[A-Z]-\d\d(?![\w-])")
# How a test is told from other functions, by the ending of its file; one group is its name.
TESTS = {
    ".swift": re.compile(r"@Test\b.*?\bfunc (\w+)", re.S),
    ".py": re.compile(r"^ *(?:async )?def (test_\w+)\(", re.M),
    ".c": re.compile(r"^ *(?:SLOW_)?TEST\((\w+)", re.M),
    ".php": re.compile(r"^    '((?:[^'\\]|\\.)+)' => (?:static )?(?:function|fn)\b", re.M),
}
ALONE = {".sh", ".txt"}
"""What stands for itself; so does what is below Tests/benchmarks."""


def cells(line: str) -> "list[str]":
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(paper: str) -> "list[tuple[str, list[str]]]":
    """The heading of the first column of each table, and the last cells of its rows."""
    found = re.findall(r"^(\|.*)\n\|[-|]+\n((?:\|.*\n)*)", paper + "\n", re.M)
    return [(cells(head)[0], body.splitlines()) for head, body in found]


def rows_shown(sources: "dict[str, str]") -> "set[str]":
    """Rows of the catalogue that a function shows."""
    given = re.compile(r"^@row\(((?:\s*\"[A-Z]-\d\d\",?)+)", re.M)
    return {one for text in sources.values() for ids in given.findall(text) for one in ROW.findall(ids)}


def controls_made(sources: "dict[str, str]") -> "set[str]":
    """The names of decorators, and the first words of each tuple of a list called WRONG."""
    found: "set[str]" = set()
    for text in sources.values():
        found |= set(re.findall(r"^@control\(\s*\"([^\"]+)\"", text, re.M))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "WRONG" and isinstance(node.value, ast.List):
                firsts = [one.elts[0] for one in node.value.elts if isinstance(one, ast.Tuple)]
                found |= {one.value for one in firsts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def file_faults(name: str, tests: "list[str]", tree: "dict[str, str]") -> "list[str]":
    files = [path for path in tree if path == name or path.endswith(f"/{name}")]
    if len(files) != 1:
        return [f"{name} is {'not there' if not files else 'there ' + str(len(files)) + ' times'}"]
    ending = Path(name).suffix
    if not tests:
        return [] if ending in ALONE or files[0].startswith("Tests/benchmarks/") else [f"no test of {name} is named"]
    made = {one.replace("\\'", "'") for one in TESTS[ending].findall(tree[files[0]])} if ending in TESTS else set()
    return [f"{name} has no test {one}" for one in tests if one not in made]


def cell_faults(cell: str, tree: "dict[str, str]") -> "list[str]":
    """The tests of a cell, each behind its file."""
    named: "list[tuple[str, list[str]]]" = []
    for code in re.findall(r"`([^`]+)`", cell):
        if re.fullmatch(r"[\w./-]+\.(?:swift|py|c|php|sh|txt)", code):
            named.append((code, []))
        elif named:
            named[-1][1].append(code)
        else:
            return [f"{code} stands behind no file"]
    return [fault for name, tests in named for fault in file_faults(name, tests, tree)]


def faults(paper: str, catalogue: str, tree: "dict[str, str]") -> "list[str]":
    sources = {path: text for path, text in tree.items() if path.startswith(f"{ROWS}/")}
    known, shown, made = set(re.findall(r"^\| ([A-Z]-\d\d) \|", catalogue, re.M)), rows_shown(sources), controls_made(sources)
    found: "list[str]" = []
    named: "set[str]" = set()
    told: "set[tuple[str, str]]" = set()
    for head, lines in tables(paper):
        for line in lines:
            columns = cells(line)
            if head == "row":
                told |= {(columns[0], one) for one in re.findall(r"`([^`]+)`", columns[-1])}
                continue
            rows = set(ROW.findall(re.sub(r"`[^`]*`", "", columns[-1])))
            named |= rows
            found += [f"nothing shows: {columns[0]}"] if not rows and "`" not in columns[-1] else []
            found += cell_faults(columns[-1], tree)
    found += [f"{one} is no row of the catalogue" for one in sorted(named - known)]
    found += [f"{one} is shown by no function" for one in sorted((named & known) - shown)]
    found += [f"no control is called {one}" for one in sorted({one for _, one in told} - made)]
    found += [f"the control of {row} is told, and the row is not" for row in sorted({row for row, _ in told} - named)]
    wanted = {(row[0], one) for one in made if (row := ROW.findall(one)) and row[0] in named}
    found += [f"the control of {row} is not told: {one}" for row, one in sorted(wanted - told)]
    return sorted(set(found))


def planted(paper: str, catalogue: str, tree: "dict[str, str]") -> int:
    before = faults(paper, catalogue, tree)
    sending = next(path for path in tree if path.endswith("/OrderSendingTests.swift"))
    control, no_row = "V-03: a wait of a clock that was ahead", "J" + "-99"
    zeros = "a random source that failed gave a key of zeros"
    changes: "list[tuple[str, str, str, set[str]]]" = [
        # What is changed, what stands there, what stands there instead, and what must be said.
        (FOUND, "`hubOrderBelongsToOneOfOurs`", "`plantedTest`", {"OrderSendingTests.swift has no test plantedTest"}),
        (FOUND, "`learnt.c` `what_was", "`nowhere.c` `what_was", {"nowhere.c is not there"}),
        (FOUND, "`abi/orders.c`", "`orders.c`", {"orders.c is there 2 times"}),
        (FOUND, "| J-22 |", f"| {no_row} |", {
            f"{no_row} is no row of the catalogue", "the control of J-22 is told, and the row is not"}),
        (FOUND, " `whatTheHubNoLongerHasIsGone`", "", {"no test of CensusTests.swift is named"}),
        (FOUND, "| K-16 |", "| |", {f"nothing shows: {zeros}", "the control of K-16 is told, and the row is not"}),
        (FOUND, "I-03, `OrderSendingTests.swift` ", "I-03, ", {"hubOrderBelongsToOneOfOurs stands behind no file"}),
        (FOUND, "`memory stays flat over many pages and errors`", "`memory`", {"HandlesTest.php has no test memory"}),
        (FOUND, f"| V-03 | `{control}` |\n", "", {f"the control of V-03 is not told: {control}"}),
        (FOUND, f"`{control}`", "`V-03: planted`", {
            "no control is called V-03: planted", f"the control of V-03 is not told: {control}"}),
        (CATALOGUE, "| K-06 |", "| k-06 |", {"K-06 is no row of the catalogue"}),
        (sending, "func hubOrderBelongsToOneOfOurs", "func planted", {
            "OrderSendingTests.swift has no test hubOrderBelongsToOneOfOurs"}),
        ("Tests/abi/learnt.c", "TEST(what_was_learnt", "TEST(planted", {
            "learnt.c has no test what_was_learnt_is_shown_with_its_source"}),
        (f"{ROWS}/waits_that_end.py", '@row("V-04"', '@row("V-03"', {"V-04 is shown by no function"}),
        (f"{ROWS}/wrong_builds.py", control, "V-03: planted", {
            f"no control is called {control}", "the control of V-03 is not told: V-03: planted"}),
    ]
    missed = 0
    for path, there, instead, wanted in changes:
        texts = {FOUND: paper, CATALOGUE: catalogue, **tree}
        changed = {**texts, path: texts[path].replace(there, instead, 1)}
        said = set(faults(changed[FOUND], changed[CATALOGUE], {one: changed[one] for one in tree})) - set(before)
        if said != wanted:
            print(f"planted in {path}: {instead}; said was {sorted(said)}")
            missed += 1
    print(f"found: {len(changes) - missed} of {len(changes)} planted faults were named")
    return 1 if missed else 0


def main() -> int:
    paths = [path for tree in TREES for path in sorted((ROOT / tree).rglob("*")) if path.suffix in {*TESTS, *ALONE}]
    paths = [path for path in paths if path.is_file() and "node_modules" not in path.parts]
    tree = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8", "replace") for path in paths}
    paper, catalogue = (ROOT / FOUND).read_text(), (ROOT / CATALOGUE).read_text()
    if "--planted" in sys.argv:
        return planted(paper, catalogue, tree)
    found = faults(paper, catalogue, tree)
    for one in found:
        print(f"{FOUND}: {one}")
    lines = [line for head, body in tables(paper) if head != "row" for line in body]
    tests = sum(len(re.findall(r"`[^`]+`", cells(line)[-1])) for line in lines)
    print(f"found: {len(lines)} findings, {tests} files and tests named, {len(found)} faults")
    return 1 if found or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
