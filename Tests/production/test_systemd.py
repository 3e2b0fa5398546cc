"""The units: sound as systemd reads them, and each wall of theirs keeps something out while the work gets done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from machine import PRODUCTION, Machine, Sandbox, once_each

UNITS = "/etc/systemd/system"
WALLS = f"{UNITS}/flx-.service.d/hardening.conf"
# What systemd gives a service with the network and a root directory; no unit of its own distribution is below 2.
MOST_EXPOSED = 16


@pytest.fixture
def machine(machine: Machine) -> Machine:
    machine.follow("Setting up", 1)
    for unit in ("flx-sync", "flx-backup"):
        for kind in ("service", "timer"):  # an instance to look at
            machine.run(f"ln -s {unit}@.{kind} {UNITS}/{unit}@shop.{kind}")
    return machine


def verified(machine: Machine) -> Any:
    return machine.run(f"systemd-analyze verify --man=no {UNITS}/flx-*@shop.*", status=None)


def test_units_are_as_systemd_wants_them(machine: Machine) -> None:
    good = verified(machine)

    assert good.returncode == 0 and "flx" not in good.stdout + good.stderr, good
    machine.run(f"sed -i s/OnCalendar=.*/OnCalendar=nightly/ {UNITS}/flx-backup@.timer")
    machine.run(f"sed -i s/^ProtectHome/ProtectHomes/ {WALLS}")
    said = verified(machine).stderr
    assert "nightly" in said and "ProtectHomes" in said, said


@pytest.mark.parametrize("unit", ["flx-sync@shop.service", "flx-backup@shop.service"])
def test_units_expose_little(machine: Machine, unit: str) -> None:
    look = f"systemd-analyze security --offline=true --threshold={MOST_EXPOSED} --no-pager {UNITS}/{unit}"

    machine.run(look)
    machine.run(f"rm {WALLS}")
    machine.run(look, status=1)


def test_round_does_all_the_work_within_the_walls(machines: "Callable[..., Machine]", hub: Sandbox) -> None:
    machine = machines(origin=hub.url.replace("127.0.0.1", "localhost"))  # a name, which a thread of libcurl looks up
    machine.follow("Setting up")
    machine.follow("Setting up", 1)
    machine.follow("What to alarm on", 1)
    machine.submit("A-1", "A-2")

    done = machine.run("systemctl start flx-sync@shop.service")

    assert done.stderr == "", "the journal would have it after each round"
    once_each(hub, "A-1", "A-2")
    assert hub.get("totals")["waiting_for_sync"] == hub.get("totals")["waiting_for_publish"] == 0
    assert {event["order"]["number"] for event in machine.noted("result")} == {"A-1", "A-2"}
    assert "flx_orders" in machine.run("cat /var/lib/prometheus/node-exporter/flx-shop.prom", "daemon").stdout
    assert "state.restored" not in machine.run("cat /var/log/flxchannel/shop.log").stdout


def test_units_fail_where_somebody_has_to_come(machine: Machine, hub: Sandbox) -> None:
    for status in range(7):
        end(machine, f"sh -c 'exit {status}'", 0 if status in (0, 1, 4, 5) else 1, more="")

    machine.run(f"rm {UNITS}/flx-sync@shop.service.d/end.conf")
    hub.post("token", {"token": "another", "kind": "channel"})  # the hub says no
    machine.run("systemctl start flx-sync@shop.service")
    machine.run("chmod 644 /etc/flxchannel/shop.token")
    machine.run("systemctl start flx-sync@shop.service", status=1)


SYNC = "flx-sync@shop.service"


def end(machine: Machine, command: str, status: int, unit: str = SYNC, more: str = "SuccessExitStatus=\n") -> None:
    """Starts a unit with another command in it, which fails where that fails."""
    machine.write(f"{UNITS}/{unit}.d/end.conf", f"[Service]\nExecStart=\nExecStopPost=\nExecStart={command}\n{more}")
    machine.run(f"systemctl start {unit}", status=status)


FILTERS = [
    "NoNewPrivileges", "SystemCallFilter", "MemoryDenyWriteExecute", "RestrictAddressFamilies", "RestrictNamespaces",
    "RestrictSUIDSGID", "LockPersonality",
]
# What is tried, what keeps it out, and how. A setuid program gains nothing under any filter either.
NETLINK = "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"
CONNECT = "socket.create_connection((\"127.0.0.1\", {port}))"
PROBES: "list[tuple[str, list[str], str]]" = [
    ("write_beside_the_state", ["ProtectSystem"], "touch /srv/shop/planted"),
    ("look_into_homes", ["ProtectHome"], "ls /home"),
    ("see_temporary_files_of_others", ["PrivateTmp"], "test -e /tmp/{folder}"),
    ("see_disks", ["PrivateDevices"], "test -e /dev/loop-control"),
    ("see_processes_of_others", ["ProtectProc"], "test -e /proc/1"),
    ("keep_capabilities_in_reach", ["CapabilityBoundingSet"], "! grep -q 'CapBnd:.0000000000000000' /proc/self/status"),
    ("become_root", FILTERS, "[ $(/usr/local/bin/become id -u) = 0 ]"),
    ("make_a_setuid_program", ["RestrictSUIDSGID"], "cp /bin/true /var/lib/flxchannel/t; chmod u+s /var/lib/flxchannel/t"),
    ("run_what_it_wrote", ["MemoryDenyWriteExecute"], "python3 -c 'import mmap; mmap.mmap(-1, 4096, prot=7)'"),
    ("speak_to_the_kernel", ["RestrictAddressFamilies"], f"python3 -c 'import socket; {NETLINK}'"),
    ("change_its_priority", ["SystemCallFilter"], "python3 -c 'import os; os.nice(1)'"),
    ("switch_off_randomness", ["LockPersonality"], "setarch --addr-no-randomize true"),
    ("reach_the_network", ["PrivateNetwork"], "python3 -c 'import socket; " + CONNECT + "'"),
]


@pytest.fixture(scope="module")
def walled() -> "Iterator[Machine]":
    with Sandbox("--seed", "empty") as hub:
        machine = Machine(hub)
        machine.follow("Setting up")
        machine.run("chown shop /srv/shop; cp /usr/bin/env /usr/local/bin/become; chmod 4755 /usr/local/bin/become")
        yield machine
        machine.close()


@pytest.mark.parametrize("directives,attempt", [row[1:] for row in PROBES], ids=[row[0] for row in PROBES])
def test_wall_keeps_out(walled: Machine, directives: "list[str]", attempt: str) -> None:
    walled.follow("Setting up", 1)
    text = attempt.format(folder=walled.folder.name, port=walled.hub.url.rpartition(":")[2])
    walled.write("/usr/local/bin/attempt", f"#!/bin/sh\n{text}\n", 0o755)
    unit = "flx-backup@shop.service" if directives == ["PrivateNetwork"] else "flx-sync@shop.service"

    end(walled, "/usr/local/bin/attempt", 1, unit)
    walled.run(f"sed -i -E '/^({'|'.join(directives)})=/d' {WALLS} {UNITS}/flx-backup@.service")
    end(walled, "/usr/local/bin/attempt", 0, unit)


def test_wall_that_nobody_proved_is_an_error(machine: Machine) -> None:
    machine.run(f"echo ProtectSecrets=yes >> {WALLS}")

    assert "ProtectSecrets" in machine.run("systemctl start flx-sync@shop.service", status=1).stderr


def test_timers_are_those_of_the_services(machines: "Callable[..., Machine]") -> None:
    machine = machines()
    machine.follow("Setting up")
    assert not machine.at("/run/timers").exists()
    for file in (PRODUCTION / "systemd").glob("*.timer"):  # each starts the service of its own name
        assert "Unit=" not in file.read_text().replace("OnUnit", "") and file.with_suffix(".service").exists()

    machine.follow("Setting up", 1)

    assert sorted(file.name for file in machine.at("/run/timers").iterdir()) == ["flx-backup@shop.timer", "flx-sync@shop.timer"]
