import CFlxChannel
import Testing

@testable import FlxChannel

struct CursorPullTests {
    static func record(_ id: Int, _ updatedAt: String = "2026-01-31T11:00:00Z", _ more: String = "") -> String {
        #"{"id":\#(id),"sku":"A","updatedAt":"\#(updatedAt)"\#(more.isEmpty ? "" : "," + more)}"#
    }

    /// The clock of the answers says 12:00; that of the rows may be behind it (C-04), as far as a zone is from another, and that
    /// one may be wrong (L-01): never more than 15 minutes past the newest row, which is enough to read it only once.
    @Test(arguments: [
        ("2026-01-30T11:00:00Z", "2026-01-30T11:15:00Z"), ("2026-01-31T11:00:00Z", "2026-01-31T11:00:00Z"),
        ("2026-01-31T11:50:00Z", "2026-01-31T11:50:00Z"), ("2026-01-31T12:30:00Z", "2026-01-31T11:59:58Z"),
    ])
    func cursorMovesToTheNewestRowWhenTheLastPageIsCommitted(newest: String, expected: String) throws {
        let rig = HubRig { .onlyPage(Self.record(1, newest), of: $0) }
        let client = try rig.client()
        let pull = try client.open(.shipments)
        let page = try #require(try pull.page())
        #expect(try pull.page() == nil)
        #expect(try client.cursor(.shipments) == nil)
        try pull.commit(page)

        let at = try #require(try client.cursor(.shipments))
        let goal = try #require(Instant(iso: expected))
        #expect((goal.ms - 3000...goal.ms + 3000).contains(at.ms), "\(at.isoSeconds)")
        client.close()
    }

    @Test func p04EmptyPageInTheMiddleIsNoEnd() throws {
        let made = #""insertedAt":"2026-01-31T11:00:00Z""#  // in the documented order, which needs one pass
        let rig = HubRig {
            $0.page == 1 || $0.page == 3 ? .reply("[\(Self.record($0.page, "2026-01-31T11:00:00Z", made))]") : .empty
        }
        let client = try rig.client()

        #expect(try client.open(.shipments).pages().map { $0.ids } == [["1"], ["3"]])
        #expect(rig.requests.prefix(5).map { $0.query["filterPageNumber"] } == ["1", "2", "3", "4", "5"])
        #expect(rig.requests.count == 10, "two pages are read twice: a row may have been skipped between them (P-01)")
        client.close()
    }

    @Test func p10CursorStaysWhileAPageIsNotCommitted() throws {
        let rig = HubRig { $0.page <= 3 ? .reply("[\(Self.record($0.page))]") : .empty }
        let client = try rig.client()
        let pull = try client.open(.shipments)
        let pages = try pull.pages()
        try #require(pages.count == 3)

        try pull.commit(pages[2])
        try pull.commit(pages[0])
        try pull.commit(pages[0])
        #expect(try client.cursor(.shipments) == nil)
        try pull.commit(pages[1])
        #expect(try client.cursor(.shipments) != nil)
        try pull.commit(pages[1])
        client.close()
    }

    @Test func p10CursorStaysWhenTheWalkDidNotComeToItsEnd() throws {
        let rig = HubRig { $0.page <= 2 ? .reply("[\(Self.record($0.page))]") : .empty }
        let client = try rig.client()
        let pull = try client.open(.shipments)
        try pull.commit(try #require(try pull.page()))
        pull.close()

        #expect(try client.cursor(.shipments) == nil)
        client.close()
    }

    @Test func p09AfterACrashCommittedVersionsDoNotComeAgainAndOthersDo() throws {
        let rig = HubRig { $0.page <= 2 ? .reply("[\(Self.record($0.page))]") : .empty }
        let client = try rig.client()
        let pull = try client.open(.shipments)
        let first = try #require(try pull.page())
        _ = try pull.page()
        try pull.commit(first)
        pull.close()

        let again = try client.open(.shipments)
        #expect(try again.pages().map { $0.ids } == [["2"]])
        client.close()
    }

    @Test func newVersionOfACommittedRecordComes() throws {
        let text = Box(Self.record(1, "2026-01-31T11:59:30Z"))
        let rig = HubRig { .onlyPage(text.value, of: $0) }
        let client = try rig.client()
        func walked() throws -> [[String]] {
            let pull = try client.open(.shipments)
            defer { pull.close() }
            let pages = try pull.pages()
            for page in pages { try pull.commit(page) }
            return pages.map { $0.ids }
        }

        #expect(try walked() == [["1"]])
        #expect(try walked() == [])
        text.value = Self.record(1, "2026-01-31T11:59:30Z", #""suppressed":true"#)
        #expect(try walked() == [["1"]], "other content, same instant (P-06)")
        #expect(try walked() == [])
        client.close()
    }

    @Test func nextWalkStartsTheOverlapBeforeTheCursor() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        try client.setCursor(.shipments, name: "default", to: "2026-01-31T10:00:00Z")
        _ = try client.open(.shipments).pages()

        #expect(rig.requests.first?.query["filterUpdatedAfter"] == "2026-01-31T09:58:00Z")
        client.close()
    }

    @Test func sinceIsForANewCursorOnly() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        let spec = #"{"cursor":"nightly","since":"2026-01-01T00:00:00Z"}"#
        let first = try client.open(.orders, spec)
        _ = try first.pages()
        first.close()
        let second = try client.open(.orders, spec)
        _ = try second.pages()

        let bounds = rig.requests.map { $0.query["updatedAfter"] ?? "" }
        #expect(bounds.first == "2026-01-01T00:00:00Z")
        #expect(bounds.last == "2025-12-31T23:58:00Z", "it stands there, for no row has shown that time went on")
        #expect(try client.cursor(.orders, "default") == nil)
        client.close()
    }

