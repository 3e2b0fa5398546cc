import Testing

@testable import FlxChannel

struct SnapshotTableTests {
    private func snapshot(_ id: Int, _ record: String, at: Int64 = 1) -> Snapshot {
        Snapshot(id: "\(id)", sku: "S\(id)", at: at, record: Array(record.utf8))
    }

    @Test func recordsComeBackInTheirOwnBytesAndShareTheirShape() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let records = (1...50).map { #"{"id":\#($0), "name":"n\#($0)","of":[{"x":null}]}"# }
        try store.write { () throws(StateError) in
            try store.snapshots.put(records.enumerated().map { snapshot($0.offset + 1, $0.element) })
        }

        try store.read { () throws(StateError) in
            for (index, record) in records.enumerated() {
                #expect(try store.snapshots.get(id: "\(index + 1)")?.record == Array(record.utf8))
                #expect(try store.snapshots.get(sku: "S\(index + 1)")?.id == "\(index + 1)")
            }
            #expect(try store.meta.database.integer("SELECT count(*) FROM shapes") == 1)
        }
    }

    @Test func recordThatChangedIsOfItsNewShape() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in try store.snapshots.put([snapshot(1, #"{"a":1}"#)]) }
        try store.write { () throws(StateError) in try store.snapshots.put([snapshot(1, #"{"b":[1,2]}"#, at: 2)]) }

        let found = try store.read { () throws(StateError) in try store.snapshots.get(id: "1") }
        #expect(found?.record == Array(#"{"b":[1,2]}"#.utf8))
        #expect(found?.at == 2)
    }

    @Test func hubWhoseEveryRecordHasNamesOfItsOwnFillsNoTableOfShapes() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let records = (1...1200).map { snapshot($0, #"{"n\#($0)":\#($0)}"#) }
        try store.write { () throws(StateError) in try store.snapshots.put(records) }

        try store.read { () throws(StateError) in
            #expect(try store.meta.database.integer("SELECT count(*) FROM shapes") == 1000)
            for record in records { #expect(try store.snapshots.get(id: record.id)?.record == record.record) }
        }
    }

    @Test func shapeThatIsLostIsDamage() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in try store.snapshots.put([snapshot(1, #"{"a":1}"#)]) }
        try store.write { () throws(StateError) in try store.meta.database.execute("DELETE FROM shapes") }

        #expect(throws: StateError.self) {
            try store.read { () throws(StateError) in _ = try store.snapshots.get(id: "1") }
        }
    }
}
