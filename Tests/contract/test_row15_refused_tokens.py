"""Contract section 9, row 15: 401, 403 and sign-in pages. The client is right under every setting."""

from __future__ import annotations

import pytest

from lists import FOREIGN, delivers_each_once, there
from shop import ids, orders_at, posts, units
from unknowns import under


def refuses_then_goes_on(hub, library, open_shop, error, token="unknown-token"):
    """A wrong token stops the work, loses nothing, and a right one lets it go on."""
    shop = open_shop(own_rate_limit=True, token=token)
    shop.submit("A-1", *units(hub))
    with pytest.raises(library.TokenError):
        for _ in range(3):
            shop.client.flush(1000)
    with pytest.raises(error):
        shop.pull("listings_to_sync")
    assert orders_at(hub, "A-1") == []
    assert shop.client.outbox(number="A-1")[0]["state"] == "queued"
    shop.client.set_token(hub.token)
    assert shop.result("A-1")["verdict"] == "applied"
    assert posts(hub) <= 4
    assert ids(shop.pull("listings_to_sync")) == there(hub, "listings_to_sync")


@under(15, "auth.unknown", "401", "403")
def test_unknown_token_stops_the_work_and_loses_nothing(under_setting, library, open_shop, setting):
    refuses_then_goes_on(under_setting(setting), library, open_shop, library.TokenError)


@under(15, "auth.body", "empty", "json", "text", "html")
def test_unknown_token_stops_the_work_whatever_the_body(under_setting, library, open_shop, setting):
    refuses_then_goes_on(under_setting(setting), library, open_shop, library.TokenError)


@under(15, "auth.body", "html_200")
def test_sign_in_page_is_never_taken_for_data(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_rate_limit=True, token="unknown-token")
    shop.submit("A-1", *units(hub))
    for _ in range(2):
        shop.client.flush(1000)
    assert shop.client.results(10) == []
    with pytest.raises(library.ContractError):
        shop.pull("listings_to_sync")
    assert shop.client.probe()["token"] != "accepted"
    shop.client.set_token(hub.token)

    assert shop.result("A-1")["verdict"] == "applied"
    assert len(orders_at(hub, "A-1")) == 1


@under(15, "auth.wrong_kind", "403", "401", "404")
def test_token_of_another_kind_stops_the_work(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_rate_limit=True, token=hub.source_token)
    with pytest.raises(library.RefusedError if setting[1] == "404" else library.TokenError) as caught:
        shop.pull("listings_to_sync")

    assert caught.value.fatal
    assert len(hub.journal("getListingVariants")) <= 3


@under(15, "auth.missing", "401", "403")
def test_token_is_always_sent(under_setting, open_shop, setting):
    hub = under_setting(setting)
    delivers_each_once(hub, open_shop(own_rate_limit=True), "listings_to_sync")

    assert {entry["token"] for entry in hub.journal()} == {"channel"}


@under(15, "auth.foreign_channel", "403", "404", "200")
def test_refused_call_about_another_channel_does_not_stop_this_one(under_setting, library, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop(own_rate_limit=True)
    for _ in range(4):
        if setting[1] == "200":
            assert shop.client.call("getChannelById", id=FOREIGN)["status"] == 200
        else:
            with pytest.raises((library.TokenError, library.RefusedError)):
                shop.client.call("getChannelById", id=FOREIGN)

    assert shop.push("A-1", *units(hub))["verdict"] == "applied"
