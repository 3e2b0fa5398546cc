"""Enumerated points: the N-th call of one system call of a shop's work, for every N, killed or made to fail by strace."""

from __future__ import annotations

import collections
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .shop import Shop


@dataclass(frozen=True)
class Point:
    call: str
    """Of this system call,"""
    number: int
    """the N-th, from the first instruction of the program on,"""
    deed: str
    """gets this: `signal=SIGKILL`, `error=EIO`, `error=EIO:later` for this and all after it."""

    @property
    def under(self) -> "list[str]":
        deed, _, later = self.deed.partition(":")
        fast = ["--seccomp-bpf"] if deed.startswith("error") else []  # with it no signal arrives
        return [
            "strace", "-f", *fast, "-qqq", "-o", "/dev/null", "-e", f"trace={self.call}", "-e", "signal=none",
            "-e", f"inject={self.call}:{deed}:when={self.number}{'+' if later else ''}"]

    def __str__(self) -> str:
        return f"{self.call} #{self.number} {self.deed}"


def counted(shop: Shop, steps: "list[str]", calls: "list[str]") -> "dict[str, range]":
    """For each call the numbers that it has between the first line of the driver's history and its end."""
    output = shop.folder / "count"
    strace = ["strace", "-f", "--seccomp-bpf", "-qqq", "-o", str(output), "-e", f"trace=write,{','.join(calls)}", "-e", "signal=none"]
    shop.run(*steps, under=strace, check=True)
    before: "collections.Counter[str]" = collections.Counter()
    seen: "collections.Counter[str]" = collections.Counter()
    begun = False
    for line in output.read_text(errors="replace").splitlines():
        found = re.match(r"\d+ +(\w+)\(", line)
        if not found:
            continue
        seen[found[1]] += 1
        if not begun:
            before[found[1]] += 1
            begun = found[1] == "write" and " i open " in line
    assert begun, "the driver wrote no history"
    return {call: range(before[call] + 1, seen[call] + 1) for call in calls if seen[call] > before[call]}


def run_all(shops: "list[Shop]", points: "list[Point]", one: "Callable[[Shop, Point, int], None]") -> None:
    """Each point once, by as many shops as there are, at the same time."""
    waiting = list(enumerate(points))
    lock = threading.Lock()
    broken: "list[BaseException]" = []

    def work(shop: Shop) -> None:
        while not broken:
            with lock:
                if not waiting:
                    return
                index, point = waiting.pop(0)
            try:
                one(shop, point, index)
            except BaseException as error:  # noqa: BLE001 - told by the caller's thread
                broken.append(AssertionError(f"{point}: {error}"))

    threads = [threading.Thread(target=work, args=(shop,)) for shop in shops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
