import Testing

@testable import FlxChannel

/// A wait that the hub asks for has an end (decision 19).
@Suite struct RateLimitHintTests {
    private static let week: Int64 = 7 * 86_400_000

    @Test(arguments: [(429, 3_600_000), (503, 900_000), (500, 900_000), (408, 900_000), (425, 900_000)] as [(Int, Int64)])
    func longHintIsCutAndThenOneRequestAtATimeAsks(_ status: Int, _ most: Int64) {
        var state = RateLimit()
        state.answer(state.ticket(0), 50, status, retryAfterMs: Self.week)
        #expect(state.ticket(50 + most - 1) == nil)
        #expect(state.hold(now: 50 + most - 1) == .throttled(ms: 1))

        let probe = state.ticket(50 + most)
        #expect(probe != nil)
        #expect(state.ticket(50 + most + 119_999) == nil)
        state.answer(probe, 120_000 + most)
        #expect(state.hint == RateLimitHint())
        #expect(state.ticket(122_000 + most) != nil)
    }

    @Test func hintWithinItsBoundNeedsNoProbe() {
        var state = RateLimit()
        state.answer(state.ticket(0), 50, 429, retryAfterMs: 3_600_000)

        #expect(state.ticket(3_600_050) != nil)
        #expect(state.hint == RateLimitHint())
    }

    @Test func probeThatIsToldToWaitAgainWaitsAsLongAgain() {
        var state = RateLimit()
        state.answer(state.ticket(0), 50, 503, retryAfterMs: Self.week)
        state.answer(state.ticket(900_050), 900_060, 503, retryAfterMs: Self.week)
        #expect(state.ticket(1_800_059) == nil)

        state.answer(state.ticket(1_800_060), 1_800_070, 502)  // in trouble without a hint
        let probe = state.ticket(1_802_000)
        #expect(probe != nil)
        #expect(state.ticket(1_802_000) == nil)
        state.answer(probe, 1_802_010, 404)
        #expect(!state.hint.isCut)
    }

    @Test func probeOfACutHintWithoutAnAnswerMakesRoomForAnotherInTime() {
        var state = RateLimit()
        state.answer(state.ticket(0), 50, 503, retryAfterMs: Self.week)
        let unsent = state.ticket(900_050)
        state.released(unsent ?? 0)
        let unheard = state.ticket(900_060)
        #expect(unheard != nil)
        state.failed(unheard ?? 0, now: 900_100, RateLimitFailure(arrived: true, countsAgainstHub: false), jitter: { _ in 0 })
        #expect(state.ticket(930_099) == nil)

        #expect(state.ticket(930_100) != nil)
        #expect(state.ticket(1_050_099) == nil)  // it never came back
        #expect(state.ticket(1_050_100) != nil)
    }

    @Test func answerToWhatWentOutBeforeTheHintDoesNotEndIt() {
        var state = RateLimit()
        let first = state.ticket(0)
        let second = state.ticket(0)
        state.answer(first, 50, 503, retryAfterMs: Self.week)
        state.answer(second, 60)

        #expect(state.hint.isCut)
        #expect(state.ticket(800_000) == nil)
    }
}

/// What a test does with the rule: it asks, and the hub answers.
extension RateLimit {
    mutating func ticket(_ now: Int64, _ priority: RequestPriority = .order) -> Permit? {
        guard case .granted(let ticket) = reserve(now: now, priority: priority, boundMs: 10_000, jitter: { _ in 0 }) else {
            return nil
        }
        return ticket
    }

    mutating func answer(
        _ ticket: Permit?, _ now: Int64, _ status: Int = 200, pool: PoolHeaders? = nil, retryAfterMs: Int64? = nil
    ) {
        answered(ticket ?? 0, now: now, RateLimitAnswer(status: status, pool: pool, retryAfterMs: retryAfterMs), jitter: { _ in 0 })
    }
}
