"""The page itself: nothing stands on it or beside it that no test runs."""

from __future__ import annotations

import re
import subprocess

from machine import HERE, PRODUCTION, ROOT, Machine, Sandbox
from recipes import blocks, headings, section


def test_every_block_is_run_by_a_test() -> None:
    tests = "\n".join(file.read_text() for file in HERE.parent.glob("*.py"))
    run = {(heading, int(number or 0)) for heading, number in re.findall(r"(?:follow|recipe)\(\"([\w ]+)\"(?:, (\d+))?", tests)}

    printed = {(heading, number) for heading in headings() for number in range(len(blocks(section(heading))))}
    assert printed - run == set() and run - printed == set()


def test_every_file_is_named_on_the_page() -> None:
    page = (PRODUCTION / "README.md").read_text()
    listed = subprocess.run(["git", "ls-files", "."], cwd=PRODUCTION, capture_output=True, text=True, check=True).stdout.split()
    named = set(re.findall(r"[\w.-]+(?:/[\w.@-]+)*", page))

    unnamed = [file for file in listed if file != "README.md" and not {file, file.split("/")[0]} & named]
    assert listed and unnamed == []
    assert "examples/production/README.md" in (ROOT / "README.md").read_text()


def test_what_helps_at_two_in_the_morning_helps(machine: Machine, hub: Sandbox) -> None:
    machine.submit("A-1")
    machine.sync()
    machine.submit("A-2")

    doctor, watch, outbox, logs = machine.follow("At two in the morning")

    assert '"fail"' not in doctor and "1 queued" in watch and "A-2" in outbox and "order.queued" in logs
