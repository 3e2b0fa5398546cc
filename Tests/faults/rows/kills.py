"""K-01, K-02: SIGKILL at random moments of a busy shop of several processes."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time

from rig.broken import library as broken
from rig.checker import judge
from rig.ground import Ground
from rig.killing import KillLoop
from rig.register import control, row
from rig.shop import FAST, Shop

WORKERS = 4


def busy_hub(ground: Ground):  # type: ignore[no-untyped-def]
    """A hub whose answers take a while, and now and then get lost after it has acted."""
    hub = ground.hub("--seed", "variants=30", **FAST, latency__ms=8, latency__jitter_ms=8)
    hub.post("faults", {"do": "cut_after", "operation": "createOrder", "every": 37, "times": 0})
    return hub


def kill(ground: Ground, kills: int, library=None):  # type: ignore[no-untyped-def]
    """Kill a shop so often, let it finish, and say what the checker found."""
    hub = busy_hub(ground)
    shop = Shop(ground, hub, library=library, paces=WORKERS)
    shop.take_receipt()
    loop = KillLoop(shop, ground.seed, WORKERS)
    loop.run(kills)
    shop.run("drain:60000", check=library is None)
    return shop, loop, judge(shop, loop.of_row)


@row("K-01", set="core", timeout_s=300)
def random_kills(ground: Ground) -> str:
    began = time.monotonic()
    shop, loop, found = kill(ground, ground.times(2000, 200))
    found.demand()
    share = loop.where_it_hurts()
    assert share >= 0.5, f"only {share:.0%} of the kills hit a row sending or a commit: {loop.phases}"
    assert loop.ended_early == 0, f"{loop.ended_early} processes ended by themselves: {shop.tail()}"
    phases = " ".join(f"{name} {count}" for name, count in loop.phases.most_common())
    return f"{loop.kills} random kills in {time.monotonic() - began:.0f} s, {share:.0%} of them sending or in a commit ({phases}): {found}"
