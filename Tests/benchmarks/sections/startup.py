"""What loading the library costs a program: dlopen and first call, against a stub that links the same libraries."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from table import Section

ROOT = Path(__file__).resolve().parents[3]
MOST_MS = {"slim": 1.0, "standard": 3.0}  # above the stub


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    slim = library.parent.parent / "slim" / "libflxchannel.so.1"
    if not slim.exists():
        raise SystemExit(f"start-up: {slim} is missing; `make slim` makes it")
    found = {}
    with tempfile.TemporaryDirectory(dir=build) as folder:
        subprocess.run(
            [ROOT / "Tests/benchmarks/startup/run.sh", library, slim, str(rounds * 5), folder],
            check=True, stdout=subprocess.DEVNULL)
        for name in ("stub", *MOST_MS):
            lines = Path(folder, name).read_text().splitlines()
            found[name] = [[float(figure) for figure in line.split()] for line in lines]
    took = Section("start-up: dlopen and first call in a new process", "ms", None)
    above = Section("start-up above that of a stub with the same libraries", "ms", None)
    memory = Section("start-up: memory that it adds", "MB", None)
    for name, lines in found.items():
        took.add(name, [us / 1000 for us, _ in lines])
        memory.add(name, [kb / 1024 for _, kb in lines])
    for name, most in MOST_MS.items():
        above.add(name, [(us - stub) / 1000 for (us, _), (stub, _) in zip(found[name], found["stub"])])
        above.goal(name, None, most, what=f"start-up above the stub, {name}, ms")
    return [took, above, memory]
