"""A channel under test: its config, its workers, and what is true of its orders according to the hub."""

from __future__ import annotations

import collections
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import native
from .ground import ROOT, Ground

FAST = {"pool__size": 4000, "pool__refill": 1000}
"""Switches of a hub whose truthful headers let the rate limiter run as fast as it can."""

STRICT = {"limiter": "strict", "pool__headers": "absent"}
"""Switches of a hub that says nothing and punishes every third request within a second."""

PYTHONPATH = os.pathsep.join(str(ROOT / part) for part in ("bindings/python", "bindings/python/tests", "Tests/faults"))


@dataclass
class Channel:
    ground: Ground
    hub: Any
    name: str = "shop"
    more: "dict[str, Any]" = field(default_factory=dict)

    @property
    def state_dir(self) -> Path:
        return self.ground.folder / f"state-{self.name}"

    def config(self, **more: Any) -> "dict[str, Any]":
        # An attempt without an answer is posted again when its time is over: here that is soon.
        base = {"channel": self.name, "token": self.hub.token, "state_dir": str(self.state_dir), "origin": self.hub.url, "http.attempt_ms": 5000}
        return {**base, **self.more, **more}

    def client(self, **more: Any) -> Any:
        from flxchannel import Client

        return Client(**self.config(**more))

    def worker(
        self, prefix: str = "W", first: int = 0, count: int = 0, *, around: "Iterable[str]" = (),
        environment: "dict[str, str] | None" = None, history: str = "", library: "Path | None" = None, **more: Any
    ) -> "subprocess.Popen[str]":
        """A C worker (worker.c), below the commands in `around`; it ends with the case."""
        command = [str(native.program("worker")), json.dumps(self.config(**more)), prefix, str(first), str(count)]
        command.append(str(self.ground.folder / (history or f"acked-{prefix}-{first}")))
        return self.start([*around, *command], {**native.environment(library), **(environment or {})})

    def start(self, command: "list[str]", environment: "dict[str, str]", **more: Any) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", **more)
        self.ground.callback(end, process)
        return process

    def python(self, code: str, *arguments: str, around: "Iterable[str]" = (), **environment: str) -> "subprocess.Popen[str]":
        """A Python host; its config is the variable CONFIG, `client()` opens one, `order` makes an order."""
        prelude = (
            "import json, os, signal, sys, threading, time\n"
            "import flxchannel\nfrom flxchannel import *\nfrom orders import order\n"
            "CONFIG = json.loads(os.environ['FLX_CONFIG'])\n"
            "def client(**more): return Client(**{**CONFIG, **more})\n")
        return self.start(
            [*around, sys.executable, "-c", prelude + code, *arguments],
            {**os.environ, "PYTHONPATH": PYTHONPATH, "FLX_CONFIG": json.dumps(self.config()), **environment})

    def acked(self) -> "list[str]":
        """What every history file of this case says was accepted; a half written line does not count."""
        lines = [path.read_text().split("\n")[:-1] for path in self.ground.folder.glob("acked-*")]
        return [line.split()[0] for some in lines for line in some]

    def rows(self) -> "list[dict[str, Any]]":
        rows: "list[dict[str, Any]]" = []
        with self.client() as client:
            while some := client.outbox(limit=1000, **({"after": rows[-1]["row"]} if rows else {})):
                rows += some
        return rows

    def settle_down(self, seconds: float = 60) -> None:
        """Flush until every order has a verdict."""
        deadline = time.monotonic() + seconds
        with self.client() as client:
            while client.flush(1000).waiting["orders"]:
                assert time.monotonic() < deadline, f"orders still wait after {seconds} s: {client.stats()}"
                time.sleep(0.02)


def end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
    with contextlib.suppress(ValueError):
        process.communicate()


