/// An exact decimal number, for money, weights and sizes.
///
/// Invariant: one value has one form: `text` has no superfluous zero, point or sign, and `scale` is the number of its
/// digits after the point. `unscaled` is nil if the value does not fit.
struct Decimal: Equatable, Hashable {
    /// "19.9", "-0.05", "0".
    let text: String
    /// The value times ten to the `scale`, if it fits 64 bits.
    let unscaled: Int64?
    let scale: Int32

    /// Reads what a host submits: an optional minus, 1 to 18 digits, at most 6 more after a point. No exponent, no
    /// comma, no leading zero.
    init?(text: String) {
        let parts = Array(text.utf8).split(separator: JSONByte.point, omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let number = JSONNumber(text.utf8) else { return nil }
        let whole = parts[0].count - (parts[0].first == JSONByte.minus ? 1 : 0)
        guard whole <= 18, parts.count == 1 || parts[1].count <= 6 else { return nil }
        guard !text.utf8.contains(where: { $0 | 0x20 == JSONByte.e }) else { return nil }
        self.init(number)
    }

    /// Reads what the hub wrote, exponent and all; nil if it is no JSON number or does not fit `unscaled` and `scale`.
    static func read(_ lexeme: String) -> Decimal? {
        guard let number = JSONNumber(lexeme.utf8), number.exponent >= -30, number.exponent <= 18 else { return nil }
        let decimal = Decimal(number)
        return decimal.unscaled == nil ? nil : decimal
    }

    /// The numbers of what `read` reads, without the text. Quick for what is plain: "19.99", "-0.50".
    static func parts(_ lexeme: UnsafeBufferPointer<UInt8>) -> (unscaled: Int64, scale: Int32)? {
        var value: Int64 = 0
        var places: Int32 = 0
        var zeros: Int32 = 0  // at the end of the places
        var digits = 0
        var hasPoint = false
        var at = lexeme.first == JSONByte.minus ? 1 : 0
        let first = at
        while at < lexeme.count {
            let digit = lexeme[at] &- JSONByte.zero  // Safe: at is below the count.
            if digit <= 9 {
                value = value &* 10 &+ Int64(digit)  // within 18 digits, see below
                digits += 1
                if hasPoint { places += 1 }
                zeros = digit == 0 && hasPoint ? zeros + 1 : 0
            } else if lexeme[at] == JSONByte.point, !hasPoint, digits > 0, at + 1 < lexeme.count {
                hasPoint = true
            } else {
                return unusualParts(lexeme)
            }
            at += 1
        }
        let hasLeadingZero = digits > 1 && lexeme[first] == JSONByte.zero && lexeme[first + 1] != JSONByte.point
        guard (1...18).contains(digits), !hasLeadingZero else { return unusualParts(lexeme) }
        for _ in 0..<zeros { value /= 10 }
        return (first == 1 ? -value : value, places - zeros)
    }

    private static func unusualParts(_ lexeme: UnsafeBufferPointer<UInt8>) -> (unscaled: Int64, scale: Int32)? {
        guard let decimal = read(String(decoding: lexeme, as: UTF8.self)) else { return nil }
        return decimal.unscaled.map { ($0, decimal.scale) }
    }

    var isNegative: Bool { text.utf8.first == JSONByte.minus }

    var isZero: Bool { unscaled == 0 }

    private init(_ number: JSONNumber) {
        text = String(decoding: number.canonical, as: UTF8.self)
        scale = Int32(clamping: max(0, -number.exponent))
        var lexeme = number.isNegative ? [JSONByte.minus] : []
        lexeme += number.digits.isEmpty ? [JSONByte.zero] : number.digits
        lexeme += repeatElement(JSONByte.zero, count: min(20, max(0, number.exponent)))  // 20 are too many already
        unscaled = JSONNumber.integer(lexeme)
    }
}
