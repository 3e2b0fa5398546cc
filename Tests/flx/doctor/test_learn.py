"""flx doctor --learn finds how the hub is set, under random settings of the sandbox, and the client then does as it has to."""

from __future__ import annotations

import json
import os
import signal
import stat
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flxchannel import Client
from learning import SPACE, Plan, acceptable, alone, facts, learnt, plans
from rig import NOBODY, Sandbox, Shop, order

SEED = int(os.environ.get("FLX_LEARN_SEED", "20261130"))
RUNS = int(os.environ.get("FLX_LEARN_RUNS", "30"))
# A pool that keeps nobody waiting.
FAST = {"pool.size": "10000", "pool.refill": "1000"}
NEED_A_WRITE = [1, 2, 3, 7, 8, 9, 19, 20, 31]
MOST_REQUESTS = 60


def plant(hub: Sandbox) -> None:
    """Orders, parcels and returns of several days, and changes in another order than that of the ids."""
    units = [one for one in hub.get("listings") if not one["paused"] and one["price"]][:5]
    for number in range(17):
        body = order(f"B-{number}", units[number % 5]["sku"])
        body.update(referenceNumber=f"R-{number}", orderedAt=f"2026-01-{number + 1:02}T12:00:00Z", orderTotal=24.5, taxTotal=1.5)
        body["orderItems"][0]["price"] = 20.5
        ask(hub, "POST", "/orders", body)
        hub.post("ship", {"order_number": f"B-{number}"})
        hub.post("return", {"order_number": f"B-{number}"})
    for number in (1, 2):  # as new as they are, and never changed
        hub.post("clock", {"advance_s": 30})
        body = order(f"C-{number}", units[0]["sku"])
        body["orderTotal"] = body["orderItems"][0]["price"] = 20.5
        ask(hub, "POST", "/orders", body)
    parcels, goods = hub.get("shipments"), hub.get("returns")
    for at in (5, 1):
        hub.post("clock", {"advance_s": 30})
        hub.post("order", {"order_number": f"B-{at}", "touch": True})
        hub.post("listings", {"sku": units[at % 5]["sku"], "quantity": 20 + at})
        hub.post("shipments", {"id": parcels[at]["id"], "carrier": "Another"})
        ask(hub, "PATCH", f"/returns/{goods[at]['id']}", {"returnStatus": "closed"})


def ask(hub: Sandbox, method: str, path: str, body: Any) -> None:
    """A request of the shop's own, which is none of flx."""
    request = urllib.request.Request(
        hub.url + path, json.dumps(body).encode(), {"Content-Type": "application/json", "X-API-TOKEN": hub.token}, method=method)
    with urllib.request.urlopen(request, timeout=10):
        pass


# How a hub was set, what was learnt of it, and the requests that it saw.
Done = "tuple[Plan, dict[str, Any], list[dict[str, Any]]]"


def run(plan: Plan) -> Done:  # type: ignore[valid-type]
    with Sandbox("--seed", "variants=60", switches=FAST) as hub:
        plant(hub)
        hub.set(**plan.switches)
        before = len(hub.journal())
        shop = Shop(hub)
        try:
            return plan, learnt(shop), hub.journal()[before:]
        finally:
            shop.close()


def differences(plan: Plan, report: "dict[str, Any]") -> "list[str]":
    """Where what was found is not what was set."""
    found, allowed = facts(report), acceptable(plan)
    if report["requests"] == MOST_REQUESTS:  # what was not asked for, or not again, is not settled
        late = {fact["fact"] for fact in report["facts"] if f"{MOST_REQUESTS} requests were made" in fact["text"]}
        allowed.update({name: allowed[name] | {None} for name in late})
    wrong = [f"{name} is {found.get(name, 'missing')!r}, not one of {sorted(map(str, values))}: "
             + next((fact["text"] for fact in report["facts"] if fact["fact"] == name), "")
             for name, values in allowed.items() if found.get(name, "missing") not in values]
    return wrong + [f"{name} is looked at by nobody" for name in found if name not in allowed]


def unseen(done: "list[Done]") -> "list[tuple[str, str]]":
    """Switches and settings of them that no run has found."""
    seen: "dict[str, set[str]]" = defaultdict(set)
    for plan, report, _ in done:
        found = facts(report)
        for switch, value in plan.switches.items():
            if any(found.get(name) is not None for name in plan.facts_of(switch)):
                seen[switch].add(value)
    return [(switch, value) for switch, values in SPACE.items() for value in sorted(set(values) - seen[switch])]


