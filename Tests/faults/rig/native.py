"""Builds the C programs of Tests/faults/programs, which do what Python cannot: they link the library under test."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
from pathlib import Path

from .ground import ROOT

FOLDER = ROOT / "Tests/faults/programs"
BUILD = ROOT / ".build-lib/faults"
LIBRARY = Path(os.environ.get("FLXCHANNEL_LIBRARY", ROOT / ".build-lib/standard/libflxchannel.so.1"))


def program(name: str, *flags: str) -> Path:
    """The program of NAME.c, linked with the library; run it with `environment()`."""
    return compiled(f"{name}.c", *flags, str(LIBRARY), "-Wl,--allow-shlib-undefined", "-pthread", "-lm")


def preload(name: str) -> Path:
    """NAME.c as a shared object for LD_PRELOAD."""
    return compiled(f"{name}.c", "-shared", "-fPIC", "-fno-builtin", "-ldl", "-pthread")


def denied(call: str, code: int) -> "dict[str, str]":
    """The environment of a program for which this system call fails with this errno, from its first own instruction on."""
    dump = subprocess.run(["cc", "-E", "-dM", "-include", "sys/syscall.h", "-x", "c", os.devnull], capture_output=True, text=True, check=True)
    found = re.search(rf"^#define __NR_{call} (\d+)$", dump.stdout, re.M)
    assert found, f"this machine has no system call {call}"
    return {"LD_PRELOAD": str(preload("denied")), "DENIED": f"{found[1]}:{code}"}


def environment(library: "Path | None" = None, **more: str) -> "dict[str, str]":
    """What a program needs to find the library, ours or a broken one."""
    return {**os.environ, "LD_LIBRARY_PATH": str((library or LIBRARY).parent), **more}


def compiled(source: str, *flags: str) -> Path:
    """What becomes of this C file with these flags, built if need be; safe to call from several processes."""
    BUILD.mkdir(parents=True, exist_ok=True)
    read = [FOLDER / source, ROOT / "include/flxchannel.h", *sorted(FOLDER.glob("*.h"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in read) + repr(flags).encode()).hexdigest()[:16]
    artefact = BUILD / f"{Path(source).stem}-{digest}"
    with open(BUILD / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not artefact.exists():
            made = artefact.with_suffix(".new")
            command = ["cc", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", f"-I{ROOT}/include", str(FOLDER / source)]
            subprocess.run([*command, "-o", str(made), *flags], check=True)
            made.rename(artefact)
    return artefact
