"""Section N: what the host's process has left for a request: descriptors, signals, deadlines."""

from __future__ import annotations

import signal
import time
from typing import Any

from rig import host
from rig.authority import Authority
from rig.ground import Ground
from rig.register import control, row
from rig.trial import GRACE_S, Lateness, together
from rig.wirehub import Peer, Seen, WireHub


@row("N-26", set="core", waits=True)
def no_descriptor_left(ground: Ground) -> str:
    hub = ground.enter_context(WireHub())
    code = """
import resource
c = client()
c.call("getListingVariantsCount", wait_ms=8000)
c.submit(order("ALONE"))
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
own = open(__import__("os").devnull); seen = {}; late = (0, 0, ""); right = 0
for room in (0, 1, 2, 3, 4, 6, 12):
    resource.setrlimit(resource.RLIMIT_NOFILE, (60, hard))
    held = []
    try:
        while True: held.append(os.dup(own.fileno()))
    except OSError: pass
    for _ in range(room): os.close(held.pop())
    def pull():
        with c.pull("listings") as p: p.next(300)
    for name, what in {
        "flush": lambda: c.flush(300), "submit": lambda: c.submit(order(f"FD-{room:02d}")), "pull": pull,
        "call": lambda: c.call("getListingVariantsCount", wait_ms=300), "open": lambda: Client(**{**CONFIG, "channel": "other"}).close(),
    }.items():
        began = time.monotonic()
        try: what(); right += 1
        except FlxError as error: seen.setdefault(error.name, set()).add(str(error)[:120])
        late = max(late, (time.monotonic() - began - 0.3, room, name))
    for fd in held: os.close(fd)
    own.seek(0)
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
before = time.monotonic()
while any(r["state"] != "resolved" for r in c.outbox()):
    assert time.monotonic() - before < 60, c.outbox()
    c.flush(500)
say(seen={k: sorted(v) for k, v in seen.items()}, late=late, right=right, verdicts=[r["verdict"] for r in c.outbox()],
    attempts={r["number"]: r["attempts"] for r in c.outbox()})
"""
    said = host.finish(host.start(ground, code, host.config(ground, hub, **{"http.idle_ms": 1500})))[-1]
    assert said["late"][0] <= GRACE_S, f"a call was late: {said['late']} (s, descriptors left, call); {said['seen']}"
    assert "FLX_E_CLIENT_BUSY" not in said["seen"], f"a lock file that could not be opened passes for somebody else's lock: {said['seen']['FLX_E_CLIENT_BUSY']}"
    assert said["seen"] and "FLX_E_INTERNAL" not in said["seen"], said["seen"]
    assert set(said["verdicts"]) == {"applied"}, said
    for number, attempts in said["attempts"].items():
        assert hub.taken.count(number) == 1 and len(hub.posts(number)) <= attempts, (number, attempts)
    return (
        f"limit of descriptors with 0 to 12 left: {sum(map(len, said['seen'].values()))} clear errors ({', '.join(sorted(said['seen']))}), {said['right']} calls done, "
        f"host's file fine, {len(said['verdicts'])} orders applied once each after; worst {said['late'][0] * 1000:+.0f} ms")


