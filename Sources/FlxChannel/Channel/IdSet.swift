/// A set of hub ids that stays small when ids are dense, as those of one catalogue are: one word for 64 neighbours.
struct IdSet {
    private var words: [Int64: UInt64] = [:]
    private(set) var count = 0

    /// Adds an id; false if it was there. What is no number is kept out: the caller checked it.
    mutating func insert(_ text: String) -> Bool {
        guard let id = Int64(text) else { return true }
        return insert(id)
    }

    /// Adds an id; false if it was there.
    mutating func insert(_ id: Int64) -> Bool {
        let bit = IdSet.bit(id)
        let word = words[id >> 6] ?? 0
        guard word & bit == 0 else { return false }
        words[id >> 6] = word | bit
        count += 1
        return true
    }

    func contains(_ id: Int64) -> Bool {
        (words[id >> 6] ?? 0) & IdSet.bit(id) != 0
    }

    private static func bit(_ id: Int64) -> UInt64 { UInt64(1) << UInt64(id & 63) }
}
