"""Sends a call of an operation as a bare client: what the contract file says of its arguments becomes a request."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import contract
from calls import Call

_OPERATIONS = {operation["operationId"]: (path, method, operation)
               for path, method, operation in contract.operations(contract.load())}


def request(call: Call) -> "tuple[str, str, bytes | None]":
    """Return method, target and body of a call."""
    path, method, operation = _OPERATIONS[call.operation]
    places = {one["name"]: one["in"] for one in operation["parameters"]}
    query: "list[tuple[str, Any]]" = []
    for name, value in call.arguments.items():
        if name == "body":
            continue
        if places[name] == "path":
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        else:
            values = value if isinstance(value, list) else [value]
            query += [(name, str(one).lower() if isinstance(one, bool) else one) for one in values]
    target = path + ("?" + urlencode(query) if query else "")
    body = call.arguments.get("body")
    return method.upper(), target, None if body is None else json.dumps(body, default=float).encode()
