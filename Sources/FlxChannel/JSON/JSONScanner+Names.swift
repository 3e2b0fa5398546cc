/// A sieve of the names that an object has so far: says "surely new" for nearly every new name.
struct JSONNameFilter {
    /// Above this the names are compared once, when the object closes.
    static var few: UInt32 { 32 }

    private var bits: UInt64 = 0
    private(set) var count: UInt32 = 0

    /// Takes a name's hash in; true if a name of that hash may be there already.
    @inline(__always)
    mutating func insert(_ hash: UInt32) -> Bool {
        let bit: UInt64 = 1 << UInt64(hash >> 26)
        defer { bits |= bit }
        count &+= 1
        return bits & bit != 0
    }
}

/// Duplicate names (J-05). Their hashes are kept in the nodes and also speed up look-ups later.
extension JSONScanner {
    /// Stores the hash of the name just read, and refuses one that its object has already.
    @inline(__always)
    mutating func admit(name node: Int, to names: inout JSONNameFilter, of object: Int) throws(JSONFault) {
        let hash = nameHash(node)
        nodes[node].link = hash
        guard names.insert(hash), names.count <= JSONNameFilter.few else { return }
        var other = object + 1
        while other < node {
            if nodes[other].link == hash, isSameName(other, node) {
                throw .duplicateKey(at: Int(nodes[node].start))
            }
            other = Int(nodes[other + 1].link)  // the value of a name stands right after it
        }
    }

    /// Refuses duplicates in an object that has closed and whose names were too many to compare one by one.
    ///
    /// Sorting keeps the cost bounded whatever the names; a table could be made to collide.
    func checkManyNames(_ names: JSONNameFilter, of object: Int) throws(JSONFault) {
        guard names.count > JSONNameFilter.few else { return }
        var all: [Int] = []
        all.reserveCapacity(Int(names.count))
        var name = object + 1
        while name < nodes.count {
            all.append(name)
            name = Int(nodes[name + 1].link)
        }
        all.sort { a, b in
            let (left, right) = (nodes[a].link, nodes[b].link)
            return left != right ? left < right : compareNames(a, b) < 0
        }
        var previous: Int?
        for name in all {
            if let previous, isSameName(previous, name) {
                throw .duplicateKey(at: Int(nodes[max(previous, name)].start))
            }
            previous = name
        }
    }

    @inline(__always)
    private func nameHash(_ node: Int) -> UInt32 {
        if nodes[node].count == 0 { return JSONText.hash(rawName(node)) }
        return unescapedName(node).withUnsafeBufferPointer { JSONText.hash($0) }
    }

    private func isSameName(_ a: Int, _ b: Int) -> Bool {
        nodes[a].link == nodes[b].link && compareNames(a, b) == 0
    }

    private func compareNames(_ a: Int, _ b: Int) -> Int {
        if nodes[a].count == 0, nodes[b].count == 0 { return JSONText.compare(rawName(a), rawName(b)) }
        let (left, right) = (unescapedName(a), unescapedName(b))
        return left.withUnsafeBufferPointer { l in right.withUnsafeBufferPointer { r in JSONText.compare(l, r) } }
    }

    private func rawName(_ node: Int) -> UnsafeBufferPointer<UInt8> {
        let (start, end) = (Int(nodes[node].start) + 1, Int(nodes[node].end) - 1)
        return UnsafeBufferPointer(start: base + start, count: end - start)  // Safe: a node lies inside the bytes.
    }

    private func unescapedName(_ node: Int) -> [UInt8] {
        var text: [UInt8] = []
        JSONText.unescape(rawName(node), into: &text)
        return text
    }
}
