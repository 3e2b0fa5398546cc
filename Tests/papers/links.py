#!/usr/bin/env python3
"""Follows every link, anchor and citation of the repository and says which lead nowhere.

    python3 Tests/papers/links.py [--planted] [FOLDER]

What is followed, in every text of FOLDER (this repository if left out):

- links: the target of each relative link of a paper (`*.md`) is there, and so is the heading that its anchor names;
- names: a file or folder that a paper names in backticks, or that anything else names by `.md`, is there, and so is a type
  that a paper of the core names;
- targets: what a paper has `make` do is a target of its Makefile;
- rows: a fault row such as `K-05` stands in Tests/faults/CATALOGUE.md;
- decisions: `decision 16` stands in Sources/FlxChannel/README.md;
- sections: `contract 3.3`, `contract 9, row 5` stand in Tests/contract/contract.md;
- papers: nothing is cited by the section, goal or finding of a paper that is not one of these.

Prints `file:line: what` of each and exits with 1 if there is any. `--planted` plants one of each kind in a copy, and is done
when each of them was named and nothing else.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parents[2]
HOUSE, CATALOGUE, CONTRACT = "Sources/FlxChannel/README.md", "Tests/faults/CATALOGUE.md", "Tests/contract/contract.md"

# What is read: sources, scripts and papers. What is not: what a build leaves behind, and a contract that others wrote.
TEXTS = {".swift", ".c", ".h", ".py", ".php", ".js", ".ts", ".sh", ".md", ".toml", ".yml", ".yaml", ".in", ".modulemap", ""}
PASSED_OVER = {".git", "__pycache__", "node_modules", "build", "openapi.yaml"}
# A name in backticks with such an ending is a file of this repository.
NAMED = {".swift", ".c", ".h", ".py", ".php", ".js", ".sh", ".md", ".yaml", ".toml", ".modulemap"}

# From one word to the next, also over the end of a comment's line.
GAP = r"(?:[ \t]+|[ \t]*\n[ \t]*(?:///|//|\*|#)?[ \t]*)"
AND = rf"(?:,{GAP}(?:and{GAP})?|{GAP}(?:and|to){GAP})"
ROW = re.compile(r"(?<![\w\"'-])[A-Z]-\d\d(?![\w\"'\\-])")  # in quotes it is an order's number
DECISION = re.compile(rf"\b[Dd]ecisions?{GAP}(\d+(?:{AND}\d+\b)*)")
PLACE = rf"\d+(?:\.\d+)?(?:,?{GAP}rows?{GAP}\d+(?:{AND}\d+\b)*)?"
SECTION = re.compile(rf"\b[Cc]ontract{GAP}(?:sections?{GAP})?({PLACE}(?:{AND}{PLACE})*)")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|^\[[^\]\n]+\]:[ \t]+(\S+)", re.M)
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
MAKE = re.compile(r"(?<![\w-])make(?: -C (\S+))? ([a-z][a-z-]*)")
INDENTED = re.compile(r"^ {4}(?:\w+=\S+ )*make .*$", re.M)  # a command; other indented lines are those of lists
FENCE = re.compile(r"^[ \t]*```.*?^[ \t]*```[ \t]*$", re.M | re.S)
PAPER = re.compile(r"(?<![\w.*/-])[\w.-]+(?:/[\w.-]+)*\.md\b")
UNKNOWN = re.compile(
    r"\b(?:reliability|architecture|c-api|style|review|users|newcomer|attacks)"
    r"(?:\.md\b|,? (?:section|decision|goal|finding)s? \w|,? \d+(?:\.\d+)*\b)"
    r"|\b(?!contract\b|Contract\b)[\w-]+, (?:section|goal|finding) \d|(?<![\w-])[Gg]oals? \d|§ ?\d")


def blanked(text: str, what: "re.Pattern[str]") -> str:
    """`text` with blanks for each match; lines stay where they are."""
    return what.sub(lambda found: re.sub(r"[^\n]", " ", found.group(0)), text)


def anchor(heading: str) -> str:
    """What a link calls a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(text: str) -> "set[str]":
    seen: "set[str]" = set()
    for heading in re.findall(r"^#{1,6} (.+)$", blanked(text, FENCE), re.M):
        name, again = anchor(heading), 0
        while (name if not again else f"{name}-{again}") in seen:
            again += 1
        seen.add(name if not again else f"{name}-{again}")
    return seen


