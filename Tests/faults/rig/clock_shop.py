"""One day of a shop, as a process: pulls and answers listings, sends orders, reads status and shipments, and says all it got.

    python -m rig.clock_shop CONFIG-JSON

Says JSON: the records that were delivered, without the hub's own clock texts, and the cursors.
"""

from __future__ import annotations

import json
import locale
import sys
from typing import Any


def day(config: "dict[str, Any]") -> "dict[str, Any]":
    from flxchannel import Client
    from orders import order

    given: "dict[str, list[Any]]" = {}
    with Client(**config) as client:
        for number in ("C-1", "C-2", "C-3"):
            client.submit(order(number))
        for feed in ("listings_to_publish", "listings_to_sync"):
            with client.pull(feed, page_size=40) as pull:
                for page in pull:
                    given.setdefault(feed, []).extend(record["id"] for record in page)
                    client.ack(page.receipt, [answer(record) for record in page])
        while client.flush(0).outcome.name == "AGAIN":
            pass  # without a wait of Python's own, which a faked monotonic clock upsets
        for feed in ("orders", "shipments", "returns"):
            with client.pull(feed, cursor="clock") as pull:
                for page in pull:
                    given.setdefault(feed, []).extend(record["id"] for record in page)
                    page.commit()
        answers = client.ack_results(0, 1000)
        results = client.results(10)
        client.settle([one["number"] for one in results])
        cursors = {one["feed"]: one["cursor"] for one in client.cursors()}
    return {
        "given": given, "cursors": cursors, "answers": sorted((one["id"], one["verdict"]) for one in answers),
        "results": sorted((one["number"], one["verdict"]) for one in results)}


def answer(record: "dict[str, Any]") -> "dict[str, Any]":
    """Everything is done, and every queued change is named, also that of a variant inside a parent."""
    change = record.get("changeToListingStatus") or {}
    variants = [answer(one) for one in record.get("variants") or [] if one.get("changeToListingStatus")]
    return {"id": record["id"], **({"confirm": change["handle"]} if change else {}), **({"variants": variants} if variants else {})}


if __name__ == "__main__":
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        pass  # C-05: nonsense in the environment
    print(json.dumps(day(json.loads(sys.argv[1]))))
