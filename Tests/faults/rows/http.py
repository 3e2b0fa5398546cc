"""Section H: answers that are not what the contract says, from a status to ten gigabytes of zeros."""

from __future__ import annotations

import email.utils
import gzip
import itertools
import json
import random
import time
import zlib
from collections.abc import Callable
from typing import Any

from rig import host
from rig.authority import Authority
from rig.ground import Ground
from rig.register import control, row
from rig.trial import Lateness, agree, flush_until, shop, state_of, through, together, try_list, try_order
from rig.wirehub import Do, Peer, Seen, WireHub, is_list, is_post

from rows.network import body_of, careless, take

HTML = "<!DOCTYPE html><html><body>Bad gateway \x1b[31m</body></html>"


def answer(body: "bytes | str", status: str = "200 OK", *lines: str, is_taken: bool = False, **more: Any) -> Do:
    """Answer so, after taking the order if the hub is meant to."""
    def do(peer: Peer, request: Seen) -> None:
        if is_taken:
            take(peer, request)
        peer.answer(body, status, *lines, **more)
    return do


def raw(*parts: "bytes | str", close: bool = True) -> Do:
    def do(peer: Peer, request: Seen) -> None:
        peer.send(*parts)
        if close:
            peer.close()
    return do


# --- Failures of the hub --------------------------------------------------------------------------------------------------


@row("H-01", "H-15", set="core", waits=True)
def a_status_that_may_pass(ground: Ground) -> str:
    lateness = Lateness()
    trials = []
    for status in ("500 Oops", "502 Bad Gateway", "503 Unavailable", "504 Timeout", "408 Request Timeout", "425 Too Early"):
        trials += through(ground, status, answer(HTML, status, "Content-Type: text/html"), lateness=lateness)
        trials.append((f"{status}, order taken", lambda status=status: try_order(ground, answer("", status, is_taken=True), verdict="possibly_applied", lateness=lateness)))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {2}
    assert {one["posts"] for name, one in done.items() if name.endswith("taken")} == {1}
    return f"{len(trials)} trials (500, 502, 503, 504, 408, 425): possibly applied, looked up, applied with 1 effect; lists read again; {lateness}"


STORM = """
minutes, per_minute = float(sys.argv[1]), float(sys.argv[2])
c = client()
pull = c.pull("listings")
began, n = time.monotonic(), 0
while time.monotonic() - began < minutes * 60:
    while n < (time.monotonic() - began) / 60 * per_minute + 1:
        c.submit(order(f"S-{n:04d}")); n += 1
    c.flush(5000)
    for page in pull.pages(5000): pass
    if pull.is_done: pull.close(); pull = c.pull("listings")
say(orders=n); sys.stdin.readline()
began = time.monotonic()
while any(row["state"] != "resolved" for row in c.outbox(limit=10000)):
    assert time.monotonic() - began < 7200, [row for row in c.outbox(limit=10000) if row["state"] != "resolved"][:3]
    c.flush(10000); time.sleep(1)
say(back=time.monotonic() - began, wrong=[row for row in c.outbox(limit=10000) if row["verdict"] != "applied"])
"""


def repeats_of(hub: WireHub) -> "tuple[int, int]":
    """First attempts and repeats among the requests that a hub saw: a second POST of a number, a look-up, a page that is
    asked for again because its answer was a failure."""
    firsts = repeats = 0
    posted: "set[str]" = set()
    failed_page = False
    for one in list(hub.seen):
        if is_post(one):
            number = json.loads(one.body)["orderNumber"]
            repeats += number in posted
            firsts += number not in posted
            posted.add(number)
        elif "orderNumber" in one.query:
            repeats += 1
        else:
            repeats += failed_page
            firsts += not failed_page
            failed_page = one in hub.refused  # type: ignore[attr-defined]
    return firsts, repeats


