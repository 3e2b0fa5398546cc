import CLibc
import CSQLite
import Testing

@testable import FlxChannel

/// Threads with a store each stand for processes: their locks exclude each other in the same way.
struct ManyProcessesTests {
    @Test func eightWritersLoseNothingAndSeeNoBusy_M02() throws {
        let scratch = Scratch()
        let done = Counter()
        onThreads(8) { thread in
            guard let store = try? scratch.store() else { return }
            for index in 0..<25 where (try? store.accept("\(thread)-\(index)")) != nil { done.add() }
        }

        #expect(done.value == 200)
        let counts = try scratch.store().counts()
        #expect(counts == [OutboxCount(state: .queued, verdict: .none, count: 200)])
    }

    @Test func crowdBehindTheFullLineGetsIn_M02() throws {
        let scratch = Scratch()
        let done = Counter()
        onThreads(24) { thread in
            guard let store = try? scratch.store() else { return }
            for index in 0..<4 where (try? store.accept("\(thread)-\(index)")) != nil { done.add() }
        }

        #expect(done.value == 96)
    }

    /// Another process that was stopped in the middle of a commit; the store itself would wait for half an hour.
    @Test func callWithADeadlineDoesNotWaitLongerForTheStateFile_M04() throws {
        let scratch = Scratch()
        try scratch.store().accept("A-1")
        let store = try scratch.store(waitMs: 1_800_000)
        var other: OpaquePointer?
        #expect(sqlite3_open(scratch.at("state") + "/shop.db", &other) == SQLITE_OK)
        defer { sqlite3_close(other) }
        #expect(sqlite3_exec(other, "BEGIN EXCLUSIVE", nil, nil, nil) == SQLITE_OK)

        let error = #expect(throws: StateError.self) {
            try CallDeadline.run(until: .after(ms: 1)) { () throws(StateError) in try store.order(1) }
        }
        #expect(isBusy(error))
        #expect(sqlite3_exec(other, "ROLLBACK", nil, nil, nil) == SQLITE_OK)
        _ = try CallDeadline.run(until: .passed) { () throws(StateError) in try store.order(1) }  // nobody is in the way
    }

    @Test func oneOfManyThatSubmitTheSameNumberIsNew_M01() throws {
        let scratch = Scratch()
        let new = Counter()
        let known = Counter()
        onThreads(8) { _ in
            do throws(StateError) {
                try scratch.store().accept("A-1")
                new.add()
            } catch {
                if error == .exists { known.add() }
            }
        }

        #expect(new.value == 1)
        #expect(known.value == 7)
    }

    @Test func readersAndWritersOfOneStoreTakeTurns_K09() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let done = Counter()
        onThreads(8) { thread in
            for index in 0..<10 {
                let isDone =
                    thread % 2 == 0
                    ? (try? store.accept("\(thread)-\(index)")) != nil : (try? store.order(1)) != nil
                if isDone { done.add() }
            }
        }

        #expect(done.value == 80)
    }

    @Test func heldGateGivesBusyWithinTheWait_M03() throws {
        let scratch = Scratch()
        let holder = try scratch.store()
        let other = try scratch.store(waitMs: 60)

        try takes(60...1000) {
            let error = try holder.write { () throws(StateError) in
                thrown { () throws(StateError) in try other.accept("A-1") }
            }
            #expect(isBusy(error))
        }

        #expect(try other.accept("A-2") == 1)
    }

    @Test func readerThatStaysGivesBusyWithinTheWaitAndLosesNothing_M03() throws {
        let scratch = Scratch()
        let reader = try scratch.store()
        let writer = try scratch.store(waitMs: 60)

        let error = try reader.read { () throws(StateError) in
            _ = try reader.outbox.counts()
            return thrown { () throws(StateError) in try writer.accept("A-1") }
        }

        #expect(isBusy(error))
        #expect(try reader.counts().isEmpty)
        #expect(try writer.accept("A-1") == 1)
    }

    @Test func childOfAForkGetsAClearErrorAndFreesNoLockOfTheParent_K05() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        let lease = try #require(try store.lease(row: 1))
        #expect(thrown { () throws(StateError) in try store.order(1) } == nil)

        let answer = inChild {
            let isForked = thrown { () throws(StateError) in try store.order(1) } == .forked
            store.closeAfterFork()
            store.close()
            lease.release()
            return isForked && (try? store.lease(row: 1)) == nil ? 7 : 1
        }

        #expect(answer == 7)
        #expect(try store.lease(row: 1) == nil)
        #expect(try store.accept("A-2") == 2)
        lease.release()
        #expect(try store.lease(row: 1) != nil)
    }
}

/// Counts what threads did.
final class Counter: @unchecked Sendable {
    private let lock = Lock()
    private var count = 0

    var value: Int { lock.holding { count } }

    func add() { lock.holding { count += 1 } }
}
