"""The library knows every operation of the contract, with its arguments; nothing it knows is not in there."""

from __future__ import annotations

import copy

import pytest

import contract
import table


@pytest.fixture(scope="module")
def rows(library):
    return library.describe("operations")


def test_table_agrees_with_the_contract(rows):
    assert table.findings(contract.load(), rows) == []


def test_every_operation_of_a_channel_is_reachable(rows):
    reachable = {row["id"] for row in rows if row["callable"] or "reserved_for" in row}
    for _, _, operation in contract.operations(contract.load()):
        is_ours = "channel" in operation["x-token-types"]
        assert (operation["operationId"] in reachable) == is_ours, operation["operationId"]


def test_functions_that_operations_are_reserved_for_are_in_the_header(rows):
    header = (contract.HERE.parents[1] / "include" / "flxchannel.h").read_text("utf-8")
    for row in rows:
        if "reserved_for" in row:
            assert f" {row['reserved_for']}(" in header


def test_feeds_name_operations_and_arguments_of_the_table(library, rows):
    known = {row["id"]: {argument["name"] for argument in row["arguments"]} for row in rows}
    for feed in library.describe("feeds"):
        used = {*feed["fixed"], *feed["defaults"], *(one["name"] for one in feed["filters"])}
        assert used <= known[feed["operation"]], feed["name"]
        assert feed["kind"] == "cursor" or feed["answer_operation"] in known


# The checker itself: a contract or a table that is wrong in one place must be found.


def gains_operation(spec, rows):
    spec["paths"]["/orders/{id}/notes"] = {
        "post": {"operationId": "addOrderNote", "x-token-types": ["channel"], "responses": {}}
    }


def gains_argument(spec, rows):
    listed = spec["paths"]["/orders"]["get"]["parameters"]
    listed.append({"name": "sort", "in": "query", "schema": {"type": "string"}})


def gains_field(spec, rows):
    spec["components"]["schemas"]["AddressRequest"]["properties"]["addressLine3"] = {"type": "string"}


def gains_choice(spec, rows):
    spec["components"]["schemas"]["OrderStatusUpdate"]["enum"].append("Draft")


def requires_argument(spec, rows):
    spec["paths"]["/orders/{id}/status"]["patch"]["parameters"][2]["required"] = True


def requires_field(spec, rows):
    spec["components"]["schemas"]["CreateOrderItemRequest"]["required"].append("price")


def changes_type(spec, rows):
    spec["paths"]["/listing/variants"]["get"]["parameters"][3]["schema"] = {"type": "integer"}


def changes_nested_type(spec, rows):
    items = spec["components"]["schemas"]["CreateReturnRequest"]["properties"]["items"]
    items["items"]["properties"]["salesPrice"]["type"] = "string"


def takes_token_away(spec, rows):
    spec["paths"]["/shipments"]["get"]["x-token-types"] = ["account"]


def moves_path(spec, rows):
    spec["paths"]["/v2/returns"] = spec["paths"].pop("/returns")


def lowers_page_size(spec, rows):
    spec["paths"]["/listing/parents"]["get"]["parameters"][1]["schema"]["maximum"] = 25


def table_lacks_operation(spec, rows):
    del rows[3]


def table_has_operation_of_its_own(spec, rows):
    rows.append({**rows[0], "id": "invented"})


def table_lacks_argument(spec, rows):
    next(row for row in rows if row["id"] == "listOrders")["arguments"].pop()


def table_lacks_body(spec, rows):
    del next(row for row in rows if row["id"] == "createReturn")["body"]


@pytest.mark.parametrize(
    "wrong",
    [
        gains_operation, gains_argument, gains_field, gains_choice, requires_argument, requires_field, changes_type,
        changes_nested_type, takes_token_away, moves_path, lowers_page_size, table_lacks_operation,
        table_has_operation_of_its_own, table_lacks_argument, table_lacks_body,
    ],
)
def test_difference_is_found(rows, wrong):
    spec, rows = contract.load(), copy.deepcopy(rows)
    wrong(spec, rows)

    assert table.findings(spec, rows) != []
