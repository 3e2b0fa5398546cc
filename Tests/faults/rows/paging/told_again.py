"""P-08: an answer is told again as it was."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

from rig.feeds import open_shop
from rig.ground import Ground
from rig.rawhub import LOST, RawHub, Reply, listed
from rig.register import control, row
from rows.paging.pending import SyncQueue, answer_all


def check_same_instant(told: "dict[int, list[str]]") -> int:
    """Every row was answered with one instant, however often; gives the most attempts of one row."""
    for one, instants in told.items():
        assert len(set(instants)) == 1, f"row {one} was answered with {len(set(instants))} instants: {sorted(set(instants))}"
    return max(len(instants) for instants in told.values())


@row("P-08", timeout_s=120)
def answers_are_told_again_with_their_instant(ground: Ground) -> str:
    ways = ("lost request", "lost reply", "500", "503 after acting", "404 for one of them", "400 for one of them", "a row named as failed")
    seen = []
    hub = ground.enter_context(RawHub())
    for number, way in enumerate(ways):
        queue = SyncQueue(30, time.time())
        hub.answer = queue.answer
        failures = [2]
        poison = 7

        def on_answer(rows: "list[dict[str, Any]]", act: Any) -> Reply:
            ids = [one["listingVariantId"] for one in rows]
            if way in ("404 for one of them", "400 for one of them"):
                if poison in ids:
                    return Reply(b'{"error":"no such listing"}', status=int(way[:3]))
            elif way == "a row named as failed":
                queue.take([one for one in rows if one["listingVariantId"] != poison])
                return Reply(json.dumps([{"listingVariantId": poison, "success": False, "error": "price is missing"}]).encode())
            elif failures[0]:
                failures[0] -= 1
                if way in ("lost reply", "503 after acting"):
                    act()
                return LOST if way.startswith("lost") else Reply(b"{}", status=int(way[:3]))
            act()
            return listed()

        queue.on_answer = on_answer
        client = open_shop(ground, hub, f"way-{number}")
        assert len(answer_all(client)) == 30
        deadline = time.monotonic() + 25
        while client.flush(1000).outcome.name == "AGAIN" and time.monotonic() < deadline:
            time.sleep(0.01)
        results = Counter(one["verdict"] for one in client.ack_results(0, 100))
        bad = 1 if "one of them" in way or "named" in way else 0
        want = {"applied": 30 - bad, "refused": bad} if bad else {"applied": 30}
        assert dict(results) == want, f"{way}: {dict(results)}"
        assert queue.waiting() == ([poison] if bad else []), f"{way}: {queue.waiting()}"
        seen.append(f"{way}: {check_same_instant(queue.told)} sends")
        client.close()
    return f"30 answers each, all with one instant a row; {'; '.join(seen)}"


@control("P-08 a second answer with another instant")
def another_instant_is_seen(ground: Ground) -> str:
    told = {1: ["2026-01-31T11:00:00Z"] * 2, 2: ["2026-01-31T11:00:00Z", "2026-01-31T11:00:04Z"]}
    try:
        check_same_instant(told)
    except AssertionError as error:
        return f"refused: {error}"
    raise AssertionError("the checker took a re-ack with a new instant for the same")
