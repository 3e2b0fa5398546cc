"""Checks recorded requests and answers against the contract file."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Iterator, Optional

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

import contract
from recorder import Exchange

#: Schemas of which the hub echoes members that the contract does not name (contract 9, rows 4 and 27).
ECHOING = ("Order", "OrderItem")


class Checker:
    """Both directions of the contract, taken strictly: what is not in the contract file is a finding."""

    def __init__(self, spec: "Optional[dict[str, Any]]" = None) -> None:
        spec = spec or contract.load()
        strict = contract.strict(spec)
        for name in ECHOING:
            strict["components"]["schemas"][name].pop("additionalProperties", None)
        self._spec = spec
        self._openapi = OpenAPI.from_dict(strict)

    def request(self, exchange: Exchange) -> "list[str]":
        """Return what is wrong with the request of an exchange."""
        found = list(self._headers(exchange)) + list(self._query(exchange))
        return found + [_text(exchange, error) for error in self._openapi.iter_request_errors(_request(exchange))]

    def answer(self, exchange: Exchange) -> "list[str]":
        """Return what is wrong with the answer of an exchange."""
        response = MockResponse(
            exchange.body, status_code=exchange.status, headers=exchange.headers,
            content_type=exchange.headers.get("content-type", "").partition(";")[0] or "application/json",
        )
        errors = self._openapi.iter_response_errors(_request(exchange), response)
        return [_text(exchange, error) for error in errors if not _is_bodiless(exchange, error)]

    def operation(self, exchange: Exchange) -> "tuple[Optional[str], dict[str, Any]]":
        """Return the contract's path and operation of an exchange; a path of plain words wins over one with braces."""
        given = exchange.path.split("/")
        fits = []
        for path, method, operation in contract.operations(self._spec):
            parts = path.split("/")
            if method != exchange.method.lower() or len(parts) != len(given):
                continue
            if all(part == word or part.startswith("{") and word for part, word in zip(parts, given)):
                fits.append((path.count("{"), path, operation))
        return min(fits, key=lambda fit: fit[:2])[1:] if fits else (None, {})

    def _headers(self, exchange: Exchange) -> "Iterator[str]":
        given = exchange.request_headers
        if "x-api-token" not in given:
            yield f"{exchange}: no X-API-TOKEN"
        if "authorization" in given:
            yield f"{exchange}: Authorization is a mistake (contract 1.1)"
        if given.get("accept") != "application/json":
            yield f"{exchange}: Accept is {given.get('accept')!r}"
        kind = given.get("content-type", "").partition(";")[0]
        if bool(exchange.request_body) != (kind == "application/json"):
            yield f"{exchange}: Content-Type is {kind!r} for {len(exchange.request_body)} bytes"

    def _query(self, exchange: Exchange) -> "Iterator[str]":
        """The hub ignores unknown parameters in silence, and so does a validator."""
        _, operation = self.operation(exchange)
        known = {one["name"]: one for one in operation.get("parameters", []) if one["in"] == "query"}
        seen: "dict[str, int]" = defaultdict(int)
        for name, _ in exchange.query:
            seen[name] += 1
        for name, count in seen.items():
            if name not in known:
                yield f"{exchange}: query parameter {name} is not in the contract"
            elif count > 1 and known[name]["schema"].get("type") != "array":
                yield f"{exchange}: query parameter {name} stands {count} times"


def _request(exchange: Exchange) -> MockRequest:
    args: "dict[str, Any]" = defaultdict(list)
    for name, value in exchange.query:
        args[name].append(value)
    return MockRequest(
        contract.HOST, exchange.method.lower(), exchange.path,
        args={name: values if len(values) > 1 else values[0] for name, values in args.items()},
        headers=exchange.request_headers, data=exchange.request_body or None, content_type="application/json",
    )


def _is_bodiless(exchange: Exchange, error: Exception) -> bool:
    """Most error answers have no schema and may be anything, also nothing (contract 1.7)."""
    return exchange.status >= 400 and not exchange.body


def _text(exchange: Exchange, error: Exception) -> str:
    cause: "Optional[BaseException]" = error
    texts = []
    while cause is not None:
        text = str(cause)
        for inner in getattr(cause, "schema_errors", ()):
            text += f" /{'/'.join(map(str, inner.absolute_path))}: {inner.message[:300]}"
        texts.append(text)
        cause = cause.__cause__
    return f"{exchange}: " + " <- ".join(texts)


def json_of(exchange: Exchange) -> Any:
    return json.loads(exchange.body)


__all__ = ["Checker", "OpenAPIError", "json_of"]
