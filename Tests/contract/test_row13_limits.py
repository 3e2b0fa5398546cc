"""Contract section 9, row 13: how much the hub grants. The client is right under every setting."""

from __future__ import annotations

import time

from lists import delivers_each_once, plant
from unknowns import under


def paced(hub, open_shop, refusals):
    """A shop that reads as fast as the library lets it, with its own rate limit file."""
    plant_unlimited(hub)
    shop = open_shop(own_rate_limit=True)
    started = time.monotonic()
    delivers_each_once(hub, shop, "orders", 3)
    took = time.monotonic() - started
    entries = list(hub.journal("listOrders"))

    assert sum(entry["status"] == 429 for entry in entries) <= refusals
    return len(entries), took


def plant_unlimited(hub):
    now = {one["name"]: one["value"] for one in hub.admin("GET", "switches")}
    hub.set(limiter="none")
    plant(hub, 18)
    hub.set(limiter=now["limiter"])


@under(13, "limiter", "bucket", "sliding", "fixed", "strict", "none")
def test_no_limiter_has_to_refuse(under_setting, open_shop, setting):
    paced(under_setting(setting, pool__size="40", pool__refill="2"), open_shop, refusals=0)


@under(13, "pool.size", "1", "4", "40")
def test_pool_of_any_size_is_not_overdrawn(under_setting, open_shop, setting):
    paced(under_setting(setting, pool__refill="2"), open_shop, refusals=0)


@under(13, "pool.refill", "2", "0.7", "20")
def test_pool_of_any_refill_is_not_overdrawn(under_setting, open_shop, setting):
    """A refill of less than the documented 2, and no whole number, is found out by the refusals."""
    paced(under_setting(setting, pool__size="4"), open_shop, refusals=4 if setting[1] == "0.7" else 0)


@under(13, "pool.headers", "truthful", "absent", "lying")
def test_pool_headers_are_used_as_far_as_they_are_true(under_setting, open_shop, setting):
    hub = under_setting(setting, pool__size="40", pool__refill="2")
    if setting[1] == "lying":
        hub.set(pool__size="3")
    count, took = paced(hub, open_shop, refusals=2 if setting[1] == "lying" else 0)
    if setting[1] == "truthful":
        assert took < count / 2  # the burst that the headers announce is used


@under(13, "window.limit", "1", "2", "5")
def test_window_of_any_size_is_kept(under_setting, open_shop, setting):
    hub = under_setting(setting, limiter="sliding")
    paced(hub, open_shop, refusals=3 if setting[1] == "1" else 0)


@under(13, "window.ms", "1000", "500", "2000")
def test_window_of_any_length_is_kept(under_setting, open_shop, setting):
    hub = under_setting(setting, limiter="fixed")
    paced(hub, open_shop, refusals=4 if setting[1] == "2000" else 0)
