"""Section H: framing and heads."""

from __future__ import annotations

from typing import Any

from rig.ground import Ground
from rig.register import row
from rig.trial import shop, through, together, try_list, try_order
from rig.wirehub import Do, Peer, Seen, WireHub, is_list
from rows.http.answers import raw
from rows.network.cut_answers import body_of


@row("H-21", "H-25", set="core", waits=True)
def framing_that_two_readers_read_differently(ground: Ground) -> str:
    heads = {
        "H-21 two lengths": "Content-Length: {n}\r\nContent-Length: 9\r\n\r\n", "H-21 the same twice": "Content-Length: {n}\r\nContent-Length: {n}\r\n\r\n",
        "H-21 both": "Content-Length: {n}\r\nTransfer-Encoding: chunked\r\n\r\n", "H-21 negative": "Content-Length: -3\r\n\r\n",
        "H-21 2^63": "Content-Length: 9223372036854775808\r\n\r\n", "H-21 list": "Content-Length: {n}, {n}\r\n\r\n", "H-21 hex": "Content-Length: 0x40\r\n\r\n",
    }
    trials = []
    for name, head in heads.items():
        def do(peer: Peer, request: Seen, head: str = head) -> None:
            body = body_of(peer, request)
            chunked = "chunked" in head
            framed = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n" if chunked else body
            peer.send("HTTP/1.1 200 OK\r\n" + head.format(n=len(body)), framed)
            peer.socket.settimeout(5)
            left.append((name_of[head], peer.socket.recv(1) == b""))

        trials += through(ground, name, do)
    left: "list[tuple[str, bool]]" = []
    name_of = {head: name for name, head in heads.items()}
    for name, line in {
        "H-25 HTTP/0.9": "[]", "H-25 garbage": "what is this?\r\n\r\n", "H-25 other protocol": "SSH-2.0-OpenSSH_9.2\r\n", "H-25 bytes": "\x00\xff\xfe\r\n\r\n",
        "H-25 HTTP/3": "HTTP/3 200 OK\r\nContent-Length: 2\r\n\r\n[]", "H-25 no reason": "HTTP/1.1\r\n\r\n", "H-25 nothing but lines": "\r\n\r\n\r\n",
    }.items():
        trials += through(ground, name, raw(line))
    together(trials)
    kept = [name for name, dropped in left if not dropped]
    assert not kept, f"connections kept after {kept}"
    return f"{len(trials)} trials: doubtful lengths and lines that are no HTTP: possibly applied, lists retried, {len(left)} connections dropped, none kept"


@row("H-22", set="core", waits=True)
def floods_of_headers(ground: Ground) -> str:
    written: "dict[str, int]" = {}

    def flood(name: str, line: str, count: int) -> Do:
        def do(peer: Peer, request: Seen) -> None:
            written[name] = 0
            if not line.startswith("HTTP"):
                peer.send("HTTP/1.1 200 OK\r\n")
            for _ in range(count):
                peer.send(line)
                written[name] += len(line)
            peer.send(b"\r\n" if not line.startswith("HTTP") else b"", peer.hub.head("200 OK", 2).encode(), b"[]")
        return do

    trials = []
    for name, line, count in (
        ("header flood", f"X-Flood: {'x' * 100}\r\n", 100_000), ("a line of 64 KB", f"X-Long: {'x' * 66_000}\r\n", 1), ("a line of 10 MB", f"X-Long: {'x' * 10_000_000}\r\n", 1),
        ("100,000 x 103", "HTTP/1.1 103 Early Hints\r\n\r\n", 100_000), ("100,000 x 100", "HTTP/1.1 100 Continue\r\n\r\n", 100_000),
    ):
        trials += through(ground, name, flood(name, line, count))
    together(trials)
    return f"{len(trials)} trials: heads of " + ", ".join(f"{name}" for name in written) + ": stopped at the cap of 64 KB, possibly applied, lists retried"


@row("H-23", set="core", waits=True)
def odd_headers(ground: Ground) -> str:
    def offset(client: Any) -> Any:
        return client.stats()["hub_clock_offset_ms"]

    oddities = {
        "NUL": "X-A: a\0b", "bare CR": "X-A: a\rb", "obs-fold": "X-A: a\r\n folded", "no colon": "X-A", "no name": ": x", "date garbage": "Date: nonsense",
        "date 1970": "Date: Thu, 01 Jan 1970 00:00:00 GMT", "two dates": "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nDate: Fri, 02 Jan 2026 00:00:00 GMT", "no date": "Date: -",
    }
    ignored = {"date garbage", "date 1970", "two dates", "no date"}

    def one(name: str, line: str) -> str:
        def do(peer: Peer, request: Seen) -> None:
            peer.answer(peer.hub.page(request) if is_list(request) else b"[]", "200 OK", line)

        hub = ground.enter_context(WireHub())
        client = shop(ground, hub)
        hub.fault(do, is_list, 0)
        rows = 0
        with client.pull("listings_to_sync") as pull:
            for _ in range(40):
                rows += len(pull.next(200) or ())
                if pull.is_done:
                    break
        learnt = offset(client)
        assert name not in ignored or learnt is None or abs(learnt) < 5000, f"{name}: the clock of the hub was learnt as {learnt} ms off"
        return f"{name} {rows}"

    said = together([(name, lambda name=name, line=line: one(name, line)) for name, line in oddities.items()])
    return "rows delivered under odd headers: " + ", ".join(said) + "; wrong, double and missing dates taught nothing"


@row("H-24", set="core", waits=True)
def the_wrong_type(ground: Ground) -> str:
    plans: "dict[str, tuple[Any, bool]]" = {
        "no type": (lambda body: (body, "X-A: b"), True), "text/html": (lambda body: (body, "Content-Type: text/html"), True),
        "charset=utf-16, UTF-8 all the same": (lambda body: (body, "Content-Type: application/json; charset=utf-16"), True),
        "BOM": (lambda body: (b"\xef\xbb\xbf" + body, "X-A: b"), True),
        "UTF-16": (lambda body: (body.decode().encode("utf-16"), "Content-Type: application/json; charset=utf-16"), False),
        "UTF-16 without BOM": (lambda body: (body.decode().encode("utf-16-le"), "Content-Type: application/json; charset=utf-16"), False),
        "UTF-32": (lambda body: (body.decode().encode("utf-32"), "X-A: b"), False), "Latin-1 binary": (lambda body: (bytes(range(128, 256)) * 3, "X-A: b"), False),
    }
    trials = []
    for name, (make, is_good) in plans.items():
        def do(peer: Peer, request: Seen, make: Any = make) -> None:
            body, line = make(body_of(peer, request))
            peer.answer(body, "200 OK", line)

        trials.append((f"{name}, list", lambda do=do, is_good=is_good: try_list(ground, do, fails=not is_good)))
        trials.append((f"{name}, order", lambda do=do, is_good=is_good: try_order(ground, do, verdict="applied" if is_good else "possibly_applied")))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {1}
    return f"{len(trials)} trials: a wrong or missing type and a BOM do not matter, UTF-16, UTF-32 and binary are retried; orders read back, 1 POST each"
