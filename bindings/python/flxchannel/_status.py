"""From a status and an error object of the library to a Python exception."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_void_p, string_at
from typing import Any

from . import codes, errors
from ._interrupts import raise_kept
from ._json import decode
from ._library import lib

# ---- made from tables/codes.toml by `make generate`: edit there, not here ----
_BANDS = {
    1: errors.UseError,
    2: errors.LocalError,
    3: errors.TransportError,
    4: errors.HubError,
    5: errors.InternalError,
}

_BY_CODE = {
    codes.E_ARGUMENT: errors.ArgumentError,
    codes.E_HANDLE: errors.HandleError,
    codes.E_UTF8: errors.Utf8Error,
    codes.E_JSON: errors.JsonError,
    codes.E_CONFIG: errors.ConfigError,
    codes.E_ORDER: errors.OrderError,
    codes.E_ANSWER: errors.AnswerError,
    codes.E_RECEIPT: errors.ReceiptError,
    codes.E_CONFLICT: errors.ConflictError,
    codes.E_OPERATION: errors.OperationError,
    codes.E_NOT_FOUND: errors.NotFoundError,
    codes.E_TOO_LARGE: errors.TooLargeError,
    codes.E_STATE: errors.StateError,
    codes.E_STATE_BUSY: errors.StateBusyError,
    codes.E_STATE_CORRUPT: errors.StateError,
    codes.E_STATE_NEWER: errors.StateError,
    codes.E_IDENTITY: errors.IdentityError,
    codes.E_PATH: errors.PathError,
    codes.E_CLIENT_BUSY: errors.ClientBusyError,
    codes.E_FORKED: errors.ForkedError,
    codes.E_CANCELED: errors.CanceledError,
    codes.E_RATE_LIMIT: errors.RateLimitError,
    codes.E_TIMEOUT: errors.DeadlineError,
    codes.E_TOKEN: errors.TokenError,
    codes.E_THROTTLED: errors.ThrottledError,
    codes.E_CONTRACT: errors.ContractError,
    codes.E_PAGING: errors.PagingError,
    codes.E_REFUSED: errors.RefusedError,
    codes.E_UNAVAILABLE: errors.UnavailableError,
}
# ---- end of what is made ----


def check(status: int, error: c_void_p) -> int:
    """Give back a status that is no error; raise one that is, and free its error object."""
    if status >= 0:
        return status
    try:
        facts = _facts(status, error)
    finally:
        lib.flx_error_free(error)
    raise_kept()
    raise class_of(status, facts["verdict"])(**facts)


def class_of(code: int, verdict: codes.Verdict) -> "type[errors.FlxError]":
    """Return the exception class of a code."""
    if verdict == codes.Verdict.POSSIBLY_APPLIED:
        return errors.PossiblyAppliedError
    return _BY_CODE.get(code) or _BANDS.get(-code // 100, errors.FlxError)


def status_name(status: int) -> str:
    """Return the name of a status, such as "FLX_E_CONFLICT"."""
    name: bytes = lib.flx_status_name(status)
    return name.decode("ascii")


def _facts(status: int, error: c_void_p) -> "dict[str, Any]":
    details = decode(_part(error, codes.ERROR_JSON) or b"{}")
    retry_after = lib.flx_error_number(error, codes.ERROR_RETRY_AFTER_MS) if error else -1
    return {
        "code": status,
        "name": status_name(status),
        "message": _part(error, codes.ERROR_MESSAGE).decode("utf-8", "replace"),
        "hub_said": _part(error, codes.ERROR_HUB_SAID).decode("utf-8", "replace"),
        "path": _part(error, codes.ERROR_PATH).decode("utf-8", "replace"),
        "operation": _part(error, codes.ERROR_OPERATION).decode("utf-8", "replace"),
        "request_id": _part(error, codes.ERROR_REQUEST_ID).decode("utf-8", "replace"),
        "http_status": lib.flx_error_number(error, codes.ERROR_HTTP_STATUS) or None,
        "verdict": codes.Verdict(lib.flx_error_number(error, codes.ERROR_VERDICT)),
        "retry_after_ms": None if retry_after < 0 else retry_after,
        "retryable": lib.flx_error_number(error, codes.ERROR_RETRYABLE) == 1,
        "fatal": lib.flx_error_number(error, codes.ERROR_FATAL) == 1,
        "faults": details.get("faults") or [],
        "details": details,
    }


def _part(error: c_void_p, part: int) -> bytes:
    text, length = c_void_p(), c_size_t()
    if lib.flx_error_view(error, part, byref(text), byref(length)) != codes.OK or not text:
        return b""
    return string_at(text.value or 0, length.value)
