"""Contract section 9, row 33: what `false` means in the flags of a count. The client is right under every setting."""

from __future__ import annotations

from shop import units
from unknowns import row


@row(33)
def test_nothing_asks_for_false(hub, open_shop, row):
    shop = open_shop()
    shop.client.probe()
    shop.work_off("listings_to_sync")
    shop.work_off("listings_to_publish")
    shop.pull("listings")
    shop.push("A-1", *units(hub))

    assert hub.journal("getListingVariantsCount")
    for entry in hub.journal():
        flags = [pair for pair in entry["query"].split("&") if pair.startswith(("sync=", "publish=", "include"))]
        assert not any(pair.endswith("=false") for pair in flags), entry["query"]
