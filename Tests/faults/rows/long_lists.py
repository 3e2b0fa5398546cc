"""P-22: lists that are longer than a pull has time for, as of a shop whose cron job is given some seconds."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from rig.books import Books
from rig.ground import Ground
from rig.rawhub import LOST, Reply, Request
from rig.register import row
from rig.trial import shop
from rows.unheeded_bound import made
from rows.whose_order import books

ORDERS, SIZE, PAGES = 1500, 50, 12
"""Thirty pages, of which a pull has the answers to twelve."""


class Allowance:
    """Lists are answered so often, and then not until there is a new one."""

    def __init__(self, hub: Books) -> None:
        self.left = PAGES
        self._lock = threading.Lock()
        hub.first.append(self._ask)

    def _ask(self, request: Request) -> "Reply | None":
        if request.method != "GET":
            return None
        with self._lock:
            self.left -= 1
            return None if self.left >= 0 else LOST


def short_pull(client: Any, allowance: Allowance) -> "tuple[list[str], bool]":
    """The orders that it gave, all committed, and whether it came to its end."""
    allowance.left = PAGES
    numbers: "list[str]" = []
    with client.pull("orders", page_size=SIZE) as pull:
        while allowance.left >= 0 and not pull.is_done:
            if (page := pull.next(200)) is not None:
                numbers += [one["orderNumber"] for one in page.records]
                page.commit()
        return numbers, pull.is_done


def rounds(client: Any, allowance: Allowance, want: "set[str]", most: int = 20) -> "tuple[Counter[str], int]":
    """Pulls until one comes to its end."""
    seen: "Counter[str]" = Counter()
    for count in range(1, most + 1):
        numbers, is_done = short_pull(client, allowance)
        seen.update(numbers)
        if is_done:
            assert set(seen) == want, f"{len(set(seen))} of {len(want)} orders at the end of a walk"
            return seen, count
    raise AssertionError(f"{len(set(seen))} of {len(want)} orders after {most} pulls of {PAGES} answers, and no end")


@row("P-22", set="core", waits=True)
def cron_slices(ground: Ground) -> str:
    hub = books(ground)
    for n in range(ORDERS):
        made(hub, f"N-{n}", 40_000 + n)
    client, allowance = shop(ground, hub), Allowance(hub)
    seen, first = rounds(client, allowance, {f"N-{n}" for n in range(ORDERS)})
    assert max(seen.values()) == 1, f"given more than once: {seen.most_common(3)}"
    assert client.cursors()[0]["at"], "the cursor did not move"

    for n in range(ORDERS):
        made(hub, f"M-{n}", 0)
    seen, second = rounds(client, allowance, {f"M-{n}" for n in range(ORDERS)})
    return (
        f"{ORDERS} orders in pages of {SIZE}, pulls with {PAGES} answers each: all given once and the cursor moved in {first} pulls; "
        f"as many that came later in {second}")
