#!/usr/bin/env python3
"""Makes what stands once in the tables in every language that needs it.

    tables/generate.py              writes all files that are made, and names those that changed
    tables/generate.py --check      says which of them are not what the tables make, and exits with 1 if one is not
    tables/generate.py --planted    shows that --check finds what is planted
    tables/generate.py --break-abi  writes also where a member moves or a number changes, which programs in use do not survive

listings.toml and orders.toml say what a record holds, operations.toml what the hub can be asked, *_bodies.toml what it is sent,
codes.toml why a call did not do what it was asked for.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Callable

import table
from abi import broken
from table import HERE, ROOT, Wrong, marked
from writers import c_tests, codes, header, node, operations, php, python, views

HEADER = "include/flxchannel.h"
STATUSES = "Sources/FlxChannel/Channel/Client/StatusName.swift"
LAYOUT = "Tests/abi/layout_rows.h"
PACKAGE = "bindings/python/flxchannel"
NODE = "bindings/node"
PHP = "bindings/php/src"
SIGNATURES = "bindings/php-extension/native_arginfo.h"
VIEWS = "Sources/FlxChannel/ABI/Views"
OPERATIONS = "Sources/FlxChannel/Hub/Operations"
_NOT_OURS = {"node_modules", "prebuilds", "__pycache__", "build"}


def made(folder: Path = HERE, root: Path = ROOT) -> "dict[str, str]":
    """Every file that is made, by its path below `root`; of some only what stands between marks is."""
    records = table.records(folder)
    bands = codes.read(folder)
    files = _marked(records, bands, root)
    files[f"{NODE}/lib/errors/codes.js"] = node.codes(bands, files[HEADER])
    files[f"{NODE}/types/codes.d.ts"] = node.code_types(bands, files[HEADER])
    files[f"{NODE}/types/order.d.ts"] = node.order_types(folder)
    files[LAYOUT] = c_tests.layout(records)
    files[SIGNATURES] = php.signatures((ROOT / PHP / "Backend/Backend.php").read_text("utf-8"))
    for room in records.rooms:
        files[f"{VIEWS}/RecordView+{room.title()}.swift"] = views.write(records, room)
        files[f"Tests/abi/shapes_{room}.c"] = c_tests.shapes(records, room)
        files[f"{PACKAGE}/_{room}.py"] = python.write(records, room)
        files[f"{NODE}/lib/records/{room}.js"] = node.records(records, room)
        files[f"{NODE}/types/{room}.d.ts"] = node.record_types(records, room)
    files[f"{PACKAGE}/records.py"] = python.write_names(records)
    for name, text in operations.write(folder).items():
        files[f"{OPERATIONS}/{name}"] = text
    every = f"{OPERATIONS}/OperationTable.swift"
    files[every] = marked((root / every).read_text("utf-8"), "tables/operations.toml", operations.every(folder))
    return files


def _marked(records: table.Records, bands: "list[codes.Band]", root: Path) -> "dict[str, str]":
    def old(path: str) -> str:
        return (root / path).read_text("utf-8")

    source = "tables/codes.toml"
    text = marked(old(HEADER), source, codes.header(bands))
    text = marked(text, "tables/listings.toml, orders.toml", header.write(records))
    of_php = {
        f"{PHP}/Codes/errors.php": (source, php.exceptions(bands)), f"{PHP}/Codes/ErrorClasses.php": (source, php.raised(bands)),
        f"{PHP}/Codes/codes.php": (HEADER, php.numbers(text)),
        f"{PHP}/Json.php": ("tables/listings.toml, orders.toml", php.decimals(records))}
    return {
        HEADER: text,
        STATUSES: marked(old(STATUSES), source, codes.entries(bands)),
        f"{PACKAGE}/errors.py": marked(old(f"{PACKAGE}/errors.py"), source, codes.exceptions(bands)),
        f"{PACKAGE}/_status.py": marked(old(f"{PACKAGE}/_status.py"), source, codes.raised(bands)),
        f"{PACKAGE}/codes.py": marked(old(f"{PACKAGE}/codes.py"), HEADER, codes.numbers(text)),
        **{path: marked(old(path), *made) for path, made in of_php.items()},
    }


def differing(files: "dict[str, str]", root: Path = ROOT) -> "list[str]":
    """Paths of the files that are not what the tables make."""
    return [path for path, text in files.items() if not (root / path).exists() or (root / path).read_text("utf-8") != text]


def write(may_break: bool) -> int:
    files = made()
    breaks = _breaks(files)
    if breaks and not may_break:
        print("generate: nothing was written. Programs in use would read these wrongly; what is new stands last:")
        print("\n".join(f"    {one}" for one in breaks))
        return 1
    for path in differing(files):
        (ROOT / path).write_text(files[path], "utf-8")
        print(f"generate: {path}")
    return 0


def _breaks(files: "dict[str, str]") -> "list[str]":
    old = {path: (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else "" for path in (LAYOUT, HEADER)}
    return broken(old[LAYOUT], files[LAYOUT], old[HEADER], files[HEADER])


def left_over(files: "dict[str, str]", root: Path = ROOT) -> "list[str]":
    """Files that say that they are made, and are not any more: of a table that is gone, or has another name."""
    found = []
    for folder in ("Sources", "Tests", "bindings", "include"):
        for path in sorted((root / folder).rglob("*.*")):
            name = str(path.relative_to(root))
            if path.is_file() and name not in files and not any(part in _NOT_OURS for part in path.parts):
                first = path.read_bytes()[:200].split(b"\n")[0]
                found += [name] if b"Made from " in first and b"by `make generate`" in first else []
    return found


def check() -> int:
    files = made()
    wrong = differing(files)
    left = left_over(files)
    print("\n".join([*(f"{path}: is not what tables/ make; edit the tables and call `make generate`" for path in wrong),
                     *(f"{path}: no table makes it any more; remove it" for path in left)])
          or f"generate: {len(files)} files are what the tables make")
    return 1 if wrong or left else 0


def planted() -> int:
    """Each plant is an edit that must be found: in a file that is made, or in a table."""
    missed = [f"an edit of {path}" for path in made() if not _finds_edit_of(path)]
    missed += [] if _finds_left_over() else ["a file that no table makes"]
    for name, old, new, finds in _PLANTS:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(shutil.copytree(HERE, Path(scratch) / "tables", ignore=shutil.ignore_patterns("__pycache__")))
            text = (folder / name).read_text("utf-8")
            (folder / name).write_text(text.replace(old, new, 1), "utf-8")
            if old not in text or not finds(folder):
                missed.append(f"{name}: {old!r} as {new!r}")
    print("\n".join(f"planted and not found: {one}" for one in missed) or "generate: all that was planted was found")
    return 1 if missed else 0


def _finds_edit_of(path: str) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name, text in made().items():
            first = next(line for line in text.splitlines() if "ade from" in line)
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text.replace(first, first + "\n") if name == path else text, "utf-8")
        return differing(made(root=root), root) == [path]


def _finds_left_over() -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        left = Path(scratch) / OPERATIONS / "OperationTable+Gone.swift"
        left.parent.mkdir(parents=True)
        left.write_text(table.made_of("tables/gone.toml") + "\n", "utf-8")
        return left_over(made(), Path(scratch)) == [str(left.relative_to(scratch))]


def _is_refused(folder: Path) -> bool:
    try:
        made(folder)
    except Wrong:
        return True
    return False


def _breaks_programs(folder: Path) -> bool:
    return bool(_breaks(made(folder)))


def _differs_in(*endings: str) -> "Callable[[Path], bool]":
    def finds(folder: Path) -> bool:
        found = differing(made(folder))
        return all(any(path.endswith(ending) for path in found) for ending in endings)

    return finds


_EVERYWHERE = _differs_in("flxchannel.h", "RecordView+Listings.swift", "shapes_listings.c", "_listings.py", "listings.js",
                          "listings.d.ts", LAYOUT)
_PLANTS = [
    ("listings.toml", '\n\n[listing_parent]', '\nzest = "text: how it tastes"\n\n[listing_parent]', _EVERYWHERE),
    ("listings.toml", '\n\n[listing_parent]', '\nzest = "txt"\n\n[listing_parent]', _is_refused),
    ("listings.toml", '\n\n[listing_parent]', '\nzest = "integer"\n\n[listing_parent]', _is_refused),
    ("listings.toml", 'record listing_parent', 'record listing_page', _is_refused),
    ("listings.toml", '"flag, bit LINKED"\nreserved', '"flag, bit LINKED"\n# reserved', _is_refused),
    ("listings.toml", '\nsku ', '\nzest = "text"\nsku ', _breaks_programs),
    ("orders.toml", '"text, json rmaNumber"', '"text, json number"',
     _differs_in("RecordView+Orders.swift", "shapes_orders.c", "_orders.py", "orders.js")),
    ("listings.toml", '"QUANTITY",\n    "ARCHIVED"', '"ARCHIVED",\n    "QUANTITY"', _breaks_programs),
    ("orders.toml", '"3: an inbound', '"4: an inbound', _breaks_programs),
    ("codes.toml", '"-113, raises', '"-115, raises', _breaks_programs),
    ("codes.toml", '"-108, raises', '"-107, raises', _is_refused),
    ("codes.toml", 'raises PathError', 'throws PathError', _is_refused),
    ("codes.toml", ': over a size limit', ': above a limit',
     _differs_in("flxchannel.h", "StatusName.swift", "errors.py", "codes.py", "errors.php", "codes.php", "codes.d.ts")),
    ("orders.toml", 'refunded_amount   = "decimal', 'refunded_amount   = "text', _differs_in("_orders.py", "Json.php")),
    ("operations.toml", '"GET /returns/{id}"', '"GET /return/{id}"', _differs_in("OperationTable+Returns.swift")),
    ("operations.toml", '"text, required, one of order_statuses"', '"text, required, one of statuses"', _is_refused),
    ("order_bodies.toml", '"list of new_return_item, required', '"list of returned_item, required', _is_refused),
    ("order_bodies.toml", '"integer, required, least 1"', '"integer, required, least 2"', _differs_in("OrderBodies.swift")),
]

if __name__ == "__main__":
    command = sys.argv[1:] or ["write"]
    try:
        if command == ["--check"]:
            sys.exit(check())
        if command == ["--planted"]:
            sys.exit(planted())
        if command in (["write"], ["--break-abi"]):
            sys.exit(write(may_break=command != ["write"]))
    except Wrong as wrong:
        sys.exit(f"generate: tables/{wrong}")
    sys.exit(__doc__)
