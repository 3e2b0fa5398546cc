import CFlxChannel
import Testing

@testable import FlxChannel

/// The status of one order, read at the hub.
struct OrderStatusTests {
    @Test func statusOfAnOrderIsReadAndKept() throws {
        let rig = HubRig {
            $0.isWrite ? .reply(OrderSendingTests.ours) : .reply(#"{"id":5001,"orderNumber":"A-1","orderStatus":"Closed"}"#)
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        #expect(refusal { try client.orderStatus("A-1", by: .after(ms: 1000)) }?.code == FLX_E_NOT_FOUND)
        #expect(refusal { try client.orderStatus("B-1", by: .after(ms: 1000)) }?.code == FLX_E_NOT_FOUND)
        #expect(rig.requests.isEmpty)
        try client.flushNow()
        let page = try client.orderStatus("A-1", by: .after(ms: 5000))

        #expect(page.ids == ["5001"])
        let row = try #require(try client.order("A-1"))
        #expect((row.hubStatus, row.watched, row.state) == ("Closed", false, .resolved))
        client.close()
    }

    @Test(arguments: [#"{"id":7,"orderNumber":"B"}"#, "[]", "", "<html>"])
    func n24StatusOfAnotherOrderIsNotTaken(_ body: String) throws {
        let rig = HubRig { $0.isWrite ? .reply(OrderSendingTests.ours) : .reply(body) }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()

        #expect(refusal { try client.orderStatus("A-1", by: .after(ms: 5000)) }?.code == FLX_E_CONTRACT)
        #expect(try client.order("A-1")?.hubStatus == "Open")
        client.close()
    }

    @Test(arguments: ["404 Not Found", "410 Gone"])
    func statusOfAnOrderThatTheHubDoesNotShowIsNotFound(_ status: String) throws {
        let rig = HubRig { $0.isWrite ? .reply(OrderSendingTests.ours) : .status(status) }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushNow(2000)

        let error = refusal { try client.orderStatus("A-1", by: .after(ms: 5000)) }
        #expect(
            (error?.code, error?.httpStatus, error?.verdict) == (FLX_E_NOT_FOUND, status == "410 Gone" ? 410 : 404, Verdict.none))
        client.close()
    }
}
