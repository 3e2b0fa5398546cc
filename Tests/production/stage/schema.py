"""The state as an older release left it: made by the steps that Schema.swift has, which never change, with the rows of today's."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3] / "Sources/FlxChannel/State/Database/Schema.swift"
TEXT = re.compile(r'"""\n(.*?)"""|"((?:[^"\\]|\\.)*)"', re.S)


def steps() -> "dict[int, tuple[int, list[str]]]":
    """Of each schema the oldest one whose releases may use it, and the statements that lead to it."""
    source = SOURCE.read_text()
    lists = dict(re.findall(r"static let (\w+): \[StaticString\] = \[\n(.*?)\n    \]", source, re.S))
    found = re.findall(r"Step\(schema: (\d+), oldestReader: (\d+), statements: (\w+|\[.*?\])\)", source)
    return {int(number): (int(oldest), [long or short for long, short in TEXT.findall(lists.get(named, named))])
            for number, oldest, named in found}


def script(schema: int, of: str) -> str:
    """What sqlite3 makes an empty file a state of that schema by, with the rows of the file `of`."""
    known = steps()
    made = ["PRAGMA auto_vacuum=INCREMENTAL", *[text for number in sorted(known) if number <= schema for text in known[number][1]]]
    with closing(sqlite3.connect(":memory:")) as one:
        for text in made:
            one.execute(text)
        tables = [row[0] for row in one.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        columns = {table: ", ".join(row[1] for row in one.execute(f"PRAGMA table_info({table})")) for table in tables}
    filled = [f"INSERT INTO main.{table} ({names}) SELECT {names} FROM now.{table}" for table, names in columns.items()]
    numbers = {"schema": schema, "oldest_reader": known[schema][0]}
    set_ = [f"UPDATE meta SET value = '{value}' WHERE key = '{key}'" for key, value in numbers.items()]
    return ";\n".join([*made, f"ATTACH '{of}' AS now", *filled, *set_, ""])
