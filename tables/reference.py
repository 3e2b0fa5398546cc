#!/usr/bin/env python3
"""Writes the reference pages and the table of README.md that a built library gives of itself.

    tables/reference.py LIBRARY             writes include/config.md, errors.md, metrics.md, the table in README.md, what the
                                            Python package takes as types, and the keys of the config for TypeScript
    tables/reference.py --check LIBRARY...  says which of them is not what flx_describe() of each library says; exits with 1 then
    tables/reference.py --planted LIBRARY   shows that --check finds what is planted
"""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

from table import ROOT, marked
from writers import inputs, node

README = "README.md"
INPUTS = "bindings/python/flxchannel/inputs.py"
NODE = "bindings/node/types/config.d.ts"
_INTRO = "<!-- Made from flx_describe(\"{topic}\") by `make reference`: edit {source}, not here. -->\n\n# {title}\n\n{text}\n"


def described(library: str, topic: str) -> Any:
    """What flx_describe() of a library says."""
    flx = ctypes.CDLL(str(Path(library).resolve()))
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    flx.flx_describe.argtypes = [ctypes.c_char_p, size, ctypes.POINTER(pointer), pointer]
    flx.flx_blob_view.argtypes = [pointer, ctypes.POINTER(pointer), ctypes.POINTER(size)]
    flx.flx_blob_free.argtypes = [pointer]
    blob, start, length = pointer(), pointer(), size()
    if flx.flx_describe(topic.encode(), len(topic), ctypes.byref(blob), None) != 0:
        sys.exit(f"reference: {library} does not describe {topic}")
    flx.flx_blob_view(blob, ctypes.byref(start), ctypes.byref(length))
    text = ctypes.string_at(start.value or 0, length.value)
    flx.flx_blob_free(blob)
    return json.loads(text)


def pages(library: str, readme: str) -> "dict[str, str]":
    """Every page by its path; of `readme` what stands between the marks is made anew."""
    config, errors, metrics = (described(library, topic) for topic in ("config", "errors", "metrics"))
    return {
        README: marked(readme, "flx_describe(\"config\")", "\n" + _config(config, with_type=False) + "\n"),
        NODE: node.config_types(config),
        "include/config.md": _INTRO.format(
            topic="config", source="the table in ConfigKey+Table.swift", title="Config keys",
            text="For `flx_config_set()`, or as members of the object for `flx_config_set_json()`.\n"
                 "Unknown keys are errors that name the nearest key.") + "\n" + _config(config, with_type=True) + "\n",
        "include/errors.md": _INTRO.format(
            topic="errors", source="tables/codes.toml", title="Codes",
            text="What a call returns. A negative code is an error; `flx_error_view()` has the message that says what to do.\n"
                 "The classes are bands of 100, so that an old program understands a new code.") + _errors(errors),
        "include/metrics.md": _INTRO.format(
            topic="metrics", source="the list in Describe.swift", title="Members of `flx_client_stats()`",
            text="`a.b` is the member `b` of the object `a`, `a: b` the element `b` of the list `a`.")
            + "\n" + _table(["member", "meaning"], [[f"`{row['name']}`", row["meaning"]] for row in metrics]) + "\n",
        INPUTS: inputs.write(lambda topic: described(library, topic)),
    }


def _config(rows: "list[dict[str, Any]]", with_type: bool) -> str:
    made = []
    for row in rows:
        meaning, _, otherwise = row["meaning"].partition("; default: ")
        meaning, required, _ = meaning.partition("; required")
        default = "required" if required else otherwise if row["default"] is None else f"`{row['default']}`"
        made.append([f"`{row['key']}`", *([_type(row)] if with_type else []), default or "none", meaning])
    return _table(["key", *(["value"] if with_type else []), "default", "meaning"], made)


def _type(row: "dict[str, Any]") -> str:
    if row["type"] == "choice":
        return ", ".join(f"`{word}`" for word in row["choices"])
    if row["type"] == "number":
        most = "" if row["most"] == 2**63 - 1 else f" to {row['most']}"
        return f"{row['least']}{most or ' or more'}" + (f" {row['unit']}" if row["unit"] else "")
    return "JSON" if row["type"] == "json" else str(row["type"])


def _errors(rows: "list[dict[str, Any]]") -> str:
    """A table for each class, in the order of the codes."""
    text = ""
    for kind in dict.fromkeys(row["class"] for row in rows):
        cells = [[f"`{row['name']}`", str(row["code"]), row["meaning"]] for row in rows if row["class"] == kind]
        text += f"\n## {kind.title()}\n\n{_table(['name', 'code', 'meaning'], cells)}\n"
    return text


def _table(head: "list[str]", rows: "list[list[str]]") -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def differing(made: "dict[str, str]", found: "dict[str, str]") -> "list[str]":
    return [path for path, text in made.items() if found.get(path) != text]


def found() -> "dict[str, str]":
    paths = [README, NODE, "include/config.md", "include/errors.md", "include/metrics.md", INPUTS]
    return {path: (ROOT / path).read_text("utf-8") for path in paths if (ROOT / path).exists()}


def check(libraries: "list[str]") -> int:
    wrong = {path for library in libraries for path in differing(pages(library, found()[README]), found())}
    print("\n".join(f"{path}: is not what the library says; call `make reference`" for path in sorted(wrong))
          or "reference: the pages are what the libraries say")
    return 1 if wrong else 0


def planted(library: str) -> int:
    """A row that is gone from a page, and a word that is another, must be found; of README.md only between the marks."""
    missed = []
    for path, text in found().items():
        start, end = {INPUTS: ("    ", "]"), NODE: ("    '", ";")}.get(path, ("| `", " |"))
        row = next(line for line in reversed(text.splitlines()) if line.startswith(start) and line.endswith(end))
        for wrong in (text.replace(row + "\n", "", 1), text.replace(row, row.replace(end, " or not" + end), 1)):
            there = {**found(), path: wrong}
            if differing(pages(library, there[README]), there) != [path]:
                missed.append(path)
    print("\n".join(f"planted and not found: {path}" for path in missed) or "reference: all that was planted was found")
    return 1 if missed else 0


def main(arguments: "list[str]") -> int:
    if arguments[:1] == ["--check"] and arguments[1:]:
        return check(arguments[1:])
    if arguments[:1] == ["--planted"] and len(arguments) == 2:
        return planted(arguments[1])
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.exit(__doc__)
    made = pages(arguments[0], found()[README])
    for path in differing(made, found()):
        (ROOT / path).write_text(made[path], "utf-8")
        print(f"reference: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
