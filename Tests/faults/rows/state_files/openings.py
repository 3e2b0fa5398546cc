"""Section D: a state file that was filled, and how it opens."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from pathlib import Path

from rig.ground import Ground
from rig.shop import FAST, Shop, scratch

PAGE = 4096


class Opener:
    """The driver in its mode `verify`: what the library says of a directory."""

    def __init__(self, ground: Ground, shop: Shop) -> None:
        command = [str(shop.driver), "verify", shop.hub.url, shop.hub.token]
        self.process = ground.enter_context(subprocess.Popen(
            command, env=shop.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1))
        ground.callback(self.process.kill)

    def __call__(self, directory: Path) -> "tuple[str, str]":
        """("0", outbox as JSON), or the error's name and message."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{directory}\n")
        self.process.stdin.flush()
        status, one, two = self.process.stdout.readline().rstrip("\n").split("\t")
        return (status, one) if status == "0" else (one, two)


def content(database: Path) -> "dict[str, list[tuple[object, ...]]]":
    """Every row of every table."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as one:
        tables = [name for [name] in one.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: one.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def filled(ground: Ground, orders: int = 40) -> Shop:
    """A shop with orders in every state, answers, a cursor and versions."""
    shop = Shop(ground, ground.hub("--seed", "variants=30", **FAST), at=scratch(ground))
    ids = shop.take_receipt()
    for number in (7, 8):
        shop.hub.refuse(f"D-{number}")
    submits = [f"submit:D-{number}" for number in range(orders)]
    shop.run(*submits, f"ack:{shop.folder}/receipt:{ids[0]}:m-1", "drain:120000", "pull:c", f"ack:{shop.folder}/receipt:{ids[1]}:m-2",
             *[f"submit:Q-{number}" for number in range(20)], check=True)
    return shop
