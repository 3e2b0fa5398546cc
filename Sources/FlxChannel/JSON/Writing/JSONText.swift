import CLibc

/// Text between the quotes of JSON: escapes, comparison, hash.
enum JSONText {
    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x41 + 10
        case 0x61...0x66: UInt32(byte) - 0x61 + 10
        default: nil
        }
    }

    /// Appends the text that `raw` spells. `raw` is what a scanner accepted; anything else ends early.
    static func unescape(_ raw: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
        text += [UInt8](unsafeUninitializedCapacity: raw.count) { room, count in
            if let start = room.baseAddress { count = unescape(raw, to: start) }  // Safe: text is never longer than raw.
        }
    }

    /// Writes the text that `raw` spells to `text`, which has room for as many bytes as `raw` has; returns its length.
    ///
    /// An escape is never shorter than the text it stands for.
    static func unescape(_ raw: UnsafeBufferPointer<UInt8>, to text: UnsafeMutablePointer<UInt8>) -> Int {
        guard let base = raw.baseAddress else { return 0 }
        var here = 0
        var count = 0
        while here < raw.count {
            // Safe: from here on there are so many bytes.
            let found = memchr(base + here, Int32(JSONByte.backslash), raw.count - here)
            let end = found.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) - base } ?? raw.count
            memcpy(text + count, base + here, end - here)  // Safe: count is at most here, and end at most the count.
            count += end - here
            here = end + 1
            guard here < raw.count else { break }
            let letter = raw[here]  // Safe: here is below the count.
            here += 1
            var scalar = UInt32(letter)
            switch letter {
            case 0x62: scalar = 0x08
            case 0x66: scalar = 0x0C
            case 0x6E: scalar = 0x0A
            case 0x72: scalar = 0x0D
            case 0x74: scalar = 0x09
            case JSONByte.u:
                guard here + 4 <= raw.count else { return count }
                scalar = unit(raw, at: here)
                here += 4
                if scalar & 0xFC00 == 0xD800 {
                    guard here + 6 <= raw.count else { return count }
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit(raw, at: here + 2) & 0x3FF
                    here += 6
                }
            default: break
            }
            count += write(scalar, to: text + count)  // Safe: an escape is at least as long as its scalar.
        }
        return count
    }

    private static func unit(_ raw: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32 {
        var unit: UInt32 = 0
        for here in start..<start + 4 where here < raw.count {
            unit = unit << 4 | (hexDigit(raw[here]) ?? 0)  // Safe: here is below the count.
        }
        return unit
    }

    private static func write(_ scalar: UInt32, to text: UnsafeMutablePointer<UInt8>) -> Int {
        // Safe: the caller has room for the bytes of the scalar, as many as are written.
        switch scalar {
        case 0..<0x80:
            text[0] = UInt8(truncatingIfNeeded: scalar)
            return 1
        case 0x80..<0x800:
            text[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
            text[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return 2
        case 0x800..<0x10000:
            text[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
            text[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
            text[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return 3
        default:
            text[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18 & 0x07)
            text[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F)
            text[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F)
            text[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F)
            return 4
        }
    }

    /// Bytewise order, a prefix first: negative, zero or positive.
    static func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
        let shared = min(a.count, b.count)
        if shared > 0, let left = a.baseAddress, let right = b.baseAddress {
            let order = memcmp(left, right, shared)  // Safe: both hold `shared` bytes.
            if order != 0 { return Int(order) }
        }
        return a.count - b.count
    }

    /// Whether both have the same bytes; quick for what is as short as a name.
    @inline(__always)
    static func isSame(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = a.count
        guard count == b.count else { return false }
        guard count > 0, let left = UnsafeRawPointer(a.baseAddress), let right = UnsafeRawPointer(b.baseAddress) else {
            return true
        }
        if count >= 8 {
            // Safe: eight bytes from `here` are below count; the last eight overlap those before.
            var here = 0
            while here &+ 8 < count {
                guard word(left + here) == word(right + here) else { return false }
                here &+= 8
            }
            return word(left + (count &- 8)) == word(right + (count &- 8))
        }
        // Safe: likewise.
        if count >= 4 { return half(left) == half(right) && half(left + (count &- 4)) == half(right + (count &- 4)) }
        return a[0] == b[0] && a[count >> 1] == b[count >> 1] && a[count &- 1] == b[count &- 1]  // Safe: count is 1 to 3.
    }

    /// A hash that differs from process to process, and that nobody foresees who does not know the key.
    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ key: HashKey) -> UInt32 {
        let count = bytes.count
        var hash = key.first
        guard count > 0, let base = bytes.baseAddress else { return 0 }
        let start = UnsafeRawPointer(base)
        if count >= 8 {
            var here = 0
            while here &+ 8 < count {
                hash = folded(hash ^ word(start + here), key)  // Safe: eight bytes from here are below count.
                here &+= 8
            }
            hash ^= word(start + (count &- 8))  // Safe: count is at least 8. It overlaps the word before.
        } else if count >= 4 {
            // Safe: count is at least 4. The halves may overlap.
            let low = UInt32(littleEndian: start.loadUnaligned(as: UInt32.self))
            let high = UInt32(littleEndian: (start + (count &- 4)).loadUnaligned(as: UInt32.self))
            hash ^= UInt64(low) | UInt64(high) << 32
        } else {
            // Safe: count is 1 to 3, so that all three are inside.
            hash ^= UInt64(base[0]) | UInt64(base[count >> 1]) << 8 | UInt64(base[count &- 1]) << 16
        }
        // The length comes last: beside the bytes it could be taken for some of them.
        hash = folded(folded(hash, key) ^ UInt64(truncatingIfNeeded: count), key)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    /// Both halves of the product: with one of them alone, two words could cancel each other out whatever the key is.
    @inline(__always)
    private static func folded(_ word: UInt64, _ key: HashKey) -> UInt64 {
        let product = word.multipliedFullWidth(by: key.second)
        return product.high ^ product.low
    }

    @inline(__always)
    private static func half(_ start: UnsafeRawPointer) -> UInt32 {
        start.loadUnaligned(as: UInt32.self)
    }

    @inline(__always)
    private static func word(_ start: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    }
}
