"""What the record views of C and Python have, and what the contract file says that records have."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Iterator

from contract import HERE, resolve

ROOT = HERE.parents[1]

#: The struct that stands for each schema.
STRUCTS = {
    "ListingVariant": "flx_listing_variant",
    "ListingParent": "flx_listing_parent",
    "ListingStatus": "flx_listing_status",
    "Unit": "flx_unit",
    "PriceOverwrite": "flx_price_overwrite",
    "QuantityOverwrite": "flx_quantity_overwrite",
    "ListingImage": "flx_listing_image",
    "ListingParentOption": "flx_name_value",
    "ListingVariantOption": "flx_name_value",
    "ListingParentAttribute": "flx_name_value",
    "CustomField": "flx_name_value",
    "ListingCategory": "flx_category",
    "ProductCategory": "flx_category",
    "InventoryCategory": "flx_category",
    "Order": "flx_order",
    "OrderItem": "flx_order_item",
    "OrderItemBundleComponent": "flx_bundle_component",
    "OrderFulfillmentRequest": "flx_fulfillment_request",
    "Address": "flx_address",
    "Shipment": "flx_shipment",
    "ShipmentItem": "flx_shipment_item",
    "Return": "flx_return",
    "ReturnItem": "flx_return_item",
    "Rma": "flx_rma",
    "RmaItem": "flx_rma_item",
}
#: Members of the object behind another: FulfillmentRequestStatus has no struct of its own.
INSIDE = {"FulfillmentRequestStatus": ("flx_fulfillment_request", "/fulfillmentRequestStatus")}
#: Fields without a view, and why.
LEFT_TO_JSON = {("ListingVariant", "/customAggregates"): "the contract does not say what stands in the list"}
#: Members that do not stand in the hub's JSON.
MADE_BY_THE_LIBRARY = {("flx_shipment", "kind"), ("flx_shipment", "order_number")}

Tables = "dict[str, dict[str, str]]"


def tables() -> Tables:
    """Read the JSON pointer of each struct member off the tables that the C tests prove right (Tests/abi/shapes_*.c)."""
    return {struct: {name: pointer for _, name, pointer in rows} for struct, rows in _rows().items()}


def kinds() -> Tables:
    """Read the kind of each field off the same tables, by its JSON pointer: a letter of Tests/abi/shape_rows.h."""
    return {struct: {pointer: letter for letter, _, pointer in rows} for struct, rows in _rows().items()}


def _rows() -> "dict[str, list[tuple[str, str, str]]]":
    found = {}
    for path in sorted((ROOT / "Tests" / "abi").glob("shapes_*.c")):
        for struct, rows in re.findall(r"#define STRUCT (\w+)\n(.*?)#undef STRUCT", path.read_text("utf-8"), re.S):
            found[struct] = re.findall(r'\b([TDNFIOHLS])\((\w+),[^"()]*"(/[^"]+)"', rows)
    return found


def header() -> "dict[str, set[str]]":
    """Read the members of the record structs off the header: all but the sizes, the bits, the counts and the padding."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "include" / "flxchannel.h").read_text("utf-8"), flags=re.S)
    found = {}
    for struct, body in re.findall(r"struct (flx_\w+) \{(.*?)\}", text, re.S):
        members = re.findall(r"^\s*(.*?)(\w+);", body, re.M)
        if members[0][1] == "size" and members[1][1] == "has":
            plain = {name for kind, name in members if "size_t" not in kind}
            found[struct] = plain - {"size", "has", "reserved"}
    return found


def python() -> Tables:
    """Read the fields of the Python views, by the struct of the same name."""
    from flxchannel import records

    found = {}
    for name in records.__all__:
        struct = "flx_" + re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()
        fields = [field for field in dataclasses.fields(getattr(records, name)) if field.metadata.get("path")]
        found[{"flx_image": "flx_listing_image"}.get(struct, struct)] = {
            field.name: "/" + field.metadata["path"].split("|")[0] for field in fields
        }
    return found


def record_schemas(spec: "dict[str, Any]") -> "Iterator[tuple[str, dict[str, Any]]]":
    """Yield the name and schema of every object that stands in an answer of a feed, however deep."""
    waiting: "list[Any]" = [
        spec["paths"][path]["get"]["responses"]["200"]
        for path in ("/listing/variants", "/listing/parents", "/orders", "/shipments", "/returns")
    ]
    seen = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if not name:
                waiting += node.values()
            elif name not in seen:
                seen.add(name)
                schema = resolve(spec, node)
                waiting.append({key: schema[key] for key in ("properties", "items", "allOf", "oneOf") if key in schema})
                if "properties" in schema:
                    yield name, schema


def without_view(spec: "dict[str, Any]", tables: Tables) -> "list[str]":
    """Return a finding for each field of a record that no member of a struct stands for."""
    findings = []
    for name, schema in record_schemas(spec):
        struct, outer = INSIDE.get(name, (STRUCTS.get(name, ""), ""))
        known = tables.get(struct, {}).values()
        for field in schema["properties"]:
            inner = any(pointer.startswith(f"{outer}/{field}/") for pointer in known)
            if f"{outer}/{field}" not in known and not inner and (name, f"/{field}") not in LEFT_TO_JSON:
                findings.append(f"{name}.{field}")
    return findings


def of_other_kind(spec: "dict[str, Any]", kinds: Tables) -> "list[str]":
    """Return a finding for each field whose member is of a kind that the contract's type does not become."""
    findings = []
    for name, schema in record_schemas(spec):
        struct, outer = INSIDE.get(name, (STRUCTS.get(name, ""), ""))
        for field, one in schema["properties"].items():
            kind = kinds.get(struct, {}).get(f"{outer}/{field}")
            if kind is not None and kind not in _allowed(spec, one):
                findings.append(f"{name}.{field} is {kind}, may be {_allowed(spec, one)}")
    return findings


def _allowed(spec: "dict[str, Any]", schema: "dict[str, Any]") -> str:
    """Letters for a value: ids are integers of the contract and texts here."""
    schema = resolve(spec, schema)
    [kind] = schema["types"]
    if kind == "string":
        return "I" if schema.get("format") == "date-time" else "T"
    if kind == "array":
        return "L" if resolve(spec, schema["items"])["types"] == ["object"] else "S"
    return {"integer": "NT", "number": "D", "boolean": "F", "object": "OH"}[kind]


def without_field(spec: "dict[str, Any]", tables: Tables) -> "list[str]":
    """Return a finding for each member of a struct that stands for no field of the contract."""
    named = set()
    for name, schema in record_schemas(spec):
        struct, outer = INSIDE.get(name, (STRUCTS.get(name, ""), ""))
        named |= {(struct, f"{outer}/{field}") for field in schema["properties"]}
    rows = [(struct, *row) for struct, rows in tables.items() for row in rows.items()]
    return [f"{struct}.{member}" for struct, member, pointer in rows if (struct, pointer) not in named]
