#!/usr/bin/env python3
"""Two shop processes on one token, against hubs that punish every request too many.

    FLXCHANNEL_LIBRARY=... FLX_SANDBOX=... python two_shops.py [seconds]

Both processes pull listings, answer them, send orders and read status, all at once, while the merchant keeps changing
listings. Hubs: a pool of four with headers; a strict limiter of two a second that says nothing and counts refused
requests too. Exits non-zero at the first 429, at a lost or doubled order, or if the budget was hardly used.

The last run is the checker's own check: the same two processes with a pace file each must be punished.
"""

from __future__ import annotations

import collections
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bindings/python"), str(ROOT / "bindings/python/tests")]

from flxchannel import Client, ClientBusyError, StateBusyError  # noqa: E402
from orders import order  # noqa: E402
from sandbox import Sandbox  # noqa: E402

POOL = {"limiter": "bucket", "pool.size": 4, "pool.refill": 2}
STRICT = {"limiter": "strict", "pool.headers": "absent"}


# --- One shop: a process of its own -----------------------------------------------------------------------------------


def shop(url: str, token: str, directory: str, name: str, pace: str, seconds: str) -> None:
    """Do everything a shop does, over and over, in short slices."""
    end = time.monotonic() + float(seconds)
    with Client(channel="two", token=token, state_dir=f"{directory}/state", origin=url, pace={"dir": pace}) as client:
        number = 0
        while time.monotonic() < end:
            number += 1
            client.submit(order(f"{name}-{number}", orderTotal=Decimal(number)))
            for feed in ("listings_to_sync", "listings_to_publish"):
                try:
                    answer(client, feed)
                except ClientBusyError:
                    pass  # the other shop is at it
            client.flush(1500)
            for feed in ("orders", "shipments"):
                with client.pull(feed, cursor=name) as pull:
                    for page in pull.pages(1500):
                        page.commit()
        while client.flush(1000).waiting and client.flush(1000).outcome.name == "AGAIN":
            pass


def answer(client: Client, feed: str) -> None:
    with client.pull(feed, page_size=20) as pull:
        for page in pull.pages(1500):
            client.ack(page.receipt, [answer_of(record) for record in page])


def answer_of(record):
    change = record.get("changeToListingStatus") or {}
    answer = {"id": record["id"], **({"confirm": change["handle"]} if change else {})}
    if "variants" in record:
        answer["variants"] = [answer_of(variant) for variant in record["variants"]]
    return answer


# --- A run and its verdict --------------------------------------------------------------------------------------------


def run(title: str, switches, seconds: float, is_shared: bool) -> "list[str]":
    with tempfile.TemporaryDirectory() as directory, Sandbox("--seed", "variants=400", switches=switches) as hub:
        Path(directory, "state").mkdir(mode=0o700)
        processes = []
        for name in ("east", "west"):
            pace = Path(directory, "pace" if is_shared else f"pace-{name}")
            pace.mkdir(mode=0o700, exist_ok=True)
            command = [sys.executable, __file__, "--shop", hub.url, hub.token, directory, name, str(pace), str(seconds)]
            processes.append(subprocess.Popen(command))
        began = time.monotonic()
        while any(process.poll() is None for process in processes):
            hub.change_listings(5)
            time.sleep(1)
            if time.monotonic() - began > seconds + 240:
                for process in processes:
                    process.kill()
        codes = [process.wait() for process in processes]
        return judge(title, hub, codes)


def judge(title: str, hub: Sandbox, codes: "list[int]") -> "list[str]":
    journal = hub.journal()
    throttled = [entry for entry in journal if entry["status"] == 429]
    numbers = collections.Counter(hub.order_numbers())
    kinds = collections.Counter(entry["operation"] for entry in journal)
    seconds = (journal[-1]["at_us"] - journal[0]["at_us"]) / 1e6
    print(f"{title}: {len(journal)} requests in {seconds:.1f} s = {len(journal) / seconds:.2f}/s, {len(throttled)} 429s")
    print("    " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) + f"; {len(numbers)} orders")
    wrong = [f"request {entry['n']} ({entry['operation']}) was answered 429" for entry in throttled[:5]]
    wrong += [f"{number} is {times} times at the hub" for number, times in numbers.items() if times > 1]
    wrong += [f"a shop ended with {code}" for code in codes if code]
    if len(journal) / seconds < 1:
        wrong.append("less than half of the budget was used: the check says little")
    for operation in ("createOrder", "getListingVariants", "acknowledgeListingVariants", "listOrders", "listShipments"):
        if not kinds[operation]:
            wrong.append(f"no {operation} was sent: the check says little")
    return wrong


def main(seconds: float) -> int:
    failed = False
    for title, switches in (("pool of four", POOL), ("strict, no headers", STRICT)):
        wrong = run(title, switches, seconds, is_shared=True)
        failed = failed or bool(wrong)
        print("\n".join(f"    WRONG {line}" for line in wrong) or "    no 429, no order doubled", flush=True)
    wrong = run("control: a pace file each", STRICT, min(seconds, 10), is_shared=False)
    control = [line for line in wrong if "429" in line]
    print("    punished, as it must be" if control else "    WRONG the checker sees nothing", flush=True)
    return 1 if failed or not control else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--shop"]:
        shop(*sys.argv[2:8])
    else:
        sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30))
