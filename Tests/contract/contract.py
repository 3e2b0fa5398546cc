"""The contract file of this repository, and what can be read off it."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any, Iterator

import yaml

HERE = Path(__file__).resolve().parent
METHODS = ("get", "put", "post", "patch", "delete", "head", "options", "trace")
HOST = "https://api.flxpoint.com"


@cache
def _loaded() -> "dict[str, Any]":
    spec: "dict[str, Any]" = yaml.safe_load((HERE / "openapi.yaml").read_text("utf-8"))
    return spec


def load() -> "dict[str, Any]":
    """Return the contract as a fresh copy that a test may change."""
    return copy.deepcopy(_loaded())


def operations(spec: "dict[str, Any]") -> "Iterator[tuple[str, str, dict[str, Any]]]":
    """Yield path, method and operation."""
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, {"parameters": item.get("parameters", []), **item[method]}


def resolve(spec: "dict[str, Any]", schema: "dict[str, Any]") -> "dict[str, Any]":
    """Follow references and take a nullable node apart: the schema itself, its types, and whether it may be null."""
    null = False
    while True:
        if "$ref" in schema:
            node: Any = spec
            for part in schema["$ref"].removeprefix("#/").split("/"):
                node = node[part]
            schema = node
        elif "anyOf" in schema:
            rest = [one for one in schema["anyOf"] if one.get("type") != "null"]
            null = null or len(rest) < len(schema["anyOf"])
            [schema] = rest
        else:
            break
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    return {**schema, "types": [one for one in types if one != "null"], "nullable": null or "null" in types}


def strict(spec: "dict[str, Any]") -> "dict[str, Any]":
    """Return a copy in which an object has no members but the listed ones: what is sent must be in the contract."""
    spec = copy.deepcopy(spec)

    def close(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
                node["additionalProperties"] = False
            for child in node.values():
                close(child)
        elif isinstance(node, list):
            for child in node:
                close(child)

    close(spec)
    return spec