def test_every_read_only_unknown_is_found_under_random_settings() -> None:
    print(f"FLX_LEARN_SEED={SEED} FLX_LEARN_RUNS={RUNS}")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(run, plans(SEED, RUNS)))
        # What others hid each time is looked for where nothing else is unusual.
        done += pool.map(run, [alone(switch, value) for switch, value in unseen(done)])

    wrong = [f"run {plan.number}: {one}" for plan, report, _ in done for one in differences(plan, report)]
    assert not wrong, "\n".join(wrong)
    assert unseen(done) == []
    for _, report, requests in done:  # it reads, and no more often than it says
        assert {entry["method"] for entry in requests} == {"GET"}
        assert len(requests) == report["requests"] <= MOST_REQUESTS
        assert report["ended_early"] is None
        assert [need["row"] for need in report["need_a_write"]] == NEED_A_WRITE
    counts = sorted(len(requests) for *_, requests in done)
    values = [value for _, report, _ in done for value in facts(report).values()]
    print(f"{len(done)} hubs, {counts[0]} to {counts[-1]} requests, {counts[len(counts) // 2]} in the middle; "
          f"{sum(value is not None for value in values)} facts settled, {values.count(None)} not, none wrong")


def test_wrong_finding_is_seen() -> None:
    """The checker of the test above: each fact that is told wrong is named, and nothing else."""
    plan = plans(SEED, RUNS)[0]
    _, report, _ = run(plan)
    assert differences(plan, report) == []
    for fact in report["facts"]:
        true = fact["value"]
        fact["value"] = "wrong"
        [wrong] = differences(plan, report)
        assert wrong.startswith(f"{fact['fact']} is 'wrong'")
        fact["value"] = true
    report["facts"].pop()
    assert len(differences(plan, report)) == 1


def test_empty_hub_settles_nothing_that_needs_rows(shop: Shop, hub: Sandbox) -> None:
    hub.post("reset", {"seed": "empty"})
    found = facts(learnt(shop))

    settled = {name: value for name, value in found.items() if value is not None}
    assert settled.pop("clock")
    assert settled == {"channel.denied": "none", "errors.bad_request.body": "words", "errors.body": "empty"}
    assert not (shop.folder / "shop.learnt.json").exists()


# The file, and who reads it


@pytest.fixture
def big() -> "Iterator[Sandbox]":
    with Sandbox("--seed", "variants=60", switches=FAST) as sandbox:
        plant(sandbox)
        yield sandbox


@pytest.fixture
def big_shop(big: Sandbox) -> "Iterator[Shop]":
    shop = Shop(big)
    yield shop
    shop.close()


def queries(hub: Sandbox, operation: str, deed: "Callable[[], Any]") -> "list[str]":
    """The queries of an operation that a deed makes."""
    before = len(hub.journal())
    deed()
    return [entry["query"] for entry in hub.journal()[before:] if entry["operation"] == operation]


def test_lists_are_written_as_the_hub_reads_them(big: Sandbox, big_shop: Shop) -> None:
    big.set(arrays="joined")
    one, two = [unit["sku"] for unit in big.get("listings")[:2]]

    def pull() -> Any:
        return big_shop.run("pull", "listings", "--filter", "skus=" + json.dumps([one, two]), status=None)

    first = pull().stdout
    assert learnt(big_shop)["settings"] == {"hub.arrays": "joined", "hub.channel_id": "501"}
    asked = queries(big, "getListingVariants", pull)
    assert len(first.splitlines()) == 1 < len(pull().stdout.splitlines()) == 2
    assert all(query.count("skus=") == 1 for query in asked)


def test_channel_is_known_where_the_hub_would_not_tell(big: Sandbox, big_shop: Shop) -> None:
    big.set(**{"foreign.rows": "listings,orders,shipments,returns"})
    assert learnt(big_shop)["settings"] == {"hub.channel_id": "501"}
    big.set(**{"channel.denied": "getChannelById"})
    fresh = Shop(big)
    assert fresh.run("pull", "listings", status=None).returncode == 5
    fresh.private("shop.learnt.json", (big_shop.folder / "shop.learnt.json").read_text())
    rows = [json.loads(line) for line in fresh.run("pull", "listings").stdout.splitlines()]
    assert {row["channelId"] for row in rows} == {501}
    fresh.close()


def test_pages_are_as_long_as_the_hub_allows(big: Sandbox, big_shop: Shop) -> None:
    big.set(**{"page.cap": "20", "page.over_cap": "refuse", "page.default": "10"})
    assert big_shop.run("pull", "orders", status=None).returncode == 5
    assert learnt(big_shop)["settings"]["page.size"] == 20
    asked = queries(big, "listOrders", lambda: big_shop.run("pull", "orders"))
    assert all("pageSize=20" in query for query in asked)


