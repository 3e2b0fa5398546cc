/// Reads JSON values strictly and writes their nodes, without recursion.
///
/// Invariant: `at` is never beyond `count`, and no byte at or beyond `count` is read. The borrowed bytes outlive it.
struct JSONScanner {
    let base: UnsafePointer<UInt8>
    let count: Int
    let limits: JSONLimits
    var at = 0
    var nodes: [JSONNode] = []
    /// The most nodes that may be written; a page raises it record by record.
    var nodeLimit: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(JSONFault) {
        guard bytes.count <= limits.bytes else { throw .size(found: bytes.count, limit: limits.bytes) }
        guard let base = bytes.baseAddress else { throw .truncated(at: 0) }
        self.base = base
        self.limits = limits
        count = bytes.count
        nodeLimit = limits.values
        nodes.reserveCapacity(min(count / 16 + 8, limits.values))
        // Safe: the count was checked.
        if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { at = 3 }
    }

    /// An array or object that is not closed yet.
    private struct Frame {
        let node: Int
        let isObject: Bool
        var count: UInt32 = 0
        var names = JSONNameFilter()
    }

    /// Reads the value at `at`, which lies within `depth` arrays and objects, and leaves `at` behind it.
    mutating func value(within depth: Int) throws(JSONFault) {
        var outer: [Frame] = []  // around `frame`
        var frame = Frame(node: -1, isObject: false)
        var isInside = false
        while true {
            // A value begins here.
            switch try byteAfterSpace() {
            case JSONByte.quote:
                try string()
            case JSONByte.openBrace, JSONByte.openBracket:
                guard depth + outer.count + (isInside ? 2 : 1) <= limits.depth else {
                    throw .depth(at: at, limit: limits.depth)
                }
                if isInside { outer.append(frame) }
                frame = Frame(node: nodes.count, isObject: base[at] == JSONByte.openBrace)  // Safe: at was read above.
                isInside = true
                try write(JSONNode(start: UInt32(truncatingIfNeeded: at), end: 0, link: 0, count: 0))
                at += 1
                let first = try byteAfterSpace()
                if first == (frame.isObject ? JSONByte.closeBrace : JSONByte.closeBracket) { break }
                frame.count = 1
                if frame.isObject { try name(first, of: &frame.names, in: frame.node) }
                continue
            case JSONByte.t: try literal("true")
            case JSONByte.f: try literal("false")
            case JSONByte.n: try literal("null")
            case JSONByte.minus, JSONByte.zero...JSONByte.nine: try number()
            default: throw .unexpected(at: at)
            }
            // A value has ended, or an empty array or object is about to.
            while true {
                guard isInside else { return }
                let next = try byteAfterSpace()
                if next == JSONByte.comma {
                    at += 1
                    frame.count &+= 1
                    if frame.isObject {
                        guard frame.count <= limits.members else { throw .members(at: at, limit: limits.members) }
                        try name(try byteAfterSpace(), of: &frame.names, in: frame.node)
                    }
                    break
                }
                guard next == (frame.isObject ? JSONByte.closeBrace : JSONByte.closeBracket) else {
                    throw .unexpected(at: at)
                }
                at += 1
                if frame.isObject { try checkManyNames(frame.names, of: frame.node) }
                nodes[frame.node].end = UInt32(truncatingIfNeeded: at)
                nodes[frame.node].link = UInt32(truncatingIfNeeded: nodes.count)
                nodes[frame.node].count = frame.count
                if let last = outer.popLast() { frame = last } else { isInside = false }
            }
        }
    }

    /// Reads the name of a member and the colon after it.
    private mutating func name(
        _ first: UInt8, of names: inout JSONNameFilter, in object: Int
    ) throws(JSONFault) {
        guard first == JSONByte.quote else { throw .unexpected(at: at) }
        let node = nodes.count
        try string()
        try admit(name: node, to: &names, of: object)
        guard try byteAfterSpace() == JSONByte.colon else { throw .unexpected(at: at) }
        at += 1
    }

    /// The byte at `at` once white space is skipped.
    @inline(__always)
    mutating func byteAfterSpace() throws(JSONFault) -> UInt8 {
        while at < count {
            let byte = base[at]  // Safe: at is below count.
            if byte > 0x20 { return byte }
            guard JSONByte.isSpace(byte) else { throw .unexpected(at: at) }
            at += 1
        }
        throw .truncated(at: count)
    }

    /// Checks that nothing but white space follows.
    mutating func end() throws(JSONFault) {
        while at < count {
            guard JSONByte.isSpace(base[at]) else { throw .trailing(at: at) }  // Safe: at is below count.
            at += 1
        }
    }

    @inline(__always)
    mutating func write(_ node: JSONNode) throws(JSONFault) {
        guard nodes.count < nodeLimit else { throw .values(at: at, limit: nodeLimit) }
        nodes.append(node)
    }

    private mutating func literal(_ word: StaticString) throws(JSONFault) {
        let start = at
        for i in 0..<word.utf8CodeUnitCount {
            guard at < count else { throw .truncated(at: count) }
            // Safe: at is below count, i below the length of the word.
            guard base[at] == word.utf8Start[i] else { throw .unexpected(at: at) }
            at += 1
        }
        try leaf(from: start)
    }

    private mutating func number() throws(JSONFault) {
        let start = at
        if base[at] == JSONByte.minus { at += 1 }  // Safe: the caller read the byte at `at`.
        if try byteInNumber() == JSONByte.zero { at += 1 } else { try digits() }
        if at < count, base[at] == JSONByte.point {
            at += 1
            try digits()
        }
        if at < count, base[at] | 0x20 == JSONByte.e {
            at += 1
            let sign = try byteInNumber()
            if sign == JSONByte.plus || sign == JSONByte.minus { at += 1 }
            try digits()
        }
        guard at - start <= limits.stringBytes else { throw .stringSize(at: start, limit: limits.stringBytes) }
        try leaf(from: start)
    }

    /// Reads one digit or more.
    private mutating func digits() throws(JSONFault) {
        guard try byteInNumber() &- JSONByte.zero <= 9 else { throw .number(at: at) }
        while at < count, base[at] &- JSONByte.zero <= 9 { at += 1 }  // Safe: at is below count.
    }

    private func byteInNumber() throws(JSONFault) -> UInt8 {
        guard at < count else { throw .truncated(at: count) }
        return base[at]  // Safe: at is below count.
    }

    private mutating func leaf(from start: Int) throws(JSONFault) {
        try write(
            JSONNode(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at),
                link: UInt32(truncatingIfNeeded: nodes.count &+ 1), count: 0))
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
