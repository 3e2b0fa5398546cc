"""Contract section 9, the rows that no switch of the sandbox stands for."""

from __future__ import annotations

from unknowns import row


@row(25)
def test_nothing_depends_on_a_webhook(library, row):
    for operation in library.describe("operations"):
        assert "webh" not in operation["path"] and "webh" not in operation["id"].lower()


@row(26)
def test_token_kinds_that_nobody_stated_are_marked(library, row):
    marked = {one["id"] for one in library.describe("operations") if one["tokens_inferred"]}

    assert {"getOrderById", "listShipments", "createReturn", "flagShipmentsWithErrors"} <= marked
