"""Contract section 9, the rows about what a listing says and when: exact under every setting of the hub."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest

from shop import QUEUES, done, waiting
from unknowns import row, under

# Row 28: descriptions


@under(28, "descriptions", "mixed")
def test_description_of_any_kind_is_not_decoded_nor_changed(under_setting, open_shop, setting):
    hub = under_setting(setting, "variants=60,history=off,exceptions=off")
    with open_shop().client.pull("listings_to_publish") as pull:
        texts = {parent.id: parent.description for page in pull for parent in page.parents()}
    raw = json.loads(hub.ask("GET", "/listing/parents?page=1&pageSize=50&publish=true")[2])

    assert {str(row["id"]): row["description"] for row in raw} == texts
    for mark in ("<ul>", "&lt;", "&amp;lt;", "MsoNormal", '{"ops":'):
        assert any(mark in text for text in texts.values()), mark


@under(28, "descriptions", "seeded", "plain", "hostile", "null")
def test_description_comes_as_the_hub_has_it(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    with shop.client.pull("listings_to_publish") as pull:
        [page] = list(pull)
    texts = [parent.description for parent in page.parents()]
    _, _, raw = hub.ask("GET", "/listing/parents?page=1&pageSize=50&publish=true")

    assert page.json.count(b'"description":null') == raw.count(b'"description":null')
    if setting[1] == "null":
        assert set(texts) == {None}
    else:
        assert any("<" in text for text in texts) == (setting[1] != "plain")
        assert any("<script" in text for text in texts) == (setting[1] == "hostile")


# Row 29: the instant of an answer


@pytest.mark.parametrize("told", ["on", "off"])
@pytest.mark.parametrize("skew_s", [-86_400, 0, 86_400])  # the two machines need not agree on the time
@under(29, "synced_at.future", "clamp", "accept", "refuse")
def test_answer_bears_the_hubs_time_of_the_fetch_and_never_a_future_one(under_setting, open_shop, setting, skew_s, told):
    hub = under_setting(setting, skew_s=skew_s, date__header=told)
    shop = open_shop()
    with shop.client.pull("listings_to_sync") as pull:
        [page] = list(pull)
        shop.client.ack(page.receipt, [done(record) for record in page])
    hub.admin("POST", "clock", {"advance_s": 30})
    hub.admin("POST", "listings", {"id": page[0]["id"], "quantity": 55})  # 12:00:30, after the fetch at 12:00:00
    hub.admin("POST", "clock", {"advance_s": 30})
    shop.flush()

    answers = hub.admin("GET", "answers")
    assert answers and all(answer["synced_at"] < answer["at"] for answer in answers)
    again = {record["id"]: record["quantity"] for record in shop.pull("listings_to_sync")}
    assert again.get(page[0]["id"]) == 55


@pytest.mark.parametrize("told", ["nothing", "Date", "updatedAt"])
@pytest.mark.parametrize("feed", QUEUES)
@row(29)
def test_change_between_fetch_and_answer_comes_again_whatever_instants_the_hub_tells(hub, open_shop, row, feed, told):
    hub.start("variants=60,history=off,exceptions=off", queue__stamps="omit")
    hub.set(date__header="on" if told == "Date" else "off", updated_at="emit" if told == "updatedAt" else "omit")
    shop = open_shop(**{"feeds.late_s": 0})
    with shop.client.pull(feed) as pull:
        for page in pull:
            shop.client.ack(page.receipt, [done(record) for record in page])
            changed = page[0]["id"]
    hub.admin("POST", "clock", {"advance_s": 30})
    name = {"parent_id": changed} if feed == "listings_to_publish" else {"id": changed}
    hub.admin("POST", "listings", {**name, "title": "New title", "quantity": 77})
    shop.later()
    shop.flush()
    is_kept_by_the_hub = feed == "listings_to_sync" and told != "nothing"
    assert waiting(hub, feed) == ([str(changed)] if is_kept_by_the_hub else [])

    assert is_kept_by_the_hub or shop.pull(feed) == [], "the second of the answer is not over: what it hid may not be there yet"
    time.sleep(1.2)
    assert [(one["id"], one["title"]) for one in shop.work_off(feed)] == [(changed, "New title")]
    time.sleep(1.2)
    assert shop.pull(feed) == []
    requests = len(hub.journal())
    assert shop.pull(feed) == []
    assert len(hub.journal()) == requests + 1, "nothing is read again for ever"


# Row 30: numbers


@under(30, "numbers", "cents", "four_places", "trailing_zeros", "exponent", "text")
def test_numbers_are_exact_in_the_hubs_own_digits(under_setting, open_shop, setting):
    hub = under_setting(setting)
    shop = open_shop()
    with shop.client.pull("listings_to_sync") as pull:
        pages = list(pull)
    _, _, raw = hub.ask("GET", "/listing/variants?page=1&pageSize=100&sync=true")
    views = {view.sku: view for page in pages for view in page.variants()}
    prices = {one["sku"]: Decimal(one["price"]) for one in hub.admin("GET", "listings?waiting=sync") if one["price"]}
    if setting[1] == "four_places":  # the sandbox shows them with a fraction of a cent
        assert all(abs(views[sku].price - price) < Decimal("0.01") for sku, price in prices.items())
    else:
        assert {sku: view.price for sku, view in views.items() if sku in prices} == prices
    for page in pages:
        for record in page.json.split(b'"price":')[1:]:
            assert b'"price":' + record.split(b",")[0] in raw


@under(30, "numbers", "integer_as_float")
def test_id_that_is_no_whole_number_is_set_aside_and_stays_at_the_hub(under_setting, open_shop, setting):
    hub = under_setting(setting)
    before = waiting(hub, "listings_to_sync")
    with open_shop().client.pull("listings_to_sync") as pull:
        pages = list(pull)

    assert [len(page) for page in pages] == [0]
    assert {fault["path"] for page in pages for fault in page.quarantine} == {"/id"}
    assert len(pages[0].quarantine) == len(before)
    assert waiting(hub, "listings_to_sync") == before
