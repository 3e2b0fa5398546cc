/// A wait that the hub asked for and that was cut to its bound: after it one request at a time asks whether the hub still
/// means it (decision 19).
///
/// Invariant: from the cut to the first good answer of a request granted since then, at most one request is on its way.
struct RateLimitHint: Equatable {
    private static let probeMs: Int64 = 2 * 60_000
    /// After a probe that may have come to the hub and has no answer.
    private static let probeAgainMs: Int64 = 30_000

    /// When the hub asked for more than it gets; 0 if it did not.
    var cutAt: Int64 = 0
    /// The probe that is on its way, and when it counts as lost.
    var probe: Permit = 0
    var probeUntil: Int64 = 0

    var isCut: Bool { cutAt != 0 }

    /// Nil if a request may go.
    func waitMs(now: Int64) -> Int64? {
        isCut && now < probeUntil ? RateLimit.askAgainMs : nil
    }

    mutating func cut(now: Int64) {
        self = RateLimitHint(cutAt: max(1, now))
    }

    mutating func granted(_ ticket: Permit, now: Int64) {
        guard isCut else { return }
        (probe, probeUntil) = (ticket, now + RateLimitHint.probeMs)
    }

    /// The hub answered that it still cannot: the next probe may go.
    mutating func refused(_ ticket: Permit) {
        if isProbe(ticket) { (probe, probeUntil) = (0, 0) }
    }

    /// The probe has no answer.
    mutating func released(_ ticket: Permit, now: Int64, wasSent: Bool) {
        guard isProbe(ticket) else { return }
        (probe, probeUntil) = (0, wasSent ? min(probeUntil, now + RateLimitHint.probeAgainMs) : 0)
    }

    /// A good answer, to a request that was granted then, if that is still known: what went out before the hub asked to wait
    /// says nothing.
    mutating func succeeded(_ ticket: Permit, reservedAt: Int64?) {
        guard isCut else { return }
        if isProbe(ticket) || reservedAt.map({ $0 >= cutAt }) ?? false { self = RateLimitHint() }
    }

    private func isProbe(_ ticket: Permit) -> Bool { probe == ticket && ticket != 0 }
}
