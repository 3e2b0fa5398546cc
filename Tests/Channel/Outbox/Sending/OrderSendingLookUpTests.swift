import Testing

@testable import FlxChannel

/// An order that may be at the hub is looked up before it is sent again.
struct OrderSendingLookUpTests {
    @Test func orderThatIsNotFoundIsSentAgainWithTheSameBytes() throws {
        let posts = Box(0)
        let rig = HubRig { request in
            guard request.isWrite else { return .empty }
            return posts.change {
                $0 += 1; return $0
            } == 1 ? .hangUp : .reply(OrderSendingTests.ours)
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order(#""orderTotal":"19.90""#))
        try client.flushToRest()
        try client.again(rig)

        #expect(try client.order("A-1")?.verdict == .applied)
        #expect(rig.requests.map { $0.method } == ["POST", "GET", "GET", "POST"], "by its number, and by its date")
        #expect(rig.written(0) == rig.written(1))
        #expect(try client.order("A-1")?.attempts == 2)
        client.close()
    }

    /// Part 10: with 500 older orders ours was never seen.
    @Test func orderOfAHubThatOverlooksTheNumberIsFoundByItsDate() throws {
        let rig = HubRig { request in
            guard request.isWrite else {
                guard request.query["orderedAfter"] != nil else {
                    return .reply(#"[{"id":\#(request.page),"orderNumber":"B-\#(request.page)"}]"#)
                }
                return request.page == 2 ? .reply("[\(OrderSendingTests.ours)]") : .reply(#"[{"id":9,"orderNumber":"B-9"}]"#)
            }
            return .hangUp
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order(#""orderedAt":"2026-01-31T12:00:00Z""#))
        try client.flushToRest()
        try client.again(rig)

        #expect(rig.requests.map { $0.method } == ["POST", "GET", "GET", "GET"])
        #expect(rig.requests.last?.query["orderedAfter"] == "2026-01-31T11:45:00Z")
        #expect(try client.order("A-1")?.verdict == .applied)
        client.close()
    }

    @Test func orderIsPostedAgainOnlyWhenTheListByDateWasReadToItsEnd() throws {
        let posts = Box(0)
        let rig = HubRig { request in
            guard request.isWrite else {
                return request.query["orderedAfter"] != nil && request.page > 2
                    ? .empty : .reply(#"[{"id":\#(request.page),"orderNumber":"B"}]"#)
            }
            return posts.change {
                $0 += 1; return $0
            } == 1 ? .hangUp : .reply(OrderSendingTests.ours)
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        try client.again(rig)

        #expect(rig.requests.map { $0.method } == ["POST", "GET", "GET", "GET", "GET", "POST"])
        client.close()
    }

    @Test func lookUpWhoseRecordCannotBeReadIsNoProofThatThereIsNone() throws {
        let rig = HubRig { $0.isWrite ? .hangUp : .reply(#"[{"id":"x","orderNumber":"A-1"}]"#) }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        for _ in 0..<5 { try client.again(rig) }

        #expect(rig.writes.count == 1)
        #expect(try client.order("A-1")?.state == .queued)
        client.close()
    }

    @Test func hubThatRefusesTheSizeOfAPageIsAskedForLess() throws {
        let rig = HubRig { request in
            guard request.isWrite else {
                return request.query["pageSize"] == "20" ? .reply("[\(OrderSendingTests.ours)]") : .status("400 Too many")
            }
            return .hangUp
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        try client.again(rig)

        #expect(rig.requests.compactMap { $0.query["pageSize"] } == ["100", "50", "20"])
        #expect(rig.writes.count == 1)
        #expect(try client.order("A-1")?.verdict == .applied)
        client.close()
    }

    /// The hub may be at work on a request whose sender was killed.
    @Test func lookUpThatFindsNothingCountsOnlyAfterTheTimeOfARequest() throws {
        let rig = HubRig { $0.isWrite ? .hangUp : .empty }
        let client = try rig.client()
        client.jitter = { _ in 0 }
        try client.submit(OrderDocumentTests.order())
        for _ in 0..<4 {
            try rig.openRateLimit()
            try client.flushToRest()
        }

        #expect(rig.writes.count == 1)
        #expect(rig.requests.dropFirst().first?.method == "GET")
        try client.again(rig)
        #expect(rig.writes.count == 2)
        client.close()
    }

    @Test func lookUpThatIsRefusedDoesNotStopTheOrderForEver() throws {
        let posts = Box(0)
        let rig = HubRig { request in
            guard request.isWrite else { return .status("403 Forbidden") }
            return posts.change {
                $0 += 1; return $0
            } == 1 ? .hangUp : .reply(OrderSendingTests.ours)
        }
        let client = try rig.client()
        try client.submit(OrderDocumentTests.order())
        try client.flushToRest()
        for _ in 0..<4 { try client.again(rig) }

        #expect(rig.requests.map { $0.method } == ["POST", "GET", "GET", "GET", "POST"])
        #expect(try client.order("A-1")?.verdict == .applied)
        client.close()
    }
}
