/// Makes foreign text fit for a log line or an error message.
enum Redaction {
    /// Longest foreign text that a message may carry, in bytes.
    static let longest = 500

    /// `text` without `secret`, on one line, cut, with control and direction characters replaced by `?` (S-06, J-16).
    static func clean(_ text: String, hiding secret: Secret? = nil, longest: Int = longest) -> String {
        var result = ""
        for scalar in (secret.map { without($0, in: text) } ?? text).unicodeScalars {
            if result.utf8.count >= longest {
                result += "..."
                break
            }
            result.unicodeScalars.append(isPlain(scalar) ? scalar : "?")
        }
        return result
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: false  // C0, DEL, C1
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: false  // invisible, line and direction marks
        default: true
        }
    }

    private static func without(_ secret: Secret, in text: String) -> String {
        let hay = Array(text.utf8)
        guard secret.count > 0, hay.count >= secret.count else { return text }
        var kept: [UInt8] = []
        var at = 0
        secret.withBytes { needle in
            while at < hay.count {
                if at + needle.count <= hay.count, hay[at..<at + needle.count].elementsEqual(needle) {
                    kept.append(contentsOf: "[token]".utf8)
                    at += needle.count
                } else {
                    kept.append(hay[at])
                    at += 1
                }
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
