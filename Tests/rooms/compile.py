#!/usr/bin/env python3
"""Compiles each room of the core with the rooms below it alone: what stands further up is then not there to be named.

    python3 Tests/rooms/compile.py [--planted] [SOURCES]

`rooms.py` reads the names of types; a member of an extension, a free function or an operator that points up shows here alone.
ABI is the top and is left out. Prints what a room lacks and exits with 1 if any lacks something. `--planted` puts a member of an
extension into Channel and its use into Hub, in a copy, and is done when that was found.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rooms import MAY_NAME, ROOT

DOORS = [ROOT / "include", *(ROOT / "Sources" / name for name in ("CLibc", "CCurl", "CJansson", "CSQLite"))]


def below(room: str) -> "set[str]":
    """The room with all that it may name, and what those may name."""
    return {room}.union(*(below(other) for other in MAY_NAME[room]))


def faults(sources: Path, room: str) -> "list[str]":
    files = sorted(file for name in below(room) for file in (sources / name).rglob("*.swift"))
    command = ["swiftc", "-typecheck", "-parse-as-library", "-wmo", "-swift-version", "6", "-module-name", "FlxChannel"]
    done = subprocess.run(
        [*command, *(word for door in DOORS for word in ("-I", door)), *files], capture_output=True, text=True)
    said = [line.removeprefix(f"{sources}/") for line in done.stderr.splitlines() if ": error: " in line and line.startswith("/")]
    return said or ([done.stderr[:500]] if done.returncode else [])


def planted() -> int:
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder).resolve() / "FlxChannel"
        shutil.copytree(ROOT / "Sources" / "FlxChannel", sources)
        with open(sources / "Channel" / "Planted.swift", "w") as file:
            file.write("extension JSONValue {\n    var planted: Int32 { 1 }\n}\n")
        with open(sources / "Hub" / "Planted.swift", "w") as file:
            file.write("func planted(_ value: JSONValue) -> Int32 { value.planted }\n")
        found = faults(sources, "Hub")
    if len(found) == 1 and "has no member 'planted'" in found[0]:
        print("compile: 1 of 1 planted arrows found")
        return 0
    print(f"compile: the planted arrow was not found: {found}")
    return 1


def main() -> int:
    words = sys.argv[1:]
    if "--planted" in words:
        return planted()
    sources = (Path(words[0]) if words else ROOT / "Sources" / "FlxChannel").resolve()
    rooms = [room for room in MAY_NAME if room != "ABI"]
    found = [f"{room} lacks: {fault}" for room in rooms for fault in faults(sources, room)]
    print("\n".join([*found, f"compile: {len(rooms)} rooms, each with those below it alone, {len(found)} faults"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
