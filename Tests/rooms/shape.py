"""The shape of the whole repository: how large folders and files are, and what they are called. For rooms.py, beside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Callable, Iterable, Iterator

MOST_FILES, MOST_LINES = 12, 400
# What is looked at. Folders that begin like these are built, or another program's.
PARTS = ("Sources", "bindings", "Tests", "examples", "packaging", "tables", "include")
PASSED_OVER = ("__pycache__", "node_modules", "vendor", "prebuilds", "build", "modules")

# Folders that hold more, each with its reason.
ROOMY = {
    "Tests/abi": "one area of the header a file; what is made for them of tables/ is beside them",
    "Tests/benchmarks/clients": "one client of a peer library a file",
    "Tests/contract": "one row of the contract's table a file; pytest takes them from one folder",
    "Tests/faults/programs": "one program that is wrong in one way a file",
    "Tests/faults/rig": "what rows are made of, one part a file",
    "Tests/faults/rows": "one kind of fault a file",
    "bindings/node/test": "one area a file; run.mjs takes each beside it",
    "bindings/python/flxchannel": "one package: hosts import from it by name",
    "bindings/python/tests": "one area a file; pytest takes them from one folder",
}
# Files that are longer, each with its reason.
LONG = {
    "Tests/contract/contract.md": "the hub's contract, read from its first section to its last",
    "Tests/contract/openapi.yaml": "one document, as tools of OpenAPI want it",
    "Tests/packaging/abi/abi": "what abidw writes",
    "Tests/faults/programs/driver.c": "one program, which the rows drive by its words",
    "Tests/faults/programs/random_caller.c": "one program, with every call of the header",
    "Tests/scenarios/hosts/host.c": "one host, which plays a whole story",
    "examples/wordpress/flxchannel/languages/flxchannel.pot": "made of the code, one file as the tools of translators want it",
    "include/flxchannel.h": "one header, the specification, read from the top",
}


def files_of(root: Path) -> "Iterator[Path]":
    """What is ours below the parts of the repository."""
    def below(folder: Path) -> "Iterator[Path]":
        for one in sorted(folder.iterdir()):
            if one.name in PASSED_OVER or one.name.startswith(".") or one.name.endswith(".egg-info"):
                continue
            if one.is_dir():
                yield from below(one)
            elif one.is_file():
                yield one

    for part in PARTS:
        yield from below(root / part)


def measured(root: Path) -> "dict[str, int]":
    """Each file with its lines; a picture has none."""
    return {str(file.relative_to(root)): 0 if file.suffix == ".png" else file.read_bytes().count(b"\n") for file in files_of(root)}


def sizes(lines: "dict[str, int]", passed_over: str) -> "Iterator[str]":
    """Folders with too many files, files with too many lines, and exceptions that are none.

    Below `passed_over` it is not looked.
    """
    folders = Counter(path.rpartition("/")[0] for path in lines if not path.startswith(passed_over))
    for folder, count in sorted(folders.items()):
        if count > MOST_FILES and folder not in ROOMY:
            yield f"{folder}: {count} files, {MOST_FILES} at most"
    for path, count in sorted(lines.items()):
        if count > MOST_LINES and path not in LONG and not path.startswith(passed_over):
            yield f"{path}: {count} lines, {MOST_LINES} at most"
    for folder in sorted(ROOMY):
        if folders[folder] <= MOST_FILES:
            yield f"{folder}: {folders[folder]} files, and needs no exception in Tests/rooms/shape.py"
    for path in sorted(LONG):
        if lines.get(path, 0) <= MOST_LINES:
            yield f"{path}: {lines.get(path, 0)} lines, and needs no exception in Tests/rooms/shape.py"


def one_in_two_cases(paths: "Iterable[str]") -> "Iterator[str]":
    """Files or folders that are one where a file system knows no case, as those of macOS and Windows do."""
    spellings: "dict[str, set[str]]" = defaultdict(set)
    for path in paths:
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            spelt = "/".join(parts[:count])
            spellings[spelt.lower()].add(spelt)
    shortest = {lower: sorted(names) for lower, names in spellings.items() if len(names) > 1}
    for lower, names in sorted(shortest.items()):
        if lower.rpartition("/")[0] not in shortest:
            yield f"{names[0]}: is {names[1]} as well, where a file system knows no case"


TOP = re.compile(
    r"^(?:@\S+ )*(?:public |private |fileprivate |indirect |final )*"
    r"(?:class|struct|enum|protocol|typealias|(?P<more>extension)) (?P<name>\w+)[\w.]*(?:<[^>]*>)?(?:: (?P<like>[\w, &@]+))?", re.M)
CALLED = re.compile(r"^(?:@\S+ )*(?:public |private |fileprivate )*func (\w+)", re.M)


def misnamed(code: "dict[str, str]") -> "Iterator[str]":
    """Swift files that are not called as a type they hold: Type, Type+What for more of it, or for what is like it.

    A file of functions is called as one of them; `Exports+What` holds exported ones.
    """
    like: "dict[str, set[str]]" = defaultdict(set)
    for text in code.values():
        for found in TOP.finditer(text):
            like[found["name"]] |= set(re.findall(r"\w+", found["like"] or ""))
    for path, text in sorted(code.items()):
        name, _, what = path.rpartition("/")[2].removesuffix(".swift").partition("+")
        types = list(TOP.finditer(text))
        own = {found["name"] for found in types if not found["more"]}
        more = {found["name"] for found in types} | {one for found in types for one in like[found["name"]]}
        functions = {function[:1].upper() + function[1:] for function in CALLED.findall(text)}
        exports = name == "Exports" and what and any(function.startswith("Flx_") for function in functions)
        if name in (more if what else own | functions) or exports:
            continue
        held = ", ".join(sorted(own or {found["name"] for found in types}) or ["no type"])
        yield f"{path}:1: is called {name} and holds {held}"


def breaches(root: Path, passed_over: str) -> "list[str]":
    lines = measured(root)
    return [*sizes(lines, passed_over), *one_in_two_cases(lines)]


def planted(root: Path, passed_over: str, code_of: "Callable[[str], str]") -> "tuple[list[str], list[str]]":
    """What has to be said of one plant for each rule, and what is said."""
    before = breaches(root, passed_over)
    lines = measured(root)
    crowd = {f"Tests/planted/{number}.py": 1 for number in range(MOST_FILES + 1)}
    lines = {**lines, **crowd, "bindings/planted.py": MOST_LINES + 1, "Tests/PLANTED/a.py": 1}
    kept = {path: count for path, count in lines.items() if not path.startswith("bindings/node/test/")}
    texts = {
        "PlantedOther.swift": "struct Planted {}\n", "Planted+What.swift": "extension String {}\n",
        "Planted.swift": "extension Planted {}\n",
    }
    good = {"A.swift": "struct B {}\nstruct A {}\n", "A+What.swift": "extension A.Inner {}\n", "Doing.swift": "func doing() {}\n"}
    found = [*sizes(kept, passed_over), *one_in_two_cases(kept)]
    found += misnamed({path: code_of(text) for path, text in {**texts, **good}.items()})
    wanted = [
        f"Tests/planted: {MOST_FILES + 1} files, {MOST_FILES} at most",
        f"bindings/planted.py: {MOST_LINES + 1} lines, {MOST_LINES} at most",
        "bindings/node/test: 0 files, and needs no exception in Tests/rooms/shape.py",
        "Tests/PLANTED: is Tests/planted as well, where a file system knows no case",
        "PlantedOther.swift:1: is called PlantedOther and holds Planted",
        "Planted+What.swift:1: is called Planted and holds String",
        "Planted.swift:1: is called Planted and holds Planted",
    ]
    return wanted, [breach for breach in found if breach not in before]
