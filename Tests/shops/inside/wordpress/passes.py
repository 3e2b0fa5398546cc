#!/usr/bin/env python3
"""Short passes of the WordPress plugin: each way to the library, the shell's commands, WooCommerce, privacy, uninstalling.

    FLX_SANDBOX=... FLXCHANNEL_LIBRARY=... FLX=... FLX_EXTENSION=... python Tests/shops/inside/wordpress/passes.py

Each claim is a line; ends with 1 at the first that does not hold.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable
from urllib.error import HTTPError

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from guest import Guest  # noqa: E402
from house import ROOT, WAYS, House  # noqa: E402 - the rig is beside it
from hub import Hub  # noqa: E402

HUB = ("--seed", "tiny", "--set", "pool.size=1000", "--set", "pool.refill=500")
SKU = "TNT-1002-1"


class Place:
    """A hub with nine variants, and a shop that has them."""

    def __init__(self, folder: Path, way: str) -> None:
        self.hub = Hub(*HUB)
        built = [Path(os.environ[name]) for name in ("FLXCHANNEL_LIBRARY", "FLX", "FLX_EXTENSION")]
        self.house = House(folder, *built, self.hub.origin, self.hub.token)
        self.way = way

    def __enter__(self) -> Place:
        try:
            self.house.__enter__()
        except BaseException:
            self.hub.stop()
            raise
        self.house.serve(self.way)
        self.admin = Guest(self.house.url)
        self.admin.log_in()
        return self

    def __exit__(self, *_: object) -> None:
        self.house.__exit__()
        self.hub.stop()

    def round(self) -> None:
        """As the shop runs one where this is its way: by a web request, or by the line that its settings print for cron."""
        if self.way == "cron":
            page = self.admin.get("/wp-admin/admin.php?page=flxchannel-settings")
            line = re.search(r"<pre>\* \* \* \* \* (.*?)</pre>", page)
            assert line, "the settings print no line for cron"
            environment = self.house.environment(self.house.channel())
            environment["PATH"] = f"{self.house.folder}:{environment['PATH']}"
            # Its configuration comes from the environment here, not from a file below /etc.
            command = line[1].replace(" --channel wordpress", "")
            done = subprocess.run([*self.house.as_user(), "sh", "-c", command], env=environment, capture_output=True, text=True)
            assert done.returncode == 0, f"round.sh ended with {done.returncode}: {done.stderr}"
        else:
            page = self.admin.press("admin.php?page=flxchannel", "flxchannel_round")
            assert "A round was run" in page, plain(page)

    def order(self, number: str) -> "dict[str, str]":
        names = ("wanted", "verdict", "hub_status", "note", "access_key", "email")
        return dict(zip(names, self.house.sql(f"SELECT {', '.join(names)} FROM wp_flx_order WHERE number = '{number}'")[0]))

    def wp(self, *words: str) -> str:
        """A command of the shell."""
        return self.house.php(str(HERE / "wp.php"), f"{self.house.www}/wp-load.php", "flxchannel", *words)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))[-1500:]


def must(is_so: bool, claim: str) -> None:
    print(f"{'ok    ' if is_so else 'FAILED'} {claim}", flush=True)
    if not is_so:
        raise SystemExit(1)


def each_way(folder: Path, way: str) -> None:
    """The catalogue comes, an order goes, its parcel is shown."""
    with Place(folder, way) as at:
        page = at.admin.get("/wp-admin/admin.php?page=flxchannel-settings")
        must(f'data-way="{way}"' in page, f"{way}: the settings page says so")
        at.round()
        at.round()
        totals = at.hub.get("totals")
        there = len(at.house.sql("SELECT sku FROM wp_flx_variant"))
        must(there == 9 and totals["waiting_for_sync"] + totals["waiting_for_publish"] == 0, f"{way}: nine variants, all answered")
        before = at.hub.requests()
        number = Guest(at.house.url).buy(SKU, 2)
        near = way in ("extension", "ffi")
        for _ in range(600):  # it is handed over behind the answer
            kept = at.order(number)["wanted"]
            if not near or kept == "":
                break
            time.sleep(0.05)
        must(at.hub.requests() == before, f"{way}: a checkout makes no request of the hub")
        must(kept == ("" if near else "submit"), f"{way}: it {'hands the order over' if near else 'keeps the order'}")
        at.round()
        posts = at.hub.posts(number)
        must(len(posts) == 1 and at.order(number)["verdict"] == "applied", f"{way}: the order was sent once, and the shop knows")
        at.hub.post("ship", {"order_number": number, "tracking_number": "T-1", "carrier": "Parcel North"})
        at.round()
        page = Guest(at.house.url).get(f"/your-order/?key={at.order(number)['access_key']}")
        must("T-1" in page and "It is on its way" in page, f"{way}: the buyer sees the parcel")


def shell(at: Place) -> None:
    must("takes the token" in at.wp("test"), "wp flxchannel test: the hub answers")
    must("The round is over" in at.wp("round", "--budget=20000"), "wp flxchannel round")
    good, bad = Guest(at.house.url).buy(SKU, 1), Guest(at.house.url).buy(SKU, 1)
    at.hub.post("refuse", {"order_number": bad, "status": 422, "error": "not there", "times": 1})
    at.wp("round")
    must("1 orders need you" in at.wp("status"), "wp flxchannel status names the order that needs somebody")
    rows = {row["number"]: row["verdict"] for row in json.loads(at.wp("outbox", "--format=json"))}
    must(rows == {good: "applied", bad: "refused"}, "wp flxchannel outbox has both orders")
    screen = at.admin.get("/wp-admin/admin.php?page=flxchannel-orders")
    must("settled, attempts: 1" in screen and "refused: needs you" in screen, "the screen of orders has the outbox")
    must("422" in at.wp("history", bad), "wp flxchannel history tells why")
    at.wp("retry", bad)
    at.wp("round")
    must(at.order(bad)["verdict"] == "applied", "wp flxchannel retry sends it again")
    must("is canceled" in at.wp("cancel", bad), "wp flxchannel cancel")
    must(at.hub.get(f"orders/{bad}")["status"] == "Canceled", "the hub has it canceled")


def slice_of_cron(at: Place) -> None:
    at.house.sql("DELETE FROM wp_options WHERE option_name = 'flxchannel_last_round'")
    at.house.run("wp_clear_scheduled_hook('flxchannel_round'); Flxchannel_Work::install();")
    at.house.php(f"{at.house.www}/wp-cron.php")
    must("The last round ended" in at.wp("status"), "wp-cron.php runs the round that was planned")


def privacy(at: Place) -> None:
    number = Guest(at.house.url).buy(SKU, 1, email="grace@example.com", name="Grace Example")
    export = "echo json_encode(Flxchannel_Privacy::export('grace@example.com'));"
    erase = "echo json_encode(Flxchannel_Privacy::erase('grace@example.com'));"
    told = json.loads(at.house.run(export))
    must("Grace Example" in json.dumps(told["data"]) and told["done"], "an export has the buyer's orders")
    must(json.loads(at.house.run(erase))["items_retained"], "an order on its way is not erased")
    at.wp("round")

    def kept() -> str:
        return subprocess.run(["grep", "-rla", "Grace Example", at.house.folder / "state"], capture_output=True, text=True).stdout

    must(kept() != "", "the channel's state has the buyer's name")
    erased = json.loads(at.house.run(erase))
    must(erased["items_removed"] and not erased["items_retained"], "an order at the hub is erased")
    rows = at.house.sql("SELECT 1 FROM wp_flx_order WHERE content LIKE '%Grace%' OR email LIKE 'grace%'")
    must(rows == [] and kept() == "", "neither the shop's tables nor the channel's state have the buyer's name any more")
    told = json.loads(at.house.run(export))
    must(told["data"] == [] and at.order(number)["verdict"] == "applied", "the order itself is still known")


def woocommerce(at: Place) -> None:
    """The adapter, with a stand-in for what WooCommerce documents."""
    shutil.copy(HERE / "woocommerce.php", at.house.www / "wp-content/mu-plugins/woocommerce.php")
    at.house.run(
        "require_once ABSPATH . 'wp-admin/includes/plugin.php';"
        "activate_plugin('flxchannel-woocommerce/flxchannel-woocommerce.php');")
    address = {
        "first_name": "Ada", "last_name": "Example", "company": "", "address_1": "1 Test Street", "address_2": "",
        "city": "Springfield", "postcode": "62701", "state": "IL", "country": "US"}
    order = {
        **{f"shipping_{name}": text for name, text in address.items()}, "billing_email": "ada@example.com", "billing_phone": "",
        "shipping_method": "Standard", "date_created": "2026-01-31T12:00:00Z", "total": "411.00", "status": "pending", "meta": {},
        "notes": [], "items": [{"sku": SKU, "quantity": 2, "total": 411.0, "name": "A bivy"}]}
    place = "(new WC_Order({id}, json_decode(getenv('ORDER'), true)))->save(); wc_get_order({id})->update_status('processing');"
    given = {"ORDER": json.dumps(order)}
    at.house.run(f"update_option('stand_in_skus', ['{SKU}']); update_option('stand_in_product_{SKU}', ['name' => 'A bivy']);")

    def stands(number: int) -> "dict[str, Any]":
        return dict(json.loads(at.house.run(f"echo json_encode(get_option('stand_in_order_{number}'));")))

    at.house.run(place.format(id=7), given)
    at.house.run("do_action('woocommerce_order_status_processing', 7, wc_get_order(7));")
    at.wp("round")
    hubs = at.hub.get("orders/WC-7")
    must(len(at.hub.posts("WC-7")) == 1 and Decimal(hubs["total"]) == 411, "an order of WooCommerce is sent once")
    part = {"order_number": "WC-7", "lines": [{"sku": SKU, "quantity": 1}], "tracking_number": "T-1"}
    parcel = at.hub.post("ship", part)[0]["id"]
    at.wp("round")
    at.wp("round")
    must(stands(7)["notes"] == ["buyer: Your parcel is on its way: T-1"], "its parcel is one note for the buyer")
    at.hub.post("shipments", {"id": parcel, "trackingNumber": "T-1-B"})
    at.hub.post("ship", {"order_number": "WC-7", "tracking_number": "T-2"})
    at.wp("round")
    told = stands(7)
    new = [note.rpartition(" ")[2] for note in told["notes"][1:]]
    must(sorted(new) == ["T-1-B", "T-2"], "so is a corrected number, and the second parcel")
    must(told["status"] == "completed", "all of it has left: the order is completed")
    at.hub.post("refuse", {"order_number": "WC-8", "status": 422, "error": "not served", "times": 0})
    at.house.run(place.format(id=8), given)
    at.wp("round")
    must(stands(8)["status"] == "on-hold" and "not served" in stands(8)["notes"][0], "a refused order is on hold, with the reason")
    at.house.run(place.format(id=9), given)
    at.wp("round")
    at.house.run("wc_get_order(9)->update_status('cancelled');")
    at.wp("round")
    must(at.hub.get("orders/WC-9")["status"] == "Canceled", "a cancelled order is canceled at the hub")
    at.hub.post("listings", {"sku": SKU, "price": "99.50", "quantity": 3})
    at.wp("round")
    product = json.loads(at.house.run(f"echo json_encode(get_option('stand_in_product_{SKU}'));"))
    offered = (Decimal(product["regular_price"]), product["stock_quantity"], product["status"])
    must(offered == (Decimal("99.5"), 3, "publish"), "price and stock follow the hub")


def guards(at: Place) -> None:
    """What must not be possible."""
    parent = at.hub.get(f"listings/{SKU}")["parent_id"]
    script = "<script>alert(1)</script>"
    at.hub.post("listings", {"parent_id": parent, "title": f"{script}Bivy", "description": f"<p>x{script}"})
    at.wp("round")
    guest = Guest(at.house.url)
    page = guest.get(at.house.sql(
        "SELECT CONCAT('/listings/', post_name, '/') FROM wp_posts w JOIN wp_flx_parent p ON p.post_id = w.ID"
        f" WHERE p.id = '{parent}'")[0][0])
    must("Bivy" in page and script not in page, "markup of the hub runs nowhere")
    orders = len(at.house.sql("SELECT 1 FROM wp_flx_order"))
    form = guest.basket(SKU, 1)
    page = guest.post("/basket/", {**form, "_wpnonce": "0123456789"})
    now = len(at.house.sql("SELECT 1 FROM wp_flx_order"))
    must("too old" in page and now == orders, "a form without its nonce orders nothing")
    numbers = {re.findall('data-number="([^"]+)"', guest.post("/basket/", form))[0]}
    guest.basket(SKU, 1)
    numbers |= {re.findall('data-number="([^"]+)"', guest.post("/basket/", form))[0]}
    must(len(numbers) == 1, "a form that is sent twice is one order")
    page = guest.get("/your-order/?key=00000000-0000-4000-8000-000000000000")
    must("no such order" in page, "a key that is guessed shows no order")
    number = numbers.pop()
    for who, name in ((at.admin, "the merchant without a nonce"), (guest, "a stranger")):
        try:
            who.post("/wp-admin/admin-post.php", {"action": "flxchannel_cancel", "order": number})
        except HTTPError as refused:
            must(refused.code in (400, 403), f"{name} is refused with {refused.code}")
        must(at.order(number)["wanted"] != "cancel", f"{name} cancels nothing")
    typed = "['token' => '', 'state_dir' => ABSPATH . 'flx', 'budget_ms' => '9e9']"
    kept = json.loads(at.house.run(
        "require_once ABSPATH . 'wp-admin/includes/template.php';"
        "update_option('flxchannel', ['token' => 'a%20<b>', 'state_dir' => '/var/lib/shop/flx']);"
        f"echo json_encode(Flxchannel_Settings_Page::sanitize({typed}));"))
    stays = (kept["token"], kept["state_dir"]) == ("a%20<b>", "/var/lib/shop/flx")
    must(stays, "a state directory in the web root is refused, a token kept")


def uninstalled(at: Place) -> None:
    at.house.run(
        "require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('flxchannel/flxchannel.php');"
        "uninstall_plugin('flxchannel/flxchannel.php');")
    left = at.house.sql(
        "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'wp\\_flx%' UNION"
        " SELECT option_name FROM wp_options WHERE option_name LIKE '%flxchannel%' UNION"
        " SELECT post_title FROM wp_posts WHERE post_type = 'flx_listing' OR post_content LIKE '%flxchannel%' UNION"
        " SELECT taxonomy FROM wp_term_taxonomy WHERE taxonomy LIKE 'flx%'")
    must(left == [], f"uninstalling leaves nothing in the database{': ' if left else ''}{left or ''}")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="shop-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        for way in WAYS:
            each_way(Path(folder) / way, way)
        with Place(Path(folder) / "more", "extension") as at:
            passes: "list[Callable[[Place], None]]" = [shell, slice_of_cron, privacy, woocommerce, guards, uninstalled]
            for one in passes:
                one(at)
    print("passes: all hold")
    return 0


if __name__ == "__main__":
    assert ROOT
    sys.exit(main())
