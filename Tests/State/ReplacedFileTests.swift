import CLibc
import Testing

@testable import FlxChannel

struct ReplacedFileTests {
    @Test func deletedDatabaseIsRefused_D09() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        unlink(scratch.database)

        #expect(isReplaced(thrown { () throws(StateError) in try store.accept("A-2") }))
        #expect(isReplaced(thrown { () throws(StateError) in try store.order(1) }))
        #expect(FileIdentity.at(scratch.database) == nil)
    }

    @Test func replacedDatabaseIsRefusedAndUntouched_D09() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        move(scratch.database, scratch.at("state/old.db"))
        let successor = try scratch.store()

        #expect(isReplaced(thrown { () throws(StateError) in try store.accept("A-1") }))
        #expect(try successor.accept("A-2") == 1)
    }

    @Test func databaseDeletedWithinAWriteIsNotCommitted_D09() throws {
        let scratch = Scratch()
        let store = try scratch.store()

        let error = thrown { () throws(StateError) in
            try store.write { () throws(StateError) in
                try store.meta.set("hub_channel_id", "5")
                move(scratch.database, scratch.at("state/moved.db"))
            }
        }
        move(scratch.at("state/moved.db"), scratch.database)

        #expect(isReplaced(error))
        #expect(try store.read { () throws(StateError) in try store.meta.text("hub_channel_id") } == nil)
    }

    @Test func removedDirectoryIsRefused_D09() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        move(scratch.at("state"), scratch.at("gone"))

        #expect(thrown { () throws(StateError) in try store.accept("A-1") } != nil)
        #expect(FileIdentity.at(scratch.at("state")) == nil)
        #expect(thrown { () throws(StateError) in try store.lease(row: 1) } != nil)
    }

    @Test func deletedLockFileIsMadeAnewAndTheGateStillExcludes_M04() throws {
        let scratch = Scratch()
        let one = try scratch.store()
        let two = try scratch.store(waitMs: 50)
        unlink(scratch.lockFile)

        try one.write { () throws(StateError) in
            #expect(isBusy(thrown { () throws(StateError) in try two.accept("A-2") }))
            try one.meta.set("hub_channel_id", "5")
        }

        #expect(try two.accept("A-3") == 1)
        #expect(FileIdentity.at(scratch.lockFile) != nil)
    }

    @Test func leaseIsOfTheFileThatTheNameMeans_M04() throws {
        let scratch = Scratch()
        let one = try scratch.store()
        let two = try scratch.store()
        unlink(scratch.lockFile)

        let lease = try one.lease(row: 1)

        #expect(lease != nil)
        #expect(try two.lease(row: 1) == nil)
    }
}
