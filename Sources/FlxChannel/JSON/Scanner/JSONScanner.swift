/// Reads JSON values strictly and writes their nodes, without recursion.
///
/// Invariant: `at` is never beyond `count`, and no byte at or beyond `count` is read. The borrowed bytes outlive it.
struct JSONScanner {
    let base: UnsafePointer<UInt8>
    let count: Int
    let limits: JSONLimits
    var at = 0
    let nodes: JSONIndex
    let names: JSONNameSieve
    let key: HashKey
    private let frames: JSONFrames
    /// The most nodes that may be written; a page raises it record by record.
    var nodeLimit: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits, key: HashKey = .ours) throws(JSONFault) {
        guard bytes.count <= limits.bytes else { throw .size(found: bytes.count, limit: limits.bytes) }
        guard let base = bytes.baseAddress else { throw .truncated(at: 0) }
        self.base = base
        self.limits = limits
        self.key = key
        count = bytes.count
        nodeLimit = limits.values
        nodes = try JSONIndex(room: min(count / 8 + 8, limits.values))
        let levels = min(limits.depth, count) + 1  // each takes a byte to open
        names = JSONNameSieve(levels: levels)
        frames = JSONFrames(levels: levels)
        // Safe: the count was checked.
        if count >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { at = 3 }
    }

    /// Reads the value at `at`, which lies within `depth` arrays and objects, and leaves `at` behind it.
    ///
    /// `twin` is the node of an earlier value, or 0. Lists repeat the same names in the same order, so that each object's
    /// names are first compared with those of its twin; where they differ nothing but time is lost.
    mutating func value(within depth: Int, like twin: Int = 0) throws(JSONFault) {
        at = try value(from: at, within: depth, like: twin)
    }

    /// Gives the place behind the value. The scanner stays as it is; place and tape are local, so that they stay in registers.
    private func value(from start: Int, within depth: Int, like twin: Int) throws(JSONFault) -> Int {
        var at = start
        var twin = twin
        var tape = nodes.tape(limit: nodeLimit)
        defer { nodes.take(tape) }
        let most = UInt32(clamping: limits.members)
        var level = depth  // of the innermost array or object, `frame`
        var frame = JSONFrame()
        while true {
            // A value begins here, or the name before it.
            if frame.isObject {
                twin = try name(&at, of: &frame, level, &tape)
            } else if level > depth {
                (twin, frame.twin) = (frame.twin, tape.count)
            }
            switch try byteAfterSpace(&at) {
            case JSONByte.quote:
                let start = at
                let holdsEscape = try text(&at)
                try write(start, at, link: tape.count &+ 1, count: holdsEscape ? 1 : 0, &tape)
            case JSONByte.openBrace, JSONByte.openBracket:
                guard level < limits.depth else { throw .depth(at: at, limit: limits.depth) }
                if level > depth { frames[level] = frame }
                level &+= 1
                frame = JSONFrame(node: tape.count, isObject: base[at] == JSONByte.openBrace)  // Safe: at was read above.
                if twin > 0, base[Int(tape[twin].start)] == base[at] {  // Safe: a node's start is inside.
                    let end = Int(tape[twin].link)
                    if twin &+ 1 < end { (frame.twin, frame.twinEnd) = (twin &+ 1, end) }  // else it is empty
                }
                try write(at, 0, link: 0, count: 0, &tape)
                at &+= 1
                let first = try byteAfterSpace(&at)
                if first == (frame.isObject ? JSONByte.closeBrace : JSONByte.closeBracket) { break }
                frame.count = 1
                frame.isLikeTwin = frame.twin < frame.twinEnd
                if frame.isObject, !frame.isLikeTwin { names.clear(level) }
                continue
            case JSONByte.t: try literal("true", &at, &tape)
            case JSONByte.f: try literal("false", &at, &tape)
            case JSONByte.n: try literal("null", &at, &tape)
            case JSONByte.minus, JSONByte.zero...JSONByte.nine: try number(&at, &tape)
            default: throw .unexpected(at: at)
            }
            // A value has ended, or an empty array or object is about to.
            while true {
                guard level > depth else { return at }
                let next = try byteAfterSpace(&at)
                if next == JSONByte.comma {
                    at &+= 1
                    frame.count &+= 1
                    if frame.count > most, frame.isObject || level > 1 { throw .members(at: at, limit: limits.members) }
                    break
                }
                guard next == (frame.isObject ? JSONByte.closeBrace : JSONByte.closeBracket) else {
                    throw .unexpected(at: at)
                }
                at &+= 1
                if frame.count > JSONNameSieve.few, frame.isObject, !frame.isLikeTwin {
                    try checkManyNames(frame.count, of: frame.node, tape)
                }
                tape.close(frame.node, end: at, members: frame.count)
                level &-= 1
                if level > depth { frame = frames[level] }
            }
        }
    }

    /// Reads the name of the member that its object's count was raised for, and the colon after it. Gives the node of the
    /// value that the object's twin has under that name, or 0.
    @inline(__always)
    private func name(
        _ at: inout Int, of object: inout JSONFrame, _ level: Int, _ tape: inout JSONTape
    ) throws(JSONFault) -> Int {
        let first = try byteAfterSpace(&at)
        var twin = 0
        if object.twin < object.twinEnd, let end = endOfText(at, like: tape[object.twin]) {
            let known = tape[object.twin]
            try write(at, end, link: Int(known.link), count: known.count, &tape)
            at = end
            twin = object.twin &+ 1
            object.twin = Int(tape[twin].link)
            if object.isLikeTwin, base[at] == JSONByte.colon {  // Safe: eight bytes behind the name's are inside.
                at &+= 1
                return twin
            }
        } else {
            guard first == JSONByte.quote else { throw .unexpected(at: at) }
            // While an object has the names of its twin, in the same order, no two are the same. From here on they are sieved.
            if object.isLikeTwin { sieveNames(of: object.node, level, tape) }
            object.isLikeTwin = false
            let start = at
            let holdsEscape = try text(&at)
            // Safe: the text lies inside the bytes.
            let raw = UnsafeBufferPointer(start: base + (start &+ 1), count: at &- start &- 2)
            let hash = holdsEscape ? escapedHash(raw) : JSONText.hash(raw, key)
            try write(start, at, link: Int(hash), count: holdsEscape ? 1 : 0, &tape)
        }
        if !object.isLikeTwin {
            let node = tape.count &- 1
            if names.insert(tape[node].link, level), object.count <= JSONNameSieve.few {
                try checkName(node, of: object.node, tape)
            }
        }
        guard try byteAfterSpace(&at) == JSONByte.colon else { throw .unexpected(at: at) }
        at &+= 1
        return twin
    }

    /// One past the text at `here` if it is the same as that of `known`, quotes included. Near the end of the input it may
    /// be nil although it is the same.
    @inline(__always)
    private func endOfText(_ here: Int, like known: JSONNode) -> Int? {
        let start = Int(known.start)
        let length = Int(known.end &- known.start)
        guard here &+ length &+ 8 <= count else { return nil }
        var done = 0
        while done < length {
            // Safe: eight bytes behind the name's are still inside, and the other name stands before it.
            let difference = word(here &+ done) ^ word(start &+ done)
            let left = length &- done
            if left < 8 { return difference &<< UInt64(truncatingIfNeeded: 64 &- 8 &* left) == 0 ? here &+ length : nil }
            guard difference == 0 else { return nil }
            done &+= 8
        }
        return here &+ length
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
    private func write(_ start: Int, _ end: Int, link: Int, count: UInt32, _ tape: inout JSONTape) throws(JSONFault) {
        if tape.isFull { tape = try longer(tape, at: max(start, end)) }
        tape.append(
            JSONNode(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
                link: UInt32(truncatingIfNeeded: link), count: count))
    }

    @inline(never)
    private func longer(_ tape: JSONTape, at: Int) throws(JSONFault) -> JSONTape {
        guard tape.count < nodeLimit else { throw .values(at: at, limit: nodeLimit) }
        nodes.take(tape)
        guard nodes.grow() else { throw .memory(at: at) }
        return nodes.tape(limit: nodeLimit)
    }

    /// Writes a node for all of the input, to be completed when it was read.
    func writeRoot() throws(JSONFault) {
        var tape = nodes.tape(limit: nodeLimit)
        defer { nodes.take(tape) }
        try write(0, 0, link: 0, count: 0, &tape)
    }

    @inline(__always)
    private func literal(_ word: StaticString, _ at: inout Int, _ tape: inout JSONTape) throws(JSONFault) {
        let end = at &+ word.utf8CodeUnitCount
        // Safe: four bytes before `end` are inside, and each word has four or more; the first was looked at already.
        guard end <= count, last4(base + end) == last4(word.utf8Start + word.utf8CodeUnitCount) else { throw wrong(word, at: at) }
        try write(at, end, link: tape.count &+ 1, count: 0, &tape)
        at = end
    }

    @inline(__always)
    private func last4(_ end: UnsafePointer<UInt8>) -> UInt32 {
        UnsafeRawPointer(end - 4).loadUnaligned(as: UInt32.self)
    }

    @inline(never)
    private func wrong(_ word: StaticString, at start: Int) -> JSONFault {
        var at = start
        // Safe: at is below count, at - start below the length of the word.
        while at < count, at - start < word.utf8CodeUnitCount, base[at] == word.utf8Start[at - start] { at += 1 }
        return at < count ? .unexpected(at: at) : .truncated(at: count)
    }

    @inline(__always)
    private func number(_ at: inout Int, _ tape: inout JSONTape) throws(JSONFault) {
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
            let exponent = at
            try digits(&at)
            guard at &- exponent <= JSONLimits.exponentDigits else { throw .numberSize(at: start) }
        }
        guard at &- start <= JSONLimits.numberBytes else { throw .numberSize(at: start) }
        try write(start, at, link: tape.count &+ 1, count: 0, &tape)
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
