/// Memory that may be kept for later.
protocol SpareBlock {
    /// Its size in bytes.
    var room: Int { get }
}

/// Blocks of memory of pages that were freed, for the next ones, some MB at most. Else the allocator gives them back to the
/// system with each page, and fresh memory costs more than reading a page does.
///
/// Invariant: `blocks` are used by nobody, and have `bytes` together, within the limits.
final class Spares<Block: SpareBlock>: @unchecked Sendable {
    private static var mostBytes: Int { 4 << 20 }

    private let most: Int
    private let leastBytes: Int
    private let lock = Lock()
    private var blocks: [Block] = []
    private var bytes = 0

    /// Keeps `most` blocks of `leastBytes` or more.
    init(most: Int, leastBytes: Int) {
        self.most = most
        self.leastBytes = leastBytes
        blocks.reserveCapacity(most)
        ForkGuard.register(lock)
    }

    /// The block that fits `wanted` bytes best; nil if there is none that is not far too large.
    func take(_ wanted: Int) -> Block? {
        guard wanted >= leastBytes else { return nil }
        return lock.holding {
            var best: Int?
            for (place, block) in blocks.enumerated() where block.room >= wanted && block.room / 4 <= wanted {
                if let best, blocks[best].room <= block.room { continue }
                best = place
            }
            return best.map { remove($0) }
        }
    }

    /// The largest block.
    func takeLargest() -> Block? {
        lock.holding { blocks.indices.max { blocks[$0].room < blocks[$1].room }.map { remove($0) } }
    }

    /// False if the block is none to be kept, or there are enough.
    func keep(_ block: Block) -> Bool {
        guard block.room >= leastBytes else { return false }
        return lock.holding {
            guard blocks.count < most, bytes + block.room <= Spares.mostBytes else { return false }
            blocks.append(block)
            bytes += block.room
            return true
        }
    }

    /// Under the lock.
    private func remove(_ place: Int) -> Block {
        blocks.swapAt(place, blocks.count - 1)
        let block = blocks.removeLast()
        bytes -= block.room
        return block
    }
}

enum SpareSize {
    /// Up to a power of two, so that the blocks of one page fit the next, which is a little larger. What is not written
    /// costs nothing.
    static func rounded(_ bytes: Int) -> Int {
        guard bytes > 1, bytes < Int.max / 2 else { return bytes }
        return 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount)
    }
}
