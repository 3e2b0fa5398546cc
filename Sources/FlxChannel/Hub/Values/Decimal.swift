/// An exact decimal number, for money, weights and sizes.
///
/// Invariant: one value has one form: `text` has no superfluous zero, point or sign, and `scale` is the number of its
/// digits after the point. `unscaled` is nil if the value does not fit.
struct Decimal: Equatable {
    /// "19.9", "-0.05", "0".
    let text: String
    /// The value times ten to the `scale`, if it fits 64 bits.
    let unscaled: Int64?
    let scale: Int32

    /// Most digits before the point, and most decimals, of what a host submits.
    static let mostWhole = 18
    static let mostDecimals = 6

    /// Why a text is not a number that a host may submit.
    enum Refusal: Error, Equatable {
        case notANumber(hasComma: Bool)
        case exponent
        case decimals(Int)
        case whole(Int)

        var message: String {
            switch self {
            case .notANumber(hasComma: true): "is not a decimal number like 19.99; the decimal sign is a point"
            case .notANumber(hasComma: false): "is not a decimal number like 19.99"
            case .exponent: "has an exponent; write it out, like 1500.00"
            case .decimals(let found): "has \(found) decimals; at most \(mostDecimals) are allowed"
            case .whole(let found): "has \(found) digits before the point; at most \(mostWhole) are allowed"
            }
        }
    }

    /// Reads what a host submits: a JSON number without an exponent. Zeros at the end of its decimals do not count.
    init(submitted text: String) throws(Refusal) {
        guard let number = JSONNumber(text.utf8) else {
            throw .notANumber(hasComma: text.utf8.contains(JSONByte.comma))
        }
        guard !text.utf8.contains(where: { $0 | 0x20 == JSONByte.e }) else { throw .exponent }
        guard -number.exponent <= Decimal.mostDecimals else { throw .decimals(-number.exponent) }
        let whole = number.digits.count + number.exponent
        guard whole <= Decimal.mostWhole else { throw .whole(whole) }
        self.init(number)
    }

    /// Reads what a host submits; nil if it is refused.
    init?(text: String) {
        do { try self.init(submitted: text) } catch { return nil }
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

    private init(_ number: JSONNumber) {
        text = String(decoding: number.canonical, as: UTF8.self)
        scale = Int32(clamping: max(0, -number.exponent))
        var lexeme = number.isNegative ? [JSONByte.minus] : []
        lexeme += number.digits.isEmpty ? [JSONByte.zero] : number.digits
        lexeme += repeatElement(JSONByte.zero, count: min(20, max(0, number.exponent)))  // 20 are too many already
        unscaled = JSONNumber.integer(lexeme)
    }
}
