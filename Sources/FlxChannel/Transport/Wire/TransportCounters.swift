/// What a transport has done since it was made.
struct TransportCounters {
    /// Attempts that reached the wire, by who asked.
    var orders: Int64 = 0
    var answers: Int64 = 0
    var polls: Int64 = 0
    var probes: Int64 = 0
    /// Attempts that brought an answer, whatever its status.
    var answered: Int64 = 0
    /// Answers with status 429.
    var throttled: Int64 = 0
    /// Exchanges that ended without an answer.
    var failed: Int64 = 0
    /// Bytes as they travel: request heads with bodies, answer heads with compressed bodies.
    var bytesOut: Int64 = 0
    var bytesIn: Int64 = 0

    /// Attempts that reached the wire.
    var attempts: Int64 { orders + answers + polls + probes }

    mutating func countAttempt(_ priority: RequestPriority) {
        switch priority {
        case .order: orders += 1
        case .answer: answers += 1
        case .poll: polls += 1
        case .probe: probes += 1
        }
    }
}
