/// Our model of the hub's pool of requests: what is in it leaves at a steady rate.
///
/// Invariant: the level is never below what the hub may have, as far as its headers are true. Requests that are
/// outstanding are not in it.
struct PacePool: Equatable {
    var size: Int64
    /// Thousandths of a request that leave in a second.
    var refillMilli: Int64
    /// Level in thousandths of a request at `at`.
    var usedMilli: Int64
    var at: Int64

    init(size: Int64, refillMilli: Int64, usedMilli: Int64, at: Int64) {
        self.size = size
        self.refillMilli = refillMilli
        self.usedMilli = usedMilli
        self.at = at
    }

    init(_ headers: PoolHeaders, now: Int64) {
        self.init(size: headers.size, refillMilli: headers.refillMilli, usedMilli: headers.used * 1000, at: now)
    }

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
    func corrected(by headers: PoolHeaders, overlapped: Int64, now: Int64) -> PacePool {
        let reported = headers.used * 1000
        let modelled = headers.size == size ? level(now) + 1000 : reported
        let highest = reported + (overlapped + 1) * 1000
        return PacePool(
            size: headers.size, refillMilli: headers.refillMilli, usedMilli: min(max(modelled, reported), highest), at: now)
    }

    /// Whether the hub may as well mean a window of a second or less: see `PaceState.windowLimit`.
    var isWindow: Bool { size * 1000 <= refillMilli && size <= Int64(PacePool.widestWindow) }

    /// Requests of the widest window that the pace keeps in mind.
    static let widestWindow = 16

    /// Nil if one more request fits, else the time to wait. `extra` requests more are kept free.
    func waitMs(now: Int64, outstanding: Int64, priority: PacePriority, extra: Int64) -> Int64? {
        let limit = max(1, size - margin(priority) - extra) * 1000
        let surplus = level(now) + (outstanding + 1) * 1000 - limit
        guard surplus > 0 else { return nil }
        let ms = max(1, (surplus * 1000 + refillMilli - 1) / refillMilli)
        return outstanding > 0 ? min(ms, PaceState.askAgainMs) : ms
    }

    /// What is kept free: one against rounding, and room for those who go first.
    private func margin(_ priority: PacePriority) -> Int64 {
        switch priority {
        case .order, .probe: 1
        case .answer: 1 + size / 16
        case .poll: 1 + max(1, size / 8)
        }
    }
}
