"""Reads the tables: what a record of the hub holds, and what its operations take. Says where a row is wrong."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

#: Kinds of fields that a bit of `has` tells about; of the others the value itself says whether it is there.
WITH_BIT = {"integer", "flag", "instant"}
KINDS = {"id", "text", "decimal", "texts", "record", "list", "handle", "made", "spare"} | WITH_BIT
OPTIONS = {"json", "also", "or", "bit", "since"}
SWITCHES = {"sure", "outermost"}


class Wrong(Exception):
    """A row that cannot be read; the message says which and why."""


@dataclass
class Field:
    """One field of a record."""

    name: str
    kind: str
    of: str  #: the record of a record, list or handle; the type of what the library makes
    json: str  #: where the hub has it, steps parted by `/`
    bit: str
    doc: str
    also: str = ""
    otherwise: str = ""
    sure: bool = False
    outermost: bool = False
    since: str = ""

    @property
    def count(self) -> str:
        """The member that says how long a list is; empty for what is no list."""
        return self.name.removesuffix("s") + "_count" if self.kind in ("list", "texts") else ""

    @property
    def is_of_hub(self) -> bool:
        return self.kind not in ("made", "spare")


@dataclass
class Record:
    """An object of the hub: a struct, a class."""

    name: str
    doc: str
    python: str
    fields: "list[Field]"
    is_record: bool = False
    own_bits: bool = False
    values: "dict[str, dict[str, str]]" = field(default_factory=dict)  #: of what the library makes: name to "number: doc"

    @property
    def struct(self) -> str:
        return "flx_" + self.name

    @property
    def bits(self) -> "list[str]":
        return [one.bit for one in self.fields if one.kind in WITH_BIT]


@dataclass
class Records:
    """All records, by the file they stand in."""

    rooms: "dict[str, list[Record]]"
    shared_bits: "list[str]"

    def __iter__(self) -> "Iterator[Record]":
        return (record for room in self.rooms.values() for record in room)

    def by_handle(self) -> "set[str]":
        """The records that may also come as plain text."""
        return {one.of for record in self for one in record.fields if one.kind == "handle"}


def records(folder: Path = HERE) -> Records:
    """Read listings.toml and orders.toml."""
    rooms: "dict[str, list[Record]]" = {}
    bits: "list[str]" = []
    for room in ("listings", "orders"):
        table = load(folder / f"{room}.toml")
        bits = table.pop("has", bits)
        rooms[room] = [_record(name, row) for name, row in table.items()]
    found = Records(rooms, bits)
    _check(found)
    return found


def load(path: Path) -> "dict[str, Any]":
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Wrong(f"{path.name}: {error}") from None


def camel(name: str) -> str:
    """`order_item` as `orderItem`."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)


def words(row: str) -> "tuple[str, list[str], str]":
    """Take "kind, option, option: doc" apart."""
    head, _, doc = row.partition(": ")
    kind, *options = head.split(", ")
    return kind, options, doc


def _record(name: str, row: "dict[str, Any]") -> Record:
    unknown = row.keys() - {"doc", "contract", "python", "is_record", "own_bits", "fields", "values"}
    if unknown or not {"doc", "contract", "fields"} <= row.keys():
        raise Wrong(f"[{name}]: has doc, contract and fields; not known: {', '.join(sorted(unknown)) or 'none'}")
    first = re.search(r"[.:]", row["doc"])
    at = first.start() if first else len(row["doc"])
    return Record(
        name,
        doc=f"{row['doc'][:at]} (contract {row['contract']}){row['doc'][at:]}",
        python=row.get("python") or camel("_" + name),
        fields=[_field(name, *one) for one in row["fields"].items()],
        is_record=row.get("is_record", False),
        own_bits=row.get("own_bits", False),
        values=row.get("values", {}),
    )


def _field(record: str, name: str, row: str) -> Field:
    where = f"[{record}] {name}"
    kind, options, doc = words(row)
    kind, _, of = kind.replace("list of ", "list ").partition(" ")
    if kind not in KINDS:
        raise Wrong(f"{where}: there is no kind {kind!r}, but {', '.join(sorted(KINDS))}")
    given: "dict[str, Any]" = {}
    for option in options:
        word, _, value = option.partition(" ")
        if word not in (OPTIONS if value else SWITCHES):
            raise Wrong(f"{where}: there is no option {option!r}, but {', '.join(sorted(OPTIONS | SWITCHES))}")
        given[{"or": "otherwise"}.get(word, word)] = value or True
    since = given.get("since", "")
    return Field(
        name, kind, of, json=given.pop("json", camel(name)), bit=given.pop("bit", name.upper()),
        doc="; ".join(part for part in (doc, f"since {since}" if since else "") if part), **given,
    )


def _check(found: Records) -> None:
    names = [record.name for record in found]
    if len(names) != len(set(names)):
        raise Wrong(f"a record is there twice among {', '.join(names)}")
    if len(found.shared_bits) > 32:
        raise Wrong("`has` is full: give the record own_bits")
    for record in found:
        known = set(record.bits) if record.own_bits else set(found.shared_bits)
        for one in record.fields:
            where = f"[{record.name}] {one.name}"
            if one.kind in ("record", "list", "handle") and one.of not in names:
                raise Wrong(f"{where}: there is no record {one.of!r}")
            if one.kind in WITH_BIT and one.bit not in known:
                raise Wrong(f"{where}: there is no bit {one.bit}; append it to `has` in listings.toml")
            if one.kind == "made" and one.of != "text" and one.of not in record.values:
                raise Wrong(f"{where}: [{record.name}.values.{one.of}] is missing")


def wrapped(text: str, first: int, most: int = 130) -> "list[str]":
    """The words of `text` in lines, of which the first begins at column `first` like all others."""
    lines = [""]
    for word in text.split():
        if lines[-1] and first + len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines


def marked(text: str, source: str, made: str) -> str:
    """`text` with `made` between its marks: a line that says "made from <source>", and the next that says "end of what is made"."""
    lines = text.split("\n")
    first = next((place for place, line in enumerate(lines) if f"---- made from {source} " in line), None)
    last = first and next((place for place in range(first, len(lines)) if "---- end of what is made" in lines[place]), None)
    if first is None or last is None:
        raise Wrong(f"what is made from {source} has no marks any more")
    return "\n".join([*lines[: first + 1], made, *lines[last:]])


def made_of(names: str, comment: str = "//", end: str = "") -> str:
    """The first line of everything that is made."""
    return f"{comment} Made from {names} by `make generate`: edit there, not here.{end}"
