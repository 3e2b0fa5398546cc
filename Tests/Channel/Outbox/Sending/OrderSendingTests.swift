import CFlxChannel
import Testing

@testable import FlxChannel

/// One order on its way: what the hub does, and what becomes of it.
struct OrderSendingTests {
    static let ours = #"{"id":5001,"orderNumber":"A-1","orderStatus":"Open","orderItems":[{"sku":"A","quantity":2}]}"#
    static let theirs = #"{"id":7,"orderNumber":"A-1","orderItems":[{"sku":"B","quantity":2}]}"#

    @Test func orderIsSentOnceAndAppliedWithItsId() throws {
        let rig = HubRig { $0.isWrite ? .reply(Self.ours, status: "201 Created") : .empty }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        let report = try client.flushNow()
        try client.flushNow()

        #expect(report.status == FLX_OK)
        #expect((report.sent, report.applied, report.waitingOrders) == (1, 1, 0))
        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.hubId, row.hubStatus) == (.resolved, .applied, "5001", "Open"))
        #expect((row.attempts, row.watched, row.code) == (1, true, 0))
        #expect(rig.requests.map { "\($0.method) \($0.path)" } == ["POST /orders"])
        #expect(rig.written(0) == row.wire.map { String(decoding: $0, as: UTF8.self) })
        #expect(try client.happened(to: "A-1") == ["submitted", "sending", "posted"])
        client.close()
    }

    @Test(arguments: ["hang up", "500 Oops", "200 OK", "408 Timeout"])
    func n08LostReplyIsLookedUpAndFoundApplied(_ fault: String) throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .reply("[\(Self.ours)]") }
            return fault == "hang up" ? .hangUp : .status(fault, "<html>")
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        #expect(try client.flushNow(0).applied == 0)
        try client.flushToRest()
        let unknown = try #require(try client.order("A-1"))
        #expect((unknown.state, unknown.verdict, unknown.ambiguous) == (.queued, .possiblyApplied, true))
        try client.again(rig)

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.hubId) == (.resolved, .applied, "5001"))
        #expect(rig.writes.count == 1)
        #expect(rig.requests.last?.query["orderNumber"] == "A-1")
        #expect(try client.happened(to: "A-1") == ["submitted", "sending", "posted", "looked_up"])
        client.close()
    }

    @Test func h14ConflictWithTheSameContentIsApplied() throws {
        let rig = HubRig { $0.isWrite ? .status("409 Conflict") : .reply("[\(Self.ours)]") }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        try client.again(rig)

        let row = try #require(try client.order("A-1"))
        #expect((row.verdict, row.hubId) == (.applied, "5001"))
        #expect(rig.writes.count == 1)
        client.close()
    }

    static let older = #"{"id":7,"orderNumber":"A-1","insertedAt":"2020-01-01T00:00:00Z","orderItems":[{"sku":"B","quantity":2}]}"#

    @Test(arguments: ["409 Conflict", "200 OK"])
    func h14OlderOrderOfOtherContentUnderOurNumberIsAConflict(_ status: String) throws {
        let rig = HubRig { $0.isWrite ? .status(status, Self.older) : .reply("[\(Self.older)]") }
        let client = try rig.client()
        try client.learnClock()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        try client.again(rig)

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.code) == (.resolved, .refused, Int64(FLX_E_CONFLICT)))
        #expect(row.message.contains("/orderItems"))
        #expect(!row.watched)
        #expect(rig.writes.count == 1)
        client.close()
    }

    @Test func h14DifferenceWithoutInstantsIsForAPerson() throws {
        let rig = HubRig { $0.isWrite ? .status("409 Conflict") : .reply("[\(Self.theirs)]") }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        try client.again(rig)

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.code) == (.resolved, .possiblyApplied, Int64(FLX_E_CONFLICT)))
        #expect((row.hubId, row.toldId) == (nil, "7"))
        client.close()
    }

    /// A buyer must not be refunded for an order that ships.
    @Test func orderThatTheHubMadeIsAppliedWhateverItsLinesAre() throws {
        let rig = HubRig { $0.isWrite ? .reply(Self.theirs, status: "201 Created") : .empty }
        let client = try rig.client(["hub.overrides": #"{"createOrder":{"orderItems":{"sku":"itemSku","quantity":"amount"}}}"#])
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()

        #expect(rig.written(0).contains("itemSku"))
        let row = try #require(try client.order("A-1"))
        #expect((row.verdict, row.hubId, row.code) == (.applied, "7", 0))
        #expect(row.message.contains("/orderItems"))
        client.close()
    }

    /// A 2xx with an id ends posting.
    @Test(arguments: ["A1", " a-1 ", "#A-1"])
    func hubThatWritesNumbersItsOwnWayGetsTheOrderOnce(_ spelling: String) throws {
        let rig = HubRig { $0.isWrite ? .reply(#"{"id":5,"orderNumber":"\#(spelling)"}"#, status: "201 Created") : .empty }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        for _ in 0..<3 { try client.again(rig) }

        #expect(rig.writes.count == 1)
        #expect(try client.order("A-1")?.verdict == .applied)
        client.close()
    }

    @Test func answerAboutAnotherOrderIsLookedUpAndNeverSentAgain() throws {
        let rig = HubRig { $0.isWrite ? .reply(#"{"id":5,"orderNumber":"QQQ"}"#) : .empty }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        for _ in 0..<10 { try client.again(rig) }

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict) == (.resolved, .possiblyApplied))
        #expect(rig.writes.count == 1)
        client.close()
    }

    /// One gateway reply made three orders applied with one id.
    @Test func hubOrderBelongsToOneOfOurs() throws {
        let rig = HubRig { $0.isWrite ? .reply(#"{"id":5001}"#) : .empty }
        let client = try rig.client()
        for number in ["A-1", "A-2", "A-3"] { try client.submit(OrderDocumentTests.order().replacing("A-1", with: number)) }
        try client.flushToRest()
        for _ in 0..<10 { try client.again(rig) }

        let rows = try ["A-1", "A-2", "A-3"].map { try #require(try client.order($0)) }
        #expect(rows.map { $0.verdict } == [.applied, .possiblyApplied, .possiblyApplied])
        #expect(rows.map { $0.hubId } == ["5001", nil, nil])
        #expect(rig.writes.count == 3)
        client.close()
    }

    /// The reference of another order is not our number.
    @Test func orderThatOnlyRefersToOurNumberIsNotOurs() throws {
        let posts = Box(0)
        let other = #"{"id":5001,"orderNumber":"A-2","referenceNumber":"A-1","insertedAt":"2026-01-31T12:00:00Z"}"#
        let rig = HubRig { request in
            guard request.isWrite else {
                return request.query["orderedAfter"] != nil && request.page > 1 ? .empty : .reply("[\(other)]")
            }
            if request.body.contains("A-2") { return .reply(other, status: "201 Created") }
            return posts.change {
                $0 += 1; return $0
            } == 1 ? .hangUp : .reply(#"{"id":5002,"orderNumber":"A-1"}"#, status: "201 Created")
        }
        let client = try rig.client()
        try client.submit(
            OrderDocumentTests.order(#""referenceNumber":"A-1""#).replacing(#""orderNumber":"A-1""#, with: #""orderNumber":"A-2""#))
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        for _ in 0..<3 { try client.again(rig) }

        #expect(try client.order("A-2")?.hubId == "5001")
        #expect(try client.order("A-1")?.hubId == "5002")
        client.close()
    }

    /// A refusal that may be the word for a repeat costs one look-up.
    @Test(arguments: [true, false])
    func refusalIsARefusalUnlessTheHubHasTheOrder(_ isThere: Bool) throws {
        let rig = HubRig {
            $0.isWrite ? .status("422 No", #"{"error":"duplicate SKU in orderItems"}"#) : .reply(isThere ? "[\(Self.ours)]" : "[]")
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict) == (.resolved, isThere ? .applied : .refused))
        #expect(rig.requests.map { $0.method } == (isThere ? ["POST", "GET"] : ["POST", "GET", "GET"]))
        #expect(isThere || row.message.contains("duplicate SKU"))
        client.close()
    }

    @Test func h11RefusedOrderHasItsVerdictAndTheNextOneGoes() throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .empty }
            return request.body.contains("A-1") ? .status("422 No", #"{"error":"no postal code"}"#) : .reply(#"{"id":2}"#)
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.submit(OrderDocumentTests.order().replacing("A-1", with: "A-2"))
        let report = try client.flushNow()

        #expect((report.sent, report.applied, report.refused) == (2, 1, 1))
        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.code) == (.resolved, .refused, Int64(FLX_E_REFUSED)))
        #expect(row.message.contains("no postal code"))
        #expect(rig.writes.count == 2)
        client.close()
    }

    @Test(arguments: ["401 Unauthorized", "403 Forbidden"])
    func h12RefusedTokenPausesAndANewOneGoesOn(_ status: String) throws {
        let isGood = Box(false)
        let rig = HubRig { _ in isGood.value ? .reply(Self.ours) : .status(status) }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.submit(OrderDocumentTests.order().replacing("A-1", with: "A-2"))
        let report = try client.flushNow()

        #expect(report.status == FLX_E_TOKEN)
        #expect(report.paused?.code == FLX_E_TOKEN)
        #expect(report.waitingOrders == 2)
        #expect(rig.writes.count == 1, "one bad token must not be tried with every order")
        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.ambiguous) == (.queued, .notApplied, false))
        isGood.value = true
        try client.again(rig)
        #expect(try client.order("A-1")?.verdict == .applied)
        client.close()
    }

    @Test func r02ThrottledOrderIsNotAppliedAndKeepsItsPlace() throws {
        let rig = HubRig { _ in .status("429 Slow down") }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.ambiguous) == (.queued, .notApplied, false))
        client.close()
    }

    @Test func n04OrderThatNeverLeftIsNotApplied() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        rig.server.stop()
        try client.flushNow()

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict, row.ambiguous, row.code) == (.queued, .notApplied, false, Int64(FLX_E_CONNECT)))
        client.close()
    }

    @Test func orderThatADeadProcessWasSendingIsLookedUpFirst() throws {
        let rig = HubRig { $0.isWrite ? .reply(Self.ours) : .reply("[\(Self.ours)]") }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try client.store.outbox.change(1, fencingToken: 0, at: 5, Event("sending")) {
                    ($0.state, $0.attempts) = (.sending, 1)
                }
            }
        }
        try client.flushNow()

        #expect(rig.requests.map { $0.method } == ["GET"])
        #expect(try client.order("A-1")?.verdict == .applied)
        client.close()
    }

    @Test func orderThatAnotherProcessSendsIsLeftToIt() throws {
        let rig = HubRig { _ in .reply(Self.ours) }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        let lease = try #require(try client.store.lease(row: 1))
        let report = try client.flushNow(30)

        #expect(report.status == FLX_BUSY)
        #expect(rig.requests.isEmpty)
        lease.release()
        #expect(try client.flushNow().applied == 1)
        client.close()
    }

    @Test func orderThatIsOnItsWayGoesOnInTheNextSlice() throws {
        let rig = HubRig { _ in .reply(Self.ours) }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try rig.closeRateLimit()
        let held = try client.flushNow(0)
        #expect((held.status, held.wait.word.description) == (FLX_OK, "throttled"))
        #expect(held.nextInMs > 500_000)
        #expect(rig.requests.isEmpty)
        try rig.openRateLimit()

        #expect(try client.flushNow(2000).applied == 1)
        #expect(rig.writes.count == 1)
        client.close()
    }

    @Test func orderThatTheHostGivesUpWhileItWaitsForItsSlotIsNotSent() throws {
        let rig = HubRig { _ in .reply(Self.ours) }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try rig.closeRateLimit()
        try client.flushNow(0)
        try client.outboxDiscard(Array(#"["A-1"]"#.utf8))
        try rig.openRateLimit()

        let report = try client.flushNow(2000)
        #expect(report.status == FLX_OK)
        #expect(rig.requests.isEmpty)
        #expect(try client.order("A-1")?.verdict == .notApplied)
        client.close()
    }

    @Test func orderWithoutAClearEndIsGivenUpAfterItsTime() throws {
        let rig = HubRig { $0.isWrite ? .hangUp : .empty }
        let client = try rig.client(["orders.give_up_hours": "1"])
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                guard let row = try client.store.outbox.row(id: 1) else { return }
                try client.store.outbox.change(1, fencingToken: row.fencingToken, at: 5, Event("posted")) { row in
                    (row.nextAt, row.attempts) = (0, 5)
                    row.resolvedAt = Clock.wallMs() - 3_600_001  // as after a retry, from when on its age counts
                }
            }
        }
        let writes = rig.requests.filter { $0.isWrite }.count
        let reads = rig.requests.filter { !$0.isWrite }.count
        try client.flushNow()

        let row = try #require(try client.order("A-1"))
        #expect((row.state, row.verdict) == (.resolved, .possiblyApplied))
        #expect(rig.requests.filter { $0.isWrite }.count == writes)
        #expect(rig.requests.filter { !$0.isWrite }.count == reads + 2)  // looked up once more, by its number and by its date
        #expect(try client.happened(to: "A-1").last == "given_up")
        client.close()
    }

    @Test func ordersGoOldestFirstAndBeforeAnswers() throws {
        let rig = HubRig { request in
            request.isWrite
                ? (request.path == "/orders"
                    ? .reply(#"{"id":\#(request.body.contains("C-1") ? 1 : request.body.contains("A-1") ? 2 : 3)}"#) : .empty)
                : .onlyPage(#"{"id":17,"sku":"A"}"#, of: request)
        }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        try client.acknowledge(try #require(try pull.page()), #"[{"id":"17"}]"#)
        pull.close()
        for number in ["C-1", "A-1", "B-1"] { try client.submit(OrderDocumentTests.order().replacing("A-1", with: number)) }
        let report = try client.flushNow(2000)

        #expect((report.applied, report.answersSent) == (3, 1))
        #expect(rig.writes.map { $0.path } == ["/orders", "/orders", "/orders", "/listing/variants"])
        #expect(zip(rig.writes, ["C-1", "A-1", "B-1"]).allSatisfy { $0.body.contains($1) })
        client.close()
    }
}

extension Client {
    /// Makes the hub's clock known, as a request before would have.
    func learnClock() throws {
        _ = try probe(by: .after(ms: 2000))
    }

    /// Flushes until nothing is on its way; what waits for another attempt stays.
    func flushToRest() throws {
        let deadline = Deadline.after(ms: 10_000)
        repeat { try flushNow(20) } while flushing.isBusy && !deadline.isOver
    }

    /// The next round, as after its wait.
    func again(_ rig: HubRig) throws {
        try passTime()
        try rig.openRateLimit()
        try flushToRest()
    }
}
