import CLibc
import Testing

@testable import FlxChannel

struct RecoveryTests {
    @Test func halfCommitOfADeadWriterIsRolledBack_K01() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")

        try interrupted(store, scratch)
        #expect(Recovery.isNeeded(scratch.at("copy/shop.db")))

        let copy = try Store.open(.directory(scratch.at("copy")), channel: "shop", origin: "https://hub.test", waitMs: 2000)
        #expect(try copy.counts().map(\.count) == [1])
        #expect(try copy.order(1)?.number == "A-1")
        #expect(try copy.accept("A-2") == 2)
    }

    @Test func journalWithContentIsTheSignOfAnUncleanEnd() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")

        #expect(!Recovery.isNeeded(scratch.database))
        scratch.write("state/shop.db-journal", "something")
        #expect(Recovery.isNeeded(scratch.database))
        #expect(try scratch.store().accept("A-2") == 2)  // D-08: not a journal, so SQLite leaves it out
    }

    @Test func damageIsFoundAfterAnUncleanEnd_D07() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        for number in 0..<200 { try store.accept("A-\(number)") }
        store.close()
        let fd = flxc_open(scratch.database, O_RDWR, 0)
        let junk = [UInt8](repeating: 0xA5, count: 4096)
        pwrite(fd, junk, junk.count, 4096 * 5)
        pwrite(fd, junk, junk.count, 4096 * 20)
        close(fd)
        scratch.write("state/shop.db-journal", "something")

        #expect(isCorrupt(thrown { () throws(StateError) in try scratch.store() }))
        #expect(FileIdentity.at(scratch.database) != nil)
    }

    /// A bit of the key's name turns, and an opening makes no other key in its place.
    @Test func fileThatLostItsKeyIsLeftAsItIs_D07() throws {
        for change: StaticString in [
            "UPDATE meta SET key = 'kez' WHERE key = 'key'", "DELETE FROM meta WHERE key NOT IN ('schema', 'oldest_reader')",
        ] {
            let scratch = Scratch()
            let store = try scratch.store()
            try store.accept("A-1")
            try store.write { () throws(StateError) in try store.meta.database.execute(change) }
            store.close()
            let before = bytes(of: scratch.database).bytes

            #expect(isCorrupt(thrown { () throws(StateError) in try scratch.store() }))
            #expect(bytes(of: scratch.database).bytes == before)
        }
    }

    /// Copies the files of a store as a crash in the middle of a commit would leave them: the journal full, and the
    /// database partly written.
    private func interrupted(_ store: Store, _ scratch: Scratch) throws(StateError) {
        mkdir(scratch.at("copy"), 0o700)
        try store.write { () throws(StateError) in
            for number in 0..<5000 {  // beyond the page cache, so that pages go to the file before the commit
                _ = try store.outbox.insert(
                    number: "B-\(number)", numberHash: Array("#B-\(number)".utf8), digest: [1], digestVersion: 1,
                    wire: [UInt8](repeating: 65, count: 2000), orderedAt: nil, at: 0)
            }
            for name in ["shop.db", "shop.db-journal"] {
                let text = bytes(of: scratch.at("state/\(name)"))
                text.write(to: scratch.at("copy/\(name)"))
            }
        }
    }
}
