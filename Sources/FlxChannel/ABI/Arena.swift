import CFlxChannel
import CLibc

/// Memory for record views: handed out piece by piece, freed at once with the page.
///
/// Invariant: a piece never moves, and is initialised before it is handed out.
final class Arena {
    private static let leastBytes = 16 << 10
    private static let mostBytes = 256 << 10
    private var blocks: [PageMemory] = []
    private var next = 0
    private var room = 0

    deinit {
        for block in blocks { block.free() }
    }

    /// A struct at an address that stays.
    func store<Value: BitwiseCopyable>(_ value: Value) -> UnsafePointer<Value> {
        let place = allocate(MemoryLayout<Value>.size).bindMemory(to: Value.self, capacity: 1)
        place.initialize(to: value)
        return UnsafePointer(place)
    }

    /// A view with nothing in it yet.
    func zeroed(_ bytes: Int) -> UnsafeMutableRawPointer {
        let place = allocate(bytes)
        memset(place, 0, bytes)  // Safe: the piece has so many bytes.
        return place
    }

    /// Room for so many pointers, none there yet.
    func pointers(_ count: Int) -> UnsafeMutablePointer<UnsafeRawPointer?> {
        let place = allocate(MemoryLayout<UnsafeRawPointer?>.stride * count)
        let pointers = place.bindMemory(to: UnsafeRawPointer?.self, capacity: count)
        pointers.initialize(repeating: nil, count: count)
        return pointers
    }

    /// The same bytes, to be changed.
    func copy(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let place = allocate(bytes.count).bindMemory(to: UInt8.self, capacity: bytes.count)
        if let base = bytes.baseAddress { place.initialize(from: base, count: bytes.count) }
        return place
    }

    /// Text with a NUL behind it.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) -> flx_text {
        let place = allocate(bytes.count + 1).bindMemory(to: UInt8.self, capacity: bytes.count + 1)
        if let base = bytes.baseAddress { place.initialize(from: base, count: bytes.count) }
        (place + bytes.count).initialize(to: 0)  // Safe: the piece is one byte longer.
        return flx_text(p: UnsafeRawPointer(place).assumingMemoryBound(to: CChar.self), n: bytes.count)
    }

    /// A piece of at least `bytes`, aligned for every view.
    private func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        let needed = (max(bytes, 1) + 7) & ~7
        if room < needed || blocks.isEmpty {
            let usual = min((blocks.last?.bytes ?? Arena.leastBytes / 2) * 2, Arena.mostBytes)
            let block = PageMemory.take(max(usual, needed))
            blocks.append(block)
            (next, room) = (0, block.bytes)
        }
        let place = blocks[blocks.count - 1].start + next  // Safe: `room` says that the piece is inside the block.
        next += needed
        room -= needed
        return place
    }
}
