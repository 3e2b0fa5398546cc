"""Contract section 9, row 21: nothing says that a shipment was taken. The client is right under every setting."""

from __future__ import annotations

from lists import delivers_each_once, plant
from unknowns import under


@under(21, "shipments.synced_flag", "false", "true", "absent")
def test_shipment_comes_once_by_our_own_cursor(under_setting, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    shop = open_shop()
    delivers_each_once(hub, shop, "shipments")
    shop.later(3600)

    assert shop.pull("shipments") == []
