"""K: what may happen to the process that hosts the library. K-01 and K-02 stand with the kill loop."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from rig import native
from rig.channel import FAST, STRICT, Channel, end, finish, judge, kill, posts, wait_for
from rig.ground import ROOT, Ground
from rig.register import control, row

# --- K-03: stopped ----------------------------------------------------------------------------------------------------

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


# --- K-04: ends during a call -----------------------------------------------------------------------------------------


@row("K-04", set="core", timeout_s=90)
def ends_during_calls(ground: Ground) -> str:
    hub = ground.hub("--seed", "tiny", latency__ms=15, **FAST)
    channel = Channel(ground, hub)
    program = str(native.program("leaving"))
    ends: "dict[str, int]" = {}
    for how in ("exit", "exit-inside", "close", "sleep"):
        for turn in range(ground.times(8, least=3)):
            host = channel.start([program, json.dumps(channel.config()), how, str(random.randrange(1, 120))], native.environment())
            assert host.stdout and host.stdout.readline() == "there\n"
            if how == "sleep":
                time.sleep(random.uniform(0, 0.1))
                host.send_signal(signal.SIGTERM)
            began = time.monotonic()
            finish(host, 20, code=-signal.SIGTERM if how == "sleep" else 0)
            assert time.monotonic() - began < 10, f"{how}: hung at its end"
            ends[how] = ends.get(how, 0) + 1
    channel.settle_down()
    numbers = [row["number"] for row in channel.rows()]
    return f"hosts with 3 threads inside the library ended by {ends}: no crash, no hang; {judge(channel, numbers, is_killed=True)}"


DEAF_NAMES = """
import os, socket, subprocess, sys, tempfile, time
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("127.0.0.1", 53))
file = tempfile.NamedTemporaryFile("w", suffix=".conf")
file.write("nameserver 127.0.0.1\\noptions timeout:20\\n"); file.flush()
subprocess.run(["mount", "--bind", file.name, os.path.realpath("/etc/resolv.conf")], check=True)
sys.exit(subprocess.run(sys.argv[1:]).returncode)
"""


@row("K-04", timeout_s=60)
def ends_while_a_resolver_lives(ground: Ground) -> str:
    """The name server is silent, so libcurl's resolver thread outlives the call, the client, and main()."""
    turns = ground.times(4, least=2)
    began = time.monotonic()
    for turn in range(turns):
        config = {
            "channel": "names", "token": "t", "state_dir": str(ground.folder / "names"), "origin": "https://hub.invalid"}
        host = subprocess.run(
            ["unshare", "--net", "--mount", sys.executable, "-c", DEAF_NAMES, str(native.program("leaving")), json.dumps(config),
             ("exit", "close")[turn % 2], "400"],
            env=native.environment(), capture_output=True, text=True, timeout=30)
        assert host.returncode == 0, f"ended with {host.returncode}: {host.stderr[-400:]}"
    each = (time.monotonic() - began) / turns
    assert each < 5, f"a host took {each:.1f} s to end: it waited for the resolver"
    return f"{turns} ends with a resolver thread alive (silent name server): status 0, {each:.1f} s each"


# --- K-05: fork -------------------------------------------------------------------------------------------------------


@row("K-05", set="core", timeout_s=120)
def forks_in_the_middle_of_calls(ground: Ground) -> str:
    hub = ground.hub("--seed", "tiny", latency__ms=10, **FAST)
    channel = Channel(ground, hub)
    forks = ground.times(300, least=30)
    host = channel.start(
        [str(native.program("forking")), json.dumps(channel.config()), str(forks)], native.environment())
    out, err = host.communicate(timeout=110)
    assert host.returncode == 0, f"ended with {host.returncode}: {err[-600:]}"
    bad, parent_error, open_ones = (int(word) for word in out.split()[:3])
    assert bad == 0, f"{bad} of {forks} children went wrong: {err[:600]}"
    assert parent_error == 0, f"a call of the parent ended with {parent_error}"
    assert open_ones == 0, f"not close-on-exec: {out}"
    channel.settle_down()
    numbers = [row["number"] for row in channel.rows()]
    own = sum(number.startswith("C-") for number in numbers)
    assert own == forks, f"{own} orders of {forks} children"
    figures = judge(channel, numbers, is_killed=True)
    return f"{forks} forks while 4 threads are in calls: FORKED, close, own client with an order in each; all descriptors close-on-exec; {figures}"


