"""Orders of the library arrive live, and what is clicked reaches the library."""

from __future__ import annotations

import json
import urllib.request

from selenium.webdriver.common.keys import Keys

from browser import Console, until
from shop import Hub, Shop

#: Waits in the page for an order's row and gives the wall time at which it was there. Nothing is asked again meanwhile.
ARRIVAL = """
const [number, done] = [arguments[0], arguments[arguments.length - 1]];
const seen = () => [...document.querySelectorAll('#order-rows [data-toggle]')].some((one) => one.textContent === number);
const watch = new MutationObserver(() => seen() && finish());
const finish = () => { watch.disconnect(); done(Date.now()); };
watch.observe(document.getElementById('order-rows'), { childList: true, subtree: true, characterData: true });
if (seen()) finish();
"""


def test_order_arrives_live_is_shipped_by_click_and_its_tracking_reaches_the_shop(
    console: Console, hub: Hub, shop: Shop, record_property
) -> None:
    taken = []
    for number in ("A-1", "A-2", "A-3"):
        assert shop.push(number)["verdict"] == "applied"
        created = next(entry for entry in hub.get(f"journal?order_number={number}") if entry["effect"] == "order_created")
        taken.append(console.driver.execute_async_script(ARRIVAL, number) - created["wall_ms"])
    record_property("arrival_ms", taken)
    print(f"\norders were in the page {taken} ms after the hub had them")
    assert console.order("A-2")["Status"] == "Open"
    assert shop.pull("shipments") == []

    console.press("Ship order A-2", "#order-rows")

    row = until("the order is shipped", lambda: (found := console.order("A-2"))["Tracking"] and found)
    assert (row["Shipped"], row["Status"]) == ("1 of 1", "Closed")
    parcels = shop.pull("shipments")
    assert [parcel["trackingNumber"] for parcel in parcels] == [row["Tracking"]]
    assert hub.order("A-1")["shipments"] == [], "nothing else was shipped"


def test_arrival_is_told_and_asked_by_nobody(console: Console, hub: Hub, shop: Shop) -> None:
    console.script("performance.clearResourceTimings()")
    shop.push("A-1")
    until("the order is there", lambda: console.order("A-1"))
    asked = console.script("return performance.getEntriesByType('resource').map((one) => one.name)")
    assert [one for one in asked if "/orders" in one or "/journal" in one or "/totals" in one or "/state" in one] == []


