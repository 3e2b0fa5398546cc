"""Fields of typed records: each knows its name at the hub and how it is read. Absent, null or of another type is None."""

from __future__ import annotations

import re
from dataclasses import field, fields
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, Callable, Mapping, Optional, Type, TypeVar

from .codes import ShipmentKind

_V = TypeVar("_V", bound="View")

#: What a record shows of itself.
_SHOWN = ("id", "order_number", "order_status", "kind", "sku", "quantity", "price", "handle")


class View:
    """A frozen dataclass whose fields are made by the functions below."""

    def __repr__(self) -> str:
        """What it is, by its ids: a record may have a buyer's name and address in any of its texts."""
        shown = (f"{name}={getattr(self, name)!r}" for name in _SHOWN if getattr(self, name, None) is not None)
        return f"{type(self).__name__}({', '.join(shown)})"

    @classmethod
    def of(cls: "Type[_V]", record: "dict[str, Any]", **facts: Any) -> "_V":
        """Read a record; `facts` are the fields that do not stand in it."""
        for member in fields(cls):  # type: ignore[arg-type]  # every subclass is a dataclass
            if member.name in facts:
                continue
            if not member.metadata:
                raise TypeError(
                    f"{cls.__name__}.of() needs {member.name}=, which no record has: {cls.__name__}.of_event(event) takes it from"
                    " an event, and a page gives its records with it")
            facts[member.name] = _read(record, **member.metadata)
        return cls(**facts)

    @classmethod
    def of_event(cls: "Type[_V]", event: "Mapping[str, Any]") -> "_V":
        """Read the record of an event of a round, with what the event says beside it: a parcel's kind, its order's number."""
        said = {"kind": ShipmentKind[event.get("kind", "delivery").upper()], "order_number": event.get("order_number")}
        made = [member.name for member in fields(cls) if not member.metadata]  # type: ignore[arg-type]
        return cls.of(event["record"], **{name: said[name] for name in made})


def whole() -> Any:
    """The record itself."""
    return _field("", lambda record: record)


def text(path: str) -> Any:
    """Text; a number is the text of it, since ids may be either."""
    return _field(path, _text)


def decimal(path: str) -> Any:
    """An exact number."""
    return _field(path, _decimal)


def integer(path: str) -> Any:
    """A whole number."""
    return _field(path, lambda value: value if type(value) is int else None)


def flag(path: str) -> Any:
    """True or False."""
    return _field(path, lambda value: value if isinstance(value, bool) else None)


def instant(path: str) -> Any:
    """An aware datetime in UTC."""
    return _field(path, _instant)


def one(path: str, view: "Callable[[], Type[View]]") -> Any:
    """The object there."""
    return _field(path, lambda value: view().of(value) if isinstance(value, dict) else None)


def handle(path: str, view: "Type[View]", otherwise: str = "") -> Any:
    """A status or unit: an object with a handle, or the handle as plain text (contract 1.9). Else what is at `otherwise`."""

    def read(value: Any) -> Optional[View]:
        node = value if isinstance(value, dict) else {"handle": value}
        return None if _text(node.get("handle")) is None else view.of(node)

    return _field(path, read, otherwise)


def many(path: str, view: "Callable[[], Type[View]]") -> Any:
    """The objects of the list there; a `|` in the path parts two names of which the first that is a list counts."""
    return _field(path, lambda value: tuple(view().of(element) for element in _list(value) if isinstance(element, dict)))


def texts(path: str) -> Any:
    """The texts of the list there."""
    return _field(path, lambda value: tuple(element for element in _list(value) if isinstance(element, str)))


def _field(path: str, read: "Callable[[Any], Any]", otherwise: str = "") -> Any:
    return field(metadata={"path": path, "read": read, "otherwise": otherwise})


def _read(record: Any, path: str, read: "Callable[[Any], Any]", otherwise: str) -> Any:
    value = read(_at(record, path))
    return read(_at(record, otherwise)) if value is None and otherwise else value


def _at(record: Any, path: str) -> Any:
    if "|" in path:
        return next((record[name] for name in path.split("|") if isinstance(record.get(name), list)), None)
    for name in path.split("/") if path else ():
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _list(value: Any) -> "list[Any]":
    return value if isinstance(value, list) else []


def _text(value: Any) -> Optional[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, Decimal)) else None


#: What the library takes for a number in a text.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


def _decimal(value: Any) -> Optional[Decimal]:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value):  # Decimal() also knows "1_000" and " 1"
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:[Zz]|([+-])(\d\d):?(\d\d))", re.ASCII
)


def _instant(value: Any) -> Optional[datetime]:
    """Read ISO 8601 with its zone, as the library does; datetime.fromisoformat() of Python 3.9 knows less of it."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    *parts, fraction, sign, hours, minutes = match.groups()
    year, month, day, hour, minute, second = map(int, parts)
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        local = datetime(year, month, day, hour, minute, second, int((fraction or "0")[:6].ljust(6, "0")), timezone.utc)
        return local + east if sign == "-" else local - east
    except (ValueError, OverflowError):
        return None