def test_pages_are_counted_as_the_hub_does(big: Sandbox, big_shop: Shop) -> None:
    big.set(**{"page.first": "0"})
    assert learnt(big_shop)["settings"]["page.first"] == 0
    asked = queries(big, "listOrders", lambda: big_shop.run("pull", "orders", "--page-size", "10"))
    assert "page=0&" in asked[0]


def test_parameters_have_the_names_that_the_hub_knows(big: Sandbox, big_shop: Shop) -> None:
    big.set(**{"query.rename": "updatedAfter:updatedSince,page:pageNumber"})
    settings = learnt(big_shop)["settings"]
    assert settings["hub.overrides"]["listOrders.updatedAfter"] == "updatedSince"
    assert settings["hub.overrides"]["listOrders.page"] == "pageNumber"
    big_shop.run("pull", "orders", "--commit")
    big.post("clock", {"advance_s": 60})
    asked = queries(big, "listOrders", lambda: big_shop.run("pull", "orders", "--commit"))
    assert all("updatedSince=" in query and "pageNumber=" in query for query in asked)


def test_configuration_is_stronger_and_doctor_says_so(big: Sandbox, big_shop: Shop) -> None:
    big.set(arrays="joined")
    big_shop.set(hub__arrays="repeated")
    report = learnt(big_shop)
    assert report["not_used"] == ["hub.arrays"]
    text = next(one["text"] for one in big_shop.json("doctor", "--offline") if one["check"] == "learnt")
    assert text.startswith("hub.channel_id from ")
    assert "not hub.arrays, which the configuration has" in text
    asked = queries(big, "getListingVariants", lambda: big_shop.run(
        "call", "getListingVariants", "--args", '{"skus":["A","B"]}'))
    assert asked == ["skus=A&skus=B"]


def test_what_stood_in_the_file_is_told_when_it_changes(big: Sandbox, big_shop: Shop) -> None:
    path = big_shop.private("shop.learnt.json", '{"hub.arrays": "joined", "page.size": 33}')
    report = learnt(big_shop)
    assert report["changes"] == [
        'hub.arrays was "joined", and is not needed any more', 'hub.channel_id is "501"',
        "page.size was 33, and is not needed any more"]
    assert json.loads(path.read_text()) == {"channel": "shop", "origin": big.url, "hub.channel_id": "501"}
    assert learnt(big_shop)["changes"] == []


def test_what_cannot_be_settled_again_stays(big: Sandbox, big_shop: Shop) -> None:
    path = big_shop.private("shop.learnt.json", '{"hub.arrays": "joined"}')
    big.post("reset", {"seed": "empty"})
    assert learnt(big_shop)["settings"] == {"hub.arrays": "joined"}
    assert json.loads(path.read_text()) == {"hub.arrays": "joined"}


def test_file_is_private_and_has_its_place(big: Sandbox, big_shop: Shop) -> None:
    place = big_shop.folder / "own.json"
    big_shop.set(learnt_file=str(place))
    learnt(big_shop)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    other = big_shop.folder / "other.json"
    assert learnt(big_shop, "--output", str(other))["file"] == str(other)
    assert other.read_text() == place.read_text()
    assert sorted(path.name for path in big_shop.folder.iterdir()) == [
        "other.json", "own.json", "shop.json", "state", "token"]


@pytest.mark.parametrize("text,words", [
    ("{", "not JSON"), ("[]", "not a JSON object"), ('{"log.level": "debug"}', "belongs into the configuration")])
def test_file_that_was_written_by_hand_is_not_replaced(shop: Shop, hub: Sandbox, text: str, words: str) -> None:
    path = shop.private("shop.learnt.json", text)
    done = shop.run("doctor", "--learn", status=2)
    assert words in done.stderr
    assert path.read_text() == text
    assert hub.journal() == []


def test_file_that_others_can_change_is_refused(shop: Shop) -> None:
    shop.private("shop.learnt.json", "{}").chmod(0o666)
    assert "others can change it" in shop.run("stats", status=2).stderr


def test_place_that_cannot_be_written_is_told_before_anything_is_asked(big: Sandbox, big_shop: Shop) -> None:
    if os.geteuid() != 0:
        pytest.skip("another user needs root")
    own = big_shop.folder / "own"
    own.mkdir()
    os.chown(own, NOBODY, NOBODY)
    big_shop.set(state_dir=str(own / "state"))
    for path in (big_shop.config, big_shop.token):
        path.chmod(0o640)
        os.chown(path, 0, NOBODY)
    nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    before = len(big.journal())
    assert "name a place" in big_shop.run("doctor", "--learn", status=3, before=nobody).stderr
    assert len(big.journal()) == before
    place = str(own / "learnt.json")
    assert learnt(big_shop, "--output", place, before=nobody)["file"] == place


