import CFlxChannel
import Testing

@testable import FlxChannel

struct OutboxAdministrationTests {
    /// A-... is applied, R-... is refused, everything else hangs.
    let rig = HubRig { request in
        guard request.isWrite else { return .empty }
        if request.body.contains("\"R-") { return .status("400 No", #"{"error":"no"}"#) }
        return request.body.contains("\"U-") ? .hangUp : .reply(#"{"id":5001,"orderStatus":"Open"}"#)
    }

    // MARK: results, settle

    @Test func resultsStayUntilTheyAreSettled() throws {
        let client = try client(["A-1", "R-1", "U-1"])
        for _ in 0..<2 {
            let results = try parsed(client.outboxResults(most: 10))
            #expect(results.elements.map { $0.member("number")?.string } == ["A-1", "R-1"])
            #expect(results.elements.map { $0.member("verdict")?.string } == ["applied", "refused"])
        }
        #expect(try parsed(client.outboxResults(most: 1)).count == 1)
        try client.outboxSettle(list("A-1"))
        try client.outboxSettle(list("A-1"))

        #expect(try parsed(client.outboxResults(most: 10)).elements.map { $0.member("number")?.string } == ["R-1"])
        client.close()
    }

    @Test func resultTellsWhatTheHeaderSays() throws {
        let client = try client(["R-1"])
        let row = try #require(try parsed(client.outboxResults(most: 10)).element(0))

        #expect(row.member("code")?.string == "FLX_E_REFUSED")
        #expect(row.member("hub_said")?.string?.contains("no") == true)
        #expect(row.member("attempts")?.integer == 1)
        #expect(row.member("resolved_at")?.string.flatMap { Instant(iso: $0) } != nil)
        #expect(row.member("order_id")?.string == "")
        client.close()
    }

    @Test(arguments: [
        (#"["A-1","X"]"#, FLX_E_NOT_FOUND, "/1"), (#"["A-1","U-1"]"#, FLX_E_USE, "/1"), (#"["A-1",7]"#, FLX_E_JSON, "/1"),
        ("{}", FLX_E_JSON, ""), ("[", FLX_E_JSON, "/0"), (#""A-1""#, FLX_E_JSON, ""),
    ])
    func oneOrderThatCannotBeSettledSettlesNone(_ numbers: String, _ code: Int32, _ path: String) throws {
        let client = try client(["A-1", "U-1"])
        let error = refusal { try client.outboxSettle(Array(numbers.utf8)) }

        #expect(error?.code == code)
        #expect(error?.path == path)
        #expect(try client.order("A-1")?.state == .resolved)
        client.close()
    }

    @Test func numberGivenTwiceCountsOnce() throws {
        let client = try client(["A-1"])
        try client.outboxSettle(list("A-1", "A-1"))

        #expect(try client.order("A-1")?.state == .settled)
        #expect(try client.happened(to: "A-1").count { $0 == "settled" } == 1)
        #expect(try parsed(client.outboxPurge(Array(#"{"numbers":["A-1","A-1"]}"#.utf8))).member("purged")?.integer == 1)
        client.close()
    }

    // MARK: retry, discard

    @Test func refusedOrderIsRetriedWithTheSameBytes() throws {
        let client = try client(["R-1"])
        try client.outboxRetry(list("R-1"))
        #expect(try client.order("R-1")?.state == .queued)
        try client.flushToRest()

        #expect(rig.writes.count == 2)
        #expect(rig.written(0) == rig.written(1))
        #expect(
            try client.happened(to: "R-1") == [
                "submitted", "sending", "looked_up", "posted", "retried", "sending", "looked_up", "posted",
            ])
        client.close()
    }

    @Test func settledRefusalMayBeRetriedAndIsAResultAgain() throws {
        let client = try client(["R-1"])
        try client.outboxSettle(list("R-1"))
        try client.outboxRetry(list("R-1"))
        try client.flushToRest()

        let row = try #require(try client.order("R-1"))
        #expect((row.state, row.verdict, row.settledAt) == (.resolved, .refused, nil))
        client.close()
    }

    @Test(arguments: ["A-1", "U-1", "Q-1", "P-1", "X"])
    func orderThatMayNotBeRetriedLeavesAllAsTheyAre(_ number: String) throws {
        let client = try client(["A-1", "R-1", "U-1"])
        try client.submit(order("Q-1"))
        try client.submit(order("P-1"))
        try client.outboxDiscard(list("P-1"))
        try client.outboxSettle(list("P-1"))
        _ = try client.outboxPurge(Array(#"{"numbers":["P-1"]}"#.utf8))
        let error = refusal { try client.outboxRetry(list("R-1", number)) }

        #expect(error?.code == (number == "X" ? FLX_E_NOT_FOUND : FLX_E_USE))
        #expect(try client.order("R-1")?.state == .resolved)
        client.close()
    }

    @Test func discardTellsWhetherAnAttemptMayHaveArrived() throws {
        let client = try client(["U-1"])
        try client.submit(order("Q-1"))
        try client.outboxDiscard(list("U-1", "Q-1"))

        #expect(try client.order("U-1")?.verdict == .possiblyApplied)
        #expect(try client.order("Q-1")?.verdict == .notApplied)
        try client.passTime()
        let sent = rig.requests.count
        try client.flushToRest()
        #expect(rig.requests.count == sent)
        client.close()
    }

    @Test func discardedOrderWithAnUnknownEndIsLookedUpWhenItIsRetried() throws {
        let client = try client(["U-1"])
        try client.outboxDiscard(list("U-1"))
        try client.outboxRetry(list("U-1"))
        try client.again(rig)

        #expect(rig.requests.map { $0.method } == ["POST", "GET", "GET", "POST"])
        client.close()
    }

    @Test(arguments: ["A-1", "R-1", "X"])
    func orderThatHasItsVerdictIsNotDiscarded(_ number: String) throws {
        let client = try client(["A-1", "R-1"])
        try client.submit(order("Q-1"))

        #expect(refusal { try client.outboxDiscard(list("Q-1", number)) }?.code == (number == "X" ? FLX_E_NOT_FOUND : FLX_E_USE))
        #expect(try client.order("Q-1")?.state == .queued)
        client.close()
    }

    @Test func orderOnItsWayIsNeitherDiscardedNorSettled() throws {
        let client = try client([])
        try client.submit(order("Q-1"))
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try client.store.outbox.change(1, fencingToken: 0, at: 5, Event("sending")) { $0.state = .sending }
            }
        }

        #expect(refusal { try client.outboxDiscard(list("Q-1")) }?.code == FLX_E_USE)
        #expect(refusal { try client.outboxSettle(list("Q-1")) }?.code == FLX_E_USE)
        #expect(refusal { try client.outboxRetry(list("Q-1")) }?.code == FLX_E_USE)
        client.close()
    }

    // MARK: purge

    @Test func purgeTakesTheBuyerAwayAndStillKnowsTheOrder() throws {
        let client = try client(["A-1"])
        try client.outboxSettle(list("A-1"))
        let report = try parsed(client.outboxPurge(Array(#"{"numbers":["A-1"]}"#.utf8)))

        #expect(report.member("purged")?.integer == 1)
        let row = try #require(try client.order("A-1"))
        #expect((row.number, row.isPurged) == ("A-1", true))
        #expect(row.wire == nil)
        #expect((row.state, row.verdict, row.hubId) == (.settled, .applied, "5001"))
        for file in ["state/shop.db", "state/shop.db-journal"] {
            #expect(!bytes(of: rig.scratch.at(file)).contains("Ann Lee"))
        }
        let again = try client.submit(order("A-1"))
        #expect(again.member("new")?.bool == false)
        #expect(again.member("verdict")?.string == "applied")
        #expect(refusal { try client.submit(OrderDocumentTests.order(#""note":"other""#)) }?.code == FLX_E_CONFLICT)
        try client.flushToRest()
        #expect(rig.writes.count == 1)
        client.close()
    }

    @Test func purgeByTimeTakesSettledOrdersOnly() throws {
        let client = try client(["A-1", "A-2", "R-1"])
        try client.outboxSettle(list("A-1", "R-1"))
        #expect(
            try parsed(client.outboxPurge(Array(#"{"settled_before":"2020-01-01T00:00:00Z"}"#.utf8))).member("purged")?.integer == 0
        )
        let report = try parsed(client.outboxPurge(Array(#"{"settled_before":"2100-01-01T00:00:00Z"}"#.utf8)))

        #expect(report.member("purged")?.integer == 2)
        #expect(try client.order("A-2")?.number == "A-2")
        #expect(try client.order("A-1")?.isPurged == true)
        client.close()
    }

    @Test(arguments: [
        ("{}", FLX_E_OPERATION), (#"{"numbers":["A-1"],"settled_before":"2026-01-31T12:00:00Z"}"#, FLX_E_OPERATION),
        (#"{"numbers":"A-1"}"#, FLX_E_OPERATION), (#"{"before":"x"}"#, FLX_E_OPERATION),
        (#"{"settled_before":"x"}"#, FLX_E_OPERATION),
        ("[1]", FLX_E_JSON), ("[]", FLX_E_OPERATION), ("{", FLX_E_JSON), (#"{"numbers":["A-1"]}"#, FLX_E_USE),
        (#"{"numbers":["X"]}"#, FLX_E_NOT_FOUND),
    ])
    func purgeThatCannotBeIsRefused(_ filter: String, _ code: Int32) throws {
        let client = try client(["A-1"])

        #expect(refusal { try client.outboxPurge(Array(filter.utf8)) }?.code == code)
        #expect(try client.order("A-1")?.number == "A-1")
        client.close()
    }

    @Test func buyerDataOfOldSettledOrdersGoesWithAFlush() throws {
        let client = try client(["A-1", "A-2"], ["orders.keep_hours": "0"])
        try client.outboxSettle(list("A-1"))
        TestSystem.sleep(ms: 2)
        try client.flushNow(0)

        #expect(try client.order("A-1")?.isPurged == true)
        #expect(try client.order("A-2")?.isPurged == false)
        client.close()
    }

    // MARK: list, history

    @Test(arguments: [
        (nil, ["A-1", "R-1", "U-1"]), ("{}", ["A-1", "R-1", "U-1"]), (#"{"state":"resolved"}"#, ["A-1", "R-1"]),
        (#"{"state":"queued"}"#, ["U-1"]), (#"{"verdict":"refused"}"#, ["R-1"]), (#"{"number":"R-1"}"#, ["R-1"]),
        (#"{"number":"R-1","state":"queued"}"#, []), (#"{"number":"X"}"#, []), (#"{"limit":2}"#, ["A-1", "R-1"]),
        (#"{"after":1,"limit":1}"#, ["R-1"]), (#"{"state":"settled"}"#, []),
    ])
    func listIsNarrowedByItsFilter(_ filter: String?, _ numbers: [String]) throws {
        let client = try client(["A-1", "R-1", "U-1"])
        let rows = try parsed(client.outboxList(filter.map { Array($0.utf8) }))

        #expect(rows.elements.compactMap { $0.member("number")?.string } == numbers)
        client.close()
    }

    @Test(arguments: [
        ("[", FLX_E_JSON), ("[1]", FLX_E_JSON), (#"{"stat":"queued"}"#, FLX_E_OPERATION), (#"{"state":"x"}"#, FLX_E_OPERATION),
        (#"{"verdict":7}"#, FLX_E_OPERATION), (#"{"limit":0}"#, FLX_E_OPERATION), (#"{"limit":10001}"#, FLX_E_OPERATION),
        (#"{"after":-1}"#, FLX_E_OPERATION),
    ])
    func filterThatCannotBeIsRefused(_ filter: String, _ code: Int32) throws {
        let client = try client([])

        #expect(refusal { try client.outboxList(Array(filter.utf8)) }?.code == code)
        client.close()
    }

    @Test func historyTellsEveryAttempt() throws {
        let client = try client(["R-1"])
        let history = try parsed(client.outboxHistory("R-1"))
        let posted = try #require(history.member("events")?.element(3))

        #expect(history.member("number")?.string == "R-1")
        #expect(posted.member("what")?.string == "posted")
        #expect(posted.member("http_status")?.integer == 400)
        #expect(posted.member("verdict")?.string == "refused")
        #expect(posted.member("request_id")?.string?.isEmpty == false)
        #expect(refusal { try client.outboxHistory("X") }?.code == FLX_E_NOT_FOUND)
        client.close()
    }

    /// What the log says of an attempt without an answer is found by its number.
    @Test func attemptWithoutAnAnswerHasItsNumberAndItsTime() throws {
        let client = try client(["U-1"])
        let history = try parsed(client.outboxHistory("U-1"))
        let posted = try #require(history.member("events")?.elements.first { $0.member("what")?.string == "posted" })

        #expect(posted.member("http_status")?.integer == 0)
        #expect(posted.member("request_id")?.string?.isEmpty == false)
        #expect(try #require(posted.member("took_ms")?.integer) >= 0)
        client.close()
    }

    // MARK: given

    private func order(_ number: String) -> String { OrderDocumentTests.order().replacing("A-1", with: number) }

    private func list(_ numbers: String...) -> [UInt8] {
        Array("[\(numbers.map { "\"\($0)\"" }.joined(separator: ","))]".utf8)
    }

    /// A client whose orders were each posted once.
    private func client(_ numbers: [String], _ more: [String: String] = [:]) throws -> Client {
        let client = try rig.client(more)
        for number in numbers { try client.submit(order(number)) }
        try client.flushToRest()
        return client
    }
}
