"""A network of the case's own: this process, and whatever it starts, alone with a loopback device.

Names are resolved by a name server of the case, packets are dropped or slowed by nftables and tc, nobody else notices.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from .ground import Ground

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
MS_REC, MS_PRIVATE, MS_BIND = 0x4000, 0x40000, 0x1000

_libc = ctypes.CDLL(None, use_errno=True)


def _must(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Island:
    """Call `enter` first of all in a case: threads that are there already stay outside."""

    def __init__(self, ground: Ground) -> None:
        self.folder = ground.folder

    def enter(self) -> Island:
        uid, gid = os.geteuid(), os.getegid()
        flags = CLONE_NEWNS | CLONE_NEWNET | (CLONE_NEWUSER if uid else 0)
        _must(_libc.unshare(flags), "unshare")
        if uid:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
            Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
        _must(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount --make-rprivate")
        run("ip", "link", "set", "lo", "up")
        return self

    def name_server(self) -> NameServer:
        """From now on names are asked of this server alone."""
        self._over("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:5 attempts:2\n")
        self._over("/etc/nsswitch.conf", "hosts: dns\n")
        return NameServer()

    def _over(self, path: str, text: str) -> None:
        own = self.folder / path.strip("/").replace("/", "-")
        own.write_text(text)
        _must(_libc.mount(str(own).encode(), os.path.realpath(path).encode(), None, MS_BIND, None), f"mount over {path}")

    def rules(self, *rules: str) -> None:
        """Packets out of this machine meet these rules of nftables and no others."""
        with contextlib.suppress(subprocess.CalledProcessError):
            run("nft", "delete", "table", "inet", "faults")
        run("nft", "add", "table", "inet", "faults")
        run("nft", "add", "chain", "inet", "faults", "out", "{ type filter hook output priority 0 ; policy accept ; }")
        for rule in rules:
            run("nft", "add", "rule", "inet", "faults", "out", rule)

    @contextlib.contextmanager
    def with_rules(self, *rules: str) -> "Iterator[None]":
        self.rules(*rules)
        try:
            yield
        finally:
            self.rules()

    def counted(self) -> int:
        """Packets that met the first `counter`."""
        words = run("nft", "list", "table", "inet", "faults").split()
        return int(words[words.index("packets") + 1])

    def slow(self, rate: str) -> None:
        """Every packet of loopback passes through so narrow a line."""
        run("ip", "link", "set", "lo", "mtu", "1500")
        run("tc", "qdisc", "replace", "dev", "lo", "root", "tbf", "rate", rate, "burst", "3000", "latency", "2s")


class NameServer:
    """Answers A and AAAA from `names`; a name that is not there does not exist. None as the names: says nothing at all."""

    def __init__(self) -> None:
        self.names: "dict[str, list[str]] | None" = {}
        self.asked: "list[str]" = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            query, address = self._socket.recvfrom(2048)
            labels, at = [], 12
            while (length := query[at]) != 0:
                labels.append(query[at + 1 : at + 1 + length].decode())
                at += 1 + length
            (kind,) = struct.unpack(">H", query[at + 1 : at + 3])
            name = ".".join(labels).lower()
            self.asked.append(name)
            if self.names is None:
                continue
            known = self.names.get(name)
            family = {1: socket.AF_INET, 28: socket.AF_INET6}.get(kind)
            found = [socket.inet_pton(family, one) for one in known or [] if family and (":" in one) == (kind == 28)]
            records = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 1, len(one)) + one for one in found)
            flags = 0x8180 if known is not None else 0x8183
            head = query[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0)
            self._socket.sendto(head + query[12 : at + 5] + records, address)