class Papers:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = sorted(files_of(root))
        self.texts = {file: file.read_text("utf-8", "replace") for file in self.files if file.suffix in TEXTS}
        self.names = {file.name for file in self.files}
        self.words = set(re.findall(r"\w+", "\n".join(self.texts[file] for file in self.files if file.suffix == ".swift")))
        self.rows = set(re.findall(r"^\| ([A-Z]-\d\d) \|", self.paper(CATALOGUE), re.M))
        self.decisions = set(re.findall(r"^(\d+)\. \*\*", self.paper(HOUSE).partition("\n## Decisions")[2], re.M))
        self.sections = sections_of(self.paper(CONTRACT))
        self.found: "list[str]" = []

    def paper(self, name: str) -> str:
        return self.texts.get(self.root / name, "")

    def say(self, file: Path, offset: int, what: str) -> None:
        line = self.texts[file].count("\n", 0, offset) + 1
        self.found.append(f"{file.relative_to(self.root)}:{line}: {what}")

    def follow(self) -> "list[str]":
        for file, text in self.texts.items():
            if file.suffix == ".md":
                self.links(file, blanked(text, FENCE))
                self.backticks(file, blanked(text, FENCE))
                if file.name != "CHANGELOG.md":  # which tells of what was
                    self.targets(file, text)
            else:
                self.papers(file, text)
            self.citations(file, text)
        return self.found

    # What a paper points at

    def links(self, file: Path, text: str) -> None:
        for match in LINK.finditer(blanked(text, CODE)):
            target, _, part = (match.group(1) or match.group(2)).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            there = (file.parent / target).resolve() if target else file
            if not there.exists():
                self.say(file, match.start(), f"{target} is not there")
            elif part and part not in anchors(self.texts.get(there, "")):
                self.say(file, match.start(), f"{target or file.name} has no heading #{part}")

    def backticks(self, file: Path, text: str) -> None:
        for match in CODE.finditer(text):
            name = match.group(1)
            is_type = file.is_relative_to(self.root / "Sources/FlxChannel") and re.fullmatch(r"[A-Z]\w*[a-z]\w*", name)
            if is_type and name not in self.words:
                self.say(file, match.start(), f"{name} is no type of the core")
            if looks_like_file(name, file.parent, self.root) and not self.is_there(name, file.parent):
                self.say(file, match.start(), f"{name} is not there")

    def targets(self, file: Path, text: str) -> None:
        for code in [*FENCE.finditer(text), *CODE.finditer(blanked(text, FENCE)), *INDENTED.finditer(blanked(text, FENCE))]:
            for match in MAKE.finditer(code.group(0)):
                makefile = self.paper(f"{match.group(1)}/Makefile" if match.group(1) else "Makefile")
                if not re.search(rf"^(?:[\w-]+ )*{match.group(2)}(?: [\w-]+)*:(?!=)", makefile, re.M):
                    self.say(file, code.start() + match.start(), f"make has no target {match.group(2)}")

    def papers(self, file: Path, text: str) -> None:
        for match in PAPER.finditer(text):
            name, before = match.group(0), text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if before.endswith(("'", '"')) or file.suffix in (".sh", "") and "#" not in before:
                continue  # what a program does with a file of its own is no citation
            if not self.is_there(name, file.parent) and not any(one.as_posix().endswith("/" + name) for one in self.files):
                self.say(file, match.start(), f"{name} is not there")

    def is_there(self, name: str, folder: Path) -> bool:
        """From `folder` or any above it; a bare name may be that of any file."""
        if "/" not in name and name in self.names:
            return True
        above = [folder, *[one for one in folder.parents if one.is_relative_to(self.root)]]
        if "*" in name:
            return any(next(one.glob(name.rstrip("/")), None) for one in above)
        return any((one / name).exists() for one in above)

    # What anything cites

    def citations(self, file: Path, text: str) -> None:
        for match in ROW.finditer(text):
            if match.group(0) not in self.rows:
                self.say(file, match.start(), f"{match.group(0)} is no row of {CATALOGUE}")
        for match in DECISION.finditer(text):
            for number in re.findall(r"\d+", match.group(1)):
                if number not in self.decisions:
                    self.say(file, match.start(), f"decision {number} does not stand in {HOUSE}")
        for match in SECTION.finditer(text):
            for place in places(match.group(1)):
                if place not in self.sections:
                    self.say(file, match.start(), f"section {place} does not stand in {CONTRACT}")
        for match in UNKNOWN.finditer(text):
            self.say(file, match.start(), f'cites "{match.group(0)}", which is no paper of this repository')


def files_of(folder: Path) -> "Iterator[Path]":
    for one in folder.iterdir():
        if one.name in PASSED_OVER or one.name.startswith((".build", ".venv")) or one.name.endswith(".egg-info"):
            continue
        if one.is_dir():
            yield from files_of(one)
        elif one.is_file():
            yield one


