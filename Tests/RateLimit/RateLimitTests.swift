import Testing

@testable import FlxChannel

/// The rule over one token's requests, with times handed in.
@Suite struct RateLimitTests {
    private func grant(_ state: inout RateLimit, _ now: Int64, _ priority: RequestPriority = .order) -> Permit? {
        guard case .granted(let ticket) = state.reserve(now: now, priority: priority, boundMs: 10_000, jitter: { _ in 0 }) else {
            return nil
        }
        return ticket
    }

    private func answer(
        _ state: inout RateLimit, _ ticket: Permit?, _ now: Int64, _ status: Int = 200, pool: PoolHeaders? = nil,
        retryAfterMs: Int64? = nil
    ) {
        state.answered(
            ticket ?? 0, now: now, RateLimitAnswer(status: status, pool: pool, retryAfterMs: retryAfterMs), jitter: { _ in 0 })
    }

    @Test func blindRuleGrantsTwoAndThenOneSecondAfterTheAnswer() {
        var state = RateLimit()
        let first = grant(&state, 1000)
        let second = grant(&state, 1000)
        #expect(first != nil && second != nil)
        #expect(grant(&state, 1900) == nil)  // both outstanding

        answer(&state, first, 2000)
        #expect(grant(&state, 2999) == nil)
        #expect(grant(&state, 3000) != nil)
        #expect(grant(&state, 3000) == nil)
    }

    @Test func waitNamesTheMomentOfTheNextSlot() {
        var state = RateLimit()
        let first = grant(&state, 0)
        let second = grant(&state, 0)
        answer(&state, first, 100)
        answer(&state, second, 300)

        #expect(state.reserve(now: 400, priority: .order, boundMs: 1000) == .wait(700))
    }

    @Test func r08_slotOfADeadProcessComesBackOneSecondAfterItsBound() {
        var state = RateLimit()
        _ = grant(&state, 0)
        _ = grant(&state, 0)

        #expect(grant(&state, 10_999) == nil)
        #expect(grant(&state, 11_000) != nil)
    }

    @Test func releasedSlotIsFreeAtOnce() {
        var state = RateLimit()
        let first = grant(&state, 0)
        _ = grant(&state, 0)
        state.released(first ?? 0)

        #expect(grant(&state, 0) != nil)
    }

    @Test func failedRequestCountsOnlyIfItMayHaveArrived() {
        var state = RateLimit()
        let first = grant(&state, 0)
        let second = grant(&state, 0)
        state.failed(first ?? 0, now: 10, RateLimitFailure(arrived: true), jitter: { _ in 0 })
        state.failed(second ?? 0, now: 10, RateLimitFailure(arrived: false), jitter: { _ in 0 })

        #expect(grant(&state, 10) != nil)
        #expect(grant(&state, 10) == nil)
    }

    @Test func r02_throttleWithoutHintWaitsOneSecondThenLonger() {
        var state = RateLimit()
        var now: Int64 = 0
        var waits: [Int64] = []
        for _ in 0..<4 {
            while true {
                if let ticket = grant(&state, now) {
                    answer(&state, ticket, now, 429)
                    break
                }
                now += 10
            }
            waits.append(state.pausedUntil - now)
            now = state.pausedUntil
        }
        #expect(waits == [1000, 1000, 1000, 1000])  // without jitter

        var jittered = RateLimit()
        jittered.throttles = 6
        jittered.answered(0, now: 0, RateLimitAnswer(status: 429), jitter: { $0 })
        #expect(jittered.pausedUntil == 64_000)
        jittered.throttles = 25
        jittered.answered(0, now: 0, RateLimitAnswer(status: 429), jitter: { $0 })
        #expect(jittered.pausedUntil == 300_000)
    }

