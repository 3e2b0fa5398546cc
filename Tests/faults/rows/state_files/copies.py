"""D-15, D-18, S-08: restored copies, a million rows, and what a purge leaves."""

from __future__ import annotations

import collections
import contextlib
import hmac
import json
import shutil
import sqlite3
import subprocess
import time

import flxchannel
from orders import order
from rig.ground import Ground
from rig.points import counted
from rig.register import row
from rig.shop import FAST, Shop, scratch
from rows.state_files.openings import Opener


@row("D-15", set="core", timeout_s=200)
def restored_copies(ground: Ground) -> str:
    # A hub that makes a second order of a repeated number: only looking first can save us.
    hub = ground.hub("--seed", "variants=30", **FAST, order__duplicate="second")
    shop = Shop(ground, hub)
    shop.run("submit:R-0", "drain:120000", "submit:R-1", "submit:R-2", check=True)
    backup = shop.folder / "backup.db"
    with contextlib.closing(sqlite3.connect(shop.database)) as source, contextlib.closing(sqlite3.connect(backup)) as copy:
        source.backup(copy)
    backup.chmod(0o600)
    shop.run("drain:120000", "submit:R-3", "submit:R-4", "drain:120000", "submit:R-5", check=True)
    posts = len([entry for entry in hub.journal() if entry["operation"] == "createOrder"])
    assert posts == 5

    shutil.copy(backup, shop.database)  # are forgotten, R-1 and R-2 look unsent
    lines: "list[str]" = []
    with shop.client(on_log=lambda _, line: lines.append(line)) as client:
        for number in ("R-3", "R-4", "R-5"):
            client.submit(order(number))  # the shop submits what it has, as it may at any time
        assert client.flush(30_000).outcome.name == "DONE"
        verdicts = {row["number"]: row["verdict"] for row in client.outbox()}
        story = [event["what"] for event in client.history("R-1")["events"]]
    assert sum("state.restored" in line for line in lines) == 1, f"the library did not tell: {lines}"
    assert set(verdicts.values()) == {"applied"}, verdicts
    at_hub = collections.Counter(hub.order_numbers())
    assert set(at_hub.values()) == {1} and len(at_hub) == 6, at_hub
    sent = len([entry for entry in hub.journal() if entry["operation"] == "createOrder"])
    assert sent == 6, f"{sent - 5} orders were posted after the restore, and one was new to the hub"
    assert "restored" in story and "looked_up" in story, story
    lines.clear()
    with shop.client(on_log=lambda _, line: lines.append(line)) as client:
        client.submit(order("R-6", orderedAt="2030-01-01T00:00:00Z"))
        assert client.flush(20_000).outcome.name == "DONE"
    assert not any("state.restored" in line for line in lines), "it was told twice"

    # Copies made while the shop is at work: whole, or refused.
    worker = subprocess.Popen(
        shop.command(*[f"submit:C-{number}" for number in range(400)]), env=shop.environment, stdout=subprocess.DEVNULL)
    copies = []
    while worker.poll() is None and len(copies) < 60:
        copies.append(shop.database.read_bytes())
        time.sleep(0.005)
    assert worker.wait(60) == 0
    opener = Opener(ground, shop)
    whole = refused = 0
    for number, data in enumerate(copies):
        place = shop.folder / f"copy-{number}"
        place.mkdir(mode=0o700)
        (place / "shop.db").write_bytes(data)
        (place / "shop.db").chmod(0o600)
        code, said = opener(place)
        if code == "0":
            numbers = sorted((row["number"] for row in json.loads(said) if row["number"].startswith("C")), key=lambda one: int(one[2:]))
            assert numbers == [f"C-{one}" for one in range(len(numbers))], f"a copy has a hole: {numbers}"
            whole += 1
        else:
            assert code == "FLX_E_STATE_CORRUPT", f"{code} {said}"
            refused += 1
    return (
        f"an older copy is told once in the log; 2 open orders of it and 3 forgotten ones submitted again: 5 looked up, 1 post, for the one that "
        f"the hub had not, though this hub doubles repeats; {len(copies)} copies of a running shop: {whole} whole, {refused} refused")


