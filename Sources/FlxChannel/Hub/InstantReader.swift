/// Reads the text of an instant, byte by byte.
struct InstantReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Milliseconds since 1970, or nil if the text does not name one moment.
    mutating func read() -> Int64? {
        if let ms = plain() { return ms }
        guard let year = number(4), year >= 1, take("-"),
            let month = number(2), (1...12).contains(month), take("-"),
            let day = number(2), day >= 1, day <= Calendar.days(inMonth: month, of: year),
            take("T") || take("t") || take(" "),
            let hour = number(2), hour <= 23, take(":"),
            let minute = number(2), minute <= 59, take(":"),
            let second = number(2), second <= 59,  // a leap second has no place on the hub's scale
            let fraction = fraction(), let offset = zone(), at == bytes.count
        else { return nil }
        let seconds = InstantReader.seconds(year, month, day, hour, minute, second)
        let ms = (seconds - offset) * 1000 + fraction
        return Calendar.years.contains(ms) ? ms : nil  // the zone may lead out of the year 1 or 9999
    }

    /// "2026-01-31T12:00:00Z", as the hub writes nearly all; nil for anything else, which may be an instant still.
    private func plain() -> Int64? {
        // Safe: the count is checked first, here and before the pairs.
        guard bytes.count == 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[13] == 0x3A, bytes[16] == 0x3A,
            bytes[19] == 0x5A
        else { return nil }
        var highest: UInt8 = 0
        let year = pair(0, &highest) &* 100 &+ pair(2, &highest)
        let (month, day) = (pair(5, &highest), pair(8, &highest))
        let (hour, minute, second) = (pair(11, &highest), pair(14, &highest), pair(17, &highest))
        guard highest <= 9, year >= 1, (1...12).contains(month), day >= 1, day <= Calendar.days(inMonth: month, of: year),
            hour <= 23, minute <= 59, second <= 59
        else { return nil }
        return InstantReader.seconds(year, month, day, hour, minute, second) * 1000
    }

    /// The number that two bytes spell; `highest` rises above 9 if one is no digit.
    @inline(__always)
    private func pair(_ at: Int, _ highest: inout UInt8) -> Int64 {
        let (tens, ones) = (bytes[at] &- 0x30, bytes[at + 1] &- 0x30)
        highest = max(highest, max(tens, ones))
        return Int64(tens) &* 10 &+ Int64(ones)
    }

    private static func seconds(
        _ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64, _ minute: Int64, _ second: Int64
    ) -> Int64 {
        Calendar.day(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// Exactly `digits` digits.
    private mutating func number(_ digits: Int) -> Int64? {
        guard bytes.count - at >= digits else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            let digit = bytes[at] &- 0x30  // Safe: the rest is long enough.
            guard digit <= 9 else { return nil }
            value = value * 10 + Int64(digit)
            at += 1
        }
        return value
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard at < bytes.count, UInt32(bytes[at]) == mark.value else { return false }  // Safe: at is below the count.
        at += 1
        return true
    }

    /// Milliseconds of the fraction; 0 if there is none; nil if it has no digit or more than nine.
    private mutating func fraction() -> Int64? {
        guard take(".") || take(",") else { return 0 }
        var ms: Int64 = 0
        var weight: Int64 = 100
        var digits = 0
        while digits <= 9, let digit = number(1) {
            ms += digit * weight
            weight /= 10
            digits += 1
        }
        return (1...9).contains(digits) ? ms : nil
    }

    /// Seconds east of UTC.
    private mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = number(2), hours <= 23 else { return nil }
        _ = take(":")
        guard let minutes = number(2), minutes <= 59 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return isEast ? seconds : -seconds
    }
}
