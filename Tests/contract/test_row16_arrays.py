"""Contract section 9, row 16: lists in a query. The client is right under every setting."""

from __future__ import annotations

import pytest

from shop import ids, units
from unknowns import under


@pytest.mark.parametrize("spelling", ["repeated", "joined"])
@under(16, "arrays", "both", "repeated", "joined")
def test_list_argument_is_understood_as_the_config_spells_it(under_setting, open_shop, setting, spelling):
    """Nothing in an answer tells that a hub read but the first value, so that the spelling is the shop's to set."""
    hub = under_setting(setting)
    wanted = units(hub, 3)
    shop = open_shop(**{"hub.arrays": spelling})
    found = shop.pull("listings", skus=[one["sku"] for one in wanted])
    if setting[1] in ("both", spelling):
        named = shop.client.call("getListingVariants", pageSize=20, ids=[one["id"] for one in wanted])["body"]
        assert ids(found) == ids(named) == ids(wanted)
    for entry in hub.journal("getListingVariants"):
        assert sum(entry["query"].count(name) for name in ("skus=", "ids=")) == (3 if spelling == "repeated" else 1)


@under(16, "arrays", "both", "repeated", "joined")
def test_value_with_a_comma_is_refused_because_it_may_be_parted(under_setting, library, open_shop, setting):
    under_setting(setting)
    with pytest.raises(library.OperationError):
        open_shop().client.pull("listings", skus=["A,B"])
