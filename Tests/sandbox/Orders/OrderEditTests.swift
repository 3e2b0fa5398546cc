import Testing

@testable import flx_sandbox

/// Orders that people at the hub edit.
@Suite struct OrderEditTests {
    /// A hub with order 1 of two lines, A and B, made a minute ago.
    private func rig() throws -> Rig {
        let rig = try Rig()
        let members = (rig.order("1").members ?? []).filter { $0.key != "orderItems" }
        let lines: JSONValue = [["sku": "A", "quantity": 2], ["sku": "B", "quantity": 3]]
        _ = rig.ask("POST", "/orders", .object(members + [.init(key: "orderItems", value: lines)]))
        rig.pass(seconds: 60)
        return rig
    }

    private func edit(_ rig: Rig, _ body: JSONValue) throws {
        _ = try rig.hub.act("order", .object([.init(key: "order_number", value: "1")] + (body.members ?? [])))
    }

    private func read(_ rig: Rig) -> JSONValue { rig.ask("GET", "/orders/\(rig.hub.orders.orders[0].id)").json }

    @Test func linesAreAddedCanceledAndRenamed() throws {
        let rig = try rig()
        let sku = rig.hub.catalogue.variants[0].sku

        try edit(
            rig,
            [
                "lines": [
                    ["cancel": "A"], ["sku": "B", "to": "C"],
                    ["add": ["sku": .string(sku), "quantity": 4, "price": .number("5.00")]],
                ]
            ])

        let order = read(rig), lines = order["orderItems"]?.array ?? []
        #expect(lines.map { $0["sku"]?.text } == ["A", "C", sku])
        #expect(lines.map { $0["canceledQuantity"]?.integer } == [2, 0, 0])
        #expect(lines[2]["listingVariantId"]?.integer == rig.hub.catalogue.variants[0].id)
        #expect(lines[2]["price"] == .number("5.00"))
        #expect(order["updatedAt"]?.text == rig.hub.now.iso)
        #expect(order["insertedAt"]?.text == (rig.hub.now - 60).iso)
    }

    @Test func canceledLineIsNotShipped() throws {
        let rig = try rig()
        let id = rig.hub.orders.orders[0].items[1].id
        try edit(rig, ["lines": [["cancel": .integer(id)]]])

        let made = try rig.hub.act("ship", ["order_number": "1"])

        #expect(
            made.array?.first?["shipmentItems"]?.array?.map { $0["orderItemId"]?.integer } == [rig.hub.orders.orders[0].items[0].id]
        )
        #expect(read(rig)["shippedStatus"] == "Completed")
        #expect(read(rig)["orderStatus"] == "Closed")
    }

    @Test func partOfAnAddressChangesWithWhatFollowsFromIt() throws {
        let rig = try rig()

        try edit(rig, ["address": ["city": "Eugene", "firstName": "Kim", "lastName": "Roe", "stateCode": "CA"]])

        let address = try #require(read(rig)["shippingAddress"])
        #expect((address["city"], address["name"], address["state"]) == ("Eugene", "Kim Roe", "California"))
        try edit(rig, ["address": ["postal": "97401"]])
        #expect(read(rig)["shippingAddress"]?["city"] == "Eugene")
    }

    @Test func totalChanges() throws {
        let rig = try rig()
        try edit(rig, ["total": "31.50"])
        #expect(read(rig)["orderTotal"] == .number("31.50"))
    }

    @Test(arguments: [
        #"{"lines":[{"cancel":"A"},{"cancel":"A"}]}"#, #"{"lines":[{"cancel":"B"},{"add":{"sku":"D"}}]}"#, #"{"lines":[{}]}"#,
        #"{"lines":[{"cancel":"A"}],"total":"much"}"#, #"{"lines":[{"cancel":"A"}],"address":{"email":"nobody"}}"#,
    ])
    func editIsDoneWholeOrNotAtAll(body: String) throws {
        let rig = try rig()
        let before = read(rig)

        #expect(throws: Refusal.self) { try edit(rig, JSONParser.parse(body)) }

        #expect(read(rig) == before)
    }
}