    @Test func r03_hintIsObeyedToTheMillisecondByEverybody() {
        var state = RateLimit()
        answer(&state, grant(&state, 0, .order), 50, 429, retryAfterMs: 120_000)

        for priority in [RequestPriority.order, .answer, .poll, .probe] { #expect(grant(&state, 120_049, priority) == nil) }
        #expect(state.hold(now: 120_049) == .throttled(ms: 1))
        #expect(grant(&state, 120_050, .order) != nil)
    }

    @Test func r11_unavailableWithHintPausesToo() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 50, 503, retryAfterMs: 5000)

        #expect(grant(&state, 5049) == nil)
        #expect(grant(&state, 5050) != nil)
    }

    @Test func r02_orderThatAskedInAPauseIsFirstAtItsEnd() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 50, 503, retryAfterMs: 5000)
        #expect(grant(&state, 1000, .order) == nil)

        #expect(grant(&state, 5060, .poll) == nil)
        #expect(grant(&state, 5070, .order) != nil)
        #expect(grant(&state, 5080, .poll) != nil)
    }

    /// its host rests a fifth of a second between two slices of a flush, and asks again up to a fifth after that.
    @Test func orderWhoseHostRestsBetweenSlicesKeepsItsTurn() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 50, 503, retryAfterMs: 5000)
        #expect(grant(&state, 1000, .order) == nil)

        #expect(grant(&state, 5060, .poll) == nil)
        #expect(grant(&state, 5050 + 450, .poll) == nil)
        #expect(grant(&state, 5050 + 460, .order) != nil)
    }

    @Test func orderThatAskedInAPauseAndLeftHoldsNobodyBack() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 50, 503, retryAfterMs: 5000)
        #expect(grant(&state, 1000, .order) == nil)

        #expect(grant(&state, 5050 + PriorityShares.orderWaitingMs, .poll) != nil)
    }

    @Test func orderThatAskedOfAFailingHubAndLeftHoldsNobodyBackOnceTheHubIsBack() {
        var state = RateLimit()
        (state.breaker.failures, state.breaker.openUntil) = (5, 0)
        let probe = grant(&state, 1000, .poll)
        #expect(grant(&state, 1100, .order) == nil)
        answer(&state, probe, 1200)

        #expect(grant(&state, 1100 + PriorityShares.orderWaitingMs, .poll) != nil)
    }

    @Test func pollsOfTwoProcessesTakeTurnsWhenTheyMayUseOnePlace() {
        var state = RateLimit()
        func poll(_ owner: UInt64, _ now: Int64) -> Permit? {
            guard
                case .granted(let ticket) = state.reserve(
                    now: now, priority: .poll, boundMs: 10_000, owner: owner, jitter: { _ in 0 })
            else { return nil }
            return ticket
        }
        let first = poll(1, 0)
        #expect(poll(2, 40) == nil)  // the other's is on the wire
        answer(&state, first, 100)

        #expect(poll(1, 101) == nil)
        #expect(poll(2, 120) != nil)
    }

    @Test func throttlesOfOneWaveCountOnce() {
        var state = RateLimit()
        let first = grant(&state, 0)
        let second = grant(&state, 0)
        answer(&state, first, 100, 429)
        answer(&state, second, 110, 429)

        #expect(state.throttles == 1)
        #expect(state.widen == 1500)
    }

    @Test func r05_blindThrottleWidensAndSuccessNarrows() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 100, 429)
        #expect(state.widen == 1500)
        #expect(state.windowLimit == 1)
        #expect(state.windowLengthMs == 750)

        answer(&state, grant(&state, 5000), 5100)
        #expect(state.widen == 1500)
        answer(&state, grant(&state, 31_000), 31_100)
        #expect(state.widen == 1350)
    }

    @Test func r06_waitingOrderGoesBeforePollsAndAnswers() {
        var state = RateLimit()
        let first = grant(&state, 0)
        _ = grant(&state, 0)
        #expect(grant(&state, 10, .order) == nil)  // it waits now
        answer(&state, first, 100)

        _ = grant(&state, 1000, .order)  // asks again, as whoever waits does
        #expect(grant(&state, 1100, .poll) == nil)
        #expect(grant(&state, 1100, .answer) == nil)
        #expect(grant(&state, 1100, .probe) == nil)
        #expect(grant(&state, 1100, .order) != nil)
    }

    @Test func orderThatWaitsNoLongerHoldsNobodyBack() {
        var state = RateLimit()
        _ = grant(&state, 0)
        _ = grant(&state, 0)
        _ = grant(&state, 10, .order)

        #expect(grant(&state, 20_000, .poll) != nil)
    }

    @Test func r07_pollsAndAnswersGetAnEighthEach() {
        var state = RateLimit()
        var now: Int64 = 0
        var granted: [RequestPriority] = []
        while granted.count < 160 {
            for priority in [RequestPriority.order, .answer, .poll] {
                while let ticket = grant(&state, now, priority) {
                    granted.append(priority)
                    answer(&state, ticket, now + 50)
                }
            }
            now += 100
        }
        #expect(granted.count { $0 == .poll } >= 20)
        #expect(granted.count { $0 == .answer } >= 19)
        #expect(granted.count { $0 == .order } >= 115)
    }

    @Test func whoMissedASlotFirstGetsTheNext() {
        var state = RateLimit()
        func ask(_ now: Int64, _ owner: UInt64) -> Permit? {
            guard case .granted(let ticket) = state.reserve(now: now, priority: .order, boundMs: 10_000, owner: owner) else {
                return nil
            }
            return ticket
        }
        let first = ask(0, 1)
        let second = ask(0, 1)
        answer(&state, first, 100)
        answer(&state, second, 100)
        #expect(ask(200, 2) == nil)  // misses it first, waits 900
        #expect(ask(300, 1) == nil)
        #expect(ask(1000, 2) == nil)  // asks again, as whoever waits does
        #expect(ask(1000, 1) == nil)

        #expect(ask(1100, 1) == nil)
        #expect(ask(1100, 2) != nil)
        #expect(ask(1100, 2) == nil)  // wants more, behind 1
        #expect(ask(1100, 1) != nil)
        #expect(ask(1100, 1) == nil)
        #expect(ask(20_000, 1) != nil)  // 2 went away
    }

    @Test func answersGoBeforePolls() {
        var state = RateLimit()
        let first = grant(&state, 0)
        _ = grant(&state, 0)
        _ = grant(&state, 10, .answer)
        answer(&state, first, 100)
        _ = grant(&state, 1000, .answer)  // asks again, as whoever waits does

        #expect(grant(&state, 1100, .poll) == nil)
        #expect(grant(&state, 1100, .answer) != nil)
    }

    @Test func n21_breakerOpensAfterFiveFailuresAndProbesEveryThirtySeconds() {
        var state = RateLimit()
        var now: Int64 = 0
        for _ in 0..<5 {
            let ticket = grant(&state, now)
            #expect(ticket != nil)
            state.failed(ticket ?? 0, now: now, RateLimitFailure(arrived: false), jitter: { _ in 0 })
            now += 10
        }
        var grants: [Int64] = []
        while now < 600_000 {
            if let ticket = grant(&state, now, .order) {
                grants.append(now)
                state.failed(ticket, now: now, RateLimitFailure(arrived: false), jitter: { _ in 0 })
            }
            now += 10
        }
        #expect((19...20).contains(grants.count))
        #expect(zip(grants, grants.dropFirst()).allSatisfy { $1 - $0 >= 30_000 })

        var probe: Permit?
        while probe == nil {
            now += 10
            probe = grant(&state, now)
        }
        answer(&state, probe, now)
        #expect(!state.breaker.isOpen)
        #expect(grant(&state, now + 2000) != nil)
        #expect(grant(&state, now + 2000) != nil)
    }

    @Test func h01_serverErrorsOpenTheBreakerAndThrottlesDoNot() {
        var failing = RateLimit()
        for at in 0..<5 { answer(&failing, grant(&failing, Int64(at) * 2000), Int64(at) * 2000 + 10, 502) }
        #expect(failing.breaker.isOpen)

        var throttled = RateLimit()
        for at in 0..<9 { answer(&throttled, grant(&throttled, Int64(at) * 400_000), Int64(at) * 400_000 + 10, 429) }
        #expect(!throttled.breaker.isOpen)
    }

    @Test func onlyOneProbeIsOnItsWay() {
        var state = RateLimit()
        state.breaker.failures = 5
        state.breaker.openUntil = 0
        #expect(grant(&state, 1) != nil)
        #expect(grant(&state, 31_000) == nil)  // the first has not come back
    }

    @Test func probeThatWasNeverSentMakesRoomForAnother() {
        var state = RateLimit()
        state.breaker.failures = 5
        let probe = grant(&state, 1)
        state.released(probe ?? 0)

        #expect(grant(&state, 2) != nil)
    }

    @Test func n21_probeThatWasLeftMakesNoRoomForAnother() {
        var state = RateLimit()
        (state.breaker.failures, state.breaker.openUntil) = (5, 0)
        let probe = grant(&state, 1)
        state.failed(
            probe ?? 0, now: 100, RateLimitFailure(arrived: true, isTravelling: true, countsAgainstHub: false), jitter: { _ in 0 })

        #expect(grant(&state, 30_000) == nil)
        #expect(grant(&state, 30_001) != nil)
    }

    @Test func h12_probeOfARefusedTokenThatWasLeftMakesNoRoomForAnother() {
        var state = RateLimit()
        state.token.refusals = AuthBreaker.threshold
        let probe = grant(&state, 1)
        state.failed(
            probe ?? 0, now: 100, RateLimitFailure(arrived: true, isTravelling: true, countsAgainstHub: false), jitter: { _ in 0 })

        #expect(grant(&state, AuthBreaker.probeEveryMs) == nil)
        #expect(grant(&state, AuthBreaker.probeEveryMs + 1) != nil)
    }

    @Test func t01_certificateFaultHoldsForFiveMinutes() {
        var state = RateLimit()
        state.failed(grant(&state, 0) ?? 0, now: 0, RateLimitFailure(arrived: false, certificate: true), jitter: { _ in 0 })

        #expect(grant(&state, 299_999) == nil)
        #expect(grant(&state, 300_000) != nil)
    }

    @Test func h12_thirdRefusedTokenPausesWithAProbeEveryFiveMinutes() {
        var state = RateLimit()
        for at in [0, 2000, 4000] as [Int64] { answer(&state, grant(&state, at), at + 10, at == 2000 ? 403 : 401) }

        #expect(grant(&state, 304_000) == nil)
        #expect(state.hold(now: 304_000) == .token(ms: 10))
        let probe = grant(&state, 304_010)
        #expect(probe != nil)
        #expect(grant(&state, 306_000) == nil)
        answer(&state, probe, 304_020)
        #expect(grant(&state, 306_000) != nil)
    }

    @Test func refusedTokensNotInARowDoNotPause() {
        var state = RateLimit()
        for (at, status) in [(0, 401), (2000, 401), (4000, 200), (6000, 401), (8000, 401)] as [(Int64, Int)] {
            answer(&state, grant(&state, at), at + 10, status)
        }
        #expect(grant(&state, 10_000) != nil)
    }

    // MARK: Pool

    private let full = PoolHeaders(size: 40, used: 1, refillMilli: 2000)

    @Test func poolIsSpentDownToOnePlaceByOrdersAndToTwoByOthers() {
        for (priority, most) in [(RequestPriority.order, 38), (.answer, 37), (.poll, 37)] as [(RequestPriority, Int)] {
            var state = RateLimit()
            answer(&state, grant(&state, 0), 0, pool: full)
            var granted = 0
            while grant(&state, 0, priority) != nil { granted += 1 }
            #expect(granted == most)
        }
    }

    @Test func smallPoolLetsPollsThrough() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 0, pool: PoolHeaders(size: 4, used: 1, refillMilli: 2000))
        #expect(grant(&state, 500, .poll) != nil)
        for size in [1, 2, 3] as [Int64] {
            var tiny = RateLimit()
            answer(&tiny, grant(&tiny, 0), 0, pool: PoolHeaders(size: size, used: 1, refillMilli: 1000))
            #expect(grant(&tiny, 5000, .poll) != nil)
        }
    }

    @Test func poolThatOthersSpendIsBelieved() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 0, pool: full)
        answer(&state, grant(&state, 10), 10, pool: PoolHeaders(size: 40, used: 39, refillMilli: 2000))

        #expect(grant(&state, 20, .order) == nil)
        #expect(grant(&state, 2000, .order) != nil)
    }

    @Test func poolHeadersThatGoAwayBringTheBlindRuleBack() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 0, pool: full)
        answer(&state, grant(&state, 10), 10)

        #expect(state.pool == nil)
        #expect(grant(&state, 20) == nil)
    }

    @Test func throttleWhileLegalUnderThePoolDistrustsItForADay() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 0, pool: full)
        answer(&state, grant(&state, 10), 20, 429, pool: PoolHeaders(size: 40, used: 2, refillMilli: 2000))
        #expect(state.pool == nil)

        answer(&state, grant(&state, 5000), 5010, pool: full)
        #expect(state.pool == nil)
        answer(&state, grant(&state, 24 * 3_600_000 + 20), 24 * 3_600_000 + 30, pool: full)
        #expect(state.pool != nil)
    }

    @Test func throttleThatThePoolHeadersExplainDoesNotDistrustThem() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 0, pool: full)
        answer(&state, grant(&state, 10), 20, 429, pool: PoolHeaders(size: 40, used: 40, refillMilli: 2000))

        #expect(state.pool != nil)
        #expect(state.distrustUntil == 0)
        #expect(state.pausedUntil > 20)
    }

    @Test(
        arguments: [
            (0, 0, 2), (40, -1, 2), (40, 1, 0), (10_001, 1, 2000),
            (40, 40, 1), (40, 1_000_000, 1), (100_000, 1_000_000, 2000), (40, 51, 2000), (40, 40, 99), (40, 40, 1_000_001),
        ] as [(Int64, Int64, Int64)])
    func absurdPoolHeadersAreNone(_ size: Int64, _ used: Int64, _ refill: Int64) {
        #expect(PoolHeaders(size: size, used: used, refillMilli: refill) == nil)
    }

    @Test func refillMayBeAFractionOfARequest() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 0, pool: PoolHeaders(size: 4, used: 3, refillMilli: 700))

        #expect(grant(&state, 1428) == nil)  // it may hold 4, one is kept free: one has to leave, in 1428.6 ms
        #expect(grant(&state, 1429) != nil)
        #expect(grant(&state, 1429) == nil)
    }

    /// A pool that holds a second's worth may as well be a window: two at once, and two more a second after their answers.
    @Test func poolOfOneSecondIsLimitedAsAWindow() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 100, pool: PoolHeaders(size: 2, used: 2, refillMilli: 2000))
        #expect(state.windowLimit == 2)
        #expect(state.windowLengthMs == 1000)

        let second = grant(&state, 100)
        #expect(second != nil)
        #expect(grant(&state, 1099) == nil)
        answer(&state, second, 600, pool: PoolHeaders(size: 2, used: 2, refillMilli: 2000))
        #expect(grant(&state, 1100) != nil)
        #expect(grant(&state, 1599) == nil)
        #expect(grant(&state, 1600) != nil)
    }

    @Test func throttleThatThePoolHeadersExplainKeepsMoreFree() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 0, pool: full)
        answer(&state, grant(&state, 10), 20, 429, pool: PoolHeaders(size: 40, used: 40, refillMilli: 2000))
        #expect(state.widen == 1500)

        state.pausedUntil = 0
        state.pool?.usedMilli = 37_000
        #expect(grant(&state, 20) == nil)
        state.widen = 1000
        #expect(grant(&state, 20) != nil)
    }

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
