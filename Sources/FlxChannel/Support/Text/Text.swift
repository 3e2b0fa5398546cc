/// Words for messages and file names.
enum Text {
    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The mode of a file as `chmod` writes it.
    static func octal(_ mode: UInt32) -> String {
        var digits: [UInt8] = []
        var rest = mode
        while rest > 0 || digits.count < 4 {
            digits.insert(UInt8(ascii: "0") + UInt8(rest & 7), at: 0)
            rest >>= 3
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// What stands between blanks.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        for word in text.utf8.split(separator: UInt8(ascii: " ")) { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    /// Whether two texts of others are the same bytes: `==` of a String takes other spellings of a letter for equal.
    static func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

    /// Whether `text` begins, or ends, with these bytes.
    static func begins(_ text: String, _ part: String) -> Bool { text.utf8.starts(with: part.utf8) }
    static func ends(_ text: String, _ part: String) -> Bool { text.utf8.reversed().starts(with: part.utf8.reversed()) }

    /// Whether `part` stands in `text`, byte for byte.
    static func contains(_ text: String, _ part: String) -> Bool {
        let hay = Array(text.utf8)
        let needle = Array(part.utf8)
        guard !needle.isEmpty, hay.count >= needle.count else { return false }
        return (0...hay.count - needle.count).contains { hay[$0..<$0 + needle.count].elementsEqual(needle) }
    }

    /// "; did you mean X", for a word that is none of `known`; `otherwise` if none is near.
    static func suggestion(for word: String, in known: [String], otherwise: String = "") -> String {
        nearest(to: word, in: known).map { "; did you mean \"\($0)\"" } ?? otherwise
    }

    /// The word of `known` that `word` was most likely meant to be, or nil if none is near.
    private static func nearest(to word: String, in known: [String]) -> String? {
        var best: String?
        var bestDistance = max(2, word.utf8.count / 3) + 1
        for candidate in known {
            let distance = editDistance(Array(word.utf8), Array(candidate.utf8))
            if distance < bestDistance { (best, bestDistance) = (candidate, distance) }
        }
        return best
    }

    /// Insertions, deletions and replacements between two short words.
    static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 64, b.count <= 64 else { return 64 }
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let replaced = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
