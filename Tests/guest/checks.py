"""What is asked of a host, and what is said where it is not so: each check gives its faults, and nothing where all is well."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterable

from hosts import LIBRARY
from sandbox import Sandbox

FORKED = "FLX_E_FORKED"
BLOCK = 32
"""The smallest block that malloc gives of the library's kinds of objects, in bytes: a leak is at least one of them a page."""


def effects(hub: Sandbox, wanted: "Iterable[str]") -> "list[str]":
    """Each order took effect once, and there is no other."""
    created = Counter(entry["order_number"] for entry in hub.journal() if entry["effect"] == "order_created")
    expected = Counter(wanted)
    return [f"order {number} took effect {created[number]} times" for number in sorted({*created, *expected})
            if created[number] != expected[number]]


def forks(said: "list[dict[str, Any]]", hub: Sandbox, inherits: bool, before: bool) -> "list[str]":
    """Parent and child each did a whole job, and whatever the child inherited told it that it is of another process."""
    faults = effects(hub, ["child", "parent", *(["before"] if before else [])])
    told = {line["who"]: line for line in said}
    for who in ("child", "parent"):
        line = told.get(who, {})
        faults += [] if line.get("pages") == 1 else [f"the {who} has no page"]
        faults += [] if line.get("applied") else [f"the {who}'s order is not at the hub"]
    answers = told.get("child", {}).get("told", [])
    wanted = [FORKED] * 4 if inherits else []
    return faults + ([] if answers == wanted else [f"what the child inherited said {answers}"])


def attributes(said: "list[dict[str, Any]]", of_the_library: "Iterable[str]" = ()) -> "list[str]":
    """Nothing of the process is another thing than before the library was loaded.

    Descriptors may be more while a client is open, and so may `of_the_library`; they are as before when it is loaded, and when the
    client is closed.
    """
    stages = {line["stage"]: line["seen"] for line in said if "stage" in line}
    faults = [] if len(stages) == 5 else [f"only {list(stages)} were seen"]
    first = next(iter(stages.values()))
    for stage, seen in stages.items():
        is_open = stage in ("opened", "asked")
        for name, was in first.items():
            if is_open and name in ("descriptors", *of_the_library):
                continue
            faults += [f"{stage}: {change}" for change in differences(name, was, seen[name])]
    return faults


def errno(said: "list[dict[str, Any]]") -> "list[str]":
    """What a host in C had in errno is still there after a call that succeeds."""
    return [f"errno is {line['is']} after {line['errno']}" for line in said if "errno" in line]


def differences(name: str, was: Any, now: Any) -> "list[str]":
    if isinstance(was, dict):
        keys = [key for key in sorted({*was, *now}) if was.get(key) != now.get(key)]
        return [f"{name} {key} is {now.get(key)!r}, was {was.get(key)!r}" for key in keys]
    return [] if was == now else [f"{name} is {now!r}, was {was!r}"]


def forgetting(said: "list[dict[str, Any]]") -> "list[str]":
    """Pull and round held their feeds, and nobody does any more."""
    held = {holder["feed"] for holder in said[0]["held"]}
    faults = [] if held == {"listings", "listings_to_sync"} else [f"{sorted(held)} were held to begin with"]
    return faults + [f"{holder['feed']} is still held by a {holder['by']}" for holder in said[0]["left"]]


class Growth:
    """How much a process grew from an early point to its end, and how fast it went."""

    def __init__(self, said: "list[dict[str, Any]]", of: str) -> None:
        first, last = said
        self.of, self.count = of, last[of] - first[of]
        self.early, self.end = first["rss"], last["rss"]
        self.bytes = self.end - self.early
        self.per_second = self.count / (last["at"] - first["at"])

    def faults(self) -> "list[str]":
        """It grew by less than one block for each."""
        bound = self.count * BLOCK
        return [] if self.bytes < bound else [f"it grew by {self.bytes} bytes in {self.count} {self.of}, of {bound}"]

    def row(self, name: str) -> str:
        name = f"{name}, {LIBRARY.parent.name}"
        return (f"{name:28}{self.count:>9,} {self.of:6}{self.early / 2**20:9.1f} MB{self.end / 2**20:9.1f} MB"
                f"{self.bytes / 1024:+9.0f} KB{self.per_second:9,.0f} /s")
