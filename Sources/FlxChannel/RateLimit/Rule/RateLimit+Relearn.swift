/// What a person may look at and take back.
extension RateLimit {
    /// Whatever holds everybody back ends: a wait that the hub asked for, the breaker, the refused token. What it was held back
    /// for may come.
    mutating func lift() {
        (pausedUntil, pausedBy, pausedAt, throttles) = (0, 0, 0, 0)
        hint = RateLimitHint()
        breaker.succeeded()
        token.accepted()
        repeats.fill()
    }

    /// The pool is learnt anew, and with it whether its headers are true and whether somebody else spends.
    mutating func forgetPool() {
        (pool, distrustUntil, widen, widenedAt) = (nil, 0, 1000, 0)
    }

    /// Why an order that asked now would wait for more than its slot, and for how long at least.
    func pause(now: Int64) -> RateLimitPause? {
        switch hold(now: now) {
        case .throttled(let ms): return RateLimitPause(reason: .throttled, ms: max(1, ms))
        case .breaker(let ms): return RateLimitPause(reason: .breaker, ms: max(1, ms))
        case .token(let ms): return RateLimitPause(reason: .token, ms: max(1, ms))
        case nil: break
        }
        guard let pool, !pool.isWindow, let ms = poolWait(pool, .order, now) else { return nil }
        return RateLimitPause(reason: .pool, ms: ms)
    }
}

/// What holds requests back, for people and their monitors.
struct RateLimitPause: Equatable {
    enum Reason {
        case throttled, breaker, token, pool

        var name: String {
            switch self {
            case .throttled: "throttled"
            case .breaker: "breaker"
            case .token: "token"
            case .pool: "pool"
            }
        }
    }

    var reason: Reason
    var ms: Int64
}
