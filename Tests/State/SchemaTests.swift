import CLibc
import Testing

@testable import FlxChannel

struct SchemaTests {
    @Test func fileThatNewerReleasesAloneMayUseIsRefused_D13() throws {
        let scratch = Scratch()
        try setMeta(scratch, schema: "3", oldestReader: "2")

        let error = thrown { () throws(StateError) in try scratch.store() }

        #expect(error == .newer(schema: 3, known: Schema.known))
    }

    @Test func fileOfANewerReleaseThatOnlyAddedIsUsed_D14() throws {
        let scratch = Scratch()
        try setMeta(scratch, schema: "3", oldestReader: "1")

        #expect(try scratch.store().accept("A-1") == 1)
        #expect(try meta(scratch, "schema") == "3")
    }

    @Test func runningWorkerStopsWhenTheFileIsUpgradedBeyondIt_D14() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try setMeta(scratch, schema: "2", oldestReader: "2")

        #expect(thrown { () throws(StateError) in try store.accept("A-1") } == .newer(schema: 2, known: 1))
        #expect(thrown { () throws(StateError) in try store.order(1) } == .newer(schema: 2, known: 1))
    }

    @Test func olderFileIsTakenThroughEachStep_D13() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")
        let steps = Schema.steps + [
            Schema.Step(schema: 2, oldestReader: 1, statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT"]),
            Schema.Step(schema: 3, oldestReader: 3, statements: ["CREATE TABLE more (id INTEGER PRIMARY KEY)"]),
        ]

        let database = try connect(scratch)
        #expect(try Schema.prepare(database, steps: steps, known: 3) == false)
        database.close()

        #expect(try meta(scratch, "schema") == "3")
        #expect(try meta(scratch, "oldest_reader") == "3")
    }

    @Test func stepThatFailsLeavesTheFileAsItWas_D13() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let steps = Schema.steps + [
            Schema.Step(
                schema: 2, oldestReader: 2,
                statements: ["ALTER TABLE outbox ADD COLUMN colour TEXT", "CREATE TABLE outbox (id INTEGER)"])
        ]

        let database = try connect(scratch)
        #expect(thrown { () throws(StateError) in try Schema.prepare(database, steps: steps, known: 2) } != nil)
        database.close()

        #expect(try meta(scratch, "schema") == "1")
        #expect(try store.accept("A-2") == 2)
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
