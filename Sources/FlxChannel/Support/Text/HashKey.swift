/// A secret of this process: nobody who does not know it can make texts that have one hash (J-20).
///
/// Invariant: `second` of the process's own is odd, so that it maps no two texts to one by being nothing.
struct HashKey: Sendable {
    let first: UInt64
    let second: UInt64

    static let ours = HashKey(Random.distinct(16))

    init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    private init(_ bytes: [UInt8]) {
        var words: [UInt64] = [0, 0]
        for (place, byte) in bytes.enumerated() { words[place & 1] = words[place & 1] << 8 | UInt64(byte) }
        self.init(first: words[0], second: words[1] | 1)
    }
}
