import CFlxChannel

/// Failures in a row at one page of a walk, and until when that page is not asked for again.
struct PageFailures {
    /// What a failure asks for, by the monotonic clock.
    struct Wait {
        let until: Int64
        /// Until when the hub asked to wait, which the rate limit sees to.
        let askedUntil: Int64
        let error: ChannelError
    }

    enum Answer {
        case tryAgain
        /// It has lasted too long: the host is told, and may go on.
        case tell
        /// It will not pass.
        case stop
    }

    private(set) var count: Int64 = 0
    /// Those of them that were answers of a shape that the contract does not know.
    private var misfits = 0
    private(set) var wait: Wait?
    var patience: Patience

    /// A hub that fails for everybody is spared by the breaker; this is for one page.
    static let longestWaitMs: Int64 = 15_000
    /// One may be the page of a gateway at work; so many are no accident.
    private static let mostMisfits = 5

    init(patience: Patience) {
        self.patience = patience
    }

    /// - Parameter jitter: gives a number from 0 to its argument.
    mutating func failed(_ error: ChannelError, retryAfterMs: Int64?, now: Int64, jitter: (Int64) -> Int64) -> Answer {
        patience.wait(now: now)
        count += 1
        // What the hub asks for holds everybody back, in the rate limit: it may be lifted there.
        let waitMs = max(retryAfterMs ?? 0, Backoff.delayMs(attempt: count, jitter: jitter))
        wait = Wait(until: now &+ min(waitMs, PageFailures.longestWaitMs), askedUntil: now &+ (retryAfterMs ?? 0), error: error)
        if error.code == FLX_E_CONTRACT { misfits += 1 }
        let isMisfit = error.code == FLX_E_CONTRACT && misfits >= PageFailures.mostMisfits
        guard isMisfit || patience.ranOut(now: now) else { return .tryAgain }
        (count, misfits) = (0, 0)
        return isMisfit ? .stop : .tell
    }

    /// The page came.
    mutating func ended() {
        (count, misfits, wait) = (0, 0, nil)
        patience.rest()
    }
}
