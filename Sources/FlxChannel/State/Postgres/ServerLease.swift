/// Which number of our schema's locks stands for what.
enum ServerLock {
    /// Writers, one after the other.
    static let gate: Int32 = 0

    /// Who holds feeds.
    static func slot(_ slot: Int) -> Int32 { 1 &+ Int32(truncatingIfNeeded: slot & 0xFFFF) }

    /// Of an order: rows a thousand million apart share one, which only costs a wait.
    static func isOrder(_ lock: Int32) -> Bool { lock >= 1 << 30 }

    static func order(_ row: Int64) -> Int32 { 1 << 30 | Int32(truncatingIfNeeded: row & 0x3FFF_FFFF) }
}

/// The right to send one order, for as long as the session lives in which it was taken.
final class ServerLease: OrderLease {
    private let home: ServerHome
    private let lock: Int32
    private let session: Int64
    private var isReleased = false

    init(_ home: ServerHome, _ lock: Int32) {
        self.home = home
        self.lock = lock
        session = home.sessionNumber
    }

    deinit { release() }

    func release() {
        guard !isReleased else { return }
        isReleased = true
        home.give(lock, ofSession: session)
    }
}