def storm(
    ground: Ground, minutes: float, speed: float, failing: "Callable[[int], bool]", per_minute: float, copies_fail: "bool | None" = None,
) -> "dict[str, Any]":
    """A host that works while `failing` says of each request, by its number, that it is answered 503; then it drains.
    With `copies_fail` each request after a failed one arrives twice; it says whether the copy takes its turn at failing."""
    hub = ground.enter_context(WireHub())
    hub.pool = False  # two requests a second, as granted
    hub.refused = []  # type: ignore[attr-defined]
    numbers = itertools.count()

    def fits(request: Seen) -> bool:
        hit = failing(next(numbers))
        if hit:
            hub.refused.append(request)  # type: ignore[attr-defined]
        return hit

    def arrives_twice(_: Peer, request: Seen) -> None:
        if len(hub.seen) > 1 and hub.seen[-2] in hub.refused:  # type: ignore[attr-defined]
            hub.seen.append(request)
            if copies_fail:
                fits(request)

    if copies_fail is not None:
        hub.before = arrives_twice
    hub.fault(answer("", "503 Unavailable"), fits, 0)
    limits = {"http.connect_ms": 600_000, "http.attempt_ms": 600_000, "http.idle_ms": 600_000, "pull.give_up_ms": 86_400_000, "log.level": "error", "state.wait_ms": 600_000}
    process = host.start(ground, STORM, host.config(ground, hub, **limits), str(minutes), str(per_minute), **host.fast_clock(speed))
    assert process.stdout and process.stdin
    began = time.monotonic()
    line = process.stdout.readline()
    assert line, process.communicate()[1][-500:]
    orders = json.loads(line)["orders"]
    spent = (time.monotonic() - began) * speed
    firsts, repeats = repeats_of(hub)
    requests, failures = len(hub.seen), len(hub.refused)  # type: ignore[attr-defined]
    hub.heal()
    process.stdin.write("\n")
    process.stdin.flush()
    back = host.finish(process, 110)[-1]
    assert not back["wrong"] and len(hub.orders) == orders, f"{len(hub.orders)} of {orders} orders at the hub, {back['wrong'][:2]}"
    return {"firsts": firsts, "repeats": repeats, "requests": requests, "orders": orders, "spent": spent, "back": back["back"], "failing": failures, "hub": hub, "speed": speed}


SAVED_UP = 50
"""Repeats that may go before the budget is spent."""


BURST = 50


def judged_burst(done: "dict[str, Any]") -> "tuple[int, float]":
    """Raise unless a burst at the start met what the policy grants: a failed page costs one repeat, a failed POST a look-up and
    a second POST, and from the fifth failure on one probe goes in 30 s. Gives the bound on repeats and the burst's minutes."""
    failed = done["hub"].refused
    assert done["failing"] == BURST, f"only {done['failing']} of {BURST} failures were met"
    most = BURST + sum(is_post(one) for one in failed)
    assert done["repeats"] <= most + 2, f"{done['repeats']} repeats after {BURST} failures; they cost at most {most}"
    lasted = (failed[-1].at - failed[0].at) * done["speed"]
    least = (BURST - 5) * 30
    assert lasted >= 0.95 * least, f"{BURST} requests went within {lasted:.0f} s of failures; with a probe in 30 s it takes {least}"
    return most, lasted / 60


@row("H-02", waits=True)
def a_burst_of_50_failures(ground: Ground) -> str:
    done = storm(ground, 40, 150, lambda number: number < BURST, 0.25)
    most, minutes = judged_burst(done)
    return (
        f"{BURST} times 503 in a row (clock x150): {done['repeats']} repeats of at most {most}, spread over {minutes:.0f} min; {done['firsts']} first attempts in "
        f"{done['spent'] / 60:.0f} min, {done['orders']} orders applied once each, the last {done['back']:.0f} s after the end")


@control("H-02 repeats that arrive twice", waits=True)
def doubled_repeats_are_seen(ground: Ground) -> str:
    def seen(copies_fail: bool) -> str:
        try:
            with Ground(ground.seed) as own:
                judged_burst(storm(own, 40, 150, lambda number: number < BURST, 0.25, copies_fail))
        except AssertionError as error:
            return str(error)
        raise AssertionError("a burst whose repeats came twice passed")

    too_soon, too_many = together([("copies fail", lambda: seen(True)), ("copies do not", lambda: seen(False))])
    assert "within" in too_soon and "repeats" in too_many, (too_soon, too_many)
    return f"the checker saw: {too_soon}; {too_many}"


@row("H-03", waits=True, timeout_s=150)
def an_hour_of_failures(ground: Ground) -> str:
    done = storm(ground, 60, 150, lambda number: True, 0.5)
    assert done["requests"] <= done["spent"] / 30 + 10, f"{done['requests']} requests in {done['spent']:.0f} s of outage"
    assert done["back"] <= 1000, f"drained only {done['back']:.0f} s after the end"
    return (
        f"{done['spent'] / 60:.0f} min of 503 (clock x150): {done['requests']} requests, one in {done['spent'] / max(1, done['requests']):.0f} s; "
        f"{done['orders']} orders applied once each within {done['back']:.0f} s")


