"""What a call costs in each host, and what a binding adds to the library on the disk."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from table import Section

ROOT = Path(__file__).resolve().parents[3]
HERE = ROOT / "Tests/benchmarks/hosts"
TIMES = 100_000
MOST_KB = 400


def sections(build: Path, library: Path, sandbox: Path, rounds: int, extension: Path) -> "list[Section]":
    program = build / "get"
    subprocess.run(["gcc", "-O2", "-Wall", "-D_GNU_SOURCE", "-I", ROOT / "include", "-o", program, HERE / "get.c", "-L",
                    library.parent, "-lflxchannel"], check=True)
    commands = {
        "C": [program], "Python": [sys.executable, HERE / "get.py"], "Node": ["node", HERE / "get.mjs"],
        "PHP, extension": ["php", "-d", f"extension={extension}", HERE / "get.php"], "PHP, FFI": ["php", HERE / "get.php"]}
    header = build / "flxchannel.php.h"
    header.write_bytes(subprocess.run([ROOT / "bindings/php/header.sh", ROOT / "include/flxchannel.h", library], check=True,
                                      capture_output=True).stdout)
    environment = os.environ | {
        "LD_LIBRARY_PATH": str(library.parent), "FLXCHANNEL_LIBRARY": str(library), "FLXCHANNEL_HEADER": str(header),
        "PYTHONPATH": str(ROOT / "bindings/python")}
    hub = subprocess.Popen([sandbox, "--port", "0", "--seed", "tiny", "--exit-with-parent"], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, text=True)
    cost: "dict[str, list[float]]" = {name: [] for name in commands}
    try:
        at = dict(hub.stdout.readline().split() for _ in range(2))
        for number in range(rounds):
            for name in random.Random(number).sample(list(commands), len(commands)):
                with tempfile.TemporaryDirectory(dir=build) as state:
                    printed = subprocess.run([*commands[name], at["url"], at["token"], state, str(TIMES)], check=True,
                                             env=environment, stdout=subprocess.PIPE, text=True).stdout
                cost[name].append(float(printed))
    finally:
        hub.terminate()
        hub.wait()
    call = Section("CPU of a call: one value of a record by its path", "ns", "C")
    for name, values in cost.items():
        call.add(name, values)
    size = Section("what a binding adds to the library on the disk", "KB", None)
    parts = {
        "Python": [ROOT / "bindings/python/flxchannel"],
        "Node": [ROOT / "bindings/node" / name for name in ("lib", "types", "prebuilds")],
        "PHP, extension and classes": [extension, ROOT / "bindings/php/src"], "PHP, classes for FFI": [ROOT / "bindings/php/src"]}
    for name, places in parts.items():
        size.add(name, [sum(map(_bytes, places)) / 1000])
        size.goal(name, None, MOST_KB, what=f"{name}, KB")
    return [call, size]


def _bytes(place: Path) -> int:
    files = [place] if place.is_file() else [one for one in place.rglob("*") if one.is_file() and "__pycache__" not in one.parts]
    return sum(one.stat().st_size for one in files)
