import CFlxChannel

/// Why a flush does nothing at the moment, and what comes of it: pure, so that "later" is told in one place (decision 24).
enum FlushWait: Equatable {
    /// Nothing is left.
    case nothing
    /// An answer of the hub is on its way.
    case hub
    /// The rate limit has a slot in so long.
    case slot(ms: Int64)
    /// Everything is held back for so long, for this reason.
    case held(RateLimitHold)
    /// The next order or answer has its time in so long.
    case due(ms: Int64)
    /// Another process is at what is left.
    case elsewhere
    /// A person must act.
    case person(code: Int32)

    enum Step: Equatable {
        /// Go on with what is on its way, for so long at most.
        case drive(ms: Int64)
        case idle(ms: Int64)
        case end
    }

    /// How often a slice that waits looks for what was submitted, or released by others, meanwhile.
    static let lookAroundMs: Int64 = 1000

    /// What a slice does that has so much time left. What it could not use is the host's: it does not sit out a wait that is
    /// longer, unless that is over soon: the host is then told to call again, and must not do so without a pause.
    func step(leftMs: Int64) -> Step {
        let bearableMs = max(leftMs, FlushWait.soonMs)
        switch self {
        case .nothing, .elsewhere, .person: return .end
        // Who waits for a slot keeps its turn only by asking.
        case .hub, .slot: return leftMs > 0 ? .drive(ms: min(leftMs, FlushWait.lookAroundMs)) : .end
        case .held(let hold):
            return leftMs > 0 && hold.ms <= bearableMs ? .drive(ms: min(hold.ms, leftMs, FlushWait.lookAroundMs)) : .end
        case .due(let ms):
            return leftMs > 0 && ms <= bearableMs ? .idle(ms: min(max(ms, 1), leftMs, FlushWait.lookAroundMs)) : .end
        }
    }

    /// What a call that ends here answers. "Again" only where a call now can do something.
    var status: Int32 {
        switch self {
        case .nothing: FLX_OK
        case .hub: FLX_AGAIN
        case .slot(let ms), .due(let ms): ms <= FlushWait.soonMs ? FLX_AGAIN : FLX_OK
        case .held(let hold): hold.ms <= FlushWait.soonMs ? FLX_AGAIN : FLX_OK
        case .elsewhere: FLX_BUSY
        case .person(let code): code
        }
    }

    private static let soonMs: Int64 = 2000

    /// When it makes sense to call again; -1 if nothing is left.
    var nextInMs: Int64 {
        switch self {
        case .nothing: -1
        case .hub: FlushWait.answerMs
        case .slot(let ms), .due(let ms): max(0, ms)
        case .held(let hold): hold.ms
        case .elsewhere: FlushWait.lookAroundMs
        case .person: FlushWait.personMs
        }
    }

    /// How soon an answer that is on its way may be here: a host that gives no time must not look without a pause.
    private static let answerMs: Int64 = 25

    /// How often it is worth a look whether a person has acted.
    private static let personMs: Int64 = 5 * 60_000

    /// A word for programs: see flx_flush() in the header.
    var word: StaticString {
        switch self {
        case .nothing: ""
        case .hub: "hub"
        case .slot: "rate_limit"
        case .held(.throttled): "throttled"
        case .held(.breaker): "breaker"
        case .held(.token): "token"
        case .due: "time"
        case .elsewhere: "another_process"
        case .person(let code): code == FLX_E_TOKEN ? "token" : "channel"
        }
    }

    /// For people: why nothing is sent; empty where that is no more than a matter of seconds.
    var message: String {
        switch self {
        case .nothing, .hub, .slot, .elsewhere, .person: ""
        case .due(let ms): ms > FlushWait.soonMs ? "what is left has its next attempt in \(ms / 1000) s" : ""
        case .held(.throttled(let ms)): "the hub asked to wait, for another \(ms / 1000) s"
        case .held(.breaker(let ms)): "the hub is failing; it is tried again in \(ms / 1000) s"
        case .held(.token(let ms)): "the hub refused the token several times; it is tried again in \(ms / 1000) s, set a new one"
        }
    }

    /// Of several waits the one that ends first; a person comes before all, and "nothing" after all.
    func sooner(_ other: FlushWait) -> FlushWait { rank <= other.rank ? self : other }

    private var rank: Int64 {
        switch self {
        case .person: -2
        case .hub: -1
        case .nothing: Int64.max
        case .elsewhere: Int64.max - 1
        case .slot, .held, .due: nextInMs
        }
    }
}
