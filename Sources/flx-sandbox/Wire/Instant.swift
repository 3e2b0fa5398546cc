/// A moment of the hub's clock in whole seconds since 1970, UTC.
///
/// The hub speaks ISO 8601 with an explicit zone; milliseconds are read and dropped; a text without a zone is not an instant.
struct Instant: Comparable, Hashable, Sendable {
    var seconds: Int

    static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }
    static func + (left: Instant, right: Int) -> Instant { Instant(seconds: left.seconds + right) }
    static func - (left: Instant, right: Int) -> Instant { Instant(seconds: left.seconds - right) }

    /// Reads `2024-05-01T12:00:00Z`, with optional fraction, or with an offset such as `+02:00`.
    init?(iso text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = Self.digits(bytes[0..<4]), let month = Self.digits(bytes[5..<7]),
            let day = Self.digits(bytes[8..<10]), let hour = Self.digits(bytes[11..<13]),
            let minute = Self.digits(bytes[14..<16]), let second = Self.digits(bytes[17..<19]),
            (1...12).contains(month), (1...Self.daysInMonth(year, month)).contains(day),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var index = 19
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
            guard index > start else { return nil }
        }
        guard let offset = Self.offset(bytes[index...]) else { return nil }
        seconds = Self.days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
    }

    init(seconds: Int) {
        self.seconds = seconds
    }

    /// `2024-05-01T12:00:00Z`, the only form the hub writes.
    var iso: String {
        let parts = civil
        return "\(pad(parts.year, 4))-\(pad(parts.month))-\(pad(parts.day))T"
            + "\(pad(parts.hour)):\(pad(parts.minute)):\(pad(parts.second))Z"
    }

    /// `Wed, 01 May 2024 12:00:00 GMT`, the form of the `Date` header.
    var httpDate: String {
        let parts = civil
        return "\(parts.weekday), \(pad(parts.day)) \(parts.monthName) \(pad(parts.year, 4)) "
            + "\(pad(parts.hour)):\(pad(parts.minute)):\(pad(parts.second)) GMT"
    }

    /// `Wednesday, 01-May-24 12:00:00 GMT`, the obsolete form of RFC 850.
    var rfc850Date: String {
        let parts = civil
        return "\(parts.longWeekday), \(pad(parts.day))-\(parts.monthName)-\(pad(parts.year % 100)) "
            + "\(pad(parts.hour)):\(pad(parts.minute)):\(pad(parts.second)) GMT"
    }

    /// `Wed May  1 12:00:00 2024`, the obsolete form of C's asctime.
    var asctimeDate: String {
        let parts = civil
        let day = parts.day < 10 ? " \(parts.day)" : "\(parts.day)"
        return "\(parts.weekday) \(parts.monthName) \(day) "
            + "\(pad(parts.hour)):\(pad(parts.minute)):\(pad(parts.second)) \(pad(parts.year, 4))"
    }
}

extension Instant {
    struct Civil {
        var year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, dayOfWeek: Int

        var monthName: String { ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1] }
        var weekday: String { String(longWeekday.prefix(3)) }
        var longWeekday: String {
            ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"][dayOfWeek]
        }
    }

    /// The calendar date and time of day (proleptic Gregorian).
    var civil: Civil {
        let day = floorDivide(seconds, 86400)
        let rest = seconds - day * 86400
        // Counting from 1 March of year 0 makes the leap day the last day of a year.
        let shifted = day + 719468
        let era = floorDivide(shifted, 146097)
        let dayOfEra = shifted - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Civil(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
            hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60,
            dayOfWeek: ((day + 4) % 7 + 7) % 7)
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    private static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }

    /// Seconds east of UTC for `Z`, `+hh:mm` or `+hhmm`; nil for anything else, no zone included.
    private static func offset(_ zone: ArraySlice<UInt8>) -> Int? {
        if zone.count == 1, zone.first == UInt8(ascii: "Z") || zone.first == UInt8(ascii: "z") { return 0 }
        guard let sign = zone.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let rest = zone.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard rest.count == 4, zone.count == 5 || zone.count == 6,
            let hour = digits(rest[0..<2]), let minute = digits(rest[2..<4]), hour < 24, minute < 60
        else { return nil }
        let seconds = hour * 3600 + minute * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}

private func floorDivide(_ left: Int, _ right: Int) -> Int {
    left >= 0 ? left / right : (left - right + 1) / right
}

private func pad(_ number: Int, _ width: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
