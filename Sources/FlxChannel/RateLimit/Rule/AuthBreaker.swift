/// Holds requests back when the hub refuses the token: after three refusals in a row, one probe every five minutes.
/// A new token has a state of its own and is not held back (H-12).
struct AuthBreaker: Equatable {
    static let threshold: Int64 = 3
    static let probeEveryMs: Int64 = 5 * 60_000

    var refusals: Int64 = 0
    var nextProbeAt: Int64 = 0
    var probe: Permit = 0

    var isPaused: Bool { refusals >= AuthBreaker.threshold }

    /// Nil if a request may go.
    func waitMs(now: Int64) -> Int64? {
        isPaused && now < nextProbeAt ? nextProbeAt - now : nil
    }

    mutating func granted(_ ticket: Permit, now: Int64) {
        guard isPaused else { return }
        probe = ticket
        nextProbeAt = now + AuthBreaker.probeEveryMs
    }

    /// The probe told nothing of the token. If nobody at the hub saw it, another may go at once.
    mutating func released(_ ticket: Permit, wasSent: Bool = false) {
        guard probe == ticket, ticket != 0 else { return }
        probe = 0
        if !wasSent { nextProbeAt = 0 }
    }

    mutating func refused(_ ticket: Permit, now: Int64) {
        refusals = min(refusals + 1, 1_000_000)
        if isPaused { nextProbeAt = now + AuthBreaker.probeEveryMs }
        if probe == ticket { probe = 0 }
    }

    mutating func accepted() {
        self = AuthBreaker()
    }
}
