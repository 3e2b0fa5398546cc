"""From keywords to the library's config, with the log function kept alive for as long as the library may call it."""

from __future__ import annotations

from ctypes import byref, c_void_p, string_at
from itertools import count
from typing import Any, Callable, Mapping, Optional

from ._handle import Handle, call
from ._json import encode
from ._library import DropFunction, LogFunction, lib
from ._secret import SecretBytes, hide_token
from ._status import check

LogReceiver = Callable[[int, str], None]

_receivers: "dict[int, LogReceiver]" = {}
_next_receiver = count(1)


class Config(Handle):
    """Settings for a client that is to be opened."""

    _noun = "config"
    _free_name = "flx_config_free"


def make_config(settings: Mapping[str, Any], on_log: Optional[LogReceiver]) -> Config:
    """Make a config of settings; the library refuses one of None, which is no default."""
    config, error = c_void_p(), c_void_p()
    check(lib.flx_config_new(byref(config), byref(error)), error)
    made = Config(config)
    settings = hide_token(settings)
    text = SecretBytes(encode(settings))
    call(lib.flx_config_set_json, made._ptr(), text, len(text))
    if on_log is not None:
        key = next(_next_receiver)
        _receivers[key] = on_log
        call(lib.flx_config_on_log, made._ptr(), _C_DELIVER, key, _C_DROP)
    return made


def _deliver(key: int, level: int, line: int, length: int) -> None:
    receiver = _receivers.get(key)
    if receiver is not None:
        receiver(level, string_at(line, length).decode("utf-8", "replace"))


def _drop(key: int) -> None:
    _receivers.pop(key, None)


_C_DELIVER, _C_DROP = LogFunction(_deliver), DropFunction(_drop)
