"""The door to the C library: loads it once and gives every exported function its prototype."""

from __future__ import annotations

import ctypes
import os
import re
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_void_p
from pathlib import Path

from .codes import HEADER_VERSION, OK

#: Environment variable that names the library file; without it the package's own is taken, which a wheel has, or else the
#: loader of the system looks for `SONAME`.
PATH_VARIABLE = "FLXCHANNEL_LIBRARY"
SONAME = "libflxchannel.so.1"
PACKAGE = Path(__file__).parent
INSIDE = PACKAGE / "_lib" / SONAME

#: What the library needs of the system, and the Debian package that has it.
_NEEDED = {
    "libcurl.so.4": "libcurl4",
    "libjansson.so.4": "libjansson4",
    "libsqlite3.so.0": "libsqlite3-0",
    "libstdc++.so.6": "libstdc++6",
}

LogFunction = CFUNCTYPE(None, c_void_p, c_int32, c_void_p, c_size_t)
DropFunction = CFUNCTYPE(None, c_void_p)

_HANDLE = c_void_p  # of any kind: the library checks which
_OUT = POINTER(c_void_p)
_SIZE_OUT = POINTER(c_size_t)
_TEXT = (c_char_p, c_size_t)
_VIEW = (_OUT, _SIZE_OUT)

#: name: (result, arguments); the order of the header.
PROTOTYPES = {
    "flx_version": (c_uint32, ()),
    "flx_version_string": (c_char_p, ()),
    "flx_require": (c_int32, (c_uint32,)),
    "flx_describe": (c_int32, (*_TEXT, _OUT, _OUT)),
    "flx_status_name": (c_char_p, (c_int32,)),
    "flx_error_code": (c_int32, (_HANDLE,)),
    "flx_error_number": (c_int64, (_HANDLE, c_int32)),
    "flx_error_view": (c_int32, (_HANDLE, c_int32, *_VIEW)),
    "flx_error_free": (None, (_HANDLE,)),
    "flx_blob_view": (None, (_HANDLE, *_VIEW)),
    "flx_blob_free": (None, (_HANDLE,)),
    "flx_cancel_new": (c_void_p, ()),
    "flx_cancel_fire": (None, (_HANDLE,)),
    "flx_cancel_reset": (None, (_HANDLE,)),
    "flx_cancel_free": (None, (_HANDLE,)),
    "flx_config_new": (c_int32, (_OUT, _OUT)),
    "flx_config_set": (c_int32, (_HANDLE, *_TEXT, *_TEXT, _OUT)),
    "flx_config_set_json": (c_int32, (_HANDLE, *_TEXT, _OUT)),
    "flx_config_on_log": (c_int32, (_HANDLE, LogFunction, c_void_p, DropFunction, _OUT)),
    "flx_config_free": (None, (_HANDLE,)),
    "flx_client_open": (c_int32, (_HANDLE, _OUT, _OUT)),
    "flx_state_move": (c_int32, (_HANDLE, _HANDLE, _OUT)),
    "flx_client_probe": (c_int32, (_HANDLE, c_int32, _OUT, _OUT)),
    "flx_client_stats": (c_int32, (_HANDLE, _OUT, _OUT)),
    "flx_client_holders": (c_int32, (_HANDLE, _OUT, _OUT)),
    "flx_client_logs": (c_int32, (_HANDLE, _OUT, _OUT)),
    "flx_client_set_token": (c_int32, (_HANDLE, *_TEXT, _OUT)),
    "flx_client_relearn": (c_int32, (_HANDLE, *_TEXT, _OUT)),
    "flx_client_set_cancel": (c_int32, (_HANDLE, _HANDLE, _OUT)),
    "flx_client_close": (None, (_HANDLE,)),
    "flx_pull_open": (c_int32, (_HANDLE, c_int32, *_TEXT, _OUT, _OUT)),
    "flx_pull_next": (c_int32, (_HANDLE, c_int32, _OUT, _OUT)),
    "flx_pull_commit": (c_int32, (_HANDLE, _HANDLE, _OUT)),
    "flx_pull_close": (None, (_HANDLE,)),
    "flx_snapshot_get": (c_int32, (_HANDLE, *_TEXT, _OUT, _OUT)),
    "flx_cursor_list": (c_int32, (_HANDLE, _OUT, _OUT)),
    "flx_cursor_set": (c_int32, (_HANDLE, c_int32, *_TEXT, *_TEXT, _OUT)),
    "flx_page_count": (c_size_t, (_HANDLE,)),
    "flx_page_feed": (c_int32, (_HANDLE,)),
    "flx_page_left_out": (c_size_t, (_HANDLE,)),
    "flx_page_json": (c_int32, (_HANDLE, *_VIEW)),
    "flx_page_receipt": (c_int32, (_HANDLE, *_VIEW)),
    "flx_page_quarantine": (c_int32, (_HANDLE, _OUT, _OUT)),
    "flx_page_facts": (c_int32, (_HANDLE, _OUT, _OUT)),
    "flx_record_json": (c_int32, (_HANDLE, c_size_t, *_VIEW)),
    "flx_record_get": (c_int32, (_HANDLE, c_size_t, *_TEXT, *_VIEW)),
    "flx_page_listing_variant": (c_void_p, (_HANDLE, c_size_t)),
    "flx_page_listing_parent": (c_void_p, (_HANDLE, c_size_t)),
    "flx_page_order": (c_void_p, (_HANDLE, c_size_t)),
    "flx_page_shipment": (c_void_p, (_HANDLE, c_size_t)),
    "flx_page_return": (c_void_p, (_HANDLE, c_size_t)),
    "flx_page_free": (None, (_HANDLE,)),
    "flx_ack": (c_int32, (_HANDLE, *_TEXT, *_TEXT, _OUT)),
    "flx_ack_results": (c_int32, (_HANDLE, c_int64, c_size_t, _OUT, _OUT)),
    "flx_order_check": (c_int32, (*_TEXT, _OUT, _OUT)),
    "flx_order_submit": (c_int32, (_HANDLE, *_TEXT, _OUT, _OUT)),
    "flx_order_builder_new": (c_int32, (*_TEXT, _OUT, _OUT)),
    "flx_order_builder_set": (c_int32, (_HANDLE, *_TEXT, *_TEXT, _OUT)),
    "flx_order_builder_add_item": (c_int32, (_HANDLE, *_TEXT, c_int64, *_TEXT, _OUT)),
    "flx_order_builder_submit": (c_int32, (_HANDLE, _HANDLE, _OUT, _OUT)),
    "flx_order_builder_free": (None, (_HANDLE,)),
    "flx_order_status": (c_int32, (_HANDLE, *_TEXT, c_int32, _OUT, _OUT)),
    "flx_order_cancel": (c_int32, (_HANDLE, *_TEXT, c_int32, _OUT, _OUT)),
    "flx_flush": (c_int32, (_HANDLE, c_int32, _OUT, _OUT)),
    "flx_outbox_results": (c_int32, (_HANDLE, c_size_t, _OUT, _OUT)),
    "flx_outbox_settle": (c_int32, (_HANDLE, *_TEXT, _OUT)),
    "flx_outbox_list": (c_int32, (_HANDLE, *_TEXT, _OUT, _OUT)),
    "flx_outbox_retry": (c_int32, (_HANDLE, *_TEXT, _OUT)),
    "flx_outbox_discard": (c_int32, (_HANDLE, *_TEXT, _OUT)),
    "flx_outbox_history": (c_int32, (_HANDLE, *_TEXT, _OUT, _OUT)),
    "flx_outbox_purge": (c_int32, (_HANDLE, *_TEXT, _OUT, _OUT)),
    "flx_sync_open": (c_int32, (_HANDLE, *_TEXT, _OUT, _OUT)),
    "flx_sync_next": (c_int32, (_HANDLE, c_int32, _OUT, _OUT)),
    "flx_sync_reply": (c_int32, (_HANDLE, c_int64, *_TEXT, _OUT)),
    "flx_sync_close": (None, (_HANDLE,)),
    "flx_sync_run": (c_int32, (_HANDLE, *_TEXT, c_void_p, _OUT, _OUT)),
    "flx_call": (c_int32, (_HANDLE, *_TEXT, *_TEXT, c_int32, _OUT, _OUT)),
    "flx_preview": (c_int32, (_HANDLE, *_TEXT, _OUT, _OUT)),
}


