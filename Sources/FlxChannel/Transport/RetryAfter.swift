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
        let digits = value.utf8
        if !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard digits.count <= 9 else { return nil }
            return digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) } * 1000
        }
        guard let until = HTTPDate.parse(value), let dateMs else { return nil }
        return until - dateMs
    }
}
