"""Every state that a power loss can leave behind, rebuilt from the system calls of the real library.

A write reaches the disk when its file is synced, a name when its directory is; before that any part of what is pending may
be there. Two file systems: `posix` keeps nothing but that promise; `journal` keeps the order of names and sizes, and syncs
them all with any file, as ext4 does.
"""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,open,creat,write,pwrite64,pwritev,ftruncate,truncate,fallocate,fdatasync,fsync,sync_file_range,unlink,unlinkat,rename,renameat,renameat2,mkdir"


@dataclass(frozen=True)
class Op:
    kind: str
    """create, write, size, sync, dirsync, unlink, or say: a line of the driver's history."""
    path: str = ""
    data: bytes = b""
    at: int = 0
    """Offset of a write, or the new size."""


def trace(command: "list[str]", environment: "dict[str, str]", output: Path, state: Path, history: Path) -> "list[Op]":
    """Run a driver under strace; returns what it did to the state, and what it said, in order."""
    strace = ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(output)]
    done = subprocess.run([*strace, *command], env=environment, capture_output=True, timeout=120)
    assert done.returncode == 0, f"the traced run ended with {done.returncode}: {done.stderr[-300:]!r}"
    ops: "list[Op]" = []
    for line in output.read_text().splitlines():
        ops += _parsed(line, str(state), str(history))
    assert ops, "nothing was traced"
    return ops


_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^\d+<([^>]*)>")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _path(text: str) -> str:
    return _bytes(text).decode() if text.startswith("\\x") else text


def _parsed(line: str, state: str, history: str) -> "list[Op]":
    found = _CALL.match(line)
    assert found or "resumed" not in line and "unfinished" not in line, f"several threads at once: {line[:120]}"
    if not found or int(found[3]) < 0:
        return []
    call, arguments, result = found[1], found[2], int(found[3])
    texts = [_bytes(text) for text in _TEXT.findall(arguments)]
    if call in ("openat", "open", "creat"):
        path = texts[0].decode()
        return [Op("create", path)] if path.startswith(state + "/") and ("O_CREAT" in arguments or call == "creat") else []
    if call in ("unlink", "unlinkat"):
        path = texts[0].decode()
        return [Op("unlink", path)] if path.startswith(state + "/") else []
    if call == "mkdir":
        return []
    fd = _FD.match(arguments)
    path = _path(fd[1]) if fd else ""
    if call == "write" and path == history:
        return [Op("say", data=texts[0])]
    if path == state and call in ("fsync", "fdatasync"):
        return [Op("dirsync", path)]
    if not path.startswith(state + "/"):
        return []
    if call == "pwrite64":
        assert len(texts[0]) == result, "the trace is cut, or a write was short"
        return [Op("write", path, texts[0], int(arguments.rsplit(", ", 1)[1]))]
    if call == "ftruncate":
        return [Op("size", path, at=int(arguments.rsplit(", ", 1)[1]))]
    if call in ("fsync", "fdatasync"):
        return [Op("sync", path)]
    raise AssertionError(f"the model does not know {call} on {path}")


Files = "dict[str, bytes]"


@dataclass
class Disk:
    """What surely is on the disk, and what may be."""

    journalling: bool
    files: "dict[str, bytes]" = field(default_factory=dict)
    names: "set[str]" = field(default_factory=set)
    pending: "list[Op]" = field(default_factory=list)

    def do(self, op: Op) -> None:
        if op.kind == "create" and (op.path in self.names or any(p.kind == "create" and p.path == op.path for p in self.pending)):
            return
        if op.kind in ("sync", "dirsync"):
            self._settle([one for one in self.pending if self._reaches(op, one)])
        elif op.kind != "say":
            self.pending.append(op)

    def _reaches(self, sync: Op, op: Op) -> bool:
        if sync.kind == "dirsync":
            return op.kind in ("create", "unlink") or (self.journalling and op.kind == "size")
        if op.path == sync.path and op.kind in ("write", "size"):
            return True
        return self.journalling and op.kind in ("create", "unlink", "size")

    def _settle(self, ops: "list[Op]") -> None:
        keep = set(map(id, ops))
        self.files, self.names = self._with(ops)
        self.pending = [op for op in self.pending if id(op) not in keep]

    def _with(self, ops: "list[Op]") -> "tuple[dict[str, bytes], set[str]]":
        changed: "dict[str, bytearray]" = {}
        names = set(self.names)
        for op in ops:
            if op.kind == "create":
                names.add(op.path)
            elif op.kind == "unlink":
                names.discard(op.path)
            else:
                content = changed.setdefault(op.path, bytearray(self.files.get(op.path, b"")))
                if op.kind == "size":
                    del content[op.at:]
                    content.extend(bytes(op.at - len(content)))
                else:
                    content.extend(bytes(max(0, op.at - len(content))))
                    content[op.at:op.at + len(op.data)] = op.data
        return {**self.files, **{path: bytes(content) for path, content in changed.items()}}, names

    def parts(self, chance: random.Random) -> "list[int]":
        """Which of what is pending a power loss now may leave, as bits: nothing, all, each one missing, each alone, each
        beginning, and eight by chance."""
        n = len(self.pending)
        subsets = {0, (1 << n) - 1}
        for one in range(n) if n <= 100 else chance.sample(range(n), 10):  # so many are pending only where nothing is synced
            subsets |= {(1 << n) - 1 - (1 << one), 1 << one, (1 << one) - 1}
        subsets |= {chance.getrandbits(n) for _ in range(8)} if n else set()
        return sorted(subsets)

    def image(self, part: int) -> "dict[str, bytes]":
        """What is left when this part of what is pending is."""
        ops = [op for index, op in enumerate(self.pending) if part >> index & 1]
        if self.journalling:
            ops = self._in_order(ops)
        files, names = self._with(ops)
        return {path: files.get(path, b"") for path in names}

    def _in_order(self, ops: "list[Op]") -> "list[Op]":
        """Without the names and sizes that come after one that is missing, and the writes that need them."""
        chosen = set(map(id, ops))
        kept: "list[Op]" = []
        broken: "set[str]" = set()
        missing = False
        for op in self.pending:
            if op.kind == "write":
                if id(op) in chosen and op.path not in broken:
                    kept.append(op)
            elif missing or id(op) not in chosen:
                missing = True
                broken.add(op.path)
            else:
                kept.append(op)
        return kept
