@testable import FlxChannel

/// What tests of the rule do with it again and again.
protocol RateLimitRig {}

extension RateLimitRig {
    func grant(_ state: inout RateLimit, _ now: Int64, _ priority: RequestPriority = .order) -> Permit? {
        guard case .granted(let ticket) = state.reserve(now: now, priority: priority, boundMs: 10_000, jitter: { _ in 0 }) else {
            return nil
        }
        return ticket
    }

    func answer(
        _ state: inout RateLimit, _ ticket: Permit?, _ now: Int64, _ status: Int = 200, pool: PoolHeaders? = nil,
        retryAfterMs: Int64? = nil
    ) {
        state.answered(
            ticket ?? 0, now: now, RateLimitAnswer(status: status, pool: pool, retryAfterMs: retryAfterMs), jitter: { _ in 0 })
    }
}
