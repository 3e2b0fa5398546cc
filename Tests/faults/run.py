#!/usr/bin/env python3
"""Runs the fault rows and prints `ID pass|fail|not-run evidence` for each, then the controls of the checkers.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/faults/run.py [--set core|usual|long] [--only D-01,K-02] [--groups DKMPCJ]

Exits non-zero when a row that was asked for failed or did not run, or when a checker let a wrong case pass.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import importlib
import os
import pkgutil
import random
import re
import resource
import signal
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import rows
from rig import broken
from rig.register import SETS, Case, cases, catalogue

BUSY = 2
"""Cases at a time for each processor: they wait for a disk as well."""
WAITING = 8
"""Cases at a time for each processor that mostly sleep, beside those."""
SLOWER = 2.0
"""A limit is for what hangs: no case fails for what else the machine does."""
SCALE = {"core": 0.1, "usual": 1.0, "long": 10.0}


@dataclass(frozen=True)
class Result:
    case: Case
    passed: bool
    evidence: str
    seconds: float
    processor: float = 0.0
    """Seconds of processor, as the case tells when it is over."""


def load() -> None:
    for module in pkgutil.walk_packages(rows.__path__, "rows."):
        importlib.import_module(module.name)


def run_here(index: int, seed: int, scale: float) -> int:
    """One case in this process; its evidence is the last line of standard output but one, which tells the processor's time."""
    from rig.ground import Ground

    case = cases[index]
    random.seed(seed)
    try:
        with Ground(seed, scale) as ground:
            evidence = case.show(ground)
    except Exception as error:  # noqa: BLE001 - whatever it is, the case has failed
        traceback.print_exc()
        place = traceback.extract_tb(error.__traceback__)[-1]
        evidence = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {error}".replace("\n", " ")
        print(f"\n{evidence}\n{processor():.1f}")
        return 1
    assert evidence, "a case without evidence shows nothing"
    print(f"\n{evidence}\n{processor():.1f}")
    return 0


def processor() -> float:
    """Seconds that this process and those that it waited for have used."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def run(index: int, seed: int, scale: float) -> Result:
    """One case in a process of its own, which ends with all its children when its time is up."""
    case = cases[index]
    command = [sys.executable, __file__, "--case", str(index), "--seed", str(seed), "--scale", str(scale)]
    environment = dict(os.environ)
    if case.built:
        try:
            environment["FLXCHANNEL_LIBRARY"] = str(broken.library(case.built))
        except (AssertionError, subprocess.CalledProcessError) as error:
            return Result(case, False, f"the broken build {case.built} could not be made: {error}", 0.0)
    began = time.monotonic()
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
        env=environment)
    try:
        out, err = child.communicate(timeout=case.timeout_s * max(SLOWER, scale))
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
        return Result(case, False, f"not over after {case.timeout_s * max(SLOWER, scale):.0f} s; seed {seed}", time.monotonic() - began)
    told = re.search(r"(.*)\n(\d+\.\d)\n\Z", out)
    evidence, used = (told[1], float(told[2])) if told else (f"ended with {child.returncode}: {err.strip()[-300:]}", 0.0)
    if child.returncode:
        evidence += f"; seed {seed}"
        print(f"--- {' '.join(case.ids)}\n{err}", file=sys.stderr)
    seconds = time.monotonic() - began
    print(f"{' '.join(case.ids)}: {'failed' if child.returncode else 'passed'}, {seconds:.0f} s, {used:.0f} of processor", file=sys.stderr)
    return Result(case, child.returncode == 0, evidence, seconds, used)


def results(chosen: "list[int]", seed: int, scale: float, processors: int) -> "list[Result]":
    """Long cases first, so that no worker is idle at the end; those that mostly sleep, many at a time beside the others;
    those that need the machine for themselves last."""
    together = sorted((i for i in chosen if not cases[i].alone), key=lambda i: -cases[i].timeout_s)
    with concurrent.futures.ThreadPoolExecutor(BUSY * processors) as pool, concurrent.futures.ThreadPoolExecutor(WAITING * processors) as sleepers:
        started = [(sleepers if cases[index].waits else pool).submit(run, index, seed, scale) for index in together]
        done = [one.result() for one in started]
    return done + [run(index, seed, scale) for index in chosen if cases[index].alone]


def report(done: "list[Result]", asked: "list[str]") -> bool:
    """Print the rows in the catalogue's order; return whether all that was asked for holds."""
    good = True
    for one in asked:
        of_row = [result for result in done if one in result.case.ids and not result.case.is_control]
        state = "not-run" if not of_row else "pass" if all(result.passed for result in of_row) else "fail"
        good &= state == "pass"
        print(f"{one} {state} {' | '.join(r.evidence for r in of_row if r.passed is (state == 'pass'))}".rstrip())
    for result in done:
        if result.case.is_control:
            good &= result.passed
            print(f"control {result.case.ids[0]}: {'pass' if result.passed else 'fail'} {result.evidence}")
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", choices=SETS, default="usual")
    parser.add_argument("--only", help="ids and names of controls, separated by commas")
    parser.add_argument("--groups", help="letters of the catalogue's sections; all if left out")
    parser.add_argument("--processors", type=int, default=os.cpu_count() or 2, help="how many there are to use")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--scale", type=float)
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    load()
    if options.case is not None:
        return run_here(options.case, options.seed, options.scale)

    known = catalogue()
    strange = {one for case in cases if not case.is_control for one in case.ids} - set(known)
    assert not strange, f"no such rows: {sorted(strange)}"
    level = SETS.index(options.set)
    if options.only:
        level = max(level, SETS.index("usual"))  # the set then says at which scale
    chosen = [index for index, case in enumerate(cases) if SETS.index(case.set) <= level]
    asked = [one for one, section in known.items() if not options.groups or section in options.groups]
    if options.only:
        only = set(options.only.split(","))
        chosen = [index for index in chosen if only & set(cases[index].ids)]
        asked = [one for one in known if one in only]
    elif options.groups:
        chosen = [i for i in chosen if cases[i].is_control or any(known[one] in options.groups for one in cases[i].ids)]
    if options.set == "core" and not options.only:
        asked = [one for one in asked if any(one in cases[index].ids for index in chosen)]
    began = time.monotonic()
    done = results(chosen, options.seed, options.scale or SCALE[options.set], options.processors)
    good = report(done, asked)
    passed = sum(all(r.passed for r in done if one in r.case.ids) and any(one in r.case.ids for r in done) for one in asked)
    controls = [r for r in done if r.case.is_control]
    print(
        f"{passed} of {len(asked)} rows pass, {sum(r.passed for r in controls)} of {len(controls)} controls, "
        f"{time.monotonic() - began:.0f} s, seed {options.seed}")
    slow = sorted(done, key=lambda r: -r.seconds)[:5]
    print("slowest: " + ", ".join(f"{'/'.join(r.case.ids)} {r.seconds:.0f} s" for r in slow))
    for failed in (r for r in done if not r.passed):  # once more where a reader of a long log looks first
        print(f"failed: {' '.join(failed.case.ids)}: {failed.evidence}")
    return 0 if good else 1


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
