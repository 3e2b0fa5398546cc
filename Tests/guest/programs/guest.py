"""A host in Python.

    guest.py fork HOW MOMENT         os.fork, or multiprocessing by fork, spawn or forkserver; parent and child do a whole job
    guest.py attributes WITNESS      what a process can set, from before the library is loaded until the client is closed
    guest.py forget A,B,C,D          client, pull, page and sync are left to the garbage collector in this order
    guest.py pages EARLY ALL         walks until it has seen so many pages, and says what the process weighs
    guest.py greenlets               a greenlet beside a flush, all of it patched by gevent

GUEST_CONFIG has the config, FLXCHANNEL_LIBRARY names the library. The library is loaded where a job says so, not above.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import sys
import threading
import time
import traceback
from typing import Any, Callable

held: "dict[str, Any]" = {}
"""What a child of a fork inherits."""


def say(**facts: Any) -> None:
    """One line, in one write, for a child may say something at the same time."""
    os.write(1, (json.dumps(facts) + "\n").encode())


def open_client() -> Any:
    import flxchannel

    return flxchannel.Client(**json.loads(os.environ["GUEST_CONFIG"]))


def order(number: str) -> "dict[str, Any]":
    address = {"name": "Ada Example", "addressLine1": "1 Test Street", "city": "Springfield", "stateCode": "IL", "postal": "62701",
               "countryCode": "US"}
    return {"orderNumber": number, "orderTotal": "19.99", "shippingText": "Standard", "shippingAddress": address,
            "orderItems": [{"sku": "NO-SUCH-SKU", "quantity": 1, "price": "19.99"}]}


def whole_job(client: Any, number: str) -> "dict[str, Any]":
    """Pull a page, submit an order, flush until it is at the hub."""
    with client.pull("listings", cursor=number, page_size=1) as pull:
        pages = len(pull.next(20_000))
    client.submit(order(number))
    for _ in range(1000):
        client.flush(2000)
        found = client.outbox(number=number)
        if found[0]["verdict"] == "applied":
            break
        time.sleep(0.02)  # the other process may be at it: then a flush returns at once
    return {"pages": pages, "applied": found[0]["verdict"] == "applied"}


# --- fork -----------------------------------------------------------------------------------------------------------


def told() -> "list[str]":
    """What each use of what was inherited is answered with."""
    from flxchannel import FlxError

    if not held:
        return []
    said = []
    client, pull = held["client"], held["pull"]
    for use in (client.stats, lambda: client.submit(order("inherited")), lambda: client.flush(0), lambda: pull.next(0)):
        try:
            use()
            said.append("FLX_OK")
        except FlxError as error:
            said.append(error.name)
    pull.close()
    client.close()
    return said


def child() -> None:
    if os.environ.get("GUEST_WRONG"):
        say(who="child", told=[], **whole_job(held["client"], "child"))
        return
    said = told()
    with open_client() as own:
        say(who="child", told=said, **whole_job(own, "child"))


def forked() -> "Callable[[], int]":
    """A child by os.fork; gives what waits for it."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            child()
            status = 0
        except BaseException:  # noqa: BLE001 - the parent's code must not run here
            traceback.print_exc()
        finally:
            os._exit(status)
    return lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def started(how: str) -> "Callable[[], int]":
    """A child by multiprocessing; gives what waits for it."""
    context = multiprocessing.get_context(how)
    if how == "forkserver":
        context.set_forkserver_preload(["flxchannel"])
    process = context.Process(target=child)
    process.start()

    def wait() -> int:
        process.join()
        return process.exitcode or 0

    return wait


def fork(how: str, moment: str) -> None:
    inside = threading.Thread(target=lambda: held["pull"].next(20_000))
    if moment != "before":
        __import__("flxchannel")
    if moment not in ("before", "loaded"):
        held["client"] = open_client()
        held["pull"] = held["client"].pull("listings", cursor="held", page_size=1)
    if moment == "asked":
        held["pull"].next(20_000)
        held["client"].submit(order("before"))
    if moment == "during":
        inside.start()
        say(stage="asking")
        sys.stdin.readline()
    wait = forked() if how == "fork" else started(how.removeprefix("multiprocessing-"))
    if moment == "during":
        inside.join()
    client = held.get("client") or open_client()
    say(who="parent", told=[], **whole_job(client, "parent"))
    if held:
        assert held["pull"].next(20_000)  # where it was
    assert wait() == 0


# --- attributes, garbage, memory ------------------------------------------------------------------------------------


def attributes(path: str) -> None:
    import ctypes

    witness = ctypes.CDLL(path).witness
    witness.restype = ctypes.c_char_p

    def stage(name: str) -> None:
        sys.stdout.write(f'{{"stage":"{name}","seen":{witness().decode()}}}\n')
        sys.stdout.flush()

    stage("before it is loaded")
    __import__("flxchannel")
    stage("loaded")
    client = open_client()
    stage("opened")
    whole_job(client, "attributes")
    stage("asked")
    client.close()
    stage("closed")


def forget(sequence: str) -> None:
    """Each lies in a ring of its own, so that nothing but the collector takes it; in one ring with the others, it chooses."""
    watching = open_client()
    client = open_client()
    pull = client.pull("listings", page_size=1)
    page = pull.next(20_000)
    sync = client.open_sync(parts=["sync"])
    assert sync.next(20_000)
    before = watching.holders()
    mine = {"client": client, "pull": pull, "page": page, "sync": sync}
    rings: "dict[str, Any]" = {name: [one] for name, one in mine.items()}
    for ring in rings.values():
        ring.append(list(rings.values()) if sequence == "ring" else ring)
    del client, pull, page, sync, mine, ring
    if sequence == "ring":
        rings.clear()
    for name in [] if sequence == "ring" else sequence.split(","):
        rings.pop(name)
        gc.collect()
    gc.collect()
    say(held=before, left=watching.holders())


def weight() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def pages(early: int, every: int) -> None:
    client, seen = open_client(), 0
    while seen < every:
        with client.pull("listings", page_size=1) as pull:
            for _ in pull:
                seen += 1
                if seen in (early, every):
                    say(pages=seen, rss=weight(), at=time.monotonic())
                if seen == every:
                    break
    client.close()


# --- gevent ---------------------------------------------------------------------------------------------------------


def greenlets() -> None:
    from gevent import monkey

    monkey.patch_all()
    import gevent

    ticks = {"flush": 0, "stay": 0}
    during = "flush"

    def tick() -> None:
        while during:
            ticks[during] += 1
            gevent.sleep(0.01)

    with open_client() as client:
        ticking = gevent.spawn(tick)
        client.submit(order("greenlets"))
        client.flush(20_000)
        applied = client.outbox(number="greenlets")[0]["verdict"] == "applied"
        # What is one stay inside the library holds the others up: so it would be seen.
        during = "stay"
        client.probe()
        during = ""
        ticking.join()
        say(applied=applied, **ticks)
        held["client"], held["pull"] = client, client.pull("listings", cursor="held", page_size=1)
        wait = forked()
        say(who="parent", told=[], **whole_job(client, "parent"))
        assert wait() == 0


if __name__ == "__main__":
    job, arguments = sys.argv[1], sys.argv[2:]
    if job == "fork":
        fork(*arguments)
    elif job == "pages":
        pages(int(arguments[0]), int(arguments[1]))
    else:
        {"attributes": attributes, "forget": forget, "greenlets": greenlets}[job](*arguments)
