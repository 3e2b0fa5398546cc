#!/usr/bin/env python3
"""Compares what papers list with what the sources have, both ways.

    python3 Tests/papers/tables.py [--planted]

- every column of the state file stands in Sources/FlxChannel/State/README.md, under its table, and none that is not there;
- every event of the log stands in include/stability.md, and none that nobody writes;
- every function of the header stands in include/threads-and-fork.md, and none that is not there;
- every config key stands in README.md, and none that is not there;
- no text of the core or of flx spells a config key: what speaks of one takes it from the table (`ConfigKey`, or `SettingName` for
  the rooms below it), or in flx from `SettingKey`, whose keys are those of the table;
- the arrows in Sources/FlxChannel/README.md are those that Tests/rooms/rooms.py checks.

Prints each difference and exits with 1 if there is any. `--planted` takes one of each away and adds one that is not there, in
memory, and is done when all of them were named and nothing else.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/rooms"))

from rooms import MAY_NAME, code_of  # noqa: E402

STATE, STABILITY, THREADS = "Sources/FlxChannel/State/README.md", "include/stability.md", "include/threads-and-fork.md"
CONFIG, HOUSE = "README.md", "Sources/FlxChannel/README.md"
CORE, FLX = "Sources/FlxChannel", "Sources/flx"
# Where config keys are spelt.
NAMES, FLX_NAMES = f"{CORE}/Support/Text/SettingName.swift", f"{FLX}/Settings/SettingKey.swift"
SPELT = {f"{CORE}/Channel/Client/Settings/ConfigKey+Table.swift", NAMES, FLX_NAMES}
# Facts about the hub that are called as the config key that bears on them.
FACTS = {f"{FLX}/Learn/Readings/PageFacts.swift": {"page.size", "page.first"}}


def columns_made(schema: str) -> "set[str]":
    """`table.column` of each CREATE TABLE and ADD COLUMN."""
    found: "set[str]" = set()
    for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\)(?: WITHOUT ROWID)?\s*\"", schema, re.S):
        plain = re.sub(r"\([^)]*\)", "", body)
        for part in plain.split(","):
            word = part.split()[0]
            if word not in ("UNIQUE", "PRIMARY"):
                found.add(f"{table}.{word}")
    return found | {f"{table}.{column}" for table, column in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", schema)}


def columns_told(paper: str) -> "set[str]":
    """What stands in backticks in the first column of a table that begins with `column`, under the heading of its table."""
    found: "set[str]" = set()
    for name, body in re.findall(r"^### (\w+)\n(.*?)(?=^##)", paper, re.M | re.S):
        told = re.search(r"^\| column \|.*?(?=^$)", body + "\n\n", re.M | re.S)
        for line in (told.group(0) if told else "").splitlines():
            found |= {f"{name}.{column}" for column in re.findall(r"`(\w+)`", line.split("|")[1])}
    return found


def events_written(sources: "list[str]") -> "set[str]":
    """Each first text with a dot that is given to `log.write`, or that a note of the state has as its event."""
    found: "set[str]" = set()
    for text in sources:
        found |= set(re.findall(r"log\.write\(\s*(?:\.\w+|[^,\"]+),\s*\"(\w+\.\w+)\"", text))
        if "var event: String" in text:
            found |= set(re.findall(r"\"(\w+\.\w+)\"", text.partition("var event: String")[2].partition("\n    }\n")[0]))
    return found


def events_there(sources: "list[str]") -> "set[str]":
    return {event for text in sources for event in re.findall(r"\"([a-z]+\.[a-z_]+)\"", text)}


def first_column(paper: str, heading: str) -> str:
    """What stands in the first column of each table that begins with `heading`."""
    tables = re.findall(rf"^\| {heading} \|.*?(?=^$)", paper + "\n\n", re.M | re.S)
    return "\n".join(line.split("|")[1] for table in tables for line in table.splitlines())


def functions_made(header: str) -> "set[str]":
    return set(re.findall(r"^FLX_API [^;(]*?(\w+)\(", header, re.M))


def functions_told(paper: str, made: "set[str]") -> "set[str]":
    """`flx_page_*` is each of them; without a function it is itself."""
    found: "set[str]" = set()
    for name in re.findall(r"`(flx_[\w*]+)`", first_column(paper, "call")):
        begun = {one for one in made if name.endswith("*") and one.startswith(name[:-1])}
        found |= begun or {name}
    return found


def keys_made(sources: "list[str]") -> "set[str]":
    """Each row of the table, by its name or by the case of `SettingName` that has it."""
    cases: "dict[str, str]" = {}
    for text in sources:
        if "enum SettingName" in text:
            cases.update(re.findall(r"case \.(\w+): \"([a-z_.]+)\"", text))
    row = re.compile(r"\b[A-Z]\w*Key\(\s*(?:\"([a-z_.]+)\"|SettingName\.(\w+)\.text),")
    rows = [found for text in sources for found in row.findall(text)]
    return {key or cases[case] for key, case in rows}


def keys_of_flx(source: str) -> "set[str]":
    return {key or case for case, key in re.findall(r"^    case (\w+)(?: = \"([a-z_.]+)\")?$", source, re.M)}


def spelt(named: "dict[str, str]", keys: "set[str]") -> "list[str]":
    """Texts with a config key in them; one of a plain word, such as token, only where a fault is told by it."""
    marked = "|".join(re.escape(key) for key in sorted(keys) if re.search("[._]", key))
    plain = "|".join(sorted(key for key in keys if not re.search("[._]", key)))
    found: "list[str]" = []
    for path, text in named.items():
        if path in SPELT:
            continue
        literals = code_of(text, literals=True)
        places = [*re.finditer(rf"(?<![\w./])({marked})(?![\w.]*\w)", literals), *re.finditer(rf"\bpath: \"({plain})\"", text)]
        found += [
            f"{path}:{text.count(chr(10), 0, match.start()) + 1}: spells the config key {match[1]}" for match in places
            if match[1] not in FACTS.get(path, set())]
    return found


def arrows_told(paper: str) -> "set[str]":
    """The last column of the table of rooms: `every room below`, some of them, or `nothing`."""
    rows = re.findall(r"^\| `(\w+)/` \|.*\| ([^|]*) \|$", paper, re.M)
    found: "set[str]" = set()
    for place, (room, told) in enumerate(rows):
        named = [below for below, _ in rows[place + 1 :]] if told == "every room below" else re.findall(r"[A-Z]\w+", told)
        found |= {f"{room} -> {one}" for one in named}
    return found


def differences(paper: str, made: "set[str]", told: "set[str]", there: "set[str] | None" = None) -> "list[str]":
    """`there` is what may be told, if that is more than what must be."""
    return [f"{paper}: {name} is missing" for name in sorted(made - told)] + [
        f"{paper}: {name} is not there" for name in sorted(told - (there or made))]


def compare(schema: str, named: "dict[str, str]", header: str, papers: "dict[str, str]") -> "list[str]":
    functions = functions_made(header)
    sources = [text for path, text in named.items() if path.startswith(CORE)]
    keys = keys_made(sources)
    return [
        *differences(STATE, columns_made(schema), columns_told(papers[STATE])),
        *differences(
            STABILITY, events_written(sources), set(re.findall(r"`(\w+\.\w+)`", first_column(papers[STABILITY], "event"))),
            events_there(sources)),
        *differences(THREADS, functions, functions_told(papers[THREADS], functions)),
        *differences(HOUSE, {f"{room} -> {one}" for room, may in MAY_NAME.items() for one in may}, arrows_told(papers[HOUSE])),
        *differences(CONFIG, keys, set(re.findall(r"`([\w.]+)`", first_column(papers[CONFIG], "key")))),
        *[f"{FLX_NAMES}: {key} is no config key" for key in sorted(keys_of_flx(named[FLX_NAMES]) - keys)],
        *spelt(named, keys),
    ]


def planted(schema: str, named: "dict[str, str]", header: str, papers: "dict[str, str]") -> int:
    before = compare(schema, named, header, papers)
    instead = {
        STATE: ("`revision`", "`planted`"), STABILITY: ("`pull.late`", "`planted.told`"),
        THREADS: ("`flx_describe`", "`flx_planted`"), CONFIG: ("| `log.level` |", "| `planted.told` |"),
        HOUSE: ("| Transport, JSON, Support |", "| State, JSON, Support |"),
    }
    changed = {name: paper.replace(*instead[name], 1) for name, paper in papers.items()}
    wanted = {
        f"{STATE}: outbox.revision is missing", f"{STATE}: outbox.planted is not there", f"{STATE}: wires.planted is missing",
        f"{STABILITY}: pull.late is missing", f"{STABILITY}: planted.told is not there", f"{STABILITY}: planted.written is missing",
        f"{THREADS}: flx_describe is missing", f"{THREADS}: flx_planted is not there", f"{THREADS}: flx_written is missing",
        f"{HOUSE}: Hub -> Transport is missing", f"{HOUSE}: Hub -> State is not there",
        f"{CONFIG}: log.level is missing", f"{CONFIG}: planted.told is not there", f"{CONFIG}: planted.key is missing",
        f"{CORE}/Planted.swift:2: spells the config key planted.key",
        f"{CORE}/Transport/Planted.swift:2: spells the config key http.proxy",
        f"{CORE}/Hub/Planted.swift:1: spells the config key token", f"{FLX}/Planted.swift:1: spells the config key state_dir",
        f"{FLX_NAMES}: planted.flx is no config key",
    }
    schema += '"ALTER TABLE wires ADD COLUMN planted TEXT"'
    named = {
        **named, f"{CORE}/Planted.swift": 'log.write(.info, "planted.written")\nConfigKey("planted.key", .text)',
        f"{CORE}/Transport/Planted.swift": '// http.proxy\nthrow .fault("set http.proxy, not \\(text) of http.proxy.com")',
        f"{CORE}/Hub/Planted.swift": 'Fault(path: "token", message: "the token")', f"{FLX}/Planted.swift": 'own("state_dir")',
        FLX_NAMES: named[FLX_NAMES] + '    case planted = "planted.flx"\n',
    }
    found = set(compare(schema, named, header + "\nFLX_API void flx_written(void);", changed)) - set(before)
    for one in sorted(found ^ wanted):
        print(("planted and not found: " if one in wanted else "found and not planted: ") + one)
    print(f"tables: {len(found & wanted)} of {len(wanted)} planted were named, and {len(found - wanted)} others")
    return 0 if found == wanted else 1


def main() -> int:
    schema = (ROOT / "Sources/FlxChannel/State/Database/Schema.swift").read_text()
    files = [file for folder in (CORE, FLX) for file in sorted((ROOT / folder).rglob("*.swift"))]
    named = {str(file.relative_to(ROOT)): file.read_text() for file in files}
    sources = [text for path, text in named.items() if path.startswith(CORE)]
    header = (ROOT / "include/flxchannel.h").read_text()
    papers = {name: (ROOT / name).read_text() for name in (STATE, STABILITY, THREADS, CONFIG, HOUSE)}
    if "--planted" in sys.argv:
        return planted(schema, named, header, papers)
    found = compare(schema, named, header, papers)
    for one in found:
        print(one)
    counts = len(columns_made(schema)), len(events_written(sources)), len(functions_made(header)), len(keys_made(sources))
    print("tables: {} columns, {} events, {} functions, {} keys, {} differences".format(*counts, len(found)))
    return 0 if all(counts) and not found else 1


if __name__ == "__main__":
    sys.exit(main())
