import CLibc
import CSQLite
import Testing

@testable import FlxChannel

struct SchemaTests {
    @Test func fileThatNewerReleasesAloneMayUseIsRefused_D13() throws {
        let scratch = Scratch()
        try setMeta(scratch, schema: "99", oldestReader: "98")

        let error = thrown { () throws(StateError) in try scratch.store() }

        #expect(error == .newer(schema: 99, known: Schema.known))
    }

    @Test func fileOfANewerReleaseThatOnlyAddedIsUsed_D14() throws {
        let scratch = Scratch()
        try setMeta(scratch, schema: "99", oldestReader: "1")

        #expect(try scratch.store().accept("A-1") == 1)
        #expect(try meta(scratch, "schema") == "99")
    }

    @Test func runningWorkerStopsWhenTheFileIsUpgradedBeyondIt_D14() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try setMeta(scratch, schema: "99", oldestReader: "99")

        #expect(thrown { () throws(StateError) in try store.accept("A-1") } == .newer(schema: 99, known: Schema.known))
        #expect(thrown { () throws(StateError) in try store.order(1) } == .newer(schema: 99, known: Schema.known))
    }

    @Test func olderFileIsTakenThroughEachStep_D13() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")
        let steps =
            Schema.steps + [
                Schema.Step(schema: 98, oldestReader: 1, statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT"]),
                Schema.Step(schema: 99, oldestReader: 99, statements: ["CREATE TABLE more (id INTEGER PRIMARY KEY)"]),
            ]

        let database = try connect(scratch)
        #expect(try database.use { () throws(StateError) in try Schema.prepare(database, steps: steps, known: 99) } == false)
        database.close()

        #expect(try meta(scratch, "schema") == "99")
        #expect(try meta(scratch, "oldest_reader") == "99")
    }

    @Test func stepThatFailsLeavesTheFileAsItWas_D13() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let steps =
            Schema.steps + [
                Schema.Step(
                    schema: 99, oldestReader: 99,
                    statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT", "CREATE TABLE outbox (id INTEGER)"])
            ]

        let database = try connect(scratch)
        let error = thrown { () throws(StateError) in
            try database.use { () throws(StateError) in try Schema.prepare(database, steps: steps, known: 99) }
        }
        #expect(error.map { $0 != .closed } == true)
        database.close()

        #expect(try meta(scratch, "schema") == "\(Schema.known)")
        #expect(try store.accept("A-2") == 2)
    }

    /// Orders keep their number when they are purged, which older releases take for damage: they are told, and touch nothing.
    @Test func fileOfTheFirstSchemaIsTakenOverWithItsOrders_D13() throws {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/shop.db", "")
        let database = try connect(scratch)
        let (isNew, isNewAgain, error, count) = try database.use { () throws(StateError) in
            let isNew = try Schema.prepare(database, steps: [Schema.steps[0]], known: 1)
            try database.execute(
                """
                INSERT INTO outbox (number, number_hash, digest, digest_version, state, verdict, attempts, lookups, ambiguous,
                  next_at, fence, submitted_at, settled_at, code, watched) VALUES
                  (NULL, x'01', x'02', 1, 4, 3, 0, 0, 0, 0, 0, 5, 7, 0, 0), ('A-2', x'03', x'02', 1, 4, 3, 0, 0, 0, 0, 0, 5, 7, 0, 0)
                """)
            return (
                isNew, try Schema.prepare(database), thrown { () throws(StateError) in try Schema.check(database, known: 2) },
                try database.number("SELECT count(*) FROM outbox WHERE revision = 1 AND (purged_at IS NULL) = (number IS NOT NULL)")
            )
        }
        database.close()

        #expect(isNew && !isNewAgain)
        #expect(error == .newer(schema: Schema.known, known: 2))
        #expect(count == 2)
    }

    @Test func emptyFileOfAnEndedFirstOpeningIsCompleted_D13() throws {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/shop.db", "")

        #expect(try scratch.store().accept("A-1") == 1)
    }

    @Test func databaseOfAnotherProgramIsRefusedAndUntouched() throws {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/shop.db", "")
        let database = try connect(scratch)
        try database.use { () throws(StateError) in try database.execute("CREATE TABLE theirs (id INTEGER)") }
        database.close()

        #expect(isCorrupt(thrown { () throws(StateError) in try scratch.store() }))
    }

    @Test func textFileIsRefusedAndUntouched_D07() {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/shop.db", String(repeating: "this is not a database ", count: 200))

        #expect(isCorrupt(thrown { () throws(StateError) in try scratch.store() }))
    }

    @Test(arguments: [
        "CREATE TRIGGER t AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END",
        "CREATE VIEW v AS SELECT * FROM outbox",
    ]) func plantedTriggerOrViewIsRefused(_ sql: String) throws {
        let scratch = Scratch()
        try scratch.store().close()
        let database = try connect(scratch)
        if sql.contains("TRIGGER") {
            try database.use { () throws(StateError) in
                try database.execute("CREATE TRIGGER t AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END")
            }
        } else {
            try database.use { () throws(StateError) in try database.execute("CREATE VIEW v AS SELECT * FROM outbox") }
        }
        database.close()

        #expect(isCorrupt(thrown { () throws(StateError) in try scratch.store() }))
    }

    @Test func valueOfAnotherKindIsDamage() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let database = try connect(scratch)
        try database.use { () throws(StateError) in try database.execute("UPDATE outbox SET attempts = 'many'") }
        database.close()

        #expect(
            thrown { () throws(StateError) in try store.order(1) }
                == .corrupt(
                    detail: "column attempts holds an impossible value"))
    }

    @Test func tableWithoutAColumnOfOursIsDamage_D07() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let database = try connect(scratch)
        try database.use { () throws(StateError) in try database.execute("ALTER TABLE outbox RENAME COLUMN attempts TO attemptt") }
        database.close()

        #expect(isCorrupt(thrown { () throws(StateError) in try store.order(1) }))
    }

    /// D-24: a number at the end of its range would overflow where it is counted on.
    @Test(arguments: ["attempts", "fence", "revision", "lookups", "next_at", "sent_at", "submitted_at", "resolved_at", "code"])
    func numberAtTheEndOfItsRangeIsDamage(_ column: String) throws {
        for value in ["9223372036854775807", "-9223372036854775808", "9007199254740993"] {
            let scratch = Scratch()
            let store = try scratch.store()
            try store.accept("A-1")
            var raw: OpaquePointer?
            #expect(sqlite3_open(scratch.database, &raw) == SQLITE_OK)
            #expect(sqlite3_exec(raw, "UPDATE outbox SET \(column) = \(value)", nil, nil, nil) == SQLITE_OK)
            sqlite3_close(raw)

            let error = thrown { () throws(StateError) in try store.order(1) }

            #expect(isCorrupt(error), "\(column) = \(value)")
            #expect(error?.message.contains("column \(column)") == true)
        }
    }

    @Test func sqliteOutsideOfItsGateIsRefused_K05() throws {
        let scratch = Scratch()
        try scratch.store().close()
        let database = SQLiteDatabase(scratch.database)

        #expect(
            thrown { () throws(StateError) in try database.connect() } == .misuse(what: "SQLite was called outside of its gate"))

        try database.use { () throws(StateError) in try database.connect() }
        #expect(thrown { () throws(StateError) in try database.number("PRAGMA page_count") } == .closed)
        database.close()
    }

    @Test func stateOutsideOfItsRangeIsDamage() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let database = try connect(scratch)
        try database.use { () throws(StateError) in try database.execute("UPDATE outbox SET state = 9") }
        database.close()

        #expect(isCorrupt(thrown { () throws(StateError) in try store.order(1) }))
    }

    private func connect(_ scratch: Scratch) throws(StateError) -> SQLiteDatabase {
        let database = SQLiteDatabase(scratch.database)
        database.wait(until: .after(ms: 2000))
        try database.use { () throws(StateError) in try database.connect() }
        return database
    }

    private func setMeta(_ scratch: Scratch, schema: String, oldestReader: String) throws(StateError) {
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            try store.meta.set("schema", schema)
            try store.meta.set("oldest_reader", oldestReader)
        }
    }

    private func meta(_ scratch: Scratch, _ key: String) throws(StateError) -> String? {
        let database = try connect(scratch)
        defer { database.close() }
        return try database.use { () throws(StateError) in try MetaTable(database: database).text(key) }
    }
}
