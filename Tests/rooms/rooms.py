#!/usr/bin/env python3
"""Reads the core's sources and says where they break the rules of the house (Sources/FlxChannel/README.md, "The house").

    python3 Tests/rooms/rooms.py [--table] [--planted] [SOURCES]

A room is a folder directly below SOURCES. What is checked:

- arrows: a room names types of itself and of the rooms that `MAY_NAME` gives it, no others;
- doors: a C library is imported in its own room only;
- imports: a file that imports a C module names something of it;
- gate: an exported function that may run code of ours does so within `hostCall`, so that no fork comes in between;
- sizes: a folder holds at most twelve files, a file at most 400 lines, and a type is declared at one place;
- names: a file is called as a type that it holds, here and in Sources/flx (shape.py);
- shape: sizes in the rest of the repository, and no two names that are one without case (shape.py);
- tests: Package.swift builds the tests of every room that has some.

Prints each breach as `file:line: what` and exits with 1 if there is any. `--table` prints the folders with their sizes instead;
`--planted` breaks each rule once in a copy, and is done when each breach was named and nothing else.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

import shape  # noqa: E402
from shape import MOST_FILES, MOST_LINES  # noqa: E402

CORE = "Sources/FlxChannel"

# Downward only. What stands further up may name what stands further down, and only what its line lists.
MAY_NAME = {
    "ABI": {"Channel", "Hub", "State", "Transport", "RateLimit", "Files", "Facts", "JSON", "Support"},
    "Channel": {"Hub", "State", "Transport", "RateLimit", "Files", "Facts", "JSON", "Support"},
    "Hub": {"Transport", "JSON", "Support"},
    "State": {"RateLimit", "Files", "Support"},
    "Transport": {"RateLimit", "Facts", "Support"},
    "RateLimit": {"Files", "Facts", "Support"},
    "Files": {"Support"},
    "Facts": {"JSON", "Support"},
    "JSON": {"Support"},
    "Support": set(),
}
# The C module of each foreign library, and the rooms that hold its door.
DOORS = {
    "CCurl": {"Transport"},
    "CSQLite": {"State"},
    "CJansson": {"JSON"},
    "CFlxChannel": {"ABI", "Channel", "Hub"},
    "CLibc": {"ABI", "Channel", "State", "Transport", "RateLimit", "Files", "Support", "JSON"},
}

DECLARATION = re.compile(
    r"^(?:@\S+ )*(?:public |private |fileprivate )*(?:final |indirect )*(?:class|struct|enum|protocol|typealias) (\w+)", re.M)
NESTED = re.compile(r"^ +(?:private |fileprivate )*(?:indirect )?(?:struct|enum|class|typealias) (\w+)", re.M)
EXPORT = re.compile(r"^public func (flx_\w+)\(", re.M)
# Each is `hostCall`, or ends in it.
GATE = re.compile(r"\b(?:hostCall|boundary|view|give|change)\b")
# They read constants alone, or may be called by signal handlers.
UNGATED = {
    "flx_version", "flx_version_string", "flx_require", "flx_status_name",
    "flx_cancel_fire", "flx_cancel_reset", "flx_cancel_free",
}
IMPORT = re.compile(r"^(?:@\w+ |internal |private |fileprivate )*import (?:\w+ )?(\w+)", re.M)
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


def code_of(text: str, literals: bool = False) -> str:
    """`text` with blanks for comments and for the fixed parts of string literals; lines stay where they are.

    `literals`: the other way about, those parts alone.
    """
    out: "list[str]" = []

    def blank(part: str) -> str:
        return "\n" if part == "\n" else " " * len(part)

    at, depths = 0, []  # depths: open brackets of each interpolation that we are in

    def literal(at: int) -> int:
        """Passes a literal from after its quote; returns where its code goes on."""
        while at < len(text):
            if text[at] == "\\" and text[at + 1 : at + 2] == "(":
                depths.append(0)
                out.append(" (")
                return at + 2
            if text[at] == "\\":
                out.append("  ")
                at += 2
            elif text.startswith(quote[-1], at):
                out.append(" " * len(quote.pop()))
                return at + (3 if text.startswith('"""', at) else 1)
            else:
                out.append(text[at] if literals else blank(text[at]))
                at += 1
        return at

    quote: "list[str]" = []
    while at < len(text):
        if text.startswith("//", at):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            out.append(" " * (end - at))
            at = end
        elif text[at] == '"':
            quote.append('"""' if text.startswith('"""', at) else '"')
            out.append(" " * len(quote[-1]))
            at = literal(at + len(quote[-1]))
        elif depths and text[at] == "(":
            depths[-1] += 1
            out.append("(")
            at += 1
        elif depths and text[at] == ")":
            out.append(")")
            at += 1
            if depths[-1] == 0:
                depths.pop()
                at = literal(at)
            else:
                depths[-1] -= 1
        else:
            out.append(blank(text[at]) if literals else text[at])
            at += 1
    return "".join(out)


