/// Number of one granted request. Zero is none.
typealias Permit = UInt64

/// Who gets a slot first.
enum RequestPriority: Int32 {
    case order = 0
    case answer = 1
    case poll = 2
    /// A single question of a person: it waits for orders, and nobody waits for it.
    case probe = 3
}

enum RateLimitGrant: Equatable {
    case granted(Permit)
    /// Ask again in so many milliseconds, or sooner.
    case wait(Int64)
    /// Only repeats wait, because too many went already: ask again in so many milliseconds.
    case repeatsWait(Int64)
}

/// Why nobody gets a slot for a while.
enum RateLimitHold: Equatable {
    /// The hub said 429 or sent `Retry-After`.
    case throttled(ms: Int64)
    /// The hub is failing; one probe at a time until it answers.
    case breaker(ms: Int64)
    /// The hub refuses the token; one probe at a time.
    case token(ms: Int64)
}

/// What the rate limiter learns from an answer.
struct RateLimitAnswer: Equatable {
    var status: Int
    var pool: PoolHeaders?
    /// As the hub said it, however long.
    var retryAfterMs: Int64?
    /// The request was for something that a good token may be refused: see `HTTPRequest.isOptional`.
    var isOptional = false
    /// The request was for one record, which alone may be what the hub fails at.
    var isOfOneRecord = false
}

/// What the rate limiter learns from a request without an answer.
struct RateLimitFailure: Equatable {
    /// The hub may have received it, so that it counts.
    var arrived: Bool
    /// It may even arrive later: we went away from it.
    var isTravelling = false
    /// Says that the hub is in trouble. False for what we gave up ourselves.
    var countsAgainstHub = true
    /// The hub's certificate was not accepted: asking often will not help.
    var certificate = false
}

/// The shared state of one token's request budget, and the rule over it. Times are of the boot clock, handed in.
///
/// Invariant: `requests` holds every granted request that still takes room in the budget, at most `capacity`.
struct RateLimit: Equatable {
    static let capacity = 64
    static let windowMs: Int64 = 1000
    /// A request that is all written is at the hub after this time at the latest, answered or not.
    static let travelMs: Int64 = 5000

    struct Request: Equatable {
        var ticket: Permit
        var reservedAt: Int64
        /// From then on it counts as answered, even if its owner is away.
        var expiresAt: Int64
        /// Zero while it is outstanding.
        var answeredAt: Int64 = 0
        /// Others that were answered since this one was granted.
        var overlapped: Int64 = 0
        /// Granted because of the pool headers.
        var byPool: Bool
        var isOrder = false
        var isRepeat = false
    }

    var requests: [Request] = []
    var nextTicket: Permit = 1
    var pool: TokenBucket?
    var distrustUntil: Int64 = 0
    var pausedUntil: Int64 = 0
    /// The status of the answer that asked to wait last, and when that was.
    var pausedBy: Int64 = 0
    var pausedAt: Int64 = 0
    var hint = RateLimitHint()
    /// 429s in a row, one for each wave, and the time of the last.
    var throttles: Int64 = 0
    var throttledAt: Int64 = 0
    /// How much longer than one second two requests take under the blind rule, in permille.
    var widen: Int64 = 1000
    var widenedAt: Int64 = 0
    var shares = PriorityShares()
    var turns = FairQueue()
    var breaker = CircuitBreaker()
    var token = AuthBreaker()
    var repeats = RetryBudget()

    /// Grants a slot, or says when to ask again. `owner` names who asks, so that those of one class take turns.
    mutating func reserve(
        now: Int64, priority: RequestPriority, boundMs: Int64, owner: UInt64 = 0, isRepeat: Bool = false,
        jitter: (Int64) -> Int64 = { Random.upTo($0) }
    ) -> RateLimitGrant {
        expire(now)
        // Who could not go even if it were first must not hold others back: it does not count as waiting.
        if isRepeat, !breaker.isOpen, let ms = repeats.waitMs(now: now) { return .repeatsWait(ms) }
        if leavesLastPlace(priority) {
            turns.waits(priority, owner: owner, now: now, ms: RateLimit.askAgainMs)
            return .wait(RateLimit.askAgainMs)
        }
        let hold = hold(now: now)
        shares.asks(priority, now: now + (hold?.certainMs ?? 0))  // whoever asked in a pause is not overtaken at its end
        if let hold { return .wait(hold.ms) }
        if shares.yields(priority, now: now) { return .wait(RateLimit.askAgainMs) }
        let isNext = turns.isNext(priority, owner: owner, now: now)
        let slotMs = slotWait(priority, now)
        if let ms = slotMs ?? (isNext ? nil : RateLimit.askAgainMs) {
            // Its host may come back when it is told to. Nobody goes before that, so that this holds nobody back for longer.
            if let slotMs, priority != .poll { shares.asks(priority, now: now + slotMs) }
            turns.waits(priority, owner: owner, now: now, ms: ms)
            return .wait(ms)
        }

        let ticket = nextTicket
        nextTicket = nextTicket &+ 1 == 0 ? 1 : nextTicket &+ 1
        let (bound, overflow) = now.addingReportingOverflow(max(1, boundMs))
        requests.append(
            Request(
                ticket: ticket, reservedAt: now, expiresAt: overflow ? Int64.max : bound, byPool: pool != nil,
                isOrder: priority == .order, isRepeat: isRepeat))
        shares.granted(priority)
        turns.granted(priority, owner: owner)
        repeats.granted(isRepeat: isRepeat, now: now)
        hint.granted(ticket, now: now)
        breaker.granted(ticket, now: now, jitter)
        token.granted(ticket, now: now)
        return .granted(ticket)
    }

