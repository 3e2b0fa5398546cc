"""A shop on disk, and flx run for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bindings" / "python" / "tests"))

from sandbox import Sandbox  # noqa: E402

FLX = os.environ["FLX"]
NOBODY = 65534
__all__ = ["FLX", "NOBODY", "ROOT", "Sandbox", "Shop", "cut_while_sending", "order"]

HANDLER = """
import json, sys, os, time
book = open({book!r}, "a")
for line in sys.stdin:
    event = json.loads(line)
    if "event" not in event:
        continue
    number, kind = event["event"], event["type"]
    reply = True
    {body}
    book.write(json.dumps(dict(event, reply=reply)) + "\\n")
    book.flush()
    print(json.dumps(dict(event=number, reply=reply)), flush=True)
"""


class Shop:
    """A folder with a configuration and a token, both private, and a state directory."""

    def __init__(self, hub: "Sandbox | None" = None, **config: Any) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="flx-"))
        self.folder.chmod(0o711)
        self.state = self.folder / "state"
        self.token = self.private("token", (hub.token if hub else "some-token") + "\n")
        self.book = self.folder / "book"
        settings: "dict[str, Any]" = {
            "channel": "shop", "state_dir": str(self.state), "token_file": str(self.token), "feeds.late_s": 0,
            "origin": hub.url if hub else "http://127.0.0.1:9",
        }
        settings.update(config)
        self.settings = {key: value for key, value in settings.items() if value is not None}
        self.config = self.private("shop.json", json.dumps(self.settings))

    def private(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def set(self, **config: Any) -> None:
        """Changes keys of the configuration; `_` stands for itself, `__` for a dot."""
        self.settings.update({key.replace("__", "."): value for key, value in config.items()})
        self.private("shop.json", json.dumps({key: value for key, value in self.settings.items() if value is not None}))

    def close(self) -> None:
        """Its own folder alone: a state_dir that a test names may be anybody's, and is the test's to remove."""
        shutil.rmtree(self.folder, ignore_errors=True)
        state = Path(self.settings.get("state_dir") or "")
        if state.name == self.folder.name:  # on another file system, under the name that is ours alone
            shutil.rmtree(state, ignore_errors=True)

    # flx

    def command(self, *words: Any) -> "list[str]":
        """The words of a command of this shop: its configuration comes after the name of the command."""
        name = [str(word) for word in words]
        names = 2 if name[0] in ("order", "cursor", "state") else 1
        return [FLX, *name[:names], "--config", str(self.config), *name[names:]]

    def run(self, *words: Any, status: "int | None" = 0, before: "tuple[str, ...]" = (), **more: Any) -> Any:
        """Runs flx to its end; `status` is what it must end with, None is anything."""
        more.setdefault("timeout", 120)
        done = subprocess.run([*before, *self.command(*words)], capture_output=True, text=True, **more)
        assert status is None or done.returncode == status, f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done

    def json(self, *words: Any, **more: Any) -> Any:
        return json.loads(self.run(*words, "--json", **more).stdout)

    def start(self, *words: Any, **more: Any) -> "subprocess.Popen[str]":
        return subprocess.Popen(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)

    # handlers

    def handler(self, body: str = "pass", name: str = "handler") -> str:
        """A handler that notes what it is given and replies; `body` may set `reply` and do other things before."""
        return self.program(HANDLER.format(book=str(self.book), body=body.replace("\n", "\n    ")), name)

    def program(self, text: str, name: str = "handler") -> str:
        path = self.folder / f"{name}.py"
        path.write_text(text)
        return f"exec {sys.executable} -u {path}"

    def noted(self, *kinds: str) -> "list[dict[str, Any]]":
        """The events that handlers noted, with their replies; half a line at the end is none."""
        if not self.book.exists():
            return []
        lines = self.book.read_text().split("\n")[:-1]
        events = [json.loads(line) for line in lines]
        return [event for event in events if not kinds or event["type"] in kinds]

    def submit(self, number: str, sku: str) -> None:
        path = self.private(f"{number}.json", json.dumps(order(number, sku)))
        self.run("order", "submit", path)


def order(number: str, sku: str) -> "dict[str, Any]":
    return {
        "orderNumber": number, "orderedAt": "2026-01-31T12:00:00Z", "orderTotal": "19.99", "shippingText": "Standard",
        "shippingAddress": {
            "name": "Secret Buyer", "addressLine1": "1 Hidden Lane", "city": "Springfield", "postal": "12345", "countryCode": "US",
        },
        "orderItems": [{"sku": sku, "quantity": 1, "price": "19.99"}],
    }


# What commands tell


def findings(shop: Shop, *words: str, **more: Any) -> "list[dict[str, str]]":
    return list(shop.json("doctor", *words, status=None, **more))


def state_of(found: "list[dict[str, str]]", check: str) -> str:
    return next((f"{one['state']} {one['text']}" for one in found if one["check"] == check), "")


def placed(shop: Shop, hub: Sandbox, number: str = "A-1") -> str:
    shop.submit(number, hub.some_sku())
    shop.run("flush", status=None)
    return number


def cut_while_sending(shop: Shop, hub: Sandbox) -> None:
    """Order A-1 was submitted three hours ago, and its process was killed before the hub answered."""
    path = shop.private("A-1.json", json.dumps(order("A-1", hub.some_sku())))
    shop.run("order", "submit", path, before=("faketime", "-f", "-3h"))
    hub.post("faults", {"do": "hang_before", "operation": "createOrder"})
    sender = shop.start("flush")
    deadline = time.monotonic() + 60
    while not any(entry["operation"] == "createOrder" for entry in hub.journal()):
        assert time.monotonic() < deadline, "the order was not sent"
        time.sleep(0.05)
    sender.kill()
    sender.communicate()
