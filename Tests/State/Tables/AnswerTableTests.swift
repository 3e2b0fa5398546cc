import Testing

@testable import FlxChannel

struct AnswerTableTests {
    @Test func newAnswerTakesThePlaceOfAnUnsentOne() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("17", body: "first"))
        try put(store, answer("17", body: "second"), answer("18"))

        let rows = try waiting(store)
        #expect(rows.map(\.recordId) == ["17", "18"])
        #expect(rows.first?.body == Array("second".utf8))
    }

    @Test func newAnswerTakesThePlaceOfASettledOne() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("17"))
        try send(store)
        try put(store, answer("17", body: "again"))

        #expect(try waiting(store).map(\.body) == [Array("again".utf8)])
        #expect(try results(store).isEmpty)
    }

    @Test func resultsComeInTheOrderInWhichTheyBecameKnown() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("1"), answer("2"), answer("3"))
        try send(store, only: "3")
        let seen = try results(store).last?.seq ?? 0
        try send(store, only: "1")

        #expect(try results(store).map(\.recordId) == ["3", "1"])
        #expect(try results(store, after: seen).map(\.recordId) == ["1"])
    }

    @Test func sequenceIsNotUsedAgainAfterPruning() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("1"))
        try send(store)
        let seen = try results(store).last?.seq ?? 0
        #expect(try store.write { () throws(StateError) in try store.answers.prune(settledBefore: 1000) } == 1)
        try put(store, answer("2"))
        try send(store)

        #expect(try results(store, after: seen).map(\.recordId) == ["2"])
    }

    @Test func saveOfAnAnswerThatWasReplacedChangesNothing() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("17", body: "first"))
        var stale = try #require(try waiting(store).first)
        try put(store, answer("17", body: "second"))
        stale.state = .sent
        stale.verdict = .applied

        #expect(try store.write { () throws(StateError) in try store.answers.save(stale) } == false)
        #expect(try waiting(store).map(\.body) == [Array("second".utf8)])
    }

    @Test func backoffKeepsThePlaceInTheQueue() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("1"), answer("2"))
        var first = try #require(try waiting(store).first)
        first.attempts = 1
        first.nextAt = 5000
        let saved = first
        #expect(try store.write { () throws(StateError) in try store.answers.save(saved) })

        #expect(try waiting(store, now: 4999).map(\.recordId) == ["2"])
        #expect(try waiting(store, now: 5000).map(\.recordId) == ["1", "2"])
        #expect(try store.read { () throws(StateError) in try store.answers.nextDue() } == 0)
    }

    @Test func waitingRecordsAreNamed() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("1"), answer("2"), answer("2", feed: 2))
        try send(store, only: "1")

        try store.read { () throws(StateError) in
            #expect(try store.answers.isWaiting(feed: 1, id: "2"))
            #expect(try !store.answers.isWaiting(feed: 1, id: "1"))
            #expect(try !store.answers.isWaiting(feed: 3, id: "2"))
        }
    }

    @Test func recordsToBeReadAgainOutliveThePruning() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        var again = answer("1")
        again.recheck = true
        (again.rereadAt, again.boot) = (50, 7)
        try put(store, again, answer("2"))
        #expect(try recheck(store).isEmpty)
        try send(store)
        try store.write { () throws(StateError) in _ = try store.answers.prune(settledBefore: 1000) }

        var row = try #require(try recheck(store).first)
        #expect(row.recordId == "1")
        #expect(try results(store).map(\.recordId) == ["1"])
        let seq = row.seq
        row.recheck = false
        let done = row
        try store.write { () throws(StateError) in _ = try store.answers.save(done) }
        #expect(try recheck(store).isEmpty)
        #expect(try results(store).map(\.seq) == [seq])
    }

    @Test func countsAreByFeedStateAndVerdict() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, answer("1"), answer("2"), answer("3", feed: 2))
        try send(store, only: "1")

        #expect(try store.read { () throws(StateError) in try store.answers.waitingCount() } == 2)
        #expect(
            try store.read { () throws(StateError) in try store.answers.counts() } == [
                AnswerCount(feed: 1, state: .waiting, verdict: .none, count: 1),
                AnswerCount(feed: 1, state: .sent, verdict: .applied, count: 1),
                AnswerCount(feed: 2, state: .waiting, verdict: .none, count: 1),
            ])
    }

    @Test func fingerprintStaysWithTheAnswer() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        var row = answer("1")
        row.fingerprint = "abc"
        try put(store, row, answer("2"))
        try send(store)

        #expect(try results(store).map { $0.fingerprint } == ["abc", nil])
    }

    @Test func recordsToBeReadAgainComeInTheOrderInWhichTheyBecomeDue() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try put(store, due("1", at: 30), due("2", at: 10), due("3", at: 20), due("4", at: 101), due("5", at: 10))
        try send(store)

        let rows = try recheck(store)
        #expect(rows.map(\.recordId) == ["2", "5", "3", "1"])
        let mark = AnswerTable.RereadMark(at: 10, seq: try #require(rows.first).seq)
        try store.read { () throws(StateError) in
            #expect(try store.answers.rereads(feed: 1, boot: 7, dueBy: 100, after: mark, limit: 2).map(\.recordId) == ["5", "3"])
            #expect(try store.answers.rereads(feed: 1, boot: 7, dueBy: 20) == (3, 10))
            #expect(try store.answers.rereads(feed: 1, boot: 8, dueBy: 20) == (0, 0))
        }
    }

    /// The boot clock starts anew with the machine, and a row of an older release has no instant at all.
    @Test func recordsWhoseTimeIsOfAnotherBootGetANewOne() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        var old = due("3", at: 0)
        (old.rereadAt, old.boot) = (nil, nil)
        try put(store, due("1", at: 30), due("2", at: 10, boot: 6), old, due("4", at: 9000))
        try send(store)

        for expected in [true, false] {
            let isAny = try store.read { () throws(StateError) in
                try store.answers.isAnyRereadUnstamped(feed: 1, boot: 7, latest: 5000)
            }
            #expect(isAny == expected)
            try store.write { () throws(StateError) in try store.answers.stampRereads(feed: 1, boot: 7, latest: 5000, at: 60) }
        }
        #expect(try recheck(store).map(\.recordId) == ["1", "2", "3", "4"])
        #expect(try recheck(store).map(\.rereadAt) == [30, 60, 60, 60])
    }

    @Test func recordsThatWereAnsweredLongAgoByTheHubsClockAreBroughtForward() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        var (old, new, unknown) = (due("1", at: 900), due("2", at: 900), due("3", at: 900))
        (old.answeredHub, new.answeredHub, unknown.answeredHub) = (500, 501, nil)
        try put(store, old, new, unknown)
        try send(store)

        for expected in [true, false] {
            let isAny = try store.read { () throws(StateError) in
                try store.answers.isAnyRereadAhead(feed: 1, boot: 7, answeredBy: 500, now: 100)
            }
            #expect(isAny == expected)
            try store.write { () throws(StateError) in
                try store.answers.bringRereadsForward(feed: 1, boot: 7, answeredBy: 500, now: 100)
            }
        }
        #expect(try recheck(store).map(\.recordId) == ["1"])
    }

    private func due(_ id: String, at: Int64, boot: Int64 = 7) -> AnswerRow {
        var row = answer(id)
        (row.recheck, row.rereadAt, row.boot, row.sku) = (true, at, boot, "S\(id)")
        return row
    }

    private func answer(_ id: String, feed: Int32 = 1, body: String = "{}") -> AnswerRow {
        AnswerRow(
            seq: 0, feed: feed, recordId: id, body: Array(body.utf8), fetchedAt: 10, pending: nil, state: .waiting,
            verdict: .none, attempts: 0, nextAt: 0, message: "", httpStatus: 0, answeredAt: 20, recheck: false,
            contentAt: nil)
    }

    private func put(_ store: Store, _ rows: AnswerRow...) throws(StateError) {
        try store.write { () throws(StateError) in try store.answers.put(rows) }
    }

    private func send(_ store: Store, only: String? = nil) throws(StateError) {
        try store.write { () throws(StateError) in
            for var row in try store.answers.waiting(feed: 1, now: 100, limit: 10) where only == nil || row.recordId == only {
                row.state = .sent
                row.verdict = .applied
                try store.answers.save(row)
            }
        }
    }

    private func waiting(_ store: Store, now: Int64 = 100) throws(StateError) -> [AnswerRow] {
        try store.read { () throws(StateError) in try store.answers.waiting(feed: 1, now: now, limit: 10) }
    }

    private func results(_ store: Store, after: Int64 = 0) throws(StateError) -> [AnswerRow] {
        try store.read { () throws(StateError) in try store.answers.results(after: after, limit: 10) }
    }

    private func recheck(_ store: Store) throws(StateError) -> [AnswerRow] {
        try store.read { () throws(StateError) in
            try store.answers.rereads(feed: 1, boot: 7, dueBy: 100, after: AnswerTable.RereadMark(), limit: 10)
        }
    }
}
