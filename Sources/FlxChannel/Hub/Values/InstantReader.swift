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
        guard bytes.count == 20, let base = bytes.baseAddress,
            // Safe: the count was checked. The words have the letters of "0000-00-", "00T00:00" and "0:00:00Z", the last first.
            let date = digits(base, 0x2D30_302D_3030_3030, marks: 0x0900_0009_0000_0000),
            let middle = digits(base + 8, 0x3030_3A30_3054_3030, marks: 0x0000_0900_0009_0000),
            let time = digits(base + 12, 0x5A30_303A_3030_3A30, marks: 0x0900_0009_0000_0900)
        else { return nil }
        let year = pair(date, 0) &* 100 &+ pair(date, 2)
        let (month, day) = (pair(date, 5), pair(middle, 0))
        let (hour, minute, second) = (pair(middle, 3), pair(time, 2), pair(time, 5))
        guard year >= 1, (1...12).contains(month), day >= 1, day <= Calendar.days(inMonth: month, of: year),
            hour <= 23, minute <= 59, second <= 59
        else { return nil }
        return InstantReader.seconds(year, month, day, hour, minute, second) * 1000
    }

    /// The digits of eight bytes, each in its place; nil if one is no digit where `letters` has a zero, or another letter
    /// elsewhere. `marks` has 9 in these other places.
    @inline(__always)
    private func digits(_ start: UnsafePointer<UInt8>, _ letters: UInt64, marks: UInt64) -> UInt64? {
        let digits = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)) ^ letters
        // A digit is below 10 and reaches the highest bit with no more than 0x76, a mark is 0 and does with no more than 0x7F.
        let beyond = digits &+ (0x7676_7676_7676_7676 &+ marks)
        return (digits | beyond) & 0x8080_8080_8080_8080 == 0 ? digits : nil
    }

    /// The number of two of them.
    @inline(__always)
    private func pair(_ digits: UInt64, _ at: UInt64) -> Int64 {
        let two = digits &>> (at &* 8)
        return Int64(two & 0xF) &* 10 &+ Int64(two &>> 8 & 0xF)
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
