/// Where in a JSON text a byte stands, for a person who has to find it.
enum JSONPlace {
    /// Deeper than any text that is read; beyond it no path is told.
    private static let mostLevels = 1024

    /// An array or object that is open.
    private struct Level {
        let isObject: Bool
        var index = 0
        /// The name that was read last, without its quotes.
        var name: Range<Int>?
        /// A name stands next, not a value.
        var awaitsName: Bool

        init(isObject: Bool) {
            self.isObject = isObject
            awaitsName = isObject
        }
    }

    /// The JSON pointer of the value in which the byte at `offset` stands, or whose name begins there; of a byte inside a
    /// name, that of the object. Empty for the whole text.
    ///
    /// Before `offset` the text is sound JSON; if it is not, the path is a guess.
    static func path(of offset: Int, in bytes: [UInt8]) -> String {
        var levels: [Level] = []
        var at = 0
        while at < min(offset, bytes.count) {
            switch bytes[at] {  // Safe: at is below the count, here and below.
            case JSONByte.quote:
                let start = at + 1
                at = closingQuote(from: start, bytes)
                guard at < offset else { return pointer(levels, bytes) }
                if let last = levels.indices.last, levels[last].awaitsName {
                    levels[last].name = start..<at
                    levels[last].awaitsName = false
                }
            case JSONByte.openBrace, JSONByte.openBracket:
                guard levels.count < mostLevels else { return "" }
                levels.append(Level(isObject: bytes[at] == JSONByte.openBrace))
            case JSONByte.closeBrace, JSONByte.closeBracket:
                _ = levels.popLast()
            case JSONByte.comma:
                guard let last = levels.indices.last else { break }
                levels[last].index += 1
                levels[last].name = nil
                levels[last].awaitsName = levels[last].isObject
            default: break
            }
            at += 1
        }
        if let last = levels.indices.last, levels[last].awaitsName, at < bytes.count, bytes[at] == JSONByte.quote {
            levels[last].name = at + 1..<closingQuote(from: at + 1, bytes)
        }
        return pointer(levels, bytes)
    }

    /// The quote that ends the text which begins at `start`; the count if there is none.
    private static func closingQuote(from start: Int, _ bytes: [UInt8]) -> Int {
        var at = start
        while at < bytes.count, bytes[at] != JSONByte.quote { at += bytes[at] == JSONByte.backslash ? 2 : 1 }
        return min(at, bytes.count)
    }

    private static func pointer(_ levels: [Level], _ bytes: [UInt8]) -> String {
        var path = ""
        for level in levels {
            if !level.isObject {
                path += "/\(level.index)"
            } else if let name = level.name {
                var text: [UInt8] = []
                // Safe: a name lies inside the bytes.
                bytes.withUnsafeBufferPointer { JSONText.unescape(UnsafeBufferPointer(rebasing: $0[name]), into: &text) }
                path += "/" + Fault.pointerToken(String(decoding: text, as: UTF8.self))
            }
        }
        return path
    }
}
