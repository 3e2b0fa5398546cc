"""How a sandbox is set at random, and what `flx doctor --learn` may say of it: the switch, or nothing where rows cannot tell."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Any

from rig import Shop

# Every switch of a row that reading can settle, with each of its settings; one that stands twice is drawn twice as often.
SPACE: "dict[str, list[str]]" = {
    "order.extra": ["echo", "drop"],
    "query.ignore": ["", "", "listOrders.orderNumber", "listOrders.updatedAfter,listOrders.orderedAfter",
                     "listOrders.createdSince,listOrders.status", "filterUpdatedAfter", "getListingVariants.updatedAfter"],
    "query.rename": ["", "", "", "orderNumber:number", "updatedAfter:updatedSince", "page:pageNumber", "pageSize:filterPageSize"],
    "orders.updated_after": ["filters", "needs_change"],
    "sort.variants": ["id", "id_desc", "updated", "updated_desc", "random"],
    "sort.parents": ["id", "id_desc", "updated", "updated_desc", "random"],
    "sort.orders": ["id", "id_desc", "updated", "updated_desc", "random"],
    "sort.shipments": ["inserted", "id", "id_desc", "updated", "updated_desc", "random"],
    "sort.returns": ["id", "id_desc", "updated", "updated_desc", "random"],
    "page.default": ["5", "20", "1000"],
    "page.cap": ["0", "7", "50", "100"],
    "page.over_cap": ["lower", "lower", "refuse"],
    "page.size": ["honoured", "honoured", "honoured", "ignored"],
    "page.parameter": ["honoured", "honoured", "honoured", "ignored"],
    "page.first": ["1", "0"],
    **{f"page.{what}.{which}": ["-1", "-1", "6"] for what in ("default", "cap")
       for which in ("variants", "parents", "orders", "shipments", "returns")},
    "bounds": ["exclusive", "inclusive"],
    "arrays": ["both", "repeated", "joined"],
    "errors.bad_request.body": ["json", "empty", "text", "html", "spring"],
    "errors.body": ["json", "empty", "text", "html", "spring"],
    "auth.foreign_channel": ["403", "404", "200"],
    "auth.wrong_kind": ["403", "401", "404"],
    "channel.denied": ["", "", "", "listReturns", "listShipments", "listOrders", "getChannelById"],
    "foreign.rows": ["", "", "listings", "orders", "shipments", "returns"],
    "channel.id_in": ["all", "all", "none", "listings", "orders", "returns"],
    "shipments.synced_flag": ["false", "true", "absent"],
    "queue.read": ["repeatable", "once"],
    "status_change.on": ["both", "variant", "parent"],
    "status_change.flow": ["split", "both"],
    "variant.fields": ["full", "full", "minimal", "no_quantity", "no_price"],
    "listing_status": ["object", "omit", "text"],
    "order.numbers": ["echo", "two_places", "text"],
    "descriptions": ["seeded", "plain", "hostile", "mixed", "null"],
    "numbers": ["cents", "four_places", "trailing_zeros", "exponent", "text", "integer_as_float"],
    "channel.invoice_status": ["Paid", "Deferred", "Not Authorized", "Authorized", "Awaiting Clearance", "Declined",
                               "Refund Pending", "Refund Failed", "Refunded", "Credited"],
    "channel.generate_on_import": ["true", "false"],
    "count.false_flags": ["ignored", "without"],
}
OPERATIONS = {"variants": "getListingVariants", "parents": "getListingParents", "orders": "listOrders",
              "shipments": "listShipments", "returns": "listReturns"}
# Rows of each list, as the test plants them, and those of the other channel.
OWN = {"variants": 60, "parents": 14, "orders": 25, "shipments": 26, "returns": 18}
FOREIGN = {"variants": 3, "parents": 1, "orders": 1, "shipments": 1, "returns": 0}
LADDER = [100, 50, 20, 5]
LIST_FACTS = ["page.default", "page.cap", "page.over_cap", "page.size", "page.parameter", "page.first", "sort"]
BODIES = {"json": "words", "text": "words", "empty": "empty", "html": "html", "spring": "spring"}


@dataclass(frozen=True)
class Plan:
    number: int
    switches: "dict[str, str]"

    def facts_of(self, switch: str) -> "list[str]":
        """The facts in which a switch shows."""
        if switch in ("page.default", "page.cap", "page.over_cap", "page.size", "page.parameter", "page.first"):
            return [f"{switch}.{name}" for name in OPERATIONS]
        if switch in ("query.ignore", "query.rename"):
            return ["query.listOrders.updatedAfter"]
        if switch in ("channel.id_in", "foreign.rows"):
            return [f"{switch}.{name}" for name in ("listings", "orders", "returns", "shipments")]
        return [switch]


def plans(seed: int, runs: int) -> "list[Plan]":
    """So many settings of all switches, drawn by chance; each setting comes in its turn."""
    draw = random.Random(seed)
    columns = {}
    for switch, values in SPACE.items():
        column = [values[run % len(values)] for run in range(runs)]
        draw.shuffle(column)
        columns[switch] = column
    return [Plan(run, sound({switch: column[run] for switch, column in columns.items()})) for run in range(runs)]


def alone(switch: str, value: str) -> Plan:
    """One setting, on a hub that is set as the first of each switch says."""
    return Plan(-1, sound({**{name: values[0] for name, values in SPACE.items()}, switch: value}))


def sound(switches: "dict[str, str]") -> "dict[str, str]":
    """A hub that refuses its own default size gives no list at all."""
    return {**switches, "page.over_cap": "lower"} if switches["page.over_cap"] == "refuse" and any(
        0 < List(switches, name).cap < List(switches, name).default for name in OPERATIONS) else switches


class List:
    """What a list of a hub that is set so shows."""

    def __init__(self, switches: "dict[str, str]", name: str) -> None:
        self.switches, self.name, self.operation = switches, name, OPERATIONS[name]
        kind = "listings" if name in ("variants", "parents") else name
        self.rows = OWN[name] + (FOREIGN[name] if kind in switches["foreign.rows"].split(",") else 0)
        self.is_denied = self.operation in switches["channel.denied"]
        self.default, self.cap = (
            int(switches[f"page.{what}"] if switches[f"page.{what}.{name}"] == "-1" else switches[f"page.{what}.{name}"])
            for what in ("default", "cap"))
        self.is_random = switches[f"sort.{name}"] == "random"
        renames = dict(one.split(":") for one in switches["query.rename"].split(",") if one)
        # A rename takes the name away from every list: where it was another parameter's, that one is lost.
        has_lost_size = name == "shipments" and "filterPageSize" in renames.values()
        self.takes_size = switches["page.size"] == "honoured" and not has_lost_size
        self.refuses = switches["page.over_cap"] == "refuse" and self.cap > 0 and not has_lost_size
        self.takes_page = switches["page.parameter"] == "honoured" and not (
            name == "returns" and "pageNumber" in renames.values())

    @property
    def plain(self) -> int:
        """Rows of a page where no size is asked for."""
        most = self.default if self.switches["page.size"] == "ignored" or self.cap == 0 else min(self.default, self.cap)
        return min(most, self.rows)

    @property
    def seen(self) -> int:
        """Rows of the longest page that was asked for."""
        if not self.takes_size:
            return self.plain
        if self.refuses:
            return max(self.plain, min(self.rows, next((step for step in LADDER if step <= self.cap), 0)))
        return max(self.plain, min(self.rows, self.cap or 1000))

    @property
    def is_seen_whole(self) -> bool:
        return self.seen == self.rows

    @property
    def is_tame(self) -> bool:
        """Nothing about it makes a finding hard."""
        return self.is_seen_whole and self.takes_size and self.takes_page and not self.is_random and not self.is_denied


def acceptable(plan: Plan) -> "dict[str, set[Any]]":
    """What each fact may be; None is not settled."""
    switches = plan.switches
    lists = {name: List(switches, name) for name in OPERATIONS}
    allowed: "dict[str, set[Any]]" = {"clock": clock()}
    for one in lists.values():
        allowed.update({f"{what}.{one.name}": values for what, values in of_list(one).items()})
    allowed.update(of_filters(switches, lists))
    allowed.update(of_channel(switches, lists))
    allowed.update(of_rows(switches, lists))
    return allowed


class clock(set):  # type: ignore[type-arg]
    """The hub's clock was advanced by two minutes in all."""

    def __contains__(self, value: object) -> bool:
        told = re.fullmatch(r"(\d+) ms", str(value))
        return told is not None and 117_000 <= int(told[1]) <= 121_000


