"""Builds the C programs of Tests/faults, which do what Python cannot: they link the library under test."""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

from .ground import ROOT

FOLDER = ROOT / "Tests/faults"
BUILD = ROOT / ".build-lib/faults"
LIBRARY = Path(os.environ.get("FLXCHANNEL_LIBRARY", ROOT / ".build-lib/standard/libflxchannel.so.1"))


def program(name: str, *flags: str) -> Path:
    """The program of NAME.c, linked with the library; run it with `environment()`."""
    return _built(name, name, [*flags, str(LIBRARY), "-Wl,--allow-shlib-undefined", "-pthread", "-lm"])


def preload(name: str) -> Path:
    """NAME.c as a shared object for LD_PRELOAD."""
    return _built(name, f"{name}.so", ["-shared", "-fPIC", "-fno-builtin", "-ldl", "-pthread"])


def environment(library: "Path | None" = None, **more: str) -> "dict[str, str]":
    """What a program needs to find the library, ours or a broken one."""
    return {**os.environ, "LD_LIBRARY_PATH": str((library or LIBRARY).parent), **more}


def _built(name: str, target: str, flags: "list[str]") -> Path:
    """Safe to call from several processes."""
    BUILD.mkdir(parents=True, exist_ok=True)
    source, artefact = FOLDER / f"{name}.c", BUILD / target
    with open(BUILD / f"{target}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        newest = max(path.stat().st_mtime for path in (source, ROOT / "include/flxchannel.h"))
        if not artefact.exists() or artefact.stat().st_mtime < newest:
            command = ["cc", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", f"-I{ROOT}/include", str(source)]
            subprocess.run([*command, "-o", f"{artefact}.new", *flags], check=True)
            os.replace(f"{artefact}.new", artefact)
    return artefact