@row("H-03", waits=True, timeout_s=150)
def an_hour_in_which_a_third_fails(ground: Ground) -> str:
    """The breaker stays shut, so that the budget of repeats must hold."""
    choose = random.Random(ground.seed)
    in_a_row = [0]

    def failing(_: int) -> bool:
        in_a_row[0] = in_a_row[0] + 1 if in_a_row[0] < 3 and choose.random() < 0.4 else 0
        return in_a_row[0] > 0

    done = storm(ground, 60, 100, failing, 4)
    budget = 0.1 * done["firsts"] + SAVED_UP + done["spent"] / 10
    assert done["repeats"] <= budget + 5, f"{done['repeats']} repeats for {done['firsts']} first attempts in {done['spent']:.0f} s; the budget is {budget:.0f}"
    return (
        f"{done['failing']} of {done['requests']} answers 503, never four in a row, in {done['spent'] / 60:.0f} min (clock x100): {done['firsts']} first attempts, {done['repeats']} repeats of at most "
        f"{budget:.0f}; {done['orders']} orders applied once each, the last {done['back']:.0f} s after the end")


@row("H-03", set="long", timeout_s=600, waits=True)
def an_hour_in_true_time(ground: Ground) -> str:
    done = storm(ground, 60, 1, lambda number: True, 0.5)
    assert done["requests"] <= done["spent"] / 30 + 10
    return f"{done['spent'] / 60:.0f} min of 503 in true time: {done['requests']} requests, {done['orders']} orders applied within {done['back']:.0f} s"


# --- Hints ----------------------------------------------------------------------------------------------------------------


def at(seconds: float, style: str = "imf", skew: float = 0) -> str:
    """A date of HTTP in one of its three spellings."""
    moment = time.gmtime(int(time.time() + skew) + seconds)
    return {
        "imf": email.utils.formatdate(int(time.time() + skew) + seconds, usegmt=True),
        "rfc850": time.strftime("%A, %d-%b-%y %H:%M:%S GMT", moment),
        "asctime": time.strftime("%a %b %e %H:%M:%S %Y", moment),
    }[style]


def hinted(ground: Ground, lines: Any, least_s: float, most_s: float, status: str = "503 Unavailable", skew: float = 0, is_read: bool = False) -> float:
    """Seconds from the hinted answer to the next request of any kind."""
    hub = ground.enter_context(WireHub())
    hub.date_skew_s = skew
    told: "list[float]" = []

    def do(peer: Peer, request: Seen) -> None:
        told.append(time.monotonic())
        peer.answer("", status, *lines())

    if is_read:
        try_list(ground, do, times=1, hub=hub)
    else:
        try_order(ground, do, verdict="not_applied" if status.startswith("429") else "possibly_applied", hub=hub)
    waited = min(one.at for one in hub.seen if one.at > told[0]) - told[0]
    assert waited >= least_s, f"asked again after {waited:.2f} s, not before {least_s} s were wanted"
    assert waited <= most_s, f"asked again only after {waited:.2f} s of {least_s}"
    return waited


@row("H-04", set="core", waits=True)
def a_hint_in_every_spelling(ground: Ground) -> str:
    def hint(*values: "str | tuple[str, float]") -> Any:
        def lines() -> "list[str]":
            now = email.utils.formatdate(time.time(), usegmt=True)
            return [f"Date: {now}", *(f"Retry-After: {value if isinstance(value, str) else at(value[1], value[0])}" for value in values)]
        return lines

    own = (0.0, 9.0)
    plans = {
        "3": (hint("3"), 3.0, 12.0), "date": (hint(("imf", 4)), 3.9, 12.0), "rfc850": (hint(("rfc850", 4)), 3.9, 12.0), "asctime": (hint(("asctime", 4)), 3.9, 12.0),
        "negative": (hint("-5"), *own), "soon": (hint("soon"), *own), "10^12": (hint("1000000000000"), *own), "a date long ago": (hint(("imf", -4000)), *own),
        "two": (hint("1", "4"), 4.0, 12.0), "two, largest first": (hint("4", "1"), 4.0, 12.0), "garbage and 3": (hint("soon", "3"), 3.0, 12.0),
        "0": (hint("0"), *own), "1.5": (hint("1.5"), *own),
    }
    trials = []
    for name, (lines, least, most) in plans.items():
        trials.append((f"{name}, order", lambda lines=lines, least=least, most=most: hinted(ground, lines, least, most)))
        trials.append((f"{name}, list", lambda lines=lines, least=least, most=most: hinted(ground, lines, least, most, is_read=True)))
    for name in ("3", "date", "two"):
        lines, least, most = plans[name]
        trials.append((f"{name}, 429", lambda lines=lines, least=least, most=most: hinted(ground, lines, least, most, "429 Too Many Requests")))
    waited = dict(zip((name for name, _ in trials), together(trials)))
    return "waited (s): " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in waited.items() if name.endswith("order")) + f"; {len(trials)} trials, none early"


