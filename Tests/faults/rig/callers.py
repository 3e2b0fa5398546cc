"""Writes the calls of `programs/random_caller.c` from the header: one C function for each that the library exports.

So a function that is new is called the day it is declared. What each parameter may be follows from its type and its name; two
are written by hand in the program, because a cancel is a real pointer and a random one is the host's fault.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from .ground import ROOT
from .native import BUILD

HEADER = ROOT / "include/flxchannel.h"
BY_HAND = ("flx_cancel_new", "flx_cancel_free", "flx_client_set_cancel")
KINDS = ("blob", "error", "config", "client", "pull", "page", "order_builder", "sync", "cancel")


def declared() -> "dict[str, tuple[str, list[tuple[str, str]]]]":
    """Name: result type, and type and name of each parameter."""
    text = re.sub(r"/\*.*?\*/", " ", HEADER.read_text(), flags=re.S)
    found = {}
    for result, name, inside in re.findall(r"FLX_API ([\w\s*]+?)\s*\b(flx_\w+)\(([^)]*)\);", text):
        parts = [] if inside.strip() == "void" else [" ".join(one.split()) for one in inside.split(",")]
        found[name] = (result, [_parameter(one) for one in parts])
    return found


def _parameter(text: str) -> "tuple[str, str]":
    cut = re.fullmatch(r"(.*?)(\w+)", text)
    assert cut, text
    return cut[1].strip(), cut[2]


def _body(name: str, result: str, parameters: "list[tuple[str, str]]") -> "list[str]":
    """The lines of one call: choose the arguments, call, judge what came out."""
    before: "list[str]" = []
    given: "list[str]" = []
    after: "list[str]" = []
    frees = int(name.endswith(("_free", "_close")))
    last = ""
    for type_, parameter in parameters:
        kind = re.fullmatch(r"(?:const )?flx_(\w+) (\*+)", type_)
        if kind and kind[1] in KINDS and kind[2] == "*":
            before.append(f"flx_{kind[1]} *{parameter} = a_handle(me, KIND_{kind[1].upper()}, {frees});")
            given.append(parameter)
        elif kind and kind[2] == "**":
            of = kind[1].upper()
            before.append(f"void *{parameter} = POISON, **{parameter}_at = a_place(me, &{parameter});")
            given.append(f"(flx_{kind[1]} **){parameter}_at")
            after.append(f"took_{'error' if of == 'ERROR' else 'object'}(me, status, {parameter}_at, KIND_{of});")
        elif type_ in ("const char **", "const void **"):
            before.append(f"const void *{parameter} = POISON, **{parameter}_at = a_place(me, &{parameter}); size_t length = 7, *length_at = a_place(me, &length);")
            given.append(f"({type_}){parameter}_at")
            if result == "int32_t":
                after.append(f"took_view(me, status, {parameter}_at, length_at);")
        elif type_ == "size_t *":
            given.append("length_at")
        elif type_ == "const char *":
            before.append(f'size_t {parameter}_n = 0; const char *{parameter} = a_text(me, "{parameter}", &{parameter}_n);')
            given.append(parameter)
        elif type_ == "size_t" and last == "const char *":
            given.append(f"{given[-1]}_n")
        elif type_ in ("int32_t", "int64_t", "uint32_t", "size_t"):
            given.append(f'({type_})a_number(me, "{parameter}")')
        else:
            given.append({"flx_log_fn": "log_function(me)", "flx_drop_fn": "drop_function(me)", "const flx_sync_handlers *": "sync_handlers(me)", "void *": "&drops"}[type_])
        last = type_
    call = f"{name}({', '.join(given)});"
    if result == "int32_t":
        return [*before, f"int32_t status = {call}", *(after or []), "judged(me, status);"]
    return [*before, call if result == "void" else f"(void){call}"]


def written() -> str:
    """The generated part of the program."""
    lines = ["/* Written by rig/callers.py from flxchannel.h. */"]
    for name, (result, parameters) in declared().items():
        if name not in BY_HAND:
            lines += [f"static void call_{name}(struct caller *me)", "{", *(f"    {one}" for one in _body(name, result, parameters) or ["(void)me;"]), "    (void)me;", "}"]
    lines += ["static const struct { const char *name; void (*call)(struct caller *); } calls[] = {"]
    lines += [f'    {{"{name}", call_{name}}},' for name in declared()]
    return "\n".join([*lines, "};", ""])


def folder() -> Path:
    """Where `calls.h` stands, named by what is in it."""
    text = written()
    place = BUILD / f"calls-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    place.mkdir(parents=True, exist_ok=True)
    made = place / "calls.h"
    if not made.exists():
        made.with_suffix(".new").write_text(text)
        made.with_suffix(".new").rename(made)
    return place
