import Testing

@testable import flx_sandbox

@Suite struct OrderTests {
    @Test func repeatGivesTheFirstOrder() throws {
        let rig = try Rig()
        let first = rig.ask("POST", "/orders", rig.order("1"))
        let second = rig.ask("POST", "/orders", rig.order("1"))

        #expect((first.status, second.status) == (201, 200))
        #expect(first.json["id"] == second.json["id"])
        #expect(rig.hub.orders.orders.count == 1)
    }

    @Test(arguments: [("first", 200), ("conflict", 409), ("bad_request", 400), ("overwrite", 200), ("second", 201)])
    func changedContent(rule: String, status: Int) throws {
        let rig = try Rig(["order.changed": rule])
        _ = rig.ask("POST", "/orders", rig.order("1"))

        #expect(rig.ask("POST", "/orders", rig.order("1", note: "changed")).status == status)
        #expect(rig.hub.orders.orders.count == (rule == "second" ? 2 : 1))
    }

    @Test func memberOrderDoesNotMakeADifferentOrder() throws {
        let rig = try Rig(["order.changed": "conflict"])
        let order = rig.order("1")
        _ = rig.ask("POST", "/orders", order)

        #expect(rig.ask("POST", "/orders", .object((order.members ?? []).reversed())).status == 200)
    }

    @Test func priceTextComesBackAsItWasSent() throws {
        let rig = try Rig()
        #expect(rig.ask("POST", "/orders", rig.order("1")).body.range(of: "\"price\":19.90,") != nil)
    }

    @Test func unknownSkuHoldsTheOrder() throws {
        let rig = try Rig()
        let answer = rig.ask("POST", "/orders", rig.order("1", sku: "no-such"))

        #expect(answer.status == 201)
        #expect(answer.json["orderStatus"] == "On Hold")
        #expect(answer.json["fulfillmentRequests"] == [])
    }

    /// The connection is cut after the hub took the order: the journal says accepted, the client saw nothing.
    @Test func cutAfterAcceptanceKeepsTheOrder() throws {
        let rig = try Rig()
        _ = try rig.hub.act("cut", ["order_number": "1", "when": "after"])

        let lost = rig.ask("POST", "/orders", rig.order("1"))
        let second = rig.ask("POST", "/orders", rig.order("1"))

        #expect(lost.steps == [.close])
        #expect(second.status == 200)
        let entries = rig.hub.journal.entries
        #expect(entries.map(\.effect.kind) == ["order_created", "order_repeated"])
        #expect(entries.map(\.attempt) == [1, 2])
        #expect(entries.map(\.isAnswered) == [false, true])
    }

    @Test func cutBeforeLeavesNoOrder() throws {
        let rig = try Rig()
        _ = try rig.hub.act("cut", ["order_number": "1", "when": "before"])
        _ = rig.ask("POST", "/orders", rig.order("1"))

        #expect(rig.hub.orders.orders.isEmpty)
        #expect(rig.hub.journal.entries.map(\.effect.isAccepted) == [false])
    }

    @Test func refusedOrderIsNamed() throws {
        let rig = try Rig()
        _ = try rig.hub.act("refuse", ["order_number": "1"])

        #expect(rig.ask("POST", "/orders", rig.order("1")).status == 422)
        #expect(rig.ask("POST", "/orders", rig.order("2")).status == 201)
    }

    @Test func shippingEveryLineClosesTheOrder() throws {
        let rig = try Rig()
        _ = rig.ask("POST", "/orders", rig.order("1"))

        _ = try rig.hub.act("ship", ["order_number": "1"])

        let order = try #require(rig.hub.orders.orders.first)
        #expect(order.status == .closed)
        #expect(rig.ask("GET", "/shipments?findByOrderId=\(order.id)").json.array?.count == 1)
        #expect(rig.ask("PATCH", "/orders/\(order.id)/status?status=Canceled").status == 400)
    }

    @Test func statusChangeIsByQueryAndDraftIsRefused() throws {
        let rig = try Rig()
        let id = try #require(rig.ask("POST", "/orders", rig.order("1")).json["id"]?.integer)

        #expect(rig.ask("PATCH", "/orders/\(id)/status?status=Draft").status == 400)
        #expect(rig.ask("PATCH", "/orders/\(id)/status?status=On%20Hold").status == 201)
        #expect(rig.hub.orders[id]?.status == .onHold)
    }
}

@Suite struct OrderReadingTests {
    @Test(arguments: [
        ("as_sent", ["ab-1"]), ("product_sku", ["P-ab-1"]), ("upper_sku", ["AB-1"]), ("gift", ["ab-1", "GIFT"]),
    ])
    func linesMayNotBeThoseThatWereSent(setting: String, skus: [String]) throws {
        let rig = try Rig(["order.lines": setting])
        let made = rig.ask("POST", "/orders", rig.order("1", sku: "ab-1"))

        let read = rig.ask("GET", "/orders/\(made.json["id"]?.integer ?? 0)")

        for answer in [made, read] { #expect(answer.json["orderItems"]?.array?.compactMap { $0["sku"]?.text } == skus) }
        #expect(rig.hub.orders.orders[0].items.map(\.sku) == ["ab-1"])
    }

    @Test func instantsMayBeAbsent() throws {
        let rig = try Rig(["order.instants": "absent"])
        let answer = rig.ask("POST", "/orders", rig.order("1")).json

        #expect(["orderedAt", "insertedAt", "updatedAt"].allSatisfy { answer[$0] == nil })
        #expect(answer["orderNumber"] == "1")
    }
}
