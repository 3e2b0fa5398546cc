/// Writes JSON front to back, without white space. Commas are its business; what opens must be closed by the caller.
///
/// Invariant: `bytes` is UTF-8 and, once everything is closed, one JSON value.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    /// Something stands before the next value on its level.
    private var needsComma = false

    init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func beginObject() { open(JSONByte.openBrace) }
    mutating func endObject() { close(JSONByte.closeBrace) }
    mutating func beginArray() { open(JSONByte.openBracket) }
    mutating func endArray() { close(JSONByte.closeBracket) }

    mutating func key(_ name: String) {
        string(name)
        bytes.append(JSONByte.colon)
        needsComma = false
    }

    mutating func string(_ text: String) {
        comma()
        var text = text
        text.withUTF8 { quote($0) }
    }

    mutating func integer(_ value: Int64) { write("\(value)") }
    mutating func integer(_ value: Int) { write("\(value)") }
    mutating func bool(_ value: Bool) { write(value ? "true" : "false") }
    mutating func null() { write("null") }

    /// Writes a number as it is spelled. Text that is no JSON number is written as a string.
    mutating func number(text: String) {
        if JSONNumber(text.utf8) != nil { write(text) } else { string(text) }
    }

    /// Writes JSON that was read before, byte for byte.
    mutating func raw(_ json: ArraySlice<UInt8>) {
        comma()
        bytes.append(contentsOf: json)
    }

    mutating func raw(_ json: [UInt8]) { raw(json[...]) }

    /// Writes a value of a document, byte for byte.
    mutating func value(_ value: JSONValue) { raw(value.raw) }

    private mutating func open(_ bracket: UInt8) {
        comma()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func write(_ word: String) {
        comma()
        bytes.append(contentsOf: word.utf8)
    }

    private mutating func comma() {
        if needsComma { bytes.append(JSONByte.comma) }
        needsComma = true
    }

    /// Escapes what must be escaped: the quote, the backslash and control bytes.
    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(JSONByte.quote)
        for byte in text {
            switch byte {
            case JSONByte.quote, JSONByte.backslash: escape(byte)
            case 0x08: escape(0x62)
            case 0x09: escape(0x74)
            case 0x0A: escape(0x6E)
            case 0x0C: escape(0x66)
            case 0x0D: escape(0x72)
            case 0..<0x20:
                escape(JSONByte.u)
                bytes.append(contentsOf: [JSONByte.zero, JSONByte.zero, JSONByte.zero + (byte >> 4)])
                bytes.append((byte & 15) < 10 ? JSONByte.zero + (byte & 15) : 0x61 + (byte & 15) - 10)
            default: bytes.append(byte)
            }
        }
        bytes.append(JSONByte.quote)
    }

    private mutating func escape(_ letter: UInt8) {
        bytes.append(JSONByte.backslash)
        bytes.append(letter)
    }
}

/// Members in one line.
extension JSONWriter {
    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(_ name: String, orNull value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    mutating func member(_ name: String, _ value: Int64) {
        key(name)
        integer(value)
    }

    mutating func member(_ name: String, _ value: Int) {
        key(name)
        integer(value)
    }

    mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        self.value(value)
    }

    mutating func member(_ name: String, number text: String) {
        key(name)
        number(text: text)
    }

    mutating func member(_ name: String, raw json: [UInt8]) {
        key(name)
        raw(json)
    }
}
