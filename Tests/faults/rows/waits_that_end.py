"""V-03, V-04: waits that must come to their end."""

from __future__ import annotations

import time
from typing import Any

from rig import host
from rig.books import lost, says
from rig.ground import Ground
from rig.judging import judge, work
from rig.register import row
from rig.trial import shop, together
from rows.clocks import FAKETIME
from rows.identity import place
from rows.waiting import HOST, SORRY, payload
from rows.whose_order import books

# --- V-03: a clock that was ahead ---------------------------------------------------------------------------------------


@row("V-03", set="core", waits=True)
def clock_set_back(ground: Ground) -> str:
    ahead = {"LD_PRELOAD": FAKETIME, "FAKETIME": "+360000s", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
    attempted = "c.submit(sys.argv[1])\nwhile c.outbox()[0]['attempts'] < 1: flush(100)"
    then = {
        "submitted": "c.submit(sys.argv[1])", "posted and its answer lost": attempted, "put off": attempted,
        "discarded and retried": "c.submit(sys.argv[1])\nc.discard(['V-3'])\nc.retry(['V-3'])"}
    acts = {"posted and its answer lost": [lost], "put off": [says(500, "later")] * 3}

    def trial(name: str) -> Any:
        def one() -> float:
            hub = books(ground)
            hub.plan["V-3"] = list(acts.get(name, []))
            # An attempt without a clear end is looked up for as long as a request may take before it goes again.
            settings = {**host.config(ground, hub), "state_dir": place(ground, f"clock-{name.replace(' ', '-')}"), "http.attempt_ms": 5000}
            host.finish(host.start(ground, HOST + then[name], settings, payload("V-3"), **ahead))
            came = len(hub.seen)
            client = shop(ground, hub, **settings)
            began = time.monotonic()
            report = client.flush(4000)
            assert len(hub.seen) > came or (report.next_in_ms or 0) <= 60_000, f"nothing is sent, come back in {(report.next_in_ms or 0) / 3_600_000:.0f} h"
            work(client, 40)
            judge(hub, client, all="applied")
            return time.monotonic() - began
        return one

    took = together([(name, trial(name)) for name in then])
    return f"a clock set back by 100 h after an order was {', '.join(then)}: applied within {max(took):.0f} s"


# --- V-04: a pull that gives up -----------------------------------------------------------------------------------------


@row("V-04", set="core", waits=True)
def gives_up(ground: Ground) -> str:
    code = """
open_breaker()
with c.pull("listings") as pull:
    began = time.monotonic()
    try:
        while time.monotonic() - began < 12: next_of(pull, 500)
        say(what="gave up", name="", after=time.monotonic() - began)
    except FlxError as error:
        say(what="gave up", name=error.name, why=str(error), after=time.monotonic() - began)
"""

    def trial(name: str) -> Any:
        def one() -> str:
            hub = SORRY[name][0](ground)
            settings = {**host.config(ground, hub), "state_dir": place(ground, f"up-{name}"), "pull.give_up_ms": 3000}
            end = host.finish(host.start(ground, HOST + code, settings))[-1]
            assert end["name"] in ("FLX_E_UNAVAILABLE", "FLX_E_HUB", "FLX_E_CONNECT") and end["why"], f"{end}"
            assert 2.5 <= end["after"] <= 6, f"after {end['after']:.1f} s: {end['name']}"
            return f"{end['name']} after {end['after']:.1f} s"
        return one

    told = together([(name, trial(name)) for name in ("breaker", "dead")])
    return f"pull.give_up_ms 3000 under an open breaker: {', '.join(told)}"
