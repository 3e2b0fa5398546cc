"""The lines of cron, run as cron runs them."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from typing import Any

from machine import BOOK, PRODUCTION, Machine, Sandbox, once_each, until
from recipes import job_lines


def jobs(machine: Machine) -> "tuple[dict[str, str], list[tuple[str, str, str]]]":
    """As the machine has them after the README's command."""
    machine.follow("Setting up", 2)
    return job_lines(machine.at("/etc/cron.d/flxchannel").read_text())


def as_cron(machine: Machine, number: int, **more: str) -> "tuple[str, str, dict[str, Any]]":
    """A command, its user, and an environment with little more in it than cron says."""
    variables, found = jobs(machine)
    _, user, command = found[number]
    environment = {"HOME": "/srv/shop", "LOGNAME": user, **variables, **more}
    return command, user, {"cwd": "/srv/shop", **environment}


SYNC, FIGURES, BACKUP = range(3)


def test_cron_reads_the_file(machine: Machine) -> None:
    variables, found = jobs(machine)

    assert variables["SHELL"] == "/bin/sh"
    assert [(when, user) for when, user, _ in found] == [("* * * * *", "shop"), ("* * * * *", "shop"), ("17 3 * * *", "shop")]
    # cron passes over names with a dot, and files that others may write
    file = machine.run("stat -c '%n %U %a' /etc/cron.d/*").stdout
    assert "/etc/cron.d/flxchannel root 644" in file
    for command in (command for *_, command in found):
        program = re.search(r"(?:^|\|\| )(flx\S*)", command)
        assert program, command
        machine.run(f"command -v {program[1]}", PATH=variables["PATH"])


def test_round_by_cron_does_all_the_work(machine: Machine, hub: Sandbox) -> None:
    command, user, surroundings = as_cron(machine, SYNC)
    machine.submit("A-1")

    done = machine.run(command, user, **surroundings)

    assert done.stdout == done.stderr == "", "cron would mail it each minute"
    once_each(hub, "A-1")
    assert hub.get("totals")["waiting_for_sync"] == 0


def test_rounds_that_overlap_lose_nothing_and_double_nothing(machine: Machine, hub: Sandbox) -> None:
    command, user, surroundings = as_cron(machine, SYNC, PAUSE_MS="40")
    numbers = [f"A-{number}" for number in range(8)]
    machine.submit(*numbers)

    first = machine.start(command, user, **surroundings)
    until(lambda: machine.at(BOOK).exists(), "the first round's first event")
    second = machine.start(command, user, **surroundings)
    for round_ in (first, second):
        round_.communicate(timeout=100)
    machine.run(command, user, **surroundings)

    once_each(hub, *numbers)
    assert sorted(event["order"]["number"] for event in machine.noted("result")) == numbers
    assert hub.get("totals")["waiting_for_sync"] == hub.get("totals")["waiting_for_publish"] == 0


def test_hub_that_is_down_costs_nothing(machines: "Callable[..., Machine]", hub: Sandbox) -> None:
    with socket.socket() as mute:  # bound, so that no other test has a hub there, and not listening
        mute.bind(("127.0.0.1", 0))
        port = mute.getsockname()[1]
        machine = machines(origin=f"http://127.0.0.1:{port}")
        machine.follow("Setting up", status=lambda text: 1 if "doctor" in text else 0)
        command, user, surroundings = as_cron(machine, SYNC)
        numbers = [f"A-{number}" for number in range(3)]
        machine.submit(*numbers)

        assert "--budget 50" in command
        command = command.replace("--budget 50", "--budget 4")  # so long it waits for a hub that is down

        down = machine.run(command, user, status=None, **surroundings)
        assert down.returncode in (0, 1, 4) and down.stdout == down.stderr == ""
        assert set(machine.verdicts()) == set(numbers) and not machine.noted("result")

    with Sandbox("--seed", "tiny", "--port", str(port), switches={"order.duplicate": "second"}) as back:
        def again() -> bool:
            machine.run(command, user, status=None, **surroundings)
            return len(machine.noted("result")) == len(numbers)
        until(again, "the orders after the outage")
        once_each(back, *numbers)
    assert set(machine.verdicts().values()) == {"applied"}


def test_other_lines_are_quiet_and_do_their_work(machine: Machine) -> None:
    command, user, surroundings = as_cron(machine, FIGURES)
    machine.run(command, user, **surroundings)  # there is no node exporter
    machine.follow("What to alarm on", 1)

    for number in (FIGURES, BACKUP):
        command, user, surroundings = as_cron(machine, number)
        done = machine.run(command, user, **surroundings)
        assert done.stdout == done.stderr == "", command

    assert machine.at("/var/lib/prometheus/node-exporter/flx-shop.prom").stat().st_mode & 0o777 == 0o644
    assert len(list(machine.at("/var/backups/flxchannel").glob("shop-*.db"))) == 1


def test_log_is_rotated_under_rounds(machine: Machine) -> None:
    machine.sync()
    said = machine.run("logrotate --verbose --force /etc/logrotate.d/flxchannel").stderr
    assert "switching euid from 0" in said, "root acts in a folder of the shop"
    assert not machine.at("/var/log/flxchannel/shop.log").exists()

    machine.sync()

    logs = {file.name: file.stat() for file in machine.at("/var/log/flxchannel").iterdir()}
    assert {"shop.log", "shop.log.1"} <= set(logs)
    assert logs["shop.log"].st_mode & 0o777 == 0o640 and logs["shop.log"].st_uid != 0


def test_cron_and_units_are_of_one_user() -> None:
    _, found = job_lines((PRODUCTION / "cron/flxchannel").read_text())
    units = [file.read_text() for file in (PRODUCTION / "systemd").glob("*.service")]
    pool = (PRODUCTION / "php-fpm/shop.conf").read_text()

    users = {user for _, user, _ in found} | {name for text in units for name in re.findall(r"^User=(.*)$", text, re.M)}
    assert users | set(re.findall(r"^user = (.*)$", pool, re.M)) == {"shop"}
