"""As much of systemctl as the README types: `systemctl start flx-sync@shop.service` runs the unit within its walls.

It is the systemctl of a test's machine. Units are read from /etc/systemd/system with their drop-ins, as systemd reads them.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from confine import Walls  # noqa: E402

UNITS, TIMERS = Path("/etc/systemd/system"), Path("/run/timers")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
FPM = Path("/run/php/php8.2-fpm.pid")


def files(name: str) -> "list[Path]":
    """The file of a unit, then its drop-ins: by the beginnings of its name, by its template, by itself."""
    stem, _, suffix = name.rpartition(".")
    template = f"{stem.partition('@')[0]}@.{suffix}" if "@" in stem else name
    beginnings = [f"{stem[: index + 1]}.{suffix}" for index, letter in enumerate(stem) if letter == "-"]
    own = UNITS / name if (UNITS / name).exists() else UNITS / template
    folders = dict.fromkeys([*beginnings, template, name])
    return [own, *[drop_in for folder in folders for drop_in in sorted((UNITS / f"{folder}.d").glob("*.conf"))]]


def settings(name: str, of: str = "Service") -> "dict[str, list[str]]":
    """The values of each key of a section; an empty one takes those before it back."""
    found: "dict[str, list[str]]" = {}
    instance = name.partition("@")[2].rpartition(".")[0]
    for file in files(name):
        section = ""
        for line in file.read_text().splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif section == of and line and line[0] not in "#;":
                key, _, value = line.partition("=")
                values = found.setdefault(key, [])
                if value:
                    values.append(value.replace("%i", instance))
                else:
                    values.clear()
    return found


def confined(walls: Walls, command: str) -> int:
    """The exit status of a command within the walls; 226 where they cannot be built, as systemd has it."""
    words = shlex.split(command)
    child = os.fork()
    if child == 0:
        try:
            walls.build()
            environment = {"PATH": PATH, "HOME": walls.user.pw_dir, "USER": walls.user.pw_name, "LOGNAME": walls.user.pw_name}
            os.execvpe(words[0], words, environment)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the child ends here
            print(f"units: {error}", file=sys.stderr)
        os._exit(226)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def start_service(name: str) -> int:
    unit = settings(name)
    walls = Walls(unit)
    good = {0, *[int(word) for word in " ".join(unit.get("SuccessExitStatus", [])).split()]}
    status = next((end for command in unit["ExecStart"] if (end := confined(walls, command)) not in good), 0)
    for command in unit.get("ExecStopPost", []):
        after = confined(walls, command.lstrip("-"))
        status = status or (0 if command.startswith("-") else after)
    if status:
        print(f"{name}: failed with {status}", file=sys.stderr)
    return 1 if status else 0


def fpm(verb: str) -> int:
    if verb == "start":
        FPM.parent.mkdir(exist_ok=True)
        return subprocess.run(["php-fpm8.2", "--daemonize"]).returncode
    if FPM.exists():
        os.kill(int(FPM.read_text()), {"stop": signal.SIGQUIT, "reload": signal.SIGUSR2}[verb])
    return 0


def act(verb: str, name: str) -> int:
    if name.startswith("php"):
        return fpm(verb)
    assert files(name)[0].exists(), f"{name} is not there"
    if name.endswith(".service"):
        return start_service(name) if verb == "start" else 0  # one that was started here has ended
    TIMERS.mkdir(exist_ok=True)
    mark = TIMERS / name
    if verb in ("enable", "start"):
        mark.touch()
    else:
        mark.unlink(missing_ok=True)
    return 0


def main(verb: str, *names: str) -> int:
    assert verb in ("daemon-reload", "enable", "disable", "start", "stop", "reload"), verb
    return max([act(verb, name) for name in names if name != "--now"], default=0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
