"""The codes: in the header, in what the library says of them, in Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from table import Wrong, load, words, wrapped
from writers import swift


@dataclass
class Code:
    """A status."""

    name: str
    number: int
    doc: str
    raises: str = ""
    also: str = ""
    under: str = ""


@dataclass
class Band:
    """Codes of one class."""

    name: str
    raises: str  #: empty for outcomes, which are no errors
    doc: str
    codes: "list[Code]"


def read(folder: Path) -> "list[Band]":
    bands = [_band(name, row) for name, row in load(folder / "codes.toml").items()]
    numbers = [code.number for band in bands for code in band.codes]
    if len(numbers) != len(set(numbers)):
        raise Wrong("codes.toml: a number is there twice")
    return bands


def _band(name: str, row: "dict[str, Any]") -> Band:
    raises, _, doc = row.get("raises", "").partition(": ")
    return Band(name, raises, doc, [_code(*one) for one in row["codes"].items()])


def _code(name: str, row: str) -> Code:
    number, options, doc = words(row)
    given = dict(option.split(" ", 1) for option in options)
    if given.keys() - {"raises", "also", "under"} or not re.fullmatch(r"-?\d+", number):
        raise Wrong(f"codes.toml, {name}: {row.partition(': ')[0]!r} is not number, raises, also, under")
    return Code(name, int(number), doc, **given)


def header(bands: "list[Band]") -> str:
    """The macros."""
    return "\n\n".join(_macros(band) for band in bands)


def _macros(band: Band) -> str:
    rows = [(f"#define FLX_{one.name} {one.number if one.number >= 0 else f'({one.number})'}", one.doc) for one in band.codes]
    width = max(len(define) for define, _ in rows) + 2
    return "\n".join(define.ljust(width) + "/**< " + ("\n" + " " * (width + 5)).join(wrapped(doc, width + 5, 127)) + " */"
                     for define, doc in rows)


def entries(bands: "list[Band]") -> str:
    """What flx_status_name() and flx_describe("errors") give (Swift)."""
    rows = [swift.call(8, "Entry", [f"code: FLX_{one.name}", f'name: "FLX_{one.name}"', f'meaning: "{one.doc}"'])
            for band in bands for one in band.codes]
    return ",\n".join(rows) + ","


def exceptions(bands: "list[Band]") -> str:
    """The classes of Python."""
    made: "dict[str, str]" = {}
    for band in bands:
        if band.raises:
            made[band.raises] = _exception(band.raises, "FlxError", band.doc)
        for one in band.codes:
            if one.raises and one.raises not in made:
                parents = ", ".join(part for part in (one.under or band.raises, one.also) if part)
                made[one.raises] = _exception(one.raises, parents, one.doc)
    return "\n\n\n".join(made.values())


def _exception(name: str, parents: str, doc: str) -> str:
    text = re.sub(r"FLX_ERROR_(\w+)", lambda match: f"`{match[1].lower()}`", doc[0].upper() + doc[1:] + ".")
    lines = wrapped(text, 7, 110)
    end = '"""' if len(lines) == 1 else '\n    """'
    return f'class {name}({parents}):\n    """' + "\n    ".join(lines) + end


def raised(bands: "list[Band]") -> str:
    """Which class a code raises, and which its band (Python)."""
    rows = [f"    {-band.codes[0].number // 100}: errors.{band.raises}," for band in bands if band.raises]
    more = [f"    codes.{one.name}: errors.{one.raises}," for band in bands for one in band.codes if one.raises]
    return "\n".join(["_BANDS = {", *rows, "}", "", "_BY_CODE = {", *more, "}"])


_MACRO = re.compile(r"^#define FLX_(\w+) +\(?(-?\d+)\)? *(?:/\*\*< (.*?) \*/)?", re.M | re.S)
ENUMS = {"VERDICT": ("Verdict", "What is known of the effect of a write."),
         "FEED": ("Feed", "A kind of incoming data. Methods that take a feed also take its name in lower case."),
         "SHIPMENT": ("ShipmentKind", "What a parcel is for.")}


def macros(header_text: str) -> "list[tuple[str, str, str]]":
    """The numbers of the header: name, number, what it means."""
    return [(name, number, " ".join(doc.split())) for name, number, doc in _MACRO.findall(header_text)]


def numbers(header_text: str) -> str:
    """The numbers of the header under their Python names."""
    found = macros(header_text)
    single = [(name, number, doc) for name, number, doc in found if re.fullmatch(r"OK|AGAIN|DONE|BUSY|(E|ERROR|LOG)_\w+", name)]
    parts = ["\n".join(_row("", *one) for one in single)]
    for prefix, (kind, doc) in ENUMS.items():
        members = [(name.removeprefix(prefix + "_"), number, doc) for name, number, doc in found if name.startswith(prefix + "_")]
        parts.append(f'\nclass {kind}(IntEnum):\n    """{doc}"""\n\n' + "\n".join(_row("    ", *one) for one in members))
    version = next(number for name, number, _ in found if name == "VERSION")
    return (f"#: The version of the header this package was written against: major * 1000000 + minor * 1000 + patch.\n"
            f"HEADER_VERSION = {version}\n\n" + "\n\n".join(parts))


def _row(indent: str, name: str, number: str, doc: str) -> str:
    line = f"{indent}{name} = {number}"
    if not doc or len(line) + len(doc) + 5 <= 130:
        return line + (f"  #: {doc}" if doc else "")
    return "\n".join([*(f"{indent}#: {row}" for row in wrapped(doc, len(indent) + 3, 130)), line])
