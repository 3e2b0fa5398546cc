"""Section S: what a host, or whoever speaks through it, may hand in; and what must never come out."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import time
import urllib.parse
from decimal import Decimal
from pathlib import Path
from typing import Any

from rig import host
from rig.ground import ROOT, Ground
from rig.register import control, row
from rig.trial import flush_until, shop, state_of
from rig.wirehub import WireHub, is_list, is_post

EVIL = "a\x1b[31mb\r\nc\0d\u202ee\u2028f\x85g\x9bh"
"""Escape sequences, line ends of every kind, NUL, direction changes."""


def refused(what: str, call: Any, *kinds: type) -> str:
    """The error of a call that must not work."""
    try:
        call()
    except kinds as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"{what} was accepted")


# --- S-01 to S-04: what comes in ---------------------------------------------------------------------------------------


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


# --- S-05: the C interface -------------------------------------------------------------------------------------------------

NULLS = r"""
import ctypes, random
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_void_p
from flxchannel._library import PROTOTYPES, lib
import flxchannel.codes as codes

choose = random.Random(int(sys.argv[1]))
rounds = int(sys.argv[2])
raw = ctypes.CDLL(os.environ["FLXCHANNEL_LIBRARY"])
c = client()
freed = client(); stale = freed._ptr().value; freed.close()
pull = c.pull("listings"); page_less = pull._ptr().value
live = [c._ptr().value, page_less]
HANDLES = [None, 0, 1, 2**63, 2**64 - 1, 0xDEADBEEF, stale, *live]
TEXTS = [(None, 0), (None, 5), (None, 2**64 - 1), (b"", 0), (b"", 2**64 - 1), (b"x", 1), (b"{}", 2), (b"[]", 2**64 - 1), (b"\xff\xfe", 2), (b'{"a":', 5), (b"x\0y", 3), (b"listings", 8), (b"A-1", 2**64 - 1)]
NUMBERS = [0, 1, -1, 2, 7, 100, -100, 2**31 - 1, -2**31]
SAFE_ONLY_NULL = {"flx_cancel_fire", "flx_cancel_reset", "flx_cancel_free"}
CLOSERS = {"flx_client_close", "flx_pull_close"}
calls, codes_seen, wrong = 0, {}, []
for _ in range(rounds):
    for name, (result, arguments) in PROTOTYPES.items():
        function = getattr(raw, name)
        function.restype = result
        values, keep, outs = [], [], []
        position = 0
        while position < len(arguments):
            kind = arguments[position]
            if kind is c_char_p and position + 1 < len(arguments) and arguments[position + 1] is c_size_t:
                text, length = choose.choice(TEXTS)
                values += [c_char_p(text), c_size_t(length)]
                position += 2
                continue
            if kind is c_void_p:
                if name in SAFE_ONLY_NULL or name == "flx_client_set_cancel" and position == 1: handle = None
                elif name in CLOSERS: handle = choose.choice([h for h in HANDLES if h not in live])
                else: handle = choose.choice(HANDLES)
                values.append(c_void_p(handle))
            elif kind is c_char_p: values.append(c_char_p(choose.choice([None, b"", b"x", b"\xff"])))
            elif kind in (c_int32,): values.append(c_int32(choose.choice(NUMBERS) % 2**31 - (2**31 if choose.random() < 0.2 else 0) if abs(choose.choice(NUMBERS)) > 2**30 else min(choose.choice(NUMBERS), 200)))
            elif kind in (c_int64, c_uint32, c_size_t): values.append(kind(choose.choice([0, 1, 2, 99, 2**31, 2**32 - 1] + ([2**63 - 1, 2**64 - 1] if kind is not c_uint32 else []))))
            elif hasattr(kind, "_type_") and kind is not c_char_p:
                if choose.random() < 0.4: values.append(None)
                else:
                    place = kind._type_(); keep.append(place); outs.append(place); values.append(byref(place))
            else: values.append(None)  # a callback
            position += 1
        function.argtypes = None
        if name in ("flx_client_probe", "flx_pull_next", "flx_call", "flx_flush", "flx_order_status"):
            values = [c_int32(0) if isinstance(v, c_int32) else v for v in values]
        status = function(*values)
        calls += 1
        if result is c_int32 and name not in ("flx_page_feed",):
            codes_seen[status] = codes_seen.get(status, 0) + 1
            if not -600 < status < 100: wrong.append([name, status])
            if status == codes.E_INTERNAL if hasattr(codes, "E_INTERNAL") else status == -501: wrong.append([name, status])
            if status < 0:
                for place in outs[:-1]:
                    if getattr(place, "value", None): wrong.append([name, status, "an out parameter is not NULL", str(place)])
