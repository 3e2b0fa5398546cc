/// Dates as HTTP writes them, in three spellings; always UTC, always whole seconds.
enum HTTPDate {
    private static let colon = UInt8(ascii: ":")

    /// Milliseconds since 1970, or nil if `text` is none of:
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
    static func parse(_ text: String) -> Int64? {
        parse(Array(text.utf8).span)
    }

    static func parse(_ text: Span<UInt8>) -> Int64? {
        if let ms = usual(text) { return ms }
        let words = text.withUnsafeBufferPointer { Array($0) }.split(separator: UInt8(ascii: " "))
        switch words.count {
        case 6: return standard(words)
        case 4: return old(words)
        case 5: return asctime(words)
        default: return nil
        }
    }

    /// The standard spelling as nearly all write it, to the byte: without a word of memory.
    private static func usual(_ text: Span<UInt8>) -> Int64? {
        func isByte(_ at: Int, _ byte: UInt8) -> Bool { text[at] == byte }
        func letters(_ at: Int) -> UInt32 { UInt32(text[at]) << 16 | UInt32(text[at + 1]) << 8 | UInt32(text[at + 2]) }
        func two(_ at: Int) -> Int64? {
            let (tens, ones) = (text[at] &- 0x30, text[at + 1] &- 0x30)
            return tens < 10 && ones < 10 ? Int64(tens * 10 + ones) : nil
        }
        let space = UInt8(ascii: " ")
        guard text.count == 29, isByte(3, UInt8(ascii: ",")), isByte(4, space), isByte(7, space), isByte(11, space),
            isByte(16, space), isByte(19, colon), isByte(22, colon), isByte(25, space), isZone(letters(26))
        else { return nil }
        guard let day = two(5), let month = monthNumber(letters(8)), let century = two(12), let year = two(14),
            let hour = two(17), let minute = two(20), let second = two(23)
        else { return nil }
        return instant(century * 100 + year, month, day, hour, minute, second)
    }

    private static func standard(_ words: [ArraySlice<UInt8>]) -> Int64? {
        guard words[0].count == 4, words[0].last == UInt8(ascii: ","), isZone(packed(words[5])), words[3].count == 4 else {
            return nil
        }
        return instant(day: words[1], month: words[2], year: number(words[3]), time: words[4])
    }

    private static func old(_ words: [ArraySlice<UInt8>]) -> Int64? {
        guard words[0].count >= 7, words[0].last == UInt8(ascii: ","), isZone(packed(words[3])) else { return nil }
        let parts = words[1].split(separator: UInt8(ascii: "-"))
        guard parts.count == 3, parts[2].count == 2, let short = number(parts[2]) else { return nil }
        return instant(day: parts[0], month: parts[1], year: short < 70 ? short + 2000 : short + 1900, time: words[2])
    }

    private static func asctime(_ words: [ArraySlice<UInt8>]) -> Int64? {
        guard words[0].count == 3, words[4].count == 4 else { return nil }
        return instant(day: words[2], month: words[1], year: number(words[4]), time: words[3])
    }

    private static func isZone(_ letters: UInt32) -> Bool {
        letters == 0x474D54 || letters == 0x555443  // GMT, UTC
    }

    private static func instant(
        day: ArraySlice<UInt8>, month: ArraySlice<UInt8>, year: Int64?, time: ArraySlice<UInt8>
    ) -> Int64? {
        let at = time.startIndex
        guard time.count == 8, time[at + 2] == colon, time[at + 5] == colon, let year,
            let month = monthNumber(packed(month)), let day = number(day), let hour = number(time[at..<(at + 2)]),
            let minute = number(time[(at + 3)..<(at + 5)]), let second = number(time[(at + 6)...])
        else { return nil }
        return instant(year, month, day, hour, minute, second)
    }

    private static func instant(
        _ year: Int64, _ month: Int64, _ day: Int64, _ hour: Int64, _ minute: Int64, _ second: Int64
    ) -> Int64? {
        guard year >= 1900, (1...Calendar.days(inMonth: month, of: year)).contains(day), hour < 24, minute < 60, second <= 60 else {
            return nil
        }
        return (((Calendar.day(year: year, month: month, day: day) * 24 + hour) * 60 + minute) * 60 + min(second, 59)) * 1000
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...4).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func monthNumber(_ letters: UInt32) -> Int64? {
        switch letters | 0x202020 {  // small ones
        case 0x6A616E: 1
        case 0x666562: 2
        case 0x6D6172: 3
        case 0x617072: 4
        case 0x6D6179: 5
        case 0x6A756E: 6
        case 0x6A756C: 7
        case 0x617567: 8
        case 0x736570: 9
        case 0x6F6374: 10
        case 0x6E6F76: 11
        case 0x646563: 12
        default: nil
        }
    }

    /// Three letters as one number; 0 for a word of another length.
    private static func packed(_ word: ArraySlice<UInt8>) -> UInt32 {
        word.count == 3 ? word.reduce(0) { $0 << 8 | UInt32($1) } : 0
    }
}
