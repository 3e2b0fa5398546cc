/// How far the whole read of the listings is, as it is written down.
struct CensusNote {
    static let key = "census"

    /// Counts whole reads, from 1; 0 before the first.
    var read: Int64 = 0
    /// The page that is read next; 0 once this read came to its end.
    var page = 0
    /// Of the pages, for a number means nothing without it.
    var pageSize: Int64 = 0
    /// When it began, wall clock.
    var beganAt: Int64 = 0

    /// A read that was left for longer begins anew: what changed since would make its pages a patchwork.
    private static let longestPauseMs: Int64 = 6 * 3_600_000

    init() {}

    init?(_ text: String) {
        let parts = Text.words(text).compactMap { Int64($0) }
        guard parts.count == 4, parts[0] >= 0, parts[1] >= 0, parts[1] < Int64(Int32.max) else { return nil }
        (read, page, pageSize, beganAt) = (parts[0], Int(parts[1]), parts[2], parts[3])
    }

    var text: String { "\(read) \(page) \(pageSize) \(beganAt)" }

    /// Whether it can be gone on with.
    func isUnderWay(pageSize: Int64, now: Int64) -> Bool {
        page > 0 && self.pageSize == pageSize && isFresh(now: now)
    }

    func isFresh(now: Int64) -> Bool { (0..<CensusNote.longestPauseMs).contains(now &- beganAt) }

    mutating func begin(pageSize: Int64, now: Int64) {
        (read, page, self.pageSize, beganAt) = (read &+ 1, 1, pageSize, now)
    }
}
