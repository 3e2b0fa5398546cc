/// What is wrong with a setting that was pasted, or read from a file with its line break: where, and what stands there.
/// The text itself may be a secret and is not told.
enum PastedText {
    /// Why `text` is no setting: a control character anywhere, or a blank around it. nil if neither is there.
    static func refusal(of text: String) -> String? {
        let count = text.utf8.count
        var at = 0
        for scalar in text.unicodeScalars {
            let next = at + UTF8.width(scalar)
            if isControl(scalar.value) || (at == 0 || next == count) && isBlank(scalar.value) {
                return "byte \(at + 1) of \(count) is \(word(scalar.value)); remove it"
            }
            at = next
        }
        return nil
    }

    /// Why `token` is none, or nil.
    static func refusal(of token: Secret) -> String? {
        let rule = "1 to \(TransportConfig.longestToken) visible ASCII characters are allowed"
        guard token.count > 0 else { return "is empty; \(rule)" }
        let odd = token.withBytes { bytes in
            bytes.firstIndex { !TransportConfig.isTokenByte($0) }.map { at in
                (at: at, word: bytes[at] < 0x80 ? word(UInt32(bytes[at])) : "not ASCII")  // Safe: found there.
            }
        }
        if let odd { return "byte \(odd.at + 1) of \(token.count) is \(odd.word); \(rule)" }
        return token.count > TransportConfig.longestToken ? "has \(token.count) bytes; \(rule)" : nil
    }

    private static func isControl(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func isBlank(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x20, 0xA0, 0x2000...0x200B, 0x202F, 0x205F, 0x3000, 0xFEFF: true
        default: false
        }
    }

    private static func word(_ scalar: UInt32) -> String {
        switch scalar {
        case 0: "a zero byte"
        case 0x09: "a tab"
        case 0x0A, 0x0D, 0x2028, 0x2029: "a line break"
        case 0x20, 0xA0, 0x2000...0x200B, 0x202F, 0x205F, 0x3000: "a blank"
        case 0xFEFF: "a byte order mark"
        default: "a control character"
        }
    }
}
