"""What every Python program of the benchmark does around its work: arguments, clocks, the line it prints."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any, Callable, Iterable, Iterator

HEADERS = {"X-API-TOKEN": "bench-token", "Accept": "application/json"}

Pages = Iterable["list[dict[str, Any]]"]


def cpu_s() -> float:
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


def peak_kb() -> int:
    """The most memory that was resident. Not ru_maxrss: that begins with the memory of the process that forked this one."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def numbered(url: str, read: "Callable[[str], list[dict[str, Any]]]") -> Iterator["list[dict[str, Any]]"]:
    """Pages 1, 2, 3 ... up to the empty one."""
    number = 0
    while True:
        number += 1
        page = read(f"{url}/listing/variants?page={number}&pageSize=100&sync=true")
        if not page:
            return
        yield page


def run(pages: "Callable[[], Pages]", count: "Callable[[], int]", cents: "Callable[[Any], int]") -> None:
    """Do what the first argument says, and print what it took and what was found."""
    mode = sys.argv[1]
    if mode != "start":
        count()  # connects, and tells this library the pool
    cpu, wall = cpu_s(), time.monotonic()
    listings = ids = total = quantity = 0
    if mode == "pages":
        for page in pages():
            for record in page:
                listings += 1
                ids += record["id"]
                total += cents(record["price"])
                quantity += record["quantity"]
    elif mode == "small":
        for _ in range(int(sys.argv[-1])):
            listings += count()
    print(json.dumps({
        "rss_kb": peak_kb(), "cpu_s": cpu_s() - cpu, "wall_s": time.monotonic() - wall,
        "listings": listings, "ids": ids, "cents": total, "quantity": quantity}))


def from_float(price: float) -> int:
    return round(price * 100)
