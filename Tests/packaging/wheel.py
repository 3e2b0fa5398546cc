#!/usr/bin/env python3
"""The wheel that carries the library and flx: the same twice, and enough for a host without a compiler.

    FLX_SANDBOX=... python3 Tests/packaging/wheel.py LIBRARY FLX            builds it twice, installs it, runs its samples
    FLX_SANDBOX=... python3 Tests/packaging/wheel.py LIBRARY FLX --planted  shows that a wheel that is not so is found
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "Tests/readme")]

import blocks  # noqa: E402
import build_wheel  # noqa: E402


def is_the_same_twice(first: Path, second: Path) -> bool:
    return first.read_bytes() == second.read_bytes()


def installed(wheel: Path, folder: Path) -> Path:
    """A fresh environment with the wheel alone in it; its interpreter."""
    run([sys.executable, "-m", "venv", str(folder)], {})
    run([str(folder / "bin/pip"), "install", "-q", "--disable-pip-version-check", "--no-index", str(wheel)], {})
    return folder / "bin/python"


def run(command: "list[str]", environment: "dict[str, str]") -> str:
    """Run to a good end in an environment that has no compiler, no library and no flx."""
    bare = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(command, env={**bare, **environment}, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise AssertionError(f"{Path(command[0]).name} ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout.strip()


def does_the_job(python: Path, folder: Path) -> int:
    """Every sample of the package's paper, as it is printed; how many there are."""
    samples = [block for block in blocks.blocks(ROOT / "bindings/python/README.md") if block.language == "python"]
    for number, block in enumerate(samples):
        place = folder / str(number)
        place.mkdir()
        with blocks.Sandbox() as hub:
            environment = {"FLX_URL": hub.url, "FLX_TOKEN": hub.token, "FLX_STATE_DIR": f"{place}/state", "FLX_SKU": hub.some_sku(),
                           "PYTHONPATH": str(ROOT / "Tests/readme")}
            (place / "block.py").write_text(f"from stage import *  # noqa\n{block.text}\nfrom stage import done\ndone()\n")
            run([str(python), str(place / "block.py")], environment)
            assert blocks.judged(hub) is None, f"{block.place}: {blocks.judged(hub)}"
    return len(samples)


def runs_flx(python: Path) -> str:
    """`python -m flxchannel` is flx, with its exit status."""
    wrong = subprocess.run([python, "-m", "flxchannel", "no-such-command"], env={}, capture_output=True)
    assert wrong.returncode not in (0, 1), f"a wrong call of flx ends with {wrong.returncode}"
    return run([str(python), "-m", "flxchannel", "--version"], {})


def check(library: Path, flx: Path, folder: Path) -> str:
    first, second = (build_wheel.build(library, flx, folder / name) for name in ("first", "second"))
    assert is_the_same_twice(first, second), "two builds differ"
    python = installed(first, folder / "venv")
    count = does_the_job(python, folder)
    return (f"wheel: {first.name}, {first.stat().st_size} bytes, the same twice; {count} samples run from it, "
            f"and {runs_flx(python)}")


def planted(library: Path, flx: Path, folder: Path) -> int:
    """A wheel without the library, one whose flx cannot be run, and one that was made at another time."""
    wheel = build_wheel.build(library, flx, folder)

    def edited(name: str, edit: "Callable[[zipfile.ZipInfo], bool]") -> Path:
        (folder / name).mkdir()
        copy = folder / name / wheel.name
        with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(copy, "w") as new:
            for entry in old.infolist():
                content = old.read(entry)
                if edit(entry):
                    new.writestr(entry, content)
        return copy

    def not_executable(entry: zipfile.ZipInfo) -> bool:
        entry.external_attr = 0o100644 << 16
        return True

    def later(entry: zipfile.ZipInfo) -> bool:
        entry.date_time = (2026, 1, 1, 0, 0, 0)
        return True

    bare = installed(edited("bare", lambda entry: "/_lib/" not in entry.filename), folder / "bare-venv")
    stiff = installed(edited("stiff", not_executable), folder / "stiff-venv")
    found = [_fails(lambda: does_the_job(bare, folder)), _fails(lambda: runs_flx(stiff)),
             not is_the_same_twice(wheel, edited("later", later))]
    print(f"wheel: {sum(found)} of {len(found)} planted wheels were found")
    return 0 if all(found) else 1


def _fails(use: "Callable[[], object]") -> bool:
    try:
        use()
    except AssertionError:
        return True
    return False


def main(arguments: "list[str]") -> int:
    if len(arguments) not in (2, 3) or arguments[2:] not in ([], ["--planted"]):
        sys.exit(__doc__)
    library, flx = (Path(one).resolve() for one in arguments[:2])
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        if arguments[2:]:
            return planted(library, flx, Path(folder))
        try:
            print(check(library, flx, Path(folder)))
        except AssertionError as wrong:
            print(f"wheel: {wrong}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
