"""Trials: an order sent through a fault, a list read through one; what the library said against what the hub has.

Each trial has a hub, a state folder and a client of its own, so that many run at a time: they mostly wait.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from . import machine
from .ground import Ground
from .wirehub import Do, Fault, Seen, WireHub, is_list, is_post

GRACE_S = 1.0
"""How much later than its deadline a call may return where many run at a time; the goal is 50 ms. As late as this process is
let run at all (machine.py), it may be beside that, for each of some turns that a call needs."""
TURNS = 4

_numbers = itertools.count(1)


class Lateness:
    """How late calls came back. Raises at once for one that is over its deadline."""

    def __init__(self) -> None:
        self.worst_ms = 0.0
        self.calls = 0

    @contextlib.contextmanager
    def kept(self, wait_ms: float) -> "Iterator[None]":
        """Judges the block inside however it ends: a call with a deadline mostly ends with an error."""
        machine.watch()
        began = time.monotonic()
        try:
            yield
        finally:
            late = time.monotonic() - began - wait_ms / 1000
            self.calls += 1
            self.worst_ms = max(self.worst_ms, late * 1000)
            assert late <= GRACE_S or late <= GRACE_S + TURNS * machine.lateness(began), f"a call with {wait_ms:.0f} ms came back {late * 1000:.0f} ms late"

    def __str__(self) -> str:
        return f"{self.calls} deadlines kept, worst {self.worst_ms:+.0f} ms"


def shop(ground: Ground, hub: Any, **config: Any) -> Any:
    """A client with a state folder of its own, closed with the ground."""
    from flxchannel import Client

    name = f"shop-{next(_numbers)}"
    (ground.folder / name).mkdir(mode=0o700)
    settings = {
        "channel": "faults", "token": hub.token, "origin": hub.url, "state_dir": str(ground.folder / name), "log.level": "debug",
        "http.idle_ms": 1500, "http.connect_ms": 3000, "http.attempt_ms": 20_000}
    return ground.enter_context(Client(**{**settings, **config}))


def together(trials: "Iterable[tuple[str, Callable[[], Any]]]", most: int = 80) -> "list[Any]":
    """Run trials side by side; raise with the names of all that failed."""
    named = list(trials)
    failed: "list[str]" = []

    def one(name: str, trial: "Callable[[], Any]") -> Any:
        try:
            return trial()
        except Exception as error:  # noqa: BLE001 - all are told, with their names
            failed.append(f"{name}: {type(error).__name__} {error}")
            return None

    with ThreadPoolExecutor(min(most, max(1, len(named)))) as pool:
        done = list(pool.map(lambda pair: one(*pair), named))
    assert not failed, f"{len(failed)} of {len(named)} trials: " + " || ".join(sorted(failed))[:3000]
    return done


# --- An order ---------------------------------------------------------------------------------------------------------


def state_of(client: Any, number: str) -> "dict[str, Any]":
    return dict(client.outbox(number=number)[0])


def flush_until(client: Any, done: "Callable[[], Any]", what: str, seconds: float = 40, lateness: "Lateness | None" = None) -> Any:
    """Flush in slices until something is true."""
    end = time.monotonic() + seconds
    while not (value := done()):
        assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}; {client.outbox()} {client.stats()['rate_limit']}"
        with (lateness or Lateness()).kept(200):
            report = client.flush(200)
        if report.next_in_ms is None or report.next_in_ms > 200:
            time.sleep(0.05)
    return value


def attempts_of(client: Any, number: str) -> "list[dict[str, Any]]":
    """The ends of all attempts of an order, oldest first."""
    return [event for event in client.history(number)["events"] if event["what"] == "posted"]


def lasted_ms(logs: "list[dict[str, Any]]") -> int:
    """How long the first attempt to create an order took."""
    return next((int(one["took_ms"]) for one in logs if one.get("operation") == "createOrder" and "took_ms" in one), -1)


def agree(client: Any, hub: WireHub, number: str, payload: "bytes | None" = None) -> None:
    """What must hold after every trial: attempts on the wire are attempts recorded, all with the same bytes, each on a
    connection of its own, one effect, and no verdict that the hub's own books deny."""
    events = client.history(number)["events"]
    recorded = sum(event["what"] == "sending" for event in events)
    posts = hub.posts(number)
    reached = [one for one in posts if one.is_complete]
    assert len(posts) <= recorded, f"{len(posts)} attempts on the wire, {recorded} recorded"
    assert len({one.body for one in reached}) <= 1, "an attempt had other bytes"
    assert all(one.on_connection == 1 for one in posts), "a POST came on a connection that was used before"
    assert len({one.connection for one in posts}) == len(posts), "two POSTs came on one connection"
    for event in events:
        if event["verdict"] == "applied":
            assert number in hub.orders, "applied, and the hub has no such order"
    row = state_of(client, number)
    if row["verdict"] in ("refused", "not_applied"):
        assert number not in hub.orders, f"{row['verdict']}, and the hub has the order"


