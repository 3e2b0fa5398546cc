import CFlxChannel
import CLibc

/// Memory for record views: handed out piece by piece, freed at once with the page.
///
/// Invariant: a piece never moves, and is initialised before it is handed out; all blocks together have at most `left` of
/// what was allowed at first.
final class Arena {
    /// There is no memory, or the page may have no more: an empty object of three bytes has a view of some hundred (J-21).
    struct NoRoom: Error {}

    private static let leastBytes = 16 << 10
    private static let mostBytes = 256 << 10
    private var blocks: [PageMemory] = []
    private var next = 0
    private var room = 0
    private var left: Int

    init(mostBytes: Int) {
        left = mostBytes
    }

    deinit {
        for block in blocks { block.free() }
    }

    /// A struct at an address that stays.
    func store<Value: BitwiseCopyable>(_ value: Value) throws(NoRoom) -> UnsafePointer<Value> {
        let place = try allocate(MemoryLayout<Value>.size).bindMemory(to: Value.self, capacity: 1)
        place.initialize(to: value)
        return UnsafePointer(place)
    }

    /// A view with nothing in it yet.
    func zeroed(_ bytes: Int) throws(NoRoom) -> UnsafeMutableRawPointer {
        let place = try allocate(bytes)
        memset(place, 0, bytes)  // Safe: the piece has so many bytes.
        return place
    }

    /// Room for so many pointers, none there yet.
    func pointers(_ count: Int) throws(NoRoom) -> UnsafeMutablePointer<UnsafeRawPointer?> {
        let place = try allocate(MemoryLayout<UnsafeRawPointer?>.stride * count)
        let pointers = place.bindMemory(to: UnsafeRawPointer?.self, capacity: count)
        pointers.initialize(repeating: nil, count: count)
        return pointers
    }

    /// The same bytes, to be changed.
    func copy(_ bytes: UnsafeBufferPointer<UInt8>) throws(NoRoom) -> UnsafeMutablePointer<UInt8> {
        let place = try allocate(bytes.count).bindMemory(to: UInt8.self, capacity: bytes.count)
        if let base = bytes.baseAddress { place.initialize(from: base, count: bytes.count) }
        return place
    }

    /// Text with a NUL behind it.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) throws(NoRoom) -> flx_text {
        let place = try allocate(bytes.count + 1).bindMemory(to: UInt8.self, capacity: bytes.count + 1)
        if let base = bytes.baseAddress { place.initialize(from: base, count: bytes.count) }
        (place + bytes.count).initialize(to: 0)  // Safe: the piece is one byte longer.
        return flx_text(p: UnsafeRawPointer(place).assumingMemoryBound(to: CChar.self), n: bytes.count)
    }

    /// A piece of at least `bytes`, aligned for every view.
    private func allocate(_ bytes: Int) throws(NoRoom) -> UnsafeMutableRawPointer {
        let needed = (max(bytes, 1) + 7) & ~7
        if room < needed || blocks.isEmpty {
            let usual = min((blocks.last?.bytes ?? Arena.leastBytes / 2) * 2, Arena.mostBytes)
            guard needed <= left, let block = PageMemory.take(max(min(usual, left), needed)) else { throw NoRoom() }
            left = max(0, left - block.bytes)
            blocks.append(block)
            (next, room) = (0, block.bytes)
        }
        let place = blocks[blocks.count - 1].start + next  // Safe: `room` says that the piece is inside the block.
        next += needed
        room -= needed
        return place
    }
}
