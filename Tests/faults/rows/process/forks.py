"""K-05: fork."""

from __future__ import annotations

import json
import os
import signal
import time

from rig import native
from rig.channel import FAST, Channel, finish, judge, kill, posts
from rig.ground import Ground
from rig.register import row
from rows.process.stopped import state_of


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
