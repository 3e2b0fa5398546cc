/// Sieves for the names of open objects, one for each depth: say "surely new" for nearly every new name.
///
/// Invariant: `bits` has 16 words for each of `levels`; those of a level are there from `clear` on.
final class JSONNameSieve {
    /// Above this the names of an object are compared once, when it closes.
    static var few: UInt32 { 256 }

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
            if isSameName(tape[other], tape[node]) { throw .duplicateKey(at: Int(tape[node].start)) }
            other = Int(tape[other + 1].link)  // the value of a name stands right after it
        }
    }

    /// Refuses duplicates in an object that has closed and whose names were too many to compare one by one.
    ///
    /// Sorting keeps the cost bounded whatever the names; a table could be made to collide.
    @inline(never)
    func checkManyNames(_ count: UInt32, of object: Int, _ tape: JSONTape) throws(JSONFault) {
        var all: [JSONNode] = []
        all.reserveCapacity(Int(count))
        var name = object + 1
        while name < tape.count {
            all.append(tape[name])
            name = Int(tape[name + 1].link)
        }
        all.sort { $0.link != $1.link ? $0.link < $1.link : compareNames($0, $1) < 0 }
        var previous: JSONNode?
        for name in all {
            if let previous, isSameName(previous, name) {
                throw .duplicateKey(at: Int(max(previous.start, name.start)))
            }
            previous = name
        }
    }

    /// The hash of a name that holds an escape.
    @inline(never)
    func escapedHash(_ raw: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var text: [UInt8] = []
        JSONText.unescape(raw, into: &text)
        return text.withUnsafeBufferPointer { JSONText.hash($0) }
    }

    private func isSameName(_ a: JSONNode, _ b: JSONNode) -> Bool {
        a.link == b.link && compareNames(a, b) == 0
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