def _load() -> ctypes.CDLL:
    """Load the library, with its names kept out of the process's global scope, and check that it fits."""
    path = os.environ.get(PATH_VARIABLE) or (str(INSIDE) if INSIDE.exists() else SONAME)
    try:
        library = ctypes.CDLL(path, mode=ctypes.RTLD_LOCAL)
    except OSError as reason:
        raise ImportError(_advice(str(reason))) from None
    try:
        for name, (result, arguments) in PROTOTYPES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError as reason:
        raise ImportError(f"{path} is not the library of this package: {reason}") from None
    if library.flx_require(HEADER_VERSION) != OK:
        found = library.flx_version_string().decode("ascii")
        raise ImportError(f"{path} is version {found}, which does not fit header version {HEADER_VERSION}")
    return library


def _advice(reason: str) -> str:
    """What to install. The loader names only the first library that is missing, so the others are tried here."""
    match = re.match(r"(\S+): cannot open shared object file", reason)
    if match is None or match[1] not in _NEEDED:
        return f"{reason}; install {SONAME} where the loader finds it, or name its file in {PATH_VARIABLE}"
    missing = [package for name, package in _NEEDED.items() if name == match[1] or not _is_there(name)]
    return f"{reason}; the library needs it: apt-get install {' '.join(missing)}"


def _is_there(name: str) -> bool:
    try:
        ctypes.CDLL(name, mode=ctypes.RTLD_LOCAL)
    except OSError:
        return False
    return True


lib = _load()
