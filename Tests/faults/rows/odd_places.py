"""X-03: hosts where little is as usual. Whatever is missing, the host goes on and ends; where nothing needed is, the job is done."""

from __future__ import annotations

import concurrent.futures
import errno
import json
import os
import random
import resource
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rig import native
from rig.channel import FAST, Channel
from rig.ground import Ground
from rig.register import control, row

DONE = "0 0 0 over"
"""What `poor_host` says when its job went well three times."""


@dataclass(frozen=True)
class Place:
    name: str
    command: "list[str]"
    says: "str | None" = None
    """What it must say; None where something that is needed is missing."""
    environment: "dict[str, str]" = field(default_factory=dict)
    first: "Callable[[], object] | None" = None
    """What the process does to itself before it is the host."""


def fault(place: Place, limit_s: float) -> "str | None":
    """What is wrong with a host in this place: it crashed, hung, or did not do its job."""
    process = subprocess.Popen(
        place.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
        env=place.environment, preexec_fn=place.first)
    try:
        out, err = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"{place.name}: hung for {limit_s:.0f} s"
    if process.returncode < 0 or process.returncode > 127:
        return f"{place.name}: crashed with {process.returncode} {err.strip()[-200:]}"
    if place.says is not None and (process.returncode or place.says not in out):
        return f"{place.name}: the job was not done, {process.returncode} {out.strip()[:100]!r} {err.strip()[-200:]}"
    return None


def faults(places: "list[Place]", limit_s: float = 60) -> "list[str]":
    """Hosts mostly wait, so that several run at a time."""
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return [one for one in pool.map(lambda place: fault(place, limit_s), places) if one]


