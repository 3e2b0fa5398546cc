/// The Gregorian calendar, counted in days since 1970-01-01, also before it.
enum Calendar {
    /// Milliseconds of the years 1 to 9999 in UTC.
    static var years: ClosedRange<Int64> { -62_135_596_800_000...253_402_300_799_999 }

    static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day of a date that exists.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        // The months before, as if February had 30 days: they have 367 days in twelve, spread evenly.
        let before = (367 * month - 362) / 12
        let missing: Int64 = month <= 2 ? 0 : isLeap(year) ? 1 : 2
        return firstDay(of: year) + before - missing + day - 1
    }

    static func date(ofDay number: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // 146,097 days are 400 years; the guess is at most one year late.
        var year = 1970 + floor(number * 400, 146_097).quotient + 1
        while firstDay(of: year) > number { year -= 1 }
        var rest = number - firstDay(of: year)
        var month: Int64 = 1
        while month < 12, rest >= days(inMonth: month, of: year) {
            rest -= days(inMonth: month, of: year)
            month += 1
        }
        return (year, month, rest + 1)
    }

    /// Division that rounds down, with its remainder from 0 to below `divisor`.
    static func floor(_ number: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func firstDay(of year: Int64) -> Int64 {
        let past = year - 1
        let leaps = floor(past, 4).quotient - floor(past, 100).quotient + floor(past, 400).quotient
        return past * 365 + leaps - 719_162  // days from 0001-01-01 to 1970-01-01
    }
}
