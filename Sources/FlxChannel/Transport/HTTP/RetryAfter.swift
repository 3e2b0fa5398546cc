/// How long the hub asks to wait, from all its `Retry-After` headers.
enum RetryAfter {
    /// Longer hints are taken for garbage (H-04).
    static let longestMs: Int64 = 7 * 24 * 3_600_000
    /// The largest sensible hint. A date is measured against the answer's own `Date`, not against our clock (H-05).
    /// Nil if there is none: the caller then has its own backoff.
    static func parse(_ values: [String], dateMs: Int64?) -> Int64? {
        var largest: Int64?
        for value in values {
            guard let ms = one(value, dateMs: dateMs), (0...longestMs).contains(ms) else { continue }
            largest = max(largest ?? 0, ms)
        }
        return largest
    }

    private static func one(_ value: String, dateMs: Int64?) -> Int64? {
        if let ms = seconds(value) { return ms }
        guard let until = HTTPDate.parse(value), let dateMs else { return nil }
        return until - dateMs
    }

    /// Seconds, maybe with a fraction, which counts as a whole one; of several in one header the largest.
    private static func seconds(_ text: String) -> Int64? {
        var largest: Int64?
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let word = part.filter { $0 != 0x20 && $0 != 0x09 }
            let digits = word.prefix { $0 != UInt8(ascii: ".") }
            let fraction = word.dropFirst(digits.count + 1)
            guard (1...9).contains(digits.count), (digits + fraction).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            let whole = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
            let hasRest = fraction.contains { $0 != 0x30 }
            largest = max(largest ?? 0, (whole + (hasRest ? 1 : 0)) * 1000)
        }
        return largest
    }
}