@row("K-05", set="core", timeout_s=60)
def owner_forks_and_is_killed(ground: Ground) -> str:
    """The lock owner leaves a child behind and dies: its feed and its order on the wire are free at once."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    hub.delay(order_number="F-1", ms=20_000)
    owner = channel.python(
        "c = client()\nc.submit(order('F-1'))\npull = c.pull('listings_to_sync')\nc.flush(2500)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n    time.sleep(60)\n    os._exit(0)\n"
        "print(pid, flush=True)\ntime.sleep(60)\n")
    assert owner.stdout
    child = int(owner.stdout.readline())
    assert hub.order_numbers() == ["F-1"], "the order was to be on the wire"
    kill(owner)
    try:
        began = time.monotonic()
        with channel.client() as client:
            client.pull("listings_to_sync").close()
            while client.flush(500).waiting["orders"]:
                assert time.monotonic() - began < 10, "the dead owner's order is still held"
        took = time.monotonic() - began
        assert state_of(child) not in ("gone", "Z"), "the child is gone: this shows nothing"
    finally:
        os.kill(child, signal.SIGKILL)
    return f"owner killed, child alive: pull and order free, order resolved after {took:.1f} s; {judge(channel, ['F-1'], is_killed=True)}"


@row("K-05", set="core", timeout_s=60)
def child_leaves_the_parent_alone(ground: Ground) -> str:
    """Closing in a child while the parent's order is on the wire, and while the parent is inside a commit."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    hub.delay(order_number="G-0", ms=3000)
    host = channel.python(
        "c = client()\nc.submit(order('G-0'))\nc.flush(2000)\n"
        "def submit():\n    for i in range(1, 200): c.submit(order(f'G-{i}'))\n"
        "thread = threading.Thread(target=submit); thread.start()\n"
        "for turn in range(20):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        try: c.stats(); os._exit(2)\n"
        "        except ForkedError: pass\n"
        "        c.close(); os._exit(0)\n"
        "    assert os.waitpid(pid, 0)[1] == 0, turn\n"
        "thread.join()\n"
        "while c.flush(1000).waiting['orders']: pass\n")
    finish(host)
    figures = judge(channel, [f"G-{i}" for i in range(200)], is_killed=False)
    assert len(posts(hub)) == 200, "the parent's order on the wire was disturbed"
    return f"20 children closed the inherited client: the order on the wire got its answer, one POST each; {figures}"


@row("K-05", set="core", timeout_s=60)
def nothing_leaks_through_exec(ground: Ground) -> str:
    """Programs started by vfork and exec in the middle of calls see no descriptor of the library.

    The clients are there before: libcurl makes a client's wake-up sockets in a system call without close-on-exec, and
    what another thread starts before the next system call inherits them."""
    hub = ground.hub("--seed", "tiny", latency__ms=20, **FAST)
    channel = Channel(ground, hub)
    host = channel.python(
        "import subprocess\n"
        "c = client()\nover = False\n"
        "def work():\n"
        "    i = 0\n"
        "    while not over:\n        c.submit(order(f'X-{i}')); c.flush(50); i += 1\n"
        "own = client()\n"
        "def pull():\n"
        "    while not over:\n"
        "        with own.pull('listings_to_sync') as p:\n            p.next(100)\n"
        "threads = [threading.Thread(target=t) for t in (work, pull)]\n"
        "[t.start() for t in threads]\nseen = set()\n"
        f"for turn in range({ground.times(60, least=15)}):\n"
        "    time.sleep(0.003)\n"
        "    out = subprocess.run(['ls', '-l', '/proc/self/fd'], close_fds=False, capture_output=True, text=True).stdout\n"
        "    for line in out.splitlines()[1:]:\n"
        "        name, _, target = line.partition(' -> ')\n"
        "        if int(name.split()[-1]) > 2 and not target.startswith('/proc/'): seen.add(target.split(':')[0])\n"
        "over = True\n[t.join() for t in threads]\nprint(sorted(seen))\n")
    seen = finish(host).strip()
    assert seen == "[]", f"programs that the host started inherited: {seen}"
    return "programs started during submit, flush and pull inherited no descriptor"


# --- K-06: no memory --------------------------------------------------------------------------------------------------


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


# --- K-07 to K-11: strange hosts --------------------------------------------------------------------------------------


