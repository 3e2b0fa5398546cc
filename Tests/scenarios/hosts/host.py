"""Plays steps with the Python binding: a step a line on standard input, what came of it a line on standard output."""

from __future__ import annotations

import gc
import json
import sys
from types import SimpleNamespace
from typing import Any, Callable

import flxchannel
from flxchannel import Client, FlxError

now = SimpleNamespace(client=None, pull=None, page=None)


SHOWN = ("type", "id", "sku", "to", "of", "kind", "order_number")


class Dropped(Exception):
    """What a shop throws in the middle of a walk."""


def told(one: Any) -> "dict[str, Any]":
    return {"feed": one.feed.name.lower(), "count": len(one), "left_out": one.left_out, "records": one.records, "facts": one.facts,
            "quarantine": one.quarantine, "receipt": one.receipt}


def some(all_: Any, members: "list[str]") -> "dict[str, Any]":
    return {name: all_[name] for name in members}


def checked(faults: Any) -> "dict[str, Any]":
    return {"ok": not faults, "faults": faults, "warnings": faults.warnings}


def open_(config: "dict[str, Any]") -> None:
    now.client = Client(**config)


def close() -> None:
    now.client.close()


def flush(budget_ms: int) -> "dict[str, Any]":
    done = now.client.flush(budget_ms)
    names = ("sent", "applied", "refused", "possibly_applied", "given_up", "answers_sent", "waits_for")
    return {"outcome": done.outcome.name.lower(), **{name: getattr(done, name) for name in names}}


def pull_(feed: str, spec: "dict[str, Any]") -> None:
    now.pull = now.client.pull(feed, **spec)


def next_(wait_ms: int) -> Any:
    now.page = now.pull.next(wait_ms)
    return {"done": now.pull.is_done} if now.page is None else told(now.page)


def walk(feed: str, spec: "dict[str, Any]", commit: bool) -> "list[list[Any]]":
    pages = []
    with now.client.pull(feed, **spec) as walked:
        for one in walked:
            pages.append([record["id"] for record in one])
            if commit:
                one.commit()
    return pages


def drop(feed: str, how: str) -> str:
    """A walk that ends in its first page: by an exception, by leaving the loop, or by being forgotten."""
    if how == "forget":
        forgotten: Any = iter(now.client.pull(feed))
        next(forgotten)
        del forgotten
        gc.collect()
        return "forgotten"
    try:
        with now.client.pull(feed) as walked:
            for _ in walked:
                if how == "throw":
                    raise Dropped
                break
    except Dropped:
        return "thrown"
    return "left"


def sync(plan: "dict[str, Any]", replies: "dict[str, Any]") -> Any:
    events: "list[Any]" = []

    def handler(kind: str) -> "Callable[[Any], Any]":
        def handle(event: Any) -> Any:
            events.append({name: event[name] for name in SHOWN if name in event})
            if replies[kind] == "throw":
                raise Dropped
            return replies[kind]
        return handle

    summary = now.client.sync({kind: handler(kind) for kind in replies}, **plan)
    return {"events": events, "summary": summary}


DO: "dict[str, Callable[..., Any]]" = {
    "open": open_, "close": close, "flush": flush, "pull": pull_, "next": next_, "walk": walk, "drop": drop, "sync": sync,
    "check": lambda order: checked(flxchannel.order_check(order)),
    "describe": lambda topic: flxchannel.describe(topic),
    "submit": lambda order: now.client.submit(order),
    "results": lambda max: now.client.results(max),
    "settle": lambda numbers: now.client.settle(numbers),
    "outbox": lambda filter: now.client.outbox(**filter),
    "retry": lambda numbers: now.client.retry(numbers),
    "discard": lambda numbers: now.client.discard(numbers),
    "history": lambda number: now.client.history(number),
    "purge": lambda filter: now.client.purge(**filter),
    "order_status": lambda number: told(now.client.order_status(number)),
    "cancel_order": lambda number: now.client.cancel_order(number),
    "get": lambda index, path: now.page.get(index, path),
    "commit": lambda: now.page.commit(),
    "end": lambda: now.pull.close(),
    "ack": lambda receipt, answers: now.client.ack(receipt, answers),
    "ack_results": lambda after, max: now.client.ack_results(after, max),
    "snapshot": lambda query: now.client.snapshot(**query),
    "cursors": lambda: now.client.cursors(),
    "set_cursor": lambda feed, cursor, name: now.client.set_cursor(feed, cursor, name),
    "stats": lambda members: some(now.client.stats(), members),
    "holders": lambda: [some(one, ["feed", "cursor"]) for one in now.client.holders()],
    "logs": lambda: len(now.client.logs()) > 0,
    "set_token": lambda token: now.client.set_token(token),
    "relearn": lambda facts: now.client.relearn(*facts),
    "probe": lambda members: some(now.client.probe(), members),
    "call": lambda operation, arguments: now.client.call(operation, **arguments),
    "preview": lambda operation, arguments: now.client.preview(operation, **arguments),
}


def done(step: "dict[str, Any]") -> "dict[str, Any]":
    try:
        return {"gave": DO[step["do"]](**step.get("with", {}))}
    except FlxError as error:
        return {"error": error.name, "class": type(error).__name__, "path": error.path, "message": error.message}


for line in sys.stdin:
    print(json.dumps(done(json.loads(line)), default=str, ensure_ascii=False), flush=True)
