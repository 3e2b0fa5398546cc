#!/usr/bin/env python3
"""Shows that what this folder demands can be missed: a library that is built wrong is refused, fault by fault.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python Tests/postgres/controls.py PYTHON     as root; PYTHON has pytest
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "faults"))

from rig import broken
from rig.ground import ROOT

HERE = Path(__file__).resolve().parent

SEEN = {
    "whoever wants an order has it": "test_channel.py::test_four_clients_send_each_order_once",
    "a commit whose answer is lost is taken for done": "test_attacks.py::test_a_commit_that_did_not_arrive_is_not_told",
    "a grant is written over what others were granted": "test_channel.py::test_the_budget_is_shared",
    "a commit is told before it is safe": "test_attacks.py::test_a_role_that_does_not_wait_for_the_disk",
    "numbers of transactions are believed everywhere": "test_attacks.py::test_a_number_of_a_transaction_means_nothing_after_a_failover",
    "a silent host is waited for": "test_attacks.py::test_a_host_that_says_nothing_is_passed_over",
    "the server's clock is believed": "test_attacks.py::test_the_clock_of_the_server_steps_by_hours",
}
"""The edits of the build `parted`, and the test that sees each."""


def test(python: str, name: str, library: str) -> bool:
    paths = [ROOT / "bindings/python", ROOT / "bindings/python/tests", HERE]
    environment = {**os.environ, "FLXCHANNEL_LIBRARY": library, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", name], cwd=HERE, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout[-2000:]
    return done.returncode == 0


def hosts(library: str) -> "tuple[bool, str]":
    """The whole on the wrong build, at a hub that punishes the third request of a second."""
    done = subprocess.run(
        [sys.executable, str(HERE / "hosts.py"), "--kills", "60", "--orders", "5", "--strict", "--duplicate", "second", "--life", "3", "--pace", "1000", "--library", library],
        capture_output=True, text=True)
    lines = done.stderr.strip().splitlines() or [""]
    return "wrong, such as" in lines[-1] or "429" in lines[-1], lines[-1][:300]


def main(python: str) -> int:
    shipped, wrong = os.environ["FLXCHANNEL_LIBRARY"], str(broken.library("parted"))
    bad = 0
    for what, name in SEEN.items():
        states = test(python, name, shipped), test(python, name, wrong)
        bad += states != (True, False)
        print(f"{what}: {name.partition('::')[2]} {'sees it' if states == (True, False) else f'shipped passes: {states[0]}, wrong passes: {states[1]}'}")
    is_seen, said = hosts(wrong)
    print(f"three hosts on the wrong build: {'refused' if is_seen else 'NOT refused'}: {said}")
    return 1 if bad or not is_seen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
