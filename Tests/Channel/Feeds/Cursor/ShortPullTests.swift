import CFlxChannel
import Testing

@testable import FlxChannel

/// Pulls that are closed before the end of a list, as by a cron job with little time: however long the list is, all of it comes
/// round, and the cursor moves.
@Suite(.serialized) struct ShortPullTests {
    /// A hub that heeds the bound and answers so many requests of a pull, and then none.
    private final class Hub: @unchecked Sendable {
        let records: Box<[(id: Int, minute: Int)]>
        let allowance = Box(Int.max)
        let rig: HubRig

        init(_ count: Int, minute: Int = 50) {
            let records = Box((1...count).map { (id: $0, minute: minute) })
            let allowance = allowance
            self.records = records
            rig = HubRig { request in
                var isAnswered = false
                allowance.change {
                    isAnswered = $0 > 0
                    $0 -= 1
                }
                guard isAnswered else { return .silence }
                let bound = (request.query["updatedAfter"] ?? request.query["filterUpdatedAfter"]).flatMap { Instant(iso: $0) }
                let size = Int(request.query["pageSize"] ?? request.query["filterPageSize"] ?? "") ?? 20
                let page = records.value.filter { one in bound.map { $0 <= Hub.instant(one.minute) } ?? true }
                    .dropFirst((request.page - 1) * size).prefix(size)
                return .reply("[\(page.map { Hub.record($0.id, Hub.text($0.minute)) }.joined(separator: ","))]")
            }
        }

        private static func text(_ minute: Int) -> String { "2026-01-31T11:\(minute):00Z" }

        private static func instant(_ minute: Int) -> Instant { Instant(iso: text(minute)) ?? Instant(ms: 0) }

        private static func record(_ id: Int, _ updatedAt: String) -> String {
            #"{"id":\#(id),"sku":"S\#(id)","orderNumber":"N-\#(id)","orderStatus":"Open","updatedAt":"\#(updatedAt)"}"#
        }

        /// One pull with time for so many answers; the ids that it gave, all of them committed. True if it came to its end.
        func pull(_ client: Client, _ feed: Feed, _ spec: String, answers: Int) throws -> (ids: [String], isDone: Bool) {
            allowance.value = answers
            let pull = try client.open(feed, spec)
            defer { pull.close() }
            var ids: [String] = []
            let deadline = Deadline.after(ms: 60_000)
            while !deadline.isOver {
                switch try pull.next(by: .after(ms: 100)) {
                case .page(let page):
                    try pull.commit(page)
                    ids += page.ids
                case .done: return (ids, true)
                case .again: if allowance.value < 0 { return (ids, false) }
                }
            }
            throw Pull.Late()
        }

        /// Pulls until one comes to its end: the ids of all of them, and how many there were.
        func pulls(_ client: Client, _ feed: Feed, _ spec: String, answers: Int) throws -> (ids: [String], pulls: Int) {
            var ids: [String] = []
            for count in 1...60 {
                let (new, isDone) = try pull(client, feed, spec, answers: answers)
                ids += new
                if isDone { return (ids, count) }
            }
            throw Pull.Late()
        }
    }

    private static func texts(_ ids: ClosedRange<Int>) -> [String] { ids.map { "\($0)" } }