@row("H-05", set="core", waits=True)
def a_hint_by_a_clock_that_is_wrong(ground: Ground) -> str:
    def one(skew: float, is_read: bool) -> float:
        lines = lambda: [f"Date: {at(0, skew=skew)}", f"Retry-After: {at(4, skew=skew)}"]  # noqa: E731
        return hinted(ground, lines, 3.9, 12.0, skew=skew, is_read=is_read)

    trials = [(f"{skew:+} s, {'list' if is_read else 'order'}", lambda skew=skew, is_read=is_read: one(skew, is_read)) for skew in (3600, -3600) for is_read in (False, True)]
    return "Retry-After 4 s after the reply's own Date, hub clock 1 h off: waited " + ", ".join(f"{name} {s:.1f} s" for (name, _), s in zip(trials, together(trials)))


# --- Success that is none ----------------------------------------------------------------------------------------------


@row("H-06", "H-07", "H-08", set="core", waits=True)
def success_that_says_nothing(ground: Ground) -> str:
    lateness = Lateness()
    bodies = {"H-06 HTML": (HTML, "Content-Type: text/html"), "H-07 empty": ("",), "H-08 error": ('{"error":"try later"}',), "H-08 text": ("ok",), "H-08 null": ("null",)}
    trials = []
    for name, (body, *lines) in bodies.items():
        trials += through(ground, name, answer(body, "200 OK", *lines), lateness=lateness)
        trials.append((f"{name}, order taken", lambda body=body, lines=lines: try_order(
            ground, answer(body, "200 OK", *lines, is_taken=True), verdict="possibly_applied", lateness=lateness)))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {2}
    assert {one["posts"] for name, one in done.items() if name.endswith("taken")} == {1}
    return f"{len(trials)} trials: orders possibly applied, then read back (taken: 1 POST, not taken: 2), lists retried with the cursor unmoved; {lateness}"


@row("H-09", set="core", waits=True)
def another_success_than_201(ground: Ground) -> str:
    def whole(status: str) -> Do:
        def do(peer: Peer, request: Seen) -> None:
            peer.answer(json.dumps(peer.hub.take(request)), status)
        return do

    trials: "list[tuple[str, Any]]" = [(status, lambda status=status: try_order(ground, whole(status), verdict="applied")) for status in ("200 OK", "201 Created", "202 Accepted")]
    trials += [(f"{status} without body", lambda status=status: try_order(ground, answer("", status, is_taken=True), verdict="possibly_applied")) for status in ("200 OK", "201 Created", "202 Accepted")]
    trials.append(("204", lambda: try_order(ground, lambda peer, request: (take(peer, request), peer.answer("", "204 No Content", length=0)) and None, verdict="possibly_applied")))
    done = together(trials)
    assert {one["posts"] for one in done} == {1}
    return f"{len(trials)} trials: 200, 201, 202 with the order: applied; without it, and 204: possibly applied, then read back, 1 POST each"


# --- Redirects ----------------------------------------------------------------------------------------------------------


REDIRECTS = ("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent")


def redirected(ground: Ground) -> "tuple[int, WireHub]":
    """Every redirect to every kind of target; the number of trials, and the hub that nobody may come to."""
    trap = ground.enter_context(WireHub())
    authority = Authority(ground)
    trials = []
    for status in REDIRECTS:
        targets = {
            "same host": "/elsewhere", "other host": f"{trap.url}/x", "other host without scheme": f"//127.0.0.1:{trap.port}/x", "file": "file:///etc/passwd",
            "user in it": f"http://api.flxpoint.com@127.0.0.1:{trap.port}/x", "nowhere": "",
        }
        for kind, target in targets.items():
            lines = [f"Location: {target}"] if target else []
            trials += [(f"{status} {kind}: {name}", trial) for name, trial in through(
                ground, "", lambda peer, _, status=status, lines=lines: peer.answer("", status, *lines), says="redirect")]
        hub = ground.enter_context(WireHub(authority.context()))
        trials.append((f"{status} downgrade", lambda hub=hub, status=status: try_order(
            ground, answer("", status, f"Location: {trap.url}/x"), hub=hub, verdict="possibly_applied", says="127.0.0.1", **{"http.ca_file": authority.file})))
    done = together(trials)
    for one in done:
        hub = one["hub"]
        assert not [seen for seen in hub.seen if seen.path.startswith(("/elsewhere", "/x"))], "a redirect on the same host was followed"
    return len(trials), trap


