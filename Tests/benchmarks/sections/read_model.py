"""The listings that are kept as they were seen: their place on the disk, and a look-up against a bare SQLite read."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from table import Section

ROOT = Path(__file__).resolve().parents[3]
VARIANTS = 112_841
MOST_MB = 120
TIMES = 2000


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    program = build / "look"
    subprocess.run(
        ["gcc", "-O2", "-Wall", "-D_GNU_SOURCE", "-I", ROOT / "include", "-o", program, ROOT / "Tests/benchmarks/read_model/look.c",
         "-L", library.parent, "-lflxchannel", "-lsqlite3"], check=True)
    hub = subprocess.Popen(
        [sandbox, "--port", "0", "--seed", "large,history=off", "--set", "pool.size=10000", "--set", "pool.refill=1000",
         "--exit-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        at = dict(hub.stdout.readline().split() for _ in range(2))
        with tempfile.TemporaryDirectory(dir=build) as folder:
            state, plain = Path(folder) / "state", Path(folder) / "plain.sqlite"
            state.mkdir(mode=0o700)
            printed = subprocess.run(
                [program, at["url"], at["token"], state, plain, str(TIMES * rounds)], check=True, stdout=subprocess.PIPE,
                text=True, env=os.environ | {"LD_LIBRARY_PATH": str(library.parent)}).stdout.splitlines()
            sizes = [(path.stat().st_size / 1e6) for path in (state / "bench.db", plain)]
    finally:
        hub.terminate()
        hub.wait()
    kept = int(printed[0].split()[1])
    turns = [[float(figure) for figure in line.split()] for line in printed[1:]]
    look = Section(f"flx_snapshot_get, one of {kept:,} listings", "µs", "bare SQLite read")
    for name, place in (("flx_snapshot_get", 0), ("bare SQLite read", 1)):
        look.add(name, [median(turn[place] for turn in turns[start::rounds]) for start in range(rounds)])
    look.goal("flx_snapshot_get", "bare SQLite read", 1.5)
    disk = Section(f"{kept:,} listings as they were seen, on the disk", "MB", None)
    disk.add("the state file, cursor and versions included", [sizes[0]])
    disk.add("their records whole in one bare table", [sizes[1]])
    disk.goal("the state file, cursor and versions included", None, MOST_MB, what=f"listings that are kept, MB for {VARIANTS:,}")
    count = Section("listings that are kept", "listings", None)
    count.add("kept", [kept])
    count.goal("kept", None, VARIANTS, at_least=True, what="listings that are kept")
    return [look, disk, count]