@row("D-18", timeout_s=300)
def a_million_rows(ground: Ground) -> str:
    rows = ground.times(1_000_000, 200_000)
    hub = ground.hub("--seed", "empty", **FAST)
    small, large = Shop(ground, hub, at=scratch(ground)), Shop(ground, hub, at=scratch(ground))
    for shop in (small, large):
        shop.run("submit:B-0", "drain:120000", check=True)
    with contextlib.closing(sqlite3.connect(large.database)) as one, one:
        names = [name for _, name, *_ in one.execute("PRAGMA table_info(outbox)")]
        key = bytes.fromhex(one.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()[0])
        one.create_function("keyed", 1, lambda number: hmac.digest(key, b"number:" + number.encode(), "sha256"))
        values = {"id": "i + 10", "number": "CASE WHEN i % 2 THEN 'O-' || i END", "purged_at": "CASE WHEN i % 2 THEN NULL ELSE 1 END",
                  "number_hash": "CASE WHEN i % 2 THEN keyed('O-' || i) ELSE randomblob(32) END", "digest": "randomblob(32)",
                  "settled_at": "1700000000000 + i", "state": "4", "verdict": "3", "attempts": "0", "fence": "0"}
        picked = ", ".join(values.get(name, name) for name in names)
        numbers = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
        one.execute(f"{numbers} INSERT INTO outbox ({', '.join(names)}) SELECT {picked} FROM n, (SELECT * FROM outbox WHERE id = 1) AS first")
        one.execute(f"{numbers} INSERT INTO events (row, at, what, http_status, verdict, message, request_id, took_ms) "
                    "SELECT i + 10, 0, 'settled', 0, 3, NULL, '', 0 FROM n")
        one.execute(f"{numbers} INSERT INTO wires (id, wire, sum) SELECT i + 10, wire, sum FROM n, (SELECT * FROM wires WHERE id = 1) WHERE i % 2")
        feeds = "4, 'c', CAST(i AS TEXT), 0, randomblob(32)"
        one.execute(f"{numbers} INSERT INTO versions (feed, name, record_id, updated_at, hash) SELECT {feeds} FROM n")
    began = time.perf_counter()
    large.run("list", check=True)  # the file was changed by another, so all of it is looked at, once
    checked = time.perf_counter() - began

    def cost(shop: Shop, *steps: str) -> "dict[str, int]":
        return {call: len(numbers) for call, numbers in counted(shop, list(steps), ["pread64", "pwrite64", "fdatasync"]).items()}

    opened = cost(small, "settle"), cost(large, "settle")
    submitted = cost(small, *[f"submit:T-{number}" for number in range(20)]), cost(large, *[f"submit:T-{number}" for number in range(20)])
    assert opened[1].get("pread64", 0) <= opened[0].get("pread64", 0) + 12, f"opening reads {opened}"
    assert opened[1].get("pwrite64", 0) == 0 == opened[1].get("fdatasync", 0), f"opening writes {opened[1]}"
    assert submitted[1]["fdatasync"] == submitted[0]["fdatasync"], submitted
    assert submitted[1]["pread64"] <= submitted[0]["pread64"] + 20 * 12, submitted
    assert submitted[1]["pwrite64"] <= submitted[0]["pwrite64"] * 3, submitted
    times = []
    for _ in range(7):
        began = time.perf_counter()
        large.client().close()
        times.append(time.perf_counter() - began)
    with contextlib.closing(sqlite3.connect(large.database)) as one:
        left = one.execute("SELECT count(*) FROM outbox WHERE state = 4 AND purged_at IS NULL").fetchone()[0]
    large.run("flush:0", check=True)
    with contextlib.closing(sqlite3.connect(large.database)) as one:
        pruned = left - one.execute("SELECT count(*) FROM outbox WHERE state = 4 AND purged_at IS NULL").fetchone()[0]
    assert 0 < pruned <= 1000, f"one slice of a flush blanked {pruned} orders"
    size = large.database.stat().st_size >> 20
    return (
        f"{rows} orders with history and {rows} versions, {size} MiB: read through in {checked:.1f} s, then open {sorted(times)[3] * 1000:.1f} ms with {opened[1].get('pread64', 0)} reads "
        f"({opened[0].get('pread64', 0)} when empty); 20 submits {submitted[1]} against {submitted[0]}; one flush blanks {pruned} old orders")


@row("S-08", set="core")
def purged(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=30", **FAST)
    shop = Shop(ground, hub)
    secrets = ["Zacharias Quibble", "17 Privet-Drive", "zq@buyer.example", "Upper Flatbush", "Quibble"]  # an order's number is the shop's key, and stays
    wares = order("PURGE-ME-1", shippingAddress={
        "name": secrets[0], "addressLine1": secrets[1], "city": secrets[3], "postal": "62701", "countryCode": "US", "email": secrets[2]})
    lines: "list[str]" = []
    with shop.client(on_log=lambda _, line: lines.append(line), **{"log.level": "debug"}) as client:
        client.submit(wares)
        for number in range(30):
            client.submit(order(f"PURGE-ME-X{number}", note=f"for {secrets[0]}"))
        hub.refuse("PURGE-ME-X3")
        assert client.flush(30_000).outcome.name == "DONE"
        stored = b"".join(path.read_bytes() for path in shop.state.iterdir())
        assert all(one.encode() in stored for one in secrets), "the search would find nothing that is there"
        client.settle([result["number"] for result in client.results(100)])
        numbers = ["PURGE-ME-1", *[f"PURGE-ME-X{number}" for number in range(30)]]
        assert client.purge(numbers=numbers)["purged"] == 31

        def hits() -> "list[str]":
            files = [path for place in (shop.state, *shop.rate_limits) for path in place.iterdir()]
            return [f"{one} in {path.name}" for path in files for one in [*secrets, hub.token] if one.encode() in path.read_bytes() or one in path.name]

        assert not hits(), hits()
        again = client.submit(wares)
        assert again["new"] is False and again["verdict"] == "applied", again
        try:
            client.submit({**wares, "orderTotal": "20.99"})
            raise AssertionError("another order of a purged number was accepted")
        except flxchannel.ConflictError:
            pass
        assert client.flush(5_000).sent == 0 and not hits(), hits()
    assert not [one for one in [*secrets[:4], hub.token] for line in lines if one in line], "buyer data or the token stands in the log"
    return f"31 orders purged: 0 hits of {len(secrets)} texts of buyers and the token in every byte of {len(list(shop.state.iterdir())) + 1} files; the same order is recognised, another of its number refused, nothing sent"
