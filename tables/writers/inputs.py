"""What a Python program gives the library, as types: config, orders, answers, filters of feeds; from what flx_describe() says."""

from __future__ import annotations

from typing import Any, Callable

from table import camel, wrapped

_HEAD = '''# Made from flx_describe() by `make reference`: edit what the library says there, not here.
"""What a client is given: its config, orders, answers, and the filters of a pull. For type checkers; the library is the judge."""

from __future__ import annotations

import os
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Mapping, Optional, Sequence, TypedDict, Union
'''
_ORDER_TYPES = {"text": "str", "instant": "Union[str, datetime]", "decimal": "Union[Decimal, int, str]", "integer": "int",
                "id": "Union[str, int]", "list of text": "Sequence[str]"}
_FILTER_TYPES = {"text": "str", "instant": "Union[str, datetime]", "boolean": "bool", "integer": "Union[int, str]"}
_ANSWER_TYPES = {"id": "Union[str, int]", "error": "str", "externalId": "str", "confirm": "StatusHandle", "status": "StatusHandle",
                 "isLinkedToRegularProduct": "bool", "variants": "Sequence[VariantAnswer]", "images": "Sequence[ImageAnswer]"}
_PULL = {"cursor": ("str", "name of the cursor; cursor feeds"),
         "since": ("Union[str, datetime]", "where to start from when the cursor is new"), "page_size": ("int", "1 to 1,000")}


def write(describe: "Callable[[str], Any]") -> str:
    """The module."""
    parts = [*_config(describe("config")), *_order(describe("schema/order")), *_answers(describe("schema/answer")),
             *_feeds(describe("feeds"))]
    return "\n\n\n".join([_HEAD.rstrip(), *parts]) + "\n"


def _config(rows: "list[dict[str, Any]]") -> "list[str]":
    groups: "dict[str, list[Any]]" = {}
    for row in rows:
        group, _, name = row["key"].rpartition(".")
        groups.setdefault(group, []).append((name, _setting(row), row["meaning"]))
    needed = [one for one in groups[""] if one[2].endswith("; required")]
    free = [one for one in groups.pop("") if one not in needed]
    free += [(name, _class_name(name, "Settings"), "") for name in groups]
    made = [_class(_class_name(name, "Settings"), f"The config keys `{name}.*`.", members) for name, members in groups.items()]
    return [*made, _class("Needed", "What every channel has.", needed, total=True),
            _class("Settings", "The config of a client.", free, of="Needed")]


def _setting(row: "dict[str, Any]") -> str:
    if row["type"] == "choice":
        return _literal(row["choices"])
    if row["type"] == "text" and "absolute path" in row["meaning"]:
        return "Union[str, os.PathLike[str]]"
    return {"number": "int", "json": "Mapping[str, Any]"}.get(row["type"], "str")


def _order(schema: "dict[str, Any]") -> "list[str]":
    made: "dict[str, str]" = {}
    extra = ("extra", "Mapping[str, Any]", schema["extra"])

    def shape(name: str, doc: str, fields: "list[dict[str, Any]]") -> None:
        members = [(one["name"], kind(one), one["meaning"], one["required"]) for one in fields]
        needed = [one[:3] for one in members if one[3]]
        free = [(one[0], f"Optional[{one[1]}]", one[2]) for one in members if not one[3]] + [extra]
        if needed:
            made[f"{name}Needed"] = _class(f"{name}Needed", "What it cannot be without.", needed, total=True)
        made[name] = _class(name, doc, free, of=f"{name}Needed" if needed else "TypedDict")

    def kind(one: "dict[str, Any]") -> str:
        if "fields" not in one:
            return _ORDER_TYPES[one["type"]]
        name = {"orderItems": "NewOrderItem", "customFields": "NewNameValue"}.get(one["name"], "NewAddress")
        shape(name, f"What an order has as {one['name']}." if name != "NewAddress" else "An address of an order.", one["fields"])
        return f"Sequence[{name}]" if one["type"].startswith("list") else name

    shape("NewOrder", "An order to submit.", schema["fields"])
    return list(made.values())


def _answers(schema: "dict[str, list[str]]") -> "list[str]":
    def shape(name: str, doc: str, names: "list[str]") -> "list[str]":
        free = [(one, _ANSWER_TYPES[one], "") for one in names if one != "id"]
        return [_class(f"{name}Needed", "Whose it is.", [("id", _ANSWER_TYPES["id"], "")], total=True),
                _class(name, doc, free, of=f"{name}Needed")]

    whole = list(dict.fromkeys(schema["listings_to_sync"] + schema["listings_to_publish"]))
    return [f"StatusHandle = {_literal(schema['status'])}", *shape("ImageAnswer", "What became of an image.", schema["images"]),
            *shape("VariantAnswer", "What became of a variant of a parent.", schema["variants"]),
            *shape("Answer", "What became of a record of a queue feed.", whole)]


def _feeds(feeds: "list[dict[str, Any]]") -> "list[str]":
    members = dict(_PULL)
    for feed in feeds:
        for one in feed["filters"]:
            kind = f"Sequence[{_FILTER_TYPES[one['of']['type']]}]" if one["type"] == "list" else _FILTER_TYPES[one["type"]]
            members[one["name"]] = (_literal(one["choices"]) if "choices" in one else kind, "")
    return [f"FeedName = {_literal([feed['name'] for feed in feeds])}",
            _class("PullSpec", "How a feed is pulled. Which filters a feed has, says `describe(\"feeds\")`.",
                   [(name, *rest) for name, rest in members.items()])]


def _class(name: str, doc: str, members: "list[Any]", of: str = "TypedDict", total: bool = False) -> str:
    head = f"class {name}({of}{'' if total else ', total=False'}):\n    \"\"\"{doc}\"\"\"\n"
    return head + "".join(f"\n{_member(*one)}" for one in members)


def _member(name: str, kind: str, meaning: str) -> str:
    row = f"    {name}: {kind}"
    if not meaning:
        return row
    if len(row) + len(meaning) + 5 <= 130:
        return f"{row}  #: {meaning}"
    return "\n".join([*(f"    #: {line}" for line in wrapped(meaning, 7, 125)), row])


def _literal(words: "list[str]") -> str:
    row = "Literal[" + ", ".join(f'"{word}"' for word in words) + "]"
    return row if len(row) < 110 else "Literal[\n    " + ",\n    ".join(f'"{word}"' for word in words) + "]"


def _class_name(key: str, ending: str) -> str:
    return camel("_" + key) + ending
