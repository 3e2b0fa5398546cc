import CLibc

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

    /// The text again; nil if they are not of each other. By whole runs of bytes: a page view waits for it.
    static func text(shape: [UInt8], values: [UInt8]) -> [UInt8]? {
        var fits = false
        let text = [UInt8](unsafeUninitializedCapacity: shape.count + values.count) { text, count in
            // Safe: each byte of either goes into the text at most once, so that there is room for all.
            shape.withUnsafeBytes { shape in
                values.withUnsafeBytes { values in
                    var (names, lines) = (Runs(of: shape, by: gap), Runs(of: values, by: end))
                    while let run = names.next() {
                        count += append(run, to: text, at: count)
                        guard !names.isAtEnd else { break }
                        guard let value = lines.next(), !lines.isAtEnd else { return }
                        count += append(value, to: text, at: count)
                    }
                    fits = lines.next()?.isEmpty == true && lines.isAtEnd
                }
            }
        }
        return fits ? text : nil
    }

    private static func append(_ run: UnsafeRawBufferPointer, to text: UnsafeMutableBufferPointer<UInt8>, at place: Int) -> Int {
        // Safe: the caller has room for it.
        if let from = run.baseAddress, let start = text.baseAddress { memcpy(start + place, from, run.count) }
        return run.count
    }

    /// The runs between the bytes of one kind: one more than there are of these. Only while its bytes are held.
    private struct Runs {
        private var rest: UnsafeRawBufferPointer
        private let mark: UInt8
        /// The last run was given.
        private(set) var isAtEnd = false

        init(of bytes: UnsafeRawBufferPointer, by mark: UInt8) { (rest, self.mark) = (bytes, mark) }

        mutating func next() -> UnsafeRawBufferPointer? {
            guard !isAtEnd else { return nil }
            guard let start = rest.baseAddress, let found = memchr(start, Int32(mark), rest.count) else {
                isAtEnd = true
                return rest
            }
            // Safe: what was found lies in the rest.
            let length = start.distance(to: UnsafeRawPointer(found))
            defer { rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...]) }
            return UnsafeRawBufferPointer(rebasing: rest[..<length])
        }
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
