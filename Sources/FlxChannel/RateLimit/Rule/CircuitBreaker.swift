/// Holds requests back while the hub is failing: opens after five failures in a row, then one probe every 30 s.
///
/// Invariant: while open, at most one request is granted between two probe times.
struct CircuitBreaker: Equatable {
    static let threshold: Int64 = 5
    static let probeEveryMs: Int64 = 30_000
    static let certificateEveryMs: Int64 = 5 * 60_000  // T-01
    private static let jitterMs: Int64 = 4_000

    var failures: Int64 = 0
    /// While open: when the next probe may go.
    var openUntil: Int64 = 0
    /// The probe that is on its way, and when it counts as lost.
    var probe: Permit = 0
    var probeUntil: Int64 = 0

    var isOpen: Bool { failures >= CircuitBreaker.threshold }

    /// Nil if a request may go.
    func waitMs(now: Int64) -> Int64? {
        guard isOpen else { return nil }
        if now < openUntil { return openUntil - now }
        return probe != 0 && now < probeUntil ? RateLimit.askAgainMs : nil
    }

    mutating func granted(_ ticket: Permit, now: Int64, _ jitter: (Int64) -> Int64) {
        guard isOpen else { return }
        probe = ticket
        probeUntil = now + 2 * 60_000
        openUntil = now + CircuitBreaker.probeEveryMs + jitter(CircuitBreaker.jitterMs)
    }

    /// The probe told nothing. If it was never sent, another may go at once.
    mutating func released(_ ticket: Permit, wasSent: Bool) {
        guard probe == ticket, ticket != 0 else { return }
        probe = 0
        if !wasSent { openUntil = 0 }
    }

    mutating func failed(_ ticket: Permit, now: Int64, certificate: Bool, _ jitter: (Int64) -> Int64) {
        let wasOpen = isOpen
        failures = certificate ? max(failures + 1, CircuitBreaker.threshold) : min(failures + 1, 1_000_000)
        if probe == ticket { probe = 0 }
        if certificate {
            openUntil = now + CircuitBreaker.certificateEveryMs + jitter(CircuitBreaker.jitterMs)
        } else if isOpen, !wasOpen {
            openUntil = now + CircuitBreaker.probeEveryMs + jitter(CircuitBreaker.jitterMs)
        }
    }

    mutating func succeeded() {
        self = CircuitBreaker()
    }
}
