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
            $0.resolvedAt = 11
            $0.settledAt = 12
            $0.code = -303
            $0.message = "cut\u{0} off"
            $0.watched = true
            $0.sentAt = 21
            $0.firstSentAt = 22
            $0.toldId = "8"
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
        #expect((row?.sentAt, row?.firstSentAt, row?.toldId) == (21, 22, "8"))
        #expect(row?.fencingToken == 1)
        #expect(row?.submittedAt == 5)
        #expect(row?.resolvedAt == 11)
        #expect(row?.settledAt == 12)
        #expect(row?.code == -303)
        #expect(row?.message == "cut\u{0} off")
        #expect(row?.watched == true)
    }

    @Test func changeUnderAnOldFenceChangesNothing_K03() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1")
        try store.change(id) { $0.attempts = 1 }

        let changed = try store.write { () throws(StateError) in
            try store.outbox.change(id, fencingToken: 0, at: 5, Event("posted")) { $0.verdict = .applied }
        }

        #expect(changed == nil)
        let row = try #require(try store.order(id))
        #expect((row.verdict, row.attempts, row.fencingToken) == (.none, 1, 1))
    }

    @Test func everyChangeIsOneStepOfTheFenceAndOneEvent() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1")
        try store.write { () throws(StateError) in
            for (token, what) in ["sending", "posted", "settled"].enumerated() {
                let event = what == "sending" ? Event("sending") : what == "posted" ? Event("posted") : Event("settled")
                try store.outbox.change(id, fencingToken: Int64(token), at: 5, event) { row in
                    row.state = what == "sending" ? .sending : .resolved
                    row.verdict = .applied
                }
            }
        }

        let events = try store.read { () throws(StateError) in try store.events.list(row: id, after: 0, limit: 10) }
        #expect(events.map(\.what) == ["submitted", "sending", "posted", "settled"])
        #expect(events.map(\.verdict) == [.none, .none, .applied, .applied])
        #expect(try store.order(id)?.fencingToken == 3)
    }

    @Test func dueGivesOpenOrdersWhoseTimeHasComeByAge() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        for number in 1...5 {
            try store.accept("A-\(number)", at: 1000)
            try store.change(Int64(number)) { $0.nextAt = 1000 }
        }
        try store.change(1) { $0.nextAt = 3000 }
        try store.change(2) { $0.state = .sending }
        try store.change(3) { $0.state = .resolved }
        try store.change(4) { $0.nextAt = 2000 + OutboxTable.farthestMs + 1 }  // C-02: a clock was wrong

        try store.read { () throws(StateError) in
            #expect(try store.outbox.due(at: 2000, limit: 10).map(\.id) == [2, 4, 5])
            #expect(try store.outbox.due(at: 3000, limit: 2).map(\.id) == [1, 2])
            #expect(try store.outbox.due(at: 999, limit: 10).map(\.id) == [4])
            #expect(try store.outbox.nextDue(at: 999) == 0)
        }
        for id: Int64 in [2, 3, 4, 5] { try store.change(id) { $0.state = .resolved } }
        #expect(try store.read { () throws(StateError) in try store.outbox.nextDue(at: 999) } == 2001)
        #expect(try store.read { () throws(StateError) in try store.outbox.nextDue(at: 4000) } == 0)
    }

    @Test func newOrderIsDueWhateverTheClockSaidWhenItCame_C02() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1", at: 1_000_000_000)

        try store.read { () throws(StateError) in
            #expect(try store.outbox.due(at: 5, limit: 1).map(\.id) == [1])
            #expect(try store.outbox.nextDue(at: 5) == 0)
        }
    }

    @Test func nextDueIsNilWithoutOpenOrders() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        try store.change(1) { $0.state = .resolved }

        #expect(try store.read { () throws(StateError) in try store.outbox.nextDue(at: 5) } == nil)
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

    @Test func purgedRowKeepsItsNumberAndNothingOfTheBuyer() throws {
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
            var event = Event("posted")
            event.message = "for Ms Miller"
            try store.events.append(row: id, at: 1, event, .applied)
            #expect(try store.outbox.purge(settledBefore: 100, limit: 9, at: 200) == 0)
            #expect(try store.outbox.purge(settledBefore: 101, limit: 9, at: 200) == 1)
            #expect(try store.outbox.purge(settledBefore: 101, limit: 9, at: 200) == 0)
        }

        let row = try store.read { () throws(StateError) in
            try store.outbox.row(numberHash: store.keyed("number", Array("A-1".utf8)))
        }
        #expect(row?.number == "A-1")
        #expect(row?.isPurged == true)
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

    /// What one transaction saw must not steer another.
    @Test(arguments: [OutboxState.queued, .sending, .resolved])
    func purgeTakesNothingFromAnOrderThatIsNotSettled(_ state: OutboxState) throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1", wire: [1])
        try store.change(id) {
            $0.state = state
            $0.settledAt = 1
        }
        try store.write { () throws(StateError) in
            #expect(try !store.outbox.purge(id, at: 9))
            #expect(try store.outbox.purge(settledBefore: 100, limit: 9, at: 9) == 0)
        }

        let row = try #require(try store.order(id))
        #expect((row.number, row.wire, row.isPurged) == ("A-1", [1], false))
    }

    @Test func revisionTakesTheNewBytesAndBeginsAnew() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let id = try store.accept("A-1", wire: [1])
        try store.change(id) {
            $0.state = .settled
            $0.verdict = .refused
            $0.sentAt = 7
            $0.firstSentAt = 7
            $0.settledAt = 9
            $0.message = "no"
        }
        try store.write { () throws(StateError) in
            try store.outbox.purge(id, at: 9)
            guard let row = try store.outbox.row(id: id) else { return }
            try store.outbox.revise(row, number: "A-1", digest: [9], digestVersion: 1, wire: [2], orderedAt: 5, at: 10)
        }

        let row = try #require(try store.order(id))
        #expect((row.revision, row.digest, row.wire, row.isPurged) == (2, [9], [2], false))
        #expect((row.state, row.verdict, row.attempts, row.message) == (.queued, .none, 0, ""))
        #expect((row.sentAt, row.firstSentAt, row.settledAt, row.orderedAt) == (nil, nil, nil, 5))
        #expect(
            try store.read { () throws(StateError) in try store.outbox.disagreement { store.keyed("number", Array($0.utf8)) } }
                == nil)
    }
}
