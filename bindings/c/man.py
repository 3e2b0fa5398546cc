#!/usr/bin/env python3
"""Writes the manual pages of the C interface from its header, so that both are one text.

    bindings/c/man.py include/flxchannel.h FOLDER       writes flxchannel.3, and a page for each function

A comment becomes the page of the function below it: its first sentence the name, `@param` and `@return` sections of their own.
The types that a prototype names and the constants that its comment names come along. What stands above a family of functions
is told once, in flxchannel.3.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

COMMENT = r"/\*\*(?P<comment>(?:(?!\*/).)*)\*/\n"
FUNCTION = re.compile(COMMENT + r"FLX_API (?P<prototype>[^;]*);", re.S)
FAMILY = re.compile(r"^/\* -{20,} \*\n(?P<prose>(?: \*.*\n)+?) \* -{20,} \*/$", re.M)
TYPE = re.compile(r"(?:" + COMMENT + r")?(?:typedef struct \w+ \{.*?\n\} (?P<struct>\w+);|struct (?P<tag>\w+) \{.*?\n\};"
                  r"|typedef [^;{]*\(\*(?P<function>\w+)\)\([^;]*;)", re.S)
CONSTANTS = re.compile(r"(?:^#define FLX_\w+ .*\n(?:^ {20,}.*\n)*)+", re.M)
CODE = re.compile(r"^#define (FLX_(?:OK|AGAIN|DONE|BUSY|E_\w+)) \(?(-?\d+)\)? +/\*\*< ((?:(?!\*/).)*)\*/", re.M | re.S)


@dataclass
class Function:
    name: str
    prototype: str
    lines: "list[str]"


@dataclass
class Family:
    title: str
    lines: "list[str]"
    functions: "list[Function]" = field(default_factory=list)


class Header:
    def __init__(self, text: str) -> None:
        number = int(re.findall(r"^#define FLX_VERSION (\d+)$", text, re.M)[0])
        self.version = f"{number // 1000000}.{number // 1000 % 1000}.{number % 1000}"
        opening = re.match(r"/\*\*(.*?)\*/", text, re.S)
        assert opening, "the header begins with its comment"
        self.opening = bare(opening[1])
        self.codes = {name: (value, " ".join(meaning.split())) for name, value, meaning in CODE.findall(text)}
        self.types = {one["struct"] or one["tag"] or one["function"]: one[0].strip() for one in TYPE.finditer(text)}
        self.constants = [one[0] for one in CONSTANTS.finditer(text) if " FLX_OK " not in one[0] and " FLX_E_" not in one[0]]
        self.families: "list[Family]" = []
        for one in sorted([*FAMILY.finditer(text), *FUNCTION.finditer(text)], key=lambda found: found.start()):
            if one.re is FAMILY:
                title, *prose = bare(one["prose"])
                self.families.append(Family(title, prose))
            else:
                name = re.findall(r"(\w+)\(", one["prototype"])[0]
                self.families[-1].functions.append(Function(name, one["prototype"], bare(one["comment"])))
        self.families = [one for one in self.families if one.lines or one.functions]
        told, declared = len(self.functions()), len(re.findall(r"^FLX_API ", text, re.M))
        assert told == declared, f"{declared} functions are declared, {told} have a comment"

    def functions(self) -> "list[Function]":
        return [one for family in self.families for one in family.functions]

    # Pages

    def pages(self) -> "dict[str, str]":
        made = {one.name: self.page(one, family) for family in self.families for one in family.functions}
        return {"flxchannel": self.overview(), **made}

    def page(self, function: Function, family: Family) -> str:
        about, parameters, result, notes = parts(function.lines)
        parts_of_it = [self.head(function.name, sentence(about)), ".SH SYNOPSIS", *synopsis(function.prototype)]
        parts_of_it += [".SH DESCRIPTION", *prose(about)]
        if parameters:
            parts_of_it += [".SH PARAMETERS"]
            for name, text in parameters:
                parts_of_it += [".TP", f"\\fI{escaped(name)}\\fR", line(text)]
        if "flx_error **err" in function.prototype:
            parts_of_it += [] if parameters else [".SH PARAMETERS"]
            parts_of_it += [".TP", "\\fIerr\\fR", "NULL, or receives an error on a negative status, else NULL."]
            parts_of_it += ["Free it with \\fBflx_error_free\\fR(3)."]
        if result:
            parts_of_it += [".SH RETURN VALUE", *self.outcomes(result)]
        if notes:
            parts_of_it += [".SH NOTES", *prose(notes)]
        words = set(re.findall(r"\w+", function.prototype)) - {function.name}
        for name in sorted(words & set(self.types)):
            parts_of_it += [f".SH THE TYPE {escaped(name)}", *as_it_is(self.types[name].splitlines())]
        named = set(re.findall(r"FLX_\w+", " ".join(function.lines)))
        shown = [one for one in self.constants if named & set(re.findall(r"#define (\w+)", one))]
        if shown:
            parts_of_it += [".SH CONSTANTS", *as_it_is("\n".join(shown).splitlines())]
        beside = ["flxchannel", *[one.name for one in family.functions if one is not function]]
        return "\n".join([*parts_of_it, ".SH SEE ALSO", references(beside)]) + "\n"

    def overview(self) -> str:
        title, *opening = self.opening
        made = [self.head("flxchannel", title.partition(": ")[2].rstrip(".")), ".SH SYNOPSIS", ".nf",
                "\\fB#include <flxchannel.h>\\fR", "", "cc ... $(pkg\\-config \\-\\-cflags \\-\\-libs flxchannel)", ".fi",
                ".SH DESCRIPTION", *prose(opening, headings=True)]
        for family in self.families:
            made += [f".SH {escaped(family.title.upper())}", *prose(family.lines)]
            for one in family.functions:
                made += [".TP", f"\\fB{escaped(one.name)}\\fR(3)", line(sentence(parts(one.lines)[0]))]
            if family.title == "Status codes":
                made += [row for name, (value, meaning) in self.codes.items()
                         for row in (".TP", f"{escaped(name)} ({escaped(value)})", line(meaning))]
        return "\n".join([*made, ".SH SEE ALSO", "\\fBflx\\fR(1)"]) + "\n"

    def head(self, name: str, about: str) -> str:
        title = f'.TH {escaped(name)} 3 "" "flxchannel {self.version}" "flxchannel"'
        return f"{title}\n.nh\n.ad l\n.SH NAME\n{escaped(name)} \\- {escaped(about)}"

    def outcomes(self, result: str) -> "list[str]":
        """`FLX_OK: a page · FLX_E_STATE`: each with what is said of it here, else with its meaning everywhere."""
        made: "list[str]" = []
        for item in result.split(" · "):
            names = re.match(r"FLX_\w+(?:, FLX_\w+)*(?=$|[:.,; ])", item)
            if not names:
                made += [".PP", line(item)]
                continue
            said = item[names.end() :].lstrip(":,. ")
            for name in names[0].split(", "):
                made += [".TP", f"\\fB{escaped(name)}\\fR", line(said or self.codes[name][1])]
        return made


# The text of a comment

def bare(comment: str) -> "list[str]":
    """Its lines without the stars."""
    lines = [re.sub(r"^ ?\*? ?", "", one).rstrip() for one in comment.strip("\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def parts(lines: "list[str]") -> "tuple[list[str], list[tuple[str, str]], str, list[str]]":
    """What stands before the tags, the parameters, the result, and what stands behind them."""
    about: "list[str]" = []
    notes: "list[str]" = []
    tags: "list[str]" = []
    for one in lines:
        if one.startswith("@"):
            tags.append(one)
        elif tags and one.startswith(" ") and not notes:
            tags[-1] += " " + one.strip()
        elif tags:
            notes.append(one)
        else:
            about.append(one)
    parameters = [tuple(one.split(None, 2)[1:]) for one in tags if one.startswith("@param")]
    result = " ".join(one.partition(" ")[2] for one in tags if one.startswith("@return"))
    return about, parameters, result, notes  # type: ignore[return-value]


def sentence(about: "list[str]") -> str:
    """The first sentence, as the name of a page has it."""
    paragraph = " ".join(about).strip().split("  ")[0]
    first = re.split(r"(?<=[\w)\"`])[.:](?= |$)|; ", paragraph)[0].replace("`", "")
    return first[0].lower() + first[1:]


# Text as troff takes it

def escaped(text: str) -> str:
    plain = text.replace("\\", "\\(rs").replace("-", "\\-").replace("·", "\\(bu")
    return plain.replace("^", "\\(ha").replace("~", "\\(ti")


def line(text: str) -> str:
    """A line of prose: `code` and functions are set in bold, and long JSON may be broken after a comma."""
    text = re.sub(r"\S{30,}", lambda word: word[0].replace(',"', ',\0"'), text)
    plain = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", escaped(text)).replace("\0", "\\:")
    plain = re.sub(r"\b(flx_\w+)\(\)", r"\\fB\1\\fR(3)", plain)
    return "\\&" + plain if plain[:1] in (".", "'") else plain


def prose(lines: "list[str]", headings: bool = False) -> "list[str]":
    """Paragraphs, bullets, and lines that are set in, which stay as they are."""
    made: "list[str]" = [".PP"]
    kind = "text"
    for one in lines:
        bullet = re.match(r" ?- (.*)", one)
        if not one:
            now, made_of_it = "blank", [".PP"]
        elif headings and re.fullmatch(r"[A-Z ]+", one):
            now, made_of_it = "text", [f".SS {one.capitalize()}"]
        elif bullet:
            now, made_of_it = "bullet", [".IP \\(bu 2", line(bullet[1])]
        elif kind == "bullet" and one.startswith("  "):
            now, made_of_it = "bullet", [line(one.strip())]
        elif one.startswith("  "):
            now, made_of_it = "code", [exact(one)]
        else:
            now, made_of_it = "text", [line(one)]
        if (now == "code") != (kind == "code"):
            made.append(".nf" if now == "code" else ".fi")
        if now == "text" and kind == "bullet":
            made.append(".PP")
        kind = now
        made += made_of_it
    return made + [".fi"] * (kind == "code")


def exact(text: str) -> str:
    plain = escaped(text).replace("'", "\\(aq").replace("`", "\\(ga")
    return "\\&" + plain if plain[:1] == "." else plain


def as_it_is(lines: "list[str]") -> "list[str]":
    return [".nf", *[exact(one) for one in lines], ".fi"]


def synopsis(prototype: str) -> "list[str]":
    lines = [f"\\fB{exact(one)}\\fR" for one in f"{prototype};".split("\n")]
    return [".nf", "\\fB#include <flxchannel.h>\\fR", "", *lines, ".fi"]


def references(names: "list[str]") -> str:
    return ",\n".join(f"\\fB{escaped(one)}\\fR(3)" for one in names)


def main(header: str, folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, page in Header(Path(header).read_text("utf-8")).pages().items():
        Path(folder, f"{name}.3").write_text(page, "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
