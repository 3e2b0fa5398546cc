#!/usr/bin/env python3
"""Makes the pictures of the console that its README shows.

    Tests/console/pictures.py FOLDER

FLX_SANDBOX names the sandbox, FLXCHANNEL_LIBRARY the library; `make console-pictures` calls it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bindings/python"))

from browser import Console, start, until
from shop import Hub, Shop

NAMES = ["Robin Example", "Ada Sample", "Jo Doe", "Kim Muster", "Sam Specimen", "Alex Person", "Toni Buyer"]


def scene(hub: Hub, shop: Shop) -> None:
    """A morning in a shop: orders, a refusal, a lost answer, parcels."""
    hub.post("cut", {"order_number": "A-1003", "when": "after", "times": 1})
    hub.post("refuse", {"order_number": "A-1005", "times": 1})
    for index, name in enumerate(NAMES):
        address = {"name": name, "addressLine1": "1 Sample Street", "city": "Springfield", "postal": "97477", "stateCode": "OR",
                   "countryCode": "US"}
        shop.submit(f"A-{1001 + index}", quantity=1 + index % 3, lines=1 + index % 2, shippingAddress=address)
    shop.result("A-1007")
    hub.post("ship", {"order_number": "A-1001"})
    order = hub.order("A-1002")
    hub.post("ship", {"order_number": "A-1002", "lines": [{"order_item_id": order["items"][0]["id"], "quantity": 1}]})
    hub.post("order", {"order_number": "A-1004", "status": "Canceled"})
    hub.post("faults", {"do": "delay", "operation": "getListingVariants", "ms": 800, "times": 5})
    hub.post("switches", {"page.cap": 50})


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, Hub("--seed", "demo,history=off") as hub:
        shop = Shop(hub, Path(scratch) / "state")
        driver = start(Path(scratch) / "profile")
        console = Console(driver, hub.url)
        console.size(1280, 720)
        console.look()
        console.open()
        scene(hub, shop)
        shop.pull("shipments")
        until("the orders are there", lambda: console.order("A-1007"))
        hub.post("pool", {"take": 22})
        time.sleep(4)
        console.picture(folder / "console.png")
        console.open_order("A-1006")
        console.script("document.querySelector('.top').style.position = 'static'")
        console.script("document.getElementById('orders').scrollIntoView()")
        time.sleep(1)
        console.picture(folder / "console-order.png")
        shop.client.close()
        driver.quit()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
