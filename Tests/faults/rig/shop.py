"""A shop of the C driver (driver.c): its state directory, its history, and the hub that its rate limiter does not slow down."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flxchannel import Client
from sandbox import Sandbox

from .ground import Ground
from .native import compiled

FAST: "dict[str, Any]" = {"pool.size": 10_000, "pool.refill": 1_000}
"""Switches of a hub that grants what a rig asks for, and says so."""


def driver(library: Path) -> Path:
    return compiled("driver.c", f"-L{library.parent}", f"-l:{library.name}")


def shim(mode: str, **more: str) -> "dict[str, str]":
    """The environment of a program whose disk is not as usual; see shim.c."""
    return {"LD_PRELOAD": str(compiled("shim.c", "-shared", "-fPIC")), "FLX_SHIM": mode, **more}


def scratch(ground: Ground) -> Path:
    """A folder in memory where there is one: for rigs that write much and need no disk."""
    if not os.access("/dev/shm", os.W_OK):
        return ground.folder
    folder = Path("/dev/shm") / ground.folder.name
    folder.mkdir(mode=0o700, exist_ok=True)
    ground.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


@dataclass(frozen=True)
class Event:
    at_us: int
    kind: str
    """i invoked, o done, f failed, n noted."""
    what: str
    words: "list[str]"
    by: str
    """The history that it stands in: one for each process at a time."""


class Shop:
    """One state directory with what drives it. `rate_limits` processes may run at once without waiting for each other's rate_limit."""

    def __init__(
        self, ground: Ground, hub: Sandbox, *, library: "Path | None" = None, rate_limits: int = 1, at: "Path | None" = None, url: str = ""
    ) -> None:
        """`url`: its state is in that schema of a server, and so is the one rate limit of all."""
        self.hub = hub
        self.folder = (at or ground.folder) / f"shop-{os.urandom(4).hex()}"
        self.folder.mkdir()
        self.library = library or ground.library
        self.state = self.folder / "state"
        self.url = url
        self.driver = driver(self.library)
        self.environment = {**os.environ, "LD_LIBRARY_PATH": str(self.library.parent)}
        self.rate_limits = [self.folder / f"rate-limit-{number}" for number in range(rate_limits)]
        self._warm()

    @property
    def database(self) -> Path:
        return self.state / "shop.db"

    def _warm(self) -> None:
        """Each rate limit file learns the hub's pool from one request; until then it lets through two a second."""
        warm = [threading.Thread(target=self.run, args=(f"pull:warm-{number}",), kwargs={"rate_limit": rate_limit, "check": True})
                for number, rate_limit in enumerate(self.rate_limits)]
        for rate_limit in self.rate_limits:
            rate_limit.mkdir(mode=0o700)
        for thread in warm:
            thread.start()
        for thread in warm:
            thread.join()

    def take_receipt(self) -> "list[str]":
        """Store a receipt with some records for `ack`; returns their ids."""
        with self.client() as client, client.pull("listings_to_sync") as pull:
            page = pull.next(10_000)
            assert page is not None and len(page) >= 4, "the hub has too little to sync"
            (self.folder / "receipt").write_text(page.receipt)
            ids = [record["id"] for record in page.records][:12]
        ids = [str(one) for one in ids]
        self.environment |= {"RECEIPT": str(self.folder / "receipt"), "IDS": ",".join(ids)}
        return ids

    def client(self, **config: Any) -> Client:
        """A client of this process on the shop's state."""
        where = {"state.url": self.url} if self.url else {"state_dir": str(self.state), "rate_limit.dir": str(self.rate_limits[0])}
        return Client(channel="shop", token=self.hub.token, origin=self.hub.url, **{**where, "http.attempt_ms": 1000, **config})

    def command(self, *steps: str, rate_limit: "Path | None" = None, history: str = "history") -> "list[str]":
        where = [self.url or str(self.state), str(rate_limit or self.rate_limits[0]), self.hub.url, self.hub.token, str(self.folder / f"{history}.log")]
        return [str(self.driver), "work", *where, *steps]

    def run(self, *steps: str, rate_limit: "Path | None" = None, under: "list[str] | None" = None, check: bool = False,
            environment: "dict[str, str] | None" = None, timeout_s: float = 300) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [*(under or []), *self.command(*steps, rate_limit=rate_limit)], env={**self.environment, **(environment or {})},
            capture_output=True, text=True, timeout=timeout_s)
        assert not check or done.returncode == 0, f"{steps}: {done.returncode} {done.stderr[-300:]} {self.tail()}"
        return done

    def tail(self) -> str:
        path = self.folder / "history.log"
        return " | ".join(path.read_text(errors="replace").splitlines()[-6:]) if path.exists() else "no history"

    def history(self) -> "list[Event]":
        """What all processes wrote, in the order of time."""
        events = []
        for path in self.folder.glob("*.log"):
            for line in path.read_text().split("\n")[:-1]:
                at, kind, what, *words = line.split(" ")
                events.append(Event(int(at), kind, what, words, path.stem))
        return sorted(events, key=lambda event: event.at_us)
