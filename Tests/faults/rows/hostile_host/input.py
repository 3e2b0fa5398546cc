"""S-01 to S-04: what comes in."""

from __future__ import annotations

import json
import urllib.parse
from decimal import Decimal
from typing import Any

from rig.ground import Ground
from rig.register import row
from rig.trial import flush_until, shop, state_of
from rig.wirehub import WireHub, is_post

EVIL = "a\x1b[31mb\r\nc\0d\u202ee\u2028f\x85g\x9bh"
"""Escape sequences, line ends of every kind, NUL, direction changes."""


def refused(what: str, call: Any, *kinds: type) -> str:
    """The error of a call that must not work."""
    try:
        call()
    except kinds as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"{what} was accepted")


@row("S-01", set="core")
def control_bytes_in_settings(ground: Ground) -> str:
    from flxchannel import Client, ConfigError, UseError
    from orders import order

    hub = ground.enter_context(WireHub())
    (ground.folder / "state").mkdir(mode=0o700)
    good = {"channel": "faults", "token": hub.token, "origin": hub.url, "state_dir": str(ground.folder / "state")}
    bad = {"CR": "a\rb", "LF": "a\nb", "CRLF": "a\r\nX-Injected: yes", "NUL": "a\0b", "non-ASCII": "aéb", "DEL": "a\x7fb", "ESC": "a\x1bb", "wide": "a\u2028b"}
    count = 0
    for key in ("token", "http.user_agent", "channel", "origin", "http.proxy"):
        for name, text in bad.items():
            value = f"http://{text}" if key in ("origin", "http.proxy") else text
            said = refused(f"{key} with {name}", lambda key=key, value=value: Client(**{**good, key: value}), ConfigError, UseError)
            assert all(character.isprintable() for character in said), repr(said)
            count += 1
    for text in ("", "x" * 513, "a b", "a\tb"):
        refused(f"token {text[:5]!r}", lambda text=text: Client(**{**good, "token": text}), ConfigError, UseError)
        count += 1
    client = ground.enter_context(Client(**good))
    for name, text in bad.items():
        refused(f"set_token with {name}", lambda text=text: client.set_token(text), UseError)
        count += 1
        if name in ("CR", "LF", "CRLF", "NUL", "ESC", "DEL"):
            refused(f"cursor with {name}", lambda text=text: client.pull("listings", cursor=text).close(), UseError)
            count += 1
    for name, text in bad.items():
        if name in ("non-ASCII", "wide"):
            continue
        refused(f"order number with {name}", lambda text=text: client.submit(order(text)), UseError)
        count += 1
    client.submit(order("FINE", extra={"ballast": bad["CRLF"]}))
    flush_until(client, lambda: state_of(client, "FINE")["state"] == "resolved", "the order")
    client.call("getListingVariantsCount", wait_ms=5000)
    for seen in hub.seen:
        strange = set(seen.headers) - {"host", "user-agent", "accept", "accept-encoding", "x-api-token", "content-type", "content-length"}
        assert not strange, f"a header that nobody meant: {strange}"
        assert seen.headers["x-api-token"] == hub.token
    return f"{count} settings, tokens, cursor names and order numbers with control bytes refused; {len(hub.seen)} requests with our headers alone"


