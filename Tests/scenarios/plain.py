"""Makes what hosts say comparable: what has no fixed value becomes a word, and what they write in their own ways one way."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?\Z")
UNSTEADY = {"receipt", "request_id", "pid", "process", "seq", "row"}
"""Members whose value is another in each run."""


def number(text: str) -> str:
    """A number in one way: hosts that would change it give it as text, and a double has no last zeros."""
    value = Decimal(text)
    if value.adjusted() > 60:
        return text
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def plain(value: Any, key: str = "") -> Any:
    if key in UNSTEADY and value is not None:
        return f"<{key}>"
    if (key.endswith(("_ms", "_s"))) and isinstance(value, (int, Decimal)) and value is not True:
        return "<wait>" if value >= 0 else str(value)
    if isinstance(value, dict):
        return {name: plain(one, name) for name, one in sorted(value.items())} or []
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, Decimal)):
        return number(str(value))
    if NUMBER.match(value):
        return number(value)
    return INSTANT.sub("<instant>", value)


def line(said: str) -> str:
    """One line of a host as a line of a transcript."""
    return json.dumps(plain(json.loads(said, parse_float=Decimal)), ensure_ascii=False)
