/// An exact decimal with up to four places, as the hub keeps prices and weights.
struct Money: Comparable, Hashable, Sendable {
    /// The value times ten thousand.
    var units: Int

    static func < (left: Money, right: Money) -> Bool { left.units < right.units }

    init(units: Int) {
        self.units = units
    }

    init(cents: Int) {
        units = cents * 100
    }

    /// Reads `19`, `19.9` or `-0.0001`; nil for more than four places, an exponent or other text.
    init?(_ text: String) {
        let isNegative = text.begins("-")
        let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            parts[0].utf8.count <= 12, let whole = Int(parts[0])
        else { return nil }
        var fraction = 0
        if parts.count == 2 {
            guard parts[1].utf8.count <= 4 else { return nil }
            let padded = parts[1] + String(repeating: "0", count: 4 - parts[1].utf8.count)
            fraction = Int(padded) ?? 0
        }
        units = (whole * 10000 + fraction) * (isNegative ? -1 : 1)
    }

    /// The shortest decimal text, with at least `places` places.
    func text(places: Int = 0) -> String {
        let magnitude = units.magnitude
        var fraction = String(magnitude % 10000)
        fraction = String(repeating: "0", count: 4 - fraction.utf8.count) + fraction
        while fraction.utf8.count > places, fraction.ends("0") { fraction.removeLast() }
        let sign = units < 0 ? "-" : ""
        return fraction.isEmpty ? "\(sign)\(magnitude / 10000)" : "\(sign)\(magnitude / 10000).\(fraction)"
    }
}
