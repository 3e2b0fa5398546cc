import Testing

@testable import FlxChannel

/// What is of no use any more leaves the state, oldest first, a slice at a time.
struct RetentionTableTests {
    private func purged(_ store: Store, _ number: String, at: Int64) throws -> Int64 {
        let id = try store.accept(number, at: at)
        try store.change(id) { ($0.state, $0.settledAt, $0.hubId) = (.settled, at, "h-\(number)") }
        try store.write { () throws(StateError) in _ = try store.outbox.purge(id, at: at) }
        return id
    }

    private func forget(_ store: Store, before: Int64) throws -> Bool {
        try store.write { () throws(StateError) in try store.retention.forget(before: before) }
    }

    private func isAny(_ store: Store, before: Int64) throws -> Bool {
        try store.read { () throws(StateError) in try store.retention.isAny(before: before) }
    }

    @Test func purgedOrderIsForgottenWithItsHistoryAndOnlyWhenItIsOldEnough() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let old = try purged(store, "A-1", at: 1000)
        let young = try purged(store, "A-2", at: 3000)
        let open = try store.accept("A-3", at: 500)

        #expect(try isAny(store, before: 2000))
        #expect(try !forget(store, before: 2000))

        #expect(try store.order(old) == nil)
        #expect(try store.order(young)?.number == "A-2")
        #expect(try store.order(open) != nil)
        let events = try store.read { () throws(StateError) in
            (try store.events.list(row: old, after: 0, limit: 9).count, try store.events.list(row: young, after: 0, limit: 9).count)
        }
        #expect(events.0 == 0)
        #expect(events.1 > 0)
    }

    /// The row's id is free again: what happened to the old one must not stand under the new one.
    @Test func nextOrderHasNoHistoryOfOneThatIsGone() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let old = try purged(store, "A-1", at: 5000)
        _ = try forget(store, before: 6000)
        let next = try store.accept("A-1", at: 7000)

        #expect(next == old)
        #expect(
            try store.read { () throws(StateError) in try store.events.list(row: next, after: 0, limit: 9).map { $0.at } } == [7000]
        )
    }

    @Test func moreThanASliceIsSaidToBeMore() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let slice = Int(RetentionTable.slice)
        try store.write { () throws(StateError) in
            for id in 0..<(slice + 1) { try store.numbers.keep(NumberRow(hubId: "\(id)", number: "N-\(id)", keptAt: 1000)) }
        }
        #expect(try forget(store, before: 2000))
        #expect(try isAny(store, before: 2000))
        #expect(try !forget(store, before: 2000))
        #expect(try !isAny(store, before: 2000))
    }

    @Test func numbersOfOthersAreForgottenByTheirAge() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            try store.numbers.keep(NumberRow(hubId: "1", number: "old", keptAt: 1000))
            try store.numbers.keep(NumberRow(hubId: "2", number: "young", keptAt: 2000))
        }
        _ = try forget(store, before: 2000)

        try store.read { () throws(StateError) in
            #expect(try store.numbers.row(hubId: "1") == nil)
            #expect(try store.numbers.row(hubId: "2")?.number == "young")
        }
    }

    @Test func versionsAreForgottenOfOneCursorAndNeverThoseWithoutAnInstant() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            for name in ["erp", "mail"] {
                try store.versions.commit(
                    feed: 3, name: name,
                    [
                        (id: "1", updatedAt: 1000, hash: [1]), (id: "2", updatedAt: 0, hash: [1]),
                        (id: "3", updatedAt: 2000, hash: [1]),
                    ])
            }
            #expect(try !store.retention.forgetVersions(feed: 3, name: "erp", before: 2000))
        }

        try store.read { () throws(StateError) in
            func known(_ name: String) throws(StateError) -> [Bool] {
                var known: [Bool] = []
                for id in ["1", "2", "3"] { known.append(try store.versions.isCommitted(feed: 3, name: name, id: id, hash: [1])) }
                return known
            }
            #expect(try known("erp") == [false, true, true])
            #expect(try known("mail") == [true, true, true])
            #expect(try !store.retention.isAnyVersion(feed: 3, name: "erp", before: 2000))
            #expect(try store.retention.isAnyVersion(feed: 3, name: "mail", before: 2000))
        }
    }

    @Test func emptyPagesGoBackToTheFileSystem() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let wire = [UInt8](repeating: 0x78, count: 100_000)
        var ids: [Int64] = []
        for number in 0..<40 { ids.append(try store.accept("A-\(number)", wire: wire)) }
        let before = try #require(scratch.size(of: "state/shop.db"))
        for id in ids {
            try store.change(id) { ($0.state, $0.settledAt) = (.settled, 1000) }
            try store.write { () throws(StateError) in _ = try store.outbox.purge(id, at: 1000) }
        }
        for _ in 0..<20 {
            guard try store.read({ () throws(StateError) in try store.isLoose() }) else { break }
            try store.write { () throws(StateError) in try store.tighten() }
        }

        #expect(try #require(scratch.size(of: "state/shop.db")) < before * 3 / 4)
        #expect(try store.order(1)?.number == "A-0")
    }
}
