import CLibc

/// A block of memory for a page: its index, its views. Those of pages that were freed are kept for the next ones.
struct PageMemory {
    let start: UnsafeMutableRawPointer
    let bytes: Int

    /// A block of at least `bytes`, aligned for every type, with anything in it; nil if there is no memory.
    static func take(_ bytes: Int) -> PageMemory? {
        let bytes = bytes > leastBytes ? SpareSize.rounded(bytes) : bytes
        return spare.take(bytes) ?? malloc(bytes).map { PageMemory(start: $0, bytes: bytes) }
    }

    /// Gives the block back; nobody uses it any more.
    func free() {
        if !PageMemory.spare.keep(self) { CLibc.free(start) }
    }

    private init(start: UnsafeMutableRawPointer, bytes: Int) {
        self.start = start
        self.bytes = bytes
    }

    private static let leastBytes = 4 << 10
    private static let spare = Spares<PageMemory>(most: 24, leastBytes: leastBytes)
}

extension PageMemory: SpareBlock {
    var room: Int { bytes }
}
