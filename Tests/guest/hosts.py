"""The hosts: how each is started with a job, and what it says, a line of JSON for each thing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any, Mapping

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = HERE / "programs"
LIBRARY = Path(os.environ["FLXCHANNEL_LIBRARY"]).resolve()
PYTHON = os.environ["GUEST_PYTHON"]
"""A Python that has what requirements.txt names."""
EXTENSION = Path(os.environ["GUEST_EXTENSION"]).resolve()
"""The C extension of PHP, a file."""
NAMES = ("c", "python", "php-extension", "php-ffi", "node")

NODE = ("--expose-gc", "--max-semi-space-size=1")
"""The young generation, which V8 lets grow to 16 MB when it likes to, stays small: what grows is not V8's then."""

MOST_S = 900
"""A program that takes longer hangs."""


class Run:
    """A program that runs; it and what it forked end with its `with` block."""

    def __init__(self, command: "list[str]", environment: "Mapping[str, str]") -> None:
        self._errors = tempfile.TemporaryFile("w+")
        # What a host may have set, and keeps: none of it is the usual.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True, env=dict(environment),
            cwd=PROGRAMS, umask=0o027, start_new_session=True, preexec_fn=block_one)
        self._hangs = threading.Timer(MOST_S, self._end)
        self._hangs.start()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._hangs.cancel()
        self._end()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream:
                stream.close()

    def _end(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)

    def line(self) -> "dict[str, Any]":
        assert self._process.stdout
        said = self._process.stdout.readline()
        assert said, f"ended without a word: {self.errors()}"
        return dict(json.loads(said))

    def lives(self) -> bool:
        return self._process.poll() is None

    def answer(self) -> None:
        """Say that it may go on."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def to_the_end(self) -> "tuple[list[dict[str, Any]], int]":
        """What it says from now on, and how it ends."""
        assert self._process.stdout
        said = [json.loads(line) for line in self._process.stdout]
        return said, self._process.wait()

    def rest(self) -> "list[dict[str, Any]]":
        """What it says from now on, to its end, which is well."""
        said, status = self.to_the_end()
        assert status == 0, f"ended with {status}: {self.errors()}"
        return said

    def stop(self) -> None:
        """Have it end as a server does, which is well."""
        self._process.terminate()
        self.rest()

    def errors(self) -> str:
        self._errors.seek(0)
        return self._errors.read()[-2000:]


def block_one() -> None:
    """In a host before it begins: a signal that it blocks, one that it ignores."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


class Built:
    """What is compiled once for all: the host in C, the witness, and the library that is wrong on purpose."""

    def __init__(self, folder: Path) -> None:
        self.guest, self.witness = folder / "guest", folder / "witness.so"
        self.addon, self.header = folder / "witness.node", folder / "flxchannel.php.h"
        # Under the name of the real library, which is its own dependency by another name.
        self.planted, real = folder / "planted" / LIBRARY.name, folder / "planted" / "real.so"
        self.planted.parent.mkdir(exist_ok=True)
        node = subprocess.check_output(["node", "-p", "path.resolve(process.execPath, '../../include/node')"], text=True).strip()
        gcc = ["gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread", f"-I{ROOT / 'include'}"]
        shared = [*gcc, "-shared", "-fPIC"]
        for command in (
            [*gcc, "-o", self.guest, PROGRAMS / "guest.c"],
            [*shared, "-o", self.witness, PROGRAMS / "witness.c", "-lm"],
            [*shared, "-DFOR_NODE", f"-I{node}", "-o", self.addon, PROGRAMS / "witness.c", "-lm"],
            [*shared, "-Wl,-soname,real.so", "-o", real, "-x", "c", os.devnull],
            [*shared, "-o", self.planted, PROGRAMS / "planted.c", "-Wl,--no-as-needed", real],
        ):
            subprocess.run(command, check=True)
        real.unlink()
        real.symlink_to(LIBRARY)
        text = subprocess.check_output([ROOT / "bindings/php/header.sh", ROOT / "include/flxchannel.h", LIBRARY])
        self.header.write_bytes(text)

    def php(self) -> "list[str]":
        """PHP without any ini file but with FFI, which the witness needs. The extension comes by dl(), when a job says so."""
        folder = subprocess.check_output(["php", "-r", "echo ini_get('extension_dir');"], text=True)
        return ["php", "-n", "-d", f"extension={folder}/ffi.so", "-d", "ffi.enable=1", "-d", f"extension_dir={EXTENSION.parent}",
                "-d", "display_errors=stderr", "guest.php"]


class Host:
    """One kind of host, and the library that it is given."""

    def __init__(self, name: str, built: Built, config: "Mapping[str, Any]", planted: str = "") -> None:
        self.name, self.built = name, built
        library = built.planted if planted else LIBRARY
        self.environment = {
            "PATH": os.environ["PATH"], "TMPDIR": tempfile.gettempdir(), "LC_ALL": "C.UTF-8", "GUEST_CONFIG": json.dumps(config),
            "FLXCHANNEL_LIBRARY": str(library), "LD_LIBRARY_PATH": str(library.parent),
            "PYTHONPATH": str(ROOT / "bindings/python"), "PYTHONDONTWRITEBYTECODE": "1", "FLXCHANNEL_HEADER": str(built.header),
        }
        if planted:
            self.environment["GUEST_PLANTED"] = planted
        if name == "php-extension":
            self.environment["GUEST_EXTENSION"] = "1"

    def run(self, *job: object) -> Run:
        command = {
            "c": lambda: [str(self.built.guest)], "python": lambda: [PYTHON, "guest.py"], "php-extension": self.built.php,
            "php-ffi": self.built.php, "node": lambda: ["node", *NODE, "guest.mjs"]}[self.name]()
        return Run([*command, *map(str, job)], self.environment)

    def said(self, *job: object) -> "list[dict[str, Any]]":
        """What it says of a job, which ends well."""
        with self.run(*job) as run:
            return run.rest()