def test_channel_of_another_token_is_learnt_anew(big: Sandbox, big_shop: Shop) -> None:
    learnt(big_shop)
    big_shop.set(state_dir=str(big_shop.folder / "other"))
    big_shop.private("token", "sandbox-other-channel-token")
    advice = next(one["advice"] for one in big_shop.json("doctor", status=1) if one["check"] == "channel")
    assert advice.endswith("flx doctor --learn finds it anew")
    assert learnt(big_shop)["changes"] == ['hub.channel_id was "501", and is "502"']
    assert big_shop.run("pull", "listings").stdout.count('"channelId":502') > 0


def test_any_host_can_load_the_file(big: Sandbox, big_shop: Shop) -> None:
    big.set(arrays="joined")
    learnt(big_shop)
    settings = json.loads((big_shop.folder / "shop.learnt.json").read_text())
    state = big_shop.folder / "another"
    with Client(**{**settings, "channel": "shop", "token": big.token, "state_dir": str(state), "origin": big.url}) as client:
        asked = queries(big, "getListingVariants", lambda: client.call("getListingVariants", skus=["A", "B"]))
    assert asked == ["skus=A%2CB"]


@pytest.mark.parametrize("about", [{"channel": "another"}, {"origin": "https://hub.example"}])
def test_file_of_another_hub_or_channel_is_refused_and_learnt_anew(
        big: Sandbox, big_shop: Shop, about: "dict[str, str]") -> None:
    file = {"channel": "shop", "origin": big.url, "hub.arrays": "joined", "hub.channel_id": "777", **about}
    path = big_shop.private("shop.learnt.json", json.dumps(file))
    before = len(big.journal())
    assert "was learnt of channel" in big_shop.run("pull", "orders", status=2).stderr
    assert "was learnt of channel" in big_shop.run("doctor", "--check", status=3).stdout
    assert len(big.journal()) == before
    assert learnt(big_shop)["settings"] == {"hub.channel_id": "501"}
    assert json.loads(path.read_text()) == {"channel": "shop", "origin": big.url, "hub.channel_id": "501"}


def test_file_that_only_others_may_read_is_read(big: Sandbox, big_shop: Shop) -> None:
    big_shop.private("shop.learnt.json", '{"hub.arrays": "joined"}').chmod(0o644)
    asked = queries(big, "getListingVariants", lambda: big_shop.run("call", "getListingVariants", "--args", '{"skus":["A","B"]}'))
    assert asked == ["skus=A%2CB"]


# Ends


def test_token_that_is_refused_ends_it(shop: Shop, hub: Sandbox) -> None:
    shop.private("token", "no-such-token")
    done = shop.run("doctor", "--learn", "--json", status=5)
    report = json.loads(done.stdout)
    assert "status 401" in report["ended_early"]
    assert len(hub.journal()) == report["requests"] == 1
    assert set(facts(report).values()) == {None}


def test_hub_that_is_gone_ends_it(shop: Shop) -> None:
    shop.set(origin="http://127.0.0.1:9")
    report = json.loads(shop.run("doctor", "--learn", "--json", status=4).stdout)
    assert report["requests"] == 1
    assert report["ended_early"]


def test_hub_that_asks_to_wait_ends_it_with_what_there_is(big: Sandbox, big_shop: Shop) -> None:
    big.post("faults", {"do": "status", "status": 429, "retry_after": "seconds", "retry_after_s": 90, "operation": "listShipments"})
    report = json.loads(big_shop.run("doctor", "--learn", "--json", status=5).stdout)
    found = facts(report)
    assert found["page.parameter.orders"] == "honoured"
    assert found["page.parameter.shipments"] is None
    assert big.journal()[-1]["status"] == 429


def test_signal_ends_it_with_what_there_is(big: Sandbox, big_shop: Shop) -> None:
    big.post("faults", {"do": "hang_before", "operation": "listReturns"})
    running = big_shop.start("doctor", "--learn", "--json")
    end = time.monotonic() + 30
    while big.journal()[-1]["operation"] != "listReturns" and time.monotonic() < end:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)
    report = json.loads(out)
    assert report["ended_early"]
    assert running.returncode == 1
    assert facts(report)["page.parameter.orders"] == "honoured"


def test_table_tells_the_same(big_shop: Shop) -> None:
    said = big_shop.run("doctor", "--learn", "--table").stdout
    assert "only a write can settle" in said
    assert "not settled" in said
    assert "shop.learnt.json has hub.channel_id; flx reads it by itself" in said


def test_nothing_of_a_buyer_is_told(big: Sandbox, big_shop: Shop) -> None:
    done = big_shop.run("doctor", "--learn", "--json")
    for secret in (big.token, "Secret Buyer", "Hidden Lane", "Robin", "Sample Street"):
        assert secret not in done.stdout + done.stderr
