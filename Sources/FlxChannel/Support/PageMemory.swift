/// A block of memory for a page: its index, its views.
///
/// The blocks of pages that were freed are kept for the next ones, some MB at most. Else the allocator gives them back
/// to the system with each page, and fresh memory costs more than reading a page does.
struct PageMemory {
    let start: UnsafeMutableRawPointer
    let bytes: Int

    /// A block of at least `bytes`, aligned for every type, with anything in it.
    static func take(_ bytes: Int) -> PageMemory {
        let bytes = rounded(bytes)
        return spare.take(bytes) ?? PageMemory(start: .allocate(byteCount: bytes, alignment: 16), bytes: bytes)
    }

    /// Up to a power of two, so that the blocks of one page fit the next, which is a little larger. What is not written costs
    /// nothing.
    private static func rounded(_ bytes: Int) -> Int {
        guard bytes > Spare.leastBytes, bytes < Int.max / 2 else { return bytes }
        return 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount)
    }

    /// Gives the block back; nobody uses it any more.
    func free() {
        if !PageMemory.spare.keep(self) { start.deallocate() }
    }

    private init(start: UnsafeMutableRawPointer, bytes: Int) {
        self.start = start
        self.bytes = bytes
    }

    private static let spare = Spare()

    /// Invariant: `blocks` are used by nobody, and have `bytes` together, within the limits.
    private final class Spare: @unchecked Sendable {
        private static let most = 24
        private static let mostBytes = 4 << 20
        static let leastBytes = 4 << 10

        private let lock = Lock()
        private var blocks: [PageMemory] = []
        private var bytes = 0

        init() {
            blocks.reserveCapacity(Spare.most)
            ForkGuard.register(lock)
        }

        func take(_ wanted: Int) -> PageMemory? {
            guard wanted >= Spare.leastBytes else { return nil }
            return lock.holding {
                var best: Int?
                for (place, block) in blocks.enumerated() where block.bytes >= wanted && block.bytes / 4 <= wanted {
                    if let best, blocks[best].bytes <= block.bytes { continue }
                    best = place
                }
                guard let best else { return nil }
                let block = blocks[best]
                blocks.swapAt(best, blocks.count - 1)
                blocks.removeLast()
                bytes -= block.bytes
                return block
            }
        }

        func keep(_ block: PageMemory) -> Bool {
            guard block.bytes >= Spare.leastBytes else { return false }
            return lock.holding {
                guard blocks.count < Spare.most, bytes + block.bytes <= Spare.mostBytes else { return false }
                blocks.append(block)
                bytes += block.bytes
                return true
            }
        }
    }
}
