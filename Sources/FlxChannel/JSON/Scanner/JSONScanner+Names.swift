/// Sieves for the names of open objects, one for each depth: say "surely new" for nearly every new name.
///
/// Invariant: `bits` has 16 words for each of `levels`; those of a level are there from `clear` on.
final class JSONNameSieve {
    /// Above this the names of an object are compared once, when it closes.
    static var few: UInt32 { 256 }

    /// So many different names of one object may have one hash, in a whole text, before it is refused: as many as chance
    /// never makes. Comparing them costs what no one pays for (J-20).
    private static var mostCollisions: Int { 64 }

    private var collisions = 0
    private let bits: UnsafeMutablePointer<UInt64>
    private let levels: Int

    init(levels: Int) {
        self.levels = levels
        bits = .allocate(capacity: levels * 16)
    }

    deinit {
        bits.deallocate()
    }

    @inline(__always)
    func clear(_ level: Int) {
        assert(level >= 0 && level < levels)
        (bits + level &* 16).initialize(repeating: 0, count: 16)  // Safe: the scanner's depth is below `levels`.
    }

    /// Takes a name's hash in; true if a name of that hash may be there already.
    @inline(__always)
    func insert(_ hash: UInt32, _ level: Int) -> Bool {
        assert(level >= 0 && level < levels)
        let word = bits + (level &* 16 &+ Int(hash >> 28))  // Safe: as above, and hash >> 28 is below 16.
        let bit: UInt64 = 1 << UInt64(hash >> 22 & 63)
        let known = word.pointee
        word.pointee = known | bit
        return known & bit != 0
    }
}

extension JSONNameSieve {
    /// Two different names have one hash. Throws when that happens too often.
    func collided(at place: Int) throws(JSONFault) {
        collisions &+= 1
        if collisions > JSONNameSieve.mostCollisions { throw .collisions(at: place) }
    }
}

/// Duplicate names (J-05). Their hashes are kept in the nodes and also speed up look-ups later.
extension JSONScanner {
    /// Sieves the names that an object has so far, all different.
    @inline(never)
    func sieveNames(of object: Int, _ level: Int, _ tape: JSONTape) {
        names.clear(level)
        var name = object + 1
        while name < tape.count {
            _ = names.insert(tape[name].link, level)
            name = Int(tape[name + 1].link)  // the value of a name stands right after it
        }
    }

    /// Refuses a name that its object has already; `node` is the last that was read.
    @inline(never)
    func checkName(_ node: Int, of object: Int, _ tape: JSONTape) throws(JSONFault) {
        var other = object + 1
        while other < node {
            if tape[other].link == tape[node].link { try differ(tape[other], tape[node]) }
            other = Int(tape[other + 1].link)  // the value of a name stands right after it
        }
    }

    /// Refuses duplicates in an object that has closed and whose names were too many to compare one by one.
    ///
    /// Sorted by their hashes, only neighbours can be the same, and those of one hash are few.
    @inline(never)
    func checkManyNames(_ count: UInt32, of object: Int, _ tape: JSONTape) throws(JSONFault) {
        var all: [JSONNode] = []
        all.reserveCapacity(Int(count))
        var name = object + 1
        while name < tape.count {
            all.append(tape[name])
            name = Int(tape[name + 1].link)
        }
        all.sort { $0.link != $1.link ? $0.link < $1.link : $0.start < $1.start }
        var first = 0  // of those with the hash of the present one
        for place in all.indices {
            if all[first].link != all[place].link { first = place }  // Safe: both are places of the array.
            for other in first..<place { try differ(all[other], all[place]) }
        }
    }

    /// The hash of a name that holds an escape.
    @inline(never)
    func escapedHash(_ raw: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var text: [UInt8] = []
        JSONText.unescape(raw, into: &text)
        return text.withUnsafeBufferPointer { JSONText.hash($0, key) }
    }

    /// Checks that two names of one hash are not the same; `b` stands behind `a`.
    private func differ(_ a: JSONNode, _ b: JSONNode) throws(JSONFault) {
        if compareNames(a, b) == 0 { throw .duplicateKey(at: Int(b.start)) }
        try names.collided(at: Int(b.start))
    }

    private func compareNames(_ a: JSONNode, _ b: JSONNode) -> Int {
        if a.count == 0, b.count == 0 { return JSONText.compare(rawName(a), rawName(b)) }
        let (left, right) = (unescapedName(a), unescapedName(b))
        return left.withUnsafeBufferPointer { l in right.withUnsafeBufferPointer { r in JSONText.compare(l, r) } }
    }

    private func rawName(_ node: JSONNode) -> UnsafeBufferPointer<UInt8> {
        let (start, end) = (Int(node.start) + 1, Int(node.end) - 1)
        return UnsafeBufferPointer(start: base + start, count: end - start)  // Safe: a node lies inside the bytes.
    }

    private func unescapedName(_ node: JSONNode) -> [UInt8] {
        var text: [UInt8] = []
        JSONText.unescape(rawName(node), into: &text)
        return text
    }
}
