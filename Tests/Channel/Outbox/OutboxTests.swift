import CFlxChannel
import Testing

@testable import FlxChannel

/// Accepting orders: no request is made.
struct OutboxTests {
    let rig = HubRig { _ in .empty }

    @Test func orderIsQueuedOnceHoweverOftenItIsSubmitted() throws {
        let client = try rig.client()
        let other = try rig.client()

        let first = try client.submit(OrderDocumentTests.order(#""orderTotal":19.90"#))
        #expect(first.member("new")?.bool == true)
        #expect(first.member("number")?.string == "A-1")
        #expect(first.member("state")?.string == "queued")
        let again = try other.submit(OrderDocumentTests.order(#""orderTotal":"19.9""#))
        #expect(again.member("new")?.bool == false)
        #expect(try client.happened(to: "A-1") == ["submitted"])
        #expect(try client.order("A-1")?.wire.map { String(decoding: $0, as: UTF8.self) }?.contains("19.90") == true)
        #expect(rig.requests.isEmpty)
        client.close()
        other.close()
    }

    /// Decision 11: what was never sent takes new content under its number.
    @Test func orderThatWasNotSentTakesOtherContent() throws {
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        let receipt = try client.submit(OrderDocumentTests.order(#""note":"x""#))

        #expect(receipt.member("new")?.bool == false)
        #expect(receipt.member("revision")?.integer == 2)
        #expect(try client.order("A-1")?.wire.map { String(decoding: $0, as: UTF8.self) }?.contains("note") == true)
        #expect(try client.happened(to: "A-1") == ["submitted", "revised"])
        #expect(try client.submit(OrderDocumentTests.order(#""note":"x""#)).member("revision")?.integer == 2)
        client.close()
    }

    @Test func otherContentOfAnOrderInDoubtIsAConflictThatNamesTheFieldsAndChangesNothing() throws {
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try client.store.outbox.change(1, fencingToken: 0, at: 5, Event("posted")) {
                    ($0.ambiguous, $0.verdict) = (true, .possiblyApplied)
                }
            }
        }
        let error = refusal { try client.submit(OrderDocumentTests.order(#""note":"x""#)) }

        #expect(error?.code == FLX_E_CONFLICT)
        #expect(error?.path == "/orderNumber")
        #expect(error?.faults.map { $0.path } == ["/note"])
        #expect(error?.message.contains("/note") == true)
        #expect(try client.order("A-1")?.wire.map { String(decoding: $0, as: UTF8.self) }?.contains("note") == false)
        client.close()
    }

    @Test func renamedFieldDoesNotTurnARepeatIntoAConflict() throws {
        let plain = try rig.client()
        try plain.submit(OrderDocumentTests.order())
        plain.close()
        let renamed = try rig.client(["hub.overrides": #"{"createOrder":{"orderNumber":"number"}}"#])

        #expect(try renamed.submit(OrderDocumentTests.order()).member("new")?.bool == false)
        #expect(try renamed.order("A-1")?.wire.map { String(decoding: $0, as: UTF8.self) }?.contains("orderNumber") == true)
        renamed.close()
    }

    @Test(arguments: [("{", FLX_E_JSON), ("{}", FLX_E_ORDER), ("[]", FLX_E_ORDER)])
    func orderThatCannotBeIsNotStored(_ text: String, _ code: Int32) throws {
        let client = try rig.client()

        #expect(refusal { try client.submit(text) }?.code == code)
        #expect(try parsed(client.outboxList(nil)).count == 0)
        client.close()
    }

    @Test func acceptedOrderSurvivesTheClient() throws {
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        client.close()

        let next = try rig.client()
        #expect(try next.order("A-1")?.state == .queued)
        next.close()
    }

    @Test func checkReportsFaultsWithoutAClient() throws {
        let good = try parsed(Client.orderReport(Array(OrderDocumentTests.order().utf8), now: 0))
        let bad = try parsed(Client.orderReport(Array("{}".utf8), now: 0))
        let broken = try parsed(Client.orderReport(Array("{".utf8), now: 0))

        #expect(good.member("ok")?.bool == true)
        #expect(good.member("faults")?.count == 0)
        #expect(bad.member("ok")?.bool == false)
        #expect(
            bad.member("faults")?.elements.map { $0.member("path")?.string } == ["/orderNumber", "/shippingAddress", "/orderItems"])
        #expect(broken.member("ok")?.bool == false)
        #expect(broken.member("faults")?.count == 1)
        #expect(broken.member("warnings")?.count == 0)
    }

    @Test func checkGivesWarningsThatHoldNothingBack() throws {
        let odd = #""orderTotal":"-1","orderedAt":"2026-01-31T12:00:00Z""#
        let report = try parsed(Client.orderReport(Array(OrderDocumentTests.order(odd).utf8), now: 0))
        let client = try rig.client()

        #expect(report.member("ok")?.bool == true)
        #expect(report.member("warnings")?.elements.map { $0.member("path")?.string } == ["/orderedAt", "/orderTotal"])
        #expect(try client.submit(OrderDocumentTests.order(odd)).member("new")?.bool == true)
        client.close()
    }

    /// S-04.
    @Test(arguments: [#"Gift \u0000 wrap"#, #"Gift \ud83d wrap"#, "Gift \u{1} wrap"])
    func characterThatCannotBeIsNamedByItsField_S04(_ title: String) throws {
        var lines = [String](repeating: #"{"sku":"A","quantity":1,"title":"Shirt"}"#, count: 200)
        lines[137] = #"{"sku":"A","quantity":1,"title":"\#(title)"}"#
        let text = OrderDocumentTests.order(items: #""orderItems":[\#(lines.joined(separator: ","))]"#)
        let client = try rig.client()

        let error = refusal { try client.submit(text) }

        #expect(error?.code == FLX_E_JSON)
        #expect(error?.path == "/orderItems/137/title")
        #expect(error?.faults.map { $0.path } == ["/orderItems/137/title"])
        #expect(error?.message.contains("/orderItems/137/title") == true)
        #expect(error?.message.ranges(of: "at byte").count == 1)
        client.close()
    }

    @Test func emptyAndMissingAreTheSameOrder() throws {
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())

        let again = try client.submit(OrderDocumentTests.order(#""note":"","tags":[],"orderTotal":null"#))

        #expect(again.member("new")?.bool == false)
        #expect(again.member("revision")?.integer == 1)
        client.close()
    }

    /// An order of a release that hashed another form is not compared.
    @Test func orderOfAnEarlierDigestIsTheSameOrder() throws {
        let client = try rig.client()
        let row = try client.store.write { () throws(StateError) in
            try client.store.outbox.insert(
                number: "A-1", numberHash: client.store.keyed("number", Array("A-1".utf8)), digest: [1],
                digestVersion: OrderDocument.digestVersion - 1, wire: Array("{}".utf8), orderedAt: nil, at: 1)
        }

        #expect(try client.submit(OrderDocumentTests.order()).member("new")?.bool == false)
        #expect(row > 0)
        client.close()
    }
}
