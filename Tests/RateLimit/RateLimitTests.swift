import Testing

@testable import FlxChannel

/// The rule over one token's requests, with times handed in.
@Suite struct RateLimitTests: RateLimitRig {
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

    /// where nobody polls, what is due to polls is no probe's for ever.
    @Test func r06_waitingOrderGoesBeforeProbesThatHadEachSlotSoFar() {
        var state = RateLimit()
        for now in stride(from: Int64(0), to: 20_000, by: 2000) { answer(&state, grant(&state, now, .probe), now + 10) }
        let both = [grant(&state, 30_000, .probe), grant(&state, 30_000, .probe)]
        #expect(grant(&state, 30_005, .order) == nil)  // it waits now
        for one in both { answer(&state, one, 30_010) }

        _ = grant(&state, 30_900, .order)  // asks again
        #expect(grant(&state, 31_020, .probe) == nil)
        #expect(grant(&state, 31_020, .order) != nil)
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
}