assert c.call("getListingVariantsCount", wait_ms=8000)["status"] == 200
say(calls=calls, statuses=len(codes_seen), wrong=wrong[:10], versions=[raw.flx_require(c_uint32(v)) for v in (0, 1, 999, 1000, 1001, 2000, 10**6, 2**32 - 1)], functions=len(PROTOTYPES))
"""


@row("S-05", set="core", waits=True)
def pointers_handles_and_lengths_that_are_wrong(ground: Ground) -> str:
    """Every exported function with NULL, stale, foreign and never made handles, lengths of -1 and texts that are none."""
    hub = ground.enter_context(WireHub())
    settings = host.config(ground, hub, **{"state.wait_ms": 200})
    said = host.finish(host.start(ground, NULLS, settings, str(ground.seed), str(ground.times(200, 40))), 110)[-1]
    assert not said["wrong"], said["wrong"]
    assert said["versions"].count(0) == 1 and set(said["versions"]) == {0, -111}, f"flx_require: {said['versions']}"
    return (
        f"{said['functions']} functions, {said['calls']} calls with NULL, stale, foreign and made-up handles, length -1 and broken texts: error codes only "
        f"({said['statuses']} kinds), outs NULL, the client works after; 7 header versions refused (structs go out only: no size comes in); sanitizers: make sanitize")


# --- S-06 to S-08: what goes out --------------------------------------------------------------------------------------------


def line_faults(line: str) -> "list[str]":
    """Why a log line is none: not one line, not JSON, or with characters that a terminal or viewer acts on."""
    found = []
    if "\n" in line.rstrip("\n") or "\r" in line:
        found.append("more than one line")
    if any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in line.rstrip("\n")):
        found.append("a control character")
    if any(c in line for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\u200e\u200f"):
        found.append("a change of direction or line")
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            return [*found, "no JSON object"]
        if any(ord(c) < 0x20 or c in "\u202e\u2028" for value in record.values() if isinstance(value, str) for c in value):
            found.append("a control character behind an escape")
    except ValueError:
        found.append("no JSON")
    return found


@row("S-06", set="core", waits=True)
def text_that_forges_log_lines(ground: Ground) -> str:
    from flxchannel import FlxError
    from orders import order

    hub = ground.enter_context(WireHub())
    lines: "list[str]" = []
    client = shop(ground, hub, on_log=lambda _, line: lines.append(line), **{"http.user_agent": 'shop","level":"error'})
    forged = EVIL + '\n{"level":"error","event":"forged"}'
    evil_json = json.dumps({"error": forged, "message": forged})
    fields = ("name", "addressLine1", "city", "email")
    good = order("LOG")
    for number, field in enumerate(fields):
        try:
            client.submit({**good, "orderNumber": f"LOG-{number}", "shippingAddress": {**good["shippingAddress"], field: forged.replace("\0", "")}})
        except FlxError as error:
            lines.append(json.dumps({"text": str(error)}, ensure_ascii=False))
    for name, payload in {"sku": [{"sku": forged.replace("\0", ""), "quantity": 1}], "note": None}.items():
        try:
            client.submit({**good, "orderNumber": f"LOG-{name}", **({"orderItems": payload} if payload else {"shippingText": forged.replace("\0", "")})})
        except FlxError as error:
            lines.append(json.dumps({"text": str(error)}, ensure_ascii=False))
    client.submit(order("LOG-FINE"))
    hub.fault(lambda peer, _: peer.answer(evil_json, "500 Oops"), is_post, 2)
    hub.fault(lambda peer, _: peer.answer(forged.encode(), "502 Bad", "X-A: b"), is_post, 1)
    hub.fault(lambda peer, _: peer.answer("", "302 Found", f"Location: http://{EVIL.replace(chr(13), '').replace(chr(10), '').replace(chr(0), '').encode().decode('latin-1')}/x"), is_list, 1)
    hub.fault(lambda peer, _: peer.answer(evil_json, "200 OK"), is_list, 1)
    hub.fault(lambda peer, request: peer.answer(json.dumps([{"id": forged, "sku": None, forged: 1}, *hub.rows]) if request.page == 1 else b"[]"), is_list, 2)
    hub.fault(lambda peer, _: peer.answer(evil_json, "422 No"), lambda request: is_post(request) and b"LOG-FINE" in request.body, 1)
    flush_until(client, lambda: state_of(client, "LOG-FINE")["state"] == "resolved", "the order", 60)
    with client.pull("listings") as pull:
        end = time.monotonic() + 15
        while not pull.is_done and time.monotonic() < end:
            page = pull.next(200)
            if page is not None:
                lines.append(json.dumps({"quarantine": json.dumps(page.quarantine)}))
                page.commit()
    for path in ("getOrderById",):
        hub.fault(lambda peer, _: peer.answer(evil_json, "404 Not Found"), lambda request: "orders/" in request.path, 1)
        try:
            client.call(path, id="1", wait_ms=5000)
        except FlxError as error:
            lines.append(json.dumps({"text": str(error)}, ensure_ascii=False))
    lines += [json.dumps(event, ensure_ascii=False) for row in client.outbox() for event in client.history(row["number"])["events"]]
    wrong = {why: line for line in lines for why in line_faults(line)}
    assert not wrong, {why: line[:160] for why, line in wrong.items()}
    assert len(lines) > 15 and any("pull.retry" in line for line in lines), "hardly anything was logged"
    forged_lines = [line for line in lines if json.loads(line).get("event") == "forged"]
    assert not forged_lines
    return f"hostile text in orders, hub errors, redirects and records: {len(lines)} log records, errors and events, one line each, escaped"


def spellings(secret: str) -> "dict[str, bytes]":
    data = secret.encode()
    return {
        "raw": data, "base64": base64.b64encode(data).rstrip(b"=")[:-1], "hex": data.hex().encode(), "percent": "".join(f"%{byte:02X}" for byte in data).encode(),
        "UTF-16": secret.encode("utf-16-le"), "reversed": data[::-1], "SHA-256": hashlib.sha256(data).hexdigest().encode(),
    }


def hits(secret: str, places: "dict[str, bytes]") -> "list[str]":
    """Where a secret stands, in any spelling; also a long part of it."""
    found = []
    for name, content in places.items():
        for spelling, needle in spellings(secret).items():
            if needle in content or needle.lower() in content.lower():
                found.append(f"{name} ({spelling})")
        part = secret.encode()[: max(12, len(secret) * 2 // 3)]
        if part in content and f"{name} (raw)" not in found:
            found.append(f"{name} (a part)")
    return found


def files_of(folder: Path) -> "dict[str, bytes]":
    return {str(path.relative_to(folder)): path.read_bytes() + str(path).encode() for path in folder.rglob("*") if path.is_file()}


TOKEN_HOST = """
token = sys.stdin.readline().strip()
folder = CONFIG["state_dir"]
places = {}
lines = []
def look(when):
    for name in os.listdir(folder):
        try: places[f"{when} {name}"] = open(os.path.join(folder, name), "rb").read()
        except OSError: pass
