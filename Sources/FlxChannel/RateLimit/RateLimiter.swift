/// Where the state of the rate limiter is kept: a file shared by processes, or memory in tests.
protocol RateLimitStore: AnyObject {
    /// Changes the state under its lock, waiting at most until `deadline` for it.
    func update(by deadline: Deadline, _ body: (inout RateLimit) -> Void) throws(RateLimitError)
    /// By the clock that all go by who share the state: at the earliest and at the latest, where it is another machine's.
    var now: ClosedRange<Int64> { get }
}

extension RateLimitStore {
    var now: ClosedRange<Int64> {
        let now = Clock.bootMs()
        return now...now
    }
}

/// The request budget of one token as this process sees it: asks for slots, and reports what became of them.
///
/// Invariant: a report is never lost to a busy store; it is kept and made in front of the next question, once.
final class RateLimiter: @unchecked Sendable {
    private enum Report {
        case answered(Permit, RateLimitAnswer, atMs: Int64)
        case failed(Permit, RateLimitFailure, atMs: Int64)
        case released(Permit)
        case left([Permit], atMs: Int64)
    }

    private let store: any RateLimitStore
    private let lock = Lock()
    private let owner: UInt64
    private let countLock = Lock()
    private var changeCount: Int64 = 0
    private var reports: [Report] = []

    init(store: any RateLimitStore) {
        self.store = store
        owner = Random.distinct(8).reduce(1) { $0 << 8 | UInt64($1) }
    }

    /// Asks for a slot whose request will be over, one way or the other, within `boundMs`.
    func reserve(
        priority: RequestPriority, isRepeat: Bool = false, boundMs: Int64, by deadline: Deadline
    ) throws(RateLimitError) -> RateLimitReply {
        var reply = RateLimitReply(grant: .wait(0), hold: nil)
        try update(by: deadline) { state in
            let now = store.now.lowerBound
            reply.grant = state.reserve(now: now, priority: priority, boundMs: boundMs, owner: owner, isRepeat: isRepeat)
            if case .granted = reply.grant { return }
            reply.hold = state.hold(now: now)
        }
        return reply
    }

    /// The request was answered; all of `answer` counts.
    func answered(_ ticket: Permit, _ answer: RateLimitAnswer) {
        report(.answered(ticket, answer, atMs: justNow))
    }

    /// The request has no answer.
    func failed(_ ticket: Permit, _ failure: RateLimitFailure) {
        report(.failed(ticket, failure, atMs: justNow))
    }

    /// The request was never sent: the slot is free at once.
    func released(_ ticket: Permit) {
        report(.released(ticket))
    }

    /// Nobody watches these requests for a while, and all of each was written.
    func left(_ tickets: [Permit]) {
        report(.left(tickets, atMs: justNow))
    }

    /// Takes something back that was learnt.
    func change(by deadline: Deadline, _ body: (inout RateLimit) -> Void) throws(RateLimitError) {
        try update(by: deadline, body)
        countLock.holding { changeCount &+= 1 }
    }

    /// How often something was taken back: whoever was told to wait before that asks anew.
    var changes: Int64 { countLock.holding { changeCount } }

    /// The state as it is now, for statistics.
    func snapshot(by deadline: Deadline) throws(RateLimitError) -> RateLimit {
        var copy = RateLimit()
        try update(by: deadline) { state in
            copy = state
            copy.requests = state.requests.map { $0 }  // of its own: the thread sanitizer does not see shared arrays being counted
        }
        return copy
    }

    /// The end of the present millisecond: a slot is asked for by its beginning, so that between the two lies at least the
    /// whole window.
    private var justNow: Int64 { store.now.upperBound &+ 1 }

    /// Now, by the clock of the state.
    var nowMs: Int64 { store.now.upperBound }

    private func report(_ report: Report) {
        let isFirst = lock.holding {
            reports.append(report)
            return reports.count == 1
        }
        // A busy store gets it later; until then the slot counts as taken. Those behind do not wait as well, for waits add up.
        try? update(by: isFirst ? .after(ms: 50) : .passed) { _ in }
    }

    private func update(by deadline: Deadline, _ body: (inout RateLimit) -> Void) throws(RateLimitError) {
        guard lock.lock(by: deadline) else { throw .busy(waitedMs: 0) }
        defer { lock.unlock() }
        try store.update(by: deadline) { state in
            for report in reports {
                switch report {
                case .answered(let ticket, let answer, let at): state.answered(ticket, now: at, answer)
                case .failed(let ticket, let failure, let at): state.failed(ticket, now: at, failure)
                case .released(let ticket): state.released(ticket)
                case .left(let tickets, let at): state.left(tickets, now: at)
                }
            }
            body(&state)
        }
        reports.removeAll(keepingCapacity: true)
    }
}

/// What `RateLimiter.reserve` said, and the reason for a wait that is more than the plain rule.
struct RateLimitReply {
    var grant: RateLimitGrant
    var hold: RateLimitHold?
}
