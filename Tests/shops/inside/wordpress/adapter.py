"""The pass of the WooCommerce adapter, with a stand-in for what WooCommerce documents."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from typing import Any

from house import HERE
from place import SKU, Place, must


def woocommerce(at: Place) -> None:
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
    at.house.run(
        "$order = get_option('stand_in_order_8'); $order['shipping_address_1'] = '2 Test Street';"
        "update_option('stand_in_order_8', $order); wc_get_order(8)->update_status('processing');")
    must(stands(8)["status"] == "processing" and at.order("WC-8")["verdict"] == "", "corrected, it goes again")
    at.wp("round")
    must(stands(8)["status"] == "on-hold", "refused again, it is on hold again")
    at.hub.post("shipments", {"id": parcel, "trackingNumber": "T-1-C"})
    at.house.run("wc_get_order(7)->update_status('refunded');")
    at.wp("round")
    must(stands(7)["status"] == "refunded" and "T-1-C" in stands(7)["notes"][-1], "a late number leaves a refunded order refunded")
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

    def is_for_sale() -> bool:
        return bool(json.loads(at.house.run(f"echo json_encode(get_option('stand_in_product_{SKU}'));"))["status"] == "publish")

    for status in ("hidden", "listed"):
        at.hub.post("listings", {"sku": SKU, "status": status})
        at.wp("round")
        must(is_for_sale() == (status == "listed"), f"a product that is {status} at the hub is {status} here")
    gone = at.house.sql(f"SELECT id FROM wp_flx_variant WHERE sku = '{SKU}'")[0][0]
    at.without_library(f"Flxchannel_Catalogue::gone(array('id' => '{gone}'));")
    must(not is_for_sale(), "one that is gone is not for sale")
    at.hub.post("listings", {"sku": SKU, "quantity": 50})
    at.wp("round")
    must(is_for_sale(), "and is again, if the hub says so")
    at.house.run("remove_all_actions('flxchannel_order');" + place.format(id=10), given)
    must(stands(10)["status"] == "on-hold" and "not active" in stands(10)["notes"][0], "an order that nobody takes is on hold")
    billed = {name.replace("shipping_", "billing_") if name[9:] in address else name: text for name, text in order.items()}
    at.house.run(place.format(id=11), {"ORDER": json.dumps(billed)})
    content = at.house.sql("SELECT content FROM wp_flx_order WHERE number = 'WC-11'")[0][0]
    must("1 Test Street" in content, "without an address to ship to it goes to who pays")
