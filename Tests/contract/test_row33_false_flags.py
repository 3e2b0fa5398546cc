"""Contract section 9, row 33: what `false` means in the flags of a count. The client is right under every setting."""

from __future__ import annotations

from shop import units
from unknowns import under


@under(33, "count.false_flags", "ignored", "without")
def test_nothing_but_a_named_call_asks_for_false(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    there = len(hub.admin("GET", "listings"))
    assert shop.client.probe()["listings"] == there
    shop.work_off("listings_to_sync")
    shop.work_off("listings_to_publish")
    shop.pull("listings")
    shop.push("A-1", *units(hub))

    assert shop.client.probe()["listings"] == there
    for entry in hub.journal():
        assert "=false" not in entry["query"]


@under(33, "count.false_flags", "ignored", "without")
def test_count_of_what_does_not_wait_is_the_hubs_to_tell(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    counts = {}
    for name in ("sync", "publish"):
        for flag in (True, False):
            counts[name, flag] = shop.client.call("getListingVariantsCount", **{name: flag})["body"]["count"]
    there = len(hub.admin("GET", "listings"))

    for name in ("sync", "publish"):
        assert counts[name, False] == (there if setting[1] == "ignored" else there - counts[name, True])
