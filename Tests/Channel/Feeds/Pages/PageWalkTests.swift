import CFlxChannel
import Glibc
import Testing

@testable import FlxChannel

struct PageWalkTests {
    @Test(arguments: [Feed.listingsToSync, .listings, .orders])
    func p03HubThatDoesNotTurnPagesIsStopped(_ feed: Feed) throws {
        let rig = HubRig { _ in .reply(#"[{"id":1,"sku":"A"},{"id":2,"sku":"B"}]"#) }
        let client = try rig.client()
        let pull = try client.open(feed)
        #expect(try pull.page()?.ids == ["1", "2"])
        let error = refusal { try pull.page() }

        #expect(error?.code == FLX_E_PAGING)
        #expect(error?.isFatal == true)
        #expect(rig.requests.count == 3, "one repeated page may be an accident (P-02)")
        client.close()
    }

    @Test func p03HubThatGoesBackToTheFirstPageIsStopped() throws {
        let rig = HubRig { .reply($0.page % 2 == 1 ? #"[{"id":1,"sku":"A"}]"# : #"[{"id":2,"sku":"B"}]"#) }
        let client = try rig.client()

        #expect(refusal { try client.open(.listingsToSync).pages() }?.code == FLX_E_PAGING)
        #expect(rig.requests.count == 4)
        client.close()
    }

    @Test func j14AndP03RepeatedPageOfBadRecordsIsStoppedToo() throws {
        let rig = HubRig { _ in .reply(#"[{"id":1,"sku":"\ud800"}]"#) }
        let client = try rig.client(["page.most": "20"])

        #expect(refusal { try client.open(.listingsToSync).pages() }?.code == FLX_E_PAGING)
        #expect(rig.requests.count == 3)
        client.close()
    }

    @Test func h06PageOfAGatewayAfterFailuresEndsNoPull() throws {
        let count = Counter()
        let rig = HubRig { request in
            count.add()
            return switch count.value {
            case 1...4: HubAnswer.status("502 Bad Gateway")
            case 5: .reply("<html>back soon</html>")
            default: .onlyPage(#"{"id":1,"sku":"A"}"#, of: request)
            }
        }
        let client = try rig.client()
        client.jitter = { _ in 0 }

        #expect(try client.open(.listingsToSync).pages().map { $0.ids } == [["1"]])
        client.close()
    }

    @Test func cancelEndsTheReadingOfALargePageWhichGoesOnAfterIt() throws {
        let rows = (1...1500).map { #"{"id":\#($0),"sku":"\#(String(repeating: "s", count: 1000))"}"# }.joined(separator: ",")
        let rig = HubRig { .onlyPage(rows, of: $0) }
        let client = try rig.client()
        let flag = try #require(CancelFlag.make())
        client.cancel.set(flag)
        let walk = PageWalk(
            client, operation: Feed.listingsToSync.operation, query: [("sync", "true")], pageSize: 2000, emptiesNeeded: 1)
        func isReading() -> Bool {
            var machine = walk.machine
            if case .read = machine.step(now: Clock.monotonicMs(), needsWitness: { false }) { return true }
            return false
        }
        for _ in 0..<100_000 where !isReading() {
            try client.drive(by: .after(ms: 60_000)) { () throws(ChannelError) in _ = try walk.next(by: .after(ms: 1)) }
        }
        var (canceled, page) = (0, FetchedPage?.none)
        while isReading() {
            let error = refusal {
                try client.drive(by: .after(ms: 60_000)) { () throws(ChannelError) in
                    CancelFlag.fire(flag)  // once the call has begun
                    if case .page(let read) = try walk.next(by: .after(ms: 60_000)) { page = read }
                }
            }
            canceled += error?.code == FLX_E_CANCELED ? 1 : 0
            CancelFlag.reset(flag)
        }

        #expect(canceled >= 3)
        #expect(page?.body.records.count == 1500)
        #expect(rig.requests.count { $0.page == 1 } == 1)
        client.close()
        CancelFlag.free(flag)
    }

    @Test func walkWithoutAnEndIsStopped() throws {
        let rig = HubRig { .reply(#"[{"id":\#($0.page),"sku":"A"}]"#) }
        let client = try rig.client(["page.most": "5"])

        #expect(refusal { try client.open(.listingsToSync).pages() }?.code == FLX_E_PAGING)
        #expect(rig.requests.count == 5)
        client.close()
    }

    @Test(arguments: [
        ("400 Bad Request", FLX_E_REFUSED), ("404 Not Found", FLX_E_REFUSED), ("401 Unauthorized", FLX_E_TOKEN),
        ("403 Forbidden", FLX_E_TOKEN),
    ])
    func refusedPullStaysRefused(_ status: String, _ code: Int32) throws {
        let rig = HubRig { $0.page == 1 ? .reply(#"[{"id":1,"sku":"A"}]"#) : .status(status, #"{"error":"no"}"#) }
        let client = try rig.client()
        let pull = try client.open(.listings)
        let page = try #require(try pull.page())
        try pull.commit(page)

        for _ in 0..<3 {
            let error = refusal { try pull.page() }
            #expect(error?.code == code)
            #expect(error?.isFatal == true)
        }
        #expect(try client.cursor(.listings) == nil)
        #expect(rig.requests.count == 2)
        client.close()
    }

    @Test func h01FailureThatPassesIsRetriedInside() throws {
        let isFirst = Box(true)
        let rig = HubRig { request in
            isFirst.change { first in
                defer { first = false }
                return first ? .status("503 Busy", "<html>") : .onlyPage(#"{"id":1,"sku":"A"}"#, of: request)
            }
        }
        let client = try rig.client()
        client.jitter = { _ in 0 }

        #expect(try client.open(.listingsToSync).pages().map { $0.ids } == [["1"]])
        client.close()
    }

    @Test func n14CutPageIsReadAgainAndNothingOfItGiven() throws {
        let isFirst = Box(true)
        let rig = HubRig { request in
            isFirst.change { first in
                defer { first = false }
                return first ? .reply(#"[{"id":9,"sku":"A"},{"id":1,"#) : .onlyPage(#"{"id":1,"sku":"A"}"#, of: request)
            }
        }
        let client = try rig.client()
        client.jitter = { _ in 0 }

        #expect(try client.open(.listingsToSync).pages().map { $0.ids } == [["1"]])
        client.close()
    }

    @Test func failureIsSeenAsAgainBeforeItIsTold() throws {
        let rig = HubRig { _ in .status("500 Oops") }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)

        guard case .again = try pull.next(by: .after(ms: 100)) else {
            Issue.record("not told to call again")
            return
        }
        client.close()
    }

    // MARK: requests that are held back

    static let holds: [(name: String, code: Int32, change: @Sendable (inout RateLimit) -> Void)] = [
        ("throttled", FLX_E_THROTTLED, { $0.pausedUntil = Clock.bootMs() + 60_000 }),
        (
            "breaker", FLX_E_UNAVAILABLE,
            { state in
                state.breaker.failures = CircuitBreaker.threshold
                state.breaker.openUntil = Clock.bootMs() + 60_000
            }
        ),
        (
            "token", FLX_E_TOKEN,
            { state in
                state.token.refusals = AuthBreaker.threshold
                state.token.nextProbeAt = Clock.bootMs() + 60_000
            }
        ),
    ]

    @Test(arguments: [0, 1, 2], [Feed.listingsToSync, .orders])
    func pullThatIsHeldBackSaysWhyAndUntilWhenAndTriesAgain(_ index: Int, _ feed: Feed) throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A"}"#, of: $0) }
        let client = try rig.client(["pull.give_up_ms": "1000", "hub.channel_id": "3"])
        let pull = try client.open(feed)
        try rig.closeRateLimit(Self.holds[index].change)

        for _ in 0..<2 {
            let start = Clock.monotonicMs()
            let error = refusal { try pull.next(by: .after(ms: 60_000)) }
            #expect(error?.code == Self.holds[index].code)
            #expect((error?.retryAfterMs ?? 0) > 50_000)
            #expect(error?.isFatal == false)
            #expect(Clock.monotonicMs() - start < 30_000)
        }
        #expect(rig.requests.isEmpty)
        try rig.openRateLimit()
        #expect(try pull.page()?.ids == ["1"])
        client.close()
    }

    @Test func shortCallsOfAPullThatIsHeldBackAddUp() throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A"}"#, of: $0) }
        let client = try rig.client(["pull.give_up_ms": "1000"])
        let pull = try client.open(.listingsToSync)
        try rig.closeRateLimit()
        let start = Clock.monotonicMs()
        var error: ChannelError?
        while error == nil, Clock.monotonicMs() - start < 60_000 { error = refusal { try pull.next(by: .after(ms: 50)) } }

        #expect(error?.code == FLX_E_THROTTLED)
        #expect(Clock.monotonicMs() - start >= 1000)
        client.close()
    }

    @Test func waitThatTheHubAskedForIsToldWhenItOutlastsThePatience() throws {
        let rig = HubRig { _ in .status("503 Busy\r\nRetry-After: 60") }
        let client = try rig.client(["pull.give_up_ms": "1000"])
        let pull = try client.open(.listingsToSync)

        for _ in 0..<2 {
            try rig.openRateLimit()
            let start = Clock.monotonicMs()
            let error = refusal { try pull.next(by: .after(ms: 60_000)) }
            #expect(error?.code == FLX_E_HUB)
            #expect((error?.retryAfterMs ?? 0) > 50_000)
            #expect(Clock.monotonicMs() - start < 30_000)
        }
        #expect(rig.requests.count == 1)
        client.close()
    }

    /// Decision 24: no wait costs processor time.
    @Test(arguments: [0, 1]) func waitCostsNoProcessorTime(_ index: Int) throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        let pull = try client.open(.listingsToSync)
        try rig.closeRateLimit(Self.holds[index].change)
        guard case .again = try pull.next(by: .after(ms: 50)) else { return #expect(Bool(false), "not held back") }
        let waitMs: Int64 = 3000
        let before = threadMs()
        guard case .again = try pull.next(by: .after(ms: waitMs)) else { return #expect(Bool(false), "not held back") }

        let usedMs = threadMs() - before
        #expect(usedMs * 50 <= Double(waitMs), "\(usedMs) ms of \(waitMs)")
        client.close()
    }

    /// Processor time of this thread, as getrusage(RUSAGE_THREAD) has it, which Swift does not see.
    private func threadMs() -> Double {
        var used = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used)
        return Double(used.tv_sec) * 1000 + Double(used.tv_nsec) / 1_000_000
    }

    // MARK: pages that the hub cuts

    @Test func pageOf4000VariantsIsReadAgainWithASmallerPage() throws {
        let variants = (0..<2000).map { #"{"id":\#($0)}"# }.joined(separator: ",")
        let rig = HubRig { request in
            let size = Int(request.query["pageSize"] ?? "") ?? 1
            let from = (request.page - 1) * size
            let parents = (from..<max(from, min(4, from + size))).map { #"{"id":\#($0 + 1),"sku":"P","variants":[\#(variants)]}"# }
            return .reply("[" + (from < 4 ? parents.prefix(2).joined(separator: ",") : "") + "]")
        }
        let client = try rig.client()
        let pages = try client.open(.listingsToPublish, #"{"page_size":4}"#).pages()

        #expect(pages.flatMap { $0.ids } == ["1", "2", "3", "4"])
        #expect(rig.requests.prefix(3).map { $0.query["pageSize"] } == ["4", "2", "1"])
        client.close()
    }

    @Test func oneParentWithManyVariantsIsGivenAsItIs() throws {
        let variants = (0..<4000).map { #"{"id":\#($0)}"# }.joined(separator: ",")
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"P","variants":[\#(variants)]}"#, of: $0) }
        let client = try rig.client()

        #expect(try client.open(.listingsToPublish, #"{"page_size":1}"#).pages().map { $0.ids } == [["1"]])
        #expect(rig.requests.map { $0.query["page"] } == ["1", "2"])
        client.close()
    }

    // MARK: a hub whose clock contradicts ours

    @Test func firstPageWaitsForTheAnswerThatSettlesTheHubsClock() throws {
        let rig = HubRig { .onlyPage(#"{"id":1,"sku":"A"}"#, of: $0) }
        let client = try rig.client(isTimeKnown: false)
        let page = try #require(try client.open(.listingsToSync).page())
        let receipt = try #require(Receipt.read(page.receipt, key: client.store.key))

        #expect(rig.requests.map { $0.page } == [1, 2])
        let truth = try #require(Instant(iso: "2026-01-31T12:00:00Z"))
        #expect((-3000...0).contains(try #require(receipt.fetchInstant).ms - truth.ms))
        client.close()
    }

    @Test(arguments: ["500 Oh no", "403 Forbidden"])
    func firstPageComesThoughTheAnswerAfterItIsNone(_ status: String) throws {
        let rig = HubRig { $0.page == 1 ? .reply(#"[{"id":1,"sku":"A"}]"#) : .status(status) }
        let client = try rig.client(isTimeKnown: false)

        #expect(try client.open(.listingsToSync).page()?.ids == ["1"])
        client.close()
    }

    @Test func firstPageOfAWalkThatMayHaveOnlyOneComesBeforeItsError() throws {
        let rig = HubRig { .reply(#"[{"id":\#($0.page),"sku":"A"}]"#) }
        let client = try rig.client(["page.most": "1"], isTimeKnown: false)
        let pull = try client.open(.listingsToSync)

        #expect(try pull.page()?.ids == ["1"])
        #expect(refusal { try pull.page() }?.code == FLX_E_PAGING)
        client.close()
    }

    @Test func hubThatTellsNoTimeGivesNoFetchInstant() throws {
        let rig = HubRig { $0.page == 1 ? .reply(#"[{"id":1,"sku":"A"}]"#, date: nil) : .empty }
        let client = try rig.client()
        let page = try #require(try client.open(.listingsToSync).page())

        #expect(try #require(Receipt.read(page.receipt, key: client.store.key)).fetchInstant == nil)
        client.close()
    }
}
