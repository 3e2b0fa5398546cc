#!/usr/bin/env python3
"""Writes the manual pages of flx from what flx says of itself, so that both come from one table.

    Sources/flx/man.py FLX FOLDER       writes flx.1, and flx-NAME.1 for each of its commands
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

Command = "dict[str, Any]"
_OF_EACH = {"help", "version"}


def main(program: str, folder: str) -> None:
    dump = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    root = json.loads(dump)["command"]
    Path(folder).mkdir(parents=True, exist_ok=True)
    pages = {"flx": root, **{f"flx-{command['commandName']}": command for command in _commands(root)}}
    for name, command in pages.items():
        Path(folder, f"{name}.1").write_text(page(name, command, sorted(set(pages) - {name}), version))


def page(name: str, command: Command, others: "list[str]", version: str) -> str:
    """One page: the command, its options, and those below it."""
    parts = [f'.TH {name.upper()} 1 "" "{version}" "flxchannel"', ".SH NAME", _text(f"{name} - {_sentence(command)}")]
    parts += [".SH SYNOPSIS", *_synopses(name.replace("-", " ", 1), command)]
    if command.get("discussion"):
        parts += [".SH DESCRIPTION", *_paragraphs(command["discussion"])]
    below = _commands(command)
    if name == "flx":
        parts.append(".SH COMMANDS")
        for one in below:
            parts += [".TP", f".BR flx\\-{_text(one['commandName'])} (1)", _text(_sentence(one))]
    else:
        parts += _options(command, ".SH OPTIONS")
        for one in below:
            parts += [f".SH {_text(one['commandName'].upper())}", _text(_sentence(one))]
            parts += _paragraphs(one.get("discussion") or "")
            parts += _options(one, ".PP")
    parts += [".SH SEE ALSO", ", ".join(f"{_text(other)}(1)" for other in others)]
    return "\n".join(parts) + "\n"


def _commands(command: Command) -> "list[Command]":
    return [one for one in command.get("subcommands") or [] if one["commandName"] != "help" and one.get("shouldDisplay", True)]


def _sentence(command: Command) -> str:
    return str(command.get("abstract") or "").rstrip(".")


def _arguments(command: Command) -> "list[dict[str, Any]]":
    """Those to tell of; help stands on every page and is told on none."""
    shown = [one for one in command.get("arguments") or [] if one.get("shouldDisplay", True)]
    return [one for one in shown if one.get("valueName") not in _OF_EACH]


def _synopses(name: str, command: Command) -> "list[str]":
    below = _commands(command)
    if below and name != "flx":
        lines = [line for one in below for line in (*_synopses(f"{name} {one['commandName']}", one), ".br")]
        return lines[:-1]
    if below:
        return [f".B {_text(name)}", "[\\-\\-version] [\\-\\-help] COMMAND ..."]
    words = []
    for one in _arguments(command):
        word = _form(one)
        words.append((f"[{word}]" if one["isOptional"] else word) + (" ..." if one["isRepeating"] else ""))
    return [f".B {_text(name)}", _text(" ".join(words))]


def _form(argument: "dict[str, Any]") -> str:
    if argument["kind"] == "positional":
        return f"<{argument['valueName']}>"
    name = argument["preferredName"]
    word = ("--" if name["kind"] == "long" else "-") + name["name"]
    return word if argument["kind"] == "flag" else f"{word} <{argument['valueName']}>"


def _options(command: Command, head: str) -> "list[str]":
    parts: "list[str]" = []
    for one in _arguments(command):
        about = str(one.get("abstract") or "")
        if one.get("defaultValue") and one["kind"] != "flag":
            about += f" (default: {one['defaultValue']})"
        if one.get("allValues"):
            about += f" One of {', '.join(one['allValues'])}."
        parts += [".TP", f".B {_text(_form(one))}", _text(about)]
    return [head, *parts] if parts else []


def _paragraphs(text: str) -> "list[str]":
    """Lines that are set in stay as they are."""
    parts, as_is = [".PP"], False
    for line in text.split("\n"):
        if not line.strip():
            parts += [".fi"] * as_is + [".PP"]
            as_is = False
            continue
        if line.startswith(" ") != as_is:
            as_is = not as_is
            parts.append(".nf" if as_is else ".fi")
        parts.append(_text(line))
    return parts + [".fi"] * as_is


def _text(text: str) -> str:
    """Text as troff takes it."""
    plain = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + plain if plain[:1] in (".", "'") else plain


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
