/// Makes foreign text fit for a log line or an error message.
enum Redaction {
    /// Longest foreign text that a message may carry, in bytes.
    static let longest = 500

    /// `text` without `secret`, on one line, cut, with control and direction characters replaced by `?` (S-06, J-16).
    static func clean(_ text: String, hiding secret: Secret? = nil, longest: Int = longest) -> String {
        var text = text
        return text.withUTF8 { clean($0, hiding: secret, longest: longest) }
    }

    /// The same of bytes, which need not be UTF-8. The secret goes first and the cut comes last, so that no part of it stays
    /// (S-20); what is beyond the cut is not looked at.
    static func clean(_ bytes: UnsafeBufferPointer<UInt8>, hiding secret: Secret? = nil, longest: Int = longest) -> String {
        var result = ""
        let shown = secret.map { hidden($0, in: bytes, upTo: 4 * longest + 4) } ?? Array(bytes.prefix(4 * longest + 4))
        for scalar in String(decoding: shown, as: UTF8.self).unicodeScalars {
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

    /// The first bytes with the secret replaced. Where the text ends within the secret, as one does that another cut, its
    /// beginning counts for all of it.
    private static func hidden(_ secret: Secret, in hay: UnsafeBufferPointer<UInt8>, upTo most: Int) -> [UInt8] {
        var kept: [UInt8] = []
        var at = 0
        secret.withBytes { needle in
            while at < hay.count, kept.count < most {
                let shared = min(needle.count, hay.count - at)
                if shared >= min(leastShown, needle.count), shared > 0, hay[at..<at + shared].elementsEqual(needle[..<shared]) {
                    kept.append(contentsOf: "[token]".utf8)
                    at += shared
                } else {
                    kept.append(hay[at])
                    at += 1
                }
            }
        }
        return kept
    }

    /// A shorter end of a text that begins as the secret does is chance.
    private static let leastShown = 8
}
