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
    """A switch that any thread may throw: its clients leave the call they are in with `CancelledError`.

        cancel = Cancel()
        client = Client(channel="shop", token=token, state_dir=directory, cancel=cancel)
        signal.signal(signal.SIGTERM, lambda *_: cancel.fire())

    A client keeps its cancel alive; closing a cancel takes it from its clients. Nothing that a call accepted is lost.
    """

    _noun = "cancel"
    _free_name = "flx_cancel_free"

    def __init__(self) -> None:
        pointer = lib.flx_cancel_new()
        if not pointer:
            raise InternalError("no descriptor left for a cancel", code=codes.E_MEMORY, name="FLX_E_MEMORY")
        super().__init__(c_void_p(pointer))
        self._clients: "WeakSet[Any]" = WeakSet()

    def close(self) -> None:
        """Take it from its clients and give it back."""
        for client in list(self._clients):
            if not client.closed:
                client.set_cancel(None)
        super().close()

    def fire(self) -> None:
        """Interrupt every client of this cancel, now and until `reset`."""
        lib.flx_cancel_fire(self._ptr())

    def reset(self) -> None:
        """Let the clients work again."""
        lib.flx_cancel_reset(self._ptr())
