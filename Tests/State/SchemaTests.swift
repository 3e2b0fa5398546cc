import CLibc
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
        let steps = Schema.steps + [
            Schema.Step(schema: 98, oldestReader: 1, statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT"]),
            Schema.Step(schema: 99, oldestReader: 99, statements: ["CREATE TABLE more (id INTEGER PRIMARY KEY)"]),
        ]

        let database = try connect(scratch)
        #expect(try Schema.prepare(database, steps: steps, known: 99) == false)
        database.close()

        #expect(try meta(scratch, "schema") == "99")
        #expect(try meta(scratch, "oldest_reader") == "99")
    }

    @Test func stepThatFailsLeavesTheFileAsItWas_D13() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let steps = Schema.steps + [
            Schema.Step(
                schema: 99, oldestReader: 99,
                statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT", "CREATE TABLE outbox (id INTEGER)"])
        ]

        let database = try connect(scratch)
        #expect(thrown { () throws(StateError) in try Schema.prepare(database, steps: steps, known: 99) } != nil)
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
        #expect(try Schema.prepare(database, steps: [Schema.steps[0]], known: 1))
        try database.execute(
            """
            INSERT INTO outbox (number, number_hash, digest, digest_version, state, verdict, attempts, lookups, ambiguous,
              next_at, fence, submitted_at, settled_at, code, watched) VALUES
              (NULL, x'01', x'02', 1, 4, 3, 0, 0, 0, 0, 0, 5, 7, 0, 0), ('A-2', x'03', x'02', 1, 4, 3, 0, 0, 0, 0, 0, 5, 7, 0, 0)
            """)

        #expect(try Schema.prepare(database) == false)
        #expect(thrown { () throws(StateError) in try Schema.check(database, known: 2) } == .newer(schema: Schema.known, known: 2))
        #expect(try database.number("SELECT count(*) FROM outbox WHERE revision = 1 AND (purged_at IS NULL) = (number IS NOT NULL)") == 2)
        database.close()
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
        try database.execute("CREATE TABLE theirs (id INTEGER)")
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
            try database.execute("CREATE TRIGGER t AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END")
        } else {
            try database.execute("CREATE VIEW v AS SELECT * FROM outbox")
        }
        database.close()

        #expect(isCorrupt(thrown { () throws(StateError) in try scratch.store() }))
    }

    @Test func valueOfAnotherKindIsDamage() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let database = try connect(scratch)
        try database.execute("UPDATE outbox SET attempts = 'many'")
        database.close()

        #expect(thrown { () throws(StateError) in try store.order(1) } == .corrupt(
            detail: "column attempts holds an impossible value"))
    }

    @Test func tableWithoutAColumnOfOursIsDamage_D07() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let database = try connect(scratch)
        try database.execute("ALTER TABLE outbox RENAME COLUMN attempts TO attemptt")
        database.close()

        #expect(isCorrupt(thrown { () throws(StateError) in try store.order(1) }))
    }

    @Test func stateOutsideOfItsRangeIsDamage() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let database = try connect(scratch)
        try database.execute("UPDATE outbox SET state = 9")
        database.close()

        #expect(isCorrupt(thrown { () throws(StateError) in try store.order(1) }))
    }

    private func connect(_ scratch: Scratch) throws(StateError) -> Database {
        let database = Database(scratch.database)
        database.wait(until: .after(ms: 2000))
        try database.connect()
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
        return try MetaTable(database: database).text(key)
    }
}
