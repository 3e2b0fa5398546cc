"""From records of the library to records of `logging`."""

from __future__ import annotations

import json
import logging
from typing import Any, Callable

from . import codes

_LEVELS = {
    codes.LOG_ERROR: logging.ERROR,
    codes.LOG_WARN: logging.WARNING,
    codes.LOG_INFO: logging.INFO,
    codes.LOG_DEBUG: logging.DEBUG,
}


def into(logger: logging.Logger) -> "Callable[[int, str], None]":
    """Return a function that gives records to `logger`.

    The message is the event with its members, and each member is an attribute of the record as well, with `flx_` before its
    name, so that it hides none of logging's own: `record.flx_event`, `record.flx_http_status`.
    """

    def receive(level: int, line: str) -> None:
        number = _LEVELS.get(level, logging.ERROR)
        if logger.isEnabledFor(number):
            members: "dict[str, Any]" = json.loads(line)
            logger.log(number, "%s", _sentence(members), extra={f"flx_{name}": value for name, value in members.items()})

    return receive


def _sentence(members: "dict[str, Any]") -> str:
    """Such as `order.posted row=1 verdict=applied`; when and how bad it is, logging says itself."""
    told = (f"{name}={value}" for name, value in members.items() if name not in ("at", "level", "event"))
    return " ".join([str(members.get("event", "")), *told])