    /// Gives a slot back whose request was never sent.
    mutating func released(_ ticket: Permit) {
        if requests.contains(where: { $0.ticket == ticket && $0.isRepeat }) { repeats.refund() }
        requests.removeAll { $0.ticket == ticket }
        hint.released(ticket, now: 0, wasSent: false)
        breaker.released(ticket, wasSent: false)
        token.released(ticket)
    }

    /// Nobody watches these requests now, and all of each was written: they count no longer than they may travel.
    mutating func left(_ tickets: [Permit], now: Int64) {
        for index in requests.indices where requests[index].answeredAt == 0 && tickets.contains(requests[index].ticket) {
            requests[index].expiresAt = min(requests[index].expiresAt, now + RateLimit.travelMs)
        }
    }

    /// Why everybody waits now, or nil.
    func hold(now: Int64) -> RateLimitHold? {
        if now < pausedUntil { return .throttled(ms: pausedUntil - now) }
        if let ms = token.waitMs(now: now) { return .token(ms: ms) }
        if let ms = breaker.waitMs(now: now) { return .breaker(ms: ms) }
        if let ms = hint.waitMs(now: now) { return .throttled(ms: ms) }
        return nil
    }

    /// Requests that are outstanding.
    var outstanding: Int64 { Int64(requests.count { $0.answeredAt == 0 }) }

    /// The window rule: so many requests, and the next when one was answered a window ago. No limiter model punishes it,
    /// so it is the rule where nothing is known, and where the pool holds no more than a second brings.
    var windowLimit: Int {
        let most = pool.map { $0.isWindow ? Int($0.size) : 2 } ?? 2
        return widen > 1000 ? max(1, most / 2) : most  // a widened one spreads them: somebody else spends too
    }

    /// The window after an answer, in milliseconds.
    var windowLengthMs: Int64 {
        let plain =
            pool.flatMap { $0.isWindow ? ($0.size * 1_000_000 + $0.refillMilli - 1) / $0.refillMilli : nil } ?? RateLimit.windowMs
        let most = pool.map { $0.isWindow ? $0.size : 2 } ?? 2
        return plain * widen / 1000 * Int64(windowLimit) / most
    }

    var isByWindow: Bool { pool?.isWindow ?? true }

    // MARK: The rule

    /// How often to ask for what has no known time.
    static let askAgainMs: Int64 = 40
    /// Whoever waits asks again within this time, however long it was told to wait.
    static let askAtLeastMs: Int64 = 200

    /// In a window of two or more, what is no order leaves one place to orders: it may stay on the wire for as long as
    /// its host is away.
    private func leavesLastPlace(_ priority: RequestPriority) -> Bool {
        guard isByWindow, windowLimit > 1, priority == .poll || priority == .answer else { return false }
        return requests.count { $0.answeredAt == 0 && !$0.isOrder } >= windowLimit - 1
    }

    /// Nil if a slot is free for `priority`.
    private func slotWait(_ priority: RequestPriority, _ now: Int64) -> Int64? {
        guard requests.count < RateLimit.capacity else { return RateLimit.askAgainMs }
        if let pool, !pool.isWindow {
            return poolWait(pool, priority, now)
        }
        guard requests.count >= windowLimit else { return nil }
        let length = windowLengthMs
        // The slot comes when enough have left; outstanding ones have no known time.
        let known = requests.filter { $0.answeredAt != 0 }.map { $0.answeredAt + length - now }.sorted()
        let leaving = requests.count - windowLimit + 1
        guard known.count >= leaving else { return RateLimit.askAgainMs }
        return max(1, known[leaving - 1])
    }

    func poolWait(_ pool: TokenBucket, _ priority: RequestPriority, _ now: Int64) -> Int64? {
        pool.waitMs(now: now, outstanding: outstanding, priority: priority, extra: (widen - 1000) / 250)
    }

    /// Turns overdue requests into answered ones, and forgets answered ones that have left the window.
    mutating func expire(_ now: Int64) {
        for index in requests.indices where requests[index].answeredAt == 0 && requests[index].expiresAt <= now {
            settle(index, at: requests[index].expiresAt)
            pool?.add(1, now: now)
        }
        let window = windowLengthMs
        requests.removeAll { $0.answeredAt != 0 && $0.answeredAt + window <= now }
        forgetOlder()
    }

    /// The window rule looks at as many answers as its window holds; with a pool, more of them would only fill the list.
    private mutating func forgetOlder() {
        guard requests.count > TokenBucket.widestWindow else { return }
        var surplus = requests.count { $0.answeredAt != 0 } - TokenBucket.widestWindow
        while surplus > 0, let oldest = oldestAnswer {
            requests.remove(at: oldest)
            surplus -= 1
        }
    }

    private var oldestAnswer: Int? {
        var oldest: Int?
        for index in requests.indices where requests[index].answeredAt != 0 {
            if oldest.map({ requests[index].answeredAt < requests[$0].answeredAt }) ?? true { oldest = index }
        }
        return oldest
    }

    /// The hub has it for certain; those that are still on their way may have come before it or after.
    mutating func settle(_ index: Int, at: Int64) {
        requests[index].answeredAt = max(1, at)
        for other in requests.indices where requests[other].answeredAt == 0 { requests[other].overlapped += 1 }
    }
}

extension RateLimitHold {
    /// How long it lasts whatever happens: the hub may be back, or the token good, any moment.
    var certainMs: Int64 {
        if case .throttled(let ms) = self { ms } else { 0 }
    }

    var ms: Int64 {
        switch self {
        case .throttled(let ms), .breaker(let ms), .token(let ms): max(1, ms)
        }
    }
}
