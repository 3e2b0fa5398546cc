/// Reads the text of an instant, byte by byte.
struct InstantReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Milliseconds since 1970, or nil if the text does not name one moment.
    mutating func read() -> Int64? {
        guard let year = number(4), year >= 1, take("-"),
            let month = number(2), (1...12).contains(month), take("-"),
            let day = number(2), day >= 1, day <= Calendar.days(inMonth: month, of: year),
            take("T") || take("t") || take(" "),
            let hour = number(2), hour <= 23, take(":"),
            let minute = number(2), minute <= 59, take(":"),
            let second = number(2), second <= 59,  // a leap second has no place on the hub's scale
            let fraction = fraction(), let offset = zone(), at == bytes.count
        else { return nil }
        let seconds = Calendar.day(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        let ms = (seconds - offset) * 1000 + fraction
        return Calendar.years.contains(ms) ? ms : nil  // the zone may lead out of the year 1 or 9999
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
