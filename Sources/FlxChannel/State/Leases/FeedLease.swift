/// A feed held by this process: the right to walk it, or to send its answers, for as long as it is used (decision 14).
///
/// Invariant: once it is lost it stays lost, and says to whom. In a child after fork it is the parent's, and nothing of it
/// is touched.
final class FeedLease: @unchecked Sendable {
    let holder: FeedHolder
    /// Who had it and was idle for too long.
    let takenFrom: FeedHolder?
    private let slots: any FeedSlots
    private let slot: Int
    private let generation = ForkGuard.generation
    private let lock = Lock()
    /// Calls that go on: a commit may run beside a pull.
    private var calls = 0
    private var latestMs: Int64 = 0
    private var loss: StateError?
    private var isReleased = false

    /// Through `slots` that hold `slot` and have `holder` in it.
    init(_ holder: FeedHolder, _ slots: any FeedSlots, slot: Int, takenFrom: FeedHolder?) {
        self.holder = holder
        self.takenFrom = takenFrom
        self.slots = slots
        self.slot = slot
    }

    deinit { release() }

    /// Whether it is of no use any more.
    var isOver: Bool { lock.holding { isReleased || loss != nil } }

    /// Says who has it now, if that is somebody else. Beyond doubt only in the writer gate.
    func check() throws(StateError) {
        try lock.holding { () throws(StateError) in try look() }
    }

    /// Begins a call that may last until `deadline`. Pair it with `leave()`, unless it throws.
    func enter(until deadline: Deadline) throws(StateError) {
        try lock.holding { () throws(StateError) in
            try look()
            calls += 1
            latestMs = max(latestMs, deadline.atMs)
            note()
        }
    }

    func leave() {
        lock.holding {
            calls = max(0, calls - 1)
            if calls == 0 { rest() }
        }
    }

    /// Says that the host is at work with it, outside of a call.
    func touch() {
        lock.holding { if calls == 0 { rest() } }
    }

    func release() {
        guard generation == ForkGuard.generation else { return }
        lock.holding {
            isReleased = true
            slots.close()
        }
    }

    private func rest() {
        guard !isReleased, loss == nil, generation == ForkGuard.generation else { return }
        latestMs = Clock.monotonicMs()
        note()
    }

    /// What cannot be written makes it look idle for longer than it is: at worst somebody takes the feed over, and it is told.
    private func note() { try? slots.write(usedUntilMs: latestMs, at: slot) }

    private func look() throws(StateError) {
        guard generation == ForkGuard.generation else { throw .forked }
        if let loss { throw loss }
        guard !isReleased else { throw .closed }
        let found = slots.holder(at: slot)
        if let found, found.taker == nil { return }
        let loss = StateError.lost(to: found?.taker, idleLimitMs: holder.idleLimitMs)
        self.loss = loss
        slots.close()
        throw loss
    }
}