def finish(process: "subprocess.Popen[str]", seconds: float = 60, code: int = 0) -> str:
    """Wait for a process, check its status, and return what it wrote."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == code, f"ended with {process.returncode}: {(err or out).strip()[-600:]}"
    return out


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_for(condition: "Callable[[], Any]", what: str, seconds: float = 30) -> Any:
    end_at = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end_at, f"waited {seconds} s for {what}"
        time.sleep(0.02)
    return value


# --- The verdict ------------------------------------------------------------------------------------------------------


def journal(hub: Any) -> "list[dict[str, Any]]":
    """Every request so far, fetched in parts: of 10,000 orders it is long."""
    entries: "list[dict[str, Any]]" = []
    while some := hub.get(f"journal?limit=2000&after={entries[-1]['n'] if entries else 0}"):
        entries += some
    return entries


def posts(hub: Any) -> "list[dict[str, Any]]":
    return [entry for entry in journal(hub) if entry["operation"] == "createOrder"]


def wrong(channel: Channel, wanted: "Iterable[str]", *, is_killed: bool) -> "list[str]":
    """What is wrong, by the hub's journal: lost and doubled orders, verdicts that are not so, attempts unaccounted for.

    Where a process was killed an attempt may have been recorded that never left; without kills the numbers are equal.
    """
    wanted = set(wanted)
    requests = journal(channel.hub)
    sent = [entry for entry in requests if entry["operation"] == "createOrder"]
    attempts = collections.Counter(entry["order_number"] for entry in sent)
    effects = collections.Counter(entry["order_number"] for entry in sent if entry["effect"] == "order_created")
    totals = channel.hub.get("totals")
    few = totals["orders_pushed"] <= 1000  # the list of more is long; the totals tell the rest
    at_hub = collections.Counter(channel.hub.order_numbers()) if few else effects
    rows = {row["number"]: row for row in channel.rows()}
    found = [] if totals["orders_pushed"] == sum(at_hub.values()) else [f"the hub has {totals['orders_pushed']} orders"]
    found += [f"{number} is lost: not at the hub" for number in sorted(wanted) if not at_hub[number]]
    found += [f"{number} is doubled: {times} at the hub" for number, times in at_hub.items() if times > 1]
    found += [f"{number} took effect {times} times" for number, times in effects.items() if times > 1]
    found += [f"{number} was accepted and is not in the outbox" for number in sorted(wanted - set(rows))]
    found += [f"{number} is at the hub and nobody's" for number in at_hub if number not in rows]
    for number, row in rows.items():
        if (row["verdict"] == "applied") != bool(at_hub[number]):
            found.append(f"{number} has the verdict {row['verdict']}, {at_hub[number]} are at the hub")
        if attempts[number] > row["attempts"] or (not is_killed and attempts[number] != row["attempts"]):
            found.append(f"{number}: {attempts[number]} attempts on the wire, {row['attempts']} recorded")
    found += [f"request {entry['n']} was answered 429" for entry in requests if entry["status"] == 429]
    return found


def judge(channel: Channel, wanted: "Iterable[str]", *, is_killed: bool) -> str:
    """Raise if anything is wrong; return figures."""
    wanted = list(wanted)
    found = wrong(channel, wanted, is_killed=is_killed)
    assert not found, f"{len(found)} wrong: {'; '.join(found[:5])}"
    sent = posts(channel.hub)
    again = sum(entry["effect"] == "order_repeated" for entry in sent)
    return f"{len(set(wanted))} orders accepted, {len(sent)} POSTs ({again} deduplicated by the hub), 0 lost, 0 doubled"


def in_order(channel: Channel, numbers: "Iterable[str]") -> int:
    """Check that each order's history is one line: no attempt begins before the one ahead was ended or taken over."""
    checked = 0
    with channel.client() as client:
        for number in numbers:
            events = client.history(number)["events"]
            whats = [event["what"] for event in events]
            assert whats[0] == "submitted" and whats.count("submitted") == 1, f"{number}: {whats}"
            done = [index for index, event in enumerate(events) if event.get("verdict") in ("applied", "refused")]
            assert len(done) == 1 and done[0] == len(events) - 1, f"{number}: {whats}"
            assert [event["at"] for event in events] == sorted(event["at"] for event in events), f"{number}: {events}"
            checked += 1
    return checked
