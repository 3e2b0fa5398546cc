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
        let isNew = IdSet.set(IdSet.bit(id), in: &words[id >> 6, default: 0])
        if isNew { count += 1 }
        return isNew
    }

    func contains(_ id: Int64) -> Bool {
        (words[id >> 6] ?? 0) & IdSet.bit(id) != 0
    }

    private static func set(_ bit: UInt64, in word: inout UInt64) -> Bool {
        defer { word |= bit }
        return word & bit == 0
    }

    private static func bit(_ id: Int64) -> UInt64 { UInt64(1) << UInt64(id & 63) }
}
