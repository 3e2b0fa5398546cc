/// How long a walk has been without an answer, whatever the reason: requests that failed, or that nobody may send. When it
/// has lasted `pull.give_up_ms` that is told, and then measured anew (decision 24).
struct Patience {
    /// How long a wait goes on before it is asked what it waits for.
    static let lookMs: Int64 = 1000

    private let mostMs: Int64
    private var since: Int64?

    init(mostMs: Int64) {
        self.mostMs = mostMs
    }

    /// There was an answer.
    mutating func rest() {
        since = nil
    }

    /// There is none now.
    mutating func wait(now: Int64 = Clock.monotonicMs()) {
        if since == nil { since = now }
    }

    /// How long it lasts from now on.
    func remainingMs(now: Int64 = Clock.monotonicMs()) -> Int64 {
        max(0, mostMs &- (now &- (since ?? now)))
    }

    /// Looks whether it is time to say so. If it is, the measure begins anew: an end is told once.
    mutating func ranOut(now: Int64 = Clock.monotonicMs()) -> Bool {
        guard remainingMs(now: now) == 0 else { return false }
        since = nil
        return true
    }
}
