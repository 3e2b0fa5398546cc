"""A shop on rounds as a process of its own: it writes every event down before it says so, and can end at any moment around one.

    python -m rig.rounds_host JOB          the config of its client is in FLX_CONFIG

Its store is a file of JSON lines that all processes of the shop append to. A line is there whole or not at all, whatever kills
its writer: told (an event came), said (stored, with the reply that follows), taken (the library has the reply), and so on.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import threading
import time
from typing import Any

from flxchannel import Client
from orders import order

Event = "dict[str, Any]"
SKU = "NO-SUCH-SKU"


class Store:
    def __init__(self, path: str, life: int) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._life = life

    def write(self, what: str, **facts: Any) -> None:
        line = json.dumps({"what": what, "life": self._life, "at": time.time(), **facts}, default=str)
        os.write(self._file, f"{line}\n".encode())


class End:
    """Where this process is to end: a while after a moment around the nth event of a type, or after its start."""

    def __init__(self, store: Store, plan: "dict[str, Any] | None") -> None:
        self._store, self._plan = store, plan
        self._left = plan["nth"] if plan else 0
        self._is_armed = False
        self.place = "start"
        """What it is at right now."""
        if plan and plan["moment"] == "any":
            self._arm()

    def at(self, moment: str, kind: str = "") -> None:
        """`moment` is one of rounds.MOMENTS, `kind` the type of the event that is at hand."""
        self.place = moment
        if not self._plan or self._is_armed or (moment, kind) != (self._plan["moment"], self._plan["kind"]):
            return
        self._left -= 1
        if self._left <= 0:
            self._arm()

    @property
    def is_to_close(self) -> bool:
        """It ends in the midst of its events, by a close that does not come back."""
        return self._is_armed and bool(self._plan) and self._plan["moment"] == "closing"

    def wait(self) -> None:
        """For an end that was to come meanwhile."""
        if self._is_armed:
            self.place = "after"
            time.sleep(30)

    def _arm(self) -> None:
        assert self._plan
        self._is_armed = True
        if self._plan["after_s"] <= 0:
            self._kill()
        threading.Thread(target=self._later, daemon=True).start()

    def _later(self) -> None:
        assert self._plan
        time.sleep(self._plan["after_s"])
        self._kill()

    def _kill(self) -> None:
        self._store.write("killed", place=self.place)
        os.kill(os.getpid(), signal.SIGKILL)


def brief(event: "dict[str, Any]") -> "dict[str, Any]":
    """What the shop keeps of an event, and a hash that tells one version of it from another."""
    record = event.get("record") or event.get("order") or {}
    digest = hashlib.sha256(json.dumps(record, default=str, sort_keys=True).encode()).hexdigest()[:16]
    names = ("price", "quantity", "title", "orderStatus", "trackingNumber", "updatedAt", "verdict")
    facts = {name: record[name] for name in names if name in record}
    named = {name: event[name] for name in ("id", "to", "of", "kind", "order_number") if name in event}
    return {"type": event["type"], "id": record.get("number", ""), **named, "version": digest, "facts": facts}


def answer(event: "dict[str, Any]", chance: random.Random, mood: float) -> Any:
    """What this shop says: now and then that it could not, or not yet."""
    roll = chance.random()
    if roll < mood / 2:
        return {"error": f"could not: {chance.randrange(1 << 40):x}"}
    if roll < mood:
        return chance.choice([False, {"later": "not now"}])
    if event["type"] == "publish" and roll > 0.7:
        return {"externalId": f"P-{event['id']}"}
    return True


def is_yes(reply: Any) -> bool:
    return reply is True or (isinstance(reply, dict) and not {"error", "later"} & set(reply))


def live(job: "dict[str, Any]") -> None:
    store = Store(job["store"], job["life"])
    end = End(store, job["end"])
    chance = random.Random(job["seed"])
    client = Client(**json.loads(os.environ["FLX_CONFIG"]))
    for number in job["orders"]:
        end.place = "submitting"
        store.write("submitting", number=number)
        client.submit(order(number, orderItems=[{"sku": SKU, "quantity": 1000, "price": "19.99"}]))
        store.write("submitted", number=number)
    end.place = "opening"
    sync = client.open_sync(**job["plan"])
    last = ""
    while True:
        end.at("next", last)
        event = sync.next()
        if event is None:
            break
        last = event["type"]
        if last == "progress":
            continue
        end.at("told", last)
        store.write("told", **brief(event))
        if job["stays_at"] == last:
            sys.stdin.readline()
        time.sleep(job["takes_s"])
        reply = answer(event, chance, job["mood"])
        store.write("said", **brief(event), reply=reply, yes=is_yes(reply))
        end.at("stored", last)
        end.at("replying", last)
        sync.reply(event, reply)
        end.at("replied", last)
        store.write("taken", **brief(event), yes=is_yes(reply))
        end.at("closing", last)
        if end.is_to_close:
            break
    if sync.summary is not None:
        store.write("summary", summary=sync.summary)
    end.place = "closing"
    sync.close()
    end.place = "leaving"
    client.close()
    end.wait()


if __name__ == "__main__":
    live(json.loads(sys.argv[1]))
