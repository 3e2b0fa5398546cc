"""The records, codes and types of the Node package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from table import Field, Record, Records, camel, load, made_of, wrapped
from writers.codes import Band, macros

_TYPES = {"id": "string", "text": "string", "decimal": "string", "integer": "number", "flag": "boolean", "instant": "Date"}
_READERS = ("decimal", "flag", "found", "handle", "instant", "integer", "many", "one", "text", "texts", "view", "whole")
_GIVEN = {"text": "string", "integer": "Id", "decimal": "Decimal", "instant": "Instant", "any": "Json", "boolean": "boolean"}


# Records

def records(found: Records, room: str) -> str:
    """How each is read (JavaScript)."""
    names = [record.python for record in found.rooms[room]]
    body = "\n\n".join(_view(found, record) for record in found.rooms[room])
    used = [name for name in _READERS if re.search(rf"\b{name}\b[,(]", body)]
    lines = [made_of(f"tables/{room}.toml"), "'use strict';", "", f"const {{ {', '.join(used)} }} = require('./fields');"]
    lines += [f"const {{ {', '.join(names)} }} = require('./{other}');" for other, names in _from_others(found, room).items()]
    return "\n".join([*lines, "", body, "", "module.exports = {", *_rows(names), "};", ""])


def record_types(found: Records, room: str) -> str:
    """The same as types (TypeScript)."""
    lines = [made_of(f"tables/{room}.toml"), "import type { Json, View } from './json';"]
    lines += [f"import type {{ {', '.join(names)} }} from './{other}';" for other, names in _from_others(found, room).items()]
    kinds = sorted({_kind_name(one) for record in found.rooms[room] for one in record.fields if one.kind == "made"} - {"string"})
    if kinds:
        lines.append(f"import type {{ {', '.join(kinds)} }} from './codes';")
    return "\n".join([*lines, "", "\n\n".join(_interface(found, record) for record in found.rooms[room]), ""])


def _from_others(found: Records, room: str) -> "dict[str, list[str]]":
    used = {one.of for record in found.rooms[room] for one in record.fields if one.kind in ("record", "list", "handle")}
    others = {other: sorted(record.python for record in rows if record.name in used)
              for other, rows in found.rooms.items() if other != room}
    return {other: names for other, names in others.items() if names}


def _view(found: Records, record: Record) -> str:
    rows = [f"    {camel(one.name)}: {_reader(found, one)}," for one in record.fields if one.kind != "spare"]
    rows += ["    record: whole(),"] if record.is_record else []
    return "\n".join([f"const {record.python} = view(() => ({{", *rows, "}));"])


def _reader(found: Records, one: Field) -> str:
    of = _class(found, one)
    if one.kind == "made":
        return "found"
    if one.kind == "list":
        return f"many('{one.json}{'|' + one.also if one.also else ''}', () => {of})"
    if one.kind == "record":
        return f"one('{one.json}', () => {of})"
    if one.kind == "handle":
        otherwise = f", '{one.otherwise}'" if one.otherwise else ""
        return f"handle('{one.json}', () => {of}{otherwise})"
    return f"{'text' if one.kind == 'id' else one.kind}('{one.json}')"


def _interface(found: Records, record: Record) -> str:
    rows = [line for one in record.fields if one.kind != "spare"
            for line in _member(f"readonly {camel(one.name)}: {_type(found, one)};", one.doc)]
    rows += _member("readonly record: Json;", "The hub's own object.") if record.is_record else []
    body = "\n".join(["export interface " + record.python + " {", *rows, "}"])
    reader = f"\nexport const {record.python}: View<{record.python}>;" if record.is_record else ""
    return f"{_doc('', record.doc)}\n{body}{reader}"


def _type(found: Records, one: Field) -> str:
    if one.kind in ("list", "texts"):
        return f"readonly {_class(found, one) or 'string'}[]"
    kind = _kind_name(one) if one.kind == "made" else _class(found, one) or _TYPES[one.kind]
    return kind if one.sure or (one.kind == "made" and kind != "string") else f"{kind} | null"


def _kind_name(one: Field) -> str:
    return "string" if one.of == "text" else camel("_" + one.of)


def _class(found: Records, one: Field) -> str:
    return next((record.python for record in found if record.name == one.of), "")


# Codes

def codes(bands: "list[Band]", header_text: str) -> str:
    """The error classes, and the numbers that JavaScript needs."""
    made = _classes(bands)
    lines = [made_of("tables/codes.toml, include/flxchannel.h"), "'use strict';", "", "const { FlxError } = require('./base');", ""]
    lines += [f"class {name} extends {parent} {{}}" for name, (parent, _) in made.items()]
    bodies = {"BANDS": {-band.codes[0].number // 100: band.raises for band in bands if band.raises},
              "BY_STATUS": {f"[{one.number}]": one.raises for band in bands for one in band.codes if one.raises},
              "FEEDS": _numbers(header_text, "FEED")}
    for name, rows in bodies.items():
        lines += ["", f"const {name} = {{", *(f"    {key}: {value}," for key, value in rows.items()), "};"]
    return "\n".join([*lines, "", "module.exports = {", *_rows([*bodies, *made]), "};", ""])


def code_types(bands: "list[Band]", header_text: str) -> str:
    """The same as types."""
    lines = [made_of("tables/codes.toml, include/flxchannel.h"), "import { FlxError } from './errors';", ""]
    for name, (parent, doc) in _classes(bands).items():
        lines += [_doc("", doc), f"export class {name} extends {parent} {{}}"]
    unions = {"FeedName": _numbers(header_text, "FEED"), "ShipmentKind": _numbers(header_text, "SHIPMENT"),
              "ErrorCode": [f"FLX_{one.name}" for band in bands if band.raises for one in band.codes]}
    for name, values in unions.items():
        lines += ["", f"export type {name} =", "\n".join(f"    | '{value}'" for value in values) + ";"]
    return "\n".join([*lines, ""])


def _classes(bands: "list[Band]") -> "dict[str, tuple[str, str]]":
    """Each class with its parent and what it means."""
    made: "dict[str, tuple[str, str]]" = {}
    for band in bands:
        if band.raises:
            made[band.raises] = "FlxError", band.doc
        for one in band.codes:
            if one.raises:
                made.setdefault(one.raises, (one.under or band.raises, re.sub(
                    r"FLX_ERROR_(\w+)", lambda match: f"`{camel(match[1].lower())}`", one.doc)))
    return made


def _numbers(header_text: str, prefix: str) -> "dict[str, str]":
    found = [(name, number) for name, number, _ in macros(header_text) if name.startswith(prefix + "_")]
    return {name.removeprefix(prefix + "_").lower(): number for name, number in found}


# Orders as they are given

def order_types(folder: Path) -> str:
    """What an order may hold."""
    bodies = {**load(folder / "listing_bodies.toml"), **load(folder / "order_bodies.toml")}
    names = {"address": "AddressInput", "order_item": "OrderItemInput", "order": "OrderInput", "named_value": "NamedValueInput"}
    lines = [made_of("tables/order_bodies.toml, listing_bodies.toml"),
             "import type { Decimal, Id, Instant, Json } from './json';"]
    for body, name in names.items():
        rows = [_given(names, *row) for row in bodies[body]["fields"].items() if row[0] != "channelId"]  # the library fills it in
        if bodies[body].get("open"):
            rows += _member("extra?: Record<string, Json>;", "Members that go to the hub as they are, beside the fields here.")
        lines += ["", f"export interface {name} {{", *rows, "}"]
    return "\n".join([*lines, ""])


def _given(names: "dict[str, str]", name: str, row: str) -> str:
    kind, *options = row.split(", ")
    member = kind.removeprefix("list of ")
    of = names.get(member) or _GIVEN[member]
    if kind != member:
        of = f"{of}[]"
    required = "required" in options
    # "", null and missing are one content; the library says what is a number.
    return f"    {name}{'' if required else '?'}: {of}{'' if required else ' | null'};"


# Config keys

def config_types(rows: "list[dict[str, Any]]") -> str:
    """What a client may be opened with, by what the library says of its config keys."""
    lines = ["// Made from flx_describe(\"config\") by `make reference`: edit the table in ConfigKey.swift, not here.",
             "import type { Id, Json } from './json';", "",
             _doc("", "The settings of a client. A key with a point may also stand in a group: `rate_limit: { dir: '/run/flx' }`."),
             "export interface Config {"]
    for row in rows:
        key = f"'{row['key']}'" if "." in row["key"] else row["key"]
        optional = "" if row["meaning"].endswith("; required") else "?"
        lines += _member(f"{key}{optional}: {_config_type(row)};", _config_doc(row))
    groups = dict.fromkeys(row["key"].partition(".")[0] for row in rows if "." in row["key"])
    return "\n".join([*lines, *(f"    {group}?: Record<string, Json>;" for group in groups), "}", ""])


def _config_type(row: "dict[str, Any]") -> str:
    if row["type"] == "choice":
        return " | ".join(f"'{word}'" for word in row["choices"])
    if row["type"] == "number":
        return "Id" if row["most"] == 2**63 - 1 else "number"
    return "Json" if row["type"] == "json" else "string"


def _config_doc(row: "dict[str, Any]") -> str:
    unit = f" {row['unit']}" if row["unit"] else ""
    default = f"; default {row['default']}{unit}" if row["default"] is not None else ""
    return row["meaning"].removesuffix("; required") + default


# Lines

def _rows(names: "list[str]") -> "list[str]":
    return [f"    {line}" for line in wrapped(" ".join(f"{name}," for name in names), 4)]


def _member(row: str, doc: str) -> "list[str]":
    return [_doc("    ", doc), f"    {row}"] if doc else [f"    {row}"]


def _doc(indent: str, doc: str) -> str:
    lines = wrapped(doc, len(indent) + 4, 126)
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"])