def note(error): lines.append(str(error) + repr(error) + json.dumps(getattr(error, "__dict__", {}), default=str))
c = Client(**{**CONFIG, "token": token, "on_log": lambda level, line: lines.append(line)})
watch = [True]
def watcher():
    n = 0
    while watch[0]:
        look(f"during-{n % 50}"); n += 1; time.sleep(0.003)
thread = threading.Thread(target=watcher); thread.start()
for n in range(4): c.submit(order(f"TOKEN-{n}"))
end = time.monotonic() + 14
while time.monotonic() < end and any(r["state"] != "resolved" for r in c.outbox()):
    try: c.flush(500)
    except FlxError as error: note(error); time.sleep(0.1)
for call in (lambda: c.call("getListingVariantsCount", wait_ms=3000), lambda: c.call("getOrderById", id="1", wait_ms=3000), lambda: c.probe(3000),
             lambda: c.set_token(token + " "), lambda: Client(**{**CONFIG, "token": token + "\\n"}), lambda: Client(**{**CONFIG, "tokn": token}),
             lambda: c.submit(order("TOKEN-9", orderedAt="never")), lambda: c.pull("listings", cursor="x" * 1000)):
    try: call()
    except FlxError as error: note(error)
with c.pull("listings") as pull:
    for page in pull.pages(4000): page.commit()