class either(set):  # type: ignore[type-arg]
    """Ways in which a list may be ordered, of which one is the hub's."""

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and bool(self & set(value.split(" or ")))


class part_of(set):  # type: ignore[type-arg]
    """Some of the forms that there are: the first rows do not have all of them."""

    def __init__(self, forms: str) -> None:
        super().__init__(forms.split(", "))

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and set(value.split(", ")) <= set(self)


def of_list(one: List) -> "dict[str, set[Any]]":
    if one.is_denied:
        return {name: {None} for name in LIST_FACTS}
    steady, switches = not one.is_random, one.switches
    turned = steady and one.takes_page
    found: "dict[str, set[Any]]" = {}
    if one.plain == one.rows:
        found["page.default"] = {None}
    elif one.seen > one.plain or (turned and not one.refuses and one.takes_size):
        found["page.default"] = {str(one.plain)}
    else:
        found["page.default"] = {str(one.plain), None}
    if one.refuses:
        step = next(step for step in LADDER if step <= one.cap)
        found["page.cap"] = {str(step) if step == one.cap else f"{step + 1}+"}
        found["page.over_cap"] = {"refuse"}
    elif not one.takes_size or one.cap == 0 or one.cap >= one.rows:
        found["page.cap"] = found["page.over_cap"] = {None}
    else:
        found["page.cap"] = {str(one.cap)} if turned else {None}
        found["page.over_cap"] = {"lower"} if turned else {None}
    found["page.size"] = {"honoured" if one.takes_size else "ignored"} | (set() if steady else {None})
    if not steady:
        found["page.parameter"] = found["page.first"] = {None}
    elif not one.takes_page:
        found["page.parameter"], found["page.first"] = {"ignored"}, {None}
    elif one.takes_size:
        found["page.parameter"], found["page.first"] = {"honoured"}, {switches["page.first"]}
    else:
        found["page.parameter"], found["page.first"] = {"honoured"}, {None}
    order = switches[f"sort.{one.name}"]
    if one.name == "returns" and order not in ("id", "id_desc"):
        order = "none"  # they do not tell when they changed
    found["sort"] = {"none"} if one.is_random else either({order})
    if order == "none" and not one.is_seen_whole:
        found["sort"].add("id")  # those that changed last are not among the first
    return found


