"""K-13: what a core shows."""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import subprocess
from pathlib import Path

from rig import native
from rig.channel import FAST, end
from rig.ground import Ground
from rig.register import control, row


def resident(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    return 0


TOKEN = "tok-5b1c9f0e-never-in-a-core-7d2a"
TOKEN_END = TOKEN[-16:].encode()  # the allocator writes over the beginning of what is freed


def core_of(ground: Ground, hub: object, requests: int, way: str, by: str) -> bytes:
    """The core of a host that keeps no token itself, taken by the kernel or by gcore; `way` it gives the token."""
    folder = ground.folder / f"core-{requests}-{way}-{by}"
    folder.mkdir()
    config = {"channel": "core", "state_dir": str(folder / "state"), "origin": hub.url}  # type: ignore[attr-defined]
    host = subprocess.Popen(
        [str(native.program("quiet_host")), json.dumps(config), str(requests), way], env=native.environment(), cwd=folder,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
    ground.callback(end, host)
    assert host.stdin and host.stdout
    host.stdin.write(TOKEN)
    host.stdin.close()
    assert host.stdout.readline() == "ready\n"
    host.stdin = None
    if by == "gcore":
        subprocess.run(["gcore", "-o", str(folder / "core"), str(host.pid)], check=True, capture_output=True, timeout=60)
    else:
        host.send_signal(signal.SIGABRT)
        host.wait()
    core = next((path for path in folder.glob("core*") if path.is_file()), None)
    assert core, f"no core was written: core_pattern is {Path('/proc/sys/kernel/core_pattern').read_text().strip()}"
    content = core.read_bytes()
    assert b"flx_client" in content or b"flxchannel" in content, "this is no core of the host"
    return content


@row("K-13", timeout_s=90)
def core_dump(ground: Ground) -> str:
    hub = ground.hub("--seed", "tiny", "--token", TOKEN, **FAST)
    ways = ["gcore"]
    if not Path("/proc/sys/kernel/core_pattern").read_text().startswith("|"):
        ways.append("kernel")

    def times(requests: int, given: str, by: str) -> int:
        return core_of(ground, hub, requests, given, by).count(TOKEN_END)

    idle = {f"{by}, {given}": times(0, given, by) for by in ways for given in ("set", "json", "escaped", "replace")}
    assert not any(idle.values()), f"the token stands in the core of an idle client: {idle} times"
    after = {by: times(3, "set", by) for by in ways}
    # The header says so: libcurl builds each request in a buffer of its own, and frees it as it is.
    assert all(times <= 3 for times in after.values()), f"the token stands in the core after 3 requests: {after} times"
    return (
        f"token found 0 times in {len(idle)} cores of idle clients ({'; '.join(idle)}), {after} times after 3 requests "
        "(libcurl's request buffers, freed as they are)")


@control("K-13: a host that keeps a copy of the token")
def core_dump_of_keeper(ground: Ground) -> str:
    hub = ground.hub("--seed", "tiny", "--token", TOKEN, **FAST)
    times = core_of(ground, hub, 0, "keep", "gcore").count(TOKEN_END)
    assert times == 1, f"found {times} times, not once"
    return "found once, as the host has it"
