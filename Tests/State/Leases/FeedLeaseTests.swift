import CLibc
import Testing

@testable import FlxChannel

/// Decision 14: a feed belongs to the work on it, for as long as somebody does it.
struct FeedLeaseTests {
    private let idleMs: Int64 = 60_000

    private func lease(_ store: Store, _ feed: Int32 = 1, name: String = "", as role: FeedHolder.Role = .pull) throws -> FeedLease?
    {
        guard case .taken(let lease) = try store.hold(feed, name: name, as: role, idleLimitMs: idleMs) else { return nil }
        return lease
    }

    /// Lets time pass for a holder: it was used last so long ago.
    private func age(_ scratch: Scratch, by ms: Int64, slot: Int = 0) throws {
        try FileSlots(scratch.lockFile).write(usedUntilMs: Clock.monotonicMs() - ms, at: slot)
    }

    @Test func feedsAreHeldByFeedAndName() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let held = [try lease(store), try lease(store, 3, name: "erp")]

        #expect(held.allSatisfy { $0 != nil })
        #expect(try lease(store) == nil)
        #expect(try lease(store, 3, name: "erp") == nil)
        #expect(try lease(store, 3, name: "mail") != nil)
        #expect(try lease(store, 4, name: "erp") != nil)
        #expect(try lease(store, 2) != nil)
        #expect(try store.accept("A-1") == 1)  // the gate is another byte
    }

    @Test func namesAreComparedAsBytes() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let names = [
            "caf\u{E9}", "cafe\u{301}", "a\u{200B}b", "ab", String(repeating: "x", count: 64), String(repeating: "x", count: 63),
        ]
        let held = try names.map { try lease(store, 3, name: $0) }

        #expect(held.allSatisfy { $0 != nil })
        for name in names { #expect(try lease(store, 3, name: name) == nil) }
        #expect(Set(try store.holders().map { Array($0.name.utf8) }) == Set(names.map { Array($0.utf8) }))
    }

    @Test func holderThatLetsGoOrIsForgottenIsNoHolder() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let first = try #require(try lease(store))
        first.release()
        first.release()
        var second: FeedLease? = try #require(try lease(store))

        #expect(thrown { () throws(StateError) in try first.check() } == .closed)
        try second?.check()
        #expect(try store.holders().count == 1)
        store.close()
        second = nil
        #expect(try scratch.store().holders().isEmpty)
    }

    @Test func closingTheStoreLetsItsFeedsGo() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let other = try scratch.store()
        let held = try #require(try lease(store))
        #expect(try lease(other) == nil)
        store.close()

        #expect(try lease(other) != nil)
        #expect(thrown { () throws(StateError) in try held.check() } == .closed)
    }

    @Test func idleHolderLosesItsFeedToWhoAsksAndIsToldWho() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let other = try scratch.store()
        let first = try #require(try lease(store))
        try age(scratch, by: idleMs - 5000)
        #expect(try lease(other) == nil)
        try age(scratch, by: idleMs)
        let second = try #require(try lease(other))

        #expect(second.takenFrom?.since == first.holder.since)
        guard case .lost(let taker?, idleMs) = thrown({ () throws(StateError) in try first.check() }) else {
            Issue.record("the first holder was not told")
            return
        }
        #expect(taker.process == .own)
        #expect(thrown { () throws(StateError) in try first.enter(until: .passed) } != nil)
        try second.check()
        #expect(try store.holders().map { $0.since } == [second.holder.since])
    }

    @Test func holderThatLostDoesNotGetItsFeedBackWhenTheTakerEnds() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let first = try #require(try lease(store))
        try age(scratch, by: idleMs)
        try #require(try lease(try scratch.store())).release()

        #expect(thrown { () throws(StateError) in try first.check() } != nil)
        #expect(try lease(store) != nil)
        #expect(thrown { () throws(StateError) in try first.check() } != nil)
    }

    @Test func holderInACallIsInUseHoweverLongThatTakes() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let held = try #require(try lease(store))
        try held.enter(until: Deadline.after(ms: 3_600_000))
        try held.enter(until: .passed)  // a commit beside it
        held.leave()
        let holder = try #require(try store.holders().first)

        #expect(holder.isInCall())
        #expect(!holder.isIdle(now: Clock.monotonicMs() + 3_500_000))
        #expect(holder.isIdle(now: Clock.monotonicMs() + 3_600_000 + idleMs))  // asleep since before its deadline
        held.leave()
        #expect(try store.holders().first?.isInCall() == false)
    }

    @Test func hostThatAnswersIsAtWork() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let held = try #require(try lease(store))
        try age(scratch, by: idleMs)
        store.touch(1)

        #expect(try lease(try scratch.store()) == nil)
        try held.check()
        store.touch(2)
    }

    @Test func whatWasLostWritesNothing() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let other = try scratch.store()
        let first = try #require(try lease(store))
        try age(scratch, by: idleMs)
        let second = try #require(try lease(other))
        let error = thrown { () throws(StateError) in
            try ThreadLease.run(first) { () throws(StateError) in
                try store.write { () throws(StateError) in try store.meta.set("late", "1") }
            }
        }

        if case .lost = error {} else { Issue.record("written by who lost: \(String(describing: error))") }
        #expect(try store.read { () throws(StateError) in try store.meta.text("late") } == nil)
        try ThreadLease.run(second) { () throws(StateError) in
            try store.write { () throws(StateError) in try store.meta.set("late", "2") }
        }
        #expect(try store.read { () throws(StateError) in try store.meta.text("late") } == "2")
        #expect(ThreadLease.current == nil)
    }

    @Test func wakingLoserWritesNowhereButIntoItsOwnSlot() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let other = try scratch.store()
        let first = try #require(try lease(store))
        try first.enter(until: .passed)  // and here it was stopped
        try age(scratch, by: idleMs)
        let second = try #require(try lease(other))
        let before = try store.holders()
        first.leave()
        first.touch()
        first.release()

        #expect(try store.holders() == before)
        try second.check()
    }

    @Test func replacedLockFileIsALoss_M04() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let held = try #require(try lease(store))
        unlink(scratch.lockFile)
        try store.accept("A-1")

        #expect(thrown { () throws(StateError) in try held.check() } == .lost(to: nil, idleLimitMs: idleMs))
        #expect(try lease(store) != nil)
    }

    @Test func slotsAreUsedAgainAndHaveAnEnd() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        for _ in 0..<FeedLeases.capacity * 2 { try #require(try lease(store)).release() }
        let held = try (0..<FeedLeases.capacity).map { try lease(store, 3, name: "c\($0)") }
        #expect(held.allSatisfy { $0 != nil })
        #expect(isPath(thrown { () throws(StateError) in _ = try store.hold(1, name: "", as: .pull, idleLimitMs: idleMs) }))
        store.close()

        #expect(try lease(try scratch.store()) != nil)
    }

    @Test func leakedPullsOfOneProcessDoNotUseUpTheSlots() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        var leaked: [FeedLease] = []
        for _ in 0..<8 {
            leaked.append(try #require(try lease(store)))
            for slot in 0..<3 { try age(scratch, by: idleMs, slot: slot) }
        }

        #expect(try FileSlots(scratch.lockFile).records().count <= 3)
        #expect(leaked.dropLast().allSatisfy { lease in thrown { () throws(StateError) in try lease.check() } != nil })
    }

    @Test func whatIsNoRecordIsNoHolder() throws {
        let holder = FeedHolder(
            feed: 4, name: "erp", role: .flush, process: ProcessName(pid: 7, name: "php-fpm8.2"), since: 5, idleLimitMs: 2000,
            usedUntilMs: 9)
        #expect(FeedHolder(holder.words[...]) == holder)
        #expect(FeedHolder(holder.words[1...]) == nil)
        for (index, word) in [(0, Int64(1)), (1, .max), (2, 0), (2, 9), (13, -1), (13, 65), (13, .max)] {
            var words = holder.words
            words[index] = word
            #expect(FeedHolder(words[...]) == nil, "word \(index) is \(word)")
        }
        var words = holder.words
        words[5] = 0
        #expect(FeedHolder(words[...])?.idleLimitMs == 1000)
    }
}
