import CLibc
import Foundation
import Testing

@testable import FlxChannel

struct StoreTests {
    @Test func whatWasWrittenIsThereAfterReopening() throws {
        let scratch = Scratch()
        let first = try scratch.store()
        let id = try first.accept("A-1", wire: [7, 8, 9])
        first.close()

        let row = try scratch.store().order(id)

        #expect(row?.number == "A-1")
        #expect(row?.wire == [7, 8, 9])
        #expect(row?.state == .queued)
    }

    @Test func throwingBodyStoresNothing() throws {
        let scratch = Scratch()
        let store = try scratch.store()

        let error = thrown { () throws(StateError) in
            try store.write { () throws(StateError) in
                _ = try store.outbox.insert(
                    number: "A-1", numberHash: [1], digest: [1], digestVersion: 1, wire: [], orderedAt: nil, at: 0)
                throw StateError.full
            }
        }

        #expect(error == .full)
        #expect(try store.counts() == [])
    }

    @Test func changeOutsideOfWriteIsRefused() throws {
        let scratch = Scratch()
        let store = try scratch.store()

        let error = thrown { () throws(StateError) in
            try store.read { () throws(StateError) in try store.meta.set("hub_channel_id", "5") }
        }

        #expect(error == .misuse(what: "a table was changed outside of a write"))
        #expect(try store.read { () throws(StateError) in try store.meta.text("hub_channel_id") } == nil)
    }

    @Test func keyIsRandomAndKept() throws {
        let scratch = Scratch()
        let other = Scratch()
        let store = try scratch.store()

        #expect(store.key.count == 32)
        #expect(try scratch.store().key == store.key)
        #expect(try other.store().key != store.key)
    }

    @Test func otherOriginIsRefused() throws {
        let scratch = Scratch()
        _ = try scratch.store(origin: "https://one.test")

        let error = thrown { () throws(StateError) in try scratch.store(origin: "https://two.test") }

        #expect(error == .identity(key: "origin", stored: "https://one.test", given: "https://two.test"))
    }

    @Test func fileOfAnotherChannelIsRefused() throws {
        let scratch = Scratch()
        try scratch.store().close()
        move(scratch.database, scratch.at("state/other.db"))

        let error = thrown { () throws(StateError) in try scratch.store(channel: "other") }

        #expect(error == .identity(key: "channel", stored: "shop", given: "other"))
    }

    @Test func closedStoreSaysSo() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        store.close()
        store.close()

        #expect(thrown { () throws(StateError) in try store.read { 1 } } == .closed)
        #expect(try store.lease(row: 1) == nil)
    }

    @Test(arguments: [0o000, 0o777] as [mode_t]) func modesArePrivateUnderAnyUmask_D16(_ mask: mode_t) {
        let scratch = Scratch()
        let path = scratch.at("state")
        let file = scratch.at("state/shop.db")

        let answer = inChildWithState { () throws(StateError) in  // the umask is of the whole process
            umask(mask)
            _ = try StateDirectory.open(path, files: [])
            return try StateFile.create(file) ? 7 : 2
        }

        #expect(answer == 7)
        #expect(scratch.mode("state") == 0o700)
        #expect(scratch.mode("state/shop.db") == 0o600)
    }

    @Test func everyFileIsPrivate() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")

        for name in ["shop.db", "shop.lock", "shop.db-journal"] { #expect(scratch.mode("state/\(name)") == 0o600) }
    }

    @Test func journalIsEmptyAfterEachWriteAndHoldsNoBuyerData() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")

        var status = stat()
        #expect(lstat(scratch.database + "-journal", &status) == 0)
        #expect(status.st_size == 0)
    }

    @Test func errorsOfBodiesPassUnchangedAndTheStoreGoesOn() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let error = thrown { () throws(StateError) in
            try store.write { () throws(StateError) in throw StateError.io(code: 1, what: "made up") }
        }

        #expect(error == .io(code: 1, what: "made up"))
        #expect(try store.accept("A-1") == 1)  // D-04: on a connection that was opened anew
    }

    @Test func memoryFileSystemIsTold_D12() throws {
        #expect(FileSystemKind(magic: 0x0102_1994) == .memory)
        #expect(FileSystemKind(magic: 0x6969) == .remote("NFS"))
        #expect(FileSystemKind(magic: Int64(Int32(bitPattern: 0xFF53_4D42))) == .remote("SMB"))
        #expect(FileSystemKind(magic: 0xEF53) == .local)
        #expect(FileSystemKind(magic: 0x794C_7630) == .local)
        #expect(FileSystemKind(magic: 0x6573_5546) == .served("FUSE or virtiofs"))
        #expect(FileSystemKind(magic: 0x0102_1997) == .served("9p"))
        #expect(FileSystemKind(magic: 0x1234) == .served("unknown"))
    }

    @Test func localDiskPassesTheProofOfServedOnes_D20() throws {
        let scratch = Scratch()
        scratch.write("lock", "")

        #expect(try FileSystemProof.fault(in: scratch.path) == nil)
        #expect(try LockProof.fault(of: scratch.at("lock")) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["lock"])
    }

    /// The proof is made beside others who open, claim and let go, and must not take their doings for a fault.
    @Test func lockProofHoldsBesideOthers() throws {
        let scratch = Scratch()
        scratch.write("lock", "")
        let path = scratch.at("lock")

        onThreads(8) { index in
            for turn in 0..<200 {
                if index % 2 == 0 {
                    do {
                        let fault = try LockProof.fault(of: path)
                        #expect(fault == nil)
                    } catch { Issue.record("\(error)") }
                } else {
                    let lock = try? ByteLock.take(LockByte.order(Int64(index * 1000 + turn)), of: path)
                    lock?.release()
                }
            }
        }
    }

    /// Two openings of a name may be openings of two files, and then their locks say nothing of each other.
    @Test func lockProofSpeaksOfOneFileWhileItsNameIsTakenOver_M04() throws {
        let scratch = Scratch()
        scratch.write("lock", "")
        let path = scratch.at("lock")
        let (lock, isProving, proven) = (Lock(), Box(true), Box(0))

        onThreads(3) { index in
            if index == 0 {
                for _ in 0..<300 {
                    do {
                        let fault = try LockProof.fault(of: path)
                        #expect(fault == nil)
                        proven.value += 1
                    } catch { #expect(isReplaced(error as? StateError)) }
                }
                lock.holding { isProving.value = false }
            }
            while lock.holding({ isProving.value }) {
                scratch.write("other-\(index)", "")
                rename(scratch.at("other-\(index)"), path)
            }
        }
        #expect(proven.value > 0)
    }
}