@row("H-10", set="core", waits=True)
def a_redirect_is_not_followed(ground: Ground) -> str:
    from flxchannel import FlxError

    trials, trap = redirected(ground)
    hub = ground.enter_context(WireHub())
    hub.fault(answer("", "302 Found", f"Location: http://127.0.0.1:{trap.port}/steal"), lambda _: True, 0)
    try:
        shop(ground, hub).call("getListingVariantsCount", wait_ms=5000)
        raise AssertionError("a redirect is no answer")
    except FlxError as error:
        assert error.name == "FLX_E_REDIRECT" and f"127.0.0.1:{trap.port}" in str(error), error
    assert (trap.connections, trap.bytes_in) == (0, 0), f"{trap.connections} connections and {trap.bytes_in} bytes came to the target"
    return f"{trials} trials (301, 302, 303, 307, 308; same host, other host, downgrade, file:, user@): 0 connections, 0 bytes at the target; the error names it"


@control("a library that follows redirects (H-10)", waits=True)
def a_followed_redirect_is_seen(ground: Ground) -> str:
    trap = ground.enter_context(WireHub())
    hub = ground.enter_context(WireHub())
    hub.fault(answer("", "302 Found", f"Location: {trap.url}/x"), is_list, 0)
    code = """
with client().pull("listings") as pull: pull.next(5000)
say(over=True)
"""
    host.finish(host.start(ground, code, host.config(ground, hub), LD_PRELOAD=careless()))
    assert trap.connections and any(one.headers.get("x-api-token") == hub.token for one in trap.seen), "the careless library leaked nothing"
    return f"with redirects followed the target saw {trap.connections} connections, {trap.bytes_in} bytes and the token"


# --- Refusals -----------------------------------------------------------------------------------------------------------


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


# --- Codings, framing, heads -------------------------------------------------------------------------------------------


