"""Contract section 9, row 12: what a refusal for too many requests looks like. The client is right under every setting."""

from __future__ import annotations

import time

from shop import orders_at, units
from unknowns import under


def throttled(hub, open_shop):
    """Another program has used the pool up: the first request is refused."""
    hub.set(pool__size=4, pool__refill=2)
    hub.admin("POST", "pool", {"take": 6})
    shop = open_shop(own_rate_limit=True)
    result = shop.push("A-1", *units(hub))
    entries = [entry for entry in hub.journal() if entry["operation"] == "createOrder"]
    refused = [entry for entry in entries if not entry["accepted"]]

    assert result["verdict"] == "applied"
    assert len(orders_at(hub, "A-1")) == 1
    for one, following in zip(entries, entries[1:]):
        assert following["at_us"] - one["at_us"] >= 900_000
    return refused


@under(12, "limit.status", "429", "503")
def test_throttled_order_waits_and_is_applied(under_setting, open_shop, setting):
    throttled(under_setting(setting), open_shop)


@under(12, "limit.body", "empty", "json", "text", "html")
def test_throttled_order_waits_whatever_the_body(under_setting, open_shop, setting):
    throttled(under_setting(setting), open_shop)


@under(12, "limit.retry_after", "none", "seconds", "http_date", "rfc850", "asctime", "negative", "garbage", "two",
       "zero", "fraction")
def test_throttled_order_waits_whatever_the_header(under_setting, open_shop, setting):
    throttled(under_setting(setting), open_shop)


@under(12, "limit.retry_after_s", "1", "4")
def test_retry_after_is_honoured(under_setting, open_shop, setting):
    hub = under_setting(setting, limit__retry_after="seconds")
    throttled(hub, open_shop)
    entries = hub.journal("createOrder")
    if not entries[0]["accepted"]:
        assert entries[1]["at_us"] - entries[0]["at_us"] >= int(setting[1]) * 1_000_000 - 50_000


@under(12, "limit.retry_after", "huge")
def test_absurd_retry_after_does_not_hold_the_host(under_setting, open_shop, setting):
    hub = under_setting(setting, pool__size=4, pool__refill=2)
    hub.admin("POST", "pool", {"take": 6})
    shop = open_shop(own_rate_limit=True)
    shop.submit("A-1", *units(hub))
    started = time.monotonic()
    for _ in range(3):
        shop.client.flush(1000)

    assert time.monotonic() - started < 5
    assert len(orders_at(hub, "A-1")) <= 1
