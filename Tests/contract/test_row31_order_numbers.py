"""Contract section 9, row 31: how long an order number may be, and what becomes of it. The client is right under every setting."""

from __future__ import annotations

from shop import orders_at, units
from unknowns import row


@row(31)
def test_number_of_fifty_characters_goes_as_it_is(hub, open_shop, row):
    number = "N-" + "8" * 48

    assert open_shop().push(number, *units(hub))["verdict"] == "applied"
    assert len(orders_at(hub, number)) == 1


@row(31)
def test_numbers_of_other_bytes_are_two_orders(hub, open_shop, row):
    """One and the same text to Unicode, two numbers to the hub and to the shop."""
    shop = open_shop()
    [unit] = units(hub)
    numbers = ["caf\u00e9-1", "cafe\u0301-1"]

    assert [shop.push(number, unit)["verdict"] for number in numbers] == ["applied", "applied"]
    assert [len(orders_at(hub, number)) for number in numbers] == [1, 1]
