/// How far what a file says is believed.
extension RateLimit {
    /// What to assume when nothing is known: two requests were answered just now.
    static func conservative(now: Int64) -> RateLimit {
        var state = RateLimit()
        for byte in Random.distinct(6) { state.nextTicket = state.nextTicket << 8 | UInt64(byte) }  // none of before returns
        for _ in 0..<2 {
            state.requests.append(
                Request(ticket: state.nextTicket, reservedAt: now, expiresAt: now, answeredAt: max(1, now), byPool: false))
            state.nextTicket += 1
        }
        return state
    }

    /// Whether the rules could have made this state by `now`.
    func isPlausible(now: Int64) -> Bool {
        let day: Int64 = 24 * 3_600_000  // no request lasts longer
        let slack: Int64 = 1000  // a report is of the end of its millisecond, which may be read within it
        let past = 0...(now + slack)
        func isWait(_ until: Int64, _ longest: Int64) -> Bool { (0...(now + longest + slack)).contains(until) }
        return nextTicket != 0
            && isWait(distrustUntil, RateLimit.distrustMs) && isWait(pausedUntil, RateLimit.longestPauseMs)
            && past.contains(throttledAt) && past.contains(widenedAt)
            && (0...30).contains(throttles) && (1000...8000).contains(widen) && (0...RetryBudget.mostMilli).contains(repeats.milli)
            && (0...1_000_000).contains(shares.sinceAnswer) && (0...1_000_000).contains(shares.sincePoll)
            && [shares.orderUntil, shares.answerUntil, shares.pollUntil].allSatisfy {
                isWait($0, RateLimit.longestPauseMs + PriorityShares.orderWaitingMs)
            }
            && isWait(repeats.nextAt, RetryBudget.everyMs)
            && turns.lines.allSatisfy { $0.allSatisfy { isWait($0.until, FairQueue.longestMs) } }
            && (0...1_000_000).contains(breaker.failures) && isWait(breaker.openUntil, 3_600_000)
            && isWait(breaker.probeUntil, 3_600_000)
            && (0...599).contains(pausedBy) && past.contains(pausedAt) && past.contains(hint.cutAt)
            && isWait(hint.probeUntil, 3_600_000)
            && (0...1_000_000).contains(token.refusals) && isWait(token.nextProbeAt, 3_600_000)
            && requests.allSatisfy {
                past.contains($0.reservedAt) && past.contains($0.answeredAt) && isWait($0.expiresAt, day)
                    && (0...1_000_000).contains($0.overlapped)
            }
            && (pool.map {
                isPossible($0.shape) && ($0.rival.map(isPossible) ?? true) && (1...1_000_000).contains($0.witnesses)
                    && past.contains($0.at) && (0...10_000_000_000).contains($0.usedMilli)
            } ?? true)
    }

    private func isPossible(_ shape: TokenBucket.Shape) -> Bool {
        PoolHeaders(size: shape.size, used: 0, refillMilli: shape.refillMilli) != nil
    }
}
