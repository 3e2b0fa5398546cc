extension JSONScanner {
    /// Reads the text whose opening quote is at `at`; leaves `at` behind the closing one. True if it holds an escape.
    @inline(__always)
    func text(_ at: inout Int) throws(JSONFault) -> Bool {
        let start = at
        var here = plainEnd(from: start &+ 1)
        var holdsEscape = false
        if here >= count || base[here] != JSONByte.quote {  // Safe: here is below count.
            (here, holdsEscape) = try restOfText(from: here)
        }
        guard here &- start &- 1 <= limits.stringBytes else { throw .stringSize(at: start, limit: limits.stringBytes) }
        at = here &+ 1
        return holdsEscape
    }

    /// Goes on with a text that has more than plain ASCII; gives the place of its closing quote.
    @inline(never)
    private func restOfText(from start: Int) throws(JSONFault) -> (end: Int, holdsEscape: Bool) {
        var here = start
        var holdsEscape = false
        while true {
            guard here < count else { throw .truncated(at: count) }
            let byte = base[here]  // Safe: here is below count.
            if byte == JSONByte.quote { return (here, holdsEscape) }
            if byte == JSONByte.backslash {
                holdsEscape = true
                here = try escape(at: here)
            } else if byte >= 0x80 {
                here = try sequence(at: here)
            } else {
                throw byte == 0 ? .nul(at: here) : .control(at: here)
            }
            here = plainEnd(from: here)
        }
    }

    /// The first byte from `here` on that is not plain ASCII text, eight bytes a step; `count` if there is none.
    @inline(__always)
    private func plainEnd(from start: Int) -> Int {
        var here = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        while here &+ 8 <= count {
            // Safe: eight bytes from here are below count.
            let word = UInt64(littleEndian: UnsafeRawPointer(base + here).loadUnaligned(as: UInt64.self))
            let quotes = (word ^ (ones &* 0x22)) &- ones
            let slashes = (word ^ (ones &* 0x5C)) &- ones
            let controls = word &- (ones &* 0x20)
            // The lowest high bit marks the first special byte: a borrow can only falsify the ones above it.
            let special = (quotes | slashes | controls | word) & (ones &* 0x80)
            if special != 0 { return here &+ special.trailingZeroBitCount / 8 }
            here &+= 8
        }
        while here < count {
            let byte = base[here]  // Safe: here is below count.
            if byte < 0x20 || byte >= 0x80 || byte == JSONByte.quote || byte == JSONByte.backslash { return here }
            here &+= 1
        }
        return here
    }

    /// Checks the escape whose backslash is at `here`; returns where the text goes on.
    private func escape(at here: Int) throws(JSONFault) -> Int {
        guard here + 1 < count else { throw .truncated(at: count) }
        switch base[here + 1] {  // Safe: below count.
        case JSONByte.quote, JSONByte.backslash, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:  // " \ / b f n r t
            return here + 2
        case JSONByte.u:
            let unit = try hex(at: here + 2)
            if unit == 0 { throw .nul(at: here) }
            if unit & 0xF800 != 0xD800 { return here + 6 }
            guard unit < 0xDC00 else { throw .surrogate(at: here) }
            guard here + 6 < count else { throw .truncated(at: count) }
            guard base[here + 6] == JSONByte.backslash else { throw .surrogate(at: here) }  // Safe: below count.
            guard here + 7 < count else { throw .truncated(at: count) }
            guard base[here + 7] == JSONByte.u else { throw .surrogate(at: here) }  // Safe: below count.
            guard try hex(at: here + 8) & 0xFC00 == 0xDC00 else { throw .surrogate(at: here) }
            return here + 12
        default:
            throw .escape(at: here)
        }
    }

    private func hex(at start: Int) throws(JSONFault) -> UInt32 {
        var unit: UInt32 = 0
        for here in start..<start + 4 {
            guard here < count else { throw .truncated(at: count) }
            guard let digit = JSONText.hexDigit(base[here]) else { throw .escape(at: here) }  // Safe: below count.
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Checks the UTF-8 sequence that begins at `here`; returns where the text goes on.
    ///
    /// Refuses overlong forms, surrogates and what lies beyond U+10FFFF (Unicode, table of well-formed sequences).
    @inline(__always)
    private func sequence(at here: Int) throws(JSONFault) -> Int {
        let lead = base[here]  // Safe: the caller found here below count.
        switch lead {
        case 0xC2...0xDF:
            try follow(here, here &+ 1, 0x80, 0xBF)
            return here &+ 2
        case 0xE0...0xEF:
            try follow(here, here &+ 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF)
            try follow(here, here &+ 2, 0x80, 0xBF)
            return here &+ 3
        case 0xF0...0xF4:
            try follow(here, here &+ 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF)
            try follow(here, here &+ 2, 0x80, 0xBF)
            try follow(here, here &+ 3, 0x80, 0xBF)
            return here &+ 4
        default:
            throw .utf8(at: here)
        }
    }

    @inline(__always)
    private func follow(_ start: Int, _ here: Int, _ low: UInt8, _ high: UInt8) throws(JSONFault) {
        guard here < count else { throw .truncated(at: count) }
        guard base[here] >= low, base[here] <= high else { throw .utf8(at: start) }  // Safe: below count.
    }
}
