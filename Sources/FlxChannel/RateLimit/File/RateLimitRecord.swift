import CLibc

/// The content of a rate limit file: one state with its stamp, in 64-bit words, read and written whole.
///
/// Invariant: `state` gives back what the record was made of, and nil if its bytes are not what this library makes. Places
/// beyond a count are zero, so that equal states have equal bytes.
struct RateLimitRecord: BitwiseCopyable {
    static let size = MemoryLayout<RateLimitRecord>.size
    private static let mark: UInt64 = 0x3665_7461_5278_6C66  // "flxRate6"

    // These differ each time, whatever the state.
    private var mark: UInt64 = 0
    private var checksum: UInt64 = 0
    private var bootMs: Int64 = 0
    private var wallMs: Int64 = 0
    private static let stampSize = 4 * 8

    private(set) var boot: UInt64 = 0
    private var nextTicket: Permit = 0
    private var pausedUntil: Int64 = 0
    private var pausedBy: Int64 = 0
    private var pausedAt: Int64 = 0
    private var distrustUntil: Int64 = 0
    private var throttles: Int64 = 0
    private var throttledAt: Int64 = 0
    private var widen: Int64 = 0
    private var widenedAt: Int64 = 0
    private var hint = RateLimitHint()
    private var shares = PriorityShares()
    private var repeats = RetryBudget()
    private var breaker = CircuitBreaker()
    private var token = AuthBreaker()
    private var pool = Pool()
    private var requestCount: Int64 = 0
    private var requests = InlineArray<64, Request>(repeating: Request())
    private var lineCounts = InlineArray<4, Int64>(repeating: 0)
    private var places = InlineArray<32, FairQueue.Place>(repeating: FairQueue.Place(owner: 0, until: 0))

    /// A pool, or none if its size is 0; likewise its rival.
    fileprivate struct Pool: BitwiseCopyable {
        var size: Int64 = 0
        var refillMilli: Int64 = 0
        var witnesses: Int64 = 0
        var rivalSize: Int64 = 0
        var rivalRefillMilli: Int64 = 0
        var usedMilli: Int64 = 0
        var at: Int64 = 0
    }

    fileprivate struct Request: BitwiseCopyable {
        var ticket: Permit = 0
        var reservedAt: Int64 = 0
        var expiresAt: Int64 = 0
        var answeredAt: Int64 = 0
        var overlapped: Int64 = 0
        /// What is true of it, a bit each.
        var flags: UInt64 = 0
    }

    /// No state.
    init() {}

    init(_ state: RateLimit, boot: UInt64, at: Moment) {
        (mark, bootMs, wallMs, self.boot) = (RateLimitRecord.mark, at.bootMs, at.wallMs, boot)
        nextTicket = state.nextTicket
        (pausedUntil, pausedBy, pausedAt) = (state.pausedUntil, state.pausedBy, state.pausedAt)
        distrustUntil = state.distrustUntil
        (throttles, throttledAt) = (state.throttles, state.throttledAt)
        (widen, widenedAt) = (state.widen, state.widenedAt)
        (hint, shares, repeats, breaker, token) = (state.hint, state.shares, state.repeats, state.breaker, state.token)
        if let pool = state.pool { self.pool = Pool(pool) }
        for (index, request) in state.requests.prefix(requests.count).enumerated() {
            requests[index] = Request(request)
            requestCount += 1
        }
        for (line, owners) in state.turns.lines.prefix(lineCounts.count).enumerated() {
            for (index, place) in owners.prefix(FairQueue.capacity).enumerated() {
                places[line * FairQueue.capacity + index] = place
                lineCounts[line] += 1
            }
        }
        checksum = sum
    }

    /// The state, and the name of the boot if `boot` does not tell it and the record does.
    func state(boot theirs: UInt64, at now: Moment) -> (state: RateLimit, boot: UInt64)? {
        let then = Moment(bootMs: bootMs, wallMs: wallMs)
        guard let state, Boot.isSame(boot, at: then, theirs, at: now), state.isPlausible(now: now.bootMs) else { return nil }
        return (state, theirs == 0 ? boot : theirs)
    }

