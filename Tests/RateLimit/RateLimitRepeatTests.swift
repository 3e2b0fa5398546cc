import Testing

@testable import FlxChannel

/// The rule over repeats, and over hosts that went away.
@Suite struct RateLimitRepeatTests: RateLimitRig {
    // MARK: A host that went away

    @Test func pollLeavesThePlaceOfAnOrder() {
        var state = RateLimit()
        #expect(grant(&state, 0, .poll) != nil)
        #expect(grant(&state, 0, .poll) == nil)
        #expect(grant(&state, 0, .answer) == nil)

        #expect(grant(&state, 0, .order) != nil)
    }

    @Test func orderGoesInTheNextSlotAlthoughAPollsHostSleeps() {
        var state = RateLimit()
        answer(&state, grant(&state, 0, .poll), 50)
        let sleeping = grant(&state, 60, .poll)
        state.left([sleeping ?? 0], now: 70)
        #expect(grant(&state, 80, .order) == nil)

        #expect(grant(&state, 1050, .order) != nil)
    }

    @Test func pollWhoseHostSleepsHoldsItsPlaceForATripOnly() {
        var state = RateLimit()
        state.left([grant(&state, 0, .poll) ?? 0], now: 10)

        #expect(grant(&state, 5009, .poll) == nil)
        #expect(grant(&state, 5010, .poll) != nil)
    }

    @Test func givenUpRequestCountsUntilItMustHaveArrived() {
        var state = RateLimit()
        let first = grant(&state, 0)
        let second = grant(&state, 0)
        state.failed(first ?? 0, now: 10, RateLimitFailure(arrived: true, isTravelling: true), jitter: { _ in 0 })
        answer(&state, second, 10)

        #expect(grant(&state, 1010) != nil)
        #expect(grant(&state, 6009) == nil)
        #expect(grant(&state, 6010) != nil)
    }

    // MARK: Repeats

    /// A hub at which every second request fails.
    @Test func h01_repeatsAreATenthOfFirstAttemptsOnceTheBudgetIsSpent() {
        var state = RateLimit()
        state.repeats.milli = 0
        var firsts = 0
        var repeats = 0
        for now in stride(from: 0, to: 3_600_000, by: 500) as StrideTo<Int64> {
            if case .granted(let ticket) = state.reserve(now: now, priority: .poll, boundMs: 10_000, isRepeat: true) {
                repeats += 1
                answer(&state, ticket, now, repeats % 2 == 0 ? 200 : 502)
            } else if let ticket = grant(&state, now, .poll) {
                firsts += 1
                answer(&state, ticket, now)
            }
        }
        #expect(firsts > 3000)
        #expect(repeats <= firsts / 10 + 361)
        #expect(repeats >= 360)
    }

    @Test func repeatsThatMayNotGoHoldNobodyBack() {
        var state = RateLimit()
        state.repeats = RetryBudget(milli: 0, nextAt: 5000)
        #expect(state.reserve(now: 0, priority: .order, boundMs: 1000, owner: 1, isRepeat: true) == .repeatsWait(5000))

        #expect(state.reserve(now: 0, priority: .poll, boundMs: 1000, owner: 2) == .granted(1))
    }

    @Test func probeOfAnOutageGoesWhateverTheRepeatsAndItsSuccessFillsThemUp() {
        var state = RateLimit()
        state.repeats = RetryBudget(milli: 0, nextAt: 1_000_000)
        state.breaker.failures = 5
        guard case .granted(let probe) = state.reserve(now: 10, priority: .order, boundMs: 1000, isRepeat: true) else {
            Issue.record("no probe")
            return
        }
        answer(&state, probe, 20)

        #expect(state.repeats.milli == RetryBudget.mostMilli)
    }
}
