"""K-04: ends during a call."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time

from rig import native
from rig.channel import FAST, Channel, finish, judge
from rig.ground import Ground
from rig.register import row


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
