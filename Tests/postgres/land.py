"""Machines as network namespaces: this process with the hub and the servers, hosts beside it, and ways between them that can be cut."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Literal

from rig.ground import Ground
from rig.island import Island, run

HUB = "10.77.0.1"
SERVERS = ("10.77.0.2", "10.77.0.3")
Way = Literal["drop", "deaf", "reset"]
"""Nothing passes; what is said arrives and no answer comes back; whoever speaks is told at once that nobody is there."""


class Land:
    """Call `settle` first of all: from then on this process is in a network of its own."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.hosts: "list[Host]" = []

    def settle(self) -> "Land":
        Island(self._ground).enter()
        run("ip", "link", "add", "land", "type", "bridge")
        for address in (HUB, *SERVERS):
            run("ip", "address", "add", f"{address}/24", "dev", "land")
        run("ip", "link", "set", "land", "up")
        allow_loopback()
        run("nft", "add table ip ways; add chain ip ways in { type nat hook prerouting priority -100 ; }")
        run("nft", "add chain ip ways deaf { type filter hook prerouting priority -300 ; }")
        run("nft", "add chain ip ways dumb { type filter hook output priority 0 ; }")
        return self

    def opens(self, hub_port: int) -> None:
        """Hosts find the hub, which knows loopback alone, at the address that it has here."""
        run("nft", f"add rule ip ways in ip daddr {HUB} tcp dport {hub_port} dnat to 127.0.0.1:{hub_port}")

    def host(self, hub_port: int) -> "Host":
        host = Host(self._ground, len(self.hosts) + 1, hub_port)
        self.hosts.append(host)
        return host

    def dies(self, address: str) -> None:
        """The machine of this address says nothing any more, not even that it is gone."""
        run("nft", f"add rule ip ways deaf iifname != lo ip daddr {address} drop")
        run("nft", f"add rule ip ways dumb oifname != lo ip saddr {address} drop")

    def lives(self) -> None:
        run("nft", "flush chain ip ways deaf")
        run("nft", "flush chain ip ways dumb")


class Host:
    """One machine: run what belongs to it below `around`."""

    def __init__(self, ground: Ground, number: int, hub_port: int) -> None:
        holder = subprocess.Popen(["unshare", "-n", "sleep", "infinity"])
        ground.callback(_end, holder)
        own = os.readlink("/proc/self/ns/net")
        while _link(holder.pid) in ("", own):
            time.sleep(0.01)
        self.around = ["nsenter", "-t", str(holder.pid), "-n"]
        run("ip", "link", "add", f"way{number}", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        run("ip", "link", "set", f"way{number}", "master", "land", "up")
        self._run("ip", "link", "set", "lo", "up")
        self._run("ip", "address", "add", f"10.77.0.{10 + number}/24", "dev", "eth0")
        self._run("ip", "link", "set", "eth0", "up")
        self._run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet")
        for rule in (
            "add table ip hub", "add chain ip hub out { type nat hook output priority -100 ; }",
            "add chain ip hub leaves { type nat hook postrouting priority 100 ; }",
            f"add rule ip hub out ip daddr 127.0.0.1 tcp dport {hub_port} dnat to {HUB}:{hub_port}",
            f"add rule ip hub leaves ip daddr {HUB} masquerade",
            "add table ip cuts", "add chain ip cuts out { type filter hook output priority 0 ; }",
            "add chain ip cuts in { type filter hook prerouting priority -300 ; }",
        ):
            self._run("nft", rule)

    def cut(self, how: Way, *addresses: str) -> None:
        for address in addresses:
            if how != "deaf":
                self._run("nft", f"add rule ip cuts out ip daddr {address} tcp dport > 0 {'drop' if how == 'drop' else 'reject with tcp reset'}")
            if how != "reset":
                self._run("nft", f"add rule ip cuts in ip saddr {address} drop")

    def mend(self) -> None:
        self._run("nft", "flush chain ip cuts out")
        self._run("nft", "flush chain ip cuts in")

    def _run(self, *command: str) -> None:
        run(*self.around, *command)


def allow_loopback() -> None:
    """Packets to 127.0.0.1 may come from and go to another machine."""
    Path("/proc/sys/net/ipv4/conf/all/route_localnet").write_text("1")


def _link(pid: int) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/ns/net")
    return ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
