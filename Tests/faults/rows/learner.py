"""L-04, L-05, D-27: flx, which learns from a hub, and writes files beside others."""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rig import broken
from rig.books import Books, iso
from rig.ground import ROOT, Ground
from rig.judging import order
from rig.rawhub import Reply, Request
from rig.register import Show, control, row
from rig.trial import together
from rows.whose_order import books
from rows.wrong_builds import refused

KINDS: "dict[str, Callable[[Reply], Reply]]" = {
    "an empty page": lambda reply: Reply(b"[]"),
    "half a page": lambda reply: Reply(json.dumps(json.loads(reply.body)[: len(json.loads(reply.body)) // 2]).encode()) if reply.body.startswith(b"[") else reply,
    "400": lambda reply: Reply(b'{"error":"odd"}', 400),
    "403": lambda reply: Reply(b"", 403),
    "500": lambda reply: Reply(b"", 500),
    "no JSON": lambda reply: Reply(b"<html>Sorry</html>"),
}


class Flx:
    """A shop on disk, and flx run for it; which flx is said by FLX, and is the built one if nothing is."""

    def __init__(self, ground: Ground, name: str, hub: Books, **config: Any) -> None:
        self.folder = ground.folder / name
        self.folder.mkdir(mode=0o700)
        self.environment = {**os.environ, "LD_LIBRARY_PATH": str(ground.library.parent)}
        self.config = self.private("shop.json", json.dumps({
            "channel": "shop", "state_dir": str(self.folder / "state"), "token_file": str(self.private("token", hub.token + "\n")), "origin": hub.url,
            **config}))

    def private(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def run(self, command: str, *words: str, status: "int | None" = 0) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [os.environ.get("FLX") or str(ROOT / ".build-lib/flx"), command, "--config", str(self.config), *words],
            env=self.environment, capture_output=True, text=True, timeout=110)
        assert status is None or done.returncode == status, f"flx {command} {' '.join(words)} ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"
        return done

    def learnt(self) -> "dict[str, Any]":
        return dict(json.loads(self.run("doctor", "--learn", "--json").stdout))


def stocked(ground: Ground) -> Books:
    """A hub whose lists are long enough to tell pages, order and filters by."""
    hub = books(ground)
    hub.list_variants(30)
    now = time.time()
    for number in range(9):
        at = iso(now - 86_400 * (9 - number))
        hub.put(order(f"L-{number}", referenceNumber=f"R-{number}"), orderedAt=at, insertedAt=at, updatedAt=iso(now - 3600 * (9 - number)))
        for table in ("shipments", "returns"):
            hub.rows[table].append({"id": 7000 + number, "orderId": 5001 + number, "channelId": 501, "insertedAt": at, "updatedAt": at})
    return hub


def learns(ground: Ground, name: str, change: "Callable[[Reply], Reply] | None" = None, at: int = 0) -> "tuple[dict[str, Any], int]":
    """What is learnt of such a hub, whose answer to one request is changed; and how many there were."""
    hub = stocked(ground)
    count = [0]

    def answer(request: Request) -> Reply:
        reply = hub.serve(request)
        with hub.lock:
            count[0] += 1
            return change(reply) if change and count[0] == at else reply

    hub.answer = answer
    return Flx(ground, name, hub).learnt(), count[0]


def otherwise(true: "dict[str, Any]", report: "dict[str, Any]") -> "list[str]":
    """What is settled, or written, otherwise than of the hub that answers well."""
    was = {fact["fact"]: fact["value"] for fact in true["facts"]}
    told = [f"{fact['fact']} is {fact['value']}, not {was[fact['fact']]}" for fact in report["facts"]
            if fact["fact"] != "clock" and fact["value"] not in (None, was[fact["fact"]])]
    return told + [f"written: {key} {value}" for key, value in report["settings"].items() if true["settings"].get(key) != value]


@row("L-04", timeout_s=240)
def one_odd_answer(ground: Ground) -> str:
    true, requests = learns(ground, "true")
    settled = sum(fact["value"] is not None for fact in true["facts"])
    assert settled >= 15 and true["ended_early"] is None, f"{settled} facts settled, {true['ended_early']}"
    places = [(kind, at) for kind in KINDS for at in range(1, requests + 1)]
    chosen = random.Random(ground.seed).sample(places, min(len(places), ground.times(36, least=12)))
    failed: "list[str]" = []

    def trial(kind: str, at: int) -> "Callable[[], None]":
        def one() -> None:
            report, _ = learns(ground, f"odd-{kind}-{at}", KINDS[kind], at)
            failed.extend(f"{kind} at request {at}: {what}" for what in otherwise(true, report))
        return one

    together([(f"{kind} at {at}", trial(kind, at)) for kind, at in chosen], most=3)
    assert not failed, f"one odd answer settled something: {'; '.join(failed[:6])}"
    return f"{settled} facts of {requests} requests; one odd answer ({', '.join(KINDS)}) at {len(chosen)} of {len(places)} places: nothing settled or written otherwise"


@row("L-05", waits=True)
def learnt_elsewhere(ground: Ground) -> str:
    hub, other = stocked(ground), stocked(ground)
    first = Flx(ground, "first", hub)
    first.learnt()
    text = (first.folder / "shop.learnt.json").read_text()
    assert json.loads(text)["channel"] == "shop" and json.loads(text)["origin"] == hub.url, text
    first.run("pull", "listings", "--pages", "1")
    said = []
    for name, shop in (("another hub", Flx(ground, "hub", other)), ("another channel", Flx(ground, "channel", hub, channel="second"))):
        learnt = shop.private("shop.learnt.json", text)
        before = len(hub.seen) + len(other.seen)
        told = shop.run("pull", "listings", "--pages", "1", status=None)
        assert told.returncode == 2 and "was learnt of channel" in told.stderr, f"used with {name}: ended with {told.returncode} {told.stderr[-300:]}"
        assert len(hub.seen) + len(other.seen) == before, f"{name} was asked with it"
        shop.learnt()
        assert learnt.read_text() != text
        shop.run("pull", "listings", "--pages", "1")
        said.append(name)
    return f"what was learnt of a channel and hub: refused with {', '.join(said)} before anything is asked, learnt anew and used"


@row("D-27", waits=True)
def files_of_others(ground: Ground) -> str:
    shop = Flx(ground, "files", books(ground))
    ways = {"stats": ("stats", "--output"), "prometheus": ("stats", "--prometheus", "--output")}
    for name, words in ways.items():  # its own kind is replaced
        place = shop.folder / f"own-{name}"
        shop.run(*words, str(place))
        was = place.stat().st_ino
        shop.run(*words, str(place))
        assert place.stat().st_ino != was, f"{name} did not replace its own"
    tries = 0
    others = {"text": "precious", "JSON": '{"channel":"x"}', "figures of others": "# HELP node_load x\n"}
    for name, words in {**ways, "receipts": ("pull", "listings_to_sync", "--receipt")}.items():
        places = [shop.config, shop.folder / ("own-prometheus" if name == "stats" else "own-stats"), *(shop.private(f"{name}-{kind}", text) for kind, text in others.items())]
        for place in places:
            was = place.read_text()
            told = shop.run(*words, str(place), status=None)
            assert place.read_text() == was, f"{place.name} was replaced by {name}"
            assert told.returncode == 2 and "is not replaced" in told.stderr, f"{name} on {place.name}: {told.returncode} {told.stderr[-200:]}"
            tries += 1
    return f"{tries} files of others left as they were, figures replaced by figures of their kind"


WRONG: "list[tuple[str, Show, str]]" = [
    ("L-04: what was seen once is settled", one_odd_answer, "one odd answer settled something"),
    ("L-05: what was learnt is for any", learnt_elsewhere, "used with another hub"),
    ("D-27: any file is one to replace", files_of_others, "was replaced by"),
]


def register(name: str, show: Show, says: str) -> None:
    @control(name, timeout_s=900)
    def is_seen(ground: Ground) -> str:
        os.environ["FLX"] = str(broken.command("gullible"))
        return refused(show, ground, says)


for one in WRONG:
    register(*one)