def of_filters(switches: "dict[str, str]", lists: "dict[str, List]") -> "dict[str, set[Any]]":
    ignored = switches["query.ignore"].split(",")
    renamed = switches["query.rename"].partition(":")[0]
    orders, shipments = lists["orders"], lists["shipments"]

    def filtered(one: List, name: str, honoured: bool) -> "set[Any]":
        if one.is_denied:
            return {None}
        values = {"honoured" if honoured else "ignored"}
        return values if one.is_tame else values | {None}

    found: "dict[str, set[Any]]" = {}
    for name in ("orderNumber", "orderedAfter", "updatedAfter", "createdSince", "status", "channelId"):
        is_known = name not in ignored and f"listOrders.{name}" not in ignored and name != "channelId"
        found[f"query.listOrders.{name}"] = filtered(orders, name, is_known)
    if not is_told(switches, lists):
        found["query.listOrders.channelId"].add(None)
    found["query.listOrders.referenceNumber"] = filtered(orders, "referenceNumber", False)
    found["query.listShipments.filterUpdatedAfter"] = filtered(
        shipments, "filterUpdatedAfter", "filterUpdatedAfter" not in ignored)
    changed = switches["orders.updated_after"]
    sees = "honoured" in found["query.listOrders.updatedAfter"]
    found["orders.updated_after"] = {None} if not sees else {changed} if orders.is_tame else {changed, None}
    hears = renamed != "updatedAfter" and "getListingVariants.updatedAfter" not in ignored
    found["bounds"] = {switches["bounds"]} if hears else {None}
    return found


def is_told(switches: "dict[str, str]", lists: "dict[str, List]") -> bool:
    """Some row bears the id of its channel."""
    named = {"listings": "variants", "orders": "orders", "returns": "returns"}
    return any(switches["channel.id_in"] in ("all", kind) and not lists[name].is_denied for kind, name in named.items())


