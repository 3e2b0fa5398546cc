/// Whose turn it is among the owners that wait in one class: first come, first served, as long as they keep asking.
///
/// Invariant: at most `capacity` owners in each line. One that has left holds the others back no longer than it takes to
/// notice that it does not ask again.
struct FairQueue: Equatable {
    struct Place: Equatable {
        var owner: UInt64
        /// Until then it is expected to ask again.
        var until: Int64
    }

    static let classes = 4
    static let capacity = 8
    private static let patienceMs: Int64 = 150
    /// No place is kept for longer without being asked for.
    static let longestMs = RateLimit.askAtLeastMs + patienceMs

    /// By raw value of `RequestPriority`, the next first.
    var lines = [[Place]](repeating: [], count: classes)

    /// `owner` got nothing and will ask again in `ms`.
    mutating func waits(_ priority: RequestPriority, owner: UInt64, now: Int64, ms: Int64) {
        let line = Int(priority.rawValue)
        guard owner != 0, lines.indices.contains(line) else { return }
        let until = now + min(ms, RateLimit.askAtLeastMs) + FairQueue.patienceMs
        if let place = lines[line].firstIndex(where: { $0.owner == owner }) {
            lines[line][place].until = until
        } else if lines[line].count < FairQueue.capacity {
            lines[line].append(Place(owner: owner, until: until))
        }
    }

    /// Whether nobody else is before `owner`. Those who have left are forgotten.
    mutating func isNext(_ priority: RequestPriority, owner: UInt64, now: Int64) -> Bool {
        let line = Int(priority.rawValue)
        guard lines.indices.contains(line), !lines[line].isEmpty else { return true }
        lines[line].removeAll { $0.until <= now && $0.owner != owner }
        return lines[line].isEmpty || lines[line].first?.owner == owner
    }

    mutating func granted(_ priority: RequestPriority, owner: UInt64) {
        let line = Int(priority.rawValue)
        guard lines.indices.contains(line), !lines[line].isEmpty else { return }
        lines[line].removeAll { $0.owner == owner }
    }
}
