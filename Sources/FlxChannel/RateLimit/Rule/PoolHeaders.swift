/// What the hub's headers say of the request budget of this token.
struct PoolHeaders: Equatable {
    /// Largest number of requests the pool holds.
    var size: Int64
    /// Requests in it now. A fraction is rounded up.
    var used: Int64
    /// Thousandths of a request that leave it in a second, rounded down.
    var refillMilli: Int64

    /// Nil if the numbers cannot be those of a limiter. One may count what it refused too, so that a little more is used
    /// than there is.
    init?(size: Int64, used: Int64, refillMilli: Int64) {
        guard (1...10_000).contains(size), (100...1_000_000).contains(refillMilli), (0...size + max(10, size / 10)).contains(used)
        else { return nil }
        self.size = size
        self.used = used
        self.refillMilli = refillMilli
    }

    /// Requests that leave it in a second, as decimal text.
    var refillText: String { PoolHeaders.text(refillMilli: refillMilli) }

    static func text(refillMilli: Int64) -> String {
        let thousandths = "\(1000 + refillMilli % 1000)".dropFirst()
        return "\(refillMilli / 1000)" + (refillMilli % 1000 == 0 ? "" : ".\(thousandths)")
    }
}
