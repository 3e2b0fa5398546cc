/// The exact value of a JSON number: `digits` times ten to the `exponent`.
///
/// Invariant: `digits` begins and ends with other than "0"; it is empty for zero, whose sign and exponent are dropped.
/// So equal values are equal here, however they were written.
struct JSONNumber: Equatable {
    let isNegative: Bool
    let digits: [UInt8]
    let exponent: Int

    /// Reads the number that `text` spells, as the other `init` does.
    init?(_ text: String.UTF8View) { self.init(Array(text)[...]) }

    /// Reads the grammar of RFC 8259; nil for anything else, and for exponents beyond a billion.
    init?(_ text: ArraySlice<UInt8>) {
        var bytes = text.makeIterator()
        var next = bytes.next()
        let isNegative = next == JSONByte.minus
        if isNegative { next = bytes.next() }

        var digits: [UInt8] = []
        var shift = 0  // digits after the point
        var whole = 0
        let first = next
        while let byte = next, JSONNumber.isDigit(byte) {
            digits.append(byte)
            whole += 1
            next = bytes.next()
        }
        guard whole > 0, whole == 1 || first != JSONByte.zero else { return nil }
        if next == JSONByte.point {
            next = bytes.next()
            while let byte = next, JSONNumber.isDigit(byte) {
                digits.append(byte)
                shift += 1
                next = bytes.next()
            }
            guard shift > 0 else { return nil }
        }
        var exponent = 0
        if let letter = next, letter | 0x20 == JSONByte.e {
            next = bytes.next()
            let isDown = next == JSONByte.minus
            if isDown || next == JSONByte.plus { next = bytes.next() }
            guard let byte = next, JSONNumber.isDigit(byte) else { return nil }
            while let byte = next, JSONNumber.isDigit(byte) {
                exponent = exponent * 10 + Int(byte - JSONByte.zero)
                guard exponent <= 1_000_000_000 else { return nil }
                next = bytes.next()
            }
            if isDown { exponent = -exponent }
        }
        guard next == nil else { return nil }

        exponent -= shift
        while digits.last == JSONByte.zero {
            digits.removeLast()
            exponent += 1
        }
        digits = Array(digits.drop { $0 == JSONByte.zero })
        self.isNegative = isNegative && !digits.isEmpty
        self.exponent = digits.isEmpty ? 0 : exponent
        self.digits = digits
    }

    /// One spelling for each value: "19.9", "-0.05", "100"; beyond 30 places either way "15e40".
    var canonical: [UInt8] {
        guard !digits.isEmpty else { return [JSONByte.zero] }
        var text: [UInt8] = isNegative ? [JSONByte.minus] : []
        guard exponent >= -30, exponent + digits.count <= 30 else {
            text.append(contentsOf: digits)
            if exponent != 0 { text.append(contentsOf: "e\(exponent)".utf8) }
            return text
        }
        let whole = digits.count + exponent  // digits before the point
        if whole <= 0 {
            text.append(contentsOf: [JSONByte.zero, JSONByte.point])
            text.append(contentsOf: repeatElement(JSONByte.zero, count: -whole))
            text.append(contentsOf: digits)
        } else if exponent >= 0 {
            text.append(contentsOf: digits)
            text.append(contentsOf: repeatElement(JSONByte.zero, count: exponent))
        } else {
            text.append(contentsOf: digits.prefix(whole))
            text.append(JSONByte.point)
            text.append(contentsOf: digits.dropFirst(whole))
        }
        return text
    }

    /// The value of a plain whole number ("12", "-0"; not "1.0", "1e3", "01") that fits 64 bits.
    static func integer(_ text: some Collection<UInt8>) -> Int64? {
        var rest = text[...]
        let isNegative = rest.first == JSONByte.minus
        if isNegative { rest = rest.dropFirst() }
        guard let first = rest.first, rest.count <= 19, first != JSONByte.zero || rest.count == 1 else { return nil }
        var value: Int64 = 0
        for byte in rest {
            guard isDigit(byte) else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - JSONByte.zero)
            // Counted downwards, as the lowest number has no positive twin.
            let (sum, more) = tens.subtractingReportingOverflow(digit)
            guard !overflow, !more else { return nil }
            value = sum
        }
        if isNegative { return value }
        return value == Int64.min ? nil : -value
    }

    /// The value of a whole number in plain spelling, with or without decimals ("12", "12.000"; not "1e3", "01") that fits
    /// 64 bits.
    static func whole(_ text: some Collection<UInt8>) -> Int64? {
        guard let point = text.firstIndex(of: JSONByte.point) else { return integer(text) }
        let decimals = text[point...].dropFirst()
        guard !decimals.isEmpty, decimals.allSatisfy({ $0 == JSONByte.zero }) else { return nil }
        return integer(text[..<point])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= JSONByte.zero && byte <= JSONByte.nine }
}
