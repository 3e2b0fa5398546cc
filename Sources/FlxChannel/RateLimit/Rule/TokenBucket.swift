/// Our model of the hub's pool of requests: what is in it leaves at a steady rate.
///
/// Invariant: the level is never below what the hub may have, as far as its headers are true. Requests that are
/// outstanding are not in it.
struct TokenBucket: Equatable {
    /// What a pool is, whatever is in it.
    struct Shape: Equatable {
        var size: Int64
        /// Thousandths of a request that leave in a second.
        var refillMilli: Int64

        /// Whether neither is less than half of the other's.
        func isNear(_ other: Shape) -> Bool {
            func isNear(_ a: Int64, _ b: Int64) -> Bool { a <= b * 2 && b <= a * 2 }
            return isNear(size, other.size) && isNear(refillMilli, other.refillMilli)
        }
    }

    var shape: Shape
    /// Answers that agreed on it.
    var witnesses: Int64 = 1
    /// What one answer said that is far from it.
    var rival: Shape?
    /// Level in thousandths of a request at `at`.
    var usedMilli: Int64
    var at: Int64

    init(size: Int64, refillMilli: Int64, usedMilli: Int64, at: Int64) {
        shape = Shape(size: size, refillMilli: refillMilli)
        self.usedMilli = usedMilli
        self.at = at
    }

    /// What the first answer says. A hub that has nothing in its pool counts a request after it told.
    init(_ headers: PoolHeaders, now: Int64) {
        self.init(size: headers.size, refillMilli: headers.refillMilli, usedMilli: max(1, headers.used) * 1000, at: now)
    }

    var size: Int64 { shape.size }
    var refillMilli: Int64 { shape.refillMilli }

    /// A model that was fed longer ago than this is asked about with one request, whatever it says: no headers hold a token
    /// for longer. What refills slower than one in ten seconds is no pool (see `PoolHeaders`), so that the hub has room then.
    static let longestMs: Int64 = 60_000

    /// The level at `now`, in thousandths.
    func level(_ now: Int64) -> Int64 {
        let (left, overflow) = max(0, now &- at).multipliedReportingOverflow(by: refillMilli)
        return overflow ? 0 : max(0, usedMilli - left / 1000)
    }

    mutating func add(_ requests: Int64, now: Int64) {
        usedMilli = level(now) + requests * 1000
        at = now
    }

    /// The model after an answer. The hub's number was true while it handled the request; since then up to `overlapped`
    /// others may have come. One more is allowed for, because the hub may count before or after, or cut a fraction.
    ///
    /// Another pool by far needs a second answer that says so; what the first says of its level counts for nothing.
    func corrected(by headers: PoolHeaders, overlapped: Int64, now: Int64) -> TokenBucket {
        var fact = Learnt(shape, source: "", at: at, witnesses: witnesses, rival: rival)
        let told = Shape(size: headers.size, refillMilli: headers.refillMilli)
        let isDoubted = fact.hear(told, source: "", at: now, isSame: { $0.isNear($1) }) == .doubted
        var model = self
        (model.shape, model.witnesses, model.rival, model.at) = (fact.value, fact.witnesses, fact.rival, now)
        let reported = headers.used * 1000
        let modelled = headers.size == size || isDoubted ? level(now) + 1000 : reported
        let highest = reported + (overlapped + 1) * 1000
        // Headers tell whole requests: what is less than one above the model is a fraction that was rounded up.
        let least = reported - modelled < 1000 ? modelled : reported
        model.usedMilli = isDoubted ? modelled : min(max(modelled, least), highest)
        return model
    }

    /// Whether the hub may as well mean a window of a second or less: see `RateLimit.windowLimit`.
    var isWindow: Bool { size * 1000 <= refillMilli && size <= Int64(TokenBucket.widestWindow) }

    /// Requests of the widest window that the rate limiter keeps in mind.
    static let widestWindow = 16

    /// Nil if one more request fits, else the time to wait. `extra` requests more are kept free.
    func waitMs(now: Int64, outstanding: Int64, priority: RequestPriority, extra: Int64) -> Int64? {
        let limit = max(1, size - margin(priority) - extra) * 1000
        let surplus = level(now) + (outstanding + 1) * 1000 - limit
        guard surplus > 0 else { return nil }
        let ms = max(1, (surplus * 1000 + refillMilli - 1) / refillMilli)
        guard outstanding == 0 else { return min(ms, RateLimit.askAgainMs) }
        let left = at + TokenBucket.longestMs - now
        return left > 0 ? min(ms, left) : nil
    }

    /// What is kept free: one against rounding, and one more for those who go first (decision 19).
    private func margin(_ priority: RequestPriority) -> Int64 {
        switch priority {
        case .order, .probe: 1
        case .answer, .poll: 2
        }
    }
}
