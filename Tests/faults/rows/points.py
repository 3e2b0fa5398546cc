"""K-01, D-02, D-04, D-10: every system call of a shop's work, killed there, or with the error that a bad disk gives."""

from __future__ import annotations

import collections
import shutil
from pathlib import Path

from rig.checker import judge
from rig.ground import Ground
from rig.points import Point, counted, run_all
from rig.register import row
from rig.shop import FAST, Shop

KILLED = [
    "pwrite64", "fdatasync", "fsync", "ftruncate", "openat", "fcntl", "write", "sendto", "recvfrom", "connect", "close", "pread64",
    "newfstatat", "fstat", "socket", "poll"]


def shops(ground: Ground, count: int = 2, library: "Path | None" = None) -> "list[Shop]":
    made = [Shop(ground, ground.hub("--seed", "variants=30", **FAST), library=library) for _ in range(count)]
    for shop in made:
        shop.take_receipt()
    return made


def steps(shop: Shop, name: str) -> "list[str]":
    """A whole shop's day: two orders and an answer are taken in and sent, a page is committed, results are settled."""
    record = shop.environment["IDS"].split(",")[sum(name.encode()) % 8]
    shipment = shop.hub.get("shipments")[0]
    shop.hub.post("shipments", {"id": shipment["id"], "trackingNumber": name})
    return [f"submit:{name}-a", f"submit:{name}-b", f"ack:{shop.folder}/receipt:{record}:m-{name}", "flush:3000", "pull:c", "settle"]


def held_rows(shop: Shop) -> "list[int]":
    """Rows that a dead sender left."""
    with shop.client() as client:
        return [row["row"] for row in client.outbox(state="sending")]


def thinned(points: "list[Point]", ground: Ground) -> "list[Point]":
    """All of them, or an even share of them where there is less time."""
    every = max(1, round(1 / min(1.0, ground.scale)))
    return points[ground.seed % every::every]


def kill_at(ground: Ground, calls: "list[str]", library: "Path | None" = None):  # type: ignore[no-untyped-def]
    """Kill a shop at each of these calls of its work, let it go on, and give the number of kills and what was found."""
    made = shops(ground, library=library)
    for shop in made:
        shop.run(*steps(shop, "warm"), "drain:120000", check=True)
    ranges = counted(made[0], steps(made[0], "count"), calls)
    points = [Point(call, number, "signal=SIGKILL") for call, numbers in ranges.items() for number in numbers]
    points = points if library else thinned(points, ground)
    kills: "collections.Counter[str]" = collections.Counter()
    of_row: "dict[int, collections.Counter[int]]" = {id(shop): collections.Counter() for shop in made}

    def one(shop: Shop, point: Point, index: int) -> None:
        done = shop.run(*steps(shop, f"E{index}"), under=point.under)
        kills[point.call] += done.returncode in (-9, 137)
        of_row[id(shop)].update(held_rows(shop))
        shop.run("drain:120000", check=True)

    run_all(made, points, one)
    assert sum(kills.values()) >= 0.9 * len(points), f"{sum(kills.values())} kills at {len(points)} points"
    return kills if not library else sum(kills.values()), [judge(shop, of_row[id(shop)]) for shop in made]


@row("K-01", set="core", timeout_s=900)
def enumerated_kills(ground: Ground) -> str:
    kills, found = kill_at(ground, KILLED)
    each = ", ".join(f"{call} {times}" for call, times in kills.items())
    return f"{sum(kills.values())} enumerated kill points ({each}): {'; '.join(str(one.demand()) for one in found)}"


@row("K-01", timeout_s=1200)
def enumerated_kills_of_a_first_opening(ground: Ground) -> str:
    shop = Shop(ground, ground.hub("--seed", "empty", **FAST))
    shutil.rmtree(shop.state)
    ranges = counted(shop, ["submit:F-0"], [call for call in KILLED if call not in ("recvfrom", "poll")] + ["mkdir", "fchmod"])
    points = thinned([Point(call, number, "signal=SIGKILL") for call, numbers in ranges.items() for number in numbers], ground)
    kept = kills = 0
    for index, point in enumerate(points):
        shutil.rmtree(shop.state, ignore_errors=True)
        (shop.folder / "history.log").unlink()
        kills += shop.run(f"submit:F-{index}", under=point.under).returncode in (-9, 137)
        acked = any(event.kind == "o" and event.what == "submit" for event in shop.history())
        again = shop.run(f"submit:G-{index}", "list", check=True)
        assert not acked or f'"F-{index}"' in again.stdout, f"{point}: the order was accepted and is gone"
        kept += acked
    return f"{kills} kills at the {len(points)} points of making a state and taking its first order; {kept} orders were accepted, 0 lost"


def errors(ground: Ground, deeds: "dict[str, list[str]]") -> str:
    """Let each of these calls fail in turn. The shop does what failed once more, and must then be whole."""
    made = shops(ground)
    for shop in made:
        shop.run(*steps(shop, "warm"), "drain:120000", check=True)
    ranges = counted(made[0], steps(made[0], "count"), list(deeds))
    points = [Point(call, number, deed) for call, numbers in ranges.items() for number in numbers for deed in deeds[call]]
    points = thinned(points, ground)
    told: "collections.Counter[str]" = collections.Counter()
    wrong: "list[str]" = []
    unsure: "dict[int, set[str]]" = {id(shop): set() for shop in made}

    def one(shop: Shop, point: Point, index: int) -> None:
        before = len(shop.history())
        done = shop.run("again", *steps(shop, f"E{index}"), under=point.under)
        fails = [event for event in shop.history()[before:] if event.kind == "f"]
        told.update(next(word for word in event.words if word.startswith("FLX_")) for event in fails)
        if any(event.what == "flush" for event in fails):
            unsure[id(shop)] |= {f"E{index}-a", f"E{index}-b"}
        if done.returncode not in (0, 4) and not (done.returncode == 3 and fails):
            wrong.append(f"{point}: ended with {done.returncode} {done.stderr[-200:]}")
        if done.returncode and ":later" not in point.deed:
            wrong.append(f"{point}: was not over after one error: {[' '.join([e.what, *e.words]) for e in fails]}")
        if any("FLX_E_STATE_CORRUPT" in event.words for event in fails):
            wrong.append(f"{point}: an error that passes was called damage: {[' '.join(e.words) for e in fails]}")

    run_all(made, points, one)
    kept = []
    for shop in made:
        shop.run("drain:120000", check=True)
        kept.append(judge(shop, failed=unsure[id(shop)]))
    wrong += [line for found in kept for line in found.wrong]
    assert not wrong, f"{len(wrong)} of {len(points)} points, such as {wrong[:4]}"
    stored = sum(found.stored_though_failed for found in kept)
    codes = ", ".join(f"{code} {times}" for code, times in told.most_common())
    return f"{len(points)} points; the host was told {codes or 'of none'}; {stored} stored in spite of it; {'; '.join(map(str, kept))}"


@row("D-04", timeout_s=300)
def input_output_errors(ground: Ground) -> str:
    return errors(ground, {
        "pwrite64": ["error=EIO"], "fdatasync": ["error=EIO"], "fsync": ["error=EIO"], "ftruncate": ["error=EIO"],
        "openat": ["error=EIO"], "pread64": ["error=EIO"], "unlink": ["error=EIO"]})


@row("D-02", "D-10", timeout_s=300)
def no_room(ground: Ground) -> str:
    return errors(ground, {
        "pwrite64": ["error=ENOSPC", "error=EDQUOT"], "fdatasync": ["error=ENOSPC"], "ftruncate": ["error=ENOSPC"]})
