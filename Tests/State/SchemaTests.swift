import CLibc
import Testing

@testable import FlxChannel

struct SchemaTests {
    @Test func fileThatNewerReleasesAloneMayUseIsRefused_D13() throws {
        let scratch = Scratch()
        try setMeta(scratch, schema: "\(Schema.known + 2)", oldestReader: "\(Schema.known + 1)")

        let error = thrown { () throws(StateError) in try scratch.store() }

        #expect(error == .newer(schema: Schema.known + 2, known: Schema.known))
    }

    @Test func fileOfANewerReleaseThatOnlyAddedIsUsed_D14() throws {
        let scratch = Scratch()
        try setMeta(scratch, schema: "\(Schema.known + 1)", oldestReader: "1")

        #expect(try scratch.store().accept("A-1") == 1)
        #expect(try meta(scratch, "schema") == "\(Schema.known + 1)")
    }

    @Test func runningWorkerStopsWhenTheFileIsUpgradedBeyondIt_D14() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try setMeta(scratch, schema: "\(Schema.known + 1)", oldestReader: "\(Schema.known + 1)")

        #expect(thrown { () throws(StateError) in try store.accept("A-1") } == .newer(schema: Schema.known + 1, known: Schema.known))
        #expect(thrown { () throws(StateError) in try store.order(1) } == .newer(schema: Schema.known + 1, known: Schema.known))
    }

    @Test func olderFileIsTakenThroughEachStep_D13() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")
        let steps = Schema.steps + [
            Schema.Step(schema: Schema.known + 1, oldestReader: 1, statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT"]),
            Schema.Step(schema: Schema.known + 2, oldestReader: Schema.known + 2, statements: ["CREATE TABLE more (id INTEGER PRIMARY KEY)"]),
        ]

        let database = try connect(scratch)
        #expect(try Schema.prepare(database, steps: steps, known: Schema.known + 2) == false)
        database.close()

        #expect(try meta(scratch, "schema") == "\(Schema.known + 2)")
        #expect(try meta(scratch, "oldest_reader") == "\(Schema.known + 2)")
    }

    @Test func stepThatFailsLeavesTheFileAsItWas_D13() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let steps = Schema.steps + [
            Schema.Step(
                schema: Schema.known + 1, oldestReader: Schema.known + 1,
                statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT", "CREATE TABLE outbox (id INTEGER)"])
        ]

        let database = try connect(scratch)
        #expect(thrown { () throws(StateError) in try Schema.prepare(database, steps: steps, known: Schema.known + 1) } != nil)
        database.close()

        #expect(try meta(scratch, "schema") == "\(Schema.known)")
        #expect(try store.accept("A-2") == 2)
    }

    @Test func fileOfTheFirstSchemaServesOldAndNewWorkers_D14() throws {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/shop.db", "")
        let database = try connect(scratch)
        #expect(try Schema.prepare(database, steps: [Schema.steps[0]], known: 1))

        let store = try scratch.store()
        #expect(try Schema.check(database, known: 1) == Schema.known)
        try database.execute(
            """
            INSERT OR REPLACE INTO answers (feed, record_id, body, fetched_at, pending, state, verdict, attempts, next_at,
              message, http_status, answered_at, recheck, content_at)
            VALUES (1, '7', x'7B7D', 0, NULL, 1, 0, 0, 0, '', 0, 0, 0, NULL)
            """)
        database.close()
        let rows = try store.read { () throws(StateError) in try store.answers.waiting(feed: 1, now: 1, limit: 10) }
        #expect(rows.map { $0.fingerprint } == [nil])
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
