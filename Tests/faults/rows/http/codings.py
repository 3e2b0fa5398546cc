"""Section H: codings that are broken or burst."""

from __future__ import annotations

import gzip
import zlib

from rig import host
from rig.ground import Ground
from rig.register import row
from rig.trial import Lateness, through, together, try_list, try_order
from rig.wirehub import Peer, Seen, WireHub
from rows.network.cut_answers import body_of


def deflated(data: bytes, form: str) -> bytes:
    whole = gzip.compress(data)
    return {
        "truncated": whole[:-12], "no trailer": whole[:-8], "bad CRC": whole[:-8] + bytes(4) + whole[-4:], "plain": data, "double": gzip.compress(whole), "half": whole[: len(whole) // 2],
        "empty": b"",
    }[form]


@row("H-18", "H-19", set="core", waits=True)
def a_coding_that_is_broken(ground: Ground) -> str:
    lateness = Lateness()
    trials = []
    for form in ("truncated", "bad CRC", "half", "empty", "plain", "double"):
        def do(peer: Peer, request: Seen, form: str = form) -> None:
            peer.answer(deflated(body_of(peer, request), form), "200 OK", "Content-Encoding: gzip")

        trials += through(ground, f"gzip {form}", do, lateness=lateness)
    for coding in ("br", "zstd", "rot13", "gzip, gzip", "compress"):
        def named(peer: Peer, request: Seen, coding: str = coding) -> None:
            peer.answer(body_of(peer, request), "200 OK", f"Content-Encoding: {coding}")

        trials += through(ground, coding, named, lateness=lateness)

    def good(peer: Peer, request: Seen) -> None:
        peer.answer(gzip.compress(peer.hub.page(request)), "200 OK", "Content-Encoding: gzip")

    def no_trailer(peer: Peer, request: Seen) -> None:
        """All the JSON is there, which alone decides (decision 6)."""
        peer.answer(deflated(body_of(peer, request), "no trailer"), "200 OK", "Content-Encoding: gzip")

    trials.append(("without trailer, list", lambda: try_list(ground, no_trailer, fails=False)))
    trials.append(("without trailer, order", lambda: try_order(ground, no_trailer, verdict="applied")))
    hub = ground.enter_context(WireHub())
    trials.append(("whole", lambda: try_list(ground, good, hub=hub, fails=False)))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {1}, "an order was read back, so 1 POST"
    assert "gzip" in hub.reads()[0].headers["accept-encoding"] and "br" not in hub.reads()[0].headers["accept-encoding"]
    return f"{len(trials)} trials (gzip truncated, bad CRC, on plain text, double; br, zstd, unknown): possibly applied and read back, lists retried; without trailer the JSON was whole: taken; nothing partial; {lateness}"


BOMB = """
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
cap = CONFIG["http.body_bytes"]
c = client()
c.call("getListingVariantsCount", wait_ms=9000)
out = {}
for kind in sys.argv[1:]:
    open("/proc/self/clear_refs", "w").write("5")
    before = peak()
    began = time.monotonic()
    try:
        c.call("getListingVariants", page=1, wait_ms=60000); name = "delivered"
    except FlxError as error: name = error.name
    out[kind] = [name, (peak() - before) * 1024, round(time.monotonic() - began, 2)]
    time.sleep(0.2)
say(**out)
"""


@row("H-20", set="core", waits=True)
def a_bomb(ground: Ground) -> str:
    """Stopped at the cap, whatever it would inflate to; the host's memory grows by no more than the cap and 64 KB."""
    cap = 4 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    more = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    kinds = ("200 MB in 204 KB", "10 GB of zeros", "10 GB plain", "brotli", "10 GB of spaces")
    packed = gzip.compress(bytes(200 << 20), 9)  # before anybody asks for it: a request has its deadline

    def do(peer: Peer, request: Seen) -> None:
        kind = kinds[done[0]]
        done[0] += 1
        coded = "Content-Encoding: gzip"
        if kind == "200 MB in 204 KB":
            peer.answer(packed, "200 OK", coded)
            return
        if kind == "brotli":
            peer.answer(bytes.fromhex("5bffff3f") * 50_000, "200 OK", "Content-Encoding: br")
            return
        peer.send(peer.hub.head("200 OK", None, "Connection: close", *([coded] if "zeros" in kind else [])))
        if "zeros" in kind:
            peer.send(zeros)
        block = more if "zeros" in kind else b" " * (1 << 20) if "spaces" in kind else bytes(1 << 20)
        for _ in range(10_240):
            peer.send(block)

    done = [0]
    hub = ground.enter_context(WireHub())
    hub.fault(do, lambda request: request.query.get("page") == "1", 0)
    said = host.finish(host.start(ground, BOMB, host.config(ground, hub, **{"http.body_bytes": cap}), *kinds))[-1]
    wrong = [f"{kind}: {name}, {grown} bytes more" for kind, (name, grown, _) in said.items() if name != "FLX_E_PROTOCOL" or grown > 2 * cap + (64 << 10)]  # a body that grows is there twice for a moment
    assert not wrong, f"cap {cap}: " + "; ".join(wrong)
    return "; ".join(f"{kind}: {name}, {grown >> 10} KB more" for kind, (name, grown, _) in said.items()) + f"; cap {cap >> 10} KB"
