"""R-08 to R-10: owners and files that go away."""

from __future__ import annotations

import os
import signal
import struct
import time
from pathlib import Path
from typing import Any

from rig import host
from rig.ground import Ground
from rig.register import control, row
from rig.trial import GRACE_S, Lateness, together, wait_until
from rig.wirehub import WireHub

ASKER = """
c = client()
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    try: c.call("getListingVariantsCount", wait_ms=1000)
    except FlxError: pass
"""

LOCKER = """
import fcntl, struct
fd = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(fd, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK of the whole file
say(locked=True)
while True: time.sleep(1)
"""


def rate_limit_file(folder: Path) -> Path:
    found = [*folder.glob("rate-limit-*")]
    assert len(found) == 1, found
    return found[0]


def too_many(hub: WireHub) -> int:
    """Arrivals that make three within any second; only the unanswered limits of R-01 allow two."""
    times = sorted(one.at for one in hub.seen)
    return sum(third - first < 0.985 for first, third in zip(times, times[2:]))


@row("R-08", waits=True)
def a_process_dies_with_a_slot_or_the_lock(ground: Ground) -> str:
    from flxchannel import Client

    def with_slots() -> str:
        hub = ground.enter_context(WireHub())
        hub.pool = False
        folder = ground.folder / "slots"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder), "http.attempt_ms": 2000, "http.idle_ms": 2000}
        victims = [host.start(ground, ASKER, settings, "60") for _ in range(2)]
        wait_until(lambda: len(hub.seen) >= 4, "the victims to be busy")
        hub.fault(lambda peer, _: peer.hang(10), lambda _: True, 2)
        hanging = hub.faults[0]
        wait_until(lambda: hanging.done >= 1, "a hanging request")
        time.sleep(0.1)
        for one in victims:
            one.kill()
            one.wait()
        hub.heal()
        killed = time.monotonic()
        count = len(hub.seen)
        with Client(**settings) as client:
            while time.monotonic() - killed < 13:
                client.call("getListingVariantsCount", wait_ms=20_000)  # none is given up: that one would keep its slot, too
        after = [one.at - killed for one in hub.seen[count:]]
        bound = 1 + 2 + 5  # a second, http.attempt_ms in which it is sent, and five for what was sent and may still travel
        assert after and after[0] <= bound + GRACE_S, f"the first request after the kill came after {after[:1]} s"
        full = [second for first, second in zip(after, after[1:]) if second - first < 0.9]
        assert full and full[0] <= bound + 2 + GRACE_S, f"both slots were back only after {full[:1]} s: {after}"
        assert too_many(hub) == 0, "more than two within a second"
        return f"killed with {hanging.done} slots: first request after {after[0]:.1f} s, both slots back after {full[0]:.1f} s"

    def with_lock() -> str:
        hub = ground.enter_context(WireHub())
        hub.pool = False
        folder = ground.folder / "lock"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder)}
        with Client(**settings) as client:
            client.call("getListingVariantsCount", wait_ms=5000)
            locker = host.start(ground, LOCKER, settings, str(rate_limit_file(folder)))
            assert locker.stdout and locker.stdout.readline()
            locker.kill()
            locker.wait()
            began = time.monotonic()
            client.call("getListingVariantsCount", wait_ms=5000)
            took = time.monotonic() - began
        assert took <= 1.2 + GRACE_S, f"the lock of a dead process held for {took:.1f} s"
        return f"killed with the lock: the next call took {took:.2f} s"

    return "; ".join(together([("slots", with_slots), ("lock", with_lock)]))


@row("R-09", waits=True)
def a_process_stopped_with_the_lock(ground: Ground) -> str:
    from flxchannel import Client, FlxError

    hub = ground.enter_context(WireHub())
    hub.pool = False
    settings = host.config(ground, hub)
    folder = Path(settings["state_dir"])
    lateness = Lateness()
    with Client(**settings) as client:
        client.call("getListingVariantsCount", wait_ms=5000)
        locker = host.start(ground, LOCKER, settings, str(rate_limit_file(folder)))
        assert locker.stdout and locker.stdout.readline()
        locker.send_signal(signal.SIGSTOP)
        before = len(hub.seen)
        took, names = [], set()
        for wait_ms in (500, 5000, 30_000):
            began = time.monotonic()
            try:
                with lateness.kept(wait_ms):
                    client.call("getListingVariantsCount", wait_ms=wait_ms)
                raise AssertionError("a request went out without the budget")
            except FlxError as error:
                names.add(error.name)
                assert error.retryable, error
            took.append(time.monotonic() - began)
        with lateness.kept(300):
            try:
                client.flush(300)
            except FlxError as error:
                names.add(error.name)
        assert max(took) <= 2 + GRACE_S, f"calls waited {took} s for a process that is stopped"
        assert len(hub.seen) == before
        locker.send_signal(signal.SIGCONT)
        locker.kill()
        locker.wait()
        client.call("getListingVariantsCount", wait_ms=5000)
    assert too_many(hub) == 0
    return f"lock held by a stopped process: {', '.join(sorted(names))} after {', '.join(f'{s:.2f}' for s in took)} s, 0 requests meanwhile, works again at once; {lateness}"


