/// Reads JSON values strictly and writes their nodes, without recursion.
///
/// Invariant: `at` is never beyond `count`, and no byte at or beyond `count` is read. The borrowed bytes outlive it.
struct JSONScanner {
    let base: UnsafePointer<UInt8>
    let count: Int
    let limits: JSONLimits
    var at = 0
    let nodes: JSONIndex
    private let names: JSONNameSieve
    private var outer: [Frame] = []
    /// The most nodes that may be written; a page raises it record by record.
    var nodeLimit: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(JSONFault) {
        guard bytes.count <= limits.bytes else { throw .size(found: bytes.count, limit: limits.bytes) }
        guard let base = bytes.baseAddress else { throw .truncated(at: 0) }
        self.base = base
        self.limits = limits
        count = bytes.count
        nodeLimit = limits.values
        nodes = JSONIndex(room: min(count / 8 + 8, limits.values))
        names = JSONNameSieve(levels: limits.depth + 1)
        // Safe: the count was checked.
        if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { at = 3 }
    }

    /// An array or object that is not closed yet.
    private struct Frame {
        let node: Int
        let isObject: Bool
        var count: UInt32 = 0
        /// Of an object: the name that its twin has next, below `twinEnd`. Of an array: the next element's twin, or 0.
        var twin = 0
        var twinEnd = 0
    }

    /// Reads the value at `at`, which lies within `depth` arrays and objects, and leaves `at` behind it.
    ///
    /// `twin` is the node of an earlier value, or 0. Lists repeat the same names in the same order, so that each object's
    /// names are first compared with those of its twin; where they differ nothing but time is lost.
    mutating func value(within depth: Int, like twin: Int = 0) throws(JSONFault) {
        var outer = self.outer
        self.outer = []
        outer.removeAll(keepingCapacity: true)
        at = try value(from: at, within: depth, like: twin, &outer)
        self.outer = outer
    }

    /// Gives the place behind the value. The scanner stays as it is and the place is a local one: so both stay in registers.
    ///
    /// `outer` are the arrays and objects around the one that is read.
    private func value(from start: Int, within depth: Int, like twin: Int, _ outer: inout [Frame]) throws(JSONFault) -> Int {
        var at = start
        var twin = twin
        var frame = Frame(node: -1, isObject: false)
        var isInside = false
        while true {
            // A value begins here.
            if isInside, !frame.isObject { (twin, frame.twin) = (frame.twin, nodes.count) }
            switch try byteAfterSpace(&at) {
            case JSONByte.quote:
                let start = at
                let holdsEscape = try text(&at)
                try write(start, at, link: nodes.count &+ 1, count: holdsEscape ? 1 : 0)
            case JSONByte.openBrace, JSONByte.openBracket:
                let level = depth &+ outer.count &+ (isInside ? 2 : 1)
                guard level <= limits.depth else { throw .depth(at: at, limit: limits.depth) }
                if isInside { outer.append(frame) }
                frame = Frame(node: nodes.count, isObject: base[at] == JSONByte.openBrace)  // Safe: at was read above.
                isInside = true
                if twin > 0, base[Int(nodes[twin].start)] == base[at] {  // Safe: a node's start is inside.
                    let end = Int(nodes[twin].link)
                    if twin &+ 1 < end { (frame.twin, frame.twinEnd) = (twin &+ 1, end) }  // else it is empty
                }
                try write(at, 0, link: 0, count: 0)
                at &+= 1
                let first = try byteAfterSpace(&at)
                if first == (frame.isObject ? JSONByte.closeBrace : JSONByte.closeBracket) { break }
                frame.count = 1
                if frame.isObject {
                    names.clear(level)
                    twin = try name(first, &at, of: &frame, level)
                }
                continue
            case JSONByte.t: try literal("true", &at)
            case JSONByte.f: try literal("false", &at)
            case JSONByte.n: try literal("null", &at)
            case JSONByte.minus, JSONByte.zero...JSONByte.nine: try number(&at)
            default: throw .unexpected(at: at)
            }
            // A value has ended, or an empty array or object is about to.
            while true {
                guard isInside else { return at }
                let next = try byteAfterSpace(&at)
                if next == JSONByte.comma {
                    at &+= 1
                    frame.count &+= 1
                    if frame.isObject {
                        guard frame.count <= limits.members else { throw .members(at: at, limit: limits.members) }
                        twin = try name(try byteAfterSpace(&at), &at, of: &frame, depth &+ outer.count &+ 1)
                    }
                    break
                }
                guard next == (frame.isObject ? JSONByte.closeBrace : JSONByte.closeBracket) else {
                    throw .unexpected(at: at)
                }
                at &+= 1
                if frame.isObject, frame.count > JSONNameSieve.few { try checkManyNames(frame.count, of: frame.node) }
                nodes.close(frame.node, end: UInt32(truncatingIfNeeded: at), count: frame.count)
                if let last = outer.popLast() { frame = last } else { isInside = false }
            }
        }
    }

