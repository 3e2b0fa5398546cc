"""Contract section 9, row 31: how long an order number may be, and what becomes of it. The client is right under every setting."""

from __future__ import annotations

import json

import pytest

from shop import IMPATIENT, order, orders_at, posts, units
from unknowns import row, under

#: Form: a number as it is sent, and as the hub shows it.
FORMS = {
    "as_sent": (" #a-1", " #a-1"), "trimmed": ("A-1 ", "A-1"), "upper": ("web-1", "WEB-1"), "lower": ("WEB-1", "web-1"),
    "plain": ("#1001", "1001"), "cut": ("123456789-123456789-1", "123456789-123456789-"), "number": ("01001", 1001),
}


@under(31, "order.number.form", *FORMS)
def test_short_and_plain_number_has_one_effect_in_every_form(under_setting, open_shop, setting):
    hub = under_setting(setting)
    hub.admin("POST", "cut", {"order_number": "1001", "when": "after"})

    assert open_shop().push("1001", *units(hub), referenceNumber="1001")["verdict"] == "applied"
    assert len(orders_at(hub, "1001")) == posts(hub) == 1


#: Those forms that still tell, of a number that they change, which it was.
TELLING = ["as_sent", "trimmed", "upper", "lower", "plain", "cut"]


@under(31, "order.number.form", *TELLING)
def test_number_that_the_hub_changes_has_one_effect(under_setting, open_shop, setting):
    hub = under_setting(setting)
    is_known_by_its_order(hub, open_shop(), FORMS[setting[1]][0])


@under(31, "order.number.form", *TELLING)
def test_number_that_the_hub_changes_is_found_by_a_look_up(under_setting, open_shop, setting):
    hub = under_setting(setting)
    number, _ = FORMS[setting[1]]
    hub.admin("POST", "cut", {"order_number": number, "when": "after"})
    is_known_by_its_order(hub, open_shop(), number)


@under(31, "order.number.form", "number")
def test_number_of_which_the_hub_makes_another_has_one_effect_and_is_not_refused(under_setting, open_shop, setting):
    hub = under_setting(setting)
    result = open_shop().push(FORMS["number"][0], *units(hub))

    assert result["verdict"] in ("applied", "possibly_applied")
    assert len(hub.admin("GET", "orders")) == posts(hub) == 1


def is_known_by_its_order(hub, shop, number):
    result = shop.push(number, *units(hub))
    [found] = hub.admin("GET", "orders")

    assert (result["number"], result["verdict"], result["order_id"]) == (number, "applied", str(found["id"]))
    assert (found["order_number"], posts(hub)) == (number, 1)


@under(31, "order.number.form", *FORMS)
def test_hub_shows_and_compares_numbers_in_its_form(under_setting, setting):
    hub = under_setting(setting)
    sent, shown = FORMS[setting[1]]
    body = order(sent, *units(hub), orderTotal=24.98, referenceNumber=sent)
    body["orderItems"][0]["price"] = 19.99
    answers = [hub.ask("POST", "/orders", body), hub.ask("POST", "/orders", {**body, "orderNumber": str(shown)})]

    assert [status for status, _, _ in answers] == [201, 200]
    [read] = json.loads(hub.ask("GET", "/orders")[2])
    for node in [read, *(json.loads(text) for _, _, text in answers)]:
        assert (node["id"], node["orderNumber"], node["referenceNumber"]) == (read["id"], shown, shown)
    assert hub.admin("GET", "orders")[0]["order_number"] == sent


@under(31, "order.number.limit", "0", "50")
def test_number_that_is_too_long_is_refused_and_the_next_order_goes_on(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    [unit] = units(hub)

    assert shop.push("8" * 51, unit)["verdict"] == ("refused" if setting[1] == "50" else "applied")
    assert shop.push("8" * 50, unit)["verdict"] == "applied"
    assert len(orders_at(hub, "8" * 51)) == (0 if setting[1] == "50" else 1)


@pytest.mark.parametrize("number", ["caf\u00e9-1", "cafe\u0301-1", "N-" + "8" * 48, "A/1 %2F+&?", "\u8ba2\u5355-1"])
@row(31)
def test_number_of_odd_characters_goes_as_it_is(hub, open_shop, row, number):
    assert open_shop().push(number, *units(hub))["verdict"] == "applied"
    assert len(orders_at(hub, number)) == 1


ODD = ["#1042", "INV/2024/0001", "a&b=c", "100%", "A+B C", "..", "%23", "1042?page=2", "semi;colon", "a\\b", "<b>", "O'Brien\"x",
       "1,2", "true", "1e3", "\u0416-1001", "\u2116 5", "\U0001f9fe-9"]


@row(31)
def test_number_of_odd_characters_is_found_by_a_look_up(hub, open_shop, row):
    """Numbers that shops are known to make; of some the answer is lost."""
    shop = open_shop()
    [unit] = units(hub)
    for number in ODD:
        if number in ("#1042", "a&b=c", "\u0416-1001"):
            hub.admin("POST", "cut", {"order_number": number, "when": "after"})
        shop.submit(number, unit)
    results = {number: shop.result(number) for number in ODD}
    found = {one["order_number"]: str(one["id"]) for one in hub.admin("GET", "orders")}

    assert {number: (one["verdict"], one["order_id"]) for number, one in results.items()} == {
        number: ("applied", found.get(number)) for number in ODD}
    assert posts(hub) == len(found) == len(ODD)


@row(31)
def test_numbers_of_other_bytes_are_two_orders(hub, open_shop, row):
    """One and the same text to Unicode, two numbers to the hub and to the shop."""
    shop = open_shop()
    [unit] = units(hub)
    numbers = ["caf\u00e9-1", "cafe\u0301-1"]

    assert [shop.push(number, unit)["verdict"] for number in numbers] == ["applied", "applied"]
    assert [len(orders_at(hub, number)) for number in numbers] == [1, 1]


@pytest.mark.parametrize("when", ["before", "after"])
@row(31)
def test_look_up_takes_no_number_of_other_bytes_for_ours(hub, open_shop, row, when):
    shop = open_shop(**IMPATIENT)
    [unit] = units(hub)
    numbers = ["caf\u00e9-1", "cafe\u0301-1"]
    hub.admin("POST", "cut", {"order_number": numbers[1], "when": when})
    results = [shop.push(number, unit) for number in numbers]
    found = {one["order_number"]: str(one["id"]) for one in hub.admin("GET", "orders")}

    assert [(result["verdict"], result["order_id"]) for result in results] == [("applied", found[number]) for number in numbers]
    assert found[numbers[0]] != found[numbers[1]]
    assert posts(hub) == (3 if when == "before" else 2)
