/// Arrays for the bodies of answers. Those of pages that were freed are kept for the next ones.
enum PageBytes {
    private static let leastBytes = 64 << 10
    private static let spare = Spares<[UInt8]>(most: 4, leastBytes: leastBytes)

    /// An empty array with room for `count` bytes; nil if there is no memory.
    static func take(_ count: Int) -> [UInt8]? {
        if let known = spare.take(count) { return emptied(known) }
        let room = count > leastBytes ? SpareSize.rounded(count) : count
        guard Memory.has(room) else { return nil }
        var fresh: [UInt8] = []
        fresh.reserveCapacity(room)
        return fresh
    }

    /// An empty array with room for `count` bytes, the largest that was kept if it is enough; nil if there is no memory.
    static func takeLargest(_ count: Int) -> [UInt8]? {
        guard let known = spare.takeLargest() else { return take(count) }
        if known.capacity >= count { return emptied(known) }
        keep(known)
        return take(count)
    }

    /// Keeps the array of a page; its last owner releases it right after.
    static func keep(_ bytes: [UInt8]) {
        guard bytes.capacity >= leastBytes else { return }
        _ = spare.keep(bytes)
    }

    /// Should somebody else still have it, this leaves it to him, and there is a new one.
    private static func emptied(_ bytes: consuming [UInt8]) -> [UInt8] {
        bytes.removeAll(keepingCapacity: true)
        return bytes
    }
}

extension Array: SpareBlock where Element == UInt8 {
    var room: Int { capacity }
}
