import CFlxChannel
import Testing

@testable import FlxChannel

/// What a slice of flushing does next. No socket, no clock: each test is a tale of events.
struct FlushSliceTests {
    private static let token = ChannelError(FLX_E_TOKEN, "refused")

    // MARK: before anything is written

    @Test func nothingIsWrittenBeforeTheTokenIsConfirmed() {
        var slice = FlushSlice()
        slice.begin()
        #expect(slice.next == .confirm)
        slice.moved(orders: .some, mayTurn: true)
        slice.moved(answers: .some)
        slice.due(in: 0, leftMs: 100)
        #expect(slice.next == .confirm)

        slice.confirmed(.asked)
        #expect(slice.next == .survey)
        slice.surveyed(FlushSurvey(requests: [.onWire], check: .asking), leftMs: 5000)
        #expect(slice.next == .drive(ms: 1000))
        slice.rested()
        #expect(slice.next == .confirm)
    }

    @Test func personWhoMustActEndsTheSliceAtOnce() {
        for act in [
            { $0.confirmed(.refused(Self.token)) },
            {
                $0.confirmed(.given); $0.moved(orders: .paused(Self.token), mayTurn: true)
            },
            {
                $0.confirmed(.given); $0.moved(orders: .nothing, mayTurn: true); $0.moved(answers: .paused(Self.token))
            },
        ] as [(inout FlushSlice) -> Void] {
            var slice = Self.begun()
            act(&slice)

            #expect(slice.next == .end)
            #expect(Self.told(slice.end) == "person")
        }
    }

    @Test func questionChangesNothing() {
        let slice = Self.begun()

        #expect(slice.next == slice.next)
        #expect(slice.end == nil)
    }

    // MARK: whose turn it is

    @Test func answersHaveTheirTurnWhenNoOrderIsUnderWay() {
        var slice = Self.begun()
        slice.confirmed(.given)
        #expect(slice.next == .moveOrders)
        slice.moved(orders: .nothing, mayTurn: true)
        #expect(slice.next == .moveAnswers)

        slice = Self.begun()
        slice.confirmed(.given)
        slice.moved(orders: .nothing, mayTurn: false)
        #expect(slice.next == .survey)
    }

    @Test func ordersThatEndAreFollowedByOrdersSevenTimes() {
        var slice = Self.begun()
        for _ in 0..<6 {
            slice.confirmed(.given)
            slice.ended(order: GoodAnswer(tookMs: 10))
            slice.moved(orders: .some, mayTurn: true)
            #expect(slice.next == .confirm)
        }
        slice.confirmed(.given)
        slice.ended(order: GoodAnswer(tookMs: 10))
        slice.moved(orders: .some, mayTurn: false)
        #expect(slice.next == .moveAnswers)

        // Nothing of them can move: the orders go on, and answers are still due.
        slice.moved(answers: .nothing)
        #expect(slice.next == .confirm)
        #expect(slice.turns.areAnswersDue)
        slice.confirmed(.given)
        slice.moved(orders: .nothing, mayTurn: false)
        slice.moved(answers: .some)
        #expect(slice.next == .confirm)
        #expect(!slice.turns.areAnswersDue)
    }

    @Test func whatWasLearntOfTheHubOutlivesASlice() {
        var slice = Self.begun()
        slice.ended(order: GoodAnswer(tookMs: 1000))
        slice.begin()

        #expect(slice.turns.width == 3)
    }

    // MARK: waiting

    /// What is under way, who is at the rest, when the next has its time, what is left of the slice; and what comes of it.
    private static let waits: [(FlushSurvey, FlushSlice.Others, dueMs: Int64?, leftMs: Int64, becomes: String)] = [
        (FlushSurvey(), .nobody, nil, 5000, "ask, end nothing"),
        (FlushSurvey(requests: [.slot(ms: 500), .onWire], hasOrders: true), .nobody, nil, 5000, "drive 1000"),
        (FlushSurvey(requests: [.over], hasOrders: true), .nobody, nil, 5000, "drive 1000"),
        (FlushSurvey(requests: [.onWire], hasOrders: true), .nobody, nil, 0, "end hub"),
        (FlushSurvey(requests: [.slot(ms: 500)], hasOrders: true), .nobody, 0, 5000, "ask, drive 1000"),
        (FlushSurvey(requests: [.slot(ms: 500)], hasOrders: true), .nobody, 200, 5000, "ask, idle 200"),
        (
            FlushSurvey(requests: [.held(.breaker(ms: 30_000))], hasOrders: true), .nobody, nil, 5000,
            "ask, end held(FlxChannel.RateLimitHold.breaker(ms: 30000))"
        ),
        (FlushSurvey(requests: [.held(.token(ms: 30_000))], hasOrders: true), .nobody, nil, 5000, "ask, person"),
        // Nothing is under way: the next has its time, or others are at it.
        (FlushSurvey(), .nobody, 700, 5000, "ask, idle 700"),
        (FlushSurvey(), .nobody, 60_000, 5000, "ask, end due(ms: 60000)"),
        (FlushSurvey(), .nobody, 0, 5000, "ask, end elsewhere"),
        (FlushSurvey(), .somebody, 700, 5000, "end elsewhere"),
        (FlushSurvey(requests: [.slot(ms: 500)], hasOrders: true), .somebody, nil, 5000, "ask, drive 1000"),
        // The token is asked about: nothing else has its time before.
        (FlushSurvey(requests: [.slot(ms: 500)], check: .asking), .nobody, 0, 5000, "drive 1000"),
        (FlushSurvey(check: .waits(ms: 300)), .nobody, 0, 5000, "idle 300"),
        (FlushSurvey(check: .waits(ms: 30_000)), .nobody, 0, 5000, "end due(ms: 30000)"),
    ]

    @Test(arguments: waits.indices)
    func sliceWaitsForWhatEndsFirst(_ index: Int) {
        let (survey, others, dueMs, leftMs, becomes) = Self.waits[index]
        var slice = Self.begun()
        slice.confirmed(.given)
        slice.met(others)
        slice.moved(orders: .nothing, mayTurn: false)
        slice.surveyed(survey, leftMs: leftMs)
        var told = ""
        if slice.next == .askDue {
            told = "ask, "
            slice.due(in: dueMs, leftMs: leftMs)
        }
        switch slice.next {
        case .drive(let ms): told += "drive \(ms)"
        case .idle(let ms): told += "idle \(ms)"
        case .end: told += Self.told(slice.end)
        default: told += "\(slice.next)"
        }

        #expect(told == becomes)
    }

    @Test func holderThatHasANameIsNotForgottenForOneWithout() {
        let holder = FeedHolder(
            feed: 1, name: "", role: .pull, process: ProcessName(pid: 7, name: "php"), since: 5, idleLimitMs: 2000, usedUntilMs: 9)
        var slice = Self.begun()
        slice.met(.holder(holder))
        slice.met(.somebody)
        slice.met(.nobody)
        guard case .holder(holder) = slice.others else {
            Issue.record("\(slice.others)")
            return
        }
        // The next round looks anew.
        slice.rested()
        guard case .nobody = slice.others else {
            Issue.record("\(slice.others)")
            return
        }
    }

    // MARK: in words

    private static func begun() -> FlushSlice {
        var slice = FlushSlice()
        slice.begin()
        return slice
    }

    private static func told(_ end: FlushSlice.End?) -> String {
        switch end {
        case nil: "goes on"
        case .person: "person"
        case .waits(let wait): "end \(wait)"
        }
    }
}