def of_channel(switches: "dict[str, str]", lists: "dict[str, List]") -> "dict[str, set[Any]]":
    bears = {kind: switches["channel.id_in"] in ("all", kind) for kind in ("listings", "orders", "returns")}
    names = {"listings": [lists["variants"], lists["parents"]], "orders": [lists["orders"]], "returns": [lists["returns"]]}
    is_shown = is_told(switches, lists) and switches["channel.denied"] != "getChannelById"
    is_sure = is_shown and switches["auth.foreign_channel"] != "200"
    found: "dict[str, set[Any]]" = {
        "channel": {"501"} if is_sure else {None},
        "auth.foreign_channel": {switches["auth.foreign_channel"]} if is_shown else {None},
        "channel.payment_collection": {"true"} if is_shown else {None},
        "channel.price_protection": {"true"} if is_shown else {None},
        "channel.archived": {"null"} if is_shown else {None},
    }
    for name in ("channel.invoice_status", "channel.generate_on_import"):
        found[name] = {switches[name]} if is_shown else {None}
    for kind, of_kind in names.items():
        if of_kind[0].is_denied:
            found[f"channel.id_in.{kind}"] = found[f"foreign.rows.{kind}"] = {None}
            continue
        found[f"channel.id_in.{kind}"] = {"yes" if bears[kind] else "no"}
        has_others = kind in switches["foreign.rows"] and kind != "returns"  # it has no return
        found[f"foreign.rows.{kind}"] = {"yes" if has_others else "no"} if bears[kind] else {None}
        if not is_sure and not has_others or not all(one.is_tame for one in of_kind):
            found[f"foreign.rows.{kind}"] |= {None}
    of_parcels = "yes" if "shipments" in switches["foreign.rows"] else "no"
    found["foreign.rows.shipments"] = {of_parcels}
    if lists["shipments"].is_denied:
        found["foreign.rows.shipments"] = {None}
    elif not lists["orders"].is_tame or not lists["shipments"].is_tame:
        found["foreign.rows.shipments"].add(None)
    denied = switches["channel.denied"]
    if denied == "getChannelById" and not is_told(switches, lists):
        denied = ""
    found["channel.denied"] = {denied or "none"}
    found["auth.wrong_kind"] = {switches["auth.wrong_kind"]} if denied else {None}
    return found


def of_rows(switches: "dict[str, str]", lists: "dict[str, List]") -> "dict[str, set[Any]]":
    orders, variants = lists["orders"], lists["variants"]
    found: "dict[str, set[Any]]" = {
        name: {switches[name]} for name in (
            "arrays", "variant.fields", "status_change.on", "listing_status", "count.false_flags", "shipments.synced_flag",
            "order.numbers")}
    found["order.extra"] = {"taxTotal" if switches["order.extra"] == "echo" else "none"}
    if not orders.is_seen_whole:  # the first rows are older ones, which are plainer
        found["order.extra"].add("none")
        found["order.numbers"] |= {"two_places"} if switches["order.numbers"] == "echo" else set()
    takes = variants.takes_size and not variants.is_random
    found["queue.read"] = {switches["queue.read"]} if takes else {switches["queue.read"], None}
    # A page alone tells a change only where all its variants have the same.
    is_sure = takes and switches["status_change.on"] != "parent" and lists["parents"].is_tame
    found["status_change.flow"] = {switches["status_change.flow"]} | (set() if is_sure else {None})
    if switches["queue.read"] == "once":
        found["status_change.flow"] = {None}
    knows_zone = not lists["orders"].is_denied and "orderedAfter" not in switches["query.ignore"]
    found["errors.bad_request.body"] = {BODIES[switches["errors.bad_request.body"]]} if knows_zone else {None}
    found["auth.unknown"] = found["arrays.comma"] = {None}  # never asked
    found["errors.body"] = {BODIES[switches["errors.body"]]}
    has_price = switches["variant.fields"] in ("full", "no_quantity")
    found["numbers"] = {switches["numbers"]} if has_price or switches["numbers"] == "integer_as_float" else {None}
    forms = {"null": "none", "plain": "plain", "seeded": "tags, lists", "hostile": "tags, lists, script"}
    found["descriptions"] = {forms.get(switches["descriptions"], "tags, lists, entities, word processor, editor")}
    if switches["descriptions"] == "mixed" and lists["parents"].seen < 10:
        found["descriptions"] = part_of("tags, lists, entities, word processor, editor")
    for name, is_denied in (("order.extra", orders.is_denied), ("order.numbers", orders.is_denied),
                            ("shipments.synced_flag", lists["shipments"].is_denied)):
        if is_denied:
            found[name] = {None}
    return found


def learnt(shop: Shop, *words: str, **more: Any) -> "dict[str, Any]":
    return dict(shop.json("doctor", "--learn", *words, **more))


def facts(report: "dict[str, Any]") -> "dict[str, Any]":
    return {fact["fact"]: fact["value"] for fact in report["facts"]}