@row("S-02", timeout_s=900)
def ids_that_are_paths(ground: Ground) -> str:
    from flxchannel import FlxError
    from orders import order

    hub = ground.enter_context(WireHub())
    client = shop(ground, hub, **{"http.attempt_ms": 2000})
    ids = [
        "../x", "..", ".", "a/b", "?x=1", "#", "%2e%2e", "%2e%2e%2f", "x" * 10_240, "", "😀", "a b", "a&b=c", ";x", "//evil.test/x", "http://evil.test/", "\\..\\x",
        "5000\r\nX-Injected: yes", "5000\0", "+", "*", "-1", "0x10", "5e3", " 5000", "5000 ", "٣"]
    encoded = said = 0
    for one in ids:
        before = len(hub.seen)
        try:
            client.call("getOrderById", id=one, wait_ms=5000)
        except FlxError as error:
            assert len(hub.seen) == before or error.http_status, (one[:20], error)
            said += len(hub.seen) == before
        for seen in hub.seen[before:]:
            path = seen.target.partition("?")[0]
            assert path.count("/") == 2 and path.startswith("/orders/") and urllib.parse.unquote(path[8:]) == one, f"{one[:20]!r} became {seen.target[:60]!r}"
            assert path[8:] not in (".", ".."), seen.target
            encoded += 1
    for text in ids[:-1]:
        before = len(hub.seen)
        try:
            client.call("getListingVariantsCount", skus=[text], wait_ms=5000)
        except FlxError:
            pass
        for seen in hub.seen[before:]:
            path, _, query = seen.target.partition("?")
            assert path == "/listing/variants/count", seen.target
            values = urllib.parse.parse_qs(query, keep_blank_values=True)
            assert set(values) <= {"skus"} and values.get("skus", [text]) == [text], (text[:20], seen.target[:80])
    numbers = [text for text in ids if text and "\r" not in text and "\0" not in text]
    taken = 0
    for number in numbers:
        try:
            client.submit(order(number))
        except FlxError:
            continue
        taken += 1
        hub.fault(lambda peer, _: peer.close(), is_post)  # so that it is looked up by its number
        if taken % 4 == 0 or number == numbers[-1]:  # five failures in a row would be an outage
            flush_until(client, lambda: all(row["state"] == "resolved" for row in client.outbox()), "orders with strange numbers", 150)  # the retry budget
    for seen in hub.seen:
        assert seen.target.partition("?")[0] in ("/orders", "/listing/variants/count") or seen.target.startswith("/orders/"), seen.target
    assert set(hub.orders) <= set(numbers) and all(hub.taken.count(number) == 1 for number in hub.orders)
    return f"{len(ids)} ids: {said} refused before anything was sent, {encoded} encoded as one segment; as queries one value each; {taken} as order numbers, each looked up and applied once"


