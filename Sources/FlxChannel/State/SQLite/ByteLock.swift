/// One byte of the lock file, held: the right to send one order.
///
/// Invariant: one owner; held from `take` until `release`, the end of this object, or the death of the process.
final class ByteLock: OrderLease, @unchecked Sendable {
    private let file: LockFile

    /// Takes `byte` of the lock file at `path`, or nil if it is taken. Each lock has its own opening of the file.
    static func take(_ byte: Int64, of path: String) throws(StateError) -> ByteLock? {
        for _ in 0..<3 {
            let file = try LockFile.open(path)
            guard file.take(byte) else { return nil }
            if file.isInPlace { return ByteLock(file) }  // M-04: else the name means another file by now
        }
        throw .replaced(what: path)
    }

    private init(_ file: LockFile) { self.file = file }

    func release() { file.close() }
}

/// Which byte of the lock file stands for what.
enum LockByte {
    static let gate: Int64 = 0
    /// The places before the gate; 1 is the next.
    static let line: ClosedRange<Int64> = 1...15

    /// Who holds feeds, see `FeedSlots`.
    static let holders: ClosedRange<Int64> = 16...4095

    static let orders: ClosedRange<Int64> = 4096...(1 << 61) - 1

    /// A byte that nothing else uses, and most likely no other proof of this moment.
    static func proof() -> Int64 { 1 << 61 | Random.upTo(1 << 60) }

    static func order(_ row: Int64) -> Int64 { 4096 &+ (row & 0x0FFF_FFFF_FFFF_FFFF) }
}
