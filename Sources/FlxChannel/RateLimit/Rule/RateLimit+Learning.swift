/// What the rate limiter learns from the ends of its requests.
extension RateLimit {
    private static let longestThrottleMs: Int64 = 5 * 60_000
    static let distrustMs: Int64 = 24 * 3_600_000
    /// No pause is longer (decision 19).
    static let longestPauseMs = AskedWait.throttledMs
    private static let widest: Int64 = 8000

    /// The request of `ticket` was answered at `now`. A ticket that is not known any more still teaches.
    mutating func answered(
        _ ticket: Permit, now: Int64, _ answer: RateLimitAnswer, jitter: (Int64) -> Int64 = { Random.upTo($0) }
    ) {
        let request = end(ticket, now)
        learnPool(answer, request, now)
        switch answer.status {
        case 429:
            throttled(answer, request, now, jitter)
            token.released(ticket)
        case 401 where answer.isOptional, 403 where answer.isOptional:
            token.released(ticket)
            calm(now)
        case 401, 403:
            token.refused(ticket, now: now)
            calm(now)
        case 500...:
            token.released(ticket)
            calm(now)
        default:
            token.accepted()
            calm(now)
        }
        if AskedWait.asksToWait(answer.status) {
            hint.refused(ticket)
            if answer.status == 429 || answer.retryAfterMs != nil { (pausedBy, pausedAt) = (Int64(answer.status), now) }
            if let wait = answer.retryAfterMs { pause(wait, answer.status, now) }
        } else {
            hint.succeeded(ticket, reservedAt: request?.reservedAt)
        }
        if answer.status >= 500, answer.isOfOneRecord {
            breaker.released(ticket, wasSent: true)  // P-20: a hub that is down fails at lists and orders too
        } else if answer.status >= 500 {
            breaker.failed(ticket, now: now, certificate: false, jitter)
        } else {
            if breaker.isOpen { repeats.fill() }
            breaker.succeeded()
        }
    }

    /// The request of `ticket` ended without an answer.
    mutating func failed(
        _ ticket: Permit, now: Int64, _ failure: RateLimitFailure, jitter: (Int64) -> Int64 = { Random.upTo($0) }
    ) {
        if failure.arrived, failure.isTravelling {
            left([ticket], now: now)
        } else if failure.arrived {
            _ = end(ticket, now)
            pool?.add(1, now: now)
        } else {
            requests.removeAll { $0.ticket == ticket }
        }
        token.released(ticket, wasSent: failure.arrived)
        hint.released(ticket, now: now, wasSent: failure.arrived)
        if failure.countsAgainstHub {
            breaker.failed(ticket, now: now, certificate: failure.certificate, jitter)
        } else {
            breaker.released(ticket, wasSent: failure.arrived)
        }
    }

    /// Marks the request as answered and returns it as it was.
    private mutating func end(_ ticket: Permit, _ now: Int64) -> Request? {
        guard let index = requests.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        let request = requests[index]
        if request.answeredAt == 0 { settle(index, at: now) }  // else it had run out: somebody else may have its place
        return request
    }

    /// Keeps a wait that the hub asked for, up to its bound.
    private mutating func pause(_ wait: Int64, _ status: Int, _ now: Int64) {
        let most = AskedWait.mostMs(status)
        if wait > most { hint.cut(now: now) }
        pausedUntil = max(pausedUntil, now + min(wait, most))
    }

    private mutating func learnPool(_ answer: RateLimitAnswer, _ request: Request?, _ now: Int64) {
        guard now >= distrustUntil else {
            pool = nil
            return
        }
        if let headers = answer.pool {
            let overlapped = request?.overlapped ?? RateLimit.unknownOverlap
            pool = pool?.corrected(by: headers, overlapped: overlapped, now: now) ?? TokenBucket(headers, now: now)
        } else if answer.status < 500 {
            pool = nil  // the hub does not tell any more; a gateway's 5xx says nothing of that
        }
    }

    /// What a forgotten request may have overlapped with.
    private static let unknownOverlap = Int64(capacity)

    /// One 429 of each wave counts: others that were on their way with it say nothing new.
    private mutating func throttled(_ answer: RateLimitAnswer, _ request: Request?, _ now: Int64, _ jitter: (Int64) -> Int64) {
        let isNewWave = request.map { $0.reservedAt >= throttledAt } ?? true
        if isNewWave {
            throttles = min(throttles + 1, 30)
            throttledAt = now
        }
        let isExplained = answer.pool.map { $0.used >= $0.size } ?? false
        if request?.byPool ?? false, !isExplained {
            distrustUntil = now + RateLimit.distrustMs
            pool = nil
        } else if isNewWave {  // somebody else spends too
            widen = min(widen * 3 / 2, RateLimit.widest)
            widenedAt = now
        }
        let ceiling = Backoff.ceilingMs(attempt: throttles, baseMs: 1000, capMs: RateLimit.longestThrottleMs)
        let own = 1000 + (throttles > 1 ? jitter(ceiling - 1000) : jitter(250))
        pausedUntil = max(pausedUntil, now + own)
    }

    /// An answer that is no 429: the backoff ends, and a widened window shrinks a tenth every 30 s.
    private mutating func calm(_ now: Int64) {
        throttles = 0
        if widen > 1000, now - widenedAt >= 30_000 {
            widen = max(1000, widen * 9 / 10)
            widenedAt = now
        }
    }
}
