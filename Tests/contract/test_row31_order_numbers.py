"""Contract section 9, row 31: how long an order number may be, and what becomes of it. The client is right under every setting."""

from __future__ import annotations

from shop import orders_at, units
from unknowns import row


@row(31)
def test_number_of_fifty_characters_goes_as_it_is(hub, open_shop, row):
    number = "N-" + "8" * 48

    assert open_shop().push(number, *units(hub))["verdict"] == "applied"
    assert len(orders_at(hub, number)) == 1