@row("N-27", set="core", waits=True)
def no_broken_pipe_reaches_the_host(ground: Ground) -> str:
    """SIGPIPE at its default ends a process; the peer closes in the middle of a body of megabytes, plain and in TLS."""
    authority = Authority(ground)
    code = """
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
seen = []
c = client()
for n in range(3):
    c.submit(order(f"PIPE-{n}", extra={"ballast": "x" * 900_000}))
    for _ in range(60):
        c.flush(200)
        if len([e for e in c.history(f"PIPE-{n}")["events"] if e["what"] == "posted"]): break
    for size in (1, 8, 30):
        try: c.call("updateShipments", wait_ms=4000, body=[{"id": "1", "carrier": "x" * 1000}] * (size * 1000))
        except FlxError as error: seen.append(error.name)
assert signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL and not signal.sigpending()
say(seen=seen, verdicts=[r["verdict"] for r in c.outbox()])
os.write(2, b"")
"""

    def one(hub: WireHub, **config: Any) -> Any:
        def slam(peer: Peer, _: Seen) -> None:
            time.sleep(0.05)
            peer.reset()

        hub.fault(slam, lambda request: request.method in ("POST", "PATCH"), 0, is_early=True)
        said = host.finish(host.start(ground, code, host.config(ground, hub, state_dir=str(ground.folder / f"s{hub.port}"), **config)))[-1]
        assert set(said["verdicts"]) <= {"possibly_applied", "not_applied"}, said
        return len([one for one in hub.seen if not one.is_complete])

    plain, tls = ground.enter_context(WireHub()), ground.enter_context(WireHub(authority.context()))
    for hub in (plain, tls):
        (ground.folder / f"s{hub.port}").mkdir(mode=0o700)
    cut = together([("plain", lambda: one(plain)), ("TLS", lambda: one(tls, **{"http.ca_file": authority.file}))])
    assert all(cut), "no body was cut"
    return f"peer resets in the middle of large bodies ({cut[0]} plain, {cut[1]} TLS): SIGPIPE at its default, host alive, none pending"


@row("N-30", set="core", waits=True)
def a_storm_of_signals(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=120,history=off,exceptions=off", pool__size=1000, pool__refill=1000, latency__ms=100)
    code = """
ours, wakeup = os.pipe(); os.set_blocking(wakeup, False); os.set_blocking(ours, False)
signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)  # a byte for every signal that was delivered
signal.signal(signal.SIGALRM, lambda *_: None)
signal.siginterrupt(signal.SIGALRM, True)
c = client()
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
rows = 0
with c.pull("listings_to_sync", page_size=5) as pull:
    for page in pull: rows += len(page)
for n in range(5): c.submit(order(f"EINTR-{n}"))
while any(r["state"] != "resolved" for r in c.outbox()): c.flush(1000)
late = []
for _ in range(3):
    began = time.monotonic(); c.call("getListingVariantsCount", wait_ms=5000); late.append(time.monotonic() - began)
signal.setitimer(signal.ITIMER_REAL, 0)
attempts = [r["attempts"] for r in c.outbox()]
say(rows=rows, count=len(os.read(ours, 1 << 20)), verdicts=[r["verdict"] for r in c.outbox()], attempts=attempts)
"""
    said = host.finish(host.start(ground, code, host.config(ground, hub)))[-1]
    assert said["rows"] == len(hub.get("listings?waiting=sync&limit=1000")) and said["verdicts"] == ["applied"] * 5, said
    assert said["attempts"] == [1] * 5, "a signal cost an attempt"
    assert said["count"] > 300, f"{said['count']} signals are no storm"
    return f"{said['count']} SIGALRMs without SA_RESTART: {said['rows']} rows, 5 orders with 1 attempt each"


@control("a call over its deadline")
def a_late_call_is_seen(ground: Ground) -> str:
    """One that returns late, and one that raises late, as calls with a deadline do."""
    seen = []
    for raised in (None, TimeoutError("the deadline is over")):
        try:
            with Lateness().kept(100):
                time.sleep(0.1 + GRACE_S + 3)
                if raised:
                    raise raised
        except AssertionError as error:
            assert error.__context__ is raised, "what the call raised is lost"
            seen.append(str(error))
        except TimeoutError:
            pass
    assert len(seen) == 2, f"a call that was late passed; seen: {seen}"
    return f"the checker saw: returned, {seen[0]}; raised, {seen[1]}"


@control("a host that dies of SIGPIPE")
def a_broken_pipe_is_seen(ground: Ground) -> str:
    """The same kind of host, writing to a closed socket itself, must be seen to end."""
    code = """
import socket
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
a, b = socket.socketpair(); b.close(); a.send(b"x")
"""
    try:
        host.finish(host.start(ground, code, {}))
    except AssertionError as error:
        assert f"ended with -{int(signal.SIGPIPE)}" in str(error), error
        return "the checker saw the host end with SIGPIPE"
    raise AssertionError("a host that died of SIGPIPE passed")
