"""O: what people do to orders of the outbox: correct, give up, try again, clear away."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from rig import host
from rig.books import Books, Record, lost, says
from rig.ground import Ground
from rig.judging import OPEN, faults, judge, keeper, order, rest, rows_of, work
from rig.register import row
from rig.trial import shop, together
from rows.identity import place
from rows.whose_order import Trial, books

NUMBER = "O-1"


def moved(city: str, number: str = NUMBER) -> Record:
    """The order with another city."""
    one = order(number)
    return {**one, "orderedAt": "2026-01-31T12:00:00Z", "shippingAddress": {**one["shippingAddress"], "city": city}}


def cities(hub: Books) -> "list[str]":
    return [post.sent["shippingAddress"]["city"] for post in hub.sent(NUMBER)]


# --- O-01: the same number with other content ---------------------------------------------------------------------------


def refuse(hub: Books, client: Any) -> None:
    hub.plan[NUMBER] = [says(422, "no such city")]
    work(client, 20)
    assert rows_of(client)[NUMBER]["verdict"] == "refused"


def settle(hub: Books, client: Any) -> None:
    refuse(hub, client)
    client.settle([NUMBER])


def purge(hub: Books, client: Any) -> None:
    settle(hub, client)
    client.purge(numbers=[NUMBER])


def discard(hub: Books, client: Any) -> None:
    client.discard([NUMBER])


def retry(hub: Books, client: Any) -> None:
    refuse(hub, client)
    client.retry([NUMBER])


PROVEN: "dict[str, tuple[Callable[[Books, Any], None], list[str]]]" = {
    "queued unsent": (lambda hub, client: None, []), "refused": (refuse, ["Old"]), "refused and settled": (settle, ["Old"]),
    "refused and purged": (purge, ["Old"]), "discarded unsent": (discard, []), "refused and retried": (retry, ["Old"])}
"""States in which the order is proven not to be at the hub, and what was posted to come there."""


def lose(hub: Books, client: Any) -> None:
    hub.plan[NUMBER] = [lost]
    work(client, 20, lambda: hub.sent(NUMBER))


def lose_and_discard(hub: Books, client: Any) -> None:
    hub.heeds_number = hub.heeds_date = False
    hub.shows_after_s = 3600
    lose(hub, client)
    for _ in range(40):
        client.flush(200)
        if rows_of(client)[NUMBER]["state"] == "queued":
            break
    if rows_of(client)[NUMBER]["state"] == "queued":  # a slow machine may have given it up already, which comes to the same
        client.discard([NUMBER])
    assert rows_of(client)[NUMBER]["verdict"] == "possibly_applied"
    hub.shows_after_s = 0


def leave_on_the_wire(hub: Books, client: Any) -> None:
    hub.takes_s = 1.2
    work(client, 20, lambda: hub.sent(NUMBER))


UNPROVEN: "dict[str, Callable[[Books, Any], None]]" = {
    "applied": lambda hub, client: work(client, 20) and None, "in doubt": lose, "in doubt and discarded": lose_and_discard,
    "on the wire": leave_on_the_wire}


@row("O-01", set="core", waits=True)
def other_content(ground: Ground) -> str:
    def revised(prepare: "Callable[[Books, Any], None]", before: "list[str]") -> Trial:
        def trial() -> None:
            hub = books(ground)
            client = keeper(ground, hub, moved("Old"))
            prepare(hub, client)
            receipt = client.submit(moved("New"))
            assert receipt["revision"] == 2 and receipt["new"] is False and receipt["state"] == "queued", f"{receipt}"
            one = rows_of(client)[NUMBER]
            assert (one["message"], one["code"]) == ("", ""), f"the old message stands there still: {one['message']}"
            again = client.submit(moved("New"))
            assert again["revision"] == 2 and again["new"] is False, f"{again}"
            work(client, 20)
            rest(client, 0.5)
            judge(hub, client, all="applied")
            assert cities(hub) == [*before, "New"], f"posted: {cities(hub)}"
        return trial

    def conflicting(prepare: "Callable[[Books, Any], None]") -> Trial:
        def trial() -> None:
            from flxchannel import ConflictError

            hub = books(ground)
            client = keeper(ground, hub, moved("Old"))
            prepare(hub, client)
            try:
                receipt = client.submit(moved("New"))
            except ConflictError as error:
                said = f"{error} {error.path} {error.faults}"
                assert "/shippingAddress/city" in said, f"what differs is not named: {said}"
            else:
                raise AssertionError(f"taken: {receipt}")
            work(client, 40)
            judge(hub, client, all=("applied", "possibly_applied"))
            assert set(cities(hub)) == {"Old"}, f"posted: {cities(hub)}"
        return trial

    def thrice() -> None:
        hub = books(ground)
        hub.plan[NUMBER] = [says(422, "no")] * 2
        client = keeper(ground, hub)
        for turn, city in enumerate(("Old", "Older", "New")):
            assert client.submit(moved(city))["revision"] == turn + 1
            work(client, 20)
        judge(hub, client, all="applied")
        assert cities(hub) == ["Old", "Older", "New"] and hub.orders[0].record["shippingAddress"]["city"] == "New"

    def retried() -> None:
        hub = books(ground)
        client = keeper(ground, hub, moved("Old"))
        retry(hub, client)
        one = rows_of(client)[NUMBER]
        assert (one["message"], one["code"]) == ("", ""), f"after a retry the old message stands there still: {one['message']}"
        work(client, 20)
        judge(hub, client, all="applied", posts=2)

    together([
        *((name, revised(*how)) for name, how in PROVEN.items()), *((name, conflicting(how)) for name, how in UNPROVEN.items()),
        ("three revisions", thrice), ("a retry", retried)])
    return f"new content is taken when the order was {', '.join(PROVEN)} (revision 2, posted once), and is a conflict that names the city when it is {', '.join(UNPROVEN)}"


# --- O-03: cleared away while it is retried -----------------------------------------------------------------------------

FLUSHER = """
c = client()
end = time.monotonic() + float(sys.argv[1])
say(ready=True)
while time.monotonic() < end: c.flush(0)
c.close()
"""


@row("O-03", set="core")
def retried_while_cleared(ground: Ground) -> str:
    from flxchannel import UseError

    hub, state, seconds = books(ground), place(ground, "cleared-beside"), max(4.0, 12 * min(1.0, ground.scale))
    settings = {**host.config(ground, hub), "state_dir": state, "orders.keep_hours": 0, "log.level": "error"}
    client = shop(ground, hub, **settings)
    flushers = [host.start(ground, FLUSHER, settings, str(seconds)) for _ in range(2)]
    for flusher in flushers:
        assert flusher.stdout and flusher.stdout.readline()
    retried: "set[str]" = set()
    rounds, end = 0, time.monotonic() + seconds - 0.5
    while time.monotonic() < end and rounds < 600:
        number = f"R-{rounds}"
        rounds += 1
        client.submit(order(number))
        for what in (client.discard, client.settle, client.retry):
            try:
                what([number])
            except UseError:
                break  # a flusher was quicker: it is on its way, or cleared away
        else:
            retried.add(number)
    for flusher in flushers:
        host.finish(flusher, 30)
    work(client, 30)
    rows = client.outbox(limit=10_000)
    nameless = [one for one in rows if not one["number"]]
    stuck = [one for one in rows if one["state"] in OPEN]
    assert not stuck, f"{len(stuck)} of {len(rows)} orders never end, such as {stuck[0]}"
    assert not nameless, f"{len(nameless)} of {len(rows)} orders have no number, such as {nameless[0]}"
    found = faults(hub, rows)
    found += [f"{one['number']} was retried and is {one['verdict']}" for one in rows if one["number"] in retried and one["verdict"] != "applied"]
    assert not found, f"{len(found)} wrong: {found[:3]}"
    return f"{rounds} orders submitted, discarded, settled and retried ({len(retried)} of them to the end) beside two processes that clear away: all have their end, number and bytes"