def names_of(module: str) -> "set[str]":
    """Every word of the module's headers after the preprocessor, with its macros."""
    header = ROOT / ("include/flxchannel.h" if module == "CFlxChannel" else f"Sources/{module}/shim.h")
    words: "set[str]" = set()
    for option in ([], ["-dM"]):
        command = ["cc", "-E", "-P", *option, "-D_GNU_SOURCE", str(header)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        words |= set(re.findall(r"[A-Za-z_]\w*", text))
    return words


class House:
    def __init__(self, sources: Path) -> None:
        self.sources = sources
        self.files = sorted(sources.rglob("*.swift"))
        self.text = {file: file.read_text() for file in self.files}
        self.code = {file: code_of(self.text[file]) for file in self.files}
        self.room = {file: file.relative_to(sources).parts[0] for file in self.files}
        self.declared: "dict[str, list[Path]]" = defaultdict(list)
        for file in self.files:
            for match in DECLARATION.finditer(self.code[file]):
                if "private " not in match.group(0):
                    self.declared[match.group(1)].append(file)
        self.breaches: "list[str]" = []

    def say(self, file: Path, offset: int, what: str) -> None:
        line = self.code[file].count("\n", 0, offset) + 1
        self.breaches.append(f"{file.relative_to(self.sources)}:{line}: {what}")

    def check(self) -> "list[str]":
        self.arrows()
        self.doors()
        self.gate()
        self.sizes()
        self.breaches += shape.misnamed({str(file.relative_to(self.sources)): code for file, code in self.code.items()})
        return self.breaches

    def arrows(self) -> None:
        for file in self.files:
            here, told = self.room[file], set()
            may = MAY_NAME.get(here)
            nested = {match.group(1) for match in NESTED.finditer(self.code[file])}
            if may is None:
                self.say(file, 0, f"{here} is not a room; the rooms stand in Tests/rooms/rooms.py")
                continue
            for match in NAME.finditer(self.code[file]):
                name = match.group(0)
                if name in nested:
                    continue
                there = {self.room[declaring] for declaring in self.declared.get(name, [])}
                if there and here not in there and not there & may and name not in told:
                    told.add(name)
                    self.say(file, match.start(), f"{here} names {name} of {', '.join(sorted(there))}")

    def doors(self) -> None:
        known = {module: names_of(module) for module in DOORS}
        for file in self.files:
            own = {match.group(1) for match in re.finditer(r"\b(?:let|var|func|case) (\w+)", self.code[file])}
            words = {match.group(0) for match in NAME.finditer(IMPORT.sub("", self.code[file]))} - own
            for match in IMPORT.finditer(self.code[file]):
                module = match.group(1)
                if module not in DOORS:
                    self.say(file, match.start(), f"imports {module}, which the core does without")
                elif self.room[file] not in DOORS[module]:
                    self.say(file, match.start(), f"imports {module}, whose door is in {', '.join(sorted(DOORS[module]))}")
                elif not words & known[module]:
                    self.say(file, match.start(), f"imports {module} and names nothing of it")

    def gate(self) -> None:
        for file in self.files:
            if self.room[file] != "ABI":
                continue
            code = self.code[file]
            starts = list(EXPORT.finditer(code))
            ends = [match.start() for match in starts[1:]] + [len(code)]
            for match, end in zip(starts, ends):
                body = code[match.end() : end].split("\n}\n")[0]
                if match.group(1) not in UNGATED and not GATE.search(body):
                    self.say(file, match.start(1), f"{match.group(1)} runs outside of hostCall")

    def sizes(self) -> None:
        for name, files in self.declared.items():
            if len(files) > 1:
                self.say(files[1], 0, f"{name} is declared in {files[0].name} as well")
        for folder in sorted({file.parent for file in self.files}):
            count = sum(file.parent == folder for file in self.files)
            if count > MOST_FILES:
                self.breaches.append(f"{folder.relative_to(self.sources)}: {count} files, {MOST_FILES} at most")
        for file in self.files:
            if self.text[file].count("\n") > MOST_LINES:
                self.say(file, len(self.code[file]), f"longer than {MOST_LINES} lines")

    def table(self) -> str:
        lines = ["| folder | files | lines | median | largest |", "|---|---|---|---|---|"]
        for folder in sorted({file.parent for file in self.files}):
            sizes = sorted(self.text[file].count("\n") for file in self.files if file.parent == folder)
            name, median = folder.relative_to(self.sources), sizes[len(sizes) // 2]
            lines.append(f"| {name} | {len(sizes)} | {sum(sizes):,} | {median} | {sizes[-1]} |")
        return "\n".join(lines)


def around() -> "list[str]":
    """The shape of all that is not the core."""
    files = sorted((ROOT / "Sources/flx").rglob("*.swift"))
    names = shape.misnamed({str(file.relative_to(ROOT)): code_of(file.read_text()) for file in files})
    return [*shape.breaches(ROOT, CORE), *names]


def unbuilt(package: str) -> "list[str]":
    """Tests that no build sees: SwiftPM says nothing of a folder that `sources` leaves out."""
    rooms = sorted(
        folder.name for folder in (ROOT / "Tests").iterdir() if folder.name[0].isupper() and next(folder.rglob("*.swift"), None))
    return [f"Package.swift: does not build Tests/{room}" for room in rooms if f'"{room}"' not in package]


def plant(copy: Path) -> "list[str]":
    """Breaks each rule once in a copy of the sources; returns what has to be said of it."""
    house = House(copy)
    above = next(name for name, files in sorted(house.declared.items()) if all(house.room[file] == "State" for file in files))
    twice = next(name for name, files in sorted(house.declared.items()) if files[0].parent == copy / "Hub/Orders")
    crowded, first = copy / "Facts", house.declared[twice][0]
    texts = {
        "Support/System/PlantedArrow.swift": f"struct PlantedArrow {{ let row: {above} }}\n",
        "Hub/Values/PlantedDoor.swift": "import CSQLite\n\nenum PlantedDoor { static let version = sqlite3_libversion() }\n",
        "JSON/Document/PlantedImport.swift": "import CLibc\n\ntypealias PlantedImport = Int\n",
        "State/Leases/PlantedModule.swift": "import Foundation\n\nenum PlantedModule {}\n",
        "ABI/Exports+Planted.swift": "public func flx_planted() -> Int { 1 }\n",
        "Hub/Orders/PlantedTwice.swift": f"struct {twice} {{}}\nstruct PlantedTwice {{}}\n",
        "RateLimit/Planted.swift": "//\n" * MOST_LINES + "struct Planted {}\n",
        "Files/PlantedName.swift": "struct PlantedOther {}\n",
    }
    for name, text in texts.items():
        (copy / name).write_text(text)
    for number in range(MOST_FILES + 1 - sum(file.parent == crowded for file in house.files)):
        (crowded / f"Planted{number}.swift").write_text(f"enum Planted{number} {{}}\n")
    return [
        f"Support/System/PlantedArrow.swift:1: Support names {above} of State",
        "Hub/Values/PlantedDoor.swift:1: imports CSQLite, whose door is in State",
        "JSON/Document/PlantedImport.swift:1: imports CLibc and names nothing of it",
        "State/Leases/PlantedModule.swift:1: imports Foundation, which the core does without",
        "ABI/Exports+Planted.swift:1: flx_planted runs outside of hostCall",
        f"{first.parent.relative_to(copy)}/PlantedTwice.swift:1: {twice} is declared in {first.name} as well",
        "Files/PlantedName.swift:1: is called PlantedName and holds PlantedOther",
        f"RateLimit/Planted.swift:{MOST_LINES + 2}: longer than {MOST_LINES} lines",
        f"Facts: {MOST_FILES + 1} files, {MOST_FILES} at most",
    ]


def planted(sources: Path) -> int:
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place).resolve() / "FlxChannel"
        shutil.copytree(sources, copy)
        before = House(copy).check()
        wanted = plant(copy)
        found = [breach for breach in House(copy).check() if breach not in before]
    shapes, shown = shape.planted(ROOT, CORE, code_of)
    wanted, found = wanted + shapes, found + shown
    package = (ROOT / "Package.swift").read_text()
    wanted.append("Package.swift: does not build Tests/State")
    found += [breach for breach in unbuilt(package.replace('"State"', "")) if breach not in unbuilt(package)]
    for breach in wanted:
        if breach not in found:
            print(f"planted and not found: {breach}")
    for breach in found:
        if breach not in wanted:
            print(f"found and not planted: {breach}")
    named, others = set(found) & set(wanted), set(found) - set(wanted)
    print(f"rooms: {len(named)} of {len(wanted)} planted breaches were named, and {len(others)} others")
    return 0 if sorted(found) == sorted(wanted) else 1


def main() -> int:
    arguments = [one for one in sys.argv[1:] if one not in ("--table", "--planted")]
    sources = Path(arguments[0]).resolve() if arguments else ROOT / CORE
    if "--planted" in sys.argv:
        return planted(sources)
    house = House(sources)
    if "--table" in sys.argv:
        print(house.table())
        return 0
    breaches = house.check() + around() + unbuilt((ROOT / "Package.swift").read_text())
    for breach in breaches:
        print(breach)
    print(f"rooms: {len(house.files)} files in {len(set(house.room.values()))} rooms, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
