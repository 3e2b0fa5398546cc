"""From keywords to the library's config, with the log function kept alive for as long as the library may call it."""

from __future__ import annotations

import logging
import threading
from ctypes import string_at
from itertools import count
from typing import Any, Callable, Mapping, Optional

from ._handle import Handle, call
from ._interrupts import keep
from ._json import encode
from ._library import DropFunction, LogFunction, lib
from ._logging import into
from ._secret import SecretBytes, hide_token

LogReceiver = Callable[[int, str], None]

_receivers: "dict[int, LogReceiver]" = {}
_next_receiver = count(1)
_thread = threading.local()


class Config(Handle):
    """Settings for a client that is to be opened."""

    _noun = "config"
    _free_name = "flx_config_free"


def make_config(settings: Mapping[str, Any], on_log: Optional[LogReceiver]) -> Config:
    """Make a config of settings; the library refuses one of None, which is no default."""
    made = Config()._made_by(lib.flx_config_new)
    settings = hide_token(settings)
    text = SecretBytes(encode(settings))
    call(lib.flx_config_set_json, made._ptr(), text, len(text))
    if on_log is not None:
        key = next(_next_receiver)
        _receivers[key] = on_log
        call(lib.flx_config_on_log, made._ptr(), _C_DELIVER, key, _C_DROP)
    return made


def move_state(source: Mapping[str, Any], destination: Mapping[str, Any]) -> None:
    """Move the whole state of a channel from one place to another, while nothing runs.

    Each is the config of a client: `channel`, `origin`, and `state_dir` or `state.url`. A move that was cut off is brought to its
    end by the same call.
    """
    with make_config(source, None) as old, make_config(destination, None) as new:
        call(lib.flx_state_move, old._ptr(), new._ptr())


def receiver(on_log: Optional[LogReceiver], logger: Optional[logging.Logger]) -> Optional[LogReceiver]:
    """Return what takes the records; None lets the library keep them for `Client.logs`."""
    if on_log is not None and logger is not None:
        raise TypeError("records go to on_log or to logger, not to both")
    return on_log if logger is None else into(logger)


def _deliver(key: int, level: int, line: int, length: int) -> None:
    # What a receiver does with the library makes records as well, and each of those would call it again, until the stack is
    # used up in the middle of C: those go to nobody.
    receive = _receivers.get(key)
    if receive is None or getattr(_thread, "is_receiving", False):
        return
    _thread.is_receiving = True
    try:
        receive(level, string_at(line, length).decode("utf-8", "replace"))
    except Exception:
        raise  # ctypes reports it
    except BaseException as error:  # noqa: BLE001 - what a signal handler raises, too
        keep(error)
    finally:
        _thread.is_receiving = False


def _drop(key: int) -> None:
    _receivers.pop(key, None)


_C_DELIVER, _C_DROP = LogFunction(_deliver), DropFunction(_drop)
