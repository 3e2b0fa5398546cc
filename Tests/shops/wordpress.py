"""WordPress as a shop of the rig: Debian's, with MariaDB, php-fpm and nginx, and the plugin of examples/wordpress."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Mapping

from browser import Browser, NoPage
from hub import Hub
from shop import Cart, Round
from sides import Side, side

sys.path.insert(0, str(Path(__file__).parent / "inside/wordpress"))
from guest import ADMIN, Guest
from house import HERE, House

PARTS = "results,publish,sync,orders,shipments,gone"


class WordPress:
    name = "wordpress"
    url = ""

    def start(self, hub: Hub, folder: Path) -> None:
        self.house = House(
            folder / "shop", Path(os.environ["FLXCHANNEL_LIBRARY"]), Path(os.environ["FLX"]), Path(os.environ["FLX_EXTENSION"]),
            hub.origin, hub.token)
        self.house.__enter__()
        self.url = self.house.url
        self.admin = Guest(self.url)
        self.admin.log_in()
        self.workers = 0

    def stop(self) -> None:
        if hasattr(self, "house"):
            self.house.__exit__()

    # What the shop has

    def side(self) -> Side:
        sql = self.house.sql
        orders = sql("SELECT number, LOWER(hub_status), content, hub_lines FROM wp_flx_order")
        content = {number: json.loads(text) for number, _, text, _ in orders}
        skus = {number: {line: one["sku"] for line, one in dict(json.loads(lines)).items()} for number, _, _, lines in orders}
        parcels = sql("SELECT number, carrier, tracking, items FROM wp_flx_parcel WHERE for_buyer = 1 AND number IS NOT NULL")
        parcels = [parcel for parcel in parcels if parcel[0] in content]  # the hub tells of older orders as well
        return side({
            "parents": [(sku, html.unescape(title)) for sku, title in sql(
                "SELECT m.meta_value, w.post_title FROM wp_flx_parent p JOIN wp_posts w ON w.ID = p.post_id"
                " JOIN wp_postmeta m ON m.post_id = w.ID AND m.meta_key = '_flxchannel_sku'"
                " WHERE EXISTS (SELECT 1 FROM wp_flx_variant v WHERE v.parent_id = p.id)")],
            "variants": sql(
                "SELECT v.sku, m.meta_value FROM wp_flx_variant v JOIN wp_flx_parent p ON p.id = v.parent_id"
                " JOIN wp_postmeta m ON m.post_id = p.post_id AND m.meta_key = '_flxchannel_sku'"),
            "prices": sql("SELECT sku, price FROM wp_flx_variant"),
            "quantities": sql("SELECT sku, quantity - reserved FROM wp_flx_variant"),
            "statuses": sql("SELECT sku, status FROM wp_flx_variant"),
            "orders": [(number, status or "open") for number, status, _, _ in orders],
            "totals": [(number, one["orderTotal"]) for number, one in content.items()],
            "addresses": [
                (number, to["name"], to["addressLine1"], to["city"], to["postal"], to["countryCode"], to["email"])
                for number, one in content.items() for to in [one["shippingAddress"]]],
            "order lines": [
                (number, line["sku"], line["quantity"], line["price"])
                for number, one in content.items() for line in one["orderItems"]],
            "parcels": [parcel[:3] for parcel in parcels],
            "parcel lines": [
                (number, tracking, skus[number].get(line, "?"), quantity)
                for number, _, tracking, items in parcels for line, quantity in dict(json.loads(items)).items()],
        })

    # The channel

    def sync(self, every_s: "Mapping[str, int] | None" = None) -> Round:
        """By cron's own way, the command line of PHP: there it is FFI that is found."""
        plan = {"SHOP_PLAN": json.dumps({"every_s": dict(every_s)})} if every_s else {}
        told = self.house.run(
            "Flxchannel_Work::round(); echo json_encode(get_option('flxchannel_last_round'));", environment=plan)
        last = json.loads(told)
        summary = last["summary"] or {"complete": False, "parts": {}, "sent": {"sent": 0, "answers_sent": 0}}
        done = sum(part["done"] for part in summary["parts"].values()) + summary["sent"]["sent"] + summary["sent"]["answers_sent"]
        waits = int(self.house.sql("SELECT COUNT(*) FROM wp_flx_order WHERE wanted <> ''")[0][0])
        return Round(bool(summary["complete"]) and waits == 0, int(done), f"{last['error']} {json.dumps(summary)}")

    def worker(self) -> "subprocess.Popen[str]":
        """In turns by WP-CLI's interface, and by `flx sync --loop` with the plugin's handler."""
        self.workers += 1
        house = self.house
        load = f"{house.www}/wp-load.php"
        if self.workers % 2:
            command = house.command(str(HERE / "wp.php"), load, "flxchannel", "round", "--loop=1", "--budget=5000")
        else:
            handler = f"{house.folder}/php {house.www}/wp-content/plugins/flxchannel/handler.php {load}"
            command = [*house.as_user(), str(house.flx), "sync", "--loop", "--pause", "1", "--budget", "5", "--parts", PARTS]
            command += ["--exec", handler]
        log = (house.folder / "workers.out").open("a")
        return subprocess.Popen(
            command, env=house.environment(house.channel()), stdout=log, stderr=log, stdin=subprocess.DEVNULL, text=True)

    def ask_hub(self) -> None:
        page = self.admin.press("admin.php?page=flxchannel-settings", "flxchannel_test")
        if "takes the token" not in page:
            raise RuntimeError("the connection test failed: " + re.sub(r"<[^>]+>|\s+", " ", page)[:2000])

    # Buyers and the merchant

    def product_url(self, sku: str) -> str:
        found = self.house.sql(
            "SELECT w.post_name FROM wp_flx_variant v JOIN wp_flx_parent p ON p.id = v.parent_id"
            f" JOIN wp_posts w ON w.ID = p.post_id WHERE v.sku = '{sku}'")
        return f"{self.url}/listings/{found[0][0]}/"

    def buy(self, browser: Browser, cart: Cart) -> str:
        browser.forget()
        for sku, quantity in cart.lines:
            browser.open(self.product_url(sku))
            browser.fill(f"tr[data-sku='{sku}'] input", str(quantity))
            browser.go(".flxchannel-offers button")
        buyer = cart.buyer
        for name, value in (
            ("name", buyer.name), ("email", buyer.email), ("addressLine1", buyer.street), ("city", buyer.city),
            ("postal", buyer.postal), ("stateCode", buyer.state), ("countryCode", buyer.country),
        ):
            browser.fill(f"[name='buyer[{name}]']", value)
        browser.go(".flxchannel-buy button")
        if not browser.has(".flxchannel-order"):
            raise NoPage(f"no page thanks for the order: {browser.driver.title}")
        return str(browser.find(".flxchannel-order").get_attribute("data-number"))

    def die_after_commit(self) -> None:
        flag = self.house.www / "wp-content/die-after-commit"
        flag.touch()
        self.house.give_away(flag)

    def correct(self, browser: Browser, number: str, street: str) -> None:
        self._as_merchant(browser, f"flxchannel-orders&order={number}")
        browser.fill("[name='buyer[addressLine1]']", street)
        browser.go("#submit")

    def cancel(self, browser: Browser, number: str) -> None:
        self._as_merchant(browser, f"flxchannel-orders&order={number}")
        browser.go("#flxchannel_cancel")

    def _as_merchant(self, browser: Browser, page: str) -> None:
        browser.open(f"{self.url}/wp-login.php")
        browser.fill("#user_login", ADMIN[0])
        browser.fill("#user_pass", ADMIN[1])
        browser.go("#wp-submit")
        browser.open(f"{self.url}/wp-admin/admin.php?page={page}")

    def look(self, number: str) -> int:
        names = [name for name, in self.house.sql(
            "SELECT post_name FROM wp_posts WHERE post_type = 'flx_listing' AND post_status = 'publish' LIMIT 20")]
        pages = ["/", "/listings/", "/listings/page/2/", "/basket/", *(f"/listings/{name}/" for name in names)]
        pages += [f"/your-order/?key={self._key(number)}"] if number else []
        screens = ["flxchannel", "flxchannel-orders", "flxchannel-settings"]
        screens += [f"flxchannel-orders&order={number}"] if number else []
        for page in pages:
            Guest(self.url).get(page)
        for screen in screens:
            self.admin.get(f"/wp-admin/admin.php?page={screen}")
        return len(pages) + len(screens)

    def _key(self, number: str) -> str:
        return self.house.sql(f"SELECT access_key FROM wp_flx_order WHERE number = '{number}'")[0][0]

    def pictures(self, browser: Browser, folder: Path, number: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        line = json.loads(self.house.sql(f"SELECT content FROM wp_flx_order WHERE number = '{number}'")[0][0])["orderItems"][0]
        for name, url in (("product", self.product_url(line["sku"])), ("order", f"{self.url}/your-order/?key={self._key(number)}")):
            browser.forget()
            browser.open(url)
            browser.picture(folder / f"{name}.png", 960, 1320 if name == "product" else 760)
        self._as_merchant(browser, "flxchannel-orders")
        browser.picture(folder / "admin.png", 960, 560)

    def checkout_ms(self, sku: str, with_channel: bool) -> float:
        self.house.set(enabled="1" if with_channel else "")
        buyer = Guest(self.url)
        return buyer.order_ms(buyer.basket(sku, 1, self.product_url(sku)))


def make_shop() -> WordPress:
    return WordPress()
