"""The JSON scanner alone: megabytes validated in a second on one core, against jansson and simdjson in the same process."""

from __future__ import annotations

import subprocess
from pathlib import Path

from table import Section

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "Tests/benchmarks/scanner"


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    program = _compile(build)
    made = []
    for name, title in (("small", "small listings"), ("rich", "10 KB listings")):
        page = build / "pages" / name / "1.json"
        printed = subprocess.run([program, str(rounds + 1), page], check=True, stdout=subprocess.PIPE, text=True).stdout
        lines = [[float(word) for word in line.split()[1:]] for line in printed.splitlines()][1:]
        section = Section(f"JSON validated on one core, {title} ({page.stat().st_size:,} bytes)", "MB/s", "jansson")
        for place, parser in enumerate(("flx scanner", "jansson", "simdjson")):
            section.add(parser, [line[place] for line in lines])
        section.goal("flx scanner", None, 600, at_least=True)
        section.goal("flx scanner", "jansson", 8, at_least=True)
        made.append(section)
    return made


def _compile(build: Path) -> Path:
    """The library's own JSON sources, compiled as in the library, with a program around them."""
    program, peers = build / "scanner", build / "peers.o"
    modules = [flag for name in ("CLibc", "CJansson") for flag in ("-I", str(ROOT / "Sources" / name))]
    sources = [source for room in ("JSON", "Support") for source in sorted((ROOT / "Sources/FlxChannel" / room).rglob("*.swift"))]
    subprocess.run(["g++", "-std=c++17", "-O2", "-c", "-o", peers, SOURCES / "peers.cpp"], check=True)
    subprocess.run(
        ["swiftc", "-parse-as-library", "-wmo", "-swift-version", "6", "-module-name", "Scanner", "-O",
         "-enforce-exclusivity=unchecked", *modules, *sources, SOURCES / "main.swift", peers, "-ljansson", "-lsimdjson",
         "-lstdc++", "-o", program], check=True)
    return program
