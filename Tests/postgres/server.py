"""A PostgreSQL server of a run's own, and what happens to servers: they restart, are cut off, and give way to their replica."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROLE = "shop"
"""Owns the database, and is no superuser."""


class Server:
    """A cluster in `place`, on a port of `address` and on a socket in its folder.

    PostgreSQL does not run as root: there it is the user that Debian's package makes.
    """

    def __init__(
        self, place: Path, *settings: str, address: str = "127.0.0.1", within: "tuple[str, ...]" = (), trusts: str = ""
    ) -> None:
        """`trusts` is a network from which anybody may be anybody, as from loopback."""
        self.place, self.address, self._settings, self._within, self._trusts = place, address, settings, within, trusts
        self._process: "subprocess.Popen[str] | None" = None
        self._user = "postgres" if os.getuid() == 0 else None
        self.port = free_port()
        place.mkdir(parents=True)
        if self._user:
            shutil.chown(place, self._user)

    @property
    def data(self) -> Path:
        return self.place / "data"

    def make(self) -> "Server":
        self._run("initdb", "--pgdata", str(self.data), "--username", "admin", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
        if self._trusts:
            with (self.data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all,replication all {self._trusts} trust\n")
        self.start()
        self.sql(f"CREATE ROLE {ROLE} LOGIN")
        self.sql(f"CREATE DATABASE shop OWNER {ROLE}")
        return self

    def make_replica_of(self, primary: "Server") -> "Server":
        self._run("pg_basebackup", "--pgdata", str(self.data), "--host", primary.address, "--port", str(primary.port),
                  "--username", "admin", "--write-recovery-conf", "--no-sync", "--checkpoint", "fast")
        self.start()
        return self

    # Life

    def start(self) -> None:
        settings = [
            "listen_addresses=" + self.address, f"port={self.port}", f"unix_socket_directories={self.place}", "max_connections=100",
            *self._settings]
        command = [*self._within, str(program("postgres")), "-D", str(self.data)]
        for setting in settings:
            command += ["-c", setting]
        with (self.place / "log").open("a") as log:
            self._process = subprocess.Popen(command, user=self._user, cwd=self.place, text=True, stderr=log)
        self._wait(lambda: self.sql("SELECT 1"))

    def stop(self, how: str = "fast") -> None:
        """fast: sessions are ended in order; immediate: as a crash does it."""
        if self._process is None:
            return
        self._process.send_signal({"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[how])
        self._process.wait(60)
        self._process = None

    def restart(self, how: str = "fast") -> None:
        self.stop(how)
        self.start()

    def promote(self) -> None:
        self.sql("SELECT pg_promote()")
        self._wait(lambda: self._demand(self.sql("SELECT pg_is_in_recovery()") == "f"))

    # Use

    def schema(self, name: str) -> str:
        """Makes a schema for one channel, and gives its address."""
        self.sql(f'CREATE SCHEMA IF NOT EXISTS "{name}" AUTHORIZATION {ROLE}', database="shop")
        return self.url(name)

    def url(self, schema: str) -> str:
        return f"postgresql://{ROLE}@{self.address}:{self.port}/shop?options=-csearch_path%3D{schema}"

    def by_socket(self, schema: str) -> str:
        return f"postgresql:///shop?host={self.place}&port={self.port}&user={ROLE}&options=-csearch_path%3D{schema}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What a superuser is told, as text."""
        done = subprocess.run(
            [program("psql"), "-h", str(self.place), "-p", str(self.port), "-U", "admin", "-d", database, "-XAtq", "-c", statement],
            capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run([program(name), *arguments], user=self._user, cwd=self.place, check=True, stdout=subprocess.DEVNULL)

    def _wait(self, ask: "Callable[[], object]") -> None:
        """Until it answers, or has ended."""
        while True:
            try:
                ask()
                return
            except (subprocess.CalledProcessError, AssertionError):
                if self._process is not None and self._process.poll() is not None:
                    raise RuntimeError(f"PostgreSQL ended: {(self.place / 'log').read_text()[-500:]}") from None
                time.sleep(0.05)

    @staticmethod
    def _demand(is_so: bool) -> None:
        assert is_so

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop("immediate")


def program(name: str) -> Path:
    """The newest release that is installed."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)) / name


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def reachable(place: Path) -> Path:
    """The same folder, which the user that PostgreSQL runs as can reach."""
    top = Path(tempfile.gettempdir()).resolve()
    for folder in [place, *place.parents]:
        if top not in folder.resolve().parents:
            break
        folder.chmod(0o755)
    return place
