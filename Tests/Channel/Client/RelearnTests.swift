import CFlxChannel
import Testing

@testable import FlxChannel

/// What was learnt from the hub is shown, and a person can have it forgotten.
struct RelearnTests {
    private static let askedToWait = "429 Too Many Requests\r\nRetry-After: 3600"

    private func learnt(_ client: Client) throws -> [String: JSONValue] {
        var facts: [String: JSONValue] = [:]
        for fact in try parsed(client.stats()).member("learnt")?.elements ?? JSONElements(of: try parsed("[]")) {
            facts[fact.member("fact")?.string ?? ""] = fact
        }
        return facts
    }

    @Test func d06_waitOfAnHourIsShownAndLifted() throws {
        let isOver = Box(false)
        let rig = HubRig { request in
            guard request.isWrite else { return .empty }
            return isOver.value ? .reply(#"{"id":1,"orderNumber":"A-1"}"#) : .status(Self.askedToWait)
        }
        let client = try rig.client()
        defer { client.close() }
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()
        isOver.value = true
        try client.flushNow()
        #expect(rig.writes.count == 1)
        let rateLimiter = try #require(try parsed(client.stats()).member("rate_limit"))
        #expect(rateLimiter.member("paused")?.string == "throttled")
        #expect((3_590_000...3_600_000).contains(rateLimiter.member("paused_ms")?.integer ?? 0))
        let hold = try #require(try learnt(client)["hold"])
        #expect(hold.member("value")?.string == "throttled")
        #expect(hold.member("source")?.string == "429")
        #expect((3_590_000...3_600_000).contains((hold.member("until_ms")?.integer ?? 0) - Clock.wallMs()))

        try client.relearn([.hold])
        #expect(try learnt(client)["hold"] == nil)
        #expect(try parsed(client.stats()).member("rate_limit")?.member("paused")?.string == "")
        try client.flushNow(1500)
        #expect(rig.writes.count == 2)
        #expect(try client.order("A-1")?.verdict == .applied)
    }

    @Test func orderThatMayHaveReachedTheHubKeepsItsTimeWhenAWaitIsLifted() throws {
        let rig = HubRig { $0.isWrite ? .hangUp : .empty }
        let client = try rig.client()
        defer { client.close() }
        client.jitter = { _ in 60_000 }
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()
        let before = try #require(try client.order("A-1"))
        #expect(before.ambiguous)

        try client.relearn([.hold])
        #expect(try client.order("A-1")?.nextAt == before.nextAt)
    }

    @Test func answersThatWaitAreDueWhenAWaitIsLifted() throws {
        let rig = HubRig { request in
            request.isWrite
                ? .status(Self.askedToWait) : .onlyPage(#"{"id":1,"sku":"A","updatedAt":"2026-01-31T11:00:00Z"}"#, of: request)
        }
        let client = try rig.client()
        defer { client.close() }
        let pull = try client.open(.listingsToSync)
        try client.acknowledge(try #require(try pull.page()), #"[{"id":1}]"#)
        _ = try pull.page()
        pull.close()
        try client.flushNow()
        #expect(rig.writes.count == 1)

        try client.relearn([.hold])
        try client.flushNow(1500)
        #expect(rig.writes.count == 2)
    }

    @Test func breakerAndRefusedTokenAreShownAndLifted() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        defer { client.close() }
        for (word, source) in [("breaker", "failures"), ("token", "401")] {
            try client.rateLimiter.change(by: .after(ms: 1000)) { state in
                if word == "breaker" { (state.breaker.failures, state.breaker.openUntil) = (5, Clock.bootMs() + 20_000) }
                if word == "token" { (state.token.refusals, state.token.nextProbeAt) = (3, Clock.bootMs() + 20_000) }
            }
            #expect(try parsed(client.stats()).member("rate_limit")?.member("paused")?.string == word)
            #expect((19_000...20_000).contains(try parsed(client.stats()).member("rate_limit")?.member("paused_ms")?.integer ?? 0))
            #expect(try learnt(client)["hold"]?.member("source")?.string == source)

            try client.relearn([.hold])
            #expect(try parsed(client.stats()).member("rate_limit")?.member("paused_ms")?.integer == 0)
        }
    }

    @Test func fullPoolIsShownAndForgotten() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        defer { client.close() }
        try client.rateLimiter.change(by: .after(ms: 1000)) { state in
            state.pool = TokenBucket(size: 40, refillMilli: 500, usedMilli: 40_000, at: Clock.bootMs())
            (state.distrustUntil, state.widen) = (Clock.bootMs() + 1000, 8000)
        }
        let rateLimiter = try #require(try parsed(client.stats()).member("rate_limit"))
        #expect(rateLimiter.member("paused")?.string == "pool")
        #expect((2000...60_000).contains(rateLimiter.member("paused_ms")?.integer ?? 0))
        let pool = try #require(try learnt(client)["pool"]?.member("value"))
        #expect(pool.text == #"{"size":40,"refill":0.500}"#)

        try client.relearn([.pool])
        let state = try client.rateLimiter.snapshot(by: .after(ms: 1000))
        #expect(state.pool == nil)
        #expect(state.distrustUntil == 0)
        #expect(state.widen == 1000)
        #expect(try learnt(client)["pool"] == nil)
    }

    @Test func clockIsForgottenInTheProcessAndInTheFile() throws {
        let rig = HubRig { .onlyPage(CursorPullTests.record(1), of: $0) }
        let client = try rig.client(isTimeKnown: false)
        defer { client.close() }
        _ = try client.open(.shipments).pages()
        let known = try #require(try learnt(client)["clock"])
        #expect(known.member("source")?.string == "Date")
        #expect(known.member("witnesses")?.integer ?? 0 >= 2)
        #expect(Client.keptClock(client.store) != nil)

        try client.relearn([.clock])
        #expect(client.clock.now() == nil)
        #expect(Client.keptClock(client.store) == nil)
        #expect(try learnt(client)["clock"] == nil)
    }

    @Test func filtersAreForgottenAlsoByAPullThatIsUnderWay() throws {
        let rig = HubRig { .onlyPage(CursorPullTests.record(1, "2020-01-01T00:00:00Z"), of: $0) }
        let client = try rig.client()
        defer { client.close() }
        try client.setCursor(.shipments, name: "default", to: "2026-01-31T10:00:00Z")
        let pull = try client.open(.shipments)
        #expect(try pull.pages().isEmpty)
        pull.close()
        #expect(
            try learnt(client)["filters"]?.member("value")?.text
                == #"{"feed":"shipments","cursor":"default","ignored":true,"late_s":0}"#)
        let next = try client.open(.shipments)

        try client.relearn([.filters])
        #expect(try learnt(client)["filters"] == nil)
        _ = try next.pages()
        #expect(try learnt(client)["filters"] == nil)
    }

    @Test func channelIsForgottenOnlyWhenItIsNamed() throws {
        let rig = HubRig { $0.isWrite ? .reply(#"{"id":5001,"orderNumber":"A-1","channelId":3}"#) : .empty }
        let client = try rig.client()
        defer { client.close() }
        try client.submit(OrderDocumentTests.order())
        try client.flushNow()
        try client.relearn(try Client.facts(named: nil))
        #expect(try learnt(client)["channel"]?.member("value")?.string == "3")

        try client.relearn(try Client.facts(named: Array(#"["channel"]"#.utf8)))
        #expect(try learnt(client)["channel"] == nil)
        #expect(client.identity.known == nil)
    }

    @Test func factsAreNamed() throws {
        #expect(try Client.facts(named: nil) == [.clock, .pool, .hold, .filters])
        #expect(try Client.facts(named: []) == [.clock, .pool, .hold, .filters])
        #expect(try Client.facts(named: Array("[]".utf8)) == [])
        #expect(try Client.facts(named: Array(#"["hold","channel"]"#.utf8)) == [.hold, .channel])
        for (wrong, code) in [
            (#"["hold","weather"]"#, FLX_E_ARGUMENT), (#"[1]"#, FLX_E_ARGUMENT), (#"["Clock"]"#, FLX_E_ARGUMENT),
            (#""hold""#, FLX_E_JSON), ("{", FLX_E_JSON), ("hold", FLX_E_JSON),
        ] {
            let error = refusal { try Client.facts(named: Array(wrong.utf8)) }
            #expect(error?.code == code, "\(wrong)")
            if code == FLX_E_ARGUMENT { #expect(error?.message.contains("clock, pool, hold, filters, channel") == true) }
        }
    }
}
