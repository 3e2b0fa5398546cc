#!/usr/bin/env python3
"""Measures this library against what people use instead, and prints one table.   `make bench`; see README.md.

Programs take turns, round by round, each round in another order, so that the machine's mood hits them alike; every ratio
is the median of the ratios of single rounds. A program whose sums are wrong, or which fails, fails the benchmark.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import server  # noqa: E402
from table import Section, Table  # noqa: E402

ROOT = HERE.parents[1]
CLIENTS = HERE / "clients"
SECTIONS = ["speed", "memory", "hosts", "scanner", "submit", "answers", "read_model", "deadlines", "startup", "rate_limit"]


class Programs:
    """The programs, compiled where they are to be, and how to start each."""

    def __init__(self, build: Path, library: Path, extension: Path) -> None:
        self.build = build
        self.environment = os.environ | {
            "FLXCHANNEL_LIBRARY": str(library), "LD_LIBRARY_PATH": str(library.parent),
            "PYTHONPATH": f"{ROOT / 'bindings/python'}:{CLIENTS}"}
        python, include = sys.executable, ["-I", str(ROOT / "include")]
        self._compile("flx", ["gcc", *include], "flx.c", ["-L", str(library.parent), "-lflxchannel"])
        self._compile("curl_jansson", ["gcc"], "curl_jansson.c", ["-lcurl", "-ljansson", "-lm"])
        self._compile("curl_simdjson", ["g++", "-std=c++17"], "curl_simdjson.cpp", ["-lcurl", "-lsimdjson", "-lm"])
        php = ["php", "-d", "opcache.enable_cli=1", "-d", "memory_limit=2G"]
        header = build / "flxchannel.php.h"
        header.write_bytes(subprocess.run([ROOT / "bindings/php/header.sh", ROOT / "include/flxchannel.h", library], check=True,
                                          capture_output=True).stdout)
        self.environment["FLXCHANNEL_HEADER"] = str(header)
        self.commands = {
            "flx C": [str(build / "flx")],
            "flx C, slim": ["env", f"LD_LIBRARY_PATH={library.parents[1] / 'slim'}", str(build / "flx")],
            "C libcurl, bare": [str(build / "curl_simdjson")],  # for small requests, whose number it reads by hand
            "C libcurl + simdjson": [str(build / "curl_simdjson")],
            "C libcurl + jansson": [str(build / "curl_jansson")],
            "flx Python, plain": [python, str(CLIENTS / "flx_plain.py")],
            "flx Python, plain, no orjson": [python, str(CLIENTS / "flx_plain_no_orjson.py")],
            "flx Python, exact": [python, str(CLIENTS / "flx_exact.py")],
            "urllib3 + orjson": [python, str(CLIENTS / "with_urllib3.py")],
            "requests": [python, str(CLIENTS / "with_requests.py")],
            "httpx": [python, str(CLIENTS / "with_httpx.py")],
            "flx PHP, extension": [*php, "-d", f"extension={extension}", str(CLIENTS / "flx_php.php")],
            "flx PHP, FFI": [*php, str(CLIENTS / "flx_php.php")],
            "flx Node": ["node", str(CLIENTS / "flx_node.mjs")],
            "PHP curl + json_decode": [*php, str(CLIENTS / "php_curl.php")],
            "Guzzle": [*php, str(CLIENTS / "guzzle.php")],
            "Node fetch": ["node", str(CLIENTS / "node_fetch.mjs")],
            "Node http": ["node", str(CLIENTS / "node_http.mjs")],
        }

    def _compile(self, name: str, compiler: "list[str]", source: str, libraries: "list[str]") -> None:
        subprocess.run([*compiler, "-O2", "-Wall", "-o", self.build / name, CLIENTS / source, *libraries], check=True)

    def run(self, name: str, mode: str, url: str, *arguments: str) -> "dict[str, float]":
        """Run one program once. What it printed, with the processor time of all of it."""
        with tempfile.TemporaryDirectory(dir=self.build) as state:
            own = [state] if name.startswith("flx") else []
            command = [*self.commands[name], mode, url, *own, *arguments]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, env=self.environment)
            printed = process.stdout.read()
            process.stdout.close()
            _, status, use = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{name} {mode} ended with {process.returncode}")
        return json.loads(printed) | {"process_cpu_s": use.ru_utime + use.ru_stime}


class Bench:
    """Runs programs in turns over the catalogues of one server."""

    def __init__(self, programs: Programs, catalogues: "dict[str, server.Catalogue]") -> None:
        self.programs = programs
        self.catalogues = catalogues

    def pages(self, catalogue: str, names: "list[str]", rounds: int) -> "dict[str, list[dict[str, float]]]":
        of = self.catalogues[catalogue]

        def once(name: str) -> "dict[str, float]":
            found = self.programs.run(name, "pages", of.url)
            for field in ("listings", "ids", "cents", "quantity"):
                if found[field] != getattr(of.sums, field):
                    raise SystemExit(f"{name}: {field} is {found[field]}, and should be {getattr(of.sums, field)}")
            return found

        return in_turns(f"pages of {catalogue}", names, rounds, once)

    def small(self, names: "list[str]", rounds: int, times: int) -> "dict[str, list[dict[str, float]]]":
        url = self.catalogues["small"].url

        def once(name: str) -> "dict[str, float]":
            found = self.programs.run(name, "small", url, str(times))
            if found["listings"] != times * int(server.COUNT):
                raise SystemExit(f"{name}: small requests gave {found['listings']}")
            return found

        return in_turns("small requests", names, rounds, once)

    def start(self, names: "list[str]", rounds: int) -> "dict[str, list[dict[str, float]]]":
        url = self.catalogues["small"].url
        return in_turns("starts", names, rounds, lambda name: self.programs.run(name, "start", url))


def in_turns(what, names, rounds, once):
    """Every program once a round, in an order of its own; the first round warms caches and does not count."""
    results = {name: [] for name in names}
    for number in range(rounds + 1):
        print(f"bench: {what}, round {number} of {rounds}", file=sys.stderr, flush=True)
        for name in random.Random(number).sample(names, len(names)):  # so that none always follows the same one
            found = once(name)
            if number:
                results[name].append(found)
    return results


def speed(bench: Bench, rounds: int) -> "list[Section]":
    """Processor time of a listing and of a small request, listings per second, start, against the goals."""
    every = list(bench.programs.commands)
    names = [name for name in every if name != "C libcurl, bare"]
    sections = []
    for catalogue, title in (("small", "small listings"), ("rich", "10 KB listings")):
        results = bench.pages(catalogue, names, rounds)
        of = bench.catalogues[catalogue]
        section = Section(f"CPU per listing, {title} ({of.record_bytes:,} bytes, {server.PAGE} a page)", "µs", "flx C")
        for name in names:
            section.add(name, [run["cpu_s"] / of.sums.listings * 1e6 for run in results[name]])
        section.goal("flx C", "urllib3 + orjson", 0.4)
        section.goal("flx C", "PHP curl + json_decode", 0.4)
        section.goal("flx C", "C libcurl + jansson", 0.12)
        section.goal("flx Python, plain", "urllib3 + orjson", 1.1)
        section.goal("flx Python, plain, no orjson", "requests", 1.0)
        section.goal("flx Python, exact", "requests", 1.0)
        section.goal("flx PHP, extension", "PHP curl + json_decode", 1.0)
        section.goal("flx PHP, FFI", "PHP curl + json_decode", 1.0)
        section.goal("flx Node", "Node http", 1.0)
        sections.append(section)
        rate = Section(f"listings per second, {title}", "1/s", "flx C", more_is_better=True)
        for name in names:
            rate.add(name, [of.sums.listings / run["wall_s"] for run in results[name]])
        sections.append(rate)

    times = 2000
    small = [name for name in every if not name.startswith("C libcurl +")]
    results = bench.small(small, rounds, times)
    section = Section("CPU per small request", "µs", "flx C")
    for name in small:
        section.add(name, [run["cpu_s"] / times * 1e6 for run in results[name]])
    section.goal("flx C", "C libcurl, bare", 1.5)
    sections.append(section)
    section = Section("CPU per small request above that of bare libcurl", "µs", None)
    for name in small:
        if name != "C libcurl, bare":
            pairs = zip(results[name], results["C libcurl, bare"])
            section.add(name, [(run["cpu_s"] - bare["cpu_s"]) / times * 1e6 for run, bare in pairs])
    section.goal("flx C", None, 22)
    sections.append(section)

    results = bench.start(names, rounds)
    section = Section("start: CPU of a program that opens its client and ends", "ms", "flx C")
    for name in names:
        section.add(name, [run["process_cpu_s"] * 1e3 for run in results[name]])
    sections.append(section)
    return sections


def memory(bench: Bench, rounds: int) -> "list[Section]":
    """Peak memory at 20,000 listings and at all."""
    names = [name for name in bench.programs.commands if name != "C libcurl, bare"]
    few = bench.pages("small", names, rounds)
    all_ = bench.pages("whole", names, rounds)
    count = bench.catalogues["small"].sums.listings
    little = Section(f"peak memory at {count:,} listings", "MB", "flx C")
    whole = Section(f"peak memory at {server.VARIANTS:,} listings", "MB", "flx C")
    growth = Section(f"peak memory, growth from {count:,} to {server.VARIANTS:,} listings", "MB", None)
    for name in names:
        little.add(name, [run["rss_kb"] / 1024 for run in few[name]])
        whole.add(name, [run["rss_kb"] / 1024 for run in all_[name]])
        growth.add(name, [(b["rss_kb"] - a["rss_kb"]) / 1024 for a, b in zip(few[name], all_[name])])
    for name in ("flx C", "flx Python, plain", "flx Python, exact"):
        growth.goal(name, None, 2.0)
    added = Section("memory that flx C adds to its peak", "MB", None)
    added.add("opening a client", [(run["opened_kb"] - run["before_kb"]) / 1024 for run in all_["flx C"]])
    added.add("connecting and the walk", [(run["rss_kb"] - run["opened_kb"]) / 1024 for run in all_["flx C"]])
    added.goal("opening a client", None, 6.0, what="opening a client, MB")
    added.goal("connecting and the walk", None, 4.0, what=f"connecting and the walk over {server.VARIANTS:,}, MB")
    return [little, whole, growth, added]


def free_ports(count: int) -> "list[int]":
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", type=Path, default=ROOT / ".build-bench")
    options.add_argument("--library", type=Path, required=True)
    options.add_argument("--sandbox", required=True)
    options.add_argument("--extension", type=Path, required=True, help="PHP's, built; Node's addon has to be built as well")
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--only", help=f"sections, by comma: {','.join(SECTIONS)}")
    given = options.parse_args()
    wanted = given.only.split(",") if given.only else SECTIONS
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        options.error(f"no section is called {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    build = given.build.resolve()
    build.mkdir(parents=True, exist_ok=True)
    library = given.library.resolve()

    table = Table()
    for name in ("table.txt", "results.json"):
        (build / name).unlink(missing_ok=True)  # what is there at the end is of this run

    def publish(sections: "list[Section]") -> None:
        """Print and keep what is there, so that a part which ends the run leaves the figures of those before it."""
        table.sections += sections
        print("\n\n".join(section.text() for section in sections) + "\n", flush=True)
        (build / "table.txt").write_text(table.text() + "\n")
        (build / "results.json").write_text(json.dumps(table.as_json(), indent=1))

    if {"speed", "memory"} & set(wanted):
        catalogues = server.prepare(build, given.sandbox)
        programs = Programs(build, library, given.extension.resolve())
        nginx = server.Server(build / "nginx", catalogues, free_ports(len(catalogues)))
        try:
            bench = Bench(programs, nginx.catalogues)
            if "speed" in wanted:
                publish(speed(bench, given.rounds))
            if "memory" in wanted:
                publish(memory(bench, 1 + given.rounds // 4))
        finally:
            nginx.close()
    for name in SECTIONS[2:]:
        if name in wanted:
            module = __import__(f"sections.{name}", fromlist=["sections"])
            more = [given.extension.resolve()] if name == "hosts" else []
            publish(module.sections(build, library, Path(given.sandbox), given.rounds, *more))

    print(table.verdict())
    subprocess.run([sys.executable, HERE / "plot.py", build / "results.json", build], check=True)
    return 0 if table.holds else 1


if __name__ == "__main__":
    sys.exit(main())
