/// Text of others as it may be shown on a terminal.
enum Clean {
    /// Without control characters and turns of direction: a hub's words must not drive the terminal.
    static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnfit) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(isUnfit(scalar) ? " " : scalar) }
        return String(clean)
    }

    /// At most so many characters, with a mark where something is left out.
    static func text(_ text: String, most: Int) -> String {
        let clean = Clean.text(text)
        guard clean.count > most else { return clean }
        return clean.prefix(max(0, most - 1)) + "…"
    }

    private static func isUnfit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// JSON on one line. A line break can stand between its values alone: within text JSON has none.
    static func oneLine(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return json }
        return json.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
    }
}