@row("S-03", set="core")
def origins_that_are_not_plain(ground: Ground) -> str:
    from flxchannel import Client, FlxError

    (ground.folder / "state").mkdir(mode=0o700)
    bad = [
        "http://api.flxpoint.com", "http://192.168.1.1", "http://localhost.evil.test", "http://127.0.0.1.evil.test", "http://127.1", "http://2130706433", "http://0x7f.0.0.1", "http://0.0.0.0",
        "https://user:pass@api.flxpoint.com", "https://user@api.flxpoint.com", "https://api.flxpoint.com@evil.test", "https://api.flxpoint.com/", "https://api.flxpoint.com/v1",
        "https://api.flxpoint.com?x=1", "https://api.flxpoint.com#x", "https://api.flxpoint.com\\@evil.test", "https://аpi.flxpoint.com", "https://api.flxpoint。com", "file:///etc/passwd",
        "ftp://api.flxpoint.com", "gopher://x", "javascript:alert(1)", "https://api.flxpoint.com:0", "https://api.flxpoint.com:65536", "https://api.flxpoint.com:-1", "https://api.flxpoint.com:",
        "https://api.flxpoint.com:443x", "https://[fe80::1%25eth0]", "https://[fe80::1%eth0]:443", "https://[::1", "https://", "https:///x", "", " https://api.flxpoint.com", "https://api.flxpoint.com ",
        "https://api..flxpoint.com", "https://-x.test", "https://" + "a" * 300 + ".test", "api.flxpoint.com", "//api.flxpoint.com", "https:api.flxpoint.com", "unix:/x", "http://[::ffff:127.0.0.1]",
    ]
    for number, origin in enumerate(bad):
        said = refused(f"origin {origin[:50]!r}", lambda origin=origin: Client(channel=f"c{number}", token="t", origin=origin, state_dir=str(ground.folder / "state")), FlxError)
        assert "pass@" not in said, f"a password stands in the error: {said}"
    good = ["https://api.flxpoint.com", "https://API.flxpoint.com", "https://api.flxpoint.com:8443", "https://xn--pi-7ka.test", "https://[2001:db8::1]:443", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9"]
    for number, origin in enumerate(good):
        Client(channel=f"g{number}", token="t", origin=origin, state_dir=str(ground.folder / "state")).close()
    return f"{len(bad)} origins refused (plain http elsewhere, users, paths, look-alikes, other schemes, ports, zones), {len(good)} plain ones accepted"


@row("S-04", set="core")
def orders_that_are_not_orders(ground: Ground) -> str:
    from flxchannel import FlxError, OrderError, UseError
    from orders import order

    hub = ground.enter_context(WireHub())
    client = shop(ground, hub)
    text = json.dumps(order("X", orderTotal="19.99", orderItems=[{"sku": "S", "quantity": 1, "price": "19.99"}]))
    line = {"sku": "S", "quantity": 1, "price": Decimal("1")}
    cases: "dict[str, tuple[Any, str]]" = {
        "invalid UTF-8": (text.encode().replace(b"Ada", b"Ad\xff"), ""), "overlong UTF-8": (text.encode().replace(b"Ada", b"Ad\xc0\xaf"), ""),
        "a raw surrogate": (text.encode().replace(b"Ada", b"\xed\xa0\x80"), ""), "a lone \\ud800": (text.replace("Ada", "\\ud800").encode(), ""),
        "NaN": (text.replace('"19.99"', "NaN").encode(), ""), "Infinity": (text.replace('"19.99"', "Infinity").encode(), ""), "-0": (text.replace('"quantity": 1', '"quantity": -0').encode(), "/orderItems/0/quantity"),
        "1e2 money": (text.replace('"price": "19.99"', '"price": 1e2').encode(), ""), "a comma": (text.replace('"price": "19.99"', '"price": "19,99"').encode(), "/orderItems/0/price"),
        "a field of 1 MB": (json.dumps({**json.loads(text), "extra": {"ballast": "x" * 1_100_000}}).encode(), ""), "100,000 lines": (order("X", orderItems=[line] * 100_000), ""),
        "no lines": (order("X", orderItems=[]), "/orderItems"), "quantity 0": (order("X", orderItems=[{**line, "quantity": 0}]), "/orderItems/0/quantity"),
        "quantity 1.5": (order("X", orderItems=[{**line, "quantity": Decimal("1.5")}]), "/orderItems/0/quantity"), "quantity 10^30": (order("X", orderItems=[{**line, "quantity": 10**30}]), "/orderItems/0/quantity"),
        "a list": (b"[]", ""), "nothing": (b"", ""), "two documents": (text.encode() * 2, ""), "cut": (text.encode()[:-5], ""), "depth 100,000": (b'{"extra":' + b"[" * 100_000, ""),
        "a key twice": (text.replace('"orderNumber": "X"', '"orderNumber": "X", "orderNumber": "Y"').encode(), ""), "a wrong type": (order("X", orderItems="none"), "/orderItems"),
        "an unknown field": (order("X", ordrTotal="1"), "/ordrTotal"), "NUL in a name": (text.replace("Ada", "A\\u0000da").encode(), ""), "a date that is none": (order("X", orderedAt="yesterday"), "/orderedAt"),
    }
    named = []
    for name, (payload, path) in cases.items():
        try:
            client.submit(payload)
        except UseError as error:
            places = [one.get("path", "") for one in getattr(error, "faults", None) or []] + [error.path or ""]
            assert not path or any(place.startswith(path) for place in places), f"{name}: {places} for {path}"
            assert all(c.isprintable() for c in str(error)) and len(str(error)) < 2000, f"{name}: {str(error)[:100]!r}"
            named.append(f"{name}: {type(error).__name__}")
            continue
        except FlxError as error:
            raise AssertionError(f"{name}: {error}") from error
        raise AssertionError(f"an order with {name} was accepted")
    assert client.outbox() == [] and hub.connections == 0
    assert OrderError
    return f"{len(cases)} orders refused before anything was stored or sent, where they have a path with it; {', '.join(named[:6])}, ..."
