import CFlxChannel
import Testing

@testable import FlxChannel

/// Decision 24: waiting tells the truth. No socket, no clock.
struct FlushWaitTests {
    private static let waits: [(FlushWait, status: Int32, nextInMs: Int64, word: String)] = [
        (.nothing, FLX_OK, -1, ""), (.hub, FLX_AGAIN, 25, "hub"), (.slot(ms: 500), FLX_AGAIN, 500, "rate_limit"),
        (.slot(ms: 90_000), FLX_OK, 90_000, "rate_limit"), (.held(.throttled(ms: 600_000)), FLX_OK, 600_000, "throttled"),
        (.held(.breaker(ms: 30_000)), FLX_OK, 30_000, "breaker"), (.held(.breaker(ms: 40)), FLX_AGAIN, 40, "breaker"),
        (.due(ms: 1500), FLX_AGAIN, 1500, "time"), (.due(ms: 60_000), FLX_OK, 60_000, "time"),
        (.elsewhere, FLX_BUSY, 1000, "another_process"), (.person(code: FLX_E_TOKEN), FLX_E_TOKEN, 300_000, "token"),
        (.person(code: FLX_E_IDENTITY), FLX_E_IDENTITY, 300_000, "channel"),
    ]

    @Test(arguments: waits.indices)
    func everyWaitSaysWhenAndWhy(_ index: Int) {
        let (wait, status, nextInMs, word) = Self.waits[index]

        #expect((wait.status, wait.nextInMs, wait.word.description) == (status, nextInMs, word))
    }

    /// "Again" and at once, while nothing can be done, made a host that obeys spin.
    @Test func againIsNeverSaidOfWhatCannotBeSoon() {
        for ms: Int64 in [0, 1, 2000, 2001, 60_000, 600_000] {
            for wait in [
                FlushWait.slot(ms: ms), .due(ms: ms), .held(.throttled(ms: ms)), .held(.breaker(ms: ms)), .held(.token(ms: ms)),
            ] {
                #expect((wait.status == FLX_AGAIN) == (wait.nextInMs <= 2000))
                #expect(wait.nextInMs >= ms)
                #expect(wait.status == FLX_AGAIN || !wait.message.isEmpty || wait == .slot(ms: ms))
            }
        }
    }

    @Test(
        arguments: [
            (FlushWait.hub, 5000, FlushWait.Step.drive(ms: 1000)), (.hub, 200, .drive(ms: 200)), (.hub, 0, .end),
            (.slot(ms: 500), 5000, .drive(ms: 1000)), (.slot(ms: 500), 400, .drive(ms: 400)), (.slot(ms: 500), 0, .end),
            (.held(.breaker(ms: 30_000)), 5000, .end), (.held(.breaker(ms: 3000)), 5000, .drive(ms: 1000)),
            (.due(ms: 700), 5000, .idle(ms: 700)), (.due(ms: 0), 5000, .idle(ms: 1)), (.due(ms: 6000), 5000, .end),
            (.due(ms: 1500), 500, .idle(ms: 500)), (.held(.breaker(ms: 1500)), 500, .drive(ms: 500)), (.due(ms: 1500), 0, .end),
            (.nothing, 5000, .end), (.elsewhere, 5000, .end), (.person(code: FLX_E_TOKEN), 5000, .end),
        ] as [(FlushWait, Int64, FlushWait.Step)])
    func sliceNeverSitsOutWhatItCannotUse(_ wait: FlushWait, _ leftMs: Int64, _ step: FlushWait.Step) {
        #expect(wait.step(leftMs: leftMs) == step)
    }

    @Test func soonestWaitCounts() {
        #expect(FlushWait.nothing.sooner(.due(ms: 5)) == .due(ms: 5))
        #expect(FlushWait.due(ms: 5).sooner(.held(.breaker(ms: 9))) == .due(ms: 5))
        #expect(FlushWait.due(ms: 5).sooner(.hub) == .hub)
        #expect(FlushWait.elsewhere.sooner(.due(ms: 90_000)) == .due(ms: 90_000))
        #expect(FlushWait.nothing.sooner(.elsewhere) == .elsewhere)
        #expect(FlushWait.hub.sooner(.person(code: FLX_E_TOKEN)) == .person(code: FLX_E_TOKEN))
    }
}

struct FlushTurnsTests {
    @Test func answersComeAfterSevenOrdersInARow() {
        var turns = FlushTurns()
        for _ in 0..<6 { turns.ended(GoodAnswer(tookMs: 10)) }
        #expect(!turns.areAnswersDue)
        turns.ended(GoodAnswer(tookMs: 10))
        #expect(turns.areAnswersDue)
        turns.hadAnswers()
        #expect(!turns.areAnswersDue)
    }

    @Test(arguments: [(nil, 1), (0, 1), (249, 1), (250, 2), (1000, 3), (1_000_000, 8)] as [(Int64?, Int)])
    func asManyAreOnTheirWayAsKeepTheBudgetBusy(_ ms: Int64?, _ width: Int) {
        var turns = FlushTurns()
        turns.ended(ms.map { GoodAnswer(tookMs: $0) })

        #expect(turns.width == width)
    }

    /// One order more after each good answer, until nothing of the pool is free, or something is wrong.
    @Test func burstOfThePoolIsUsedOverALongRoundTrip() {
        var turns = FlushTurns()
        let widths = (0..<9).map { _ in
            turns.ended(GoodAnswer(tookMs: 1000, refillMilli: 2000, free: 30))
            return turns.width
        }
        #expect(widths == [3, 3, 4, 5, 6, 7, 8, 8, 8])

        turns.ended(GoodAnswer(tookMs: 1000, refillMilli: 2000, free: 0))
        #expect(turns.width == 3)
        turns.ended(nil)
        #expect(turns.width == 1)
        turns.ended(GoodAnswer(tookMs: 1000, refillMilli: 2000, free: 30))
        #expect(turns.width == 3)
    }
}
