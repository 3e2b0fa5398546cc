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
