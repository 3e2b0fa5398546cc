import CLibc

/// Random bytes from the kernel: for salts and for jitter.
enum Random {
    static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                // Safe: filled is below count, so the rest is inside the buffer.
                getrandom(buffer.baseAddress?.advanced(by: filled), buffer.count - filled, 0)
            }
            if got > 0 { filled += got } else if flxc_errno() != EINTR { break }
        }
        return bytes
    }

    /// A number from 0 to `bound`, both included. Its bias is of no matter for jitter.
    static func upTo(_ bound: Int64) -> Int64 {
        guard bound > 0 else { return 0 }
        var value: UInt64 = 0
        for byte in bytes(8) { value = value << 8 | UInt64(byte) }
        return Int64(value % (UInt64(bound) + 1))
    }
}
