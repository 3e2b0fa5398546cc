import CFlxChannel
import Testing

@testable import FlxChannel

struct PageFailuresTests {
    private static func failures(giveUpMs: Int64 = 60_000) -> PageFailures { PageFailures(patience: Patience(mostMs: giveUpMs)) }

    /// (what the hub asks for, the wait, what it asked for)
    @Test(arguments: [(nil, 1500, 500), (0, 1500, 500), (4000, 4500, 4500), (60_000, 15_500, 60_500)] as [(Int64?, Int64, Int64)])
    func waitIsTheLongerOfOursAndTheHubsUpToItsMost(_ retryAfterMs: Int64?, _ until: Int64, _ askedUntil: Int64) {
        var failures = Self.failures()
        let answer = failures.failed(ChannelError(FLX_E_HUB, "x"), retryAfterMs: retryAfterMs, now: 500, jitter: { $0 })

        #expect(answer == .tryAgain)
        #expect(failures.wait?.until == until)
        #expect(failures.wait?.askedUntil == askedUntil)
    }

    @Test func waitDoublesWithEachFailureInARow() {
        var failures = Self.failures()
        var waits: [Int64] = []
        for _ in 0..<6 {
            _ = failures.failed(ChannelError(FLX_E_NETWORK, "x"), retryAfterMs: nil, now: 0, jitter: { $0 })
            waits.append(failures.wait?.until ?? -1)
        }
        #expect(waits == [1000, 2000, 4000, 8000, 15_000, 15_000])

        failures.ended()
        #expect(failures.wait == nil)
        #expect(failures.count == 0)
        _ = failures.failed(ChannelError(FLX_E_NETWORK, "x"), retryAfterMs: nil, now: 0, jitter: { $0 })
        #expect(failures.wait?.until == 1000)
    }

    @Test func failureThatLastsIsToldOnceAndMeasuredAnew() {
        var failures = Self.failures(giveUpMs: 1000)
        func answer(at now: Int64) -> PageFailures.Answer {
            failures.failed(ChannelError(FLX_E_HUB, "x"), retryAfterMs: nil, now: now, jitter: { $0 })
        }
        #expect(answer(at: 0) == .tryAgain)
        #expect(answer(at: 999) == .tryAgain)
        #expect(answer(at: 1000) == .tell)
        #expect(failures.count == 0)
        #expect(failures.wait?.until == 5000, "the hub is spared none the less")
        #expect(answer(at: 5000) == .tryAgain)
        #expect(answer(at: 6000) == .tell)
    }

    @Test func h06AnswersOfAnotherShapeStopTheWalkAtTheFifthInARow() {
        var failures = Self.failures()
        func answer(_ code: Int32) -> PageFailures.Answer {
            failures.failed(ChannelError(code, "x"), retryAfterMs: nil, now: 0, jitter: { $0 })
        }
        for code in [FLX_E_CONTRACT, FLX_E_HUB, FLX_E_CONTRACT, FLX_E_CONTRACT, FLX_E_CONTRACT] {
            #expect(answer(code) == .tryAgain)
        }
        #expect(answer(FLX_E_CONTRACT) == .stop)

        failures.ended()
        #expect(answer(FLX_E_CONTRACT) == .tryAgain)
    }
}
