"""Section N: names that nobody knows, and addresses that are dead."""

from __future__ import annotations

import json
import time
from typing import Any

from rig import host
from rig.authority import Authority
from rig.ground import Ground
from rig.island import Island
from rig.register import row
from rig.trial import GRACE_S, Lateness, shop, try_order
from rig.wirehub import WireHub


def named_hub(ground: Ground, *, name: str = "hub.test", address: str = "127.0.0.1", **more: Any) -> "tuple[WireHub, dict[str, Any]]":
    """A TLS hub with a name, and the config that trusts it."""
    authority = Authority(ground)
    hub = ground.enter_context(WireHub(authority.context(), host=address, name=name, **more))
    return hub, {"http.ca_file": authority.file}


def failing_call(client: Any, wait_ms: int, lateness: Lateness) -> Any:
    """A named call that cannot succeed; its error."""
    from flxchannel import FlxError

    try:
        with lateness.kept(wait_ms):
            client.call("getListingVariantsCount", wait_ms=wait_ms)
    except FlxError as error:
        return error
    raise AssertionError("a call succeeded that could not")


@row("N-01", set="core", waits=True)
def a_name_that_does_not_exist(ground: Ground) -> str:
    names = Island(ground).enter().name_server()
    hub, config = named_hub(ground)
    lateness = Lateness()
    error = failing_call(shop(ground, hub, **config), 3000, lateness)
    assert error.name == "FLX_E_CONNECT" and "hub.test" in str(error), error

    def healed(_: WireHub) -> None:
        assert hub.connections == 0
        names.names = {"hub.test": ["127.0.0.1"]}

    end = try_order(ground, None, hub=hub, verdict="not_applied", says="hub.test", after_first=healed, lateness=lateness, **config)
    assert end["posts"] == 1
    return f"no such name: {error.name}, order not applied ({len(names.asked)} questions), applied once the name is there; {lateness}"


@row("N-02", set="core", waits=True)
def a_name_server_that_never_answers(ground: Ground) -> str:
    names = Island(ground).enter().name_server()
    hub, config = named_hub(ground)
    names.names = None
    lateness = Lateness()
    client = shop(ground, hub, **config)
    for wait_ms in (100, 1000, 2000):
        failing_call(client, wait_ms, lateness)
    with lateness.kept(500):
        client.flush(500)
    with client.pull("listings") as pull, lateness.kept(500):
        assert pull.next(500) is None
    began = time.monotonic()
    client.close()
    closing = time.monotonic() - began
    assert closing <= GRACE_S, f"closing waited {closing:.1f} s for the resolver"

    def healed(_: WireHub) -> None:
        names.names = {"hub.test": ["127.0.0.1"]}

    try_order(ground, None, hub=hub, verdict="not_applied", after_first=healed, lateness=lateness, **config)
    return f"silent name server: calls of 0.1, 1 and 2 s, a flush, a pull, then an order not applied and healed; {lateness}; close took {closing * 1000:.0f} ms"


@row("N-03", waits=True)
def addresses_that_are_dead_or_change(ground: Ground) -> str:
    names = Island(ground).enter().name_server()
    hub, config = named_hub(ground, address="127.0.0.3")
    shown = []
    for dead in (["127.0.0.2", "127.0.0.3"], ["::1", "127.0.0.3"], ["fd00::1", "127.0.0.3"]):
        names.names = {"hub.test": dead}
        client = shop(ground, hub, **config)
        assert client.call("getListingVariantsCount", wait_ms=8000)["status"] == 200
        client.close()
        shown.append(dead[0])
    names.names = {"hub.test": ["fd00::1"]}
    error = failing_call(shop(ground, hub, **config), 4000, Lateness())
    assert error.name == "FLX_E_CONNECT", error

    # The hub moves while a client is busy: it must follow within a minute although its old place still answers.
    names.names = {"hub.test": ["127.0.0.3"]}
    moved = WireHub(hub.context, host="127.0.0.4", name="hub.test", port=hub.port)
    ground.enter_context(moved)
    speed = 15
    code = """
c = client()
say(status=c.call("getListingVariantsCount", wait_ms=600000)["status"])
sys.stdin.readline()
began = time.monotonic()
while time.monotonic() - began < 130:
    c.call("getListingVariantsCount", wait_ms=600000)
    time.sleep(2)
"""
    process = host.start(ground, code, host.config(ground, hub, **config, **{"http.connect_ms": 300_000}), **host.fast_clock(speed))
    assert process.stdout and process.stdin
    assert json.loads(process.stdout.readline())["status"] == 200
    names.names = {"hub.test": ["127.0.0.4"]}
    before = len(hub.seen)
    began = time.monotonic()
    process.stdin.write("\n")
    process.stdin.flush()
    host.finish(process)
    assert moved.seen, "the new address was never asked"
    stayed = (hub.seen[-1].at - began) * speed if len(hub.seen) > before else 0.0
    assert stayed <= 75, f"the old address was asked for {stayed:.0f} s"
    return (
        f"dead first address ({', '.join(shown)}): the next was tried in the same call; only a dead IPv6: {error.name}; "
        f"moved hub: old address asked for {stayed:.0f} s more (clock x{speed}), {len(moved.seen)} requests at the new one")
