import CFlxChannel
import Testing

@testable import FlxChannel

/// Reads are not writes: only what may have an effect has a verdict.
struct VerdictTests {
    private static let ways: [HubAnswer] = [.silence, .hangUp]

    @Test(arguments: [0, 1])
    func requestWithoutAnAnswerMayHaveWrittenOnlyIfItWrites(_ way: Int) throws {
        let rig = HubRig { _ in Self.ways[way] }
        let client = try rig.client()
        client.jitter = { _ in 0 }

        for operation in OperationTable.all {
            let error = try unanswered(operation, client, rig, patience: way == 0 ? [40, 400, 4000] : [8000])

            #expect(error?.code == (way == 0 ? FLX_E_TIMEOUT : FLX_E_NETWORK), "\(operation.id)")
            #expect(error?.verdict == (operation.isWrite ? .possiblyApplied : Verdict.none), "\(operation.id)")
        }
        client.close()
    }

    /// What becomes of a request that the hub saw: a busy machine needs longer to send it.
    private func unanswered(_ operation: FlxChannel.Operation, _ client: Client, _ rig: HubRig, patience: [Int64]) throws
        -> ChannelError?
    {
        let seen = rig.requests.count
        for ms in patience {
            try rig.openRateLimit()
            let error = refusal {
                try client.drive(by: .after(ms: 10_000)) { () throws(ChannelError) in
                    try client.ask(sample(operation, client), by: .after(ms: ms))
                }
            }
            if rig.requests.count > seen { return error }
        }
        Issue.record("\(operation.id) did not come to the hub")
        return nil
    }

    @Test func requestThatWasNeverSentHasNoEffect() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        try rig.closeRateLimit()

        for operation in OperationTable.all {
            let error = refusal {
                try client.drive(by: .after(ms: 5000)) { () throws(ChannelError) in
                    try client.ask(sample(operation, client), by: .after(ms: 1))
                }
            }
            #expect(error?.code == FLX_E_THROTTLED)
            #expect(error?.verdict == (operation.isWrite ? .notApplied : Verdict.none), "\(operation.id)")
        }
        #expect(rig.requests.isEmpty)
        client.close()
    }

    @Test func everyFailureOfEveryOperationHasAVerdictOnlyIfItWrites() {
        let failures: [TransportError] = [
            .resolve(host: "h"), .connect(host: "h", detail: ""), .send(detail: "", mayHaveArrived: true), .receive(detail: ""),
            .idleTimeout(afterMs: 1), .attemptTimeout(afterMs: 1, mayHaveArrived: true), .protocolViolation("x"),
            .tooLarge(limit: 1),
            .redirect(status: 302, toHost: "h"), .canceled, .abandoned(mayHaveArrived: true), .memory,
        ]
        for operation in OperationTable.all {
            for failure in failures {
                let verdict = ChannelError(failure, operation: operation.id).verdict
                let expected: Verdict = failure.mayHaveArrived ? .possiblyApplied : .notApplied
                #expect(verdict == (operation.isWrite ? expected : .none), "\(operation.id) \(failure)")
            }
        }
        #expect(ChannelError(TransportError.receive(detail: "")).verdict == .none, "no request, no effect")
    }

    @Test(arguments: [("updateOrderStatus", Verdict.possiblyApplied), ("getOrderById", .none)])
    func requestThatWasOnItsWayWhenTheCancelWasFiredMayHaveWrittenOnlyIfItWrites(_ id: String, _ expected: Verdict) throws {
        let flag = try #require(CancelFlag.make())
        defer { CancelFlag.free(flag) }
        let shared = Box(flag)
        let rig = HubRig { _ in
            CancelFlag.fire(shared.value)
            return .silence
        }
        let client = try rig.client()
        client.cancel.set(flag)
        let operation = try #require(OperationTable.named(id))

        let error = refusal {
            try client.drive(by: .after(ms: 5000)) { () throws(ChannelError) in
                try client.ask(sample(operation, client), by: .after(ms: 5000))
            }
        }

        #expect(rig.requests.count == 1)
        #expect(error?.code == FLX_E_CANCELED)
        #expect(error?.verdict == expected)
        client.cancel.set(nil)
        client.close()
    }

    private func sample(_ operation: FlxChannel.Operation, _ client: Client) throws(ChannelError) -> HTTPRequest {
        let path = operation.arguments.filter { $0.place == .path }.map { ($0.name, "1") }
        return try client.request(
            operation, path: path, body: operation.isWrite ? Array("{}".utf8) : nil, priority: .probe)
    }
}
