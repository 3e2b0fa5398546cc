/// The nodes of a text, in the order of the text.
///
/// Invariant: `start` has room for `room` nodes, of which the first `count` are initialised. A scanner alone changes it;
/// once a document has it, it stays as it is.
final class JSONIndex: @unchecked Sendable {
    private(set) var count = 0
    private var room: Int
    private(set) var start: UnsafeMutablePointer<JSONNode>
    private var memory: PageMemory

    init(room: Int) throws(JSONFault) {
        guard let memory = PageMemory.take(max(16, room) * MemoryLayout<JSONNode>.stride) else { throw .memory(at: 0) }
        self.memory = memory
        (start, self.room) = JSONIndex.nodes(of: memory)
    }

    deinit {
        memory.free()  // a node is plain numbers
    }

    private static func nodes(of memory: PageMemory) -> (UnsafeMutablePointer<JSONNode>, Int) {
        let room = memory.bytes / MemoryLayout<JSONNode>.stride
        return (memory.start.bindMemory(to: JSONNode.self, capacity: room), room)
    }

    /// The node at `place`, which the caller has from this index: a root, a link, a neighbour.
    @inline(__always)
    subscript(place: Int) -> JSONNode {
        get {
            assert(place >= 0 && place < count)
            return start[place]  // Safe: every link is inside, see JSONDocument.
        }
        set {
            assert(place >= 0 && place < count)
            start[place] = newValue  // Safe: as above.
        }
    }

    /// Where to write on, up to `limit` nodes in all. What is written counts when it is taken.
    @inline(__always)
    func tape(limit: Int) -> JSONTape {
        JSONTape(start: start, count: count, end: min(room, limit))
    }

    @inline(__always)
    func take(_ tape: JSONTape) {
        assert(tape.start == start && tape.count <= room)
        count = tape.count
    }

    /// Forgets the nodes from `count` on.
    func cut(to count: Int) {
        self.count = min(self.count, max(0, count))
    }

    /// False if there is no memory; then it is as it was.
    @inline(never)
    func grow() -> Bool {
        guard let more = PageMemory.take((room + room / 2) * MemoryLayout<JSONNode>.stride) else { return false }
        let (moved, moreRoom) = JSONIndex.nodes(of: more)
        moved.moveInitialize(from: start, count: count)  // Safe: `moreRoom` is above `count`.
        memory.free()
        (start, room, memory) = (moved, moreRoom, more)
        return true
    }
}

/// The end of an index, for a scanner that keeps it in registers while it writes.
///
/// Invariant: `start` has room for `end` nodes, of which the first `count` are initialised.
struct JSONTape {
    let start: UnsafeMutablePointer<JSONNode>
    private(set) var count: Int
    private let end: Int

    init(start: UnsafeMutablePointer<JSONNode>, count: Int, end: Int) {
        self.start = start
        self.count = count
        self.end = end
    }

    @inline(__always)
    var isFull: Bool { count >= end }

    /// The node at `place`, which was written before.
    @inline(__always)
    subscript(place: Int) -> JSONNode {
        assert(place >= 0 && place < count)
        return start[place]  // Safe: as the assertion says.
    }

    @inline(__always)
    mutating func append(_ node: JSONNode) {
        assert(!isFull)
        (start + count).initialize(to: node)  // Safe: the caller made sure that it is not full.
        count &+= 1
    }

    /// Sets what is known of an array or object when it ends.
    @inline(__always)
    func close(_ place: Int, end: Int, members: UInt32) {
        assert(place >= 0 && place < count)
        let node = start + place  // Safe: a frame's node was written.
        node.pointee.end = UInt32(truncatingIfNeeded: end)
        node.pointee.link = UInt32(truncatingIfNeeded: count)
        node.pointee.count = members
    }
}