class Odd:
    """A hub and hosts in C, each with a channel of its own, which share a rate limiter that knows the hub."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.hub, self.count = ground, ground.hub("--seed", "variants=400,exceptions=off", **FAST), 0
        self.rate_limit = ground.folder / "rate_limit"
        self.rate_limit.mkdir(mode=0o700)
        with self._channel().client() as client:
            client.probe(10_000)

    def _channel(self) -> Channel:
        self.count += 1
        more = {"rate_limit.dir": str(self.rate_limit), "http.attempt_ms": 2000, "pull.give_up_ms": 2000, "state.wait_ms": 2000}
        return Channel(self.ground, self.hub, f"odd-{self.count}", more)

    def config(self) -> str:
        return json.dumps(self._channel().config())

    def host(
        self, name: str, says: "str | None" = DONE, around: "tuple[str, ...]" = (), first: "Callable[[], object] | None" = None, **environment: str
    ) -> Place:
        command = [*around, str(native.program("poor_host")), self.config(), f"X-{self.count}"]
        return Place(name, command, says, native.environment(self.ground.library, **environment), first)

    def program(self, name: str, *arguments: str, says: "str | None" = "", flags: "tuple[str, ...]" = (), what: str = "") -> Place:
        return Place(what or name, [str(native.program(name, *flags)), self.config(), *arguments], says, native.environment(self.ground.library))


def closes(*numbers: int) -> "Callable[[], object]":
    return lambda: [os.close(number) for number in numbers]


def limits(what: int, value: int) -> "Callable[[], object]":
    return lambda: resource.setrlimit(what, (value, value))


def away() -> None:
    """The working directory is removed while one stands in it."""
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)


# --- where the job is done ----------------------------------------------------------------------------------------------

NOWHERE = "http://127.0.0.1:9"
ENVIRONMENTS: "dict[str, dict[str, str]]" = {
    "no home": {"HOME": ""}, "a home that is not there": {"HOME": "/nowhere/at/all", "TMPDIR": "/nowhere"}, "a device for a home": {"HOME": "/dev/null", "TMPDIR": "/dev/null"},
    "temporary files nowhere": {"TMPDIR": "", "TMP": "/nowhere", "SQLITE_TMPDIR": "/nowhere"}, "an odd language": {"LANG": "xx_YY.none", "LC_ALL": "../../etc", "LANGUAGE": "%s%n"},
    "a language of 64 KB": {"LANG": "x" * 65_000}, "not UTF-8": {"LANG": "\udcff\udcfe", "LC_ALL": "\udcff"}, "an odd zone": {"TZ": ":/dev/zero"}, "a zone that is none": {"TZ": "<%n>99:99:99,J999"},
    "proxies": dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"), NOWHERE), "proxies with a word on us": {"http_proxy": NOWHERE, "no_proxy": "*.test", "NO_PROXY": ""},
    "authorities": {"SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/nowhere", "CURL_CA_BUNDLE": "/nowhere"}, "settings of other libraries": {"OPENSSL_CONF": "/nowhere", "CURL_HOME": "/nowhere", "NETRC": "/dev/zero"},
    "allocator": {"MALLOC_PERTURB_": "165", "MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "4096"},
}


def bare(odd: Odd) -> Place:
    """No environment but where the library is."""
    place = odd.host("no environment")
    return Place(place.name, place.command, DONE, {"LD_LIBRARY_PATH": place.environment["LD_LIBRARY_PATH"]})


def where_the_job_is_done(odd: Odd, other: Path, loads: int) -> "list[Place]":
    places = [odd.host(name, **environment) for name, environment in ENVIRONMENTS.items()]
    places += [odd.program("small_stack", f"X-{odd.count}", str(kb), what=f"a stack of {kb} KB") for kb in (32, 48, 64, 96, 128)]
    places += [odd.host(f"descriptors {numbers} closed", None if 1 in numbers else DONE, first=closes(*numbers)) for numbers in ((0,), (1,), (2,), (0, 1), (0, 2), (0, 1, 2))]
    places += [
        bare(odd), odd.host("working directory removed", first=away), odd.host("no locked memory", around=("setpriv", "--bounding-set", "-ipc_lock", "prlimit", "--memlock=0")),
        odd.program("strange_host", "X-alarm", "C", "nearest", "20", what="an alarm every 20 us"),
        odd.program("copies", str(odd.ground.library), str(other), says="two copies", flags=("-rdynamic", "-ldl"), what="both artefacts in one process"),
        odd.program("reloaded", str(loads), str(odd.ground.library), says="0 ", flags=("-ldl",), what=f"loaded {loads} times"),
        odd.program("forking_log", odd.config(), "X-log", str(max(5, loads // 10)), says=f"{max(5, loads // 10)} 0 0", what="forks in a log function"),
    ]
    return places


def the_other(library: Path) -> Path:
    """The artefact that this one is not."""
    kind = {"standard": "slim", "slim": "standard"}[library.parent.name]
    other = library.parent.parent / kind / library.name
    assert other.exists(), f"the job is also done by both artefacts in one process, and there is no {kind} one: make lib slim"
    return other


@row("X-03", set="core", timeout_s=240, waits=True)
def odd_places(ground: Ground) -> str:
    odd, other = Odd(ground), the_other(ground.library)
    loads = ground.times(300, least=60)
    places = where_the_job_is_done(odd, other, loads)
    wrong = faults(places)
    assert not wrong, f"{len(wrong)} of {len(places)}: {' | '.join(wrong)}"
    return (
        f"{len(places)} odd places ({len(ENVIRONMENTS) + 1} environments, stacks of 32 to 128 KB, closed descriptors, no directory, no locked memory, alarms "
        f"every 20 us, both artefacts in one process, loaded {loads} times, {max(5, loads // 10)} forks in a log function): 0 crashes, 0 hangs, the job done in each")


# --- where something that is needed is missing --------------------------------------------------------------------------


def unsignalled(value: int) -> None:
    """A host that writes files under a limit has to ignore the signal of it, or be ended by it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (value, value))


