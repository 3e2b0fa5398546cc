"""K-03: stopped."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import signal
import time
from pathlib import Path

from rig.channel import FAST, STRICT, Channel, finish, judge, wait_for
from rig.ground import Ground
from rig.register import row

STOPS = {
    "gate being taken": "fcntl:when=2",
    "submit being stored": "fdatasync:when=2",
    "rate limit file held": "pread64:when=@rate_limit",
    "connecting": "connect:when=1",
    "request leaving": "sendto:when=1",
    "waiting for the answer": "poll:when=2",
    "answer arriving": "recvfrom:when=1",
    "claim being taken": "fcntl:when=20",
    "sending being stored": "fdatasync:when=9",
    "result being stored": "fdatasync:when=13",
}
"""Where a sender is stopped: at the entry of this system call."""


def state_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return "gone"


def child_of(pid: int, name: str) -> int:
    """The child of a process that runs this program (a hash of its source is behind its name); strace has short-lived ones of its own."""
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if Path(f"/proc/{child}/comm").read_text().startswith(name):
                return int(child)
    return 0


def stands_still(pid: int) -> bool:
    """Stopped, and not only for a moment of its tracer's."""
    def switches() -> str:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/status").read_text().partition("voluntary_ctxt_switches")[2]
        return "gone"

    before = switches()
    for _ in range(5):
        if state_of(pid) not in ("T", "t"):
            return False
        time.sleep(0.03)
    return before == switches() != "gone"


def stopped_at(ground: Ground, name: str, where: str, index: int, seconds: float, attempt_ms: int) -> str:
    """Stop a sender there, let another process work meanwhile, let the first go on, and ask the hub."""
    from flxchannel import FlxError

    hub = ground.hub("--seed", "tiny", latency__ms=120, **STRICT)
    channel = Channel(ground, hub, f"stop-{index}", {"http.attempt_ms": attempt_ms})
    channel.client().close()
    call, when = where.split(":")
    around = ["strace", "-f", "-o", "/dev/null"]
    if when.endswith("@rate_limit"):  # a read of the rate limit file, which is done under its lock
        when = "when=1"
        around += ["-P", str(next(channel.state_dir.glob("rate-limit-*")))]
    around += ["-e", f"trace={call}", "-e", f"inject={call}:signal=STOP:{when}"]
    first = channel.worker(f"A{index}", 0, 1, around=around)
    pid = wait_for(lambda: child_of(first.pid, "worker"), "the sender")
    wait_for(lambda: stands_still(pid) or first.poll() is not None, f"the stop: {name}")
    assert first.poll() is None, f"{name}: never came to its stop: {finish(first)}"
    began = time.monotonic()
    second = channel.worker(f"B{index}", 0, 1, **{"state.wait_ms": 30_000})
    # Whoever meets the stopped one at the state waits its own time and no longer.
    asked = time.monotonic()
    with contextlib.suppress(FlxError), channel.client(**{"state.wait_ms": 300}) as client:
        client.outbox()
    waited = time.monotonic() - asked
    assert waited < 3, f"{name}: a call with 300 ms took {waited:.1f} s"
    time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    assert stands_still(pid), f"{name}: it went on by itself"
    os.kill(pid, signal.SIGCONT)
    finish(second, 60)
    finish(first, 60)
    channel.settle_down()
    numbers = [f"A{index}-000000", f"B{index}-000000"]
    judge(channel, numbers, is_killed=True)
    with channel.client() as client:
        return " ".join(event["what"] for event in client.history(numbers[0])["events"][1:])


@row("K-03", timeout_s=120)
def stopped_and_continued(ground: Ground) -> str:
    """Five seconds at each point; then longer than every time the library has, made short: attempts of 1 s."""
    cases = [(name, where, 5.0, 60_000) for name, where in STOPS.items()]
    cases += [(name, where, 14.0, 1000) for name, where in STOPS.items()]
    with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
        jobs = [
            pool.submit(stopped_at, ground, name, where, index, seconds, attempt_ms)
            for index, (name, where, seconds, attempt_ms) in enumerate(cases)]
        ends = [job.result() for job in jobs]
    taken = sum("taken_over" in one for one in ends)
    assert not any("taken_over" in one for one in ends[:len(STOPS)]), "taken over within the attempt's time"
    assert taken, "nothing was taken over from a process that stood still"
    return (
        f"{len(STOPS)} points ({', '.join(STOPS)}), each 5 s, and 14 s at attempts of 1 s, which outlasts slot, attempt and "
        f"lease as 5 min do at 60 s: {taken} orders taken over; 0 lost, 0 doubled, 0 x 429 at a strict limiter")


@row("K-03", timeout_s=60)
def stopped_in_a_pull(ground: Ground) -> str:
    """A puller stands still with the feed's lock: another is told within its own wait, and the walk goes on where it was."""
    from flxchannel import ClientBusyError

    hub = ground.hub("--seed", "variants=200", latency__ms=50, **FAST)
    channel = Channel(ground, hub)
    puller = channel.python(
        "seen = []\n"
        "with client() as c, c.pull('listings_to_sync', page_size=20) as pull:\n"
        "    for page in pull:\n        seen += [r['id'] for r in page]\n        print(len(seen), flush=True)\n"
        "assert len(seen) == len(set(seen))\nprint('all', len(seen))\n")
    assert puller.stdout
    puller.stdout.readline()
    puller.send_signal(signal.SIGSTOP)
    with channel.client(**{"state.wait_ms": 300}) as client:
        began = time.monotonic()
        try:
            client.pull("listings_to_sync")
            raise AssertionError("two pulls of one queue")
        except ClientBusyError:
            waited = time.monotonic() - began
            assert waited < 4, f"waited {waited:.1f} s with 300 ms"
    time.sleep(5)
    puller.send_signal(signal.SIGCONT)
    out = finish(puller)
    given = int(out.split()[-1])
    waiting = hub.get("totals")["waiting_for_sync"]
    assert given == waiting, f"{given} of {waiting} listings"
    return f"a pull stopped for 5 s gave all {given} listings once; another pull was refused within its own wait"
