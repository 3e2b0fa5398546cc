#!/usr/bin/env python3
"""Makes a wheel that has the library and flx in it, so that a host needs no compiler and no Swift.

    bindings/python/build_wheel.py LIBRARY FLX FOLDER     writes FOLDER/flxchannel-VERSION-py3-none-linux_MACHINE.whl

The tag is linux_x86_64 and not manylinux: that name promises that nothing is needed beyond a short list of libraries, and
this library links libcurl, jansson and SQLite of the distribution, so that their security fixes reach it. pip takes such a
wheel from a file or an index of one's own; PyPI does not.

Two builds of the same files are equal byte for byte: names are sorted, times and modes fixed.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any

import tomllib

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "flxchannel"
LICENSE = HERE.parents[1] / "LICENSE"
#: The oldest instant that a zip can tell.
_WHEN = (1980, 1, 1, 0, 0, 0)
_MACHINES = {62: "x86_64", 183: "aarch64"}


def build(library: Path, flx: Path, folder: Path) -> Path:
    """Write the wheel; return its path."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    machine = _machine(library)
    if _machine(flx) != machine:
        raise SystemExit(f"build_wheel: {library} is for {machine} and {flx} is not")
    tag = f"py3-none-linux_{machine}"
    stem = f"{project['name']}-{project['version']}"
    info = f"{stem}.dist-info"
    files = {f"flxchannel/{path.name}": path.read_bytes() for path in [*PACKAGE.glob("*.py"), PACKAGE / "py.typed"]}
    files["flxchannel/_lib/libflxchannel.so.1"] = library.read_bytes()
    files["flxchannel/_bin/flx"] = flx.read_bytes()
    files[f"{info}/METADATA"] = _metadata(project).encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: build_wheel.py\nRoot-Is-Purelib: false\nTag: {tag}\n".encode()
    files[f"{info}/LICENSE"] = LICENSE.read_bytes()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD")
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files, key=lambda name: (name.startswith(info), name)):  # its facts stand last, as is usual
            archive.writestr(_entry(name), files[name])
    return wheel


def _machine(program: Path) -> str:
    """What an ELF file runs on."""
    head = program.read_bytes()[:20]
    number = struct.unpack_from("<H", head, 18)[0] if head[:4] == b"\x7fELF" and len(head) == 20 else 0
    if number not in _MACHINES:
        raise SystemExit(f"build_wheel: {program} is no program for {' or '.join(_MACHINES.values())}")
    return _MACHINES[number]


def _metadata(project: "dict[str, Any]") -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {project['version']}",
             f"Summary: {project['description']}", f"License: {project['license']['text']}",
             f"Requires-Python: {project['requires-python']}",
             *(f"Classifier: {one}" for one in project["classifiers"])]
    for extra, needs in project["optional-dependencies"].items():
        lines += [f"Provides-Extra: {extra}", *(f'Requires-Dist: {one}; extra == "{extra}"' for one in needs)]
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", (HERE / project["readme"]).read_text("utf-8")])


def _record(files: "dict[str, bytes]", itself: str) -> bytes:
    def row(name: str, content: bytes) -> str:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        return f"{name},sha256={digest},{len(content)}"

    return "\n".join([*(row(name, files[name]) for name in sorted(files)), f"{itself},,", ""]).encode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.create_system = 3  # Unix, whose modes pip keeps
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100755 if "/_bin/" in name or "/_lib/" in name else 0o100644) << 16
    return entry


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(build(*map(Path, sys.argv[1:])))