def deflated(data: bytes, form: str) -> bytes:
    whole = gzip.compress(data)
    return {
        "truncated": whole[:-12], "no trailer": whole[:-8], "bad CRC": whole[:-8] + bytes(4) + whole[-4:], "plain": data, "double": gzip.compress(whole), "half": whole[: len(whole) // 2],
        "empty": b"",
    }[form]


@row("H-18", "H-19", set="core", waits=True)
def a_coding_that_is_broken(ground: Ground) -> str:
    lateness = Lateness()
    trials = []
    for form in ("truncated", "bad CRC", "half", "empty", "plain", "double"):
        def do(peer: Peer, request: Seen, form: str = form) -> None:
            peer.answer(deflated(body_of(peer, request), form), "200 OK", "Content-Encoding: gzip")

        trials += through(ground, f"gzip {form}", do, lateness=lateness)
    for coding in ("br", "zstd", "rot13", "gzip, gzip", "compress"):
        def named(peer: Peer, request: Seen, coding: str = coding) -> None:
            peer.answer(body_of(peer, request), "200 OK", f"Content-Encoding: {coding}")

        trials += through(ground, coding, named, lateness=lateness)

    def good(peer: Peer, request: Seen) -> None:
        peer.answer(gzip.compress(peer.hub.page(request)), "200 OK", "Content-Encoding: gzip")

    def no_trailer(peer: Peer, request: Seen) -> None:
        """All the JSON is there, which alone decides (decision 6)."""
        peer.answer(deflated(body_of(peer, request), "no trailer"), "200 OK", "Content-Encoding: gzip")

    trials.append(("without trailer, list", lambda: try_list(ground, no_trailer, fails=False)))
    trials.append(("without trailer, order", lambda: try_order(ground, no_trailer, verdict="applied")))
    hub = ground.enter_context(WireHub())
    trials.append(("whole", lambda: try_list(ground, good, hub=hub, fails=False)))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {1}, "an order was read back, so 1 POST"
    assert "gzip" in hub.reads()[0].headers["accept-encoding"] and "br" not in hub.reads()[0].headers["accept-encoding"]
    return f"{len(trials)} trials (gzip truncated, bad CRC, on plain text, double; br, zstd, unknown): possibly applied and read back, lists retried; without trailer the JSON was whole: taken; nothing partial; {lateness}"


BOMB = """
def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
cap = CONFIG["http.body_bytes"]
c = client()
c.call("getListingVariantsCount", wait_ms=9000)
out = {}
for kind in sys.argv[1:]:
    open("/proc/self/clear_refs", "w").write("5")
    before = peak()
    began = time.monotonic()
    try:
        c.call("getListingVariants", page=1, wait_ms=9000); name = "delivered"
    except FlxError as error: name = error.name
    out[kind] = [name, (peak() - before) * 1024, round(time.monotonic() - began, 2)]
    time.sleep(0.2)
say(**out)
"""


@row("H-20", set="core", waits=True)
def a_bomb(ground: Ground) -> str:
    """Stopped at the cap, whatever it would inflate to; the host's memory grows by no more than the cap and 64 KB."""
    cap = 4 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    more = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    kinds = ("200 MB in 204 KB", "10 GB of zeros", "10 GB plain", "brotli", "10 GB of spaces")

    def do(peer: Peer, request: Seen) -> None:
        kind = kinds[done[0]]
        done[0] += 1
        coded = "Content-Encoding: gzip"
        if kind == "200 MB in 204 KB":
            peer.answer(gzip.compress(bytes(200 << 20), 9), "200 OK", coded)
            return
        if kind == "brotli":
            peer.answer(bytes.fromhex("5bffff3f") * 50_000, "200 OK", "Content-Encoding: br")
            return
        peer.send(peer.hub.head("200 OK", None, "Connection: close", *([coded] if "zeros" in kind else [])))
        if "zeros" in kind:
            peer.send(zeros)
        block = more if "zeros" in kind else b" " * (1 << 20) if "spaces" in kind else bytes(1 << 20)
        for _ in range(10_240):
            peer.send(block)

    done = [0]
    hub = ground.enter_context(WireHub())
    hub.fault(do, lambda request: request.query.get("page") == "1", 0)
    said = host.finish(host.start(ground, BOMB, host.config(ground, hub, **{"http.body_bytes": cap}), *kinds))[-1]
    wrong = [f"{kind}: {name}, {grown} bytes more" for kind, (name, grown, _) in said.items() if name != "FLX_E_PROTOCOL" or grown > 2 * cap + (64 << 10)]  # a body that grows is there twice for a moment
    assert not wrong, f"cap {cap}: " + "; ".join(wrong)
    return "; ".join(f"{kind}: {name}, {grown >> 10} KB more" for kind, (name, grown, _) in said.items()) + f"; cap {cap >> 10} KB"


@row("H-21", "H-25", set="core", waits=True)
def framing_that_two_readers_read_differently(ground: Ground) -> str:
    heads = {
        "H-21 two lengths": "Content-Length: {n}\r\nContent-Length: 9\r\n\r\n", "H-21 the same twice": "Content-Length: {n}\r\nContent-Length: {n}\r\n\r\n",
        "H-21 both": "Content-Length: {n}\r\nTransfer-Encoding: chunked\r\n\r\n", "H-21 negative": "Content-Length: -3\r\n\r\n",
        "H-21 2^63": "Content-Length: 9223372036854775808\r\n\r\n", "H-21 list": "Content-Length: {n}, {n}\r\n\r\n", "H-21 hex": "Content-Length: 0x40\r\n\r\n",
    }
    trials = []
    for name, head in heads.items():
        def do(peer: Peer, request: Seen, head: str = head) -> None:
            body = body_of(peer, request)
            chunked = "chunked" in head
            framed = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n" if chunked else body
            peer.send("HTTP/1.1 200 OK\r\n" + head.format(n=len(body)), framed)
            peer.socket.settimeout(5)
            left.append((name_of[head], peer.socket.recv(1) == b""))

        trials += through(ground, name, do)
    left: "list[tuple[str, bool]]" = []
    name_of = {head: name for name, head in heads.items()}
    for name, line in {
        "H-25 HTTP/0.9": "[]", "H-25 garbage": "what is this?\r\n\r\n", "H-25 other protocol": "SSH-2.0-OpenSSH_9.2\r\n", "H-25 bytes": "\x00\xff\xfe\r\n\r\n",
        "H-25 HTTP/3": "HTTP/3 200 OK\r\nContent-Length: 2\r\n\r\n[]", "H-25 no reason": "HTTP/1.1\r\n\r\n", "H-25 nothing but lines": "\r\n\r\n\r\n",
    }.items():
        trials += through(ground, name, raw(line))
    together(trials)
    kept = [name for name, dropped in left if not dropped]
    assert not kept, f"connections kept after {kept}"
    return f"{len(trials)} trials: doubtful lengths and lines that are no HTTP: possibly applied, lists retried, {len(left)} connections dropped, none kept"


@row("H-22", set="core", waits=True)
def floods_of_headers(ground: Ground) -> str:
    written: "dict[str, int]" = {}

    def flood(name: str, line: str, count: int) -> Do:
        def do(peer: Peer, request: Seen) -> None:
            written[name] = 0
            if not line.startswith("HTTP"):
                peer.send("HTTP/1.1 200 OK\r\n")
            for _ in range(count):
                peer.send(line)
                written[name] += len(line)
            peer.send(b"\r\n" if not line.startswith("HTTP") else b"", peer.hub.head("200 OK", 2).encode(), b"[]")
        return do

    trials = []
    for name, line, count in (
        ("header flood", f"X-Flood: {'x' * 100}\r\n", 100_000), ("a line of 64 KB", f"X-Long: {'x' * 66_000}\r\n", 1), ("a line of 10 MB", f"X-Long: {'x' * 10_000_000}\r\n", 1),
        ("100,000 x 103", "HTTP/1.1 103 Early Hints\r\n\r\n", 100_000), ("100,000 x 100", "HTTP/1.1 100 Continue\r\n\r\n", 100_000),
    ):
        trials += through(ground, name, flood(name, line, count))
    together(trials)
    return f"{len(trials)} trials: heads of " + ", ".join(f"{name}" for name in written) + ": stopped at the cap of 64 KB, possibly applied, lists retried"


@row("H-23", set="core", waits=True)
def odd_headers(ground: Ground) -> str:
    def offset(client: Any) -> Any:
        return client.stats()["hub_clock_offset_ms"]

    oddities = {
        "NUL": "X-A: a\0b", "bare CR": "X-A: a\rb", "obs-fold": "X-A: a\r\n folded", "no colon": "X-A", "no name": ": x", "date garbage": "Date: nonsense",
        "date 1970": "Date: Thu, 01 Jan 1970 00:00:00 GMT", "two dates": "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nDate: Fri, 02 Jan 2026 00:00:00 GMT", "no date": "Date: -",
    }
    ignored = {"date garbage", "date 1970", "two dates", "no date"}

    def one(name: str, line: str) -> str:
        def do(peer: Peer, request: Seen) -> None:
            peer.answer(peer.hub.page(request) if is_list(request) else b"[]", "200 OK", line)

        hub = ground.enter_context(WireHub())
        client = shop(ground, hub)
        hub.fault(do, is_list, 0)
        rows = 0
        with client.pull("listings_to_sync") as pull:
            for _ in range(40):
                rows += len(pull.next(200) or ())
                if pull.is_done:
                    break
        learnt = offset(client)
        assert name not in ignored or learnt is None or abs(learnt) < 5000, f"{name}: the clock of the hub was learnt as {learnt} ms off"
        return f"{name} {rows}"

    said = together([(name, lambda name=name, line=line: one(name, line)) for name, line in oddities.items()])
    return "rows delivered under odd headers: " + ", ".join(said) + "; wrong, double and missing dates taught nothing"


@row("H-24", set="core", waits=True)
def the_wrong_type(ground: Ground) -> str:
    plans: "dict[str, tuple[Any, bool]]" = {
        "no type": (lambda body: (body, "X-A: b"), True), "text/html": (lambda body: (body, "Content-Type: text/html"), True),
        "charset=utf-16, UTF-8 all the same": (lambda body: (body, "Content-Type: application/json; charset=utf-16"), True),
        "BOM": (lambda body: (b"\xef\xbb\xbf" + body, "X-A: b"), True),
        "UTF-16": (lambda body: (body.decode().encode("utf-16"), "Content-Type: application/json; charset=utf-16"), False),
        "UTF-16 without BOM": (lambda body: (body.decode().encode("utf-16-le"), "Content-Type: application/json; charset=utf-16"), False),
        "UTF-32": (lambda body: (body.decode().encode("utf-32"), "X-A: b"), False), "Latin-1 binary": (lambda body: (bytes(range(128, 256)) * 3, "X-A: b"), False),
    }
    trials = []
    for name, (make, is_good) in plans.items():
        def do(peer: Peer, request: Seen, make: Any = make) -> None:
            body, line = make(body_of(peer, request))
            peer.answer(body, "200 OK", line)

        trials.append((f"{name}, list", lambda do=do, is_good=is_good: try_list(ground, do, fails=not is_good)))
        trials.append((f"{name}, order", lambda do=do, is_good=is_good: try_order(ground, do, verdict="applied" if is_good else "possibly_applied")))
    done = dict(zip((name for name, _ in trials), together(trials)))
    assert {one["posts"] for name, one in done.items() if name.endswith("order")} == {1}
    return f"{len(trials)} trials: a wrong or missing type and a BOM do not matter, UTF-16, UTF-32 and binary are retried; orders read back, 1 POST each"


@row("H-26", set="core", waits=True)
def a_body_without_end(ground: Ground) -> str:
    lateness = Lateness()

    def fast(peer: Peer, request: Seen) -> None:
        peer.send(peer.hub.head("200 OK", None, "Connection: close"), "[")
        for _ in range(200):
            peer.send(b"1," * 500_000)

    def slow(peer: Peer, request: Seen) -> None:
        peer.send(peer.hub.head("200 OK", None, "Connection: close"), "[")
        for _ in range(80):
            peer.send(b"1," * 100)
            time.sleep(0.1)

    limits = {"http.body_bytes": 1 << 20, "http.attempt_ms": 3000}
    trials = through(ground, "fast", fast, lateness=lateness, **limits) + through(ground, "slow", slow, lateness=lateness, **limits)
    done = together(trials)
    assert "larger" in done[0]["message"], done[0]["message"]
    assert 2500 <= done[2]["lasted_ms"] <= 4500, done[2]["lasted_ms"]
    return f"endless and fast: stopped at the cap ({done[0]['message'][:60]}); endless and slow: ended after {done[2]['lasted_ms']} ms of 3,000; {lateness}"


@row("H-27", set="core", waits=True)
def the_right_answer_too_late(ground: Ground) -> str:
    from flxchannel import FlxError, Verdict

    lateness = Lateness()

    def late(peer: Peer, request: Seen) -> None:
        body = json.dumps(peer.hub.take(request))
        time.sleep(2.5)
        peer.answer(body, "201 Created")

    end = try_order(ground, late, verdict="possibly_applied", lateness=lateness, **{"http.attempt_ms": 1500, "http.idle_ms": 1500})
    assert end["posts"] == 1, "the late success was reconciled by a look-up"
    hub = ground.enter_context(WireHub())
    hub.fault(lambda peer, _: (time.sleep(2.5), peer.answer(b"{}")) and None, lambda request: request.method == "PATCH", 0)
    client = shop(ground, hub)
    client.call("getListingVariantsCount", wait_ms=8000)
    try:
        with lateness.kept(1000):
            client.call("updateOrderStatus", id="5000", status="Canceled", wait_ms=1000)
        raise AssertionError("an answer came before it was sent")
    except FlxError as error:
        assert error.verdict == Verdict.POSSIBLY_APPLIED, error
    return f"success after the deadline: order possibly applied, found by look-up, 1 POST; named write possibly applied; {lateness}"


@row("H-28", set="core", waits=True)
def every_connection_is_closed(ground: Ground) -> str:
    hub = ground.hub("--seed", "variants=20,history=off,exceptions=off", connection="close", pool__size=4000, pool__refill=1000)
    code = """
c = client()
c.call("getListingVariantsCount", wait_ms=9000)
before = len(os.listdir("/proc/self/fd"))
for _ in range(int(sys.argv[1])): c.call("getListingVariantsCount", wait_ms=9000)
for n in range(10): c.submit(order(f"C-{n}"))
while any(r["state"] != "resolved" for r in c.outbox()): c.flush(1000)
after = len(os.listdir("/proc/self/fd"))
say(before=before, after=after, threads=len(os.listdir("/proc/self/task")), verdicts=[r["verdict"] for r in c.outbox()])
"""
    count = ground.times(300, 60)
    said = host.finish(host.start(ground, code, host.config(ground, hub), str(count)))[-1]
    assert said["after"] <= said["before"] + 1 and said["threads"] == 1 and said["verdicts"] == ["applied"] * 10, said
    return f"Connection: close on each of {count} answers and 10 orders: {said['before']} descriptors before, {said['after']} after, {said['threads']} thread"


@row("H-29", set="core", waits=True)
def more_records_than_asked_for(ground: Ground) -> str:
    lateness = Lateness()

    def listed(count: int) -> WireHub:
        return ground.enter_context(WireHub(rows=count))

    def whole(count: int) -> "dict[str, Any]":
        return try_list(ground, hub=listed(count), lateness=lateness)

    def too_many() -> str:
        from flxchannel import ContractError

        hub = listed(10_001)
        client = shop(ground, hub)
        with client.pull("listings") as pull:
            end = time.monotonic() + 90
            try:
                while time.monotonic() < end:
                    with lateness.kept(200):
                        page = pull.next(200)
                    assert page is None and not pull.is_done, "a page over the cap was delivered, or taken for the end"
            except ContractError as error:
                assert all(row["at"] is None for row in client.cursors()), "the cursor moved"
                return str(error)
        raise AssertionError("a page over the cap was never reported")

    few, many, error = together([("3,000", lambda: whole(3000)), ("10,000", lambda: whole(10_000)), ("10,001", too_many)])
    asked = {one.query.get("pageSize") for one in few["hub"].reads()}
    return f"asked for {asked}, given {few['rows']} and {many['rows']} records: all delivered; 10,001: {error[:90]}, cursor unmoved; {lateness}"
