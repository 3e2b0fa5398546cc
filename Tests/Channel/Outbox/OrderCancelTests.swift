import CFlxChannel
import Testing

@testable import FlxChannel

/// A cancel says no more than the hub shows.
struct OrderCancelTests {
    /// A hub that has order 5001, shown as `status` under `number`, and takes every change of it without doing it.
    private static func hub(_ status: String = "Open", number: String = "A-1") -> HubRig {
        HubRig { request in
            guard request.path.hasPrefix("/orders/5001") else { return .empty }
            if request.isWrite { return .reply(#"{"success":true}"#) }
            return .reply(#"{"id":5001,"orderNumber":"\#(number)","orderStatus":"\#(status)","channelId":5}"#)
        }
    }

    /// A client with the order, which `change` brings to where it stands.
    private static func client(_ rig: HubRig, _ change: (inout OutboxRow) -> Void) throws -> Client {
        let client = try rig.client(["hub.channel_id": "5"])
        client.isTokenAccepted = true
        try client.submit(OrderDocumentTests.order())
        try client.write { store throws(StateError) in
            try store.outbox.change(1, fencingToken: 0, at: Clock.wallMs(), Event("posted"), change)
        }
        return client
    }

    private static func applied(_ row: inout OutboxRow) {
        (row.state, row.verdict, row.hubId, row.resolvedAt) = (.resolved, .applied, "5001", Clock.wallMs())
    }

    private static func outcome(_ client: Client, _ ms: Int64 = 10_000) throws -> String? {
        try parsed(client.cancelOrder("A-1", by: .after(ms: ms))).member("outcome")?.string
    }

    @Test func goodStatusIsNoCancel() throws {
        let rig = Self.hub()
        let client = try Self.client(rig, Self.applied)

        #expect(try Self.outcome(client) == "asked")
        #expect(rig.writes.count == 1)
    }

    @Test func orderThatIsCanceledAtTheHubIsNotAskedAbout() throws {
        let rig = Self.hub("Canceled")
        let client = try Self.client(rig, Self.applied)

        #expect(try Self.outcome(client) == "canceled")
        #expect(rig.writes.isEmpty)
    }

    @Test func anotherOrderUnderTheIdIsLeftAlone() throws {
        let rig = Self.hub(number: "B-9")
        let client = try Self.client(rig, Self.applied)

        #expect(refusal { try Self.outcome(client) }?.code == FLX_E_CONTRACT)
        #expect(rig.writes.isEmpty)
    }

    @Test func orderInDoubtIsNotSentAfterItWasCanceled() throws {
        let rig = Self.hub()
        let client = try Self.client(rig) { row in
            (row.ambiguous, row.nextAt) = (true, Clock.wallMs() + 60_000)
        }

        #expect(try Self.outcome(client, 200) == "given_up")
        #expect(try Self.outcome(client, 200) == "given_up")
        try client.passTime()
        try client.flushNow(500)
        #expect(rig.writes.isEmpty)
        #expect(try client.order("A-1")?.verdict == .possiblyApplied)
    }
}
