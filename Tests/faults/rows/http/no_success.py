"""Section H: success that is none, and redirects."""

from __future__ import annotations

import json
from typing import Any

from rig import host
from rig.authority import Authority
from rig.ground import Ground
from rig.register import control, row
from rig.trial import Lateness, shop, through, together, try_order
from rig.wirehub import Do, Peer, Seen, WireHub, is_list
from rows.http.answers import HTML, answer
from rows.network.silence import careless, take


@row("H-06", "H-07", "H-08", set="core", waits=True)
def success_that_says_nothing(ground: Ground) -> str:
    lateness = Lateness()
    bodies = {"H-06 HTML": (HTML, "Content-Type: text/html"), "H-07 empty": ("",), "H-08 error": ('{"error":"try later"}',), "H-08 text": ("ok",), "H-08 null": ("null",)}
    trials = []
    for name, (body, *lines) in bodies.items():
        trials += through(ground, name, answer(body, "200 OK", *lines), lateness=lateness)
        trials.append((f"{name}, order taken", lambda body=body, lines=lines: try_order(
            ground, answer(body, "200 OK", *lines, is_taken=True), verdict="possibly_applied", lateness=lateness)))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {2}
    assert {one["posts"] for name, one in done.items() if name.endswith("taken")} == {1}
    return f"{len(trials)} trials: orders possibly applied, then read back (taken: 1 POST, not taken: 2), lists retried with the cursor unmoved; {lateness}"


@row("H-09", set="core", waits=True)
def another_success_than_201(ground: Ground) -> str:
    def whole(status: str) -> Do:
        def do(peer: Peer, request: Seen) -> None:
            peer.answer(json.dumps(peer.hub.take(request)), status)
        return do

    trials: "list[tuple[str, Any]]" = [(status, lambda status=status: try_order(ground, whole(status), verdict="applied")) for status in ("200 OK", "201 Created", "202 Accepted")]
    trials += [(f"{status} without body", lambda status=status: try_order(ground, answer("", status, is_taken=True), verdict="possibly_applied")) for status in ("200 OK", "201 Created", "202 Accepted")]
    trials.append(("204", lambda: try_order(ground, lambda peer, request: (take(peer, request), peer.answer("", "204 No Content", length=0)) and None, verdict="possibly_applied")))
    done = together(trials)
    assert {one["posts"] for one in done} == {1}
    return f"{len(trials)} trials: 200, 201, 202 with the order: applied; without it, and 204: possibly applied, then read back, 1 POST each"


REDIRECTS = ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")


def redirected(ground: Ground) -> "tuple[int, WireHub]":
    """Every redirect to every kind of target; the number of trials, and the hub that nobody may come to."""
    trap = ground.enter_context(WireHub())
    authority = Authority(ground)
    trials = []
    for status in REDIRECTS:
        targets = {
            "same host": "/elsewhere", "other host": f"{trap.url}/x", "other host without scheme": f"//127.0.0.1:{trap.port}/x", "file": "file:///etc/passwd",
            "user in it": f"http://api.flxpoint.com@127.0.0.1:{trap.port}/x", "nowhere": "",
        }
        for kind, target in targets.items():
            lines = [f"Location: {target}"] if target else []
            trials += [(f"{status} {kind}: {name}", trial) for name, trial in through(
                ground, "", lambda peer, _, status=status, lines=lines: peer.answer("", status, *lines), says="redirect")]
        hub = ground.enter_context(WireHub(authority.context()))
        trials.append((f"{status} downgrade", lambda hub=hub, status=status: try_order(
            ground, answer("", status, f"Location: {trap.url}/x"), hub=hub, verdict="possibly_applied", says="127.0.0.1", **{"http.ca_file": authority.file})))
    done = together(trials)
    for one in done:
        hub = one["hub"]
        assert not [seen for seen in hub.seen if seen.path.startswith(("/elsewhere", "/x"))], "a redirect on the same host was followed"
    return len(trials), trap


@row("H-10", set="core", waits=True)
def a_redirect_is_not_followed(ground: Ground) -> str:
    from flxchannel import FlxError

    trials, trap = redirected(ground)
    hub = ground.enter_context(WireHub())
    hub.fault(answer("", "302 Found", f"Location: http://127.0.0.1:{trap.port}/steal"), lambda _: True, 0)
    try:
        shop(ground, hub).call("getListingVariantsCount", wait_ms=5000)
        raise AssertionError("a redirect is no answer")
    except FlxError as error:
        assert error.name == "FLX_E_REDIRECT" and f"127.0.0.1:{trap.port}" in str(error), error
    assert (trap.connections, trap.bytes_in) == (0, 0), f"{trap.connections} connections and {trap.bytes_in} bytes came to the target"
    return f"{trials} trials (301, 302, 303, 307, 308; same host, other host, downgrade, file:, user@): 0 connections, 0 bytes at the target; the error names it"


@control("a library that follows redirects (H-10)", waits=True)
def a_followed_redirect_is_seen(ground: Ground) -> str:
    trap = ground.enter_context(WireHub())
    hub = ground.enter_context(WireHub())
    hub.fault(answer("", "302 Found", f"Location: {trap.url}/x"), is_list, 0)
    code = """
with client().pull("listings") as pull: pull.next(5000)
say(over=True)
"""
    host.finish(host.start(ground, code, host.config(ground, hub), LD_PRELOAD=careless()))
    assert trap.connections and any(one.headers.get("x-api-token") == hub.token for one in trap.seen), "the careless library leaked nothing"
    return f"with redirects followed the target saw {trap.connections} connections, {trap.bytes_in} bytes and the token"
