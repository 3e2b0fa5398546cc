import Testing

@testable import FlxChannel

/// Pool headers are believed within bounds, and another pool needs a second answer (L-02).
@Suite struct TokenBucketTests {
    private let full = PoolHeaders(size: 40, used: 1, refillMilli: 2000)

    /// Whatever the headers say, as long as they may be those of a limiter.
    @Test(arguments: [1, 2, 16, 17, 40, 1000, 10_000] as [Int64], [100, 700, 2000, 1_000_000] as [Int64])
    func noPoolHoldsATokenForMoreThanAMinute(_ size: Int64, _ refillMilli: Int64) {
        for priority in [RequestPriority.order, .answer, .poll, .probe] {
            for widen in [1000, 8000] as [Int64] {
                var state = RateLimit()
                state.widen = widen
                let headers = PoolHeaders(size: size, used: size + max(10, size / 10), refillMilli: refillMilli)
                #expect(headers != nil)
                state.answer(state.ticket(0), 0, pool: headers)

                #expect(state.ticket(60_000, priority) != nil)
            }
        }
    }

    @Test func pollIsAskedOfAFullSlowPoolOnceAMinute() {
        var state = RateLimit()
        let slow = PoolHeaders(size: 1000, used: 1100, refillMilli: 100)
        state.answer(state.ticket(0), 0, pool: slow)
        #expect(state.ticket(59_999, .poll) == nil)
        let asked = state.ticket(60_000, .poll)
        #expect(asked != nil)
        #expect(state.ticket(60_000, .poll) == nil)

        state.answer(asked, 60_100, pool: slow)
        #expect(state.ticket(120_099, .poll) == nil)
        #expect(state.ticket(120_100, .poll) != nil)
    }

    @Test(arguments: [
        PoolHeaders(size: 4, used: 4, refillMilli: 2000), PoolHeaders(size: 40, used: 40, refillMilli: 100),
        PoolHeaders(size: 10_000, used: 0, refillMilli: 1_000_000),
    ])
    func oneAnswerOfAnotherPoolChangesNothingAndTwoDo(_ other: PoolHeaders?) throws {
        var state = RateLimit()
        state.answer(state.ticket(0), 0, pool: full)
        let other = try #require(other)
        state.answer(state.ticket(10), 20, pool: other)
        #expect(state.pool?.shape == TokenBucket.Shape(size: 40, refillMilli: 2000))
        #expect(state.pool?.level(20) == 1960)  // what the model had, and one more
        state.answer(state.ticket(30), 40, pool: full)
        #expect(state.pool?.rival == nil)

        state.answer(state.ticket(50), 60, pool: other)
        state.answer(state.ticket(70), 80, pool: other)
        #expect(state.pool?.shape == TokenBucket.Shape(size: other.size, refillMilli: other.refillMilli))
        #expect(state.pool?.witnesses == 2)
    }

    @Test func poolThatChangesByHalfAtMostIsBelievedAtOnce() {
        var state = RateLimit()
        state.answer(state.ticket(0), 0, pool: full)
        state.answer(state.ticket(10), 20, pool: PoolHeaders(size: 20, used: 2, refillMilli: 1000))

        #expect(state.pool?.shape == TokenBucket.Shape(size: 20, refillMilli: 1000))
        #expect(state.pool?.witnesses == 2)
    }

    /// A hub that counts after it told says 0 to the first request.
    @Test(arguments: [(0, 1000), (1, 1000), (7, 7000)] as [(Int64, Int64)])
    func firstAnswerOfAPoolCountsItsOwnRequest(_ used: Int64, _ level: Int64) {
        var state = RateLimit()
        state.answer(state.ticket(0), 0, pool: PoolHeaders(size: 40, used: used, refillMilli: 2000))
        #expect(state.pool?.level(0) == level)
    }

    /// Else a small shop pays half a second for a fraction.
    @Test func headersThatRoundUpTakeNoPlace() {
        var (state, level, at, granted) = (RateLimit(), 0, Int64(0), 0)
        for now in stride(from: Int64(0), through: 10_000, by: 10) {
            guard let ticket = state.ticket(now, .poll) else { continue }
            (level, at, granted) = (max(0, level - Int(now - at) * 2) + 1000, now, granted + 1)
            #expect(level <= 38_000 || level - 38_000 < 100)
            state.answer(ticket, now, pool: PoolHeaders(size: 40, used: Int64(level + 999) / 1000, refillMilli: 2000))
        }
        #expect(granted == 38 + 20)
    }

    @Test func whatSomebodyElseSpentCountsInFull() {
        var state = RateLimit()
        state.answer(state.ticket(0), 0, pool: full)
        state.answer(state.ticket(10), 10, pool: PoolHeaders(size: 40, used: 9, refillMilli: 2000))
        #expect(state.pool?.level(10) == 9000)
    }
}
