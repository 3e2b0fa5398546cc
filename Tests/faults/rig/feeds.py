"""A shop that reads feeds, and a list that changes while it is read: what rows of paging and JSON content share."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, Protocol

from .ground import Ground


class Hub(Protocol):
    url: str
    token: str


def open_shop(ground: Ground, hub: Hub, name: str = "shop", **config: Any) -> Any:
    """A client with a state folder of its own name; it is closed with the ground, or before."""
    from flxchannel import Client

    settings = {
        "channel": "faults", "token": hub.token, "origin": hub.url, "state_dir": str(ground.folder / name),
        "rate_limit": {"dir": str(ground.folder / "rate_limit")},  # one for all: only the first request of a new one waits
    }
    (ground.folder / "rate_limit").mkdir(mode=0o700, exist_ok=True)
    return ground.enter_context(Client(**{**settings, **config}))


def state_file(ground: Ground, name: str = "shop") -> Path:
    return ground.folder / name / "faults.db"


def day_passes(ground: Ground, name: str = "shop", hours: float = 25) -> None:
    """Date the last reconciliation of every cursor back, as if so much time were over. No client may be open."""
    with sqlite3.connect(state_file(ground, name)) as state:
        for feed, cursor, note in state.execute("SELECT feed, name, note FROM cursors").fetchall():
            facts = json.loads(note)
            if "reconciled_at" in facts:
                facts["reconciled_at"] -= int(hours * 3_600_000)
            state.execute("UPDATE cursors SET note = ? WHERE feed = ? AND name = ?", (json.dumps(facts), feed, cursor))
    state.close()


def walk(client: Any, feed: str, commit: bool = True, **spec: Any) -> "list[dict[str, Any]]":
    """Pull to the end and commit each page; the records in their order."""
    records: "list[dict[str, Any]]" = []
    with client.pull(feed, **spec) as pull:
        for page in pull:
            records += page.records
            if commit:
                page.commit()
        assert pull.is_done
    return records


def cursor(client: Any, feed: str, name: str = "default") -> "str | None":
    """Where a cursor stands; None while it has not moved."""
    return next((row["at"] for row in client.cursors() if (row["feed"], row["cursor"]) == (feed, name)), None)


def logged(client: Any, event: str) -> "list[dict[str, Any]]":
    return [record for record in client.logs() if record.get("event") == event]
