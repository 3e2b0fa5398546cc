/// The hub's answer to one request: any status from 200 to 599 but 3xx, with its whole body.
///
/// Invariant: the body is within its limit. It may still be cut short (N-14, H-18): only complete JSON is complete.
struct HTTPResponse {
    var status: Int
    var body: [UInt8]
    /// Our own number of the request, unique in this process's logs.
    var requestId: String
    /// Monotonic clock when the request was handed to the wire.
    var startedMs: Int64
    var tookMs: Int64
    /// How much of it the transport was driven; the rest the host was away.
    var drivenMs: Int64 = 0
    /// The hub's `Date`, in ms since 1970; nil if it is missing or absurd.
    var dateMs: Int64?
    /// How long the hub asks to wait from now on, up to what it gets (decision 19); nil if it does not, or in words that
    /// make no sense.
    var retryAfterMs: Int64?
    var pool: PoolHeaders?
}

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
