"""Nagios: what its files say is run as its user, and told in a line and a status."""

from __future__ import annotations

import re

import pytest

from machine import CONFIG, PRODUCTION, TOKEN, Machine, Sandbox


def objects(text: str) -> "list[tuple[str, dict[str, str]]]":
    """The objects of a file of Nagios: their kind, and each directive with its value."""
    text = re.sub(r"^\s*[#;].*$", "", text, flags=re.M)
    found = re.findall(r"define\s+(\w+)\s*\{\n(.*?)\n\s*\}", text, re.S)
    assert not re.sub(r"define\s+(\w+)\s*\{\n(.*?)\n\s*\}", "", text, flags=re.S).strip(), "something stands outside of the objects"
    return [(kind, dict(line.split(None, 1) for line in body.splitlines() if line.strip())) for kind, body in found]


def check_line() -> str:
    """What Nagios runs for the service: its command, with the words after ! in it."""
    found = objects((PRODUCTION / "nagios/flx.cfg").read_text())
    commands = {one["command_name"]: one["command_line"] for kind, one in found if kind == "command"}
    service = next(one for kind, one in found if kind == "service")
    assert {"use", "host_name", "service_description", "check_command"} <= set(service)
    name, *words = service["check_command"].split("!")
    line = commands[name]
    for number, word in enumerate(words, 1):
        line = line.replace(f"$ARG{number}$", word)
    assert "$" not in line
    return line


@pytest.fixture
def watched(machine: Machine) -> Machine:
    machine.run("useradd --system nagios")
    machine.follow("What to alarm on")
    machine.sync()
    machine.submit("A-0")
    machine.sync()
    return machine


def checked(machine: Machine, status: int, word: str) -> None:
    done = machine.run(check_line(), "nagios", status=None)
    assert done.returncode == status and done.stdout.startswith(f"FLX {word} - "), (done.returncode, done.stdout, done.stderr)
    assert done.stdout.count("\n") == 1 and done.stderr == ""


def test_nagios_is_told_in_a_line_and_a_status(watched: Machine, hub: Sandbox) -> None:
    watched.run("visudo --check --strict")
    checked(watched, 0, "OK")
    hub.set(**{"channel.generate_on_import": "false"})
    checked(watched, 1, "WARNING")
    watched.at(TOKEN).write_text("no-such-token")
    checked(watched, 2, "CRITICAL")
    watched.at(CONFIG).chmod(0o644)
    checked(watched, 3, "UNKNOWN")


def test_nagios_may_do_nothing_else_as_the_shop(watched: Machine) -> None:
    for other in ("flx order discard A-0 --channel shop", "flx doctor --check --channel other", "sh -c id"):
        watched.run(f"/usr/bin/sudo -n -u shop /usr/local/bin/{other}", "nagios", status=1)
    watched.run("rm /etc/sudoers.d/flxchannel")
    done = watched.run(check_line(), "nagios", status=None)
    assert done.returncode != 0 and "OK" not in done.stdout
