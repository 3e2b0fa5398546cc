"""Section H: refusals."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from rig.ground import Ground
from rig.register import row
from rig.trial import agree, flush_until, shop, state_of, through, together, try_order
from rig.wirehub import Peer, Seen, WireHub, is_post
from rows.http.answers import HTML, answer, raw


def is_clean(text: str) -> bool:
    return all(character.isprintable() for character in text) and len(text) <= 500


@row("H-11", "H-16", set="core", waits=True)
def an_order_that_is_refused(ground: Ground) -> str:
    hostile = json.dumps({"error": "no \x1b[31mred\u202e\r\nADMIN logged in %s%n " + "x" * 5000})

    def one(status: str, body: str) -> str:
        hub = ground.enter_context(WireHub())
        client = shop(ground, hub)
        from orders import order

        hub.fault(answer(body, status), lambda request: is_post(request) and b"BAD" in request.body, 0)
        for number in ("BAD", "GOOD-1", "GOOD-2"):
            client.submit(order(number))
        flush_until(client, lambda: all(row["state"] == "resolved" for row in client.outbox()), "all three")
        bad = state_of(client, "BAD")
        assert bad["verdict"] == "refused" and is_clean(bad["message"]), bad
        for _ in range(10):
            client.flush(100)
        assert len(hub.posts("BAD")) == 1, "a refused order was sent again"
        assert [state_of(client, n)["verdict"] for n in ("GOOD-1", "GOOD-2")] == ["applied"] * 2
        assert {row["number"] for row in client.results(10)} == {"BAD", "GOOD-1", "GOOD-2"}
        for number in ("BAD", "GOOD-1", "GOOD-2"):
            agree(client, hub, number)
        return str(bad["message"])

    statuses = ("400 Bad Request", "422 Unprocessable", "413 Too Large", "414 URI Too Long", "415 Unsupported", "431 Headers", "404 Not Found", "405 No", "418 Teapot")
    said = together([(f"{status} {kind}", lambda status=status, body=body: one(status, body)) for status in statuses for kind, body in (("hostile", hostile), ("HTML", HTML), ("empty", ""))])
    return f"{len(said)} trials ({', '.join(s.split()[0] for s in statuses)} with hostile JSON, HTML, nothing): refused at once and never sent again, two others applied; text: {said[0][:70]!r}"


@row("H-12", set="core", waits=True)
def a_refused_token(ground: Ground) -> str:
    from flxchannel import TokenError

    def one(status: str) -> int:
        hub = ground.enter_context(WireHub())
        client = shop(ground, hub)
        from orders import order

        hub.fault(answer('{"error":"bad token"}', status), lambda request: request.headers["x-api-token"] != "a-new-token", 0)
        numbers = [f"T-{n}" for n in range(5)]
        for number in numbers:
            client.submit(order(number))
        paused = 0
        for _ in range(20):
            try:
                paused += bool(client.flush(300).paused)
            except TokenError as error:
                assert hub.token not in str(error)
                paused += 1
            if paused >= 3:
                break
        assert paused >= 3, "the channel was not paused"
        assert all(row["state"] == "queued" and row["verdict"] in ("not_applied", "") for row in client.outbox()), client.outbox()
        tried = len(hub.seen)
        assert tried <= 4, f"{tried} requests with a refused token"
        client.set_token("a-new-token")
        flush_until(client, lambda: all(row["state"] == "resolved" for row in client.outbox()), "all five")
        assert hub.taken == numbers, hub.taken
        for number in numbers:
            agree(client, hub, number)
        return tried

    tried = together([(status, lambda status=status: one(status)) for status in ("401 Unauthorized", "403 Forbidden")])
    return f"401, 403: paused after {tried} requests, 5 orders kept; with a new token all applied in order, none submitted again"


@row("H-13", set="core", waits=True)
def what_is_not_there(ground: Ground) -> str:
    from flxchannel import RefusedError
    from orders import order

    hub = ground.hub("--seed", "variants=20,history=off,exceptions=off", pool__size=1000, pool__refill=1000)
    client = shop(ground, hub)
    hub.refuse("GONE")
    hub.post("faults", {"do": "status", "status": 404, "operation": "createOrder", "order_number": "LOST", "times": 0, "body": "json"})
    for number in ("LOST", "FINE"):
        client.submit(order(number, orderItems=[{"sku": hub.some_sku(), "quantity": 1}]))
    flush_until(client, lambda: all(row["state"] == "resolved" for row in client.outbox()), "both orders")
    assert (state_of(client, "LOST")["verdict"], state_of(client, "FINE")["verdict"]) == ("refused", "applied")
    try:
        client.call("getOrderById", id="99999999", wait_ms=5000)
        raise AssertionError("an order that is not there was read")
    except RefusedError as error:
        assert error.http_status == 404, error
    with client.pull("listings_to_sync", page_size=20) as pull:
        pages = list(pull)
    first, rest = pages[0].records[0]["id"], [record["id"] for page in pages for record in page.records][1:]
    hub.post("faults", {"do": "status", "status": 404, "operation": "acknowledgeListingVariants", "times": 1, "body": "json"})
    client.ack(pages[0].receipt, [{"id": first}])
    flush_until(client, lambda: client.ack_results(0, 100), "the answer's verdict")
    assert [one["verdict"] for one in client.ack_results(0, 100)] == ["refused"], client.ack_results(0, 100)
    for page in pages:
        client.ack(page.receipt, [{"id": record["id"]} for record in page.records if record["id"] != first])
    flush_until(client, lambda: len(client.ack_results(0, 100)) > len(rest), "the others")
    verdicts = [one["verdict"] for one in client.ack_results(0, 100)]
    assert verdicts == ["refused"] + ["applied"] * len(rest), verdicts
    return f"404: order refused and the next applied; named call refused; a listing's answer refused and {len(rest)} others applied"


@row("H-14", set="core", waits=True)
def the_number_is_taken(ground: Ground) -> str:
    from flxchannel import codes
    from orders import order

    def mine(peer: Peer, request: Seen) -> None:
        peer.hub.take(request)
        peer.answer('{"error":"order number already exists"}', "409 Conflict")

    def one(same: bool, status: str) -> "dict[str, Any]":
        hub = ground.enter_context(WireHub())
        client = shop(ground, hub)
        client.submit(order("TAKEN"))
        if not same:
            hub.orders["TAKEN"] = {"id": 4711, "orderNumber": "TAKEN", "orderStatus": "Open", "insertedAt": "2020-01-01T00:00:00Z", "orderItems": [{"sku": "SOMETHING-ELSE", "quantity": 9}]}
        hub.fault(mine if same and status.startswith("409") else answer('{"error":"order number already exists"}', status, is_taken=same), is_post, 0)
        flush_until(client, lambda: state_of(client, "TAKEN")["state"] == "resolved", "its end")
        assert len(hub.posts()) == 1
        return {**state_of(client, "TAKEN"), **client.results(5)[0]}

    same, other, worded = together([("same", lambda: one(True, "409 Conflict")), ("other", lambda: one(False, "409 Conflict")), ("400 in words", lambda: one(True, "400 Bad Request"))])
    assert same["verdict"] == worded["verdict"] == "applied", (same, worded)
    assert other["verdict"] == "refused" and "CONFLICT" in str(other["code"]), other
    assert codes
    return f"409 and the same order: applied after one look-up; 400 that says so: too; another order of that number: {other['verdict']}, {other['code']}"


@row("H-17", set="core", waits=True)
def an_unusual_status(ground: Ground) -> str:
    passing = ("460 X", "499 X", "520 X", "521 X", "524 X", "527 X", "599 X", "600 X", "099 X", "99 X", "999 X", "0 X", "-200 X", "20x X", "1000 X")
    refused = ("418 Teapot", "451 Law")
    trials = []
    for status in passing:
        trials += through(ground, status, raw(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"))
    trials += [(status, lambda status=status: try_order(ground, answer("", status), verdict="refused", final="refused")) for status in refused]
    together(trials)
    return f"{len(trials)} trials: 418, 451 refused; 460, 499, 520-527, 599 and what is outside 100-599 possibly applied and read back; lists retried (refusals end them)"


@row("H-30", set="core", waits=True)
def writes_without_a_body(ground: Ground) -> str:
    """The hub takes JSON and nothing else: a write without a body must not say that it has another."""
    hub = ground.enter_context(WireHub())
    hub.fault(answer('{"error":"JSON only"}', "415 Unsupported Media Type"),
              lambda request: request.method != "GET" and request.headers.get("content-type", "application/json") != "application/json", 0)
    hub.fault(answer("{}", "200 OK"), lambda request: is_post(request) and not request.body, 0)
    client = shop(ground, hub, **{"hub.channel_id": "501"})
    from flxchannel import RefusedError
    from orders import order

    client.submit(order("BODY-1"))
    flush_until(client, lambda: state_of(client, "BODY-1")["state"] == "resolved", "the order")
    assert state_of(client, "BODY-1")["verdict"] == "applied", state_of(client, "BODY-1")
    calls = {
        "updateOrderStatus": {"id": "5000", "status": "Canceled"}, "deleteListingVariant": {"variantId": "1000"},
        "rebuildListingVariant": {"channelId": "501", "listingVariantId": "1000"}}
    for name, arguments in calls.items():
        with contextlib.suppress(RefusedError):  # what it was refused for stands in the hub's journal
            client.call(name, wait_ms=8000, **arguments)
    bare = [one for one in hub.seen if one.method != "GET" and not one.body]
    typed = {f"{one.method} {one.path}": one.headers["content-type"] for one in bare if "content-type" in one.headers}
    assert len(bare) == len(calls) and not typed, f"of {len(bare)} writes without a body some have a type: {typed}"
    assert all(one.headers.get("content-type") == "application/json" for one in hub.seen if one.body), "a body without its type"
    return f"{', '.join(f'{one.method} {one.path}' for one in bare)} without a type; with a body application/json"
