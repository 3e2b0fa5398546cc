"""What `flx doctor --learn-limits` finds of the hub's limit, with a spare token."""

from __future__ import annotations

import json
from typing import Any

import pytest

from learning import facts, learnt
from rig import Sandbox, Shop

POOL = {"pool.size": "20", "pool.refill": "1"}


@pytest.mark.parametrize("switches,want", [
    ({**POOL, "limit.body": "text"},
     {"limit.status": "429", "limit.body": "words", "limit.retry_after": "none", "pool": "20, 1 a second"}),
    ({**POOL, "limit.status": "503", "limit.retry_after": "seconds", "limit.retry_after_s": "7", "limit.body": "html"},
     {"limit.status": "503", "limit.body": "html", "limit.retry_after": "7000 ms"}),
    ({"limiter": "fixed", "window.limit": "2", "window.ms": "60000", "pool.headers": "absent"},
     {"limit.status": "429", "limit.body": "empty", "limit.burst": "2", "pool": None}),
    ({"limiter": "none"}, {"limit.status": None, "limit.body": None, "limit.retry_after": None, "limit.burst": None}),
])
def test_limit_is_found_with_a_spare_token(shop: Shop, hub: Sandbox, switches: "dict[str, str]", want: "dict[str, Any]") -> None:
    hub.post("token", {"token": "spare-token", "channel": 501})
    hub.set(**switches)
    # The channel's own is refused: all that the hub lets in is of the spare one.
    shop.private("token", "no-such-token")
    spare = shop.private("spare", "spare-token\n")
    found = facts(json.loads(shop.run("doctor", "--learn", "--learn-limits", spare, "--json", status=5).stdout))
    assert {name: found[name] for name in want} == want
    if "pool.size" in switches:
        assert 20 <= int(found["limit.burst"]) < 60
    assert len(hub.journal()) == 61


def test_limit_is_never_looked_for_by_itself_nor_with_the_token_at_work(shop: Shop, hub: Sandbox) -> None:
    assert not {"limit.status", "limit.burst", "pool"} & set(facts(learnt(shop)))
    before = len(hub.journal())
    assert "is the channel's own" in shop.run("doctor", "--learn", "--learn-limits", shop.token, status=2).stderr
    assert shop.run("doctor", "--learn-limits", shop.token, status=2)
    assert len(hub.journal()) == before
