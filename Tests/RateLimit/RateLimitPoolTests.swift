import Testing

@testable import FlxChannel

/// The rule where the hub tells its pool of requests.
@Suite struct RateLimitPoolTests: RateLimitRig {
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
}