def checksum(words: "list[int]") -> int:
    """As RateLimitLayout has it, so that a file that is wrong in one thing is right in all others."""
    def mixed(total: int, word: int) -> int:
        total = ((total ^ word) * 0x100000001B3) & (1 << 64) - 1
        return total ^ total >> 29

    lanes = [mixed(0xCBF29CE484222325, words[0]), 0x84222325CBF29CE4, 0x2325CBF29CE48422]
    for at in range(2, words[4]):
        lanes[(at - 2) % 3] = mixed(lanes[(at - 2) % 3], words[at])
    return mixed(mixed(lanes[0], lanes[1]), lanes[2])


def rewritten(content: bytes, change: Any) -> bytes:
    words = list(struct.unpack(f"<{len(content) // 8}Q", content))
    words = change(words)
    words[1] = checksum(words)
    return struct.pack(f"<{len(words)}Q", *words)


def of_another_boot(words: "list[int]") -> "list[int]":
    return [*words[:5], words[5] ^ 1, *words[6:]]


def of_the_future(words: "list[int]") -> "list[int]":
    now = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    # A machine that was just started has instants that are small, as counts are.
    return words[:2] + [word + 86_400_000 if word > 60_000 and abs(word - now) < 60_000 else word for word in words[2:]]


@row("R-10", set="core", waits=True)
def a_rate_limit_file_that_went_wrong(ground: Ground) -> str:
    """Two requests go, the file is spoiled at once, and a strict limiter watches what the next client does."""
    from flxchannel import Client, FlxError

    def one(name: str, spoil: Any) -> str:
        hub = ground.enter_context(WireHub())
        hub.pool = False
        folder = ground.folder / f"r10-{name.replace(' ', '-')}"
        folder.mkdir(mode=0o700)
        settings = {**host.config(ground, hub), "state_dir": str(folder)}
        with Client(**settings) as client:
            for _ in range(2):
                client.call("getListingVariantsCount", wait_ms=8000)
        spoil(rate_limit_file(folder))
        spoiled = time.monotonic()
        said = ""
        with Client(**settings) as client:
            try:
                for _ in range(4):
                    client.call("getListingVariantsCount", wait_ms=8000)
            except FlxError as error:
                said = error.name
        after = [seen.at - spoiled for seen in hub.seen[2:]]
        assert too_many(hub) == 0, f"{name}: more than two within a second: {[round(s.at - hub.seen[0].at, 2) for s in hub.seen]}"
        assert after or said == "FLX_E_RATE_LIMIT", f"{name}: {said}"
        if after and name != "read-only":
            assert after[0] >= 0.95, f"{name}: the first request came after {after[0]:.2f} s, before the second that nobody knows of was over"
        return f"{name} {after[0]:.2f} s" if after else f"{name} {said}"

    plans: "dict[str, Any]" = {
        "deleted": lambda path: path.unlink(), "truncated": lambda path: os.truncate(path, 100), "empty": lambda path: os.truncate(path, 0),
        "too long": lambda path: path.write_bytes(path.read_bytes() + b"x"), "garbage": lambda path: path.write_bytes(os.urandom(4096)),
        "zeros": lambda path: path.write_bytes(bytes(4096)), "a bit flipped": lambda path: path.write_bytes(bytes([path.read_bytes()[0]]) + bytes([path.read_bytes()[1] ^ 4]) + path.read_bytes()[2:]),
        "another boot": lambda path: path.write_bytes(rewritten(path.read_bytes(), of_another_boot)),
        "from the future": lambda path: path.write_bytes(rewritten(path.read_bytes(), of_the_future)),
        "read-only": lambda path: path.chmod(0o400),
    }
    return "first request after: " + ", ".join(together([(name, lambda name=name, spoil=spoil: one(name, spoil)) for name, spoil in plans.items()])) + "; never three within a second"


@control("a rate limit file that is forgotten")
def the_spoiled_file_is_told_from_a_good_one(ground: Ground) -> str:
    """Two clients with a rate limit file each must be seen as three within a second."""
    from flxchannel import Client

    hub = ground.enter_context(WireHub())
    hub.pool = False
    clients = []
    for name in ("a", "b"):
        (ground.folder / name).mkdir(mode=0o700)
        clients.append(ground.enter_context(Client(**{**host.config(ground, hub), "state_dir": str(ground.folder / name)})))
    together([(str(n), lambda client=client: [client.call("getListingVariantsCount", wait_ms=8000) for _ in range(3)]) for n, client in enumerate(clients)])
    assert too_many(hub) > 0, "two budgets for one token were not seen"
    return f"the checker saw {too_many(hub)} requests too many"
