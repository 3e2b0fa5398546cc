"""The image without Docker: what it copies is there, what it installs is what is needed, and what it runs works as it is run."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from machine import PRODUCTION, ROOT, Machine, Sandbox, installed, once_each, until
from recipes import recipe

DOCKERFILE = PRODUCTION / "docker/Dockerfile"
# Of every Debian.
BASE = {"libc6"}
KNOWN = {"FROM", "RUN", "COPY", "WORKDIR", "ENV", "USER", "VOLUME", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "CMD"}


def stages(text: str) -> "list[list[tuple[str, str]]]":
    """The instructions of each stage."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.M))
    found: "list[list[tuple[str, str]]]" = []
    for line in joined.splitlines():
        if not line.strip():
            continue
        word, _, rest = line.partition(" ")
        assert word in KNOWN, line
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest.strip()))
    return found


def packages(stage: "list[tuple[str, str]]") -> "set[str]":
    lists = [re.search(r"apt-get install ([^&]*)", rest) for word, rest in stage if word == "RUN"]
    return {name for one in lists if one for name in one[1].split() if not name.startswith("-")}


def of(stage: "list[tuple[str, str]]", word: str) -> str:
    return next(rest for name, rest in reversed(stage) if name == word)


def missing_sources(stage: "list[tuple[str, str]]", image: Path) -> "list[str]":
    """What COPY names and is neither in the repository nor in what the stage before made."""
    missing = []
    for word, rest in stage:
        if word == "COPY":
            source = next(part for part in rest.split() if not part.startswith("--"))
            place = Path(f"{image}{source.removeprefix('/out')}") if "--from=build" in rest else ROOT / source
            if not place.exists():
                missing.append(source)
    return missing


def unmet(named: "set[str]", *programs: Path) -> "list[str]":
    """The libraries that the loader is told to find and that no named package brings."""
    headers = [subprocess.run(["readelf", "-dW", one], capture_output=True, text=True, check=True).stdout for one in programs]
    needed = {name for header in headers for name in re.findall(r"NEEDED.*\[(.*)\]", header)}
    found = subprocess.run(["ldd", *programs], capture_output=True, text=True).stdout
    places = {place.removeprefix("/usr") for name, place in re.findall(r"^\s*(\S+) => (/\S+)", found, re.M) if name in needed}
    # dpkg knows a file by its place before or after the merge of /usr
    question = ["dpkg-query", "-S", *[f"{before}{place}" for place in places for before in ("", "/usr")]]
    owned = subprocess.run(question, capture_output=True, text=True).stdout
    owners = re.findall(r"^(\S+?)(?::\w+)?: \S+/(\S+)$", owned, re.M)
    return sorted(name for name in needed if not name.startswith(("libflxchannel.", "ld-linux"))
                  and not {package for package, library in owners if library == name} & (named | BASE))


@pytest.fixture
def image() -> Path:
    """What `make install` puts into the image."""
    return installed().parents[1]


def test_image_is_made_of_what_is_there(image: Path) -> None:
    build, run = stages(DOCKERFILE.read_text())

    assert missing_sources(build, image) == missing_sources(run, image) == []
    assert missing_sources([("COPY", "examples/nowhere /x"), ("COPY", "--from=build /out/nowhere /x")], image) != []
    program = json.loads(of(run, "ENTRYPOINT"))[0]
    assert os.access(image / f"usr/local/bin/{program}", os.X_OK)
    makefile = (ROOT / "Makefile").read_text()
    target = re.search(r"make (\w+) PREFIX=/usr/local DESTDIR=/out", of(build, "RUN"))
    assert target and re.search(rf"^{target[1]}:", makefile, re.M)
    build_needs = re.search(r"^DEBIAN_BUILD := (.*)$", makefile, re.M)
    assert build_needs and set(build_needs[1].split()) <= packages(build)


def test_packages_of_the_image_are_debians() -> None:
    named = set().union(*[packages(stage) for stage in stages(DOCKERFILE.read_text())])
    done = subprocess.run(["apt-cache", "show", *named, "no-such-package-at-all"], capture_output=True, text=True)

    missing = {*named, "no-such-package-at-all"} - set(re.findall(r"^Package: (.*)$", done.stdout, re.M))
    assert named and missing == {"no-such-package-at-all"}, f"Debian has no {missing}; or is apt's list of packages not there?"


def test_libraries_are_those_of_named_packages(image: Path) -> None:
    named = packages(stages(DOCKERFILE.read_text())[-1])
    installed = [image / "usr/local/bin/flx", image / "usr/local/lib/libflxchannel.so.1"]

    assert unmet(named, *installed) == []
    assert unmet(named - {"libjansson4"}, *installed) == ["libjansson.so.4"]


def walls_of(command: str) -> "list[str]":
    """The flags of `docker run` as the directives that forbid the same."""
    words = command.split()
    volumes = [words[number + 1] for number, word in enumerate(words) if word == "-v"]
    places = [volume.split(":")[1] for volume in volumes if not volume.endswith(":ro")]
    flags = {"--read-only": "ProtectSystem=strict", "--cap-drop": "CapabilityBoundingSet=", "--security-opt": "NoNewPrivileges=yes"}
    assert set(flags) <= set(words)
    return [*flags.values(), f"ReadWritePaths={' '.join(places)}"]


def test_container_does_the_work_and_ends_in_peace(machines: "Callable[..., Machine]", hub: Sandbox) -> None:
    run = stages(DOCKERFILE.read_text())[-1]
    machine = machines(log_file=None)
    machine.run([rest for word, rest in run if word == "RUN"][-1])  # after that with apt-get
    machine.run("install -D -m 640 -g 900 shop.json /etc/flxchannel/shop.json")
    machine.run("install -m 640 -g 900 /dev/stdin /etc/flxchannel/shop.token", stdin=hub.token)
    command = [*json.loads(of(run, "ENTRYPOINT")), *json.loads(of(run, "CMD"))]
    quoted = " ".join(f"'{word}'" for word in ["/usr/bin/env", of(run, "ENV"), *command])
    machine.write("/etc/systemd/system/image.service", "\n".join(
        ["[Service]", f"User={of(run, 'USER')}", *walls_of(recipe("Docker")[1]), f"ExecStart={quoted}", ""]))
    machine.submit("A-1", "A-2")

    running = machine.start("systemctl start image.service")
    until(lambda: hub.get("totals")["waiting_for_sync"] == 0 and len(machine.noted("result")) == 2, "the work of the first rounds")
    health = json.loads(of(run, "HEALTHCHECK").partition(" CMD ")[2])
    machine.run(" ".join(health), of(run, "USER"))
    machine.run("kill -TERM $(pidof -s flx)")
    _, log = running.communicate(timeout=100)

    assert running.returncode == 0, log
    assert "order.posted" in log or "sync.done" in log, log
    once_each(hub, "A-1", "A-2")
