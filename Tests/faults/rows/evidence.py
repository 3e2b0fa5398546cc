"""E: what counts as evidence that an order is at the hub, or is not."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from typing import Any

from rig import host
from rig.books import Books, Record, answer, dropped, iso, lost, says
from rig.ground import Ground
from rig.judging import OPEN, elsewhere, judge, keeper, order, rest, rows_of, work
from rig.rawhub import Reply, Request, listed
from rig.register import row
from rig.trial import shop, together, wait_until
from rows.whose_order import Trial, books

ALWAYS = 50


# --- E-01: words are none -----------------------------------------------------------------------------------------------


@row("E-01", set="core", waits=True)
def words(ground: Ground) -> str:
    plain = {
        "duplicate SKU": (422, "duplicate SKU TEE in orderItems"), "a customer exists": (400, "a customer with this e-mail already exists"),
        "a mapping": (422, "shippingText: DUPLICATE of a mapping that already exists")}

    def refused(status: int, text: str) -> Trial:
        def trial() -> None:
            hub = books(ground)
            hub.plan["W-1"] = [says(status, text)] * ALWAYS
            client = keeper(ground, hub, order("W-1"))
            work(client, 12)
            rest(client, 1)
            judge(hub, client, all="refused", posts=1)
            asked = [next(name for name in ("orderNumber", "orderedAfter") if name in one.query) for one in hub.lookups()]
            assert asked in (["orderNumber"], ["orderNumber", "orderedAfter"]), f"looked up by {asked}"
        return trial

    def of_a_repeat() -> None:
        """The first answer got lost, lists are slow, and the repeat is refused in words of its own."""
        hub = books(ground)
        shown: "list[bool]" = []
        hub.first.append(lambda request: listed() if request.method == "GET" and "orders" in request.path and not shown else None)

        def imported(hub: Books, request: Request) -> Reply:
            shown.append(True)
            return answer({"error": "number was already imported"}, 400)

        hub.plan["W-2"] = [lost, *[imported] * ALWAYS]
        client = keeper(ground, hub, order("W-2"))
        work(client, 60)
        judge(hub, client, all="applied")

    together([*((name, refused(*what)) for name, what in plain.items()), ("a repeat", of_a_repeat)])
    return f"{', '.join(plain)}: refused at the first answer; a repeat refused as 'already imported' after a lost answer: applied by look-up"


# --- E-07: what a gateway says of a connection that went away -------------------------------------------------------------


@row("E-07", set="core", waits=True)
def gateways_word(ground: Ground) -> str:
    def trial(status: int) -> Trial:
        def run() -> None:
            from flxchannel import ConflictError

            hub = books(ground)

            def cut(hub: Books, request: Request) -> Any:
                hub.takes(request)
                return answer({}, status)

            hub.plan["G-1"] = [cut]
            client = keeper(ground, hub, order("G-1"))
            work(client, 20, until=lambda: hub.posts)
            client.flush(200)
            try:
                client.submit(order("G-1", **elsewhere()))
                taken = True
            except ConflictError:
                taken = False
            work(client, 30)
            judge(hub, client, all="applied", posts=1)
            assert not taken, "new content was taken for an order that is at the hub"
        return run

    statuses = (444, 460, 499)
    together([(f"{status}", trial(status)) for status in statuses])
    return f"{', '.join(map(str, statuses))} from a gateway, and the hub has the order: looked up, applied, no new content meanwhile"


# --- E-08: more orders since than a slice has time for -------------------------------------------------------------------


@row("E-08", set="core", waits=True)
def many_since(ground: Ground) -> str:
    hub = books(ground)
    hub.plan["M-2"] = [dropped]  # nobody finds it
    for number in range(3000):
        hub.put(order(f"SINCE-{number}"))

    def slow(request: Request) -> "Reply | None":
        if request.method == "GET" and "orders" in request.path:
            time.sleep(0.1)
        return None

    hub.first.append(slow)
    settings = {**host.config(ground, hub), "http.attempt_ms": 2000}
    with shop(ground, hub, **settings) as client:
        client.submit(order("M-1"))
        work(client, 20)
        client.submit(order("M-2"))
        work(client, 20, until=lambda: hub.sent("M-2"))
    slices = 0
    while len(hub.sent("M-2")) < 2 and slices < 40:
        time.sleep(0.5)
        slices += 1
        with shop(ground, hub, **settings) as client:  # a process of its own each time, as a cron has it
            client.flush(1000)
    assert len(hub.sent("M-2")) == 2, f"not sent again in {slices} slices: {len(hub.lookups())} look-ups read the orders since"
    client = shop(ground, hub, **settings)
    work(client, 20)
    judge(hub, client, all="applied")
    return f"an order in doubt and 3000 orders since, looked up in slices of 1 s with a client each: sent again in slice {slices}, {len(hub.lookups())} questions"


# --- E-02: the travel of a dead worker's request ------------------------------------------------------------------------


@row("E-02", set="core", waits=True)
def a_dead_workers_request(ground: Ground) -> str:
    hub = books(ground, takes_s=3, repeats="second")
    settings = host.config(ground, hub)
    worker = host.start(ground, "c = client(); c.submit(sys.argv[1]); c.flush(20000)", settings, json.dumps(order("K-1"), default=float))
    wait_until(lambda: hub.sent("K-1"), "the POST")
    time.sleep(0.2)
    worker.kill()
    worker.wait()
    client = shop(ground, hub, **settings)
    began = time.monotonic()
    work(client, 40)
    rest(client, 1)
    judge(hub, client, all="applied", posts=1)
    return f"a worker killed 3 s before the hub wrote its order: the next found it after {time.monotonic() - began:.0f} s, one POST, one order"


# --- E-03: a state that was put back ------------------------------------------------------------------------------------

COPIES = {"cp -a": ("-a", None), "cp -r": ("-r", None), "no lock file": ("-a", "*.lock")}


@row("E-03", set="core", waits=True)
def put_back(ground: Ground) -> str:
    def trial(name: str, how: str, without: "str | None") -> Trial:
        def one() -> None:
            hub = books(ground, repeats="second")
            state, saved = (ground.folder / f"{part}-{name.replace(' ', '')}" for part in ("state", "saved"))
            keeper_at = {"state_dir": str(state)}
            state.mkdir(mode=0o700)
            keeper(ground, hub, order("A-1"), order("A-2"), **keeper_at).close()
            subprocess.run(["cp", how, str(state), str(saved)], check=True)
            with shop(ground, hub, **keeper_at) as client:
                work(client, 20)
                judge(hub, client, all="applied", posts=1)
            shutil.rmtree(state)
            subprocess.run(["cp", how, str(saved), str(state)], check=True)
            for file in state.glob(without) if without else ():
                file.unlink()
            client = keeper(ground, hub, order("A-3"), **keeper_at)
            work(client, 40)
            judge(hub, client, all="applied", posts=1)
            events = [event["what"] for event in client.history("A-1")["events"]]
            assert "restored" in events, f"the history of A-1 does not say that it was restored: {events}"
        return one

    together([(name, trial(name, *how)) for name, how in COPIES.items()])
    return f"the whole directory put back ({', '.join(COPIES)}) at a hub that does not deduplicate: looked up first, three orders, one POST each"


# --- E-04: a channel that cannot be told --------------------------------------------------------------------------------


@row("E-04", set="core", waits=True)
def no_channel_told(ground: Ground) -> str:
    answers = {"500": Reply(b"oops", 500), "404": Reply(b"{}", 404), "wrapped": answer({"data": {"id": 501}})}
    took = []

    def trial(told: Reply) -> Trial:
        def one() -> None:
            hub = books(ground, repeats="second")
            hub.first.append(lambda request: told if "channel" in request.path else None)
            numbers = [f"D-{index}" for index in range(10)]
            hub.plan["D-0"] = [lost]
            client = keeper(ground, hub, order("D-0"))
            work(client, 20, lambda: rows_of(client)["D-0"]["attempts"])
            time.sleep(1.5)  # by now it is to be looked up
            for number in numbers[1:]:
                client.submit(order(number))
            began = time.monotonic()
            client.flush(5000)
            late = [number for number in numbers if not hub.sent(number) or hub.sent(number)[0].at - began > 5]
            assert not late, f"{len(late)} of 10 orders were not posted within 5 s: one in doubt held them up"
            took.append(max(hub.sent(number)[0].at - began for number in numbers))
            work(client, 60)
            rest(client, 1)
            judge(hub, client, all="applied", posts=1)
        return one

    together([(name, trial(told)) for name, told in answers.items()])
    return f"GET /channel/501 answers {', '.join(answers)}: nine neighbours of an order in doubt left within {max(took):.1f} s, it was found, one POST each"


# --- E-05: a good status with bad news ----------------------------------------------------------------------------------


@row("E-05", set="core", waits=True)
def failed_batch(ground: Ground) -> str:
    told = []

    def trial(body: Record) -> Trial:
        def one() -> None:
            hub = books(ground)
            hub.list_variants(8)
            batches: "list[list[str]]" = []

            def answered(request: Request) -> "Reply | None":
                if request.method != "PATCH":
                    return None
                batches.append([str(one["listingVariantId"]) for one in json.loads(request.body)])
                return answer(body if "1003" in batches[-1] else [])

            hub.first.append(answered)
            client = keeper(ground, hub)
            with client.pull("listings_to_sync") as pull:
                for page in pull:
                    client.ack(page.receipt, [{"id": record["id"]} for record in page])
            for _ in range(20):
                if client.flush(500).outcome.name != "AGAIN":
                    break
            verdicts = {one["id"]: one["verdict"] for one in client.ack_results(0, 100)}
            wanted = {str(1000 + n): "refused" if n == 3 else "applied" for n in range(8)}
            assert verdicts == wanted, f"{verdicts}"
            assert len(batches) <= 9, f"{len(batches)} requests for 8 answers"
            told.append(len(batches))
        return one

    together([
        ("with its reason", trial({"success": False, "error": "row 1003 is locked"})), ("alone", trial({"success": False})),
        ("with data", trial({"success": False, "data": None, "message": "failed"}))])
    return f"200 with success false for 8 answers, one of them bad: halved down to it in {max(told)} requests, its neighbours are applied"


# --- E-06: look-ups -----------------------------------------------------------------------------------------------------


@row("E-06", set="core", waits=True)
def lookups(ground: Ground) -> str:
    def found(**ways: Any) -> Trial:
        """The answer got lost; the order is at the hub, and a look-up can find it."""
        def trial() -> None:
            hub = books(ground, repeats="second", **ways)
            for index in range(500):
                at = iso(time.time() - 86_400 * (3 + index / 2))
                hub.put(order(f"OLD-{index}"), orderedAt=at, **({"insertedAt": at, "updatedAt": at} if hub.tells_instants else {}))
            hub.plan["U-1"] = [lost]
            client = keeper(ground, hub, order("U-1"))
            work(client, 60)
            rest(client, 1)
            judge(hub, client, all="applied", posts=1)
        return trial

    def unreadable(shows: Any) -> Trial:
        def trial() -> None:
            hub = books(ground, repeats="second", shows=shows)
            hub.plan["U-1"] = [lost]
            client = keeper(ground, hub, order("U-1"))
            work(client, 15)
            assert len(hub.sent("U-1")) == 1, f"posted {len(hub.sent('U-1'))} times beside a record that could not be read"
            assert rows_of(client)["U-1"]["state"] in OPEN, f"{rows_of(client)['U-1']}"
            hub.shows = lambda record: record
            work(client, 60)
            judge(hub, client, all="applied", posts=1)
        return trial

    records = {
        "id null": lambda record: {**record, "id": None}, "id an object": lambda record: {**record, "id": {"value": record["id"]}},
        "two ids": lambda record: json.dumps(record).encode()[:-1] + b',"id":1}',
        "half a surrogate": lambda record: json.dumps({**record, "note": "@"}).encode().replace(b"@", rb"\ud800")}
    together([
        ("as it should be", found()), ("orderNumber overlooked", found(heeds_number=False)), ("no instants either", found(heeds_number=False, tells_instants=False)),
        ("at most 50 a page", found(largest_page=50)), ("at most 20 a page", found(largest_page=20)),
        ("at most 50, orderNumber overlooked", found(largest_page=50, heeds_number=False)),
        *((name, unreadable(shows)) for name, shows in records.items())])
    return f"found among 500 older orders by orderedAfter, in pages of 50 and 20 where 100 is refused; a record that cannot be read ({', '.join(records)}) is no absence"
