"""What the C tests hold against the library: where each member lies, and where the hub has it."""

from __future__ import annotations

from table import WITH_BIT, Field, Record, Records, Wrong, made_of
from writers.header import member

_SIZES = {"flx_text": (16, 8), "flx_decimal": (32, 8), "int64_t": (8, 8), "size_t": (8, 8), "int32_t": (4, 4), "uint32_t": (4, 4)}
_LETTERS = {"id": "T", "text": "T", "decimal": "D", "integer": "N", "flag": "F", "instant": "I",
            "record": "O", "handle": "H", "list": "L", "texts": "S"}


def layout(records: Records) -> str:
    """Size and offsets of every struct, computed here and not by the compiler that they are to check."""
    parts = [made_of("tables/", "/*", " */"), ""]
    for record in records:
        places, size = _places(record)
        parts += [f"SIZE({record.struct}, {size});", *(f"AT({record.struct}, {name}, {at});" for name, at in places), ""]
    return "\n".join(parts[:-1]) + "\n"


def _places(record: Record) -> "tuple[list[tuple[str, int]], int]":
    places: "list[tuple[str, int]]" = []
    at = 0
    for kind, name in [("uint32_t ", "size"), ("uint32_t ", "has"), *(pair for one in record.fields for pair in member(one))]:
        size, alignment = (8, 8) if "*" in kind else _SIZES[kind.strip()]
        if at % alignment:
            raise Wrong(f"[{record.name}] {name}: there is a gap before it; put a spare there")
        places.append((name, at))
        at += size
    if at % 8:
        raise Wrong(f"[{record.name}]: there is a gap at its end; put a spare there")
    return places, at


def shapes(records: Records, room: str) -> str:
    """The tables that the views are compared with."""
    parts = [made_of(f"tables/{room}.toml", "/*", " */") + '\n#include "shape_rows.h"']
    return "\n\n".join(parts + [_shape(records, record) for record in records.rooms[room]]) + "\n"


def _name(record: Record) -> str:
    return record.name.removeprefix("listing_")


def _is_shared(records: Records, record: Record) -> bool:
    """It stands for a record of a feed, or another file has some of it."""
    elsewhere = [one.of for room, found in records.rooms.items() if record not in found for other in found for one in other.fields]
    return record.is_record or record.name in elsewhere


def _shape(records: Records, record: Record) -> str:
    name = _name(record)
    static = "" if _is_shared(records, record) else "static "
    ahead = [f"{static}const struct shape {name}_shape;"] if static and any(one.of == record.name for one in record.fields) else []
    rows = [_row(records, one) for one in record.fields if one.is_of_hub]
    return "\n".join([
        f"#define STRUCT {record.struct}", *ahead, f"static const struct field {name}_fields[] = {{",
        *(f"    {row}," for row in rows), "    END,", "};",
        f"{static}const struct shape {name}_shape = SHAPE(STRUCT, {name}_fields);", "#undef STRUCT",
    ])


def _row(records: Records, one: Field) -> str:
    arguments = [one.name] + ([one.count] if one.count else []) + [f'"/{one.json}"']
    if one.kind == "handle":
        arguments.append(f'"/{one.otherwise}"' if one.otherwise else "NULL")
    if one.kind in WITH_BIT:
        arguments.append(one.bit)
    if one.of:
        arguments.append(next(_name(record) for record in records if record.name == one.of) + "_shape")
    return f"{_LETTERS[one.kind]}({', '.join(arguments)})"
