"""I: an order that is found or answered under our number. Is it ours?"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from rig.books import Act, Books, Record, answer, dropped, iso, lost, says
from rig.ground import Ground
from rig.judging import elsewhere, judge, keeper, order, rest, rows_of, told, work
from rig.rawhub import Request
from rig.register import row
from rig.trial import together

Trial = Callable[[], Any]


def books(ground: Ground, **ways: Any) -> Books:
    return ground.enter_context(Books(**ways))  # type: ignore[no-any-return]


# --- I-01, I-02: numbers that are not ours ------------------------------------------------------------------------------


def two_numbers(ground: Ground, first: Record, second: Record) -> Trial:
    """The first is at the hub; the POST of the second is dropped unread, and the list shows every order."""
    def trial() -> None:
        hub = books(ground, heeds_number=False, heeds_date=False)
        hub.plan[second["orderNumber"]] = [dropped]
        client = keeper(ground, hub, first)
        work(client, 20)
        receipt = client.submit(second)
        assert receipt["new"], f"{second['orderNumber']!r} was taken for {first['orderNumber']!r}"
        work(client, 40)
        judge(hub, client, all="applied", posts=2)
        assert len(hub.orders) == 2, f"{len(hub.orders)} orders at the hub"
    return trial


@row("I-01", set="core", waits=True)
def reference_of_another(ground: Ground) -> str:
    trials = [
        ("the same lines", two_numbers(ground, order("A-1", referenceNumber="1001"), order("1001"))),
        ("other lines", two_numbers(ground, order("A-1", referenceNumber="1001"), order("1001", **elsewhere())))]
    together(trials)
    return "an order whose reference is our number is not ours, with our lines or with others: ours was posted again, two orders with two ids"


@row("I-02", set="core", waits=True)
def same_letters_other_bytes(ground: Ground) -> str:
    pairs = {"é": ("caf\u00e9-1", "cafe\u0301-1"), "Å": ("\u212b-7", "\u00c5-7"), "가": ("\uac00-1", "\u1100\u1161-1")}
    together([
        (f"{name}{' the other way round' * turn}", two_numbers(ground, order(pair[turn]), order(pair[1 - turn])))
        for name, pair in pairs.items() for turn in (0, 1)])
    return f"{len(pairs)} pairs of canonically equal numbers, either first: two orders with two ids each"


# --- I-03: one id for several -------------------------------------------------------------------------------------------


def replayed(ground: Ground, reaches: bool, echoes: bool) -> Trial:
    """A gateway answers every POST with the answer to the first; it lets the others through, or not."""
    def trial() -> None:
        hub = books(ground)
        cached: "list[Record]" = []

        def gateway(request: Request) -> Any:
            if request.method != "POST":
                return None
            if reaches or not cached:
                hub.take(request)
                cached.append({"id": hub.orders[0].record["id"], **({"orderNumber": hub.orders[0].number} if echoes else {})})
            else:
                hub.plan[number_of(request)].append(says(500, "kept from the hub"))
                hub.take(request)
            return answer(cached[0], 201)

        hub.first.append(gateway)
        client = keeper(ground, hub, *(order(f"G-{index}") for index in range(3)))
        work(client, 20)
        rest(client, 2)
        # What never reached the hub is for a person; what did may be found by its number.
        verdicts = {
            f"G-{index}": ("applied", "possibly_applied", "refused") if index == 0 or reaches else ("possibly_applied", "refused")
            for index in range(3)}
        rows = judge(hub, client, verdicts={} if not hub.orders else verdicts, posts=1)
        assert sum(one["order_id"] == "5001" and one["verdict"] == "applied" for one in rows.values()) <= 1
    return trial


def number_of(request: Request) -> str:
    return str(json.loads(request.body)["orderNumber"])


@row("I-03", set="core", waits=True)
def one_id_for_three(ground: Ground) -> str:
    together([
        (f"{'let through' if reaches else 'kept back'}, {'echoed' if echoes else 'id alone'}", replayed(ground, reaches, echoes))
        for reaches in (True, False) for echoes in (True, False)])
    return "a gateway that repeats its first answer to three orders, 4 ways: one POST each, no hub order for two rows, none applied that is not there"


# --- I-04: older than our first attempt ---------------------------------------------------------------------------------


def older(ground: Ground, at_hub: Record, check: "Callable[[Any, Record], None]", **ways: Any) -> Trial:
    """The hub has an order of our number since yesterday, and answers 409."""
    def trial() -> None:
        hub = books(ground, repeats="conflict", **ways)
        there = hub.put(at_hub)
        if hub.tells_instants:
            there |= {"insertedAt": iso(time.time() - 86_400), "updatedAt": iso(time.time() - 86_400)}
        client = keeper(ground, hub, order("C-1"))
        work(client, 30)
        check(client, rows_of(client)["C-1"])
        assert len(hub.orders) == 1, f"{len(hub.orders)} orders at the hub"
    return trial


def is_conflict(*names: str) -> "Callable[[Any, Record], None]":
    def check(client: Any, one: Record) -> None:
        assert (one["verdict"], one["code"]) == ("refused", "FLX_E_CONFLICT"), f"{one['verdict']} {one['code']} ({one['message']})"
        missing = [name for name in names if not re.search(name, one["message"], re.I)]
        assert not missing, f"the message names no {missing}: {one['message']}"
        assert not re.search("Bob|Elm|Portland", told(client, "C-1")), f"the other buyer stands in the message: {one['message']}"
    return check


def is_applied(client: Any, one: Record) -> None:
    assert (one["verdict"], one["order_id"]) == ("applied", "5001"), f"{one['verdict']} {one['code']} ({one['message']})"


@row("I-04", set="core", waits=True)
def somebody_elses(ground: Ground) -> str:
    same_lines = elsewhere(orderItems=order("C-1")["orderItems"])
    together([
        ("another buyer's", older(ground, order("C-1", **elsewhere()), is_conflict("address", "total"))),
        ("another buyer's, with our lines", older(ground, order("C-1", **same_lines), is_conflict("address", "total"))),
        ("ours, of a state that was lost", older(ground, order("C-1"), is_applied)),
        ("ours, the list knows no filter", older(ground, order("C-1"), is_applied, heeds_number=False))])
    return "behind a 409 an order of yesterday: another buyer's is a conflict that names what differs and nobody's data, our own is applied"


# --- I-05: ours, with other lines ---------------------------------------------------------------------------------------


# --- I-08: of the same second --------------------------------------------------------------------------------------------


@row("I-08", set="core", waits=True)
def of_the_same_second(ground: Ground) -> str:
    def trial(status: int, is_other_buyer: bool) -> Trial:
        def run() -> None:
            hub = books(ground)

            def meanwhile(hub: Books, request: Request) -> Any:
                changes = elsewhere()
                if not is_other_buyer:
                    changes = {"orderItems": changes["orderItems"]}
                there = hub.put({**order("C-1"), **changes})
                return answer(there if status == 200 else {"error": "no"}, status)

            hub.plan["C-1"] = [meanwhile] * 9
            client = keeper(ground, hub, order("C-1"))
            work(client, 30)
            one = rows_of(client)["C-1"]
            assert one["verdict"] in ("possibly_applied", "refused"), f"another buyer's order is {one['verdict']} as {one['order_id']}: {one['message']}"
        return run

    together([
        *((f"another buyer, {status}", trial(status, True)) for status in (409, 400, 200)), ("other goods, 409", trial(409, False))])
    return "somebody else's order of our number, made in the second of our attempt, which was answered 409, 400 or 200: never applied"


def upper(record: Record) -> None:
    for line in record["orderItems"]:
        line["sku"] = line["sku"].upper()


def gift(record: Record) -> None:
    record["orderItems"] = [*record["orderItems"], {"id": 9, "sku": "GIFT", "quantity": 1, "price": 0}]


def hub_sku(record: Record) -> None:
    for line in record["orderItems"]:
        line["sku"] = "HUB-77"


def canceled(record: Record) -> None:
    del record["orderItems"][1]


@row("I-05", set="core", waits=True)
def other_lines(ground: Ground) -> str:
    lines = {
        "listing": [{"sku": "shop-1", "listingVariantId": 300123, "quantity": 2, "price": Decimal("9.99")}],
        "lower": [{"sku": "tee-red-m", "quantity": 1, "price": Decimal("19.99")}],
        "two": [{"sku": "TEE", "quantity": 1, "price": Decimal("9.99")}, {"sku": "MUG", "quantity": 1, "price": Decimal("10.00")}]}

    def trial(items: str, dress: "Callable[[Record], None]", *acts: Act) -> Trial:
        def one() -> None:
            hub = books(ground, dresses=dress)
            hub.plan["L-1"] = list(acts)
            client = keeper(ground, hub, order("L-1", orderItems=lines[items]))
            work(client, 40)
            judge(hub, client, all="applied", posts=1)
            # Lines that agree by the hub's id of the listing are no difference.
            said = told(client, "L-1")
            assert items == "listing" or re.search("line|item|sku", said, re.I), f"nothing is said of the lines: {said}"
        return one

    cases = {"the hub's SKU for a listing": ("listing", hub_sku), "a gift line": ("two", gift), "SKU in capitals": ("lower", upper), "a line canceled": ("two", canceled)}
    together([(f"{name}{' after a lost answer' * len(acts)}", trial(items, dress, *acts)) for name, (items, dress) in cases.items() for acts in ([], [lost])])
    return f"{', '.join(cases)}: applied with a remark, one POST each, whether answered or looked up after a lost answer"


# --- I-06: a hub that writes numbers its own way ------------------------------------------------------------------------

SPELLINGS: "dict[str, tuple[str, Callable[[str], str]]]" = {
    "trims": ("A-1001 ", str.strip), "capitals": ("web-1001", str.upper), "no #": ("#1001", lambda number: number.lstrip("#")),
    "cut at 20": ("shop-eu-2026-000000000001001", lambda number: number[:20])}


@row("I-06", set="core", waits=True)
def own_spelling(ground: Ground) -> str:
    def trial(number: str, spells: "Callable[[str], str]", repeats: str) -> Trial:
        def one() -> None:
            hub = books(ground, spells=spells, repeats=repeats)
            client = keeper(ground, hub, order(number))
            work(client, 15)
            rest(client, 1)
            judge(hub, client, all=("applied", "possibly_applied"), posts=1)
            assert not hub.lookups(), f"looked up {len(hub.lookups())} times what a 2xx had told"
        return one

    together([
        (f"{name}, {repeats}", trial(number, spells, repeats)) for name, (number, spells) in SPELLINGS.items() for repeats in ("same", "second")])
    return f"a hub that {', '.join(SPELLINGS)}, with and without deduplication: one POST, no question, one order, resolved"


# --- I-07: a state that was lost ----------------------------------------------------------------------------------------


@row("I-07", set="core", waits=True)
def lost_state(ground: Ground) -> str:
    def again(**ways: Any) -> Trial:
        """Sent by one state, and submitted again to an empty one a little later."""
        def trial() -> None:
            hub = books(ground, **ways)
            one = order("S-1")
            work(keeper(ground, hub, one), 20)
            time.sleep(1.1)
            client = keeper(ground, hub, one)
            work(client, 40)
            judge(hub, client, all="applied")
            assert len(hub.orders) == 1 and len(hub.sent("S-1")) <= 4, f"{len(hub.orders)} orders, {len(hub.sent('S-1'))} POSTs"
        return trial

    def late() -> None:
        """The other state sent it a moment ago: the list shows it three seconds after the 409."""
        hub = books(ground, repeats="conflict", shows_after_s=4)
        client = keeper(ground, hub, order("C-1"))
        hub.put(order("C-1"))
        work(client, 60)
        judge(hub, client, all="applied")
        assert len(hub.orders) == 1 and len(hub.sent("C-1")) <= 4, f"{len(hub.orders)} orders, {len(hub.sent('C-1'))} POSTs"

    def in_doubt(client: Any, one: Record) -> None:
        assert one["verdict"] == "possibly_applied" and one["state"] == "resolved", f"{one['state']} {one['verdict']} {one['code']} ({one['message']})"

    together([
        ("200 for a repeat", again()), ("409 for a repeat", again(repeats="conflict")),
        ("no instants, equal", older(ground, order("C-1"), is_applied, tells_instants=False)),
        ("no instants, another's", older(ground, order("C-1", **elsewhere()), in_doubt, tells_instants=False)),
        ("shown late", late)])
    return "submitted again after its state was lost: applied once, by 200, by 409, shown 3 s late; without instants agreement decides, and a difference is for a person"
