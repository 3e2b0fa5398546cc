"""What the shop's database has, as JSON on standard output: `side`, or `places`, the addresses of pages.

Run with the shop's Python and settings. It reads Oscar's own tables, and of the channel's only the status of a listing and the
numbers of a parcel.
"""

import json
import sys

import django

django.setup()

from oscar.core.loading import get_model  # noqa: E402

from flxchannel_oscar.models import Listing, Parcel  # noqa: E402 - after Django is set up

Order, StockRecord = get_model("order", "Order"), get_model("partner", "StockRecord")
STATES = {"Pending": "open", "Being processed": "open", "Complete": "closed", "Cancelled": "canceled"}


def side() -> "dict[str, list[tuple[object, ...]]]":
    gone = set(Listing.objects.filter(status="gone").values_list("product_id", flat=True))
    stock = [one for one in StockRecord.objects.select_related("product__parent") if one.product_id not in gone]
    status = dict(Listing.objects.values_list("product_id", "status"))
    orders = list(Order.objects.select_related("shipping_address").prefetch_related("lines"))
    parcels = list(Parcel.objects.select_related("event__order").prefetch_related("event__line_quantities__line"))
    sellable = {one.product_id for one in stock if one.product.is_public and one.product.parent.is_public}
    wrong = [one.partner_sku for one in stock if (one.product_id in sellable) != (status[one.product_id] == "listed")]
    if wrong:
        raise SystemExit(f"what the shop shows is not what it says of {', '.join(wrong)}")
    return {
        "parents": [(page.code, page.title) for page in {one.product.parent_id: one.product.parent for one in stock}.values()],
        "variants": [(one.partner_sku, one.product.parent.code) for one in stock],
        "prices": [(one.partner_sku, str(one.price)) for one in stock],
        "quantities": [(one.partner_sku, one.net_stock_level) for one in stock],  # what is set aside here is the hub's by now
        "statuses": [(one.partner_sku, status[one.product_id]) for one in stock],
        "orders": [(order.number, STATES[order.status]) for order in orders],
        "totals": [(order.number, str(order.total_incl_tax)) for order in orders],
        "addresses": [
            (order.number, f"{to.first_name} {to.last_name}", to.line1, to.line4, to.postcode, to.country_id, order.email)
            for order in orders for to in [order.shipping_address]
        ],
        "order lines": [
            (order.number, line.partner_sku, line.quantity, str(line.unit_price_incl_tax))
            for order in orders for line in order.lines.all()
        ],
        "parcels": [(one.event.order.number, one.carrier, one.tracking_number) for one in parcels],
        "parcel lines": [
            (one.event.order.number, one.tracking_number, each.line.partner_sku, each.quantity)
            for one in parcels for each in one.event.line_quantities.all()
        ],
    }


def places() -> "dict[str, dict[str, str]]":
    return {
        "products": {
            one.partner_sku: one.product.get_absolute_url()
            for one in StockRecord.objects.filter(product__is_public=True).select_related("product")
        },
        "orders": {
            one.number: f"/accounts/order-status/{one.number}/{one.verification_hash()}/" for one in Order.objects.all()
        },
        "emails": {one.number: one.guest_email for one in Order.objects.all()},
        "addresses": {one.number: str(one.shipping_address_id) for one in Order.objects.all()},
        "outbox": {one.number: str(one.channel.pk) for one in Order.objects.filter(channel__isnull=False)},
    }


json.dump({"side": side, "places": places}[sys.argv[1]](), sys.stdout)
