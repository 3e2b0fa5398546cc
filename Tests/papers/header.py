#!/usr/bin/env python3
"""Reads include/flxchannel.h and says which declaration lacks its documentation, as far as a program can see.

    python3 Tests/papers/header.py [--planted]

- every function, type and constant has a comment before it or behind it, constants in a run before the first of them;
- every function that gives something back says what: `@return`, or a sentence with "returns";
- every function with an `err` says under `@return` that FLX_OK is done, and each status that it names is one;
- every `@param` is a parameter of the function below it;
- every object that a function gives away has in that comment the function which frees it.

`@since` is for packaging/map.awk. Prints each fault as `line: what` and exits with 1 if there is any; `--planted` breaks each rule
once in memory, and is done when each was named and nothing else.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "include/flxchannel.h"

COMMENT = r"/\*\*(?!<)(?P<text>(?:(?!\*/).)*)\*/\n"
FUNCTION = re.compile(rf"(?:{COMMENT})?^FLX_API (?P<type>[\w ]+[ *]+?)(?P<name>flx_\w+)\((?P<given>[^;]*)\);", re.M | re.S)
TYPE = re.compile(
    rf"(?:{COMMENT})?^typedef (?:struct (?P<name>flx_\w+) \w+;|struct (?P<laid>flx_\w+) \{{|\w+ \(\*(?P<called>flx_\w+)\))",
    re.M | re.S)
CONSTANT = re.compile(rf"(?:{COMMENT})?^#define (?P<name>FLX_\w+) +(?P<value>[^\n]+)", re.M | re.S)
# What the header needs to be read, and no host.
BUILD = {"FLX_API"}
# The function that ends an object's life, where it is not called flx_NAME_free.
ENDS = {"flx_client": "flx_client_close", "flx_pull": "flx_pull_close", "flx_sync": "flx_sync_close"}
PARAMETER = re.compile(r"([\w ]+[ *]+?)(\w+)(?:,|$)")


def function_faults(found: "re.Match[str]", constants: "set[str]") -> "list[str]":
    name, said = found["name"], found["text"]
    if not said:
        return [f"{name} has no comment"]
    faults: "list[str]" = []
    given = {parameter: kind.strip() for kind, parameter in PARAMETER.findall(found["given"].replace("\n", " "))}
    returned = said.partition("@return")[2]
    if found["type"].strip() != "void" and not returned and not re.search(r"\breturns\b|, or NULL\b", said, re.I):
        faults.append(f"{name} does not say what it returns")
    if "err" in given and not re.search(r"\bFLX_OK\b", returned):
        faults.append(f"{name} does not say under @return what FLX_OK is")
    cited = set(re.findall(r"\bFLX_\w*[A-Z0-9]\b", said))
    faults += [f"{name} cites {one}, which is no constant" for one in sorted(cited - constants)]
    named = [one for line in re.findall(r"@param +([\w, ]+?)  ", said) for one in line.split(", ")]
    faults += [f"{name} has no parameter {one}" for one in named if one not in given]
    for parameter, kind in given.items():
        made = re.fullmatch(r"(flx_\w+) \*\*", kind)
        end = made and ENDS.get(made[1], f"{made[1]}_free")
        if made and made[1] != "flx_error" and f"{end}()" not in said:
            faults.append(f"{name} does not say that {parameter} is freed with {end}()")
    return faults


def in_a_run(header: str, offset: int) -> bool:
    """Whether constants, each a line, stand below one comment for all of them."""
    above = header[:offset].splitlines()
    while above and above[-1].startswith("#define FLX_"):
        above.pop()
    return bool(above) and above[-1].endswith("*/") and not above[-1].startswith("/* ----")


def faults_of(header: str) -> "list[str]":
    constants = {found["name"]: found for found in CONSTANT.finditer(header)}
    faults: "list[tuple[int, str]]" = []
    for found in FUNCTION.finditer(header):
        faults += [(found.start("name"), what) for what in function_faults(found, set(constants))]
    for found in TYPE.finditer(header):
        name = found["name"] or found["called"] or found["laid"]
        if not found["text"] and not re.search(rf"\*/\nstruct {name} \{{", header):
            faults.append((found.end(), f"{name} has no comment"))
    for name, found in constants.items():
        told = found["text"] or "/**<" in found["value"] or in_a_run(header, found.start("name") - len("#define "))
        if not told and name not in BUILD:
            faults.append((found.start("name"), f"{name} has no comment"))
    declared, read = len(re.findall(r"^FLX_API ", header, re.M)), sum(1 for _ in FUNCTION.finditer(header))
    if declared != read:
        faults.append((0, f"{declared} functions are declared and {read} were read"))
    lines = [(header.count("\n", 0, offset) + 1, what) for offset, what in sorted(faults)]
    return [f"{line}: {what}" for line, what in lines]


PLANTED = (
    ("/** Frees an error. NULL and stale handles do nothing. */\n", "", "flx_error_free has no comment"),
    ("/** One walk over a feed. */\n", "", "flx_pull has no comment"),
    ("/** As a length: the text ends at its NUL. */\n", "", "FLX_NUL has no comment"),
    ("/* Bits of `has` of flx_quantity_overwrite. */\n", "", "FLX_HAS_QUANTITY_OVERWRITTEN has no comment",
     "FLX_HAS_LOCKED_BY_ORDER_VOLUME_PROTECTION has no comment", "FLX_HAS_DYNAMIC_QUANTITY has no comment"),
    ("#define FLX_OK 0     /**< done */", "#define FLX_OK 0", "FLX_OK has no comment"),
    (" * Returns a number of an error.\n", " * A number.\n"),
    (" * @return the number, or 0 for NULL", " * the number, or 0 for NULL", "flx_error_number does not say what it returns"),
    (" * @return FLX_OK · FLX_E_JSON · FLX_E_CONFIG\n", " * @return FLX_E_JSON\n",
     "flx_config_set_json does not say under @return what FLX_OK is"),
    ("an order can still be submitted.", "FLX_E_PLANTED.", "flx_cancel_fire cites FLX_E_PLANTED, which is no constant"),
    (" * @param topic  one", " * @param planted  one", "flx_describe has no parameter planted"),
    ("receives the client; close it with flx_client_close()", "receives the client",
     "flx_client_open does not say that out is freed with flx_client_close()"),
    ("FLX_API uint32_t flx_version(void);", "FLX_API uint32_t flx_version (void);", "functions are declared and"),
)


def planted(header: str) -> int:
    before = faults_of(header)
    for true, false, *_ in PLANTED:
        if header.count(true) < 1:
            print(f"nothing to plant in: {true.strip()}")
            return 1
        header = header.replace(true, false, 1)
    found = [fault.partition(": ")[2] for fault in faults_of(header)]
    found = [fault for fault in found if fault not in {one.partition(": ")[2] for one in before}]
    wanted = [what for _, _, *whats in PLANTED for what in whats]
    unseen = [what for what in wanted if not any(what in fault for fault in found)]
    others = [fault for fault in found if not any(what in fault for what in wanted)]
    for what in unseen:
        print(f"planted and not found: {what}")
    for fault in others:
        print(f"found and not planted: {fault}")
    print(f"header: {len(wanted) - len(unseen)} of {len(wanted)} planted were named, and {len(others)} others")
    return 1 if unseen or others else 0


def main() -> int:
    header = HEADER.read_text()
    if "--planted" in sys.argv:
        return planted(header)
    faults = faults_of(header)
    for fault in faults:
        print(f"{HEADER.relative_to(ROOT)}:{fault}")
    functions, constants = sum(1 for _ in FUNCTION.finditer(header)), sum(1 for _ in CONSTANT.finditer(header))
    print(f"header: {functions} functions, {constants} constants, {len(faults)} faults")
    return 1 if faults or not functions or not constants else 0


if __name__ == "__main__":
    sys.exit(main())
