"""The types of the Python package."""

from __future__ import annotations

from table import Field, Record, Records, made_of, wrapped

_TYPES = {"id": "str", "text": "str", "decimal": "Decimal", "integer": "int", "flag": "bool", "instant": "datetime"}
_IMPORTS = ("decimal", "flag", "handle", "instant", "integer", "many", "one", "text", "texts", "whole")

_NAMES_DOC = """\"\"\"Typed, read-only views of records, with every field of the contract. `record` keeps the hub's own JSON.

A field that the hub left out, sent as null or as another type is None, a list of it empty.
\"\"\"
"""


def write(records: Records, room: str) -> str:
    """The classes of one file."""
    classes = "\n\n\n".join(_class(records, record) for record in records.rooms[room])
    return "\n".join([made_of(f"tables/{room}.toml", "#"), f'"""Typed records of {room}."""', "", *_imports(records, room, classes),
                      "", "", classes, ""])


def write_names(records: Records) -> str:
    """The module that has the classes of all files."""
    lines = [made_of("tables/", "#"), _NAMES_DOC]
    for room, found in records.rooms.items():
        names = sorted(record.python for record in found)
        lines += [f"from ._{room} import (", *(f"    {name}," for name in names), ")"]
    names = sorted(record.python for record in records)
    return "\n".join([*lines, "", "__all__ = [", *(f'    "{name}",' for name in names), "]", ""])


def _imports(records: Records, room: str, classes: str) -> "list[str]":
    lines = ["from __future__ import annotations", "", "from dataclasses import dataclass"]
    modules = {"datetime": "datetime", "decimal": "Decimal"}
    lines += [f"from {module} import {name}" for module, name in modules.items() if f"[{name}]" in classes]
    lines += ["from typing import Any, Optional", "", "from ._fields import View, "
              + ", ".join(name for name in _IMPORTS if f" = {name}(" in classes)]
    here = {record.name for record in records.rooms[room]}
    used = {one.of for record in records.rooms[room] for one in record.fields if one.kind in ("record", "list", "handle")}
    for other, found in records.rooms.items():
        names = sorted(record.python for record in found if record.name in used - here)
        if names:
            lines.append(f"from ._{other} import {', '.join(names)}")
    kinds = sorted(_class_name(kind) for record in records.rooms[room] for kind in record.values)
    return lines + ([f"from .codes import {', '.join(kinds)}"] if kinds else [])


def _class_name(kind: str) -> str:
    return "".join(word.title() for word in kind.split("_"))


def _class(records: Records, record: Record) -> str:
    made = [one for one in record.fields if one.kind == "made"]
    rows = [line for one in made for line in _made(record, one)]
    rows += [line for one in record.fields if one.is_of_hub for line in _field(records, one)]
    if record.is_record:
        rows.append('record: "dict[str, Any]" = whole()')
    doc = wrapped(record.doc, 4, 110)
    text = f'"""{doc[0]}"""' if len(doc) == 1 else '"""' + "\n    ".join(doc) + '\n    """'
    head = f"@dataclass(frozen=True, repr=False)\nclass {record.python}(View):\n    {text}\n\n"
    return head + "\n".join("    " + row for row in rows)


def _made(record: Record, one: Field) -> "list[str]":
    kind = "Optional[str]" if one.of == "text" else _class_name(one.of)
    return _told(one, f"{one.name}: {kind}")


def _field(records: Records, one: Field) -> "list[str]":
    of = next((record.python for record in records if record.name == one.of), "")
    if one.kind == "list":
        path = one.json + ("|" + one.also if one.also else "")
        row = f'{one.name}: "tuple[{of}, ...]" = many("{path}", lambda: {of})'
    elif one.kind == "texts":
        row = f'{one.name}: "tuple[str, ...]" = texts("{one.json}")'
    elif one.kind == "record":
        row = f'{one.name}: Optional[{of}] = one("{one.json}", lambda: {of})'
    elif one.kind == "handle":
        otherwise = f', otherwise="{one.otherwise}"' if one.otherwise else ""
        row = f'{one.name}: Optional[{of}] = handle("{one.json}", {of}{otherwise})'
    else:
        kind = _TYPES[one.kind] if one.sure else f"Optional[{_TYPES[one.kind]}]"
        row = f'{one.name}: {kind} = {"text" if one.kind == "id" else one.kind}("{one.json}")'
    return _told(one, row)


def _told(one: Field, row: str) -> "list[str]":
    """The row and what it means: behind it where there is room, else above."""
    if len(row) + len(one.doc) + 9 <= 130:
        return [f"{row}  #: {one.doc}" if one.doc else row]
    return [*(f"#: {line}" for line in wrapped(one.doc, 7, 110)), row]