def try_order(
    ground: Ground, do: "Do | None" = None, *, verdict: str, final: str = "applied", hub: "WireHub | None" = None, is_early: bool = False,
    times: int = 1, seconds: float = 40, extra: "dict[str, Any] | None" = None, code: "str | None" = None, says: str = "",
    plan: "Callable[[WireHub], None] | None" = None, after_first: "Callable[[WireHub], None] | None" = None,
    repeats: bool = True, lateness: "Lateness | None" = None, warm: bool = False, **config: Any,
) -> "dict[str, Any]":
    """Send one order through a fault that passes; return the event of the first attempt.

    The first attempt must end with `verdict` ("either": it may have arrived or not, and the hub's books decide), the order
    with `final`, and the books of both sides must agree."""
    from flxchannel import codes  # noqa: F401 - the library is loaded here, in the case
    from orders import order

    hub = hub or ground.enter_context(WireHub())
    client = shop(ground, hub, **config)
    number = f"N-{next(_numbers)}"
    if warm:
        client.call("getListingVariantsCount", wait_ms=8000)
    client.submit(order(number, **({"extra": extra} if extra else {})))
    if do is not None:
        hub.fault(do, is_post, times, is_early)
    if plan:
        plan(hub)
    flush_until(client, lambda: attempts_of(client, number), "the first attempt", seconds, lateness)
    first = attempts_of(client, number)[0]
    wanted = ("not_applied", "possibly_applied") if verdict == "either" else (verdict,)
    assert first["verdict"] in wanted, f"the first attempt was {first['verdict']} ({first['message']}), not {verdict}"
    assert says in first["message"], f"{says!r} is not in {first['message']!r}"
    agree(client, hub, number)
    if after_first:
        after_first(hub)
    if final:
        flush_until(client, lambda: state_of(client, number)["state"] == "resolved", "the order's end", seconds, lateness)
        row = state_of(client, number)
        assert row["verdict"] == final, f"the order ended {row['verdict']} ({row['message']}), not {final}"
        agree(client, hub, number)
    first["logs"] = client.logs()
    first["lasted_ms"] = lasted_ms(first["logs"])
    first["posts"] = len(hub.posts(number))
    first["client"] = client
    first["hub"] = hub
    first["number"] = number
    return first


# --- A list -----------------------------------------------------------------------------------------------------------


def try_list(
    ground: Ground, do: "Do | None" = None, *, times: int = 2, hub: "WireHub | None" = None, is_early: bool = False, seconds: float = 40,
    feed: str = "listings", error: "tuple[str, ...]" = (), lateness: "Lateness | None" = None,
    plan: "Callable[[WireHub], None] | None" = None, heal: "Callable[[WireHub], None] | None" = None, fails: bool = True,
    fits: "Callable[[Seen], bool]" = is_list, **config: Any,
) -> "dict[str, Any]":
    """Read a list through a fault: while it lasts nothing is delivered and the cursor stays; then every row once."""
    lateness = lateness or Lateness()
    hub = hub or ground.enter_context(WireHub())
    client = shop(ground, hub, **{"pull.give_up_ms": 60_000, **config})
    fault: "Fault | None" = hub.fault(do, fits, times, is_early) if do else None
    if plan:
        plan(hub)
    rows: "list[Any]" = []
    names: "list[str]" = []
    was_healed = heal is None
    end = time.monotonic() + seconds
    with client.pull(feed) as pull:
        while not pull.is_done:
            assert time.monotonic() < end, f"not over after {seconds} s: {client.logs()[-4:]} {client.stats()['rate_limit']}"
            with lateness.kept(200):
                page = pull.next(200)
            if page is None:
                if not pull.is_done:
                    assert not client.cursors() or all(row["at"] is None for row in client.cursors()), "the cursor moved without a page"
                    if heal and not was_healed and any(one.get("event") == "pull.retry" for one in client.logs()):
                        heal(hub)
                        was_healed = True
                continue
            if fails and fault:
                assert fault.done >= times, "a page was delivered while the fault lasted"
            rows += [record["id"] for record in page.records]
            page.commit()
        names = [record.get("event", "") for record in client.logs()]
    want = [row["id"] for row in hub.rows]
    assert sorted(rows) == want, f"{len(rows)} rows delivered, {len(want)} at the hub"
    return {"rows": len(rows), "hub": hub, "client": client, "lateness": lateness, "events": names}


def through(
    ground: Ground, name: str, do: Do, *, verdict: str = "possibly_applied", final: str = "applied", lateness: "Lateness | None" = None,
    is_early: bool = False, says: str = "", **more: Any,
) -> "list[tuple[str, Callable[[], Any]]]":
    """The same fault for an order and for a list, as trials."""
    def order() -> Any:
        return try_order(ground, do, verdict=verdict, final=final, lateness=lateness, is_early=is_early, says=says, **more)

    def page() -> Any:
        return try_list(ground, do, lateness=lateness, is_early=is_early, **{name: value for name, value in more.items() if name != "extra"})

    return [(f"{name}, order", order), (f"{name}, list", page)]


def wait_until(done: "Callable[[], Any]", what: str, seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (value := done()):
        assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.02)
    return value


def in_background(function: "Callable[[], Any]") -> threading.Thread:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    return thread
