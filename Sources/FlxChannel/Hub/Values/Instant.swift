/// A moment, in milliseconds since 1970 in UTC.
///
/// Invariant: it lies in the years 1 to 9999, so that ISO 8601 can say it.
struct Instant: Comparable, Hashable {
    let ms: Int64

    /// A moment outside the years 1 to 9999 becomes the nearest one inside.
    init(ms: Int64) {
        self.ms = min(max(ms, Calendar.years.lowerBound), Calendar.years.upperBound)
    }

    /// Reads ISO 8601 with seconds and zone: "2026-01-31T12:00:00Z", "2026-01-31T13:00:00.25+01:00", "...+0100".
    ///
    /// nil for anything that does not name one moment of the years 1 to 9999 (J-10): no zone, 30 February, 24:00, a
    /// leap second. Digits of the fraction beyond milliseconds are dropped.
    init?(iso text: String) {
        var text = text
        guard let instant = text.withUTF8({ Instant(iso: $0) }) else { return nil }
        self = instant
    }

    init?(iso bytes: UnsafeBufferPointer<UInt8>) {
        var reader = InstantReader(bytes)
        guard let ms = reader.read() else { return nil }
        self.ms = ms
    }

    /// "2026-01-31T12:00:00Z", rounded down to the second.
    var isoSeconds: String {
        let (days, inDay) = Calendar.floor(Calendar.floor(ms, 1000).quotient, 86_400)
        let date = Calendar.date(ofDay: days)
        let (hour, inHour) = (inDay / 3600, inDay % 3600)
        var text: [UInt8] = []
        text.reserveCapacity(20)
        Instant.append(date.year / 100, to: &text)
        Instant.append(date.year, to: &text)
        Instant.append("-", date.month, to: &text)
        Instant.append("-", date.day, to: &text)
        Instant.append("T", hour, to: &text)
        Instant.append(":", inHour / 60, to: &text)
        Instant.append(":", inHour % 60, to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    static func < (a: Instant, b: Instant) -> Bool { a.ms < b.ms }

    private static func append(_ mark: Unicode.Scalar, _ part: Int64, to text: inout [UInt8]) {
        text.append(UInt8(ascii: mark))
        append(part, to: &text)
    }

    /// The last two digits of a number.
    private static func append(_ number: Int64, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10 % 10))
        text.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10))
    }
}
