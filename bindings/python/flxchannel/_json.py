"""JSON both ways without a float, unless it is asked for: numbers that are not whole come in as `Decimal`, and go out exactly."""

from __future__ import annotations

import gc
import json
import os
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from importlib import import_module
from typing import Any, Callable, Iterator, Optional, Union


def decode(text: bytes) -> Any:
    """Read JSON; numbers with a fraction or an exponent become `Decimal`."""
    return json.loads(text, parse_float=Decimal)


def decode_plain(text: "Union[bytes, memoryview]") -> Any:
    """Read JSON the quickest way there is: by orjson if it is installed. Numbers with a fraction become `float`, with
    orjson also whole ones of more than 64 bits."""
    loads = _orjson_loads()
    if loads is not None:
        try:
            return _uncollected(loads, text)
        except ValueError:  # it refuses a number that no double holds, and with it the page
            pass
    return json.loads(bytes(text))


def _uncollected(loads: "Callable[[Any], Any]", text: "Union[bytes, memoryview]") -> Any:
    """Read without the garbage collector: a page has thousands of objects and no garbage, and it would go through them
    all several times while they are made. Only for what no other thread of Python can interrupt."""
    is_on = gc.isenabled()
    try:
        gc.disable()
        return loads(text)
    finally:
        if is_on:
            gc.enable()


@lru_cache(maxsize=1)
def _orjson_loads() -> "Optional[Callable[[Any], Any]]":
    try:
        return import_module("orjson").loads  # type: ignore[no-any-return]
    except ImportError:
        return None


def encode(value: Any) -> bytes:
    """Write JSON. Text that is JSON already passes as it is; the library is the one who judges it."""
    if isinstance(value, bytes):
        return value
    return to_utf8(value if isinstance(value, str) else "".join(_pieces(value, "")))


def to_utf8(text: str) -> bytes:
    """Encode text; half a surrogate pair passes, so that the library can name it as what it is."""
    return text.encode("utf-8", "surrogatepass")


def _pieces(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield "{"
        for position, (key, member) in enumerate(value.items()):
            if not isinstance(key, str):
                raise TypeError(f"{path or '/'}: a JSON member has a name of type str, not {type(key).__name__}")
            yield f"{',' if position else ''}{json.dumps(key, ensure_ascii=False)}:"
            yield from _pieces(member, f"{path}/{key}")
        yield "}"
    elif isinstance(value, (list, tuple)):
        yield "["
        for position, element in enumerate(value):
            yield "," if position else ""
            yield from _pieces(element, f"{path}/{position}")
        yield "]"
    elif value is None or isinstance(value, (str, bool, int)):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Decimal):
        yield format(value, "f")
    elif isinstance(value, datetime):
        yield json.dumps(value.isoformat())
    elif isinstance(value, os.PathLike):
        yield json.dumps(os.fspath(value), ensure_ascii=False)
    else:
        advice = "; give money as Decimal or text" if isinstance(value, float) else ""
        raise TypeError(f"{path or '/'}: {type(value).__name__} has no exact form in JSON{advice}")
