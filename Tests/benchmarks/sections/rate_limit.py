"""Pulls and orders under each limiter at each latency: what the programs of Tests/benchmarks/rate_limit see, as rows and goals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from table import Section

PROGRAMS = Path(__file__).resolve().parents[1] / "rate_limit"
ROOT = Path(__file__).resolve().parents[3]


def sections(build: Path, library: Path, sandbox: Path, rounds: int) -> "list[Section]":
    environment = os.environ | {
        "FLXCHANNEL_LIBRARY": str(library), "FLX_SANDBOX": str(sandbox.resolve()), "PYTHONPATH": str(ROOT / "bindings/python")}

    def start(name: str, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, str(PROGRAMS / f"{name}.py"), "--json", *arguments]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    # The long pulls mostly wait; beside them run the crowds, and when these are gone the orders, whose waits they would disturb.
    long = start("budget", "--long")
    pulls = _seen(start("budget", "--short"))
    slots, outage = start("slots"), start("outage")
    orders, outage_seen = _seen(slots), _seen(outage)
    pulls = _seen(long) + pulls
    made = _pulls(pulls) + _orders(orders) + [_outage(outage_seen)]
    for section in made:
        section.notes.append("one round, so without noise")
    return made


def _seen(program: "subprocess.Popen[str]") -> Any:
    """What a program printed. It may have missed its goals; these are judged here, with the rows."""
    printed = program.communicate()[0]
    if not printed:
        raise SystemExit(f"{program.args} ended with {program.returncode} and printed nothing")
    return json.loads(printed)


def _pulls(cases: "list[dict[str, Any]]") -> "list[Section]":
    made = []
    controls = [case for case in cases if case["control"]]
    cases = [case for case in cases if not case["control"]]
    for group in ("600 pages", "60 pages", "processes on one token", "headers that lie"):
        of = [case for case in cases if _group(case) == group]
        seconds = Section(f"rate_limit: seconds to pull, {group}", "s", None)
        share = Section(f"rate_limit: share of the budget, {group}", "%", None)
        throttled = Section(f"rate_limit: 429s, {group}", "429s", None)
        for case in of:
            name = _name(case)
            seconds.add(name, [case["seconds"]])
            share.add(name, [case["share"] * 100])
            throttled.add(name, [case["throttled"]])
            throttled.goal(name, None, case["most_429"], what=f"429s, {name}")
            if case["least"]:
                share.goal(name, None, case["least"] * 100, at_least=True, what=f"share, {name}")
            share.goal(name, None, case["most_share"] * 100, what=f"share, {name}")
        made += [seconds, share, throttled]

    wrong = Section("rate_limit: what no pull may show, over all of them", "count", None)
    lying = [case for case in cases if case["headers"] == "lying"]
    for name, count in (
            ("pages that are missing", sum(max(0, case["pages"] * case["processes"] - case["accepted"]) for case in cases)),
            ("processes that failed", sum(case["failed"] for case in cases)),
            ("headers that lie: unnoticed", sum(not case["throttled"] for case in lying)),
            ("headers that lie: 429s after one round", sum(case["outside"] for case in lying)),
            ("headers that lie: 429s of a second pull", sum(case["again"] for case in lying)),
            ("controls without a 429", sum(not case["throttled"] for case in controls))):
        wrong.add(name, [count])
        wrong.goal(name, None, 0, what=name)
    return made + [wrong]


def _group(case: "dict[str, Any]") -> str:
    if case["headers"] == "lying":
        return "headers that lie"
    return "processes on one token" if case["jitter_ms"] else f"{case['pages']} pages"


def _name(case: "dict[str, Any]") -> str:
    name = f"{case['limiter']}, {case['headers']}, {case['round_trip_ms']} ms"
    if case["jitter_ms"]:
        name += f" + {case['jitter_ms']}, {case['processes']} processes"
    return name


def _orders(seen: "list[dict[str, Any]]") -> "list[Section]":
    wait = Section("rate_limit: longest wait of an order beside a pull, from its submit to its arrival", "s", None)
    pool = Section("rate_limit: least in the hub's pool as an order came (more is less room)", "requests", None)
    backlog = Section("rate_limit: share of the budget that a backlog of orders uses", "%", None)
    throttled = Section("rate_limit: 429s and orders lost or repeated, over all orders", "count", None)
    for one in seen:
        name = one["title"].split(", ", 1)[1]
        if "waits" in one:
            wait.add(name, [one["waits"][-1]])
            wait.goal(name, None, one["most"], what=f"wait, {name}")
            if one["used"] is not None:
                pool.add(name, [one["used"]])
                pool.goal(name, None, one["least_used"], at_least=True, what=f"in the pool, {name}")
        else:
            backlog.add(name, [one["share"] * 100])
            backlog.goal(name, None, one["least"] * 100, at_least=True, what=f"backlog, {name}")
    for name, count in (("429s", sum(one["throttled"] for one in seen)),
                        ("orders lost", sum(one.get("missing", 0) for one in seen)),
                        ("orders sent again", sum(one.get("sent_again", 0) for one in seen))):
        throttled.add(name, [count])
        throttled.goal(name, None, 0, what=f"{name}, over all orders")
    return [wait, pool, backlog, throttled]


def _outage(seen: "dict[str, Any]") -> Section:
    section = Section("rate_limit: an outage of the hub, eight processes on one token", "", None)
    for name, target, at_least in (
            ("requests after the first minute", seen["most_quiet"], False), ("seconds between them, at least", 29.9, True),
            ("requests a second, 35 s after recovery", 1.9, True)):
        section.add(name, [seen[name]])
        section.goal(name, None, target, at_least, what=f"outage: {name}")
    return section
