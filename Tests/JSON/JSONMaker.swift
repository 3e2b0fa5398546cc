/// Makes JSON documents from a seed, in every spelling the standard allows, and spoils them.
struct JSONMaker {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func document() -> [UInt8] {
        var bytes: [UInt8] = []
        space(&bytes)
        value(&bytes, depth: 0)
        space(&bytes)
        return bytes
    }

    /// The document with one to three bytes changed, dropped, doubled or put in, or its end cut off.
    mutating func spoilt(_ document: [UInt8]) -> [UInt8] {
        var bytes = document
        for _ in 0...below(3) where !bytes.isEmpty {
            let at = below(bytes.count)
            switch below(6) {
            case 0: bytes[at] = UInt8(below(256))
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(bytes[at], at: at)
            case 3: bytes.insert(pick(Array("{}[]\",:\\0123456789eE+-.truefalsn /\u{1}".utf8)), at: at)
            case 4:
                bytes.insert(
                    contentsOf: pick([[0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0]]), at: at)
            default:
                if below(4) == 0 { bytes.removeLast(bytes.count - at) } else { bytes.swapAt(at, below(bytes.count)) }
            }
        }
        return bytes
    }

    private mutating func value(_ bytes: inout [UInt8], depth: Int) {
        switch below(depth > 5 ? 7 : 11) {
        case 0: bytes += "null".utf8
        case 1: bytes += "true".utf8
        case 2: bytes += "false".utf8
        case 3, 4: number(&bytes)
        case 5, 6: text(&bytes)
        case 7, 8:
            list(&bytes, open: 0x5B, close: 0x5D, count: below(5)) { maker, bytes, _ in
                maker.value(&bytes, depth: depth + 1)
            }
        default:
            list(&bytes, open: 0x7B, close: 0x7D, count: below(below(40) == 0 ? 90 : 6)) { maker, bytes, index in
                maker.name(index, &bytes)
                maker.space(&bytes)
                bytes.append(0x3A)
                maker.space(&bytes)
                maker.value(&bytes, depth: depth + 1)
            }
        }
    }

    private mutating func list(
        _ bytes: inout [UInt8], open: UInt8, close: UInt8, count: Int,
        _ body: (inout JSONMaker, inout [UInt8], Int) -> Void
    ) {
        bytes.append(open)
        space(&bytes)
        for index in 0..<count {
            if index > 0 {
                bytes.append(0x2C)
                space(&bytes)
            }
            body(&self, &bytes, index)
            space(&bytes)
        }
        bytes.append(close)
    }

    private mutating func name(_ index: Int, _ bytes: inout [UInt8]) {
        bytes.append(0x22)
        bytes += pick(["a", "id", "\\u0062", "é", "\\ud83d\\ude00", "a long name of many bytes "]).utf8
        bytes += "\(index)\"".utf8
    }

    private mutating func text(_ bytes: inout [UInt8]) {
        bytes.append(0x22)
        for _ in 0..<below(20) {
            switch below(12) {
            case 0: bytes += pick(["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"]).utf8
            case 1: bytes += pick(["\\u0041", "\\u00E9", "\\u20ac", "\\uD83D\\uDe00", "\\u0001", "\\uFFFF"]).utf8
            case 2:
                bytes +=
                    pick(["é", "€", "😀", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{7F}"]).utf8
            case 3: bytes += pick(["[", "]", "{", "}", ",", ":", "/", "'"]).utf8
            default: bytes += pick(["x", "word ", "0", "some longer run of text"]).utf8
            }
        }
        bytes.append(0x22)
    }

    private mutating func number(_ bytes: inout [UInt8]) {
        if below(3) == 0 { bytes.append(0x2D) }
        bytes += "\(below(4) == 0 ? 0 : below(1 << 53))".utf8
        if below(3) == 0 { bytes += ".\(below(10_000))".utf8 }
        if below(5) == 0 { bytes += (pick(["e", "E", "e+", "E-"]) + "\(below(200))").utf8 }
    }

    private mutating func space(_ bytes: inout [UInt8]) {
        if below(5) == 0 { bytes += pick([" ", "\n", "\t", "\r\n", "    "]).utf8 }
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    private mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(truncatingIfNeeded: state >> 1) % bound
    }
}
