/// A fixed list of member names: tells of any member which of them it has, without a look at the others. It is made for the
/// life of the process and never freed, so that nobody counts who uses it.
///
/// Invariant: `slots` has `mask + 1` slots, a power of two and at least four times the names: each name stands at its
/// hash's slot or behind it without a gap; the number 0 is a free slot.
struct JSONNames: @unchecked Sendable {
    private struct Slot {
        var hash: UInt32 = 0
        var count: Int32 = 0
        var start: UnsafePointer<UInt8>?
        /// One more than the name's place in the list.
        var number = 0
    }

    let count: Int
    private let slots: UnsafeMutablePointer<Slot>
    private let mask: Int

    init(_ names: [StaticString]) {
        count = names.count
        var size = 16
        while size < 4 * names.count { size *= 2 }
        mask = size - 1
        slots = .allocate(capacity: size)
        slots.initialize(repeating: Slot(), count: size)
        for (place, name) in names.enumerated() {
            // Safe: a literal of the source lives for ever.
            let hash = JSONText.hash(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), .ours)
            var at = Int(hash) & mask
            while slots[at].number != 0 { at = (at + 1) & mask }  // Safe: at is at most the mask.
            slots[at] = Slot(
                hash: hash, count: Int32(truncatingIfNeeded: name.utf8CodeUnitCount), start: name.utf8Start, number: place + 1)
        }
    }

    /// The place in the list of the name at `key`; nil if it is none of them.
    @inline(__always)
    func place(of key: Int, in nodes: JSONNodes) -> Int? {
        let hash = nodes.hash(key)
        var at = Int(hash) & mask
        while true {
            let slot = slots + at  // Safe: at is at most the mask.
            guard slot.pointee.number != 0 else { return nil }  // half of the slots are free
            if slot.pointee.hash == hash {
                // Safe: a slot has the bytes of a literal.
                let name = UnsafeBufferPointer(start: slot.pointee.start, count: Int(slot.pointee.count))
                if nodes.isName(key, name) { return slot.pointee.number &- 1 }
            }
            at = (at &+ 1) & mask
        }
    }
}