lines.append(json.dumps([c.stats(), c.outbox(), [c.history(r["number"]) for r in c.outbox()]], default=str))
watch[0] = False; thread.join(); look("after")
for name in ("cmdline", "environ", "comm"): places["/proc/self/" + name] = open("/proc/self/" + name, "rb").read()
places["maps"] = open("/proc/self/maps", "rb").read()
import base64
say(places={k: base64.b64encode(v).decode() for k, v in places.items()}, lines=lines)
c.close(); look("closed")
say(places={k: base64.b64encode(v).decode() for k, v in places.items() if k.startswith("closed")}, lines=[])
sys.stdout.flush()
os.abort()
"""


@row("S-07", set="core", waits=True)
def the_token_is_nowhere(ground: Ground) -> str:
    """A hub that throws the token back at the library in every field it has; then a search in every spelling."""
    hub = ground.enter_context(WireHub())
    secret = hub.token = "tok-" + hashlib.sha256(str(ground.seed).encode()).hexdigest()[:36]
    echo = lambda status: lambda peer, _: peer.answer(json.dumps({"error": f"token {secret} is bad", "token": secret}), status)  # noqa: E731
    hub.fault(echo("500 Oops"), is_post, 1)
    hub.fault(echo("400 Bad"), is_post, 1)
    hub.fault(lambda peer, _: peer.answer(f"<html>{secret}</html>", "200 OK"), is_post, 1)
    hub.fault(lambda peer, _: peer.answer("", "302 Found", f"Location: http://{secret}.test/{secret}"), lambda r: "count" in r.path, 1)
    hub.fault(echo("401 Unauthorized"), lambda r: "orders/1" in r.path, 1)
    hub.fault(lambda peer, _: peer.send(f"HTTP/1.1 {secret}\r\n\r\n") or peer.close(), is_list, 1)
    hub.fault(echo("200 OK"), is_list, 1)
    settings = host.config(ground, hub, **{"log.level": "debug", "http.idle_ms": 1500, "pull.give_up_ms": 2000})
    del settings["token"]
    process = host.start(ground, TOKEN_HOST, settings)
    out, err = process.communicate(secret + "\n", timeout=90)
    said = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert len(said) == 2, err[-800:]
    places = {name: base64.b64decode(content) for one in said for name, content in one["places"].items()}
    places["logs and errors"] = "\n".join(said[0]["lines"]).encode()
    places["crash text"] = err.encode()
    places |= {f"file {name}": content for name, content in files_of(ground.folder).items()}
    found = hits(secret, places) + [line[:300] for line in said[0]["lines"] if secret in line]
    assert not found, f"the token stands in {found[:8]}"
    assert len(said[0]["lines"]) > 20, "hardly anything was said"
    size = sum(map(len, places.values()))
    return f"{len(places)} places searched ({size >> 10} KB: {len(said[0]['lines'])} log lines and errors, state and journal while written, cmdline, environ, crash text) in {len(spellings(''))} spellings: 0 hits"


@control("a log with the token in it (S-07)")
def a_token_in_a_log_is_seen(ground: Ground) -> str:
    secret = "tok-0123456789abcdef0123"
    seen = []
    for spelling, needle in spellings(secret).items():
        if not hits(secret, {"log": b'{"event":"request","header":"' + needle + b'"}'}):
            raise AssertionError(f"a token as {spelling} was not seen")
        seen.append(spelling)
    assert hits(secret, {"log": secret[:18].encode()}) and not hits(secret, {"log": b'{"event":"client.opened"}'})
    return f"the checker saw the token as {', '.join(seen)} and cut short"


@control("a forged log line (S-06)")
def a_forged_line_is_seen(ground: Ground) -> str:
    bad = ['{"a":"x\ny"}', '{"a":"\x1b[31m"}', '{"a":"\u202e"}', "no json", '{"a":"x\\u001b"}', "[]"]
    missed = [line for line in bad if not line_faults(line)]
    assert not missed and not line_faults('{"event":"client.opened"}'), missed
    return f"the checker saw {len(bad)} of {len(bad)} bad lines"


@row("S-08", set="core", waits=True)
def buyers_are_nowhere_after_a_purge(ground: Ground) -> str:
    """Orders that were applied, refused, retried and looked up; after the purge a search over every file, byte by byte."""
    hub = ground.enter_context(WireHub())
    lines: "list[str]" = []
    client = shop(ground, hub, on_log=lambda _, line: lines.append(line))
    folder = Path(max(ground.folder.glob("shop-*"), key=lambda path: path.stat().st_mtime))
    from orders import order

    secrets: "list[str]" = []
    numbers = []
    choose = random.Random(ground.seed)

    def secret(kind: str) -> str:
        secrets.append(f"{kind}{choose.randrange(10**12):012d}Zq")
        return secrets[-1]

    count = ground.times(40, 12)
    for n in range(count):
        number = f"NUM{n:012d}Zq"  # the shop's key and no buyer's data: it stays
        numbers.append(number)
        address = {
            "name": secret("Buyer"), "companyName": secret("Company"), "addressLine1": secret("Street"), "city": secret("City"), "stateCode": "IL", "postal": "62701", "countryCode": "US",
            "email": f"{secret('mail')}@example.com", "phone": secret("Phone")}
        client.submit(order(number, shippingAddress=address, extra={"ballast": secret("Extra") * (1 if n % 3 else 200)}))
    echo = lambda peer, request: peer.answer(json.dumps({"error": f"bad order {request.body.decode()[:2000]}"}), "422 No")  # noqa: E731
    hub.fault(echo, is_post, count // 4)
    hub.fault(lambda peer, request: peer.answer(request.body, "500 Oops"), is_post, 3)
    hub.fault(lambda peer, _: peer.close(), is_post, 2)
    flush_until(client, lambda: all(row["state"] == "resolved" for row in client.outbox()), "all orders", 80)
    before = sum(any(one.encode() in content for content in files_of(folder).values()) for one in secrets)
    assert before > len(secrets) // 2, "the search finds nothing even before the purge"
    client.settle(numbers)
    report = client.purge(numbers=numbers)
    assert report["purged"] == count, report
    def found() -> "list[str]":
        return [f"{one} in {name}" for one in secrets for name, content in files_of(folder).items() if one.encode() in content or one.encode("utf-16-le") in content]

    left = found()
    assert not left, f"{len(left)} hits right after the purge: {left[:5]}"
    client.submit(order("LATER"))
    client.close()
    left = found()
    assert not left, f"{len(left)} hits after the close: {left[:5]}"
    logged = [one for one in secrets if any(one in line for line in lines)]
    assert not logged, f"buyer data in the log: {logged[:5]}"
    return f"{count} orders with {len(secrets)} marked texts (sent, refused with the order in the hub's words, retried): {before} found on disk before the purge, 0 after it, 0 in {len(lines)} log lines"


@row("S-09", set="core")
def the_token_is_compared_nowhere(ground: Ground) -> str:
    """Constant time where compared: the library holds one token and asks nobody to prove another, so there is no place.

    Read from the sources: no comparison has a token on either side, and hashes of it only name a file."""
    comparison = re.compile(r"[^/]*?\b(token|secret|apiToken)\b(?!\()[^,;{}]*?(==|!=)|(==|!=)\s*\w*\.?(token|secret)\b(?![.(])")
    places, read = [], 0
    for source in sorted((ROOT / "Sources/FlxChannel").rglob("*.swift")):
        for number, line in enumerate(source.read_text().splitlines(), 1):
            read += 1
            code = line.split("//")[0]
            code = re.sub(r'"(\\.|[^"\\])*"', '""', code).replace("token == nil", "")
            if comparison.search(code):
                places.append(f"{source.name}:{number}: {code.strip()}")
    assert comparison.search("if config.token == other {") and comparison.search("guard given != token else"), "the search finds nothing"
    assert not places, f"a token is compared: {places}"
    return f"{read} lines of Swift: 0 comparisons with a token on either side"

