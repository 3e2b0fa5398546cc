import Testing

@testable import FlxChannel

struct OutboxTableTests {
    @Test func numberIsAcceptedOnce_M01() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")

        #expect(thrown { () throws(StateError) in try store.accept("A-1") } == .exists)
        #expect(try store.accept("A-2") == 2)
    }

    @Test func rowIsFoundByHashAndByHubId() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1")
        try store.accept("A-2")
        try store.change(id) { $0.hubId = "5001" }

        try store.read { () throws(StateError) in
            #expect(try store.outbox.row(numberHash: store.keyed("number", Array("A-1".utf8)))?.id == id)
            #expect(try store.outbox.row(hubId: "5001")?.number == "A-1")
            #expect(try store.outbox.row(hubId: "5002") == nil)
            #expect(try store.outbox.row(id: 99) == nil)
        }
    }

    @Test func everyMutableColumnIsSaved() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1", at: 5)
        try store.change(id) {
            $0.state = .resolved
            $0.verdict = .possiblyApplied
            $0.hubId = "7"
            $0.hubStatus = "Open"
            $0.attempts = 3
            $0.lookups = 2
            $0.ambiguous = true
            $0.nextAt = 99
            $0.fence = 4
            $0.resolvedAt = 11
            $0.settledAt = 12
            $0.code = -303
            $0.message = "cut\u{0} off"
            $0.watched = true
        }

        let row = try store.order(id)
        #expect(row?.state == .resolved)
        #expect(row?.verdict == .possiblyApplied)
        #expect(row?.hubId == "7")
        #expect(row?.hubStatus == "Open")
        #expect(row?.attempts == 3)
        #expect(row?.lookups == 2)
        #expect(row?.ambiguous == true)
        #expect(row?.nextAt == 99)
        #expect(row?.fence == 4)
        #expect(row?.submittedAt == 5)
        #expect(row?.resolvedAt == 11)
        #expect(row?.settledAt == 12)
        #expect(row?.code == -303)
        #expect(row?.message == "cut\u{0} off")
        #expect(row?.watched == true)
    }

    @Test func saveUnderAnOldFenceChangesNothing_K03() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1")
        let stale = try store.order(id)
        try store.change(id) { $0.fence = 1 }

        let isSaved = try store.write { () throws(StateError) in
            guard var row = stale else { return true }
            row.verdict = .applied
            return try store.outbox.save(row, fence: 0)
        }

        #expect(!isSaved)
        #expect(try store.order(id)?.verdict == Verdict.none)
    }

    @Test func dueGivesOpenOrdersWhoseTimeHasComeByAge() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        for number in 1...5 { try store.accept("A-\(number)", at: 1000) }
        try store.change(1) { $0.nextAt = 3000 }
        try store.change(2) { $0.state = .sending }
        try store.change(3) { $0.state = .resolved }
        try store.change(4) { $0.nextAt = 2000 + OutboxTable.farthestMs + 1 }  // C-02: a clock was wrong

        try store.read { () throws(StateError) in
            #expect(try store.outbox.due(at: 2000, limit: 10).map(\.id) == [2, 4, 5])
            #expect(try store.outbox.due(at: 3000, limit: 2).map(\.id) == [1, 2])
            #expect(try store.outbox.due(at: 999, limit: 10).map(\.id) == [4])
            #expect(try store.outbox.nextDue() == 1000)
        }
    }

    @Test func nextDueIsNilWithoutOpenOrders() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        try store.change(1) { $0.state = .resolved }

        #expect(try store.read { () throws(StateError) in try store.outbox.nextDue() } == nil)
    }

    @Test func listFiltersAndGoesOnAfterARow() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        for number in 1...6 { try store.accept("A-\(number)") }
        for id: Int64 in [2, 4, 6] {
            try store.change(id) {
                $0.state = .resolved
                $0.verdict = id == 4 ? .refused : .applied
            }
        }

        try store.read { () throws(StateError) in
            let outbox = store.outbox
            #expect(try outbox.list(state: nil, verdict: nil, after: 0, limit: 4).map(\.id) == [1, 2, 3, 4])
            #expect(try outbox.list(state: nil, verdict: nil, after: 4, limit: 4).map(\.id) == [5, 6])
            #expect(try outbox.list(state: .resolved, verdict: nil, after: 0, limit: 9).map(\.id) == [2, 4, 6])
            #expect(try outbox.list(state: nil, verdict: .applied, after: 2, limit: 9).map(\.id) == [6])
            #expect(try outbox.list(state: .queued, verdict: .applied, after: 0, limit: 9).isEmpty)
            #expect(try outbox.openCount() == 3)
            #expect(try outbox.results(limit: 2).map(\.id) == [2, 4])
            #expect(
                try outbox.counts() == [
                    OutboxCount(state: .queued, verdict: .none, count: 3),
                    OutboxCount(state: .resolved, verdict: .applied, count: 2),
                    OutboxCount(state: .resolved, verdict: .refused, count: 1),
                ])
        }
    }

    @Test func watchedOrdersComeByAge() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        for number in 1...4 { try store.accept("A-\(number)") }
        for id: Int64 in [1, 3, 4] { try store.change(id) { $0.watched = true } }

        try store.read { () throws(StateError) in
            #expect(try store.outbox.watched(after: 0, limit: 2).map(\.id) == [1, 3])
            #expect(try store.outbox.watched(after: 3, limit: 2).map(\.id) == [4])
        }
    }

    @Test func blankedRowIsATombstoneThatIsStillRecognised() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1", wire: Array("secret street 5".utf8))
        try store.change(id) {
            $0.state = .settled
            $0.settledAt = 100
            $0.verdict = .applied
            $0.hubId = "5001"
            $0.message = "for Ms Miller"
        }
        try store.write { () throws(StateError) in
            try store.events.append(
                row: id, at: 1, what: "sent", httpStatus: 200, verdict: .applied, message: "for Ms Miller",
                requestId: "r", tookMs: 5)
            #expect(try store.outbox.blankable(settledBefore: 100, limit: 9).isEmpty)
            #expect(try store.outbox.blankable(settledBefore: 101, limit: 9).map(\.id) == [id])
            try store.outbox.blank(id)
            #expect(try store.outbox.blankable(settledBefore: 101, limit: 9).isEmpty)
        }

        let row = try store.read { () throws(StateError) in try store.outbox.row(numberHash: store.keyed("number", Array("A-1".utf8))) }
        #expect(row?.number == nil)
        #expect(row?.wire == nil)
        #expect(row?.message == "")
        #expect(row?.digest == [1, 2])
        #expect(row?.verdict == .applied)
        #expect(row?.hubId == "5001")
        #expect(thrown { () throws(StateError) in try store.accept("A-1") } == .exists)
        store.close()
        for name in ["state/shop.db", "state/shop.db-journal", "state/shop.lock"] {  // S-08
            #expect(!bytes(of: scratch.at(name)).contains("secret street"))
            #expect(!bytes(of: scratch.at(name)).contains("Miller"))
        }
    }
}
