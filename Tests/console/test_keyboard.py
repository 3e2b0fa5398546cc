"""The main flow by keys alone, and where the focus is after each thing."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from browser import Console, until
from shop import Hub, Shop


def test_order_is_refused_corrected_shipped_and_changed_by_keys_alone(console: Console, hub: Hub, shop: Shop) -> None:
    console.keys(Keys.TAB)
    assert console.focused() == "Skip to the orders"
    console.keys(Keys.ENTER)

    # Refuse the next order.
    console.tab_to("Refuse an order The next order gets a 422.")
    console.keys(Keys.SPACE)
    console.idle()
    assert shop.push("A-1")["verdict"] == "refused"
    shop.push("A-2", quantity=2)
    until("it is there", lambda: console.order("A-2"))

    # Open it, ship one piece with a tracking number.
    console.script("document.getElementById('orders').focus()")
    console.tab_to("A-2")
    console.keys(Keys.ENTER)
    until("it is open", lambda: console.driver.switch_to.active_element.get_attribute("aria-expanded") == "true")
    assert console.focused() == "A-2", "the focus stays where it was"
    sku = hub.order("A-2")["items"][0]["sku"]
    console.tab_to(f"Pieces of {sku} to ship")
    console.keys(Keys.ARROW_DOWN)
    console.tab_to("Tracking number")
    console.keys("KEYS-1", Keys.ENTER)
    until("one is shipped", lambda: console.order("A-2")["Shipped"] == "1 of 2")
    assert [parcel["trackingNumber"] for parcel in shop.pull("shipments")] == ["KEYS-1"]
    assert console.focused() == "Tracking number"

    # Ship the rest by the button of the row, which is gone then: the focus goes to the order.
    console.script("document.getElementById('orders').focus()")
    console.tab_to("Ship order A-2")
    console.keys(Keys.ENTER)
    until("all is shipped", lambda: console.order("A-2")["Status"] == "Closed")
    until("the focus is at the order", lambda: console.focused() == "A-2")

    # Read-only on and off.
    name = "Read-only hub Reads go on, every write gets a 503."
    console.tab_to(name)
    for state in ("true", "false"):
        console.keys(Keys.SPACE)
        until("it is so", lambda state=state: console.driver.switch_to.active_element.get_attribute("aria-pressed") == state)
        console.idle()
    assert console.focused() == name
    assert hub.get("faults") == [fault for fault in hub.get("faults") if fault["do"] == "refuse"]


def test_what_happens_is_said(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1")
    until("its coming is said", lambda: "Order A-1 has come in" in console.text("#said"))
    console.press("Ship order A-1", "#order-rows")
    until("its shipping is said", lambda: "Order A-1 is shipped, tracking" in console.text("#said"))


def test_order_that_arrives_leaves_focus_and_typing_alone(console: Console, hub: Hub, shop: Shop) -> None:
    shop.push("A-1")
    opened = console.open_order("A-1")
    console.fill("Carrier", "Parcel by hand", opened)
    shop.push("A-2")
    until("it is there", lambda: console.order("A-2"))
    assert console.focused() == "Carrier"
    assert console.driver.switch_to.active_element.get_attribute("value") == "Parcel by hand"


def test_removed_fault_leaves_the_focus_in_its_section(console: Console, hub: Hub) -> None:
    fault = hub.post("faults", {"do": "delay", "ms": 1, "times": 9})["ids"][0]
    button = console.button(f"Remove fault {fault}, delay", "#fault-list")
    button.send_keys(Keys.ENTER)
    until("it is removed", lambda: not hub.get("faults"))
    until("the focus is in the section", lambda: console.script(
        "return document.getElementById('faults').contains(document.activeElement)"))
