"""D-06: the library on what a power loss at any point of its work may have left."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.ground import Ground
from rig.powerloss import Disk, Op, trace
from rig.register import control, row
from rig.shop import FAST, Shop, scratch, shim


@dataclass(frozen=True)
class Loss:
    """A power loss: what it left, and what must be there."""

    image: "dict[str, bytes]"
    acked: "tuple[str, ...]"
    first: int
    """The commit that the last answer of the library stands for, and the last that was done, by number."""
    last: int


def work(shop: Shop, orders: int) -> "list[Op]":
    """The whole life of a shop, traced from the first opening on: each process takes orders and answers, sends, settles."""
    shutil.rmtree(shop.state)
    output, history = shop.folder / "trace", shop.folder / "history.log"
    ops = trace(shop.command("submit:P-first"), shop.environment, output, shop.state, history)
    ids = shop.take_receipt()
    for turn in range(0, orders, 3):
        shipment = shop.hub.get("shipments")[turn % 3]
        shop.hub.post("shipments", {"id": shipment["id"], "trackingNumber": f"T-{turn}"})
        submits = [f"submit:P-{turn + number}" for number in range(3)]
        ack = f"ack:{shop.folder}/receipt:{ids[turn % len(ids)]}:m-{turn}"
        ops += trace(shop.command(*submits, ack, "flush:5000", "pull:c", "settle"), shop.environment, output, shop.state, history)
    return ops


class States:
    """The database after each commit, and what the library had said by each operation."""

    def __init__(self, ops: "list[Op]", database: str) -> None:
        self.databases = [b""]
        self._logical: "dict[int, dict[str, list[Any]]]" = {}
        self.acked: "list[tuple[str, ...]]" = []
        self.first: "list[int]" = []
        self.last: "list[int]" = []
        disk, acked, first = Disk(journalling=False), [], 0
        for op in ops:
            disk.do(op)
            disk._settle(list(disk.pending))
            if op.kind == "size" and op.path.endswith("-journal") and op.at == 0:
                self.databases.append(disk.files[database])
            if op.kind == "say":
                words = op.data.decode().split()
                if words[1] == "o":
                    first = len(self.databases) - 1
                if words[1:3] == ["o", "submit"]:
                    acked.append(words[3])
            self.acked.append(tuple(acked))
            self.first.append(first)
            self.last.append(len(self.databases) - 1)

    def logical(self, commit: int) -> "dict[str, list[Any]]":
        if commit not in self._logical:
            self._logical[commit] = logical(self.databases[commit])
        return self._logical[commit]


def logical(database: bytes) -> "dict[str, list[Any]]":
    """All rows of a state file. An image lies elsewhere on the disk, so that its opening takes it for a copy and has its open
    orders looked up: what says no more than that is left out."""
    rows: "dict[str, list[Any]]" = {}
    doubt = {"outbox": {"ambiguous", "lookups", "sent_at"}}
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            columns = [column[1] for column in connection.execute(f"PRAGMA table_info({table})") if column[1] not in doubt.get(table, ())]
            where = {"events": "WHERE what <> 'restored'", "meta": "WHERE key <> 'restored_at'"}.get(table, "")
            rows[table] = connection.execute(f"SELECT {', '.join(columns)} FROM {table} {where} ORDER BY 1, 2").fetchall()
    rows.pop("sqlite_sequence", None)
    return rows


Moment = "tuple[bool, int, int]"
"""A file system, an operation by number, and which part of what was pending then is left."""


def moments(ops: "list[Op]", states: States, seed: int) -> "list[Moment]":
    """Those whose losses differ, each once, in both file systems."""
    seen: "dict[int, Moment]" = {}
    for journalling in (False, True):
        disk = Disk(journalling)
        for index, op in enumerate(ops):
            disk.do(op)
            for part in disk.parts(random.Random(seed + index)):
                key = hash((states.first[index], states.last[index], tuple(sorted(disk.image(part).items()))))
                seen.setdefault(key, (journalling, index, part))
    return list(seen.values())


def losses(ops: "list[Op]", states: States, chosen: "list[Moment]") -> "Iterator[Loss]":
    """What is left at these moments, in their order."""
    at = iter(chosen)
    moment = next(at, None)
    for journalling in (False, True):
        disk = Disk(journalling)
        for index, op in enumerate(ops):
            disk.do(op)
            while moment and moment[:2] == (journalling, index):
                yield Loss(disk.image(moment[2]), states.acked[index], states.first[index], states.last[index])
                moment = next(at, None)


class Verifier:
    """Reopens what losses left through the library, in some processes of the driver at once."""

    def __init__(self, shop: Shop, states: States, folder: Path) -> None:
        self.shop, self.states, self.folder = shop, states, folder
        self.wrong: "list[str]" = []
        self.checked = 0
        self.rolled_back = 0

    def run(self, losses: "Iterator[Loss]", workers: int) -> None:
        lock = threading.Lock()
        source = iter(losses)

        def take() -> "list[Loss]":
            with lock:
                return list(itertools.islice(source, 50))

        threads = [threading.Thread(target=self._work, args=(number, take)) for number in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, number: int, take) -> None:  # type: ignore[no-untyped-def]
        command = [str(self.shop.driver), "verify", self.shop.hub.url, self.shop.hub.token]
        with subprocess.Popen(
            command, env=self.shop.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
            assert process.stdin and process.stdout
            while batch := take():
                for index, loss in enumerate(batch):
                    place = self.folder / f"{number}-{index}"
                    self._lay(place, loss)
                    process.stdin.write(f"{place}\n")
                    process.stdin.flush()
                    self._check(place, loss, process.stdout.readline().rstrip("\n").split("\t"))
                    shutil.rmtree(place)
            process.stdin.close()

    def _lay(self, place: Path, loss: Loss) -> None:
        os.mkdir(place, 0o700)
        for path, content in loss.image.items():
            fd = os.open(place / os.path.basename(path), os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(fd, content)
            os.close(fd)

    def _check(self, place: Path, loss: Loss, said: "list[str]") -> None:
        self.checked += 1
        if said[0] != "0":
            self.wrong.append(f"commit {loss.last}: {' '.join(said)}")
            return
        numbers = {row["number"] for row in json.loads(said[1])}
        lost = set(loss.acked) - numbers
        if lost:
            self.wrong.append(f"commit {loss.last}: {len(lost)} accepted orders are gone, such as {min(lost)}")
        content = (place / "shop.db").read_bytes()
        if loss.first == 0 and not numbers:
            return  # the state was being made
        told = logical(content)
        for commit in range(loss.first, loss.last + 1):
            if told == self.states.logical(commit):
                self.rolled_back += any(path.endswith("-journal") and data for path, data in loss.image.items())
                return
        self.wrong.append(f"commit {loss.last}: the database is none of commits {loss.first} to {loss.last}")


def lose_power(
    ground: Ground, wanted: int, orders: int, environment: "dict[str, str] | None" = None, most_ops: "int | None" = None
) -> "tuple[Verifier, int, list[Op]]":
    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub, at=scratch(ground))
    usual = shop.environment
    shop.environment = {**usual, **(environment or {})}
    ops = work(shop, orders)[:most_ops]
    shop.environment = usual
    states = States(ops, str(shop.database))
    all_of_them = moments(ops, states, ground.seed)
    few = sorted(random.Random(ground.seed).sample(range(len(all_of_them)), min(wanted, len(all_of_them))))
    verifier = Verifier(shop, states, shop.folder)
    verifier.run(losses(ops, states, [all_of_them[one] for one in few]), workers=2)
    return verifier, len(all_of_them), ops


@row("D-06", set="core", timeout_s=300)
def power_loss(ground: Ground) -> str:
    wanted = ground.times(20_000, 2_000)
    began = time.monotonic()
    verifier, total, ops = lose_power(ground, wanted, orders=max(6, wanted // 1200))
    assert not verifier.wrong, f"{len(verifier.wrong)} of {verifier.checked} images: {verifier.wrong[:3]}"
    assert verifier.checked >= min(wanted, total) * 0.98, f"only {verifier.checked} of {wanted} images"
    assert verifier.rolled_back > verifier.checked / 20, "hardly an image had a half commit to take back"
    return (
        f"{verifier.checked} of {total} different images of {len(ops)} system calls in two file system models: each opens, and is "
        f"row for row one of the commits that it may be; {verifier.rolled_back} with a half commit taken back; "
        f"{verifier.checked / (time.monotonic() - began):.0f} images/s")


@control("power loss without sync", set="core", timeout_s=300)
def without_sync(ground: Ground) -> str:
    verifier, _, _ = lose_power(ground, 200, orders=3, environment=shim("nosync"), most_ops=200)
    assert verifier.wrong, f"{verifier.checked} images of a library that never syncs passed the checker"
    return f"{len(verifier.wrong)} of {verifier.checked} images of a library that never syncs are found wrong, such as: {verifier.wrong[0]}"
