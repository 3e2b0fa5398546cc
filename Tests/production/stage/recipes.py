"""What the papers of examples/production have people type: the indented lines below a heading, as they are printed."""

from __future__ import annotations

import re
from pathlib import Path

PRODUCTION = Path(__file__).resolve().parents[3] / "examples/production"


def section(heading: str) -> str:
    text = (PRODUCTION / "README.md").read_text()
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"there is no heading {heading}"
    return found[1]


def headings() -> "list[str]":
    return re.findall(r"^## (.+)$", (PRODUCTION / "README.md").read_text(), re.M)


def blocks(text: str) -> "list[list[str]]":
    """The commands of each block of indented lines; a backslash goes on in the next line."""
    found: "list[list[str]]" = []
    for block in re.findall(r"(?:^ {4}.*\n?)+", text, re.M):
        lines = [line[4:] for line in block.splitlines()]
        found.append("\n".join(lines).replace("\\\n", " ").split("\n"))
    return found


def recipe(heading: str, block: int = 0) -> "list[str]":
    return blocks(section(heading))[block]


def job_lines(text: str) -> "tuple[dict[str, str], list[tuple[str, str, str]]]":
    """A file of /etc/cron.d as cron reads it: its variables, and of each job when, as whom and what."""
    variables: "dict[str, str]" = {}
    jobs: "list[tuple[str, str, str]]" = []
    assert text.endswith("\n"), "cron passes over a last line without an end"
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if setting := re.fullmatch(r"(\w+)\s*=\s*\"?([^\"]*)\"?", line):
            variables[setting[1]] = setting[2]
            continue
        job = re.fullmatch(r"((?:[\d*/,-]+\s+){5})(\w+)\s+(.+)", line)
        assert job, f"cron cannot read: {line}"
        assert "%" not in job[3], "an unescaped % ends the command for cron"
        jobs.append((" ".join(job[1].split()), job[2], job[3]))
    return variables, jobs