def sections_of(contract: str) -> "set[str]":
    """Its headings (3, 3.3), the items of its lists by number (8.12), and the rows of its table (9 row 5)."""
    known: "set[str]" = set()
    for part in re.split(r"^(?=## )", contract, flags=re.M):
        heading = re.match(r"## (\d+)\.", part)
        if heading:
            number = heading[1]
            known |= {number, *re.findall(r"^### (\d+\.\d+) ", part, re.M)}
            known |= {f"{number}.{item}" for item in re.findall(r"^(\d+)\. ", part, re.M)}
            known |= {f"{number} row {row}" for row in re.findall(r"^\| (\d+) \|", part, re.M)}
    return known


def places(cited: str) -> "list[str]":
    """`1.7, 9 rows 7 and 8` is 1.7, 9 row 7 and 9 row 8."""
    found: "list[str]" = []
    section, in_rows = "", False
    for word in re.findall(r"\d+(?:\.\d+)?|rows?", cited):
        if word.startswith("row"):
            in_rows = True
            if found and found[-1] == section:
                found.pop()
        elif in_rows and "." not in word:
            found.append(f"{section} row {word}")
        else:
            section, in_rows = word, False
            found.append(word)
    return found


def looks_like_file(name: str, folder: Path, root: Path) -> bool:
    """The paths in the contract are those of the hub."""
    if not re.fullmatch(r"[\w.+*-]+(?:/[\w.+*-]+)*/?", name) or name.startswith((".build", "..")):
        return False
    if folder.name == "contract" and "/" in name:
        return False
    first = name.split("/")[0]
    return Path(name).suffix in NAMED or "/" in name and ((folder / first).is_dir() or (root / first).is_dir())


# What must be found, each in a copy of its own folder: file, what is written at its end, what is said of it.
# Put together here, so that this file cites nothing that is not there.
PLANTED = [
    ("README.md", "[gone](" + "nowhere.txt)", "nowhere.txt is not there"),
    ("CHANGELOG.md", "[gone](" + "README.md#nowhere)", "README.md has no heading #nowhere"),
    ("README.md", "`" + "Sources/nowhere.swift`", "Sources/nowhere.swift is not there"),
    (HOUSE, "`" + "PlantedNowhere`", "PlantedNowhere is no type of the core"),
    ("CONTRIBUTING.md", "`" + "make nowhere`", "make has no target nowhere"),
    ("Makefile", "# see nowhere." + "md", "nowhere." + "md is not there"),
    ("Sources/FlxChannel/Support/Log.swift", "// Z" + "-99", f"Z{'-'}99 is no row of {CATALOGUE}"),
    ("Sources/FlxChannel/Support/Log.swift", "// decision" + " 99", f"decision {99} does not stand in {HOUSE}"),
    ("include/flxchannel.h", "/* contract" + " 9, row 99 */", f"section 9 row 99 does not stand in {CONTRACT}"),
    ("include/flxchannel.h", "/* contract" + " 1.2, 9.9 */", f"section 9.9 does not stand in {CONTRACT}"),
    ("Tests/State/StoreTests.swift", "// (reliability" + ", section 5)", "is no paper of this repository"),
    ("Tests/State/StoreTests.swift", "// (some paper, goal" + " 6)", "is no paper of this repository"),
]


def planted() -> int:
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        for file in files_of(ROOT):
            there = copy / file.relative_to(ROOT)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, there)
        before = set(Papers(copy.resolve()).follow())
        wanted: "list[str]" = []
        for name, text, _ in PLANTED:
            with (copy / name).open("r+", encoding="utf-8") as file:
                line = file.read().count("\n") + 2
                file.write(f"\n{text}\n")
            wanted.append(f"{name}:{line}: ")
        found = [one for one in Papers(copy.resolve()).follow() if one not in before]
    named = [any(one.startswith(where) and what in one for one in found) for where, (_, _, what) in zip(wanted, PLANTED)]
    for is_named, where, (_, text, _) in zip(named, wanted, PLANTED):
        if not is_named:
            print(f"{where}{text!r} was planted and not found")
    print(f"links: {sum(named)} of {len(PLANTED)} planted were named, and {len(found) - sum(named)} others")
    return 0 if all(named) and len(found) == len(PLANTED) else 1


def main() -> int:
    arguments = [one for one in sys.argv[1:] if one != "--planted"]
    if "--planted" in sys.argv:
        return planted()
    papers = Papers(Path(arguments[0]).resolve() if arguments else ROOT)
    for one in papers.follow():
        print(one)
    counts = len(papers.texts), len(papers.decisions), len(papers.rows), len(papers.found)
    print("links: {} texts, {} decisions, {} rows, {} lead nowhere".format(*counts))
    return 1 if papers.found or not (papers.decisions and papers.rows and papers.sections) else 0


if __name__ == "__main__":
    sys.exit(main())
