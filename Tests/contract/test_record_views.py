"""Every field that the contract documents for a record has a member in a struct of the header, and in a Python view.

The map between the two is Tests/abi/shapes_*.c, of which the C tests prove that the library reads it so. It is made of tables/,
like the views that it stands for: the contract file is what tells that a row there is right.
"""

from __future__ import annotations

import contract
import views


def test_every_documented_field_has_a_member():
    assert views.without_view(contract.load(), views.tables()) == []


def test_every_member_stands_for_a_documented_field():
    assert views.without_field(contract.load(), views.tables()) == []


def test_every_member_is_of_the_kind_of_its_field():
    assert views.of_other_kind(contract.load(), views.kinds()) == []


def test_tables_have_the_members_of_the_header():
    made = views.MADE_BY_THE_LIBRARY
    members = {(struct, name) for struct, names in views.header().items() for name in names}

    assert {(struct, name) for struct, rows in views.tables().items() for name in rows} == members - made
    assert made <= members


def test_python_views_have_the_same_fields():
    assert views.python() == views.tables()


def test_what_is_left_to_json_is_documented():
    schemas = dict(views.record_schemas(contract.load()))

    assert all(pointer[1:] in schemas[name]["properties"] for name, pointer in views.LEFT_TO_JSON)


def test_new_field_is_found():
    spec = contract.load()
    for name in ("Return", "InventoryCategory", "FulfillmentRequestStatus"):
        spec["components"]["schemas"][name]["properties"]["brandNew"] = {"type": "string"}

    assert sorted(views.without_view(spec, views.tables())) == [
        "FulfillmentRequestStatus.brandNew", "InventoryCategory.brandNew", "Return.brandNew",
    ]


def test_new_schema_is_found():
    spec = contract.load()
    spec["components"]["schemas"]["Parcel"] = {"type": "object", "properties": {"weight": {"type": "number"}}}
    spec["components"]["schemas"]["Shipment"]["properties"]["note"] = {"anyOf": [{"$ref": "#/components/schemas/Parcel"}]}

    assert views.without_view(spec, views.tables()) == ["Parcel.weight"]


def test_missing_member_is_found():
    tables = views.tables()
    del tables["flx_listing_variant"]["asin"]
    del tables["flx_rma"]

    assert "ListingVariant.asin" in views.without_view(contract.load(), tables)
    assert "Rma.rmaNumber" in views.without_view(contract.load(), tables)


def test_field_that_the_contract_lost_is_found():
    spec = contract.load()
    del spec["components"]["schemas"]["Order"]["properties"]["importedFrom"]

    assert views.without_field(spec, views.tables()) == ["flx_order.imported_from"]


def test_member_of_another_kind_is_found():
    kinds = views.kinds()
    kinds["flx_listing_variant"]["/price"] = "T"
    kinds["flx_shipment"]["/shippedAt"] = "T"
    kinds["flx_rma"]["/items"] = "S"

    assert sorted(finding.split(" ")[0] for finding in views.of_other_kind(contract.load(), kinds)) == [
        "ListingVariant.price", "Rma.items", "Shipment.shippedAt",
    ]
