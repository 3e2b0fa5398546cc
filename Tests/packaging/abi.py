"""Compares the interface that the header describes with the one that is recorded: from 1.0 on it only grows.

    python3 Tests/packaging/abi.py check [LIBRARY...]     the header with the record, and libraries with the header
    python3 Tests/packaging/abi.py planted                that `check` finds what is planted in copies of the header
    python3 Tests/packaging/abi.py record                 writes the record of this release, in Tests/packaging/abi

The record is `abi` (types and functions as abidw of libabigail writes them), `constants`, `functions`, each with the release that
brought it, and `version`, the release that all this was recorded of.

The library's own object code has no debug information, and its functions are C by name alone: what is compared is a C library
made of the header, with a body of nothing for each function, and that the real ones export the same.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Sequence

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "include/flxchannel.h"
RECORD = ROOT / "Tests/packaging/abi"
#: Of each release, so that neither is a promise.
OF_A_RELEASE = {"FLX_VERSION"}


class Wrong(Exception):
    """The interface is not what it has to be."""


# The header, as a library


def run(*command: "str | Path", cwd: Path, codes: "tuple[int, ...]" = (0,)) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True)
    if done.returncode not in codes:
        raise Wrong(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[:2000]}")
    return done.stdout


def bodies(header: str) -> str:
    """Every function of the header, with a body that does nothing."""
    plain = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    found = re.findall(r"^FLX_API ([^;]*);", plain, flags=re.M)
    if not found:
        raise Wrong("the header declares no function")
    # Nothing to return is no matter of the interface: only types are looked at.
    return '#include "flxchannel.h"\n' + "".join(f"{one} {{ __builtin_trap(); }}\n" for one in found)


def constants(header: str, folder: Path) -> "dict[str, int]":
    """The constants of the header, as its compiler sees them."""
    names = re.findall(r"^#define (FLX_[A-Z0-9_]+) ", header, flags=re.M)
    lines = "".join(f'    printf("%s %lld\\n", "{name}", (long long)({name}));\n' for name in names if name != "FLX_API")
    (folder / "constants.c").write_text(f'#include "flxchannel.h"\n#include <stdio.h>\nint main(void) {{\n{lines}}}\n')
    run("gcc", "-o", "constants", "constants.c", cwd=folder)
    pairs = (line.split() for line in run(folder / "constants", cwd=folder).splitlines())
    return {name: int(value) for name, value in pairs if name not in OF_A_RELEASE}


def exported(library: Path) -> "dict[str, str]":
    """What a library exports, with the release that brought it."""
    found = re.findall(r" [A-Z] (flx_\w+)@@?FLX_([\d.]+)$", run("nm", "-D", "--defined-only", library, cwd=ROOT), flags=re.M)
    return dict(found)


class Interface:
    """The interface of one header, in a folder of its own."""

    def __init__(self, header: str, folder: Path) -> None:
        self.folder = folder
        (folder / "flxchannel.h").write_text(header)
        (folder / "bodies.c").write_text(bodies(header))
        (folder / "map").write_text(run("awk", "-f", ROOT / "packaging/map.awk", "flxchannel.h", cwd=folder))
        run("gcc", "-g", "-O0", "-fPIC", "-shared", "-Wl,--version-script=map", "-Wl,-soname=libflxchannel.so.1", "-o", "lib.so",
            "bodies.c", cwd=folder)
        run("abidw", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed", "--out-file", "abi", "lib.so", cwd=folder)
        self.functions = exported(folder / "lib.so")
        self.constants = constants(header, folder)
        number = int(re.findall(r"^#define FLX_VERSION (\d+)$", header, flags=re.M)[0])
        self.version = (number // 1_000_000, number // 1000 % 1000, number % 1000)

    def record(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "abi").write_text((self.folder / "abi").read_text())
        (folder / "version").write_text(".".join(map(str, self.version)) + "\n")
        (folder / "constants").write_text("".join(f"{name} {value}\n" for name, value in sorted(self.constants.items())))
        (folder / "functions").write_text("".join(f"{name} {since}\n" for name, since in sorted(self.functions.items())))


# The record


def numbers(version: str) -> "tuple[int, ...]":
    return tuple(int(part) for part in version.split("."))


def pairs(name: str) -> "dict[str, str]":
    """The lines of one of its files."""
    return dict(line.split() for line in (RECORD / name).read_text().splitlines())


#: Embedded in others, so that they may not even grow.
FROZEN = {"flx_text", "flx_decimal"}
#: Records are read by pointer and made by the library alone: one may become longer, by members at its end.
GROWTH = re.compile(
    r"\s+type size changed from (?P<size>\d+) to \d+ \(in bits\)\n\s+\d+ data member insertions?:\n"
    r"(?P<members>(?:\s+'.*', at offset \d+ \(in bits\)\n)+)"
)


def faults(now: Interface) -> "list[str]":
    """What a program that was compiled with the recorded header would run into."""
    found = []
    for name, since in pairs("functions").items():
        if name not in now.functions:
            found.append(f"{name}() is gone")
        elif now.functions[name] != since:
            found.append(f"{name}() was there since {since}, and says {now.functions[name]} now")
    for name, value in pairs("constants").items():
        if name not in now.constants:
            found.append(f"{name} is gone")
        elif str(now.constants[name]) != value:
            found.append(f"{name} was {value} and is {now.constants[name]}")
    recorded = numbers((RECORD / "version").read_text())
    for name, since in now.functions.items():
        if name not in pairs("functions") and not recorded[:2] < numbers(since) <= now.version[:2]:
            found.append(f"{name}() is new and says it was there since {since}; this release is {'.'.join(map(str, now.version))}")
    return found or types(now)  # which would say the same in more words


def types(now: Interface) -> "list[str]":
    """Functions and types that abidiff finds changed, without records that only grew."""
    options = ("--no-added-syms", "--leaf-changes-only", "--harmless")
    said = run("abidiff", *options, RECORD / "abi", "abi", cwd=now.folder, codes=(0, 4, 8, 12))
    head, *changed = re.split(r"^(?='\w+ \w+.*' changed:$)", said, flags=re.M)
    found = [head] if re.search(r"functions summary: .*[1-9]\d* (Removed|Changed)", head) else []
    return found + [one for one in changed if not is_growth(one)]


def is_growth(change: str) -> bool:
    first, _, rest = change.partition("\n")
    grown = GROWTH.fullmatch(rest.rstrip() + "\n")
    return (
        grown is not None
        and first.split("'")[1].split()[1] not in FROZEN
        and all(int(at) >= int(grown["size"]) for at in re.findall(r"at offset (\d+)", grown["members"]))
    )


def check(header: str, libraries: "Sequence[Path]" = ()) -> "tuple[int, list[str]]":
    with tempfile.TemporaryDirectory() as folder:
        now = Interface(header, Path(folder))
        found = faults(now)
        for library in libraries:
            others = set(exported(library).items()) ^ set(now.functions.items())
            found += [f"{library.parent.name}: exports are not the header's: {sorted(others)}"] if others else []
        return len(now.functions), found


# Shown to work


def plant(header: str, old: str, new: str) -> str:
    if header.count(old) < 1:
        raise Wrong(f"the header has no {old!r} to plant at")
    return header.replace(old, new, 1)


LAST = "/** Frees a page with all its views."
NOVELTY = "FLX_API int32_t flx_novelty(void);"
#: What to write in place of what, in a copy of the header.
BREAKS = {
    "a function is gone": ("FLX_API uint32_t flx_version(void);", ""),
    "a parameter is wider": ("flx_flush(flx_client *cl, int32_t budget_ms,", "flx_flush(flx_client *cl, int64_t budget_ms,"),
    "a parameter more": ("flx_require(uint32_t header_version);", "flx_require(uint32_t header_version, int32_t how);"),
    "a result of another type": ("FLX_API uint32_t flx_version(void);", "FLX_API uint64_t flx_version(void);"),
    "a member in the middle": ("flx_text handle; /**< such as pound", "flx_text kind;\n    flx_text handle; /**< such as pound"),
    "two members change places": ("int32_t scale;    /**< such as 2 */\n    int32_t fits; ", "int32_t fits;\n    int32_t scale; "),
    "a member of another size": ("    int64_t unscaled; /**< such as 1999 */", "    int32_t unscaled;"),
    "a member that is narrower": ("    int32_t map_overwritten; ", "    int16_t map_overwritten; "),
    "a frozen struct grows": ("} flx_decimal;", "    int64_t more;\n} flx_decimal;"),
    "a constant has another value": ("#define FLX_E_MEMORY (-502)", "#define FLX_E_MEMORY (-503)"),
    "a constant is gone": ("#define FLX_BUSY 3 ", "#define FLX_OCCUPIED 3 "),
    "a function of old says that it is new": (LAST, LAST.replace("/**", "/** @since 1.1.")),
    "a new function says that it is old": (LAST, f"/** A new one. */\n{NOVELTY}\n\n{LAST}"),
    "a function of a release to come": (LAST, f"/** @since 9.9 */\n{NOVELTY}\n\n{LAST}"),
}
GROWTHS = {
    "nothing changed": ("", ""),
    "a record grows at its end": ("} flx_unit;", "    flx_text symbol;\n} flx_unit;"),
    "a constant more": ("#define FLX_BUSY 3 ", "#define FLX_IDLE 4\n#define FLX_BUSY 3 "),
    "a function of the next release": (LAST, f"/** @since 1.2 */\n{NOVELTY}\n\n{LAST}"),
}
#: The plants are of a release that may have new functions.
NEXT = ("#define FLX_VERSION 1001000", "#define FLX_VERSION 1002000")


def planted() -> int:
    header = HEADER.read_text()
    wrong = 0
    for is_break, plants in ((True, BREAKS), (False, GROWTHS)):
        for name, (old, new) in plants.items():
            _, found = check(plant(plant(header, old, new), *NEXT))
            if bool(found) != is_break:
                wrong += 1
                what = "a break was not found" if is_break else "what is no break was found"
                print("\n".join([f"abi: {what}: {name}", *found]))
    print(f"abi: {len(BREAKS)} breaks and {len(GROWTHS)} ways to grow were planted, {wrong} were told wrongly")
    return 1 if wrong else 0


def main(arguments: "list[str]") -> int:
    if arguments[:1] == ["check"]:
        count, found = check(HEADER.read_text(), [Path(one) for one in arguments[1:]])
        print("\n".join([f"abi: {one}" for one in found] + [f"abi: {count} functions, {len(found)} breaks of what is recorded"]))
        return 1 if found else 0
    if arguments == ["planted"]:
        return planted()
    if arguments == ["record"]:
        with tempfile.TemporaryDirectory() as folder:
            Interface(HEADER.read_text(), Path(folder)).record(RECORD)
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Wrong as wrong:
        sys.exit(f"abi: {wrong}")