    @Test func walkMovesTheCursorToItsStartNotToItsEnd() throws {
        let rig = HubRig { request in
            .reply(
                request.page == 1 ? "[\(Self.record(1, "2026-01-31T12:40:00Z"))]" : "[]",
                date: request.page == 1 ? HubRig.date : "Sat, 31 Jan 2026 13:00:00 GMT")
        }
        let client = try rig.client()
        let pull = try client.open(.shipments)
        try pull.commit(try #require(try pull.page()))
        // The host is away for an hour between the first page and the second.
        let later = Instant(iso: "2026-01-31T13:00:00Z")!.ms
        for _ in 0..<HubClock.window { client.clock.observe(dateMs: later, answeredMs: Clock.monotonicMs()) }
        #expect(try pull.page() == nil)

        #expect(try #require(try client.cursor(.shipments)) < Instant(iso: "2026-01-31T12:00:00Z")!)
        client.close()
    }

    // MARK: an order of rows that nobody knows

    @Test func p01ListOfUnknownOrderIsReadAgainUntilNothingNewTurnsUp() throws {
        let passes = Box(0)
        let rig = HubRig { request in
            let pass = passes.change { count in
                if request.page == 1 { count += 1 }
                return count
            }
            switch request.page {
            case 1: return .reply("[\(Self.record(1)),\(Self.record(2))]")
            case 2: return .reply(pass == 1 ? "[\(Self.record(4))]" : "[\(Self.record(3)),\(Self.record(4))]")
            default: return .empty
            }
        }
        let client = try rig.client()

        #expect(try client.open(.listings).pages().map { $0.ids } == [["1", "2"], ["4"], ["3"]])
        #expect(passes.value == 3)
        client.close()
    }

    @Test func walkOfOnePageCannotSkipAndIsNotReadAgain() throws {
        let rig = HubRig { .onlyPage(Self.record(1), of: $0) }
        let client = try rig.client()
        _ = try client.open(.listings).pages()

        #expect(rig.requests.map { $0.page } == [1, 2, 3])
        client.close()
    }

    @Test func p01RowThatASecondPassHasNoMoreMakesAThirdPass() throws {
        let passes = Box(0)
        let rig = HubRig { request in
            let pass = passes.change { count in
                if request.page == 1 { count += 1 }
                return count
            }
            // Row 1 goes after the first page was read, so that row 3 moves to it and is skipped.
            let rows = pass == 1 ? (request.page == 1 ? [1, 2] : [4]) : (request.page == 1 ? [2, 3] : [4])
            return request.page <= 2
                ? .reply("[\(rows.map { Self.record($0, "2026-01-31T12:00:00Z") }.joined(separator: ","))]") : .empty
        }
        let client = try rig.client()

        #expect(try client.open(.listings).pages().map { $0.ids } == [["1", "2"], ["4"], ["3"]])
        #expect(passes.value == 3)
        client.close()
    }

    @Test func p01ListThatNeverStandsStillLeavesTheCursor() throws {
        let next = Box(100)
        let rig = HubRig { request in
            guard request.page <= 2 else { return .empty }
            return .reply(
                "["
                    + (0..<3).map { _ in
                        Self.record(
                            next.change {
                                $0 += 1; return ($0 * 7919) % 10_007
                            })
                    }.joined(separator: ",") + "]")
        }
        let client = try rig.client()
        let pull = try client.open(.orders)
        while let page = try pull.page() { try pull.commit(page) }

        #expect(try client.cursor(.orders) == nil)
        #expect(rig.requests.count == 20, "five passes")
        client.close()
    }

    @Test func p11FeedIsReadInFullOnceMoreWhenItsTimeHasCome() throws {
        let old = Box(Self.record(1))
        let rig = HubRig { request in
            (request.query["updatedAfter"] ?? "") < "2026" ? .onlyPage(old.value, of: request) : .empty
        }
        let client = try rig.client()
        func walked() throws -> [[String]] {
            let pull = try client.open(.orders)
            defer { pull.close() }
            return try pull.pages().map { page in
                try pull.commit(page)
                return page.ids
            }
        }
        #expect(try walked() == [["1"]])
        old.value = Self.record(1, "2026-01-30T11:00:00Z", #""orderStatus":"Open""#)
        #expect(try walked() == [], "the cursor does not see what is dated back")
        try client.readInFull(.orders, hoursAgo: 25)

        #expect(try walked() == [["1"]])
        let before = rig.requests.count
        #expect(try walked() == [])
        #expect(rig.requests.count == before + 2)
        client.close()
    }

    // MARK: bad records

    @Test func j14WalkWithAPageOfBadRecordsOnlyLeavesTheCursor() throws {
        let rig = HubRig { .onlyPage(#"{"id":"x"},{"sku":"A"}"#, of: $0) }
        let client = try rig.client()
        let pull = try client.open(.shipments)
        let page = try #require(try pull.page())
        #expect(page.quarantined.count == 2)
        #expect(try pull.page() == nil)
        try pull.commit(page)

        #expect(try client.cursor(.shipments) == nil)
        client.close()
    }

    @Test func j15BadRecordAmongKnownOnesDoesNotHoldTheCursorForEver() throws {
        let rig = HubRig { .onlyPage(#"\#(Self.record(1)),{"id":2,"x":"\ud800"},{"id":3,"x":"\ud800"}"#, of: $0) }
        let client = try rig.client()
        var cursors: [Instant?] = []
        for _ in 0..<2 {
            let pull = try client.open(.shipments)
            for page in try pull.pages() { try pull.commit(page) }
            pull.close()
            cursors.append(try client.cursor(.shipments))
            try client.state { () throws(StateError) in
                try client.store.write { () throws(StateError) in
                    try client.store.cursors.put(
                        CursorRow(feed: Feed.shipments.rawValue, name: "default", at: nil, note: "", movedAt: 0))
                }
            }
        }

        #expect(cursors.allSatisfy { $0 != nil })
        client.close()
    }

    @Test func j10UnclearInstantIsSetAside() throws {
        let rig = HubRig { .onlyPage("\(Self.record(1)),\(Self.record(2, "2026-01-31 11:00"))", of: $0) }
        let client = try rig.client()
        let page = try #require(try client.open(.shipments).page())

        #expect(page.ids == ["1"])
        #expect(page.quarantined.map { $0.id } == ["2"])
        client.close()
    }

    @Test func pageThatTheStateFileHeldUpComesWithTheNextCall() throws {
        let rig = HubRig { .onlyPage(#"\#(Self.record(1)),{"id":2,"x":"\ud800"},\#(Self.record(3))"#, of: $0) }
        let client = try rig.client(["state.wait_ms": "30"])
        let other = try rig.client()
        let pull = try client.open(.shipments)
        var error: ChannelError?
        try other.store.write { () throws(StateError) in error = refusal { try pull.page() } }

        #expect(error?.code == FLX_E_STATE_BUSY)
        let page = try #require(try pull.page())
        #expect(page.ids == ["1", "3"])
        #expect(try pull.page() == nil)
        #expect(try client.cursor(.shipments) == nil)
        try pull.commit(page)
        #expect(try client.cursor(.shipments) != nil)
        client.close()
        other.close()
    }

    @Test func commitMayRunBesideTheNextPage() throws {
        let rig = HubRig { $0.page <= 20 ? .reply("[\(Self.record($0.page))]") : .empty }
        let client = try rig.client()
        let pull = try client.open(.shipments)
        let given = Box<[Page]>([])
        let isDone = Box(false)
        onThreads(2) { index in
            if index == 0 {
                while let page = try? pull.page() { given.change { $0.append(page) } }
                isDone.value = true
                return
            }
            while true {
                let wasDone = isDone.value
                guard let page = given.change({ $0.popLast() }) else {
                    if wasDone { return }
                    TestSystem.sleep(ms: 1)
                    continue
                }
                try? pull.commit(page)
            }
        }

        #expect(try client.cursor(.shipments) != nil)
        client.close()
    }
}
