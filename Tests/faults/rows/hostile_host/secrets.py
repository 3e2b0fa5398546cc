"""S-06 to S-09: what goes out."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import time
from pathlib import Path

from rig import host
from rig.ground import ROOT, Ground
from rig.register import control, row
from rig.trial import flush_until, shop, state_of
from rig.wirehub import WireHub, is_list, is_post
from rows.hostile_host.input import EVIL


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
