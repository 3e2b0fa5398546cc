/// How long to wait before the same thing is tried again: full jitter, doubling, with a cap.
enum Backoff {
    static let capMs: Int64 = 15 * 60_000

    /// The wait after `attempt` attempts (1 for the first). `jitter` gives a number from 0 to its argument.
    static func delayMs(attempt: Int64, throttled: Bool = false, jitter: (Int64) -> Int64 = { Random.upTo($0) }) -> Int64 {
        jitter(ceilingMs(attempt: attempt, baseMs: throttled ? 5_000 : 1_000, capMs: capMs))
    }

    /// `baseMs` doubled with each attempt, at most `capMs`.
    static func ceilingMs(attempt: Int64, baseMs: Int64, capMs: Int64) -> Int64 {
        let doublings = max(0, min(attempt &- 1, 30))
        let (value, overflow) = baseMs.multipliedReportingOverflow(by: Int64(1) << doublings)
        return overflow ? capMs : min(value, capMs)
    }
}
