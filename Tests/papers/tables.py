#!/usr/bin/env python3
"""Compares what papers list with what the sources have, both ways.

    python3 Tests/papers/tables.py [--planted]

- every column of the state file stands in Sources/FlxChannel/State/README.md, under its table, and none that is not there;
- every event of the log stands in include/stability.md, and none that nobody writes;
- every function of the header stands in include/threads-and-fork.md, and none that is not there;
- every config key stands in README.md, and none that is not there;
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

from rooms import MAY_NAME  # noqa: E402

STATE, STABILITY, THREADS = "Sources/FlxChannel/State/README.md", "include/stability.md", "include/threads-and-fork.md"
CONFIG, HOUSE = "README.md", "Sources/FlxChannel/README.md"


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
    return {key for text in sources for key in re.findall(r"\b[A-Z]\w*Key\(\s*\"([a-z_.]+)\",", text)}


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


def compare(schema: str, sources: "list[str]", header: str, papers: "dict[str, str]") -> "list[str]":
    functions = functions_made(header)
    return [
        *differences(STATE, columns_made(schema), columns_told(papers[STATE])),
        *differences(
            STABILITY, events_written(sources), set(re.findall(r"`(\w+\.\w+)`", first_column(papers[STABILITY], "event"))),
            events_there(sources)),
        *differences(THREADS, functions, functions_told(papers[THREADS], functions)),
        *differences(HOUSE, {f"{room} -> {one}" for room, may in MAY_NAME.items() for one in may}, arrows_told(papers[HOUSE])),
        *differences(CONFIG, keys_made(sources), set(re.findall(r"`([\w.]+)`", first_column(papers[CONFIG], "key")))),
    ]


def planted(schema: str, sources: "list[str]", header: str, papers: "dict[str, str]") -> int:
    before = compare(schema, sources, header, papers)
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
    }
    schema += '"ALTER TABLE wires ADD COLUMN planted TEXT"'
    sources = [*sources, 'log.write(.info, "planted.written")', 'ConfigKey("planted.key", .text)']
    found = set(compare(schema, sources, header + "\nFLX_API void flx_written(void);", changed)) - set(before)
    for one in sorted(found ^ wanted):
        print(("planted and not found: " if one in wanted else "found and not planted: ") + one)
    print(f"tables: {len(found & wanted)} of {len(wanted)} planted were named, and {len(found - wanted)} others")
    return 0 if found == wanted else 1


def main() -> int:
    schema = (ROOT / "Sources/FlxChannel/State/Database/Schema.swift").read_text()
    sources = [file.read_text() for file in sorted((ROOT / "Sources/FlxChannel").rglob("*.swift"))]
    header = (ROOT / "include/flxchannel.h").read_text()
    papers = {name: (ROOT / name).read_text() for name in (STATE, STABILITY, THREADS, CONFIG, HOUSE)}
    if "--planted" in sys.argv:
        return planted(schema, sources, header, papers)
    found = compare(schema, sources, header, papers)
    for one in found:
        print(one)
    counts = len(columns_made(schema)), len(events_written(sources)), len(functions_made(header)), len(keys_made(sources))
    print("tables: {} columns, {} events, {} functions, {} keys, {} differences".format(*counts, len(found)))
    return 0 if all(counts) and not found else 1


if __name__ == "__main__":
    sys.exit(main())
