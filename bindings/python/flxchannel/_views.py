"""The two facts that stand in the library's C view of a shipment and not in the hub's JSON."""

from __future__ import annotations

from ctypes import Structure, c_char_p, c_int32, c_size_t, c_uint32
from typing import Any, Optional

from .codes import ShipmentKind


class Text(Structure):
    """`flx_text`."""

    _fields_ = [("p", c_char_p), ("n", c_size_t)]


class ShipmentView(Structure):
    """The beginning of `flx_shipment`; the struct only ever grows at its end."""

    _fields_ = [
        ("size", c_uint32),
        ("has", c_uint32),
        ("kind", c_int32),
        ("partial", c_int32),
        ("id", Text),
        ("order_id", Text),
        ("order_number", Text),
    ]

    @classmethod
    def of(cls, address: Any) -> ShipmentView:
        """Read the view at `address`, which is 0 or None if there is no memory for one."""
        if not address:
            raise MemoryError("the records of this page take more memory than four times `http.body_bytes`; use Page.records")
        return cls.from_address(address)

    @property
    def shipment_kind(self) -> ShipmentKind:
        """What the parcel is for."""
        return ShipmentKind(self.kind)

    @property
    def number(self) -> Optional[str]:
        """The shop's order number, None if the order did not go through this outbox."""
        text: Optional[bytes] = self.order_number.p
        return None if text is None else text.decode("utf-8")
