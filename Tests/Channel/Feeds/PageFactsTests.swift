import Testing

@testable import FlxChannel

/// What a page tells beyond what its records say by themselves; that the structs say the same is shown in C (Tests/abi/views.c).
@Suite struct PageFactsTests {
    private static func facts(_ feed: Feed, _ records: String, numbers: [ByteText: String] = [:]) throws -> String {
        let body = try JSONDocument.parsePage(Array("[\(records)]".utf8))
        let page = Page(
            feed: feed, records: body.records, quarantined: [], receipt: Receipt(feed: feed, fetchInstant: nil, rows: []), key: [],
            pullNumber: 1, position: 1, orderNumbers: numbers)
        return String(decoding: page.factsJSON(), as: UTF8.self)
    }

    @Test func aChangeStandsAlsoWhereTheParentAloneHasIt() throws {
        let own = #"{"id":1,"sku":"A","changeToListingStatus":{"handle":"hidden"}}"#
        let parents = #"{"id":"2","parent":{"changeToListingStatus":{"handle":"delisted"}}}"#
        let none = #"{"id":3,"changeToListingStatus":null}"#
        #expect(
            try Self.facts(.listings, "\(own),\(parents),\(none)")
                == #"[{"id":"1","change_to":"hidden"},{"id":"2","change_to":"delisted"},{"id":"3","change_to":null}]"#)
    }

    @Test func aParentTellsThoseOfItsVariants() throws {
        let parent = #"{"id":7,"variants":[{"id":70,"changeToListingStatus":{"handle":"hidden"}},{"id":71}]}"#
        #expect(
            try Self.facts(.listingsToPublish, parent)
                == #"[{"id":"7","change_to":null,"variants":[{"id":"70","change_to":"hidden"},{"id":"71","change_to":null}]}]"#)
    }

    @Test func aParcelTellsItsKindAndTheNumberOfItsOrder() throws {
        let known = #"{"id":1,"orderId":5001}"#
        let suppressed = #"{"id":2,"orderId":5002,"suppressed":true,"orderNumber":"another's"}"#
        let back = #"{"id":3,"orderId":5001,"rmaId":8}"#
        #expect(
            try Self.facts(.shipments, "\(known),\(suppressed),\(back)", numbers: [ByteText("5001"): "A-1"])
                == #"[{"id":"1","kind":"delivery","order_number":"A-1"},{"id":"2","kind":"suppressed","order_number":null},"#
                + #"{"id":"3","kind":"return","order_number":"A-1"}]"#)
    }

    /// contract 8.14: the hub may have given the order a number of its own.
    @Test func anOrderOfTheOutboxHasTheNumberThatTheHostGaveIt() throws {
        let orders = #"{"id":5001,"orderNumber":"H-77"},{"id":5002,"orderNumber":"B-2"},{"id":5003}"#
        #expect(
            try Self.facts(.orders, orders, numbers: [ByteText("5001"): "A-1"])
                == #"[{"id":"5001","order_number":"A-1"},{"id":"5002","order_number":"B-2"},{"id":"5003","order_number":null}]"#)
    }

    @Test func theOutboxTellsThePullWhichOrdersAreOurs() throws {
        let rig = HubRig { request in
            if request.isWrite { return .reply(#"{"id":5001,"orderNumber":"H-77","referenceNumber":"A-1","channelId":77}"#) }
            if request.path.hasPrefix("/channel") { return .reply(#"{"id":77}"#) }
            guard request.path == "/orders" else { return .empty }
            return .onlyPage(
                #"{"id":5001,"orderNumber":"H-77","channelId":77,"updatedAt":"2026-01-31T11:58:00Z"},"#
                    + #"{"id":5002,"orderNumber":"B-2","channelId":77,"updatedAt":"2026-01-31T11:58:00Z"}"#, of: request)
        }
        let client = try rig.client()
        defer { client.close() }
        _ = try client.submit(OrderDocumentTests.order())
        _ = try client.flushNow()
        let pull = try client.open(.orders)
        defer { pull.close() }
        let page = try #require(try pull.page())
        #expect(page.records.map { page.orderNumber(of: $0) } == ["A-1", "B-2"])
    }
}
