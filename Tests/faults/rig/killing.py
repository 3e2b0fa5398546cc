"""Kills a shop's processes with SIGKILL at random moments, and tells what each was doing."""

from __future__ import annotations

import collections
import contextlib
import os
import random
import signal
import sqlite3
import threading
import time
from pathlib import Path

from .shop import Shop

GATE, FIRST_ORDER, LAST_ORDER = 0, 4096, 1 << 62
"""Bytes of the lock file, as LockByte has them."""


class KillLoop:
    """`workers` processes of one shop at a time; each is stopped at a random moment, looked at, and killed there."""

    def __init__(self, shop: Shop, seed: int, workers: int, step: str = "shop") -> None:
        self.shop, self.seed, self.workers, self.step = shop, seed, workers, step
        self.phases: "collections.Counter[str]" = collections.Counter()
        self.of_row: "collections.Counter[int]" = collections.Counter()
        self.ended_early = 0
        self._begun = self._asked = self._wanted = 0
        self._lock = threading.Lock()

    def run(self, kills: int, where_it_hurts: int = 0) -> None:
        """Kill so often, and on, up to three times as often, until so many kills were where it hurts: how many of them are
        depends on what else the machine does."""
        self._begun, self._asked, self._wanted = 0, kills, where_it_hurts
        threads = [threading.Thread(target=self._work, args=(number,)) for number in range(self.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @property
    def kills(self) -> int:
        return sum(self.phases.values())

    @property
    def where_it_hurts(self) -> int:
        """Kills that hit a row `sending` or a commit."""
        return self.phases["sending"] + self.phases["commit"]

    def _work(self, number: int) -> None:
        chance = random.Random(self.seed * 1000 + number)
        generation = 0
        while True:
            with self._lock:
                if self._begun >= self._asked and (self.where_it_hurts >= self._wanted or self._begun >= 3 * self._asked):
                    return
                self._begun += 1
            generation += 1
            self._one(number, generation, chance)

    def _one(self, number: int, generation: int, chance: random.Random) -> None:
        history = f"w{number}"
        log = self.shop.folder / f"{history}.log"
        before = _size(log)
        step = f"{self.step}:W{number}g{generation}:{chance.randrange(1 << 30)}"
        command = self.shop.command(step, rate_limit=self.shop.rate_limits[number], history=history)
        devnull = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1)]
        pid = os.posix_spawn(command[0], command, self.shop.environment, file_actions=devnull)
        self._wait(log, before, chance)
        os.kill(pid, signal.SIGSTOP)
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            self.ended_early += 1
            return
        phase, row = self._phase(pid, log)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with self._lock:
            self.phases[phase] += 1
            if row is not None:
                self.of_row[row] += 1

    @staticmethod
    def _wait(log: Path, before: int, chance: random.Random) -> None:
        """Some moment of its life: one in six anywhere from its first instruction on, else once it has written so much of
        its history. That does not depend on how busy this machine is."""
        if chance.random() < 1 / 6:
            time.sleep(chance.uniform(0.002, 0.030))
            return
        much, end = before + chance.randrange(60, 700), time.monotonic() + 5
        while _size(log) < much and time.monotonic() < end:
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.006))

    def _phase(self, pid: int, history: Path) -> "tuple[str, int | None]":
        """What a stopped process is at: by the bytes it has locked, else by the last call it began."""
        held = locked_bytes(pid)
        rows = [byte - FIRST_ORDER for byte in held if FIRST_ORDER <= byte < LAST_ORDER]
        row = rows[0] if rows else None
        if GATE in held:
            return "commit", row
        if row is not None:
            return ("sending" if self._state(row) == 2 else "claimed"), row
        with contextlib.suppress(FileNotFoundError):
            lines = history.read_bytes().splitlines()
            last = [line.split(b" ") for line in lines[-40:]]
            opened = [words for words in last if words[1:3] == [b"i", b"open"] and words[3] == str(pid).encode()]
            if opened:
                words = last[-1]
                return (words[2].decode() if words[1] == b"i" else "between calls"), None
        return "start", None

    def _state(self, row: int) -> "int | None":
        """The row's state without any lock, for a stopped process may hold them all."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.shop.database}?immutable=1", uri=True)) as database:
                found = database.execute("SELECT state FROM outbox WHERE id = ?", (row,)).fetchone()
                return int(found[0]) if found else None
        except sqlite3.Error:
            return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def locked_bytes(pid: int) -> "set[int]":
    """Which bytes of a lock file this process has locked."""
    held = set()
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if os.readlink(fd).endswith(".lock"):
                for line in Path(f"/proc/{pid}/fdinfo/{fd.name}").read_text().splitlines():
                    words = line.split()
                    if words[:1] == ["lock:"] and "OFDLCK" in words:
                        held.add(int(words[-2]))
    return held
