#!/usr/bin/env python3
"""Plays the scenarios with every host, and compares what the hosts said with each other and with the transcripts.

    FLX_SANDBOX=... play.py LIBRARY PHP_BUILT [--only NAME,...] [--hosts c,node,...] [--write | --planted]

PHP_BUILT is where bindings/php-extension was built. The addon of Node has to be built.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import difflib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "bindings/python/tests"), str(ROOT / "tables")]

from plain import line  # noqa: E402

from sandbox import Sandbox  # noqa: E402
from writers import codes  # noqa: E402


@dataclass(frozen=True)
class Host:
    """A program that plays steps, and what it finds the library by."""

    name: str
    command: "list[str]"
    environment: "dict[str, str]"


def hosts(library: Path, php: Path, scratch: Path) -> "list[Host]":
    program = scratch / "host"
    warnings = ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror"]
    subprocess.run(["cc", "-std=gnu11", *warnings, "-O1", f"-I{ROOT}/include", "-o", program, HERE / "hosts/host.c", library,
                    "-ljansson"], check=True)
    header = scratch / "flxchannel.php.h"
    header.write_bytes(subprocess.run([ROOT / "bindings/php/header.sh", ROOT / "include/flxchannel.h", library], check=True,
                                      capture_output=True).stdout)
    by_loader = {"LD_LIBRARY_PATH": str(library.parent)}
    by_name = {"FLXCHANNEL_LIBRARY": str(library)}
    script = str(HERE / "hosts/host.php")
    quiet = ["php", "-d", "error_log=/dev/null"]
    return [
        Host("c", [str(program)], by_loader),
        Host("python", [sys.executable, str(HERE / "hosts/host.py")], {**by_name, "PYTHONPATH": str(ROOT / "bindings/python")}),
        Host("php-ffi", [*quiet, script], {**by_loader, "FLXCHANNEL_HEADER": str(header)}),
        Host("php-extension", [*quiet, "-d", f"extension={php}/modules/flxchannel.so", script], by_loader),
        Host("node", ["node", str(HERE / "hosts/host.mjs")], by_name),
    ]


def classes() -> "dict[str, str]":
    """The class that bindings have for a code: one of its own, or that of its band."""
    return {f"FLX_{code.name}": code.raises or band.raises for band in codes.read(ROOT / "tables") for code in band.codes}


class Story:
    """A scenario file, played."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.script = json.loads(path.read_text())
        self.transcript = path.with_suffix(".txt")

    def play(self, host: Host, wrong: str = "") -> "list[str]":
        """What it said, line by line; `wrong` is a word that a host is made to say wrong."""
        hub = self.script.get("hub", {})
        switches = {"pool.size": "1000", "pool.refill": "500", **hub.get("set", {})}
        with tempfile.TemporaryDirectory(prefix="flx-scenario-") as folder, Sandbox(
                "--seed", hub.get("seed", "tiny"), switches=switches) as sandbox:
            config = {"channel": "shop", "token": sandbox.token, "state_dir": f"{folder}/state", "origin": sandbox.url,
                      "rate_limit.dir": f"{folder}/limits"}
            os.mkdir(f"{folder}/limits", 0o700)
            child = subprocess.Popen(host.command, env={**os.environ, **host.environment}, text=True, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            kept: "dict[str, Any]" = {"config": config}
            lines = []
            assert child.stdin and child.stdout and child.stderr
            for step in self.script["steps"]:
                if "hub" in step:
                    method, path = step["hub"].split(" ")
                    kept[step.get("keep", "")] = admin(sandbox.url, method, path, filled(step.get("with"), kept))
                    lines.append(f"# hub: {step['hub']} {json.dumps(step['with']) if 'with' in step else ''}".rstrip())
                    continue
                asked = {"do": step["do"], "with": filled(step.get("with", {}), kept)}
                if step["do"] == "open":
                    asked["with"] = {"config": {**config, **asked["with"]}}
                child.stdin.write(json.dumps(asked) + "\n")
                child.stdin.flush()
                said = child.stdout.readline()
                if not said:
                    return [*lines, f"# the host ended: {child.wait()} {child.stderr.read()[-1000:]}"]
                if "keep" in step:
                    kept[step["keep"]] = json.loads(said).get("gave")
                given = json.dumps(step["with"], ensure_ascii=False) if "with" in step else ""
                lines.append(f"# {step['do']} {given}".rstrip())
                told = line(self.without_class(host, said, step)).replace(sandbox.url, "<hub>")
                lines.append(told.replace(wrong, "wrong") if wrong else told)
            child.stdin.close()
            ended = child.wait(30)
            if ended:
                lines.append(f"# the host ended: {ended} {child.stderr.read()[-1000:]}")
            for pipe in (child.stdout, child.stderr):
                pipe.close()
            return lines

    def without_class(self, host: Host, said: str, step: "dict[str, Any]") -> str:
        """The class of an error is the table's; a host that has classes must have thrown that one. C has none. Where the binding
        refuses by itself ("words": "own"), message and path are its own, and a closed handle has a class of its own."""
        told = json.loads(said)
        if step.get("words") == "own" and "error" in told:
            found = told.get("class", CLASSES[told["error"]]).replace("ClosedError", "HandleError")
            told = {"error": told["error"], "class": found}
        if "class" in told:
            wanted = CLASSES[told["error"]]
            found = told.pop("class")
            if found != wanted:
                told["wrong class"] = f"{host.name}: {found}, not {wanted}"
            said = json.dumps(told, ensure_ascii=False)
        return said


def admin(url: str, method: str, path: str, body: Any) -> Any:
    """What the hub's admin API says, which is beside the contract."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{url}/_admin/{path}", data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def filled(value: Any, kept: "dict[str, Any]") -> Any:
    """A step with what was kept put in: "$page.records.0.id"."""
    if isinstance(value, dict):
        return {name: filled(one, kept) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, kept) for one in value]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    at: Any = kept
    for step in value[1:].split("."):
        at = at[int(step)] if isinstance(at, list) else at[step]
    return at


def compare(name: str, wanted: "list[str]", of: str, found: "list[str]") -> "list[str]":
    return list(difflib.unified_diff(wanted, found, of, name, lineterm="", n=1))


CLASSES = classes()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=lambda text: Path(text).resolve())
    parser.add_argument("php", type=lambda text: Path(text).resolve())
    parser.add_argument("--only", type=lambda text: text.split(","))
    parser.add_argument("--hosts", type=lambda text: text.split(","))
    parser.add_argument("--write", action="store_true", help="write the transcripts, as C says them")
    parser.add_argument("--planted", action="store_true", help="show that a host that says something else is found")
    asked = parser.parse_args()
    stories = [Story(path) for path in sorted((HERE / "scripts").glob("*.json")) if not asked.only or path.stem in asked.only]
    assert stories, "there is no such story"
    with tempfile.TemporaryDirectory(prefix="flx-scenarios-") as scratch, concurrent.futures.ThreadPoolExecutor(6) as pool:
        cast = [host for host in hosts(asked.library, asked.php, Path(scratch)) if not asked.hosts or host.name in asked.hosts]
        if asked.planted:
            return planted(stories[0], cast)
        plays = {(story.name, host.name): pool.submit(story.play, host) for story in stories for host in cast}
        failed = 0
        for story in stories:
            if asked.write:
                story.transcript.write_text("\n".join(plays[story.name, cast[0].name].result()) + "\n")
            wanted = story.transcript.read_text().splitlines() if story.transcript.exists() else []
            for host in cast:
                differences = compare(host.name, wanted, story.transcript.name, plays[story.name, host.name].result())
                failed += bool(differences)
                for one in differences[:60]:
                    print(one if len(one) < 1500 else one[:1500] + "…")
        steps = sum(len(story.script["steps"]) for story in stories)
        print(f"scenarios: {len(stories)} stories of {steps} steps by {len(cast)} hosts ({', '.join(host.name for host in cast)}): "
              + (f"{failed} transcripts differ" if failed else "all transcripts are equal"))
        return 1 if failed else 0


def planted(story: Story, cast: "list[Host]") -> int:
    """A host that says one word of the transcript differently, for each host."""
    wanted = story.transcript.read_text().splitlines()
    found = [host.name for host in cast if compare(host.name, wanted, story.transcript.name, story.play(host, wrong='"gave"'))]
    print(f"scenarios: a wrong word was found in {len(found)} of {len(cast)} hosts")
    return 0 if len(found) == len(cast) else 1


if __name__ == "__main__":
    sys.exit(main())
