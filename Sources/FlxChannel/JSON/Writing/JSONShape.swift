/// A JSON text apart: its shape, which many records share, and its values.
///
/// The shape is the text with a zero byte for each scalar value; names and blanks stay in it. The values are their own bytes, one
/// a line: a scalar has neither zero byte nor line break in its text. Both together are the text again, byte for byte.
struct JSONShape {
    private(set) var shape: [UInt8] = []
    private(set) var values: [UInt8] = []

    private static let gap: UInt8 = 0
    private static let end = UInt8(ascii: "\n")

    /// - Parameter text: JSON that was read before; of anything else the two parts may not give it back.
    init(_ text: [UInt8]) {
        shape.reserveCapacity(text.count)
        values.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "\""):
                let string = JSONShape.string(rest)
                rest = rest[string.endIndex...]
                if rest.first(where: { !JSONShape.isBlank($0) }) == UInt8(ascii: ":") { shape += string } else { put(string) }
            case _ where JSONShape.isStructure(byte):
                shape.append(byte)
                rest = rest.dropFirst()
            default:
                let scalar = rest.prefix { !JSONShape.isStructure($0) && $0 != UInt8(ascii: "\"") }
                rest = rest[scalar.endIndex...]
                put(scalar)
            }
        }
    }

    private mutating func put(_ value: ArraySlice<UInt8>) {
        shape.append(JSONShape.gap)
        values += value
        values.append(JSONShape.end)
    }

    /// The text again; nil if they are not of each other.
    static func text(shape: [UInt8], values: [UInt8]) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(shape.count + values.count)
        var rest = values[...]
        for byte in shape {
            guard byte == gap else {
                text.append(byte)
                continue
            }
            guard let end = rest.firstIndex(of: JSONShape.end) else { return nil }
            text += rest[..<end]
            rest = rest[(end + 1)...]
        }
        return rest.isEmpty ? text : nil
    }

    /// A string with its quotes, from the first byte of `text` on.
    private static func string(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var isEscaped = false
        for place in text.indices.dropFirst() {
            let byte = text[place]
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                return text[...place]
            }
        }
        return text
    }

    private static func isStructure(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"): true
        default: isBlank(byte)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
    }
}