@row("K-07", set="core", timeout_s=60)
def small_stack(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=100,exceptions=off", **FAST)
    channel = Channel(ground, hub)
    host = channel.start([str(native.program("small_stack")), json.dumps(channel.config()), "S-1"], native.environment())
    used = int(finish(host).split()[0])
    assert used <= 120, f"{used} KB of 128 were used"
    return f"the whole job, and documents nested 4,096 deep, on a stack of 128 KB: {used} KB used; {judge(channel, ['S-1'], is_killed=False)}"


@row("K-08", set="core", timeout_s=60)
def unruly_log_functions(ground: Ground) -> str:
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    host = channel.start([str(native.program("callbacks")), json.dumps(channel.config()), "U"], native.environment())
    said = finish(host, 40).strip()
    header = (ROOT / "include/flxchannel.h").read_text()
    assert "must return normally" in header and "must not call the library for the\n * same client" in header, "not documented"
    channel.settle_down()
    return f"{said}; the header says that it must return and not call; {judge(channel, ['U-1', 'U-2', 'U-3'], is_killed=True)}"


@row("K-09", set="core", timeout_s=100)
def many_threads(ground: Ground) -> str:
    """64 threads on one client, all calls at once; one of them closes it in the end."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    count = ground.times(4, least=2)
    host = channel.python(
        "c = client()\ncodes = {}\n"
        "def note(e): codes[e.name] = codes.get(e.name, 0) + 1\n"
        "def work(n):\n"
        f"    for i in range({count}):\n"
        "        c.submit(order(f'T-{n}-{i}'))\n"
        "        for use in (lambda: c.flush(20), c.stats, c.outbox, c.logs, lambda: c.pull('orders', cursor=str(n)).close(),\n"
        "                    lambda: c.call('getListingVariantsCount', wait_ms=50)):\n"
        "            try: use()\n            except FlxError as e: note(e)\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in range(64)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "while c.flush(1000).waiting['orders']: pass\n"
        "def late():\n"
        "    while True:\n"
        "        try: c.flush(10); c.stats()\n        except FlxError as e: return note(e)\n"
        "threads = [threading.Thread(target=late) for n in range(8)]\n"
        "[t.start() for t in threads]; time.sleep(.1); c.close(); [t.join() for t in threads]\n"
        "print(json.dumps(codes))\n")
    codes = json.loads(finish(host, 90))
    # A flush of 20 ms may find the state file taken for all of them.
    allowed = {"FLX_E_CLIENT_BUSY", "FLX_E_STATE_BUSY", "FLX_E_THROTTLED", "FLX_E_HANDLE", "FLX_E_TIMEOUT"}
    assert set(codes) <= allowed, f"refused with {codes}"
    return f"64 threads on one client: served or refused ({codes}); {judge(channel, [f'T-{n}-{i}' for n in range(64) for i in range(count)], is_killed=False)}"


@row("K-10", set="core", timeout_s=60)
def two_copies(ground: Ground) -> str:
    """dlclose, two copies of the library in one process, and a host that has loaded other curl and TLS libraries for all to see."""
    hub = ground.hub("--seed", "tiny", **FAST)
    channel = Channel(ground, hub)
    copy = ground.folder / "copy" / ground.library.name
    copy.parent.mkdir()
    shutil.copy(ground.library, copy)
    host = channel.start(
        [str(native.program("copies", "-rdynamic", "-ldl")), json.dumps(channel.config()), str(ground.library), str(copy)],
        native.environment())
    said = finish(host).strip()
    names = subprocess.run(["nm", "-D", "--defined-only", str(ground.library)], capture_output=True, text=True, check=True)
    foreign = [line for line in names.stdout.splitlines() if not re.search(r" (T|A) (flx_|FLX_)", line)]
    assert not foreign, f"exported: {foreign[:5]}"
    flags = subprocess.run(["readelf", "-d", str(ground.library)], capture_output=True, text=True, check=True).stdout
    assert "NODELETE" in flags
    channel.settle_down()
    numbers = [row["number"] for row in channel.rows()]
    return f"{said}; exports only flx_; {judge(channel, numbers, is_killed=False)}"


@row("K-11", set="core", timeout_s=60)
def strange_hosts(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=60,exceptions=off", latency__ms=20, **FAST)
    channel = Channel(ground, hub)
    locales = ground.folder / "locales"
    locales.mkdir()
    for name in ("de_DE", "tr_TR", "ar_EG"):
        subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(locales / f"{name}.UTF-8")], check=True, capture_output=True)
    alarms = 0
    numbers = []
    for index, (locale, rounding) in enumerate(
            [("C", "nearest"), ("de_DE.UTF-8", "up"), ("tr_TR.UTF-8", "down"), ("ar_EG.UTF-8", "zero")]):
        numbers.append(f"H-{index}")
        host = channel.start(
            [str(native.program("strange_host")), json.dumps(channel.config()), numbers[-1], locale, rounding],
            native.environment(LOCPATH=str(locales)))
        alarms += int(finish(host).split()[0])
    bodies = {entry["request_bytes"] for entry in posts(hub)}
    assert len(bodies) == 1, f"the order's bytes depend on the locale: {bodies}"
    return (
        f"SIGALRM every ms ({alarms} in all), 4 locales x 4 rounding modes, all FPU traps on: the job done, every disposition, mask, "
        f"mode and locale as before; {judge(channel, numbers, is_killed=False)}")


# --- K-12, K-13 -------------------------------------------------------------------------------------------------------


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
