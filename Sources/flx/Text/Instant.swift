import Glibc

/// Instants as the library writes them, and spans of time as people say them.
enum Instant {
    static func nowMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// A clock that nobody sets.
    static func monotonicMs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Milliseconds since 1970 of "2026-01-31T12:00:00Z", with or without decimals; nil for every other form.
    static func ms(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count > 21 && bytes[19] == UInt8(ascii: "."), bytes.last == UInt8(ascii: "Z") else {
            return nil
        }
        guard zip([4, 7, 10, 13, 16], "--T::".utf8).allSatisfy({ bytes[$0] == $1 }) else { return nil }
        func number(_ range: Range<Int>) -> Int32? {
            guard bytes[range].allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
            return Int32(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        guard bytes[19..<bytes.count - 1].dropFirst().allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        return Int64(timegm(&parts)) * 1000
    }

    static func text(_ ms: Int64) -> String {
        var time = time_t(ms / 1000), parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }

    /// How long ago an instant was, such as "3 min ago"; empty where there is none.
    static func ago(_ text: String?) -> String {
        guard let at = text.flatMap(ms) else { return "" }
        let age = nowMs() - at
        if age < 0 { return "in \(span(-age))" }
        return age < 1000 ? "now" : "\(span(age)) ago"
    }

    /// For how long something has been so.
    static func since(_ text: String?) -> String { text.flatMap(ms).map { span(max(0, nowMs() - $0)) } ?? "" }

    static func span(_ ms: Int64) -> String {
        let seconds = ms / 1000
        switch seconds {
        case ..<1: return "\(ms) ms"
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86400) days"
        }
    }
}
