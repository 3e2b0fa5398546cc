"""Contract section 9, row 14: bodies of errors. The client is right under every setting."""

from __future__ import annotations

import re

import pytest

from lists import delivers_each_once, plant
from unknowns import under

BODIES = ["json", "empty", "text", "html", "spring"]


@under(14, "errors.bad_request.body", *BODIES)
def test_refused_order_is_told_whatever_the_body(under_setting, library, open_shop, setting):
    under_setting(setting, order__unmatched="refuse")
    shop = open_shop()
    result = shop.push("A-1", {"sku": "NOT-AT-THE-HUB", "id": 999_999_999})

    assert result["verdict"] == "refused"
    assert not re.search(r"[<>\n]", result["message"])
    with pytest.raises(library.RefusedError) as caught:
        shop.client.call("updateOrderTags", id=1, body={"add": ["x"]})
    assert not re.search(r"[<>\n]", caught.value.message)


@under(14, "errors.body", *BODIES)
def test_failing_hub_is_asked_again_whatever_the_body(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    plant(hub)
    for path in ("/orders", "/listing"):
        hub.admin("POST", "faults", {"do": "status", "status": 500, "path": path, "times": 2})
    shop = open_shop()
    delivers_each_once(hub, shop, "orders")
    delivers_each_once(hub, shop, "listings_to_sync")
    with pytest.raises(library.RefusedError) as caught:
        shop.client.call("getOrderById", id=1)
    assert caught.value.http_status == 404
