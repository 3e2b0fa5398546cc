#!/usr/bin/env python3
"""Short passes of the WordPress plugin: each way to the library, the shell's commands, WooCommerce, privacy, uninstalling.

    FLX_SANDBOX=... FLXCHANNEL_LIBRARY=... FLX=... FLX_EXTENSION=... python Tests/shops/inside/wordpress/passes.py

Each claim is a line; ends with 1 at the first that does not hold.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable
from urllib.error import HTTPError

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from adapter import woocommerce  # noqa: E402
from guest import Guest  # noqa: E402
from house import WAYS  # noqa: E402 - the rig is beside it
from place import SKU, Place, must  # noqa: E402


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
        by = {"extension": "the extension of PHP", "ffi": "FFI"}.get(way, "the command flx")
        must(f"ago, by {by}." in at.admin.get("/wp-admin/admin.php?page=flxchannel"), f"{way}: the report names it")
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
        faulty = {"orderNumber": "X-1", "orderItems": []}
        at.without_library(f"do_action('flxchannel_order', json_decode('{json.dumps(faulty)}', true));")
        number = Guest(at.house.url).buy(SKU, 1, name="Grace Example")
        at.without_library(f"do_action('flxchannel_cancel', '{number}');")
        at.round()
        at.round()
        told, canceled = at.order("X-1"), at.order(number)
        must(told["wanted"] == "" and told["note"] != "", f"{way}: an order with faults is not tried again, and says why")
        must((canceled["wanted"], canceled["verdict"]) == ("", "not_applied"), f"{way}: an order that has not left is canceled")
        must(at.hub.posts(number) == [], f"{way}: the hub has never heard of it")
        reserved = at.house.sql(f"SELECT reserved FROM wp_flx_variant WHERE sku = '{SKU}'")
        must(reserved == [["0"]], f"{way}: what it had taken off the stock is back")
        at.house.php("-d", f"ffi.enable={'0' if way == 'command' else 'preload'}", "-r", (
            f"require '{at.house.www}/wp-load.php'; Flxchannel_Privacy::erase('ada@example.com');"))
        must(not at.kept("Ada Example") and not at.kept("Grace Example"), f"{way}: an erased buyer is not in the state any more")


def shell(at: Place) -> None:
    must("takes the token" in at.wp("test"), "wp flxchannel test: the hub answers")
    must("The round is over" in at.wp("round", "--budget=20000"), "wp flxchannel round")
    good, bad = Guest(at.house.url).buy(SKU, 1), Guest(at.house.url).buy(SKU, 1)
    at.hub.post("refuse", {"order_number": bad, "status": 422, "error": "not there", "times": 1})
    at.wp("round")
    must("1 order needs you" in at.wp("status"), "wp flxchannel status names the order that needs somebody")
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
    payer = {"email": "grace@example.com", "city": "Billingham"}
    order = {"orderNumber": "B-1", "billingAddress": payer, "orderItems": [], "note": "Ring"}
    at.without_library(f"do_action('flxchannel_order', json_decode('{json.dumps(order)}', true));")
    told = at.house.run(export)
    must("Billingham" in told and "Ring" in told, "an export has the address that pays, and the buyer's words")
    at.house.sql("DELETE FROM wp_flx_order WHERE number = 'B-1'")
    told = json.loads(at.house.run(export))
    must("Grace Example" in json.dumps(told["data"]) and told["done"], "an export has the buyer's orders")
    must(json.loads(at.house.run(erase))["items_retained"], "an order on its way is not erased")
    at.wp("round")
    at.hub.post("ship", {"order_number": number, "tracking_number": "GRACE-1"})
    at.wp("round")
    must(at.kept("Grace Example"), "the channel's state has the buyer's name")
    must("GRACE-1" in at.house.run(export), "an export has the parcel")
    erased = json.loads(at.house.run(erase))
    must(erased["items_removed"] and not erased["items_retained"], "an order at the hub is erased")
    rows = at.house.sql("SELECT 1 FROM wp_flx_order WHERE content LIKE '%Grace%' OR email LIKE 'grace%'")
    must(rows == [] and not at.kept("Grace Example"), "neither the shop's tables nor the channel's state have the buyer's name now")
    rows = at.house.sql("SELECT 1 FROM wp_flx_parcel WHERE tracking = 'GRACE-1'")
    must(rows == [], "nor is there a parcel that leads to the door")
    told = json.loads(at.house.run(export))
    must(told["data"] == [] and at.order(number)["verdict"] == "applied", "the order itself is still known")


def guards(at: Place) -> None:
    """What must not be possible."""
    parent = at.hub.get(f"listings/{SKU}")["parent_id"]
    script = "<script>alert(1)</script>"
    blocks = "<!-- wp:search /--><!<!-- -->-- wp:search /-->[flxchannel_order]"
    at.hub.post("listings", {"parent_id": parent, "title": f"{script}Bivy", "description": f"<p>x{script}{blocks}"})
    at.wp("round")
    guest = Guest(at.house.url)
    page = guest.get(at.house.sql(
        "SELECT CONCAT('/listings/', post_name, '/') FROM wp_posts w JOIN wp_flx_parent p ON p.post_id = w.ID"
        f" WHERE p.id = '{parent}'")[0][0])
    must("Bivy" in page and script not in page, "markup of the hub runs nowhere")
    listing = page[page.index("flxchannel-images"):page.index("flxchannel-offers")]
    runs = "wp-block-search" in listing or "no such order" in listing
    must(not runs and "flxchannel_order]" in listing, "nor does a block or a shortcode, which stand there as text")
    orders = len(at.house.sql("SELECT 1 FROM wp_flx_order"))
    form = guest.basket(SKU, 1)
    page = guest.post("/basket/", {**form, "_wpnonce": "0123456789"})
    now = len(at.house.sql("SELECT 1 FROM wp_flx_order"))
    must("too old" in page and now == orders, "a form without its nonce orders nothing")
    numbers = {re.findall('data-number="([^"]+)"', guest.post("/basket/", form))[0]}
    guest.basket(SKU, 1)
    numbers |= {re.findall('data-number="([^"]+)"', guest.post("/basket/", form))[0]}
    must(len(numbers) == 1, "a form that is sent twice is one order")
    at.house.sql(f"UPDATE wp_flx_variant SET quantity = reserved + 1 WHERE sku = '{SKU}'")
    form = guest.basket(SKU, 1)
    with ThreadPoolExecutor() as pool:
        pages = list(pool.map(lambda _: guest.copy().post("/basket/", form), range(4)))
    shown = {number for page in pages for number in re.findall('data-number="([^"]+)"', page)}
    each = all("flxchannel-order" in page for page in pages)
    must(len(shown) == 1 and each, "one that is sent four times at once is one order, and each answer says so")
    at.house.sql(f"UPDATE wp_flx_variant SET quantity = quantity + 10 WHERE sku = '{SKU}'")
    form = guest.basket(SKU, 1)
    at.house.sql(f"UPDATE wp_flx_variant SET price = price + 1 WHERE sku = '{SKU}'")
    page = guest.post("/basket/", form)
    must("Prices have changed" in page and "flxchannel-order" not in page, "nobody pays another price than the one that was shown")
    other = Guest(at.house.url)
    other.basket(SKU, 1)
    many = re.findall('data-number="([^"]+)"', other.post("/basket/", other.basket(SKU, 2)))[0]
    content = json.loads(at.house.sql(f"SELECT content FROM wp_flx_order WHERE number = '{many}'")[0][0])
    must([line["quantity"] for line in content["orderItems"]] == [3], "what is put into the basket comes to what is in it")
    with urllib.request.urlopen(f"{at.house.url}/your-order/?key={at.order(many)['access_key']}", timeout=60) as answer:
        private = answer.headers["Referrer-Policy"] == "no-referrer" and "no-cache" in answer.headers["Cache-Control"]
        must(private and b"noindex" in answer.read(), "an order's page is for its buyer alone")
    page = guest.get("/your-order/?key=00000000-0000-4000-8000-000000000000")
    must("no such order" in page, "a key that is guessed shows no order")
    number = numbers.pop()
    before = at.order(number)
    for who, name in ((at.admin, "the merchant without a nonce"), (guest, "a stranger")):
        try:
            who.post("/wp-admin/admin-post.php", {"action": "flxchannel_cancel", "order": number})
        except HTTPError as refused:
            must(refused.code in (400, 403), f"{name} is refused with {refused.code}")
        must(at.order(number) == before, f"{name} cancels nothing")
    typed = "['token' => '', 'state_dir' => ABSPATH . 'flx', 'budget_ms' => '9e9']"
    kept = json.loads(at.house.run(
        "require_once ABSPATH . 'wp-admin/includes/template.php';"
        "update_option('flxchannel', ['token' => 'a%20<b>', 'state_dir' => '/var/lib/shop/flx']);"
        f"echo json_encode(Flxchannel_Settings_Page::sanitize({typed}));"))
    stays = (kept["token"], kept["state_dir"]) == ("a%20<b>", "/var/lib/shop/flx")
    must(stays, "a state directory in the web root is refused, a token kept")


def edges(at: Place) -> None:
    """What is said to be stored is, and what is canceled stays so, whoever is in the middle of it."""
    at.house.sql("RENAME TABLE wp_flx_parcel TO wp_flx_away")
    parcel = "array('id' => 1, 'type' => 'shipment', 'order_number' => null, 'record' => array())"
    told = at.house.run(
        f"try {{ echo json_encode(Flxchannel_News::take_parcel({parcel})); }} catch (Flxchannel_Not_Stored) {{ echo 'refused'; }}")
    at.house.sql("RENAME TABLE wp_flx_away TO wp_flx_parcel")
    must("refused" in told and "true" not in told, "a parcel that the database does not take is not said to be stored")
    order = "array('orderNumber' => 'E-1', 'orderItems' => array(array('sku' => '%s', 'quantity' => 1)))" % SKU
    at.without_library(f"do_action('flxchannel_order', {order});")
    hand_over = "(fn () => self::hand_over($row))->bindTo(null, Flxchannel_Orders::class)();"
    cancel = "Flxchannel_Orders::cancel('E-1'); Flxchannel_Orders::carry_out('E-1');"
    at.house.run(f"$row = Flxchannel_Orders::wanted('E-1')[0]; {cancel} {hand_over}")
    known = {row["number"] for row in json.loads(at.wp("outbox", "--format=json"))}
    is_canceled = "E-1" not in known and at.order("E-1")["verdict"] == "not_applied"
    must(is_canceled, "an order that was canceled meanwhile is not handed over")
    at.house.sql(f"UPDATE wp_flx_variant SET quantity = reserved + 1 WHERE sku = '{SKU}'")
    place = f"Flxchannel_Checkout::place(array('{SKU}' => 1), array('email' => 'ada@example.com'), 'form')"
    told = at.house.run(  # the last piece, and the same form is stored by another request just before this one begins to
        "$first = null; add_filter('query', function ($query) use (&$first) {"
        f" if (!$first && 'START TRANSACTION' === $query) {{ $first = 'begun'; $first = {place}; }} return $query; }});"
        f"$second = {place}; echo $first['number'] === $second['number'] ? 'one' : 'two';")
    must(told == "one", "a form that is sent twice at the same moment is one order")
    at.house.sql(f"UPDATE wp_flx_variant SET quantity = quantity + 50 WHERE sku = '{SKU}'")
    number = Guest(at.house.url).buy(SKU, 1)
    at.hub.post("refuse", {"order_number": number, "status": 422, "times": 1})
    at.wp("round")
    at.house.run(f"Flxchannel_Orders::retry('{number}'); $row = Flxchannel_Orders::wanted('{number}')[0];" + 2 * hand_over)
    at.wp("round")
    told = at.order(number)
    must((told["verdict"], told["note"]) == ("applied", ""), "two rounds that send a refused order again at once send it once")


def uninstalled(at: Place) -> None:
    """In a request of its own, as WordPress does it: the plugin is not active in it any more."""
    at.house.run("wp_trash_post(get_posts(array('post_type' => 'flx_listing'))[0]->ID);")
    at.house.run("require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('flxchannel/flxchannel.php');")
    at.house.run("require_once ABSPATH . 'wp-admin/includes/plugin.php'; uninstall_plugin('flxchannel/flxchannel.php');")
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
            passes: "list[Callable[[Place], None]]" = [shell, slice_of_cron, privacy, woocommerce, edges, guards, uninstalled]
            for one in passes:
                one(at)
    print("passes: all hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