    /// What the hub asked for before this boot, whether that was cut, and what its headers were worth, by the wall clock,
    /// which alone goes on over a boot. Nil if this is no record of ours.
    func remains(at now: Moment) -> (pauseMs: Int64, isCut: Bool, distrustMs: Int64)? {
        guard isOurs else { return nil }
        let gone = max(0, now.wallMs &- wallMs)
        func rest(_ until: Int64, _ most: Int64) -> Int64 { min(max(0, until &- bootMs &- gone), most) }
        return (rest(pausedUntil, RateLimit.longestPauseMs), hint.isCut, rest(distrustUntil, RateLimit.distrustMs))
    }

    /// Whether both are of one state, whenever they were made.
    func isSame(_ other: RateLimitRecord) -> Bool { isEqual(other, from: RateLimitRecord.stampSize) }

    static func == (a: RateLimitRecord, b: RateLimitRecord) -> Bool { a.isEqual(b, from: 0) }

    // MARK: reading

    private var isOurs: Bool {
        mark == RateLimitRecord.mark && checksum == sum && (0...Int64(requests.count)).contains(requestCount)
            && lineCounts.indices.allSatisfy { (0...Int64(FairQueue.capacity)).contains(lineCounts[$0]) }
    }

    private var state: RateLimit? {
        guard isOurs else { return nil }
        var state = RateLimit()
        state.nextTicket = nextTicket
        (state.pausedUntil, state.pausedBy, state.pausedAt) = (pausedUntil, pausedBy, pausedAt)
        state.distrustUntil = distrustUntil
        (state.throttles, state.throttledAt) = (throttles, throttledAt)
        (state.widen, state.widenedAt) = (widen, widenedAt)
        (state.hint, state.shares, state.repeats, state.breaker, state.token) = (hint, shares, repeats, breaker, token)
        state.pool = pool.model
        // Safe: `isOurs` looked at the counts.
        state.requests = (0..<Int(requestCount)).map { requests[$0].model }
        state.turns.lines = lineCounts.indices.map { line in
            (0..<Int(lineCounts[line])).map { places[line * FairQueue.capacity + $0] }
        }
        return state
    }

    // MARK: bytes

    /// Over all words but itself: FNV-1a, a word at a time.
    private var sum: UInt64 {
        withUnsafeBytes(of: self) { bytes in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for (index, word) in bytes.bindMemory(to: UInt64.self).enumerated() where index != 1 {
                let product = (hash ^ word) &* 0x0000_0100_0000_01B3
                hash = product ^ product >> 29
            }
            return hash
        }
    }

    private func isEqual(_ other: RateLimitRecord, from start: Int) -> Bool {
        withUnsafeBytes(of: self) { a in
            withUnsafeBytes(of: other) { b in
                guard let a = a.baseAddress, let b = b.baseAddress else { return false }
                return memcmp(a + start, b + start, RateLimitRecord.size - start) == 0  // Safe: `start` is within both.
            }
        }
    }
}

extension RateLimitRecord.Pool {
    init(_ pool: TokenBucket) {
        (size, refillMilli, witnesses) = (pool.size, pool.refillMilli, pool.witnesses)
        (rivalSize, rivalRefillMilli) = (pool.rival?.size ?? 0, pool.rival?.refillMilli ?? 0)
        (usedMilli, at) = (pool.usedMilli, pool.at)
    }

    var model: TokenBucket? {
        guard size != 0 else { return nil }
        var pool = TokenBucket(size: size, refillMilli: refillMilli, usedMilli: usedMilli, at: at)
        pool.witnesses = witnesses
        if rivalSize != 0 { pool.rival = TokenBucket.Shape(size: rivalSize, refillMilli: rivalRefillMilli) }
        return pool
    }
}

extension RateLimitRecord.Request {
    init(_ request: RateLimit.Request) {
        (ticket, reservedAt, expiresAt) = (request.ticket, request.reservedAt, request.expiresAt)
        (answeredAt, overlapped) = (request.answeredAt, request.overlapped)
        flags = (request.byPool ? 1 : 0) | (request.isOrder ? 2 : 0) | (request.isRepeat ? 4 : 0)
    }

    var model: RateLimit.Request {
        RateLimit.Request(
            ticket: ticket, reservedAt: reservedAt, expiresAt: expiresAt, answeredAt: answeredAt, overlapped: overlapped,
            byPool: flags & 1 != 0, isOrder: flags & 2 != 0, isRepeat: flags & 4 != 0)
    }
}