    /// Reads the name of the member that its object's count was raised for, and the colon after it. Gives the node of the
    /// value that the object's twin has under that name, or 0.
    @inline(__always)
    private func name(_ first: UInt8, _ at: inout Int, of object: inout Frame, _ level: Int) throws(JSONFault) -> Int {
        guard first == JSONByte.quote else { throw .unexpected(at: at) }
        let start = at
        let node = nodes.count
        var twin = 0
        if object.twin < object.twinEnd, isText(at, of: object.twin) {
            let known = nodes[object.twin]
            at &+= Int(known.end &- known.start)
            try write(start, at, link: Int(known.link), count: known.count)
            twin = object.twin &+ 1
            object.twin = Int(nodes[twin].link)
        } else {
            let holdsEscape = try text(&at)
            // Safe: the text lies inside the bytes.
            let raw = UnsafeBufferPointer(start: base + (start &+ 1), count: at &- start &- 2)
            let hash = holdsEscape ? escapedHash(raw) : JSONText.hash(raw)
            try write(start, at, link: Int(hash), count: holdsEscape ? 1 : 0)
        }
        if names.insert(nodes[node].link, level), object.count <= JSONNameSieve.few {
            try checkName(node, nodes[node].link, of: object.node)
        }
        guard try byteAfterSpace(&at) == JSONByte.colon else { throw .unexpected(at: at) }
        at &+= 1
        return twin
    }

    /// Whether the bytes at `here` are those of the name at the node `key`, quotes included. Near the end it may say no.
    @inline(__always)
    private func isText(_ here: Int, of key: Int) -> Bool {
        let start = Int(nodes[key].start)
        let length = Int(nodes[key].end) &- start
        guard here &+ length &+ 8 <= count else { return false }
        var done = 0
        while done < length {
            // Safe: eight bytes behind the name's are still inside, and the other name stands before it.
            let difference = word(here &+ done) ^ word(start &+ done)
            let left = length &- done
            if left < 8 { return difference &<< UInt64(truncatingIfNeeded: 64 &- 8 &* left) == 0 }
            guard difference == 0 else { return false }
            done &+= 8
        }
        return true
    }

    @inline(__always)
    private func word(_ here: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(base + here).loadUnaligned(as: UInt64.self))
    }

    /// The byte at `at` once white space is skipped.
    @inline(__always)
    private func byteAfterSpace(_ at: inout Int) throws(JSONFault) -> UInt8 {
        while at < count {
            let byte = base[at]  // Safe: at is below count.
            if byte > 0x20 { return byte }
            guard JSONByte.isSpace(byte) else { throw .unexpected(at: at) }
            at &+= 1
        }
        throw .truncated(at: count)
    }

    /// The byte at `at` once white space is skipped.
    mutating func byteAfterSpace() throws(JSONFault) -> UInt8 { try byteAfterSpace(&at) }

    /// Checks that nothing but white space follows.
    mutating func end() throws(JSONFault) {
        while at < count {
            guard JSONByte.isSpace(base[at]) else { throw .trailing(at: at) }  // Safe: at is below count.
            at += 1
        }
    }

    @inline(__always)
    func write(_ start: Int, _ end: Int, link: Int, count: UInt32) throws(JSONFault) {
        guard nodes.count < nodeLimit else { throw .values(at: max(start, end), limit: nodeLimit) }
        nodes.append(
            JSONNode(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
                link: UInt32(truncatingIfNeeded: link), count: count))
    }

    @inline(__always)
    private func literal(_ word: StaticString, _ at: inout Int) throws(JSONFault) {
        let start = at
        for i in 0..<word.utf8CodeUnitCount {
            guard at < count else { throw .truncated(at: count) }
            // Safe: at is below count, i below the length of the word.
            guard base[at] == word.utf8Start[i] else { throw .unexpected(at: at) }
            at &+= 1
        }
        try write(start, at, link: nodes.count &+ 1, count: 0)
    }

    @inline(__always)
    private func number(_ at: inout Int) throws(JSONFault) {
        let start = at
        if base[at] == JSONByte.minus { at &+= 1 }  // Safe: the caller read the byte at `at`.
        if try byteInNumber(at) == JSONByte.zero { at &+= 1 } else { try digits(&at) }
        if at < count, base[at] == JSONByte.point {
            at &+= 1
            try digits(&at)
        }
        if at < count, base[at] | 0x20 == JSONByte.e {
            at &+= 1
            let sign = try byteInNumber(at)
            if sign == JSONByte.plus || sign == JSONByte.minus { at &+= 1 }
            try digits(&at)
        }
        guard at &- start <= limits.stringBytes else { throw .stringSize(at: start, limit: limits.stringBytes) }
        try write(start, at, link: nodes.count &+ 1, count: 0)
    }

    /// Reads one digit or more.
    @inline(__always)
    private func digits(_ at: inout Int) throws(JSONFault) {
        guard try byteInNumber(at) &- JSONByte.zero <= 9 else { throw .number(at: at) }
        while at < count, base[at] &- JSONByte.zero <= 9 { at &+= 1 }  // Safe: at is below count.
    }

    @inline(__always)
    private func byteInNumber(_ at: Int) throws(JSONFault) -> UInt8 {
        guard at < count else { throw .truncated(at: count) }
        return base[at]  // Safe: at is below count.
    }
}

/// The bytes that JSON gives a meaning.
enum JSONByte {
    static var quote: UInt8 { 0x22 }
    static var plus: UInt8 { 0x2B }
    static var comma: UInt8 { 0x2C }
    static var minus: UInt8 { 0x2D }
    static var point: UInt8 { 0x2E }
    static var zero: UInt8 { 0x30 }
    static var nine: UInt8 { 0x39 }
    static var colon: UInt8 { 0x3A }
    static var openBracket: UInt8 { 0x5B }
    static var backslash: UInt8 { 0x5C }
    static var closeBracket: UInt8 { 0x5D }
    static var e: UInt8 { 0x65 }
    static var f: UInt8 { 0x66 }
    static var n: UInt8 { 0x6E }
    static var t: UInt8 { 0x74 }
    static var u: UInt8 { 0x75 }
    static var openBrace: UInt8 { 0x7B }
    static var closeBrace: UInt8 { 0x7D }

    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
