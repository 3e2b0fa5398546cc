/// Why a text is not JSON, with the byte where reading stopped. It never shows the text: that may name a buyer.
struct JSONFault: Error, Equatable {
    let reason: String
    let offset: Int
}

/// Reads one JSON document (RFC 8259) of bounded depth.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private static let deepest = 128

    static func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSON {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw parser.fault("there is text after the end") }
        return value
    }

    /// The elements of a list as they stand there, byte for byte.
    static func elements(of bytes: [UInt8]) throws(JSONFault) -> [ArraySlice<UInt8>] {
        var parser = JSONParser(bytes: bytes)
        var elements: [ArraySlice<UInt8>] = []
        parser.skipBlanks()
        guard parser.take("[") else { throw parser.fault("it is no list") }
        parser.skipBlanks()
        if parser.take("]") { return [] }
        while true {
            parser.skipBlanks()
            let start = parser.position
            _ = try parser.value(depth: 1)
            elements.append(bytes[start..<parser.position])
            parser.skipBlanks()
            if parser.take("]") { return elements }
            guard parser.take(",") else { throw parser.fault("a comma or the end of a list is missing") }
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSON {
        guard depth < JSONParser.deepest else { throw fault("it is nested too deeply") }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw fault("it ends early")
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws(JSONFault) -> JSON {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("there is a bare word") }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSON {
        position += 1
        var members: [JSON.Member] = []
        skipBlanks()
        if take("}") { return .object([]) }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw fault("a member has no name") }
            let key = try text()
            skipBlanks()
            guard take(":") else { throw fault("a colon is missing") }
            members.append(JSON.Member(key: key, value: try value(depth: depth + 1)))
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("a comma or the end of an object is missing") }
        }
    }

    private mutating func list(depth: Int) throws(JSONFault) -> JSON {
        position += 1
        var elements: [JSON] = []
        skipBlanks()
        if take("]") { return .list([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return .list(elements) }
            guard take(",") else { throw fault("a comma or the end of a list is missing") }
        }
    }

    private mutating func number() throws(JSONFault) -> JSON {
        let start = position
        _ = take("-")
        if !take("0") { guard digits() > 0 else { throw fault("there is a bare word") } }
        if take(".") { guard digits() > 0 else { throw fault("a number has no decimals") } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw fault("a number has no exponent") }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    // MARK: text

    private mutating func text() throws(JSONFault) -> String {
        position += 1
        var plain: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: plain, as: UTF8.self) else { throw fault("a text is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(to: &plain)
            case 0..<0x20: throw fault("a text has a control character")
            default: plain.append(byte)
            }
        }
        throw fault("a text has no end")
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt8(ascii: "/"),
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]

    private mutating func escape(to plain: inout [UInt8]) throws(JSONFault) {
        guard let byte = next else { throw fault("a text has no end") }
        position += 1
        if let character = JSONParser.escapes[byte] { return plain.append(character) }
        guard byte == UInt8(ascii: "u") else { throw fault("there is no such escape") }
        var code = try hexCode()
        if (0xD800..<0xDC00).contains(code) {
            guard take("\\"), take("u") else { throw fault("half of a surrogate pair is missing") }
            let low = try hexCode()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair is missing") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair is missing") }
        plain.append(contentsOf: String(Character(scalar)).utf8)
    }

    private mutating func hexCode() throws(JSONFault) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw fault("an escape has no four digits") }
        position += 4
        return code
    }
}
