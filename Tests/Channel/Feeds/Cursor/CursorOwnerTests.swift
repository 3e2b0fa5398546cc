import CFlxChannel
import Testing

@testable import FlxChannel

/// Whose a cursor, a page and a record are.
struct CursorOwnerTests {
    @Test func pageOfAnotherPullIsNotCommitted() throws {
        let rig = HubRig { .onlyPage(CursorPullTests.record(1), of: $0) }
        let client = try rig.client()
        let one = try client.open(.shipments)
        let other = try client.open(.shipments, #"{"cursor":"other"}"#)
        let page = try #require(try one.page())

        #expect(refusal { try other.commit(page) }?.code == FLX_E_HANDLE)
        try one.commit(page)
        client.close()
    }

    @Test func twoPullsOfOneCursorExcludeEachOther() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client(["state.wait_ms": "50"])
        let pull = try client.open(.orders)

        #expect(refusal { try client.open(.orders) }?.code == FLX_E_CLIENT_BUSY)
        #expect(refusal { try client.setCursor(.orders, name: "default", to: "") }?.code == FLX_E_CLIENT_BUSY)
        try client.open(.orders, #"{"cursor":"b"}"#).close()
        pull.close()
        client.close()
    }

    @Test func settingACursorForgetsItsVersions() throws {
        let rig = HubRig { .onlyPage(CursorPullTests.record(1), of: $0) }
        let client = try rig.client()
        let first = try client.open(.shipments)
        for page in try first.pages() { try first.commit(page) }
        first.close()
        try client.setCursor(.shipments, name: "default", to: "")

        let second = try client.open(.shipments)
        #expect(try second.pages().map { $0.ids } == [["1"]])
        #expect(rig.requests.last?.query["filterUpdatedAfter"] == nil)
        client.close()
    }

    @Test func cursorThatCannotBeIsRefused() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()

        #expect(refusal { try client.setCursor(.listingsToSync, name: "default", to: "") }?.code == FLX_E_USE)
        #expect(refusal { try client.setCursor(.orders, name: "", to: "") }?.code == FLX_E_ARGUMENT)
        #expect(refusal { try client.setCursor(.orders, name: "default", to: "2026-01-31") }?.code == FLX_E_ARGUMENT)
        #expect(try parsed(client.cursorList()).count == 0)
        client.close()
    }

    @Test func cursorsAreListed() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        try client.setCursor(.orders, name: "b", to: "2026-01-31T12:00:00+01:00")
        try client.setCursor(.shipments, name: "default", to: "2026-01-31T12:00:00Z")

        let list = try parsed(client.cursorList())
        #expect(list.count == 2)
        #expect(list.element(0)?.member("feed")?.string == "orders")
        #expect(list.element(0)?.member("cursor")?.string == "b")
        #expect(list.element(0)?.member("at")?.string == "2026-01-31T11:00:00Z")
        #expect(list.element(1)?.member("at")?.string == "2026-01-31T12:00:00Z")
        client.close()
    }

    @Test func cursorThatIsSetToTheBeginningIsOfNobodyAnyMore() throws {
        let rig = HubRig { .onlyPage(CursorPullTests.record(1), of: $0) }
        let client = try rig.client()
        let trial = try client.open(.shipments, #"{"cursor":"trial"}"#)
        for page in try trial.pages() { try trial.commit(page) }
        trial.close()
        #expect(try parsed(client.cursorList()).count == 1)

        try client.setCursor(.shipments, name: "trial", to: "")

        #expect(try parsed(client.cursorList()).count == 0)
        client.close()
    }

    @Test func recordOfAnotherChannelIsLeftOutOnceOursIsKnown() throws {
        let rig = HubRig { request in
            request.isWrite
                ? .reply(
                    request.body.contains("A-1")
                        ? #"{"id":5001,"orderNumber":"A-1","channelId":3}"# : #"{"id":5002,"orderNumber":"A-2","channelId":3}"#)
                : .onlyPage(
                    "\(CursorPullTests.record(1, "2026-01-31T11:00:00Z", #""channelId":3"#)),\(CursorPullTests.record(2, "2026-01-31T11:00:00Z", #""channelId":4"#))",
                    of: request)
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.submit(OrderDocumentTests.order().replacing("A-1", with: "A-2"))  // one answer is not enough
        try client.flushNow()

        #expect(try client.open(.orders).pages().map { $0.ids } == [["1"]])
        client.close()
    }

    @Test func shipmentsNameTheHostsOrderNumber() throws {
        let rig = HubRig { request in
            request.isWrite
                ? .reply(#"{"id":5001,"orderNumber":"A-1"}"#)
                : .onlyPage(#"{"id":1,"orderId":5001},{"id":2,"orderId":9}"#, of: request)
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()
        let page = try #require(try client.open(.shipments).page())

        #expect(page.orderNumbers == ["5001": "A-1"])
        client.close()
    }

    @Test func listingThatOnlyChangedItsContentIsNotTakenForOld() throws {
        let record = #"{"id":1,"sku":"A","updatedAt":"2020-01-01T00:00:00Z","dynamicContentUpdatedAt":"2026-01-31T11:00:00Z"}"#
        let rig = HubRig { .onlyPage(record, of: $0) }
        let client = try rig.client()
        try client.setCursor(.listings, name: "default", to: "2026-01-31T10:00:00Z")

        #expect(try client.open(.listings).pages().map { $0.ids } == [["1"]])
        client.close()
    }
}
