/// How an exchange ended.
indirect enum ExchangeOutcome {
    case answered(HTTPResponse)
    case failed(TransportError)

    /// 0 if there is no answer.
    var httpStatus: Int64 {
        guard case .answered(let response) = self else { return 0 }
        return Int64(response.status)
    }

    /// What an answer says that shows the hub in good health.
    var good: GoodAnswer? {
        guard case .answered(let response) = self, response.status < 500, response.status != 429 else { return nil }
        return GoodAnswer(
            tookMs: response.drivenMs, refillMilli: response.pool?.refillMilli,
            free: response.pool.map { max(0, $0.size &- $0.used) } ?? 0)
    }
}

/// How fast the hub is, and what it grants.
struct GoodAnswer: Equatable {
    /// Without the time that the host was away.
    let tookMs: Int64
    /// By its pool headers; nil if there were none.
    var refillMilli: Int64?
    /// Places in the pool; 0 without headers.
    var free: Int64 = 0
}

/// One request and what became of it: it waits for its slot, is on the wire, and has an outcome, in this order.
///
/// Invariant: the request goes over the wire at most once; a second attempt is a second exchange.
final class Exchange {
    let request: HTTPRequest
    /// Called once, when the slot is granted and before the first byte. False releases the slot; the exchange then
    /// ends with `.canceledBySender`.
    let willSend: (() -> Bool)?
    /// Nil until the exchange has ended.
    fileprivate(set) var outcome: ExchangeOutcome?
    /// Whether a transport has taken it in.
    fileprivate(set) var isStarted = false
    /// Whether a connection was asked for. Not yet that a byte went out.
    fileprivate(set) var isOnWire = false
    /// Nobody waits for its outcome.
    fileprivate(set) var isDisregarded = false
    /// While waiting: how long the rate limiter asked to wait when it was last asked, and the reason if it is not the plain rule.
    fileprivate(set) var waitMs: Int64 = 0
    fileprivate(set) var hold: RateLimitHold?
    /// Our number of the attempt, and how long it took; nothing if no connection was asked for.
    fileprivate(set) var requestId = ""
    fileprivate(set) var tookMs: Int64 = 0

    fileprivate var wasAsked = false

    init(_ request: HTTPRequest, willSend: (() -> Bool)? = nil) {
        self.request = request
        self.willSend = willSend
    }

    var isOver: Bool { outcome != nil }
}

/// How the transport moves an exchange on. Nobody else calls these.
extension Exchange {
    func transportStarts() {
        isStarted = true
    }

    func transportWaits(ms: Int64, hold: RateLimitHold?) {
        isOnWire = false
        waitMs = ms
        self.hold = hold
    }

    /// Asks `willSend`, once; whoever said yes is not asked again.
    func transportMaySend() -> Bool {
        guard !wasAsked, let willSend else { return true }
        wasAsked = true
        return willSend()
    }

    func transportSends() {
        isOnWire = true
        waitMs = 0
        hold = nil
    }

    func transportDisregards() {
        isDisregarded = true
    }

    func transportEnds(_ outcome: ExchangeOutcome, requestId: String = "", tookMs: Int64 = 0) {
        isOnWire = false
        self.requestId = requestId
        self.tookMs = tookMs
        self.outcome = outcome
    }
}
