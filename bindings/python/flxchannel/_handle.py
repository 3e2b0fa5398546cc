"""What every object that owns something of the library has in common, and how values cross the border."""

from __future__ import annotations

import os
from ctypes import byref, c_size_t, c_void_p, string_at
from types import TracebackType
from typing import Any, Optional, TypeVar, cast

from . import codes
from ._interrupts import raise_kept
from ._json import decode
from ._library import lib
from ._status import check
from .errors import ClosedError

_Self = TypeVar("_Self", bound="Handle")


class Handle:
    """Owns one handle of the library and frees it once.

    It is there before what it owns: a signal handler may raise between any two steps, also when the library has just made
    something, which nobody would free otherwise.

    Invariant: `_pointer` is the handle; empty before the library made it, and None from the moment it was freed.
    """

    _pointer: Optional[c_void_p] = None
    _pid = 0
    _noun = "object"
    _free_name = ""

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._free = getattr(lib, self._free_name)
        self._pointer = c_void_p()

    def _place(self) -> Any:
        """Where the library puts what this is to own."""
        return byref(cast("c_void_p", self._pointer))

    def _made_by(self: _Self, function: Any, *arguments: Any) -> _Self:
        """Let a function of the library make it; the last two parameters of that are where it goes, and the error."""
        try:
            call(function, *arguments, self._place())
        except BaseException:
            Handle.close(self)  # the traceback may keep it for long
            raise
        return self

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return not self._pointer

    def close(self) -> None:
        """Give the object back. Closing it twice does nothing."""
        pointer, self._pointer = self._pointer, None
        if pointer:
            self._free(pointer)
        self._given_back()

    def _given_back(self) -> None:
        """What is due once it is closed."""

    def _ptr(self) -> c_void_p:
        if not self._pointer:
            raise ClosedError(f"this {self._noun} is closed", code=codes.E_HANDLE, name="FLX_E_HANDLE")
        return self._pointer

    def __enter__(self: _Self) -> _Self:
        self._ptr()
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # A child of fork() inherits the object without having asked for it: only an explicit close acts there.
        if self._pointer and self._pid == os.getpid():
            self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{self._facts()}{' closed' if self.closed else ''}>"

    def _facts(self) -> str:
        """What it is of, for people; nothing of a buyer."""
        return ""

    def __reduce__(self) -> Any:
        raise TypeError(f"a {self._noun} belongs to its process and cannot be pickled")


class Blob(Handle):
    """Bytes of the library that have to stay until they have come to the host."""

    _noun = "blob"
    _free_name = "flx_blob_free"

    def content(self) -> bytes:
        """A copy of them."""
        return _copy(self._ptr())


def _copy(blob: Any) -> bytes:
    text, length = c_void_p(), c_size_t()
    lib.flx_blob_view(blob, byref(text), byref(length))
    return string_at(text.value, length.value) if text.value else b""


def take_blob(blob: c_void_p) -> bytes:
    """Copy the bytes of a blob and free it."""
    try:
        content = _copy(blob)
    finally:
        lib.flx_blob_free(blob)
    raise_kept()
    return content


def call_json(function: Any, *arguments: Any) -> Any:
    """Call a function that ends in `flx_blob **, flx_error **` and decode what it gives."""
    return decode(call_blob(function, *arguments)[1])


def call_blob(function: Any, *arguments: Any) -> "tuple[int, bytes]":
    """Call such a function; give its status and the bytes."""
    blob, error = c_void_p(), c_void_p()
    status = check(function(*arguments, byref(blob), byref(error)), error)
    return status, take_blob(blob)


def call(function: Any, *arguments: Any) -> int:
    """Call a function that ends in `flx_error **`."""
    error = c_void_p()
    status = check(function(*arguments, byref(error)), error)
    raise_kept()
    return status


def int32(value: int, name: str) -> int:
    """Refuse a number that ctypes would cut to 32 bits in silence."""
    if not isinstance(value, int):
        raise TypeError(f"{name} is of type {type(value).__name__}, not int")
    if not -(2**31) <= value < 2**31:
        raise OverflowError(f"{name} is {value}, more than 32 bits")
    return value


def size(value: int, name: str) -> int:
    """Refuse a number that is no size."""
    if not isinstance(value, int):
        raise TypeError(f"{name} is of type {type(value).__name__}, not int")
    if not 0 <= value < 2**63:
        raise OverflowError(f"{name} is {value}, not a size")
    return value
