/// Number of one granted request. Zero is none.
typealias PaceTicket = UInt64

/// Who gets a slot first.
enum PacePriority: Int32 {
    case order = 0
    case answer = 1
    case poll = 2
    /// A single question of a person: it waits for orders, and nobody waits for it.
    case probe = 3
}

enum PaceGrant: Equatable {
    case granted(PaceTicket)
    /// Ask again in so many milliseconds, or sooner.
    case wait(Int64)
}

/// Why nobody gets a slot for a while.
enum PaceHold: Equatable {
    /// The hub said 429 or sent `Retry-After`.
    case throttled(ms: Int64)
    /// The hub is failing; one probe at a time until it answers.
    case breaker(ms: Int64)
    /// The hub refuses the token; one probe at a time.
    case token(ms: Int64)
}

/// What the pace learns from an answer.
struct PaceAnswer: Equatable {
    var status: Int
    var pool: PoolHeaders?
    var retryAfterMs: Int64?
    /// The request was for something that a good token may be refused: see `HTTPRequest.isOptional`.
    var isOptional = false
}

/// What the pace learns from a request without an answer.
struct PaceFailure: Equatable {
    /// The hub may have received it, so that it counts.
    var arrived: Bool
    /// Says that the hub is in trouble. False for what we gave up ourselves.
    var countsAgainstHub = true
    /// The hub's certificate was not accepted: asking often will not help.
    var certificate = false
}

/// The shared state of one token's request budget, and the rule over it. Times are of the boot clock, handed in.
///
/// Invariant: `requests` holds every granted request that still takes room in the budget, at most `capacity`.
struct PaceState: Equatable {
    static let capacity = 64
    static let windowMs: Int64 = 1000

    struct Request: Equatable {
        var ticket: PaceTicket
        var reservedAt: Int64
        /// From then on it counts as answered, even if its owner is away.
        var expiresAt: Int64
        /// Zero while it is outstanding.
        var answeredAt: Int64 = 0
        /// Others that were answered since this one was granted.
        var overlapped: Int64 = 0
        /// Granted because of the pool headers.
        var byPool: Bool
    }

    var requests: [Request] = []
    var nextTicket: PaceTicket = 1
    var pool: PacePool?
    var distrustUntil: Int64 = 0
    var pausedUntil: Int64 = 0
    /// 429s in a row, one for each wave, and the time of the last.
    var throttles: Int64 = 0
    var throttledAt: Int64 = 0
    /// How much longer than one second two requests take under the blind rule, in permille.
    var widen: Int64 = 1000
    var widenedAt: Int64 = 0
    var orderWaitingUntil: Int64 = 0
    var answerWaitingUntil: Int64 = 0
    var pollWaitingUntil: Int64 = 0
    /// Orders and answers granted since the last poll.
    var sincePoll: Int64 = 0
    var turns = PaceTurns()
    var breaker = PaceBreaker()
    var token = PaceTokenWatch()

    /// Grants a slot, or says when to ask again. `owner` names who asks, so that those of one class take turns.
    mutating func reserve(
        now: Int64, priority: PacePriority, boundMs: Int64, owner: UInt64 = 0, jitter: (Int64) -> Int64 = { Random.upTo($0) }
    ) -> PaceGrant {
        expire(now)
        register(priority, now)
        if let hold = hold(now: now) { return .wait(hold.ms) }
        if yields(priority, now) { return .wait(PaceState.askAgainMs) }
        let isNext = turns.isNext(priority, owner: owner, now: now)
        if let ms = slotWait(priority, now) ?? (isNext ? nil : PaceState.askAgainMs) {
            turns.waits(priority, owner: owner, now: now, ms: ms)
            return .wait(ms)
        }

        let ticket = nextTicket
        nextTicket = nextTicket &+ 1 == 0 ? 1 : nextTicket &+ 1
        let (bound, overflow) = now.addingReportingOverflow(max(1, boundMs))
        requests.append(
            Request(ticket: ticket, reservedAt: now, expiresAt: overflow ? Int64.max : bound, byPool: pool != nil))
        unregister(priority)
        turns.granted(priority, owner: owner)
        breaker.granted(ticket, now: now, jitter)
        token.granted(ticket, now: now)
        return .granted(ticket)
    }

