"""K-06, K-12: no memory."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import random
import signal
import subprocess
from pathlib import Path

from rig import native
from rig.channel import FAST, Channel, judge, wait_for
from rig.ground import Ground
from rig.register import row
from rows.process.cores import resident


def poor(ground: Ground, channel: Channel, library: str, at: int, how_many: int, prefix: str) -> "tuple[int, str, int]":
    count = ground.folder / f"calls-{channel.name}"
    host = subprocess.run(
        [str(native.program("poor_host")), json.dumps(channel.config()), prefix],
        env=native.environment(
            LD_PRELOAD=str(native.preload("no_memory")), NO_MEMORY_IN=library, NO_MEMORY_AT=str(at),
            NO_MEMORY_FOR=str(how_many), NO_MEMORY_COUNT=str(count)),
        capture_output=True, text=True, timeout=60)
    return host.returncode, host.stdout, int(count.read_text()) if host.returncode == 0 else 0


@row("K-06", timeout_s=120)
def no_memory(ground: Ground) -> str:
    """malloc, calloc and realloc fail at the Nth call from libcurl, jansson and SQLite: an error, and no more."""
    hub = ground.hub("--seed", "tiny", **FAST)

    def one(library: str) -> str:
        channel = Channel(ground, hub, library.split(".")[0])
        channel.client().close()
        code, _, calls = poor(ground, channel, library, 0, 0, f"{channel.name}-0")
        assert code == 0 and calls > 50, f"{library}: {calls} calls counted, status {code}"
        points = sorted(random.sample(range(1, calls + 1), min(calls, ground.times(16, least=6))))
        errors = 0
        for index, at in enumerate(points, 1):
            code, out, _ = poor(ground, channel, library, at, (1, 1, 1, 1 << 40)[index % 4], f"{channel.name}-{index}")
            assert code == 0 and "over" in out, f"{library}, call {at}: ended with {code}"
            errors += any(word != "0" for word in out.split()[:-1])
        channel.settle_down()
        return f"{library}: {len(points)} of {calls} calls, {errors} runs saw an error"

    def swift() -> str:
        channel = Channel(ground, hub, "swift")
        channel.client().close()
        _, _, calls = poor(ground, channel, "libflxchannel.so", 0, 0, "swift-0")
        ends: "dict[int, int]" = {}
        for index in range(1, 9):
            code, _, _ = poor(ground, channel, "libflxchannel.so", random.randrange(1, max(2, calls)), 1, f"swift-{index}")
            ends[code] = ends.get(code, 0) + 1
        channel.settle_down()
        return ", ".join(f"{times} x {'status 0' if code == 0 else signal.Signals(-code).name}" for code, times in sorted(ends.items()))

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        exception = pool.submit(swift)
        told = list(pool.map(one, ("libcurl.so", "libjansson.so", "libsqlite3.so")))
    at_hub = hub.order_numbers()
    assert len(at_hub) == len(set(at_hub)), "an order was doubled"
    for name in ("libcurl", "libjansson", "libsqlite3", "swift"):
        known = {row["number"]: row["verdict"] for row in Channel(ground, hub, name).rows()}
        missing = [number for number, verdict in known.items() if (verdict == "applied") != (number in at_hub)]
        assert not missing, f"verdicts that are not so: {missing[:5]}"
    return (
        f"{'; '.join(told)}; no crash, none lost or doubled. The documented exception: an allocation of the Swift core that fails "
        f"ends the process, as K-01 ({exception.result()})")


def memory_group(ground: Ground, limit: int) -> "tuple[Path, str] | None":
    """A cgroup with a memory limit, of either version; None if the kernel does not let us."""
    for base, name in ((Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"), (Path("/sys/fs/cgroup"), "memory.max")):
        group = base / f"flx-fault-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        ground.callback(_remove, group)
        try:
            (group / name).write_text(str(limit))
            return group, name
        except OSError:
            continue
    return None


def _remove(group: Path) -> None:
    with contextlib.suppress(OSError):
        group.rmdir()


HUNGRY = (
    "held = []\n"
    "def eat():\n"
    "    while True:\n        held.append(os.urandom(1 << 20)); time.sleep(.004)\n"
    "i = int(sys.argv[1])\nc = client()\nthreading.Thread(target=eat, daemon=True).start()\n"
    "while True:\n"
    "    c.submit(order(f'O-{i}')); print(f'O-{i}', flush=True); i += 1\n"
    "    c.flush(20)\n")


@row("K-12", timeout_s=120)
def out_of_memory(ground: Ground) -> str:
    """The kernel's OOM killer ends a host that eats memory while it submits and sends."""
    hub = ground.hub("--seed", "tiny", latency__ms=10, **FAST)
    channel = Channel(ground, hub)
    group = memory_group(ground, 96 << 20)
    turns, numbers, killed = ground.times(8, least=2), [], 0
    for turn in range(turns):
        if group:
            around: "tuple[str, ...]" = ("sh", "-c", f'echo $$ > {group[0]}/cgroup.procs && exec "$@"', "sh")
        else:
            around = ()
        host = channel.python(HUNGRY, str(turn * 100_000), around=around)
        if not group:  # as the OOM killer would: SIGKILL at a size
            wait_for(lambda: resident(host.pid) > 96 << 20 or host.poll() is not None, "the host to grow")
            host.kill()
        out, err = host.communicate(timeout=60)
        assert host.returncode == -signal.SIGKILL, f"ended with {host.returncode}: {err[-300:]}"
        killed += 1
        numbers += out.split("\n")[:-1]
    channel.settle_down()
    figures = judge(channel, numbers, is_killed=True)
    how = f"cgroup limit of 96 MB ({group[1]})" if group else "no cgroup to be had: SIGKILL at 96 MB resident"
    return f"{killed} hosts killed for memory, {how}; {figures}"
