"""A machine with a shop on it, set up as examples/production/README.md says, and the hub that it is a channel of."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PRODUCTION = ROOT / "examples/production"
sys.path[:0] = [str(ROOT / "bindings/python/tests")]

from recipes import recipe  # noqa: E402
from sandbox import Sandbox  # noqa: E402

FLX, LIBRARY = Path(os.environ["FLX"]), Path(os.environ["FLXCHANNEL_LIBRARY"])
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
STATE, BOOK = "/var/lib/flxchannel/shop", "/var/lib/flxchannel/book"
CONFIG, TOKEN = "/etc/flxchannel/shop.json", "/etc/flxchannel/shop.token"

# Notes each event once it is done, as a shop stores it; PAUSE_MS a reply makes a round last.
HANDLER = """<?php
$book = fopen('%s', 'a');
while (($line = fgets(STDIN)) !== false) {
    $event = json_decode($line, true);
    if (!isset($event['event'])) continue;
    if (!preg_match('/^[{].*"type"/', $line)) exit(1);
    usleep(1000 * (int) getenv('PAUSE_MS'));
    fwrite($book, $line);
    fflush($book);
    echo json_encode(['event' => $event['event'], 'reply' => true]), "\\n";
}
""" % BOOK

# What stands for programs that a machine of the test has no use for.
SHIMS = {
    "systemctl": f"exec {sys.executable} {HERE}/units.py \"$@\"",
    "make": f"[ \"$*\" = '-C ../.. install' ] && {ROOT}/bindings/c/install.sh {LIBRARY} /usr/local && "
            f"exec {ROOT}/Sources/flx/install.sh {FLX} {FLX.parent}/man /usr/local",
}


@functools.cache
def installed() -> Path:
    """What `make install` puts below /usr/local, once for all machines."""
    place = Path(tempfile.mkdtemp(prefix="flx-installed-", dir="/tmp"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for script, *what in (["bindings/c/install.sh", LIBRARY], ["Sources/flx/install.sh", FLX, FLX.parent / "man"]):
        environment = {**os.environ, "DESTDIR": str(place)}
        subprocess.run([ROOT / script, *what, "/usr/local"], env=environment, check=True, capture_output=True)
    (place / "usr/local").chmod(0o755)
    return place / "usr/local"


class Machine:
    """Commands run in it as root, in examples/production, unless they name a user."""

    def __init__(self, hub: Sandbox, name: str = "shop1", **config: Any) -> None:
        self.hub = hub
        self.folder = Path(tempfile.mkdtemp(prefix="flx-machine-", dir="/tmp"))
        settings = {**json.loads((PRODUCTION / "shop.json").read_text()), "origin": hub.url, "feeds.late_s": 0, **config}
        file = Path(f"{self.folder}.json")
        file.write_text(json.dumps({key: value for key, value in settings.items() if value is not None}))
        apart = ["unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self._init = subprocess.Popen(
            [*apart, str(HERE / "machine.sh"), str(self.folder), name, str(file), str(PRODUCTION / "shop.json"), str(installed())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._init.stdout and self._init.stdout.readline() == "up\n", "the machine does not come up"
        file.unlink()
        self.first = Path(f"/proc/{self._init.pid}/task/{self._init.pid}/children").read_text().split()[0]
        self.write("/srv/shop/handler.php", HANDLER)
        for shim, body in SHIMS.items():
            self.write(f"/usr/local/sbin/{shim}", f"#!/bin/sh\n{body}\n", 0o755)

    def close(self) -> None:
        assert self._init.stdin
        self._init.stdin.close()
        self._init.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Files, as the machine has them

    def at(self, path: str) -> Path:
        return Path(f"/proc/{self.first}/root{path}")

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        file = self.at(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    # Commands

    def command(self, text: str, user: str = "root", cwd: str = "", **environment: str) -> "list[str]":
        """A command of the shell; other users than root may not even see where this repository lies."""
        cwd = cwd or (str(PRODUCTION) if user == "root" else "/")
        inside = ["nsenter", "--target", self.first, "--mount", "--uts", "--pid", "--root", "env", "-i", f"--chdir={cwd}"]
        words = [f"{name}={value}" for name, value in {"PATH": PATH, "HOME": "/", **environment}.items()]
        aside = [] if user == "root" else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        return [*inside, *words, *aside, "sh", "-c", text]

    def run(self, text: str, user: str = "root", status: "int | None" = 0, stdin: str = "", **more: Any) -> Any:
        """Runs it to its end; `status` is what it must end with, None is anything."""
        done = subprocess.run(self.command(text, user, **more), input=stdin, capture_output=True, text=True, timeout=120)
        assert status is None or done.returncode == status, f"{text}: ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done

    def start(self, text: str, user: str = "root", **more: Any) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            self.command(text, user, **more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def follow(self, heading: str, block: int = 0, status: "Callable[[str], int]" = lambda _: 0) -> "list[str]":
        """Types what the README prints below a heading; what reads standard input is given the token."""
        said = []
        for text in recipe(heading, block):
            token = self.hub.token + "\n" if "/dev/stdin" in text else ""
            said.append(self.run(text, stdin=token, status=status(text)).stdout)
        return said

    # The shop

    def configure(self, **config: Any) -> None:
        """Changes keys of the configuration where it lies, which keeps its mode; `__` stands for a dot."""
        file = self.at(CONFIG)
        changes = {key.replace("__", "."): value for key, value in config.items()}
        file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))

    def submit(self, *numbers: str, status: int = 0, before: str = "") -> Any:
        """The checkout: orders of these numbers, as the user of the pool; `before` is put before flx."""
        sku = self.hub.some_sku()
        texts = "\n".join(json.dumps(order(number, sku)) for number in numbers)
        each = "while read -r order; do printf %s \"$order\" | {} flx order submit --channel shop - > /dev/null || exit $?; done"
        return self.run(each.format(before), "shop", stdin=texts + "\n", status=status)

    def sync(self, status: "int | None" = 0) -> Any:
        """A round as the unit has it, without its walls."""
        return self.run("flx sync --channel shop --budget 50 --exec 'php /srv/shop/handler.php'", "shop", status=status)

    def json(self, text: str) -> Any:
        return json.loads(self.run(f"flx {text} --channel shop --json", "shop").stdout)

    def sql(self, file: str, query: str) -> "list[str]":
        """The rows of a query, each as text."""
        return list(self.run(f'sqlite3 -readonly -bail {file} "{query}"').stdout.splitlines())

    def verdicts(self) -> "dict[str, str]":
        return {row["number"]: row["verdict"] for row in self.json("outbox")}

    def noted(self, kind: str) -> "list[dict[str, Any]]":
        """The events of a kind that the handler stored."""
        if not self.at(BOOK).exists():
            return []
        return [event for line in self.at(BOOK).read_text().splitlines() if (event := json.loads(line))["type"] == kind]


def order(number: str, sku: str) -> "dict[str, Any]":
    return {
        "orderNumber": number, "orderedAt": "2026-01-31T12:00:00Z", "orderTotal": "19.99", "shippingText": "Standard",
        "shippingAddress": {
            "name": "Secret Buyer", "addressLine1": "1 Hidden Lane", "city": "Springfield", "postal": "12345", "countryCode": "US",
        },
        "orderItems": [{"sku": sku, "quantity": 1, "price": "19.99"}],
    }


def until(holds: "Callable[[], Any]", what: str, seconds: float = 100) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.1)


def once_each(hub: Sandbox, *numbers: str) -> None:
    """The hub has these orders and no others, each by one post: nothing is lost, nothing doubled."""
    posted = [entry["order_number"] for entry in hub.journal() if entry["effect"] in ("order_created", "order_repeated")]
    assert sorted(hub.order_numbers()) == sorted(posted) == sorted(numbers)
