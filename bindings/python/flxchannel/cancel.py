"""A switch that interrupts clients."""

from __future__ import annotations

from ctypes import c_void_p
from typing import Any
from weakref import WeakSet

from . import codes
from ._handle import Handle
from ._library import lib
from .errors import InternalError


class Cancel(Handle):
    """A switch that any thread may throw: its clients leave the call they are in with `CanceledError`.

        cancel = Cancel()
        client = Client(channel="shop", token=token, state_dir=directory, cancel=cancel)
        threading.Timer(60, cancel.fire).start()

    A signal handler may fire it too: Python runs that between two calls of its main thread, so it ends calls of other threads at
    once, and one of the main thread at its next slice.
    A client keeps its cancel alive; closing a cancel takes it from its clients. Nothing that a call accepted is lost.
    """

    _noun = "cancel"
    _free_name = "flx_cancel_free"

    def __init__(self) -> None:
        super().__init__()
        self._pointer = c_void_p(lib.flx_cancel_new())
        if not self._pointer:
            raise InternalError("no descriptor left for a cancel", code=codes.E_MEMORY, name="FLX_E_MEMORY")
        self._clients: "WeakSet[Any]" = WeakSet()
        self._users = {id(self)}  # and the clients

    def close(self) -> None:
        """Take it from its clients and give it back."""
        for client in list(self._clients):
            if not client.closed:
                client.set_cancel(None)
        self._let_go(self)

    def _given_to(self, client: Any) -> None:
        self._users.add(id(client))
        self._clients.add(client)

    def _let_go(self, user: Any) -> None:
        """Free it with its last user: where all of them are garbage, a cancel may be finalised before its clients."""
        self._clients.discard(user)
        self._users.discard(id(user))
        if not self._users:
            super().close()

    def fire(self) -> None:
        """Interrupt every client of this cancel, now and until `reset`."""
        lib.flx_cancel_fire(self._ptr())

    def reset(self) -> None:
        """Let the clients work again."""
        lib.flx_cancel_reset(self._ptr())