@row("X-03", set="core", timeout_s=240, waits=True)
def tight_limits(ground: Ground) -> str:
    odd = Odd(ground)
    files = range(4, 21, 1 if ground.scale >= 1 else 4)
    sizes = sorted({0, 1, 4096, 60_000, *random.sample(range(60_000), ground.times(12, least=2))})
    places = [odd.host(f"{count} descriptors", None, first=limits(resource.RLIMIT_NOFILE, count)) for count in files]
    places += [odd.host(f"files of {size} bytes", None, first=lambda size=size: unsignalled(size)) for size in sizes]
    wrong = faults(places)
    assert not wrong, f"{len(wrong)} of {len(places)}: {' | '.join(wrong)}"
    return f"{len(files)} limits of descriptors from 4 to 20, {len(sizes)} of a file's size from 0 to 60,000: 0 crashes, 0 hangs"


@row("X-03", timeout_s=300, waits=True)
def little_address_space(ground: Ground) -> str:
    """From the least on with which the job is done it is done; below, an allocation that fails may end the process (K-06)."""
    odd = Odd(ground)

    def does(mb: int) -> "str | None":
        return fault(odd.host(f"{mb} MB", first=limits(resource.RLIMIT_AS, mb << 20)), 60)

    low, high = 8, 1024
    assert (said := does(high)) is None, said
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if does(middle) is None else (middle, high)
    below = [found for mb in range(max(8, high - ground.times(6)), high) if (found := does(mb))]
    above = [found for mb in range(high + 1, high + 1 + ground.times(12, least=4)) if (found := does(mb))]
    hung = [one for one in below if "hung" in one]
    assert not hung and not above, f"{hung} {above}"
    return f"the job takes {high} MB of address space: done with each MB more, {len(below)} below, {sum('crashed' in one for one in below)} of them ended by an allocation, 0 hangs"


CALLS = (
    "openat", "read", "write", "pread64", "pwrite64", "close", "newfstatat", "fstat", "lseek", "fcntl", "ftruncate", "fsync", "fdatasync", "unlink", "mkdir",
    "getdents64", "fstatfs", "statfs", "readlink", "fchmod", "socket", "connect", "poll", "sendto", "recvfrom", "setsockopt", "getsockopt", "getsockname",
    "getpeername", "socketpair", "pipe2", "eventfd2", "ioctl", "getrandom", "madvise", "mlock", "geteuid", "getpid", "uname", "sysinfo", "prctl", "clock_nanosleep",
    "rt_sigaction", "rt_sigprocmask", "sched_yield", "flock", "rename", "access", "munmap")


@row("X-03", timeout_s=400, waits=True)
def one_call_denied(ground: Ground) -> str:
    odd = Odd(ground)
    calls = [(call, code) for call in CALLS for code in (errno.EPERM, errno.ENOSYS)]
    chosen = random.sample(calls, min(len(calls), ground.times(48, least=8)))
    places = [odd.host(f"{call} fails with {errno.errorcode[code]}", None, **native.denied(call, code)) for call, code in chosen]
    wrong = faults(places, 90)
    assert not wrong, f"{len(wrong)} of {len(places)}: {' | '.join(wrong)}"
    return f"{len(places)} of {len(calls)} times one system call of {len(CALLS)} denied, with EPERM or ENOSYS: 0 crashes, 0 hangs"


# --- controls -----------------------------------------------------------------------------------------------------------


@control("X-03: hosts that crash or hang or do nothing", set="core", waits=True)
def bad_hosts(ground: Ground) -> str:
    program = str(native.compiled("bad_host.c"))
    kinds = {"crash": "crashed with -11", "hang": "hung", "idle": "the job was not done"}
    found = faults([Place(kind, [program, kind], DONE) for kind in kinds], 2)
    assert len(found) == 3 and all(any(words in one for one in found) for words in kinds.values()), found
    return f"seen: {' | '.join(found)}"


@control("X-03: a library that trusts in descriptors", set="core", waits=True)
def trusting_library(ground: Ground) -> str:
    odd = Odd(ground)
    wrong = {"WRONG": "trusting", "LD_PRELOAD": str(native.preload("wrong_library"))}
    found = faults([odd.host(f"{count} descriptors", None, first=limits(resource.RLIMIT_NOFILE, count), **wrong) for count in (5, 256)])
    assert len(found) == 1 and found[0].startswith("5 descriptors: crashed with -11"), found
    return f"seen: {found[0]}"
