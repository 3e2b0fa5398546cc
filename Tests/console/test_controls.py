"""Recipes, switches, budget, catalogue, journal: what is clicked is so at the hub, and what is so at the hub is shown."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

from browser import Console, until
from shop import Hub, Shop, done


def left(console: Console) -> int:
    return int(console.script("return document.getElementById('gauge').getAttribute('aria-valuenow')"))


def bar(console: Console) -> float:
    """How much of the gauge is filled, as it is drawn."""
    return float(console.script(
        "const bar = document.getElementById('gauge-bar').getBoundingClientRect();"
        "return bar.width / document.getElementById('gauge').getBoundingClientRect().width"))


def asks_nothing_for(console: Console, seconds: float) -> bool:
    console.script("performance.clearResourceTimings()")
    time.sleep(seconds)
    return bool(console.script("return performance.getEntriesByType('resource').length") == 0)


def test_storm_moves_the_gauge_and_the_shop_waits_it_out(console: Console, hub: Hub, shop: Shop) -> None:
    assert (left(console), round(bar(console), 2)) == (40, 1.0)

    console.press("429 storm Somebody else uses up the budget for twenty seconds.", "#recipes")

    until("the gauge is empty", lambda: left(console) == 0 and bar(console) < 0.01)
    assert console.script("return document.getElementById('gauge').dataset.state") == "empty"
    assert "nothing is granted for" in console.text("#budget-note")
    refused = 0
    try:
        urllib.request.urlopen(urllib.request.Request(f"{hub.url}/orders", headers={"X-API-TOKEN": hub.token}), timeout=30)
    except urllib.error.HTTPError as error:
        refused = error.code
    assert refused == 429
    until("the refusal is counted", lambda: console.text("#refused") == "1")
    # Nobody asks anything now, once what the refusal made the page ask is here, and the gauge moves on all the same.
    until("the page has all that it asked for", lambda: asks_nothing_for(console, 0.5))
    console.script("performance.clearResourceTimings()")
    until("the gauge rises", lambda: left(console) >= 2 and bar(console) > 0)
    assert console.script("return performance.getEntriesByType('resource').length") == 0
    assert shop.push("A-1")["verdict"] == "applied"
    points = console.script("return document.getElementById('trace-line').getAttribute('points').split(' ').length")
    assert points > 5


def test_lost_answer_and_refusal_meet_the_next_order(console: Console, hub: Hub, shop: Shop) -> None:
    console.press("Lose an answer The next order is taken, and its answer never arrives.", "#recipes")
    assert shop.push("A-1")["verdict"] == "applied"
    console.press("Refuse an order The next order gets a 422.", "#recipes")
    assert shop.push("A-2")["verdict"] == "refused"
    assert shop.push("A-3")["verdict"] == "applied"
    assert [order["order_number"] for order in hub.get("orders?pushed=true")] == ["A-1", "A-3"]


def test_half_is_shipped_of_what_has_two_pieces(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1", quantity=3)
    shop.push("A-2", quantity=1)
    until("both are there", lambda: console.order("A-2"))
    console.press("Ship half Half the pieces of the newest open order leave.", "#recipes")
    until("one of three is shipped", lambda: console.order("A-1")["Shipped"] == "1 of 3")
    console.press("Ship half Half the pieces of the newest open order leave.", "#recipes")
    until("half of the rest is shipped", lambda: console.order("A-1")["Shipped"] == "2 of 3")
    console.press("Ship half Half the pieces of the newest open order leave.", "#recipes")
    assert "no open order has two pieces or more" in console.alarm()
    assert len(shop.pull("shipments")) == 2
    console.press("Ship order A-2", "#order-rows")
    assert console.alarm() == "", "what goes right takes the alarm away"


def test_read_only_hub_keeps_orders_waiting_until_it_is_off(console: Console, hub: Hub, shop: Shop) -> None:
    name = "Read-only hub Reads go on, every write gets a 503."
    console.press(name, "#recipes")
    until("it is on", lambda: console.button(name).get_attribute("aria-pressed") == "true")
    assert len(hub.get("faults")) == 4
    shop.submit("A-1")
    until("the hub said no", lambda: shop.flush() and any(entry["status"] == 503 for entry in hub.get("journal")))
    assert shop.client.results(10) == []
    assert shop.pull("shipments") == [], "reads go on"
    assert hub.get("orders?pushed=true") == []

    console.press(name, "#recipes")

    until("it is off", lambda: console.button(name).get_attribute("aria-pressed") == "false")
    assert hub.get("faults") == []
    assert shop.result("A-1")["verdict"] == "applied"


def test_recipe_that_sets_a_switch_is_on_whoever_set_it(console: Console, hub: Hub) -> None:
    name = "Hostile texts Descriptions come with scripts in them."
    console.press(name, "#recipes")
    assert next(one["value"] for one in hub.get("switches") if one["name"] == "descriptions") == "hostile"
    until("the switch is told", lambda: "descriptions" in console.text("#changed-switches"))
    hub.admin("DELETE", "switches")
    until("it is off", lambda: console.button(name).get_attribute("aria-pressed") == "false")
    hub.post("switches", {"descriptions": "hostile"})
    until("it is on", lambda: console.button(name).get_attribute("aria-pressed") == "true")
    console.press(name, "#recipes")
    assert next(one["value"] for one in hub.get("switches") if one["name"] == "descriptions") != "hostile"


def test_fault_of_one_order_is_not_the_recipe_for_all(console: Console, hub: Hub) -> None:
    hub.post("faults", {"do": "cut_before", "times": 0, "operation": "createOrder", "order_number": "A-1"})
    until("it is told", lambda: "A-1" in console.text("#fault-list"))
    name = "Nobody home Every connection is cut before the hub acts."
    assert console.button(name).get_attribute("aria-pressed") == "false"

    console.press(name, "#recipes")
    until("it is on", lambda: console.button(name).get_attribute("aria-pressed") == "true")
    console.press(name, "#recipes")
    until("it is off", lambda: console.button(name).get_attribute("aria-pressed") == "false")

    assert [fault["order_number"] for fault in hub.get("faults")] == ["A-1"], "somebody's own fault is left alone"


def test_each_token_has_one_line_of_the_budget(console: Console, hub: Hub) -> None:
    for token in ("one", "two"):
        hub.post("token", {"token": token, "channel": 502})
    for _ in range(3):
        for token in ("one", "two"):
            request = urllib.request.Request(f"{hub.url}/listing/variants/count", headers={"X-API-TOKEN": token})
            urllib.request.urlopen(request, timeout=30).close()
        until("both are there", lambda: len(console.all("#pools > li")) >= 2)
    until("all is counted", lambda: console.text("#requests") == "6")

    assert [one.text.partition(":")[0] for one in console.all("#pools > li")] == ["another token of channel 502"] * 2


def test_every_switch_can_be_set_and_a_wrong_setting_is_said(console: Console, hub: Hub) -> None:
    console.press("All switches", "#switches")
    table = hub.get("switches")
    assert len(console.all("#switch-list > li")) == len(table)
    console.fill("Part of a switch's name or meaning", "pool.size", "#switches")
    until("one is left", lambda: len(console.all("#switch-list > li")) == 1)
    console.fill("pool.size", "7\t", "#switch-list")
    until("the gauge knows", lambda: "of 7 requests left" in console.text("#left-of"))
    console.fill("pool.size", "0\t", "#switch-list")
    until("the hub's reason is shown", lambda: "pool.size is 1..1000000, not 0" in console.alarm())
    assert console.one("#switch-list input").get_attribute("value") == "7"
    console.press("Default of pool.size", "#changed-switches")
    until("it is back", lambda: "of 40 requests left" in console.text("#left-of"))


def test_fault_without_a_number_of_times_is_not_planned(console: Console, hub: Hub) -> None:
    console.fill("How often (0: always)", "", "#plan")
    console.press("Plan it", "#plan")
    assert hub.get("faults") == []
    console.fill("How often (0: always)", "0", "#plan")
    console.press("Plan it", "#plan")
    assert [fault["times"] for fault in hub.get("faults")] == [0]


def test_any_fault_is_planned_as_on_the_command_line(console: Console, hub: Hub) -> None:
    console.press("Any other fault", "#faults")
    console.fill("As on the command line", "do=status status=503 path=/listing times=2\n", "#words")
    planned = until("it is planned", lambda: hub.get("faults"))
    assert [(one["do"], one["status"], one["path"], one["times"]) for one in planned] == [("status", "503", "/listing", 2)]
    console.fill("As on the command line", "do=nothing\n", "#words")
    until("the hub's reason is shown", lambda: "no fault nothing" in console.alarm())
    console.press("Remove all", "#faults")
    assert hub.get("faults") == []


def test_catalogue_shows_queues_and_is_edited(console: Console, hub: Hub, shop: Shop) -> None:
    until("listings are there", lambda: len(console.all("#listing-rows > tr")) == 10)
    totals = hub.get("totals")
    assert console.text("[data-total=waiting_for_sync]") == f"{totals['waiting_for_sync']:,}"
    sku = hub.skus()[40]
    console.fill("SKU or title", sku, "#look")
    until("one is left", lambda: len(console.all("#listing-rows > tr")) == 1)
    console.press(sku, "#listing-rows")
    console.fill("Price", "77.75", "#listing-rows")
    console.fill("Stock", "123", "#listing-rows")
    console.press("Change it", "#listing-rows")
    variant = hub.get(f"listings/{sku}")
    assert (variant["price"], variant["quantity"]) == ("77.75", 123)
    until("the row has it", lambda: "77.75" in console.text("#listing-rows > tr"))
    console.press("Hold it back", "#listing-rows")
    assert hub.get(f"listings/{sku}")["held_back"] is True
    console.fill("Which listings", "all variants", "#look")
    until("it is held back", lambda: "held back" in console.text("#listing-rows > tr"))


def test_pages_of_listings_go_on_and_back(console: Console, hub: Hub) -> None:
    until("listings are there", lambda: len(console.all("#listing-rows > tr")) == 10)
    first = console.text("#listing-rows > tr th")
    console.press("On", "#catalogue")
    until("the next are there", lambda: console.text("#listings-place").startswith("11 to 20 of"))
    assert console.text("#listing-rows > tr th") != first
    console.press("Back", "#catalogue")
    until("the first are there", lambda: console.text("#listings-place").startswith("1 to 10 of"))
    console.fill("Which listings", "waiting for publish", "#look")
    until("pages are there", lambda: "variants" in console.text("#listing-rows > tr"))


def test_answers_of_the_shop_empty_the_queue_before_the_eyes(console: Console, hub: Hub, shop: Shop) -> None:
    before = int(console.text("[data-total=waiting_for_sync]").replace(",", ""))
    hub.post("switches", {"limiter": "none"})
    with shop.client.pull("listings_to_sync") as pull:
        page = next(iter(pull))
        shop.client.ack(page.receipt, [done(record) for record in page])
        answered = len(list(page))
    shop.flush()
    until("the queue is shorter", lambda: console.text("[data-total=waiting_for_sync]") == f"{before - answered:,}")


def test_journal_is_held_still_sifted_and_forgotten(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1")
    until("it is there", lambda: "order created" in console.text("#journal-rows"))
    console.press("Hold still", "#journal")
    held = console.text("#journal-rows")
    shop.push("A-2")
    until("the order is there", lambda: console.order("A-2"))
    assert console.text("#journal-rows") == held
    console.press("Hold still", "#journal")
    console.fill("Part of a path, an order number, a status or a fault", "A-2", "#journal")
    until("only it is there", lambda: "A-2" in console.text("#journal-rows") and "A-1" not in console.text("#journal-rows"))
    console.press("Forget", "#journal")
    assert hub.get("journal") == []
    until("nothing is there", lambda: not console.all("#journal-rows > tr"))


def test_flood_leaves_the_page_small(console: Console, hub: Hub) -> None:
    hub.post("switches", {"limiter": "none"})
    for _ in range(600):
        request = urllib.request.Request(f"{hub.url}/listing/variants/count", headers={"X-API-TOKEN": hub.token})
        urllib.request.urlopen(request, timeout=30).close()
    until("the last is counted", lambda: console.text("#requests") == "600")
    time.sleep(0.5)
    console.press(console.text("#more-entries"), "#journal")
    assert len(console.all("#journal-rows > tr")) <= 300
