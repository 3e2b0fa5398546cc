import Testing

@testable import FlxChannel

/// A slot is kept for a while for who waits for it and does not ask all the time.
@Suite struct KeptSlotTests: RateLimitRig {
    @Test func orderWhoseHostRestsBetweenSlicesKeepsItsTurn() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 50, 503, retryAfterMs: 5000)
        #expect(grant(&state, 1000, .order) == nil)

        #expect(grant(&state, 5060, .poll) == nil)
        #expect(grant(&state, 5050 + 450, .poll) == nil)
        #expect(grant(&state, 5050 + 460, .order) != nil)
    }

    /// With slots that far apart a host would wait for nothing if it went on asking.
    @Test(arguments: [RequestPriority.order, .answer]) func whoComesBackWhenItIsToldToHasTheSlot(_ priority: RequestPriority) {
        var state = RateLimit()
        state.widen = 4000
        answer(&state, grant(&state, 0, .poll), 50)
        guard case .wait(let ms) = state.reserve(now: 60, priority: priority, boundMs: 1000), ms > 1000 else {
            Issue.record("a slot was free")
            return
        }

        #expect(grant(&state, 60 + ms, .poll) == nil)
        #expect(grant(&state, 60 + ms + 100, .poll) == nil)
        #expect(grant(&state, 60 + ms + 110, priority) != nil)
    }

    @Test func whoIsToldOfASlotAndLeavesHoldsNobodyBackBeyondIt() {
        var state = RateLimit()
        state.widen = 4000
        answer(&state, grant(&state, 0, .poll), 50)
        guard case .wait(let ms) = state.reserve(now: 60, priority: .order, boundMs: 1000) else {
            Issue.record("a slot was free")
            return
        }

        #expect(grant(&state, 60 + ms + PriorityShares.orderWaitingMs, .poll) != nil)
    }

    @Test func orderThatAskedInAPauseAndLeftHoldsNobodyBack() {
        var state = RateLimit()
        answer(&state, grant(&state, 0), 50, 503, retryAfterMs: 5000)
        #expect(grant(&state, 1000, .order) == nil)

        #expect(grant(&state, 5050 + PriorityShares.orderWaitingMs, .poll) != nil)
    }
}
