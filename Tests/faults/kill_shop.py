#!/usr/bin/env python3
"""Kills a shop with SIGKILL where it hurts, starts it again, and reads the sandbox's journal.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python kill_shop.py

Three places: between submit and flush; between the hub's acceptance of an order and its result (the hub has stored the
order and holds its answer back); and anywhere, at random moments of sending. After each the shop starts again and
finishes. Exits non-zero if an order was lost (the shop has it and the hub does not, or the shop never learns its
verdict) or doubled (the hub has two, or accepted one twice). Last the checker is checked: it must see an order that was
doubled by hand, and one that never arrived.
"""

from __future__ import annotations

import collections
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "bindings/python/tests")]

from flxchannel import Client, Outcome  # noqa: E402
from orders import order  # noqa: E402
from sandbox import Sandbox  # noqa: E402

ORDERS = [f"K-{number:02}" for number in range(12)]


# --- The shop: a process of its own -----------------------------------------------------------------------------------


def shop(url: str, token: str, directory: str, stop_at: str) -> None:
    """Take the orders and see them through; say each step, so that the parent knows where to strike."""
    database = sqlite3.connect(f"{directory}/shop.sqlite")
    database.execute("CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, verdict TEXT)")
    with database:
        database.executemany("INSERT OR IGNORE INTO orders (number) VALUES (?)", [(number,) for number in ORDERS])
    with Client(channel="kill", token=token, state_dir=f"{directory}/state", origin=url) as client:
        for [number] in database.execute("SELECT number FROM orders WHERE verdict IS NULL").fetchall():
            client.submit(order(number))
        print("submitted", flush=True)
        if stop_at == "submitted":
            time.sleep(60)
        while True:
            report = client.flush(1000)
            results = client.results(100)
            with database:
                database.executemany(
                    "UPDATE orders SET verdict = ? WHERE number = ?", [(r["verdict"], r["number"]) for r in results]
                )
            client.settle([result["number"] for result in results])
            if report.outcome is not Outcome.AGAIN and not results:
                break
            time.sleep(min(report.next_in_ms or 0, 500) / 1000)
    print("finished", flush=True)


def start(hub: Sandbox, directory: str, stop_at: str = "") -> "subprocess.Popen[str]":
    command = [sys.executable, __file__, "--shop", hub.url, hub.token, directory, stop_at]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


# --- The three places -------------------------------------------------------------------------------------------------


def between_submit_and_flush(hub: Sandbox, directory: str) -> str:
    process = start(hub, directory, stop_at="submitted")
    assert process.stdout and process.stdout.readline() == "submitted\n"
    kill(process)
    assert hub.order_numbers() == [], "an order was sent before the flush"
    return "killed after submit, before flush"


def between_acceptance_and_result(hub: Sandbox, directory: str) -> str:
    victims = (ORDERS[0], ORDERS[4], ORDERS[9])
    for number in victims:
        hub.delay(order_number=number, ms=15_000, times=1)
    for number in victims:
        process = start(hub, directory)
        wait_for(lambda: number in hub.order_numbers(), f"{number} at the hub")
        kill(process)
    return f"killed with {', '.join(victims)} stored at the hub and unanswered"


def anywhere(hub: Sandbox, directory: str) -> str:
    chance = random.Random(1)
    hub.set(**{"latency.ms": 150, "latency.place": "split"})
    kills = 0
    for _ in range(8):
        process = start(hub, directory)
        assert process.stdout and process.stdout.readline() == "submitted\n"
        time.sleep(chance.uniform(0, 1.2))
        kills += process.poll() is None
        kill(process)
    return f"killed {kills} times while sending"


def wait_for(condition, what: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s for {what}")
        time.sleep(0.05)


# --- The verdict ------------------------------------------------------------------------------------------------------


def judge(hub: Sandbox, directory: str, wanted: "list[str]" = ORDERS) -> "list[str]":
    """Return what is wrong, reading the shop's database and the hub's journal."""
    shop_side = dict(sqlite3.connect(f"{directory}/shop.sqlite").execute("SELECT number, verdict FROM orders"))
    at_hub = collections.Counter(hub.order_numbers())
    posts = [entry for entry in hub.journal() if entry["operation"] == "createOrder"]
    attempts = collections.Counter(entry["order_number"] for entry in posts)
    accepted = collections.Counter(entry["order_number"] for entry in posts if entry["accepted"])

    wrong = [f"{number} is lost: not at the hub" for number in wanted if not at_hub[number]]
    wrong += [f"{number} is doubled: {at_hub[number]} at the hub" for number in wanted if at_hub[number] > 1]
    unsure = [number for number in wanted if shop_side.get(number) != "applied"]
    wrong += [f"{number} has the verdict {shop_side.get(number)}" for number in unsure]
    wrong += [f"{number} was accepted {times} times" for number, times in accepted.items() if times > 1]
    wrong += [f"{number} is nobody's order" for number in at_hub if number not in wanted]
    wrong += [f"{entry['n']} was answered 429" for entry in hub.journal() if entry["status"] == 429]
    with Client(channel="kill", token=hub.token, state_dir=f"{directory}/state", origin=hub.url) as client:
        known = {row["number"]: row["attempts"] for row in client.outbox()}
    wrong += [
        f"{number}: {attempts[number]} attempts on the wire, {known[number]} recorded"
        for number in attempts
        if attempts[number] > known.get(number, 0)
    ]
    print(
        f"    shop: {len(shop_side)} orders, {list(shop_side.values()).count('applied')} applied"
        f" · hub: {len(at_hub)} distinct orders · {sum(attempts.values())} posts on the wire, {sum(accepted.values())} accepted,"
        f" {len(hub.journal())} requests in all"
    )
    return wrong


def control(hub: Sandbox, directory: str) -> bool:
    """Double one order and miss another; return whether the checker sees both."""
    hub.set(**{"order.duplicate": "second"})
    body = json.dumps(order(ORDERS[0]), default=float).encode()
    request = urllib.request.Request(
        f"{hub.url}/orders", body, {"X-API-TOKEN": hub.token, "Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=10).close()
    wrong = judge(hub, directory, [*ORDERS, "K-99"])
    return any("K-00 is doubled" in line for line in wrong) and any("K-99 is lost" in line for line in wrong)


def main() -> int:
    failed = False
    for place in (between_submit_and_flush, between_acceptance_and_result, anywhere):
        with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", "tiny") as hub:
            print(f"{place.__name__.replace('_', ' ')}: {place(hub, directory)}", flush=True)
            process = start(hub, directory)
            output, _ = process.communicate(timeout=300)
            assert process.returncode == 0 and "finished" in output, output
            wrong = judge(hub, directory)
            failed = failed or bool(wrong)
            print("\n".join(f"    WRONG {line}" for line in wrong) or "    no order lost, none doubled", flush=True)
            if place is anywhere:
                print("control: one order doubled by hand, one that never arrived", flush=True)
                is_seen = control(hub, directory)
                failed = failed or not is_seen
                print("    both seen, as they must be" if is_seen else "    WRONG the checker sees nothing")
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--shop"]:
        shop(*sys.argv[2:6])
    else:
        sys.exit(main())
