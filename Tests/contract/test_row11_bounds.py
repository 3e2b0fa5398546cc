"""Contract section 9, row 11: bounds of the ...After filters. The client is right under every setting."""

from __future__ import annotations

from lists import delivers_each_once, plant
from unknowns import under


@under(11, "bounds", "exclusive", "inclusive")
def test_change_in_the_second_of_the_cursor_is_told_once(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    shop = open_shop()
    hub.admin("POST", "clock", {"freeze": True})
    delivers_each_once(hub, shop, "orders")
    hub.admin("POST", "order", {"order_number": "B-3", "status": "On Hold"})
    [record] = shop.pull("orders")

    assert record["orderNumber"] == "B-3"
    assert shop.pull("orders") == []
    hub.admin("POST", "clock", {"freeze": False})
