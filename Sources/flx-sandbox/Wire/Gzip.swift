/// Gzip members made without a compression library: stored blocks for ordinary bodies, one dynamic block for a bomb.
enum Gzip {
    static let trailerLength = 8

    /// A valid gzip member that holds `body` uncompressed.
    static func stored(_ body: [UInt8]) -> [UInt8] {
        var out = header
        var start = 0
        repeat {
            let length = min(65535, body.count - start)
            out.append(start + length == body.count ? 1 : 0)
            out += littleEndian(UInt32(length), bytes: 2) + littleEndian(UInt32(length) ^ 0xFFFF, bytes: 2)
            out += body[start..<start + length]
            start += length
        } while start < body.count
        return out + littleEndian(crc(body), bytes: 4) + littleEndian(UInt32(truncatingIfNeeded: body.count), bytes: 4)
    }

    /// A member of about `size / 1032` bytes that inflates to `size` spaces; its checksum is not right.
    ///
    /// One literal, then copies of 258 bytes at distance 1: with three symbols each copy takes two bits.
    static func bomb(size: Int) -> [UInt8] {
        let bits = BitWriter(bytes: header)
        bits.write(0b101, 3)  // last block, dynamic codes
        bits.write(29, 5)  // 286 literal and length codes
        bits.write(0, 5)  // one distance code
        bits.write(14, 4)  // 18 code length codes follow, in the order of RFC 1951
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1]
        // Code lengths of the code length alphabet: 18 (zeros), 1, 2, all with two bits or one.
        for symbol in order { bits.write(symbol == 18 ? 1 : symbol == 1 || symbol == 2 ? 2 : 0, 3) }
        // Canonical codes: 18 = 0, 1 = 10, 2 = 11 (written most significant bit first).
        func zeros(_ count: Int) {
            bits.write(0, 1)
            bits.write(UInt64(count - 11), 7)
        }
        let one = { bits.writeCode(0b10, 2) }, two = { bits.writeCode(0b11, 2) }
        zeros(32)  // 0...31
        two()  // 32: the space
        zeros(138)
        zeros(85)  // 33...255
        two()  // 256: end of block
        zeros(28)  // 257...284
        one()  // 285: copy 258
        one()  // distance 1
        // Canonical codes: 285 = 0, space = 10, end = 11; distance = 0.
        bits.writeCode(0b10, 2)
        for _ in 0..<(size / 258) { bits.write(0, 2) }
        bits.writeCode(0b11, 2)
        return bits.finished + [UInt8](repeating: 0, count: trailerLength)
    }

    static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
    }

    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func littleEndian(_ value: UInt32, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}

/// Packs bits as deflate wants them: numbers from the low bit, codes from the high bit.
private final class BitWriter {
    private var bytes: [UInt8]
    private var held: UInt64 = 0
    private var count: UInt64 = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    func write(_ value: UInt64, _ width: UInt64) {
        held |= value << count
        count += width
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            count -= 8
        }
    }

    func writeCode(_ code: UInt64, _ width: UInt64) {
        for bit in stride(from: width, to: 0, by: -1) { write(code >> (bit - 1) & 1, 1) }
    }

    var finished: [UInt8] {
        count > 0 ? bytes + [UInt8(truncatingIfNeeded: held)] : bytes
    }
}
