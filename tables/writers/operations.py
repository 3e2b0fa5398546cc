"""The operation table of the core, and the bodies that it names (Swift)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from table import Wrong, camel, load, made_of
from writers import swift

_TYPES = {"text", "integer", "decimal", "boolean", "instant", "any"}
_KEYS = {"call", "doc", "contract", "pages", "tokens", "tokens_inferred", "inferred", "repeatable", "asks", "reserved_for",
         "exactly_one_of", "body", "arguments"}
_SWITCHES = {"required": "required", "or null": "null", "inferred": "inferred", "within page size": "withinPageSize"}
#: In the order of the parameters in Swift.
_PARAMETERS = ("required", "null", "of", "least", "most", "withinPageSize", "inferred")


def write(folder: Path) -> "dict[str, str]":
    """Every file, by its name."""
    bodies = {name: load(folder / f"{name}_bodies.toml") for name in ("listing", "order")}
    values = _Values(bodies)
    files = {f"{name.title()}Bodies.swift": _bodies(values, name, rows) for name, rows in bodies.items()}
    for room, rows in _rooms(folder).items():
        files[f"OperationTable+{room.title()}.swift"] = _operations(values, room, rows)
    return files


def every(folder: Path) -> str:
    """The member that holds all of them."""
    return f"    static let all: [Operation] = {' + '.join(_rooms(folder))}"


def _rooms(folder: Path) -> "dict[str, dict[str, Any]]":
    rooms: "dict[str, dict[str, Any]]" = {}
    for name, row in load(folder / "operations.toml").items():
        rooms.setdefault(_room(name, row), {})[name] = row
    return rooms


def _room(name: str, row: "dict[str, Any]") -> str:
    unknown = row.keys() - _KEYS
    if unknown or not {"call", "doc", "contract"} <= row.keys():
        raise Wrong(f"[{name}]: has call, doc and contract; not known: {', '.join(sorted(unknown)) or 'none'}")
    first = str(row["call"]).split("/")[1]
    return {"account": "channel", "listing": "listings"}.get(first, first)


class _Values:
    """What a value may be, as Swift says it."""

    def __init__(self, bodies: "dict[str, dict[str, Any]]") -> None:
        self.bodies = {name: room for room, rows in bodies.items() for name in rows if name != "choices"}
        self.choices = {name: room for room, rows in bodies.items() for name in rows["choices"]}

    def argument(self, where: str, maker: str, name: str, row: str) -> str:
        """One argument or field."""
        kind, *options = row.split(", ")
        given: "dict[str, str]" = {}
        for option in options:
            word, _, value = option.rpartition(" ")
            if option in _SWITCHES:
                given[_SWITCHES[option]] = "true"
            elif word in ("least", "most") and value.isdigit():
                given[word] = value
            elif word == "one of" and value in self.choices:
                given["of"] = _place(self.choices, value)
            else:
                raise Wrong(f"{where} {name}: there is no option {option!r}")
        more = "".join(f", {word}: {given[word]}" for word in _PARAMETERS if word in given)
        return f'.{maker}("{name}", {self.type(f"{where} {name}", kind)}{more})'

    def type(self, where: str, kind: str) -> str:
        if kind.startswith("list of "):
            return f".list({self.type(where, kind.removeprefix('list of '))})"
        if kind not in _TYPES and kind not in self.bodies:
            raise Wrong(f"{where}: there is no type {kind!r}, but {', '.join(sorted(_TYPES))} and the bodies")
        return f".{kind}" if kind in _TYPES else f".object({_place(self.bodies, kind)})"


def _place(rooms: "dict[str, str]", name: str) -> str:
    return f"{rooms[name].title()}Bodies.{camel(name)}"


def _bodies(values: _Values, room: str, rows: "dict[str, Any]") -> str:
    choices = [swift.words(4, f"static let {camel(name)} = ", [_text(word) for word in words])
               for name, words in rows["choices"].items()]
    shapes = [_shape(values, name, row) for name, row in rows.items() if name != "choices"]
    head = [made_of(f"tables/{room}_bodies.toml"), "", "/// The objects in bodies of requests, and the only values of some texts."]
    text = "\n".join([*head, f"enum {room.title()}Bodies {{", *choices, "", "\n\n".join(shapes), "}", ""])
    return text.replace(f"{room.title()}Bodies.", "")


def _shape(values: _Values, name: str, row: "dict[str, Any]") -> str:
    if row.keys() - {"open", "one_of", "fields"}:
        raise Wrong(f"[{name}]: has fields, open and one_of, nothing else")
    fields = [values.argument(f"[{name}]", "field", *one) for one in row["fields"].items()]
    more = [f"open: {str(row['open']).lower()}"] if "open" in row else []
    if "one_of" in row:
        more.append(f"oneOf: {_list(f'[{name}] one_of', row['one_of'], row['fields'])}")
    if not more or len(fields) == 1:
        return f"    static let {camel(name)} = BodyShape({', '.join([swift.array(4, fields), *more])})"
    return f"    static let {camel(name)} = BodyShape(\n        {', '.join([swift.array(8, fields), *more])})"


def _operations(values: _Values, room: str, rows: "dict[str, Any]") -> str:
    made = [_operation(values, name, row) for name, row in rows.items()]
    return "\n".join([made_of("tables/operations.toml"), "", "extension OperationTable {",
                      f"    static let {room}: [Operation] = {swift.array(4, list(rows))}", "", "\n\n".join(made), "}", ""])


def _operation(values: _Values, name: str, row: "dict[str, Any]") -> str:
    method, path = row["call"].split(" ")
    heads = [f'"{name}", .{method.lower()}, "{path}", "{row["contract"]}"', _text(row["doc"])]
    arguments = [f'.id("{place}")' for place in re.findall(r"\{(\w+)\}", path)]
    arguments += [values.argument(f"[{name}]", "query", *one) for one in row.get("arguments", {}).items()]
    if arguments:
        heads.append(swift.array(8, arguments))
    heads += [f"{word}: {value}" for word, value in _facts(values, name, row).items()]
    return f"    static let {name} = Operation(\n        " + ",\n        ".join(heads) + ")"


def _facts(values: _Values, name: str, row: "dict[str, Any]") -> "dict[str, str]":
    """Everything that is not as usual, in the order of the parameters in Swift."""
    found: "dict[str, str]" = {}
    if "body" in row:
        kind, _, may_be_missing = row["body"].partition(", may be ")
        shape = values.type(f"[{name}] body", kind.removeprefix("list of ")).removeprefix(".object(").removesuffix(")")
        optional = ", required: false" if may_be_missing else ""
        found["body"] = f".list(of: {shape})" if kind.startswith("list of ") else f".object({shape}{optional})"
    if "pages" in row:
        found["pages"] = "." + row["pages"]
    if "tokens" in row:
        found["tokens"] = f"[{', '.join('.' + token for token in row['tokens'])}]"
    words = {"tokens_inferred": "tokensInferred", "repeatable": "repeatable", "asks": "query", "inferred": "inferred"}
    found |= {word: str(row[key]).lower() for key, word in words.items() if key in row}
    if "reserved_for" in row:
        found["reservedFor"] = _text(row["reserved_for"])
    if "exactly_one_of" in row:
        found["exactlyOneOf"] = _list(f"[{name}] exactly_one_of", row["exactly_one_of"], row.get("arguments", {}))
    return found


def _list(where: str, names: "list[str]", known: "dict[str, Any]") -> str:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Wrong(f"{where}: there is no {', '.join(unknown)}")
    return f"[{', '.join(_text(name) for name in names)}]"


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
