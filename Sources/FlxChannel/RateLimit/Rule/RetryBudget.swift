/// How many requests may be repeats of failed ones: a tenth of the first attempts, and one in ten seconds (H-01 to H-03).
///
/// Invariant: once what was saved up is spent, requests are at most 1.1 for each first attempt, and that one in ten seconds.
struct RetryBudget: Equatable {
    static let mostMilli: Int64 = 50_000
    static let everyMs: Int64 = 10_000
    private static let earnedMilli: Int64 = 100

    /// Repeats saved up, in thousandths.
    var milli = mostMilli
    /// When one may go that was not saved up.
    var nextAt: Int64 = 0

    /// Nil if a repeat may go.
    func waitMs(now: Int64) -> Int64? {
        milli >= 1000 || now >= nextAt ? nil : nextAt - now
    }

    mutating func granted(isRepeat: Bool, now: Int64) {
        if !isRepeat {
            add(RetryBudget.earnedMilli)
        } else if milli >= 1000 {
            milli -= 1000
        } else {
            nextAt = now + RetryBudget.everyMs
        }
    }

    /// A repeat was never sent.
    mutating func refund() { add(1000) }

    /// The hub is back after an outage: what was kept from it may come.
    mutating func fill() { milli = RetryBudget.mostMilli }

    private mutating func add(_ more: Int64) { milli = min(RetryBudget.mostMilli, milli + more) }
}
