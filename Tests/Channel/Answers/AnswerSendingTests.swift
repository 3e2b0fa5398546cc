import CFlxChannel
import Testing

@testable import FlxChannel

/// Answers on their way to the hub.
struct AnswerSendingTests {
    static func records(_ ids: ClosedRange<Int>) -> String {
        ids.map { #"{"id":\#($0),"sku":"S\#($0)","updatedAt":"2026-01-31T10:00:00Z"}"# }.joined(separator: ",")
    }

    @Test func answersWaitForTheEndOfTheirPullAndGoInBatches() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.records(1...7), of: $0) }
        let client = try rig.client(["answers.batch": "3"])
        let pull = try client.open(.listingsToSync)
        try client.acknowledge(try #require(try pull.page()), all(1...7))
        #expect(try client.flushNow(30).status == FLX_BUSY)
        #expect(rig.writes.isEmpty)
        pull.close()
        let report = try client.flushNow(2000)

        #expect((report.status, report.answersSent, report.waitingAnswers) == (FLX_OK, 7, 0))
        #expect(rig.writes.map { "\($0.method) \($0.path)" } == Array(repeating: "PATCH /listing/variants", count: 3))
        #expect(try rig.writes.map { try ids($0) } == [["1", "2", "3"], ["4", "5", "6"], ["7"]])
        #expect(try client.verdicts().values.allSatisfy { $0 == "applied" })
        client.close()
    }

    @Test func rowOnWhichTheHubFailsDoesNotHoldItsNeighbours() throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .onlyPage(Self.records(1...8), of: request) }
            return request.body.contains(#""listingVariantId":6"#) ? .status("500 Oops") : .status("204 No Content")
        }
        let client = try rig.client(["answers.batch": "8"])
        try answer(client, 1...8)
        for _ in 0..<8 {
            try client.flushNow()
            try client.state { () throws(StateError) in
                try client.store.write { () throws(StateError) in
                    for row in try client.store.answers.waiting(
                        feed: Feed.listingsToSync.rawValue, now: Clock.wallMs() + 3_600_000, limit: 10)
                    {
                        var row = row
                        row.nextAt = 0
                        try client.store.answers.save(row)
                    }
                }
            }
        }

        #expect(try client.verdicts().filter { $0.value == "applied" }.count == 7)
        #expect(try client.flushNow(0).waitingAnswers == 1)
        client.close()
    }

    @Test(arguments: ["500 Oops", "hang up", "429 Slow down", "200 HTML"])
    func p08AnswerIsSentAgainWithTheSameInstant(_ fault: String) throws {
        let tries = Box(0)
        let rig = HubRig { request in
            guard request.isWrite else { return .onlyPage(Self.records(1...1), of: request) }
            guard
                tries.change({
                    $0 += 1; return $0
                }) == 1
            else { return .status("204 No Content") }
            return fault == "hang up" ? .hangUp : .status(fault.replacing("HTML", with: "OK"), "<html>")
        }
        let client = try rig.client()
        try answer(client, 1...1)
        let end = Deadline.after(ms: 60_000)
        while !end.isOver, tries.value == 0 { try client.flushNow(300) }
        #expect(try client.verdicts().isEmpty)
        try client.passTime()
        try rig.openRateLimit()
        try client.flushNow(60_000)

        #expect(try client.verdicts() == ["1": "applied"])
        #expect(rig.writes.count == 2)
        #expect(rig.written(0) == rig.written(1))
        #expect(rig.written(0).contains(#""syncedAt":"2026-01-31T11:59:5"#))
        client.close()
    }

    @Test func batchIsHalvedDownToTheBadRow() throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .onlyPage(Self.records(1...8), of: request) }
            return request.body.contains(#""listingVariantId":6,"#) ? .status("400 Bad Request", #"{"error":"row 6"}"#) : .empty
        }
        let client = try rig.client()
        try answer(client, 1...8)
        let report = try client.flushNow(3000)

        #expect(report.answersSent == 7)
        let verdicts = try client.verdicts()
        #expect(verdicts.filter { $0.value == "refused" }.map { $0.key } == ["6"])
        #expect(verdicts.count { $0.value == "applied" } == 7)
        #expect(try rig.writes.map { try ids($0).count } == [8, 4, 4, 2, 1, 1, 2])
        let result = try #require(
            try parsed(client.answerResults(after: 0, most: 100)).elements.first { $0.member("id")?.string == "6" })
        #expect(result.member("http_status")?.integer == 400)
        #expect(result.member("hub_said")?.string?.contains("row 6") == true)
        client.close()
    }

    @Test func rowThatTheBodyNamesAsFailedIsRefusedAlone() throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .onlyPage(Self.records(1...3), of: request) }
            return .reply(
                #"[{"listingVariantId":1,"success":true},{"listingVariantId":2,"success":false,"error":"gone"},{"id":3,"error":null}]"#
            )
        }
        let client = try rig.client()
        try answer(client, 1...3)
        try client.flushNow()

        #expect(try client.verdicts() == ["1": "applied", "2": "refused", "3": "applied"])
        client.close()
    }

    @Test func rowThatAListInTheBodyNamesAsFailedIsRefusedAlone() throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .onlyPage(Self.records(1...3), of: request) }
            return .reply(
                #"{"success":true,"results":[{"id":1,"success":true},{"id":2,"success":false,"error":"Bad Request","message":"gone"}]}"#
            )
        }
        let client = try rig.client()
        try answer(client, 1...3)
        try client.flushNow()

        #expect(try client.verdicts() == ["1": "applied", "2": "refused", "3": "applied"])
        let result = try #require(
            try parsed(client.answerResults(after: 0, most: 10)).elements.first { $0.member("id")?.string == "2" })
        #expect(result.member("hub_said")?.string == "Bad Request: gone")
        client.close()
    }

    /// contract 1.7: a 200 may say that nothing, or not all, was done.
    @Test func batchThatTheBodyCallsFailedIsHalvedDownToTheBadRow() throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .onlyPage(Self.records(1...8), of: request) }
            let isBad = request.body.contains(#""listingVariantId":6,"#)
            return .reply(isBad ? #"{"success":false,"error":"row 6"}"# : #"{"success":true}"#)
        }
        let client = try rig.client()
        try answer(client, 1...8)
        let report = try client.flushNow(3000)

        #expect(report.answersSent == 7)
        #expect(try client.verdicts().filter { $0.value != "applied" } == ["6": "refused"])
        #expect(try rig.writes.map { try ids($0).count } == [8, 4, 4, 2, 1, 1, 2])
        let result = try #require(
            try parsed(client.answerResults(after: 0, most: 100)).elements.first { $0.member("id")?.string == "6" })
        #expect(result.member("hub_said")?.string?.contains("row 6") == true)
        client.close()
    }

    /// Its verdict came now, however long the answer waited for it.
    @Test func resultOfAnAnswerThatWaitedLongIsKept() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.records(1...2), of: $0) }
        let client = try rig.client(["answers.keep_hours": "1"])
        try answer(client, 1...2)
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                for var row in try client.store.answers.waiting(feed: Feed.listingsToSync.rawValue, now: Clock.wallMs(), limit: 10)
                {
                    row.answeredAt -= 8 * 86_400_000
                    try client.store.answers.save(row)
                }
            }
        }
        try client.flushNow()
        client.close()

        let next = try rig.client(["answers.keep_hours": "1"])
        try next.flushNow()
        try next.flushNow()
        #expect(try next.verdicts() == ["1": "applied", "2": "applied"])
        next.close()
    }

    @Test func failureOfARowThatWasNotAskedForCountsNothing() throws {
        let rig = HubRig { request in
            guard request.isWrite else { return .onlyPage(Self.records(1...1), of: request) }
            return .reply(#"[{"id":8,"success":false},{"id":9,"success":false}]"#)
        }
        let client = try rig.client()
        try answer(client, 1...1)

        #expect(try client.flushNow().answersSent == 1)
        client.close()
    }

    @Test func h12RefusedTokenLeavesAnswersWaiting() throws {
        let rig = HubRig { $0.isWrite ? .status("401 Unauthorized") : .onlyPage(Self.records(1...2), of: $0) }
        let client = try rig.client()
        try answer(client, 1...2)
        let report = try client.flushNow()

        #expect((report.status, report.waitingAnswers) == (FLX_E_TOKEN, 2))
        #expect(rig.writes.count == 1)
        #expect(try client.verdicts().isEmpty)
        client.close()
    }

    @Test func laterAnswerTakesThePlaceOfTheEarlier() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.records(1...1), of: $0) }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        let page = try #require(try pull.page())
        try client.acknowledge(page, #"[{"id":"1"}]"#)
        try client.acknowledge(page, #"[{"id":"1","error":"no price"}]"#)
        pull.close()
        try client.flushNow()

        #expect(rig.writes.count == 1)
        #expect(rig.written(0).contains("no price"))
        client.close()
    }

    @Test func oneFaultStoresNoAnswer() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.records(1...2), of: $0) }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        let page = try #require(try pull.page())
        let error = refusal { try client.acknowledge(page, #"[{"id":"1"},{"id":"9"}]"#) }

        #expect(error?.code == FLX_E_ANSWER)
        #expect(error?.faults.map { $0.path } == ["/1/id"])
        pull.close()
        #expect(try client.flushNow().answersSent == 0)
        #expect(rig.writes.isEmpty)
        client.close()
    }

    @Test func receiptIsGoodInAnotherClientAndNextWeek() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.records(1...1), of: $0) }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        let page = try #require(try pull.page())
        pull.close()
        client.close()

        let next = try rig.client()
        try next.acknowledge(page, #"[{"id":"1"}]"#)
        try next.flushNow()
        #expect(try next.verdicts() == ["1": "applied"])
        next.close()
    }

    @Test func receiptOfACursorFeedIsNotAnswered() throws {
        let rig = HubRig { .onlyPage(Self.records(1...1), of: $0) }
        let client = try rig.client()
        let page = try #require(try client.open(.listings).page())

        #expect(refusal { try client.acknowledge(page, #"[{"id":"1"}]"#) }?.code == FLX_E_USE)
        client.close()
    }

    @Test func resultsComeOnceByTheirNumber() throws {
        let rig = HubRig { $0.isWrite ? .empty : .onlyPage(Self.records(1...3), of: $0) }
        let client = try rig.client()
        try answer(client, 1...3)
        try client.flushNow()
        let first = try parsed(client.answerResults(after: 0, most: 2))
        let last = try #require(first.element(1)?.member("seq")?.integer)

        #expect(first.count == 2)
        #expect(try parsed(client.answerResults(after: last, most: 10)).count == 1)
        #expect(try parsed(client.answerResults(after: 0, most: 10)).count == 3)
        client.close()
    }

    // MARK: given

    private func all(_ ids: ClosedRange<Int>) -> String {
        "[\(ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ","))]"
    }

    private func answer(_ client: Client, _ ids: ClosedRange<Int>) throws {
        let pull = try client.open(.listingsToSync)
        try client.acknowledge(try #require(try pull.page()), all(ids))
        pull.close()
    }

    private func ids(_ request: HubRequest) throws -> [String] {
        try parsed(request.body).elements.compactMap { $0.member("listingVariantId")?.text }
    }
}
