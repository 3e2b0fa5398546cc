"""R-12: what a small shop's pull may use."""

from __future__ import annotations

from typing import Any

from rig.ground import Ground
from rig.register import row
from rig.trial import flush_until, shop, state_of

POOL, REFILL, PAGES = 40, 2.0, 60


def in_pool(journal: "list[dict[str, Any]]") -> "list[float]":
    """What was in the hub's pool after each request."""
    used, last, levels = 0.0, journal[0]["at_us"], []
    for entry in journal:
        used = max(0.0, used - (entry["at_us"] - last) / 1e6 * REFILL) + 1
        last = entry["at_us"]
        levels.append(used)
    return levels


@row("R-12", set="core", waits=True)
def small_shop(ground: Ground) -> str:
    from orders import order

    hub = ground.hub(
        "--seed", f"variants={2 * PAGES},history=off,exceptions=off", latency__ms=40, limiter="bucket", pool__size=POOL, pool__refill=REFILL)
    client = shop(ground, hub)
    pages, before = 0, 0
    with client.pull("listings_to_sync", page_size=2) as pull:
        for _ in pull:
            pages += 1
            if pages == PAGES - 10:
                before = len(hub.journal())
                client.submit(order("MIDDLE"))
                client.flush(0)
    flush_until(client, lambda: state_of(client, "MIDDLE")["state"] == "resolved", "the order")
    journal = hub.journal()
    ordered = next(n for n, entry in enumerate(journal) if entry["operation"] == "createOrder")
    highest = max(in_pool(journal))
    assert pages == PAGES, f"{pages} pages"
    assert not [entry for entry in journal if entry["status"] == 429], "a 429"
    assert ordered - before <= 2, f"{ordered - before} requests came between an order and its submit"
    assert highest > POOL - 3, f"only {highest:.1f} of the pool was used, of {POOL}"
    return f"{len(journal)} requests, at most {highest:.1f} of {POOL} in the pool, {ordered - before} before the order, 0 x 429"