def test_part_of_an_order_is_shipped_and_its_parcel_corrected(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1", quantity=3, lines=2)
    opened = console.open_order("A-1")
    skus = [item["sku"] for item in hub.order("A-1")["items"]]
    console.fill(f"Pieces of {skus[0]} to ship", "2", opened)
    console.fill(f"Pieces of {skus[1]} to ship", "0", opened)
    console.fill("Tracking number", "HAND-1", opened)
    console.press("Ship these pieces", opened)

    until("two are shipped", lambda: console.order("A-1")["Shipped"] == "2 of 6")
    assert console.order("A-1")["Status"] == "Open"
    assert [item["shipped"] for item in hub.order("A-1")["items"]] == [2, 0]
    assert [parcel["trackingNumber"] for parcel in shop.pull("shipments")] == ["HAND-1"]

    parcel = hub.order("A-1")["shipments"][0]["id"]
    console.fill(f"Tracking number of parcel {parcel}", "HAND-2", opened)
    console.press(f"Correct parcel {parcel}", opened)

    hub.post("clock", {"advance_s": 5})
    assert "HAND-2" in {one["trackingNumber"] for one in shop.pull("shipments")}


def test_number_that_is_typed_stays_when_another_order_comes(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1")
    opened = console.open_order("A-1")
    console.press("Ship order A-1", "#order-rows")
    until("it is shipped", lambda: console.order("A-1")["Status"] == "Closed")
    parcel = hub.order("A-1")["shipments"][0]["id"]
    field = f"Tracking number of parcel {parcel}"
    console.fill(field, "TYPED-1", opened)
    console.keys(Keys.TAB)
    shop.push("A-2")
    until("it is there", lambda: console.order("A-2"))

    console.press(f"Correct parcel {parcel}", opened)

    assert [one["tracking_number"] for one in hub.order("A-1")["shipments"]] == ["TYPED-1"]
    hub.post("shipments", {"id": parcel, "trackingNumber": "HUB-2"})
    value = f"return document.querySelector('{opened} .parcels input').value"
    until("what the hub changes is shown", lambda: console.script(value) == "HUB-2")


def test_refused_order_is_corrected_and_sent_again(console: Console, hub: Hub, shop: Shop) -> None:
    console.fill("Order number (empty: the next that comes)", "A-1", "#plan")
    console.fill("What happens to it", "refuse it with 422", "#plan")
    console.fill("How often (0: always)", "1", "#plan")
    console.press("Plan it", "#plan")

    assert shop.push("A-2")["verdict"] == "applied", "another order is taken"
    assert shop.push("A-1")["verdict"] == "refused"
    until("the journal has it", lambda: "422" in console.text("#journal-rows"))
    until("the fault is done", lambda: "done 1 of 1" in console.text("#fault-list"))

    shop.submit("A-1-corrected")
    assert shop.result("A-1-corrected")["verdict"] == "applied"
    until("the corrected order is there", lambda: console.order("A-1-corrected"))
    assert console.order("A-1") == {}


def test_edit_by_click_is_seen_by_the_shop(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1", lines=2)
    _, second = (item["sku"] for item in hub.order("A-1")["items"])
    opened = console.open_order("A-1")
    console.fill("City", "Portland", opened)
    console.press("Change the order", opened)
    console.press(f"Take out {second}", opened)
    until("the line is out", lambda: "taken out" in console.text(opened))
    assert console.order("A-1")["Shipped"] == "0 of 1"

    seen = shop.at_hub("A-1")
    assert seen["shippingAddress"]["city"] == "Portland"

    console.fill("Status", "Canceled", opened)
    console.press("Change the order", opened)
    until("it is canceled", lambda: console.order("A-1")["Status"] == "Canceled")
    assert shop.at_hub("A-1")["orderStatus"] == "Canceled"


def test_cut_answer_leaves_one_order_that_the_shop_finds_again(console: Console, hub: Hub, shop: Shop) -> None:
    console.fill("Order number (empty: the next that comes)", "A-1", "#plan")
    console.fill("What happens to it", "take it, and lose the answer", "#plan")
    console.press("Plan it", "#plan")

    assert shop.push("A-1")["verdict"] == "applied"

    assert [order["order_number"] for order in hub.get("orders?pushed=true")] == ["A-1"]
    opened = console.open_order("A-1")
    until("the history says so", lambda: "its answer was lost" in console.text(f"{opened} .history"))
    assert "cut after" in console.text("#journal-rows").replace("_", " ")


def test_number_that_is_sent_again_is_refused_by_click(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1")
    opened = console.open_order("A-1")
    console.press("Refuse it for order A-1", opened)
    faults = until("it is planned", lambda: hub.get("faults"))
    assert [(fault["do"], fault["order_number"], fault["times"]) for fault in faults] == [("refuse", "A-1", 1)]
    console.press(f"Remove fault {faults[0]['id']}, refuse", "#fault-list")
    assert hub.get("faults") == []


def test_order_beyond_the_newest_is_found_by_its_number(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("FIRST")
    sku = hub.skus()[0]
    hub.post("switches", {"limiter": "none"})
    for number in range(110):
        call(hub, {"orderNumber": f"N-{number}", "shippingAddress": {"name": "Jo"}, "orderItems": [{"sku": sku, "quantity": 1}]})
    until("the newest is there", lambda: console.order("N-109"))
    console.press("Show all 100", "#orders")
    assert len(console.all("#order-rows > tr")) == 100
    assert console.order("FIRST") == {}

    console.fill("Order number, buyer or SKU", "FIRST\n")

    until("it is found", lambda: console.order("FIRST"))
    console.fill("Order number, buyer or SKU", "N-1\n")
    until("so is one whose number is a part of others", lambda: console.order("N-1"))
    console.fill("Order number, buyer or SKU", "FIRST")
    console.press("Ship order FIRST", "#order-rows")
    until("it is shipped", lambda: console.order("FIRST")["Status"] == "Closed")


def test_hub_that_ends_is_told_and_one_that_comes_back_is_shown(driver, tmp_path) -> None:
    with Hub("--seed", "demo,history=off") as first:
        console = Console(driver, first.url).open()
        until("its listings are there", lambda: len(listed(console)) == 10)
        port = first.port
    until("its end is told", lambda: console.text("#link") in ("the sandbox has stopped", "the hub does not answer, trying again"))
    with Hub("--seed", "tiny", "--port", str(port)) as second:
        until("it is live again", lambda: console.text("#link") == "live")
        skus = {row["sku"] for row in second.get("listings")}
        until("its listings are there", lambda: (seen := listed(console)) and seen <= skus)
        shop = Shop(second, tmp_path / "state")
        shop.push("A-1")
        until("orders arrive again", lambda: console.order("A-1"))
        shop.client.close()
    driver.get("about:blank")
    driver.get_log("browser")


def listed(console: Console) -> "set[str]":
    """The SKUs in the catalogue that the page shows."""
    return set(console.script("return [...document.querySelectorAll('#listing-rows th')].map((one) => one.textContent.trim())"))


def call(hub: Hub, order: "dict[str, object]") -> None:
    """An order of another program."""
    request = urllib.request.Request(
        f"{hub.url}/orders", json.dumps(order).encode(), {"X-API-TOKEN": hub.token, "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status < 300