    /// Gives a slot back whose request was never sent.
    mutating func released(_ ticket: PaceTicket) {
        requests.removeAll { $0.ticket == ticket }
        breaker.released(ticket)
        token.released(ticket)
    }

    /// Why everybody waits now, or nil.
    func hold(now: Int64) -> PaceHold? {
        if now < pausedUntil { return .throttled(ms: pausedUntil - now) }
        if let ms = token.waitMs(now: now) { return .token(ms: ms) }
        if let ms = breaker.waitMs(now: now) { return .breaker(ms: ms) }
        return nil
    }

    /// Requests that are outstanding.
    var outstanding: Int64 { Int64(requests.count { $0.answeredAt == 0 }) }

    /// The blind rule: so many requests in its window. A widened one spreads them, because somebody else spends too.
    var blindLimit: Int { widen > 1000 ? 1 : 2 }

    /// The blind rule's window after an answer, in milliseconds.
    var blindWindowMs: Int64 { PaceState.windowMs * widen / 1000 * Int64(blindLimit) / 2 }

    // MARK: The rule

    /// How often to ask for what has no known time.
    static let askAgainMs: Int64 = 40
    /// Whoever waits asks again within this time, however long it was told to wait.
    static let askAtLeastMs: Int64 = 200
    /// How long one counts as waiting after it asked: one that left holds nobody back for longer.
    static let waitingMs: Int64 = 350

    /// Nil if a slot is free for `priority`.
    private func slotWait(_ priority: PacePriority, _ now: Int64) -> Int64? {
        guard requests.count < PaceState.capacity else { return PaceState.askAgainMs }
        if let pool { return pool.waitMs(now: now, outstanding: outstanding, priority: priority) }
        guard requests.count >= blindLimit else { return nil }
        // The slot comes when enough have left; outstanding ones have no known time.
        let known = requests.filter { $0.answeredAt != 0 }.map { $0.answeredAt + blindWindowMs - now }.sorted()
        let leaving = requests.count - blindLimit + 1
        guard known.count >= leaving else { return PaceState.askAgainMs }
        return max(1, known[leaving - 1])
    }

    /// Turns overdue requests into answered ones, and forgets answered ones that have left the window.
    mutating func expire(_ now: Int64) {
        for index in requests.indices where requests[index].answeredAt == 0 && requests[index].expiresAt <= now {
            requests[index].answeredAt = requests[index].expiresAt
            pool?.add(1, now: now)
        }
        let window = blindWindowMs
        requests.removeAll { $0.answeredAt != 0 && $0.answeredAt + window <= now }
    }

    // MARK: Who goes first

    private func yields(_ priority: PacePriority, _ now: Int64) -> Bool {
        let pollIsDue = sincePoll >= 7  // every eighth slot
        return switch priority {
        case .order: pollIsDue && pollWaitingUntil > now
        case .answer: orderWaitingUntil > now || (pollIsDue && pollWaitingUntil > now)
        case .poll: !pollIsDue && (orderWaitingUntil > now || answerWaitingUntil > now)
        case .probe: orderWaitingUntil > now
        }
    }

    private mutating func register(_ priority: PacePriority, _ now: Int64) {
        switch priority {
        case .order: orderWaitingUntil = now + PaceState.waitingMs
        case .answer: answerWaitingUntil = now + PaceState.waitingMs
        case .poll: pollWaitingUntil = now + PaceState.waitingMs
        case .probe: break
        }
    }

    /// Another waiting one of this class registers again when it asks next.
    private mutating func unregister(_ priority: PacePriority) {
        switch priority {
        case .order:
            orderWaitingUntil = 0
            sincePoll += 1
        case .answer:
            answerWaitingUntil = 0
            sincePoll += 1
        case .poll:
            pollWaitingUntil = 0
            sincePoll = 0
        case .probe: break
        }
        sincePoll = min(sincePoll, 1_000_000)
    }
}

extension PaceHold {
    var ms: Int64 {
        switch self {
        case .throttled(let ms), .breaker(let ms), .token(let ms): max(1, ms)
        }
    }
}