    @Test(
        arguments: [Feed.orders, .shipments, .listings],
        [#"{"page_size":10}"#, #"{"page_size":10,"since":"2026-01-31T11:00:00Z"}"#])
    func newCursorMovesAfterAsManyPullsAsItTakes(_ feed: Feed, _ spec: String) throws {
        let hub = Hub(95)
        let client = try hub.rig.client()
        let first = try hub.pulls(client, feed, spec, answers: 4)

        #expect(first.ids == Self.texts(1...95), "each once, and none is missing")
        #expect(first.pulls >= 6, "two passes of ten pages and their ends")
        #expect(try client.cursor(feed) != nil)
        let requests = hub.rig.requests.count
        #expect(try hub.pulls(client, feed, spec, answers: 100).ids == [])
        #expect(hub.rig.requests.count - requests <= 26, "no walk is left")
        client.close()
    }

    @Test func whatIsNewBehindALongListComesThoughNoPullHasTimeForIt() throws {
        let hub = Hub(95)
        let client = try hub.rig.client()
        let spec = #"{"page_size":10}"#
        _ = try hub.pulls(client, .orders, spec, answers: 100)
        hub.records.change { for id in 96...195 { $0.append((id: id, minute: 58)) } }

        let ids = try hub.pulls(client, .orders, spec, answers: 4).ids
        #expect(ids == Self.texts(96...195))
        client.close()
    }

    @Test func whatBecomesNewerInTheMeantimeComesToo() throws {
        let hub = Hub(95)
        let client = try hub.rig.client()
        let spec = #"{"page_size":10}"#
        var ids: [String] = []
        for _ in 0..<3 { ids += try hub.pull(client, .orders, spec, answers: 4).ids }
        hub.records.change { ($0[2].minute, $0[94].minute) = (59, 59) }
        hub.records.change { $0.append((id: 96, minute: 59)) }
        ids += try hub.pulls(client, .orders, spec, answers: 4).ids

        #expect(Set(ids) == Set(Self.texts(1...96)))
        #expect(ids.count { $0 == "3" } == 2, "its newer version, too")
        client.close()
    }

    @Test func pageThatWasNotCommittedIsGivenAgain() throws {
        let hub = Hub(95)
        let client = try hub.rig.client()
        let spec = #"{"page_size":10}"#
        let early = try client.open(.orders, spec)
        let first = try #require(try early.page())
        try early.commit(first)
        #expect(try early.page()?.ids == Self.texts(11...20))
        early.close()

        let next = try client.open(.orders, spec)
        #expect(try next.page()?.ids == Self.texts(11...20))
        next.close()
        let ids = try hub.pulls(client, .orders, spec, answers: 4).ids
        #expect(ids.count == 85)
        #expect(Set(ids) == Set(Self.texts(11...95)))
        client.close()
    }

    @Test func whatIsBehindAPageThatIsNeverCommittedComes() throws {
        let hub = Hub(95)
        let client = try hub.rig.client()
        let (spec, bad) = (#"{"page_size":10}"#, Set(Self.texts(11...20)))
        var stored: Set<String> = []
        var given = 0
        for _ in 0..<200 where stored.count < 85 {
            hub.allowance.value = 4
            let pull = try client.open(.orders, spec)
            while case .page(let page) = try pull.next(by: .after(ms: 100)) {
                if bad.isDisjoint(with: page.ids) {
                    stored.formUnion(page.ids)
                    try pull.commit(page)
                } else {
                    given += 1
                }
            }
            pull.close()
        }

        #expect(stored == Set(Self.texts(1...95)).subtracting(bad))
        #expect(given > 1, "it comes again")
        #expect(try client.cursor(.orders) == nil, "the cursor does not pass it")
        client.close()
    }

    @Test func placeThatIsWrittenOnTheWayIsBehindNoPageThatIsNotCommitted() throws {
        let hub = Hub(30)
        let client = try hub.rig.client()
        let pull = try client.open(.orders, #"{"page_size":1}"#)
        for number in 1...21 {
            let page = try #require(try pull.page())
            if number < 21 { try pull.commit(page) }
        }
        let row = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.cursors.get(feed: Feed.orders.rawValue, name: "default")
            }
        }

        #expect(CursorNote(row?.note ?? "").walk?.page == 20, "the process may be killed now")
        pull.close()
        client.close()
    }

    @Test func readingOfEverythingOnceMoreComesToItsEnd() throws {
        let hub = Hub(95, minute: 10)
        let client = try hub.rig.client(["feeds.reconcile_h": "1"])
        let spec = #"{"page_size":10}"#
        _ = try hub.pulls(client, .orders, spec, answers: 100)
        hub.records.change { $0[94] = (id: 96, minute: 50) }  // dated back: no cursor sees it
        try client.readInFull(.orders, hoursAgo: 2)

        #expect(try hub.pulls(client, .orders, spec, answers: 8).ids == ["96"])
        client.close()
    }
}
