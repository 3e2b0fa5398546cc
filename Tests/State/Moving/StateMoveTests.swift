import CSQLite
import Testing

@testable import FlxChannel

struct StateMoveTests {
    private static let origin = "https://hub.test"

    @Test func everyColumnOfEveryTableIsMovedButThoseOfABoot() throws {
        let scratch = Scratch()
        try scratch.store().close()

        let made = try columns(of: scratch)

        var moved: [String] = ["answers.boot", "answers.reread_at"]
        for table in MovedTable.all {
            let list = "\(table.page)".dropFirst("SELECT ".count).split(separator: " FROM ").first ?? ""
            let names = list.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
            #expect(names.count == table.columns.count)
            moved += names.map { "\(table.name).\($0)" }
        }
        #expect(made == moved.sorted())
    }

    @Test func movedStateIsOpenedThereAndRefusedHere() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let key = store.key
        store.close()

        try move(scratch, "state", "new")

        let new = try Store.open(.directory(scratch.at("new")), channel: "shop", origin: Self.origin, waitMs: 5000)
        #expect(new.key == key)
        #expect(!new.wasRestored)
        #expect(try new.order(1)?.number == "A-1")
        #expect(isMoved(thrown { () throws(StateError) in try scratch.store() }, to: "new/shop.db"))
    }

    @Test func openStoreIsRefusedFromItsNextTransactionOn() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")

        try move(scratch, "state", "new")

        #expect(isMoved(thrown { () throws(StateError) in try store.accept("A-2") }, to: "new/shop.db"))
        #expect(isMoved(thrown { () throws(StateError) in try store.order(1) }, to: "new/shop.db"))
    }

    @Test func secondRunDoesNothingAnyMore() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")
        try move(scratch, "state", "new")
        let new = try Store.open(.directory(scratch.at("new")), channel: "shop", origin: Self.origin, waitMs: 5000)
        try new.accept("A-2")

        try move(scratch, "state", "new")

        #expect(try new.order(2)?.number == "A-2")
    }

    @Test func stateIsNotMovedOntoItselfNorOntoAnother() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")
        try Store.open(.directory(scratch.at("other")), channel: "shop", origin: Self.origin, waitMs: 5000).close()

        for place in ["state", "other"] {
            let error = thrown { () throws(StateError) in try move(scratch, "state", place) }
            guard case .occupied? = error else {
                Issue.record("\(place): \(String(describing: error))")
                continue
            }
        }
        #expect(try scratch.store().order(1)?.number == "A-1")
    }

    @Test func heldFeedAndOrderThatIsSentKeepTheStateWhereItIs() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let row = try store.accept("A-1")

        let lease = try store.lease(row: row)
        #expect(isUsed(thrown { () throws(StateError) in try move(scratch, "state", "new") }))
        lease?.release()
        guard case .taken(let held) = try store.hold(1, name: "", as: .pull, idleLimitMs: 60_000) else {
            Issue.record("the feed is not free")
            return
        }
        #expect(isUsed(thrown { () throws(StateError) in try move(scratch, "state", "new") }))
        held.release()

        try move(scratch, "state", "new")
    }

    @Test func unfinishedStateIsRefusedAndTheNextRunReplacesIt() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        try move(scratch, "state", "new")
        // As it is before the second commit.
        try edit(scratch, "state", "DELETE FROM meta WHERE key IN ('move', 'moved_to')")
        try edit(scratch, "state", "UPDATE meta SET value = '3' WHERE key = 'oldest_reader'")
        try edit(scratch, "new", "INSERT INTO meta VALUES ('unfinished_from', 'there')")
        try edit(scratch, "new", "UPDATE meta SET value = '\(MoveMark.nobody)' WHERE key = 'oldest_reader'")
        #expect(
            thrown { () throws(StateError) in
                try Store.open(.directory(scratch.at("new")), channel: "shop", origin: Self.origin, waitMs: 5000)
            } == .unfinished(from: "there"))
        try store.accept("A-2")

        try move(scratch, "state", "new")

        let new = try Store.open(.directory(scratch.at("new")), channel: "shop", origin: Self.origin, waitMs: 5000)
        #expect(try new.order(2)?.number == "A-2")
    }

    @Test func numbersOfAnswersThatAreGoneAreNotGivenAgain() throws {
        let scratch = Scratch()
        try scratch.store().close()
        try edit(scratch, "state", "INSERT INTO sqlite_sequence VALUES ('answers', 79)")

        try move(scratch, "state", "new")

        let file = SQLiteDatabase(scratch.at("new/shop.db"))
        try file.use { () throws(StateError) in
            try file.connect()
            #expect(try file.lastAnswer() == 79)
        }
        file.close()
    }

    @Test func placesWithoutAStateAreNotMade() throws {
        let scratch = Scratch()

        let error = thrown { () throws(StateError) in try move(scratch, "nowhere", "new") }

        #expect(error == .absent(scratch.at("nowhere")))
        #expect(FileIdentity.at(scratch.at("nowhere")) == nil)
        #expect(FileIdentity.at(scratch.at("new")) == nil)
    }

    private func move(_ scratch: Scratch, _ from: String, _ to: String) throws(StateError) {
        try StateMove.run(
            from: .directory(scratch.at(from)), to: .directory(scratch.at(to)), channel: "shop", origin: Self.origin, waitMs: 5000)
    }

    private func isMoved(_ error: StateError?, to end: String) -> Bool {
        if case .moved(let place, _)? = error { place.hasSuffix(end) } else { false }
    }

    private func isUsed(_ error: StateError?) -> Bool {
        if case .used? = error { true } else { false }
    }

    private func edit(_ scratch: Scratch, _ place: String, _ sql: String) throws {
        var file: OpaquePointer?
        #expect(sqlite3_open(scratch.at("\(place)/shop.db"), &file) == SQLITE_OK)
        #expect(sqlite3_exec(file, sql, nil, nil, nil) == SQLITE_OK)
        sqlite3_close(file)
    }

    /// Of every table that is ours, as `table.column`.
    private func columns(of scratch: Scratch) throws -> [String] {
        var (file, query): (OpaquePointer?, OpaquePointer?)
        #expect(sqlite3_open(scratch.database, &file) == SQLITE_OK)
        let sql = """
            SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'
            """
        #expect(sqlite3_prepare_v2(file, sql, -1, &query, nil) == SQLITE_OK)
        var names: [String] = []
        while sqlite3_step(query) == SQLITE_ROW { names.append(String(cString: sqlite3_column_text(query, 0))) }
        sqlite3_finalize(query)
        sqlite3_close(file)
        return names.sorted()
    }
}
