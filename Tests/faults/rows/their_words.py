"""What others say and what is secret, apart from what the library says: logs and messages are ours, the hub's words have a part of
their own, and no part of a token is anywhere."""

from __future__ import annotations

import json
from typing import Any

from rig import host
from rig.authority import Authority
from rig.feeds import open_shop
from rig.ground import Ground
from rig.rawhub import RawHub, Reply, listed
from rig.register import row
from rig.wirehub import WireHub

JANE = "cannot serialise order A-1 of Jane Buyer <jane@x.example>"


class LongTokenHub(RawHub):
    token = "".join(chr(33 + (n * 37 + n // 94) % 94) for n in range(512)).replace('"', "q").replace("\\", "b")


@row("S-20", waits=True)
def a_token_that_is_echoed(ground: Ground) -> str:
    """A hub that repeats the token, whole, twice and cut, as text and as JSON: no eight characters of it are anywhere."""
    hub = ground.enter_context(LongTokenHub())
    token = hub.token
    bodies = [(token + token).encode(), ("x" * 700 + token).encode(), json.dumps({"message": token + " " + token}).encode(),
              ("token " + token[:300]).encode(), json.dumps({"error": "bad " + token, "detail": token * 3}).encode()]
    client = open_shop(ground, hub, **{"log.level": "debug"})
    from flxchannel import FlxError

    said = ""
    for status in (400, 403, 500):
        for body in bodies:
            hub.answer = lambda request, status=status, body=body: Reply(body, status=status)
            try:
                client.call("getListingVariantsCount", wait_ms=3000)
            except FlxError as error:
                said += repr(error) + str(error) + error.message + error.hub_said + json.dumps(error.details)
            client.relearn()
    said += json.dumps(client.logs())
    parts = [token[n:n + 8] for n in range(len(token) - 8) if json.dumps(token[n:n + 8])[1:-1] in said or token[n:n + 8] in said]
    assert "[token]" in said, "the hub's words were not read at all"
    assert not parts, f"{len(parts)} parts of the token are shown, such as the one at {token.index(parts[0])}"
    return f"{3 * len(bodies)} answers that repeat a token of 512 bytes: no eight of them in errors and logs"


def keylog(ground: Ground) -> "tuple[int, int]":
    """Connections that a hub had, and bytes of their secrets in the file."""
    authority = Authority(ground)
    hub = ground.enter_context(WireHub(authority.context()))
    target = ground.folder / "keys.log"
    code = """
c = client()
try: c.probe(3000)
except FlxError as error: say(error=error.name)
say(done=True)
"""
    process = host.start(ground, code, host.config(ground, hub, **{"http.ca_file": authority.file}), SSLKEYLOGFILE=str(target))
    host.finish(process)
    return hub.connections, target.stat().st_size if target.exists() else 0


@row("S-21", set="core")
def tls_secrets_asked_for_by_the_environment(ground: Ground) -> str:
    """SSLKEYLOGFILE, which libcurl obeys, has no secret of our connections."""
    connections, written = keylog(ground)
    assert connections >= 1, "there was no connection"
    assert written == 0, f"{written} bytes of secrets of {connections} connections are in the file"
    return f"{connections} connections under SSLKEYLOGFILE, 0 bytes in the file"


@row("S-22", waits=True)
def buyers_in_the_hubs_words(ground: Ground) -> str:
    """A buyer's name that the hub repeats is in the error's own part for it, and in no log, message or report of ours."""
    from flxchannel import FlxError
    from orders import order

    hub = ground.enter_context(RawHub())
    client = open_shop(ground, hub, **{"log.level": "debug", "pull.give_up_ms": 1500})
    errors: "list[FlxError]" = []

    def tried(act: Any) -> None:
        try:
            act()
        except FlxError as error:
            errors.append(error)

    def pulled(feed: str) -> None:
        with client.pull(feed) as pull:
            for _ in pull:
                pass

    for status in (400, 422, 500):
        for body in (JANE.encode(), json.dumps({"message": JANE}).encode(), json.dumps({"errors": [{"field": "x", "message": JANE}]}).encode()):
            hub.answer = lambda request, status=status, body=body: Reply(body, status=status)
            tried(lambda: client.call("getListingVariantsCount", wait_ms=3000))
            client.relearn()
    for status in (200, 400, 500):
        hub.answer = lambda request, status=status: Reply(json.dumps({"message": JANE}).encode(), status=status)
        for feed in ("orders", "listings_to_sync", "listings_to_publish"):
            tried(lambda: pulled(feed))
            client.relearn()
    hub.answer = lambda request: Reply(json.dumps({"message": JANE}).encode(), status=422) if request.method == "POST" else listed()
    client.submit(order("A-1"))
    client.flush(3000)
    result = next(one for one in client.outbox() if one["number"] == "A-1")
    ours = json.dumps(client.logs()) + json.dumps(client.stats()) + str(result["message"])
    for error in errors:
        ours += str(error) + repr(error) + error.message + json.dumps(error.details)
    assert len(errors) >= 12, [str(error) for error in errors]
    for word in ("Jane", "jane@", "serialise"):
        assert word not in ours, f"{word!r} stands in {ours[max(0, ours.index(word) - 200):][:300]}"
    told = sum("Jane Buyer" in error.hub_said for error in errors)
    assert told >= 12, f"{told} of {len(errors)} errors have the hub's words: {[error.hub_said for error in errors]}"
    assert "Jane Buyer" in result["hub_said"], result
    return f"{len(errors)} errors, {told} with the hub's words in their part; none in logs, messages and reports"


LOCALS = """
import traceback, flxchannel._config, flxchannel.client
SECRET = CONFIG.pop("token")
def shown(act, *names):
    try: act()
    except BaseException as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        inside = [f for f in told.stack if "flxchannel" in f.filename]
        return len(inside), sum(SECRET in str(f.locals) for f in inside), "".join(told.format()).count("AttributeError")
    return 0, 0, 0
c = Client(**CONFIG, token=SECRET)
opened = shown(lambda: Client(**{**CONFIG, "page.size": "many"}, token=SECRET))
late = shown(lambda: Client(**{**CONFIG, "state_dir": "/proc/none"}, token=SECRET))
again = shown(lambda: c.set_token(SECRET + "\\n"))
one = Client.__new__(Client)
def naive(token): raise ValueError
def careless():
    token = SECRET
    naive(token)
try: careless()
except ValueError as error:
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    seen = sum(SECRET in str(f.locals) for f in told.stack)
say(opened=opened, late=late, again=again, repr=repr(one), control=seen)
"""


@row("S-23", set="core")
def a_traceback_with_locals(ground: Ground) -> str:
    """Python: no frame of the package shows the token, and an object that was never opened can be shown."""
    with RawHub() as hub:
        said = host.finish(host.start(ground, LOCALS, host.config(ground, hub)))[-1]
    assert said["control"] > 0, "a token in a frame is not seen"
    for way in ("opened", "late", "again"):
        frames, showing, broken = said[way]
        assert frames and not showing and not broken, f"{way}: {showing} of {frames} frames show the token, {broken} broken"
    assert "Client" in said["repr"], said
    return f"tracebacks with locals of {said['opened'][0]}, {said['late'][0]} and {said['again'][0]} frames: none shows the token"
