#!/usr/bin/env python3
"""Takes a real shop through the story of a channel, and compares the shop with the hub line by line.

    FLX_SANDBOX=... FLXCHANNEL_LIBRARY=... python Tests/shops/run.py oscar|wordpress [--pictures FOLDER] [--keep FOLDER]
    python Tests/shops/run.py --planted     the controls, without a shop: what is lost or doubled is seen, and a run that is
                                            told to end leaves nothing behind

Ends with 1 if the story breaks, a line differs, or a planted loss or double is not seen. `--keep` leaves database, state and
logs in FOLDER, which must be empty. Told to end by a signal, it ends what it started.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

from controls import interrupted, planted
from ending import ends


def main() -> int:
    parser = argparse.ArgumentParser(description="A real shop against the sandbox, and both sides compared.")
    parser.add_argument("shop", nargs="?", choices=("oscar", "wordpress"))
    parser.add_argument("--planted", action="store_true", help="run the controls, on invented sides")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the shop's screens")
    parser.add_argument("--keep", type=Path, help="folder for what the shop keeps")
    options = parser.parse_args()
    if options.planted:
        return 0 if planted.print_invented() & interrupted.print_interrupted() else 1
    if options.shop is None:
        parser.error("which shop?")
    if options.keep is None:
        with tempfile.TemporaryDirectory(prefix="shop-", ignore_cleanup_errors=True) as folder:
            return run(options.shop, Path(folder), options.pictures)
    options.keep.mkdir(parents=True, exist_ok=True)
    if any(options.keep.iterdir()):
        parser.error(f"{options.keep} is not empty")
    return run(options.shop, options.keep.resolve(), options.pictures)


def run(name: str, folder: Path, pictures: "Path | None") -> int:
    from browser import Browser
    from hub import Hub
    from scenario import HUB, Broken, Story
    from sides import hub_side, print_table
    from visitor import print_checkouts

    folder.chmod(0o755)  # a database server of another user has its place below
    shop = importlib.import_module(name).make_shop()
    with ends() as calls:
        hub = Hub(*HUB, "--journal", str(folder / "journal"))
        calls.callback(hub.stop)
        calls.callback(shop.stop)
        shop.start(hub, folder)
        browser = Browser(folder)
        calls.callback(browser.close)
        story = Story(shop, hub, browser)
        try:
            story.play()
        except Broken as broken:
            story.tell(f"broken: {broken}")
            print_table(shop.side(), hub_side(hub))
            return 1
        if pictures:
            shop.pictures(browser, pictures, story.partial)
        shop_side, hubs_side = shop.side(), hub_side(hub)
        equal = print_table(shop_side, hubs_side)
        totals = hub.get("totals")
        print(f"orders at the hub: {totals['orders_pushed']}, of {totals['order_numbers_pushed']} numbers")
        seen = equal and planted.print_controls(shop_side, hubs_side)
        print_checkouts(shop, story.plentiful())
        return 0 if equal and seen and totals["orders_pushed"] == totals["order_numbers_pushed"] else 1


if __name__ == "__main__":
    sys.exit(main())
