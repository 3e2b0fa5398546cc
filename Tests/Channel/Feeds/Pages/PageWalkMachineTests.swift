import CFlxChannel
import Testing

@testable import FlxChannel

/// The walk over pages without a hub: what happened goes in, what to do next comes out.
struct PageWalkMachineTests {
    private static func plan(_ change: (inout PageWalkMachine.Plan) -> Void = { _ in }) -> PageWalkMachine.Plan {
        var plan = PageWalkMachine.Plan(pageSize: 100, emptiesNeeded: 1, mostPages: 1000, isWitnessed: false)
        change(&plan)
        return plan
    }

    private static func machine(
        from number: Int = 1, _ change: (inout PageWalkMachine.Plan) -> Void = { _ in }
    ) -> PageWalkMachine {
        PageWalkMachine(plan(change), from: number, patience: Patience(mostMs: 60_000))
    }

    private static func rows(_ ids: [Int]) -> String { "[" + ids.map { #"{"id":\#($0)}"# }.joined(separator: ",") + "]" }

    private static func page(_ text: String) throws -> JSONPage { try JSONDocument.parsePage(Array(text.utf8)) }

    // MARK: the order of things

    @Test func pagesAreAskedForInOrderAndEachIsGivenOnce() throws {
        var walk = Self.machine(from: 3)
        #expect(walk.step().name == "ask 3")
        #expect(try walk.accepted(Self.page(Self.rows([1])), startedMs: nil) == .goesOn)
        #expect(walk.step().name == "give 3")
        walk.gave()
        #expect(walk.step().name == "ask 4")
        #expect(try walk.accepted(Self.page("[]"), startedMs: nil) == .ends)
        #expect(walk.step().name == "end")
        #expect(walk.tally == PageWalkMachine.Tally(rows: 1, pagesWithRows: 1))
    }

    @Test func questionChangesNothing() throws {
        var walk = Self.machine()
        _ = try walk.accepted(Self.page(Self.rows([1])), startedMs: nil)
        for _ in 0..<3 { #expect(walk.step().name == "give 1") }
        walk.gave()
        for _ in 0..<3 { #expect(walk.step().name == "ask 2") }
    }

    /// (empty pages that prove the end, rows of each page, pages until the end)
    @Test(
        arguments: [
            (1, [2, 0], 2), (2, [2, 0, 0], 3), (2, [2, 0, 2, 0, 0], 5), (2, [0, 0], 2), (1, [0], 1),
        ] as [(Int, [Int], Int)])
    func p04EmptyPagesInARowProveTheEnd(_ needed: Int, _ counts: [Int], _ pages: Int) throws {
        var walk = Self.machine { $0.emptiesNeeded = needed }
        var next = 0
        var asked = 0
        for count in counts {
            let ids = (0..<count).map { next + $0 }
            next += count
            asked += 1
            guard try walk.accepted(Self.page(Self.rows(ids)), startedMs: nil) == .goesOn else { break }
        }
        while case .give = walk.step() { walk.gave() }

        #expect(walk.step().name == "end")
        #expect(asked == pages)
    }

    @Test func badRecordsAreRowsToo() throws {
        var walk = Self.machine()

        #expect(try walk.accepted(Self.page(#"[{"id":1,"x":"\ud800"}]"#), startedMs: nil) == .goesOn)
        #expect(walk.step().name == "give 1")
        #expect(walk.tally.rows == 1)
    }

    @Test func answerThatIsBeingReadComesBeforeAnotherQuestion() throws {
        var walk = Self.machine()
        let bytes = Array(Self.rows([1]).utf8)
        let body = try PageBody.begin(bytes, hiding: Secret(text: "t"))
        walk.answered(body, HTTPResponse(status: 200, body: bytes, requestId: "", startedMs: 0, tookMs: 1))
        #expect(walk.step().name == "read")
        _ = try walk.accepted(try #require(try body.page { true }), startedMs: nil)
        #expect(walk.step().name == "give 1")
    }

    @Test func recordThatIsReadAloneEndsItsWalk() throws {
        var walk = Self.machine { $0.isOne = true }

        #expect(try walk.accepted(Self.page(Self.rows([7])), startedMs: nil) == .ends)
        #expect(walk.step().name == "give 1")
        walk.gave()
        #expect(walk.step().name == "end")
    }

    // MARK: failures and stops

    @Test func pageThatFailedIsAskedForAgainAfterItsWait() throws {
        var walk = Self.machine()
        let answer = walk.failed(ChannelError(FLX_E_HUB, "x"), retryAfterMs: 4000, now: 1000, jitter: { $0 })

        #expect(answer == .tryAgain)
        #expect(walk.step(now: 4999).name == "wait 5000")
        #expect(walk.step(now: 5000).name == "ask 1 again")
        _ = try walk.accepted(Self.page(Self.rows([1])), startedMs: nil)
        walk.gave()
        #expect(walk.step(now: 5000).name == "ask 2")
    }

    @Test func answerThatCannotBeReadIsAFailureOfItsPage() throws {
        var walk = Self.machine()
        let bytes = Array("[".utf8)
        walk.answered(
            try PageBody.begin(bytes, hiding: Secret(text: "t")),
            HTTPResponse(status: 200, body: bytes, requestId: "", startedMs: 0, tookMs: 1))
        _ = walk.failed(ChannelError(FLX_E_NETWORK, "x"), retryAfterMs: nil, now: 0, jitter: { _ in 0 })

        #expect(walk.step().name == "ask 1 again")
    }

    @Test func stopIsSaidAgainForEverAndAfterThePageBefore() throws {
        var walk = Self.machine()
        _ = try walk.accepted(Self.page(Self.rows([1])), startedMs: nil)
        walk.stopped(by: ChannelError(FLX_E_REFUSED, "x"))
        #expect(walk.step().name == "give 1")
        walk.gave()
        walk.ended()
        #expect(try walk.accepted(Self.page(Self.rows([2])), startedMs: nil) == .ends)

        for _ in 0..<3 {
            guard case .stop(let error) = walk.step() else { return #expect(Bool(false), "no stop") }
            #expect(error.code == FLX_E_REFUSED)
            #expect(error.isFatal)
        }
    }

    @Test func walkThatIsEndedFromOutsideAsksForNothingMore() throws {
        var walk = Self.machine()
        _ = try walk.accepted(Self.page(Self.rows([1])), startedMs: nil)
        walk.ended()
        #expect(walk.step().name == "give 1", "it is read already")
        walk.gave()

        #expect(try walk.accepted(Self.page(Self.rows([2])), startedMs: nil) == .ends)
        #expect(walk.step().name == "end")
    }

    @Test func walkThatComesToTheMostPagesIsToldSo() throws {
        var walk = Self.machine { $0.mostPages = 1 }
        _ = try walk.accepted(Self.page(Self.rows([1])), startedMs: nil)
        walk.gave()

        #expect(walk.step().name == "too far 2")
    }

    @Test func p03PageThatComesAThirdTimeIsNamed() throws {
        var walk = Self.machine()
        let page = try Self.page(Self.rows([1, 2]))

        #expect(walk.accepted(page, startedMs: nil) == .goesOn)
        #expect(walk.accepted(page, startedMs: nil) == .goesOn)
        #expect(walk.accepted(page, startedMs: nil) == .repeats(3))
        #expect(walk.repeats.hasAny)
        walk.gave()
        #expect(walk.step().name == "ask 4", "what came again is not given")
    }

    // MARK: pages that the hub cuts

    private static func parents(_ variants: Int) throws -> JSONPage {
        let list = (0..<variants).map { "\($0)" }.joined(separator: ",")
        return try page(#"[{"id":1,"variants":[\#(list)]},{"id":2}]"#)
    }

    @Test func pageOf4000VariantsMakesTheWalkStartAgainWithHalfThePage() throws {
        var walk = Self.machine { ($0.isOfParents, $0.pageSize) = (true, 5) }
        _ = try walk.accepted(Self.page(Self.rows([1])), startedMs: nil)
        walk.gave()

        #expect(try walk.accepted(Self.parents(4000), startedMs: nil) == .startsAgain(variants: 4000))
        #expect(walk.step().name == "ask 1")
        #expect(walk.pageSize == 2)
        #expect(walk.tally.pagesWithRows == 1, "the cut page does not count")
        #expect(try walk.accepted(Self.parents(3999), startedMs: nil) == .goesOn)
    }

    @Test func pageThatCannotBeSmallerOrIsNoneOfParentsIsTakenAsItIs() throws {
        var one = Self.machine { ($0.isOfParents, $0.pageSize) = (true, 1) }
        var variants = Self.machine()

        #expect(try one.accepted(Self.parents(4000), startedMs: nil) == .goesOn)
        #expect(try variants.accepted(Self.parents(4000), startedMs: nil) == .goesOn)
    }

    // MARK: the second witness of the hub's clock

    /// A walk that has its first page at 1000 ms.
    private static func witnessed(_ change: (inout PageWalkMachine.Plan) -> Void = { _ in }) throws -> PageWalkMachine {
        var walk = machine {
            $0.isWitnessed = true
            change(&$0)
        }
        walk.began(PageWalkMachine.Start(startedMs: 900, instant: 5000), now: 1000)
        _ = try walk.accepted(page(rows([1])), startedMs: 900)
        return walk
    }

    @Test func firstPageWaitsForTheAnswerAfterItButNotForLong() throws {
        let walk = try Self.witnessed()

        #expect(walk.step(now: 1000, needsWitness: true).name == "ask 2 until 4000")
        #expect(walk.step(now: 3999, needsWitness: true).name == "ask 2 until 4000")
        #expect(walk.step(now: 4000, needsWitness: true).name == "give 1")
        #expect(walk.step(now: 1000, needsWitness: false).name == "give 1")
        #expect(walk.start?.instant == 5000)
    }

    @Test func firstPageIsNotKeptBackByAnAnswerThatIsNone() throws {
        var (failed, stopped, ended, answered) = (
            try Self.witnessed(), try Self.witnessed(), try Self.witnessed(), try Self.witnessed()
        )
        _ = failed.failed(ChannelError(FLX_E_HUB, "x"), retryAfterMs: nil, now: 1000, jitter: { $0 })
        stopped.stopped(by: ChannelError(FLX_E_TOKEN, "x"))
        _ = try ended.accepted(Self.page("[]"), startedMs: nil)
        _ = try answered.accepted(Self.page(Self.rows([2])), startedMs: nil)

        for walk in [failed, stopped, ended, answered] { #expect(walk.step(now: 1000, needsWitness: true).name == "give 1") }
        #expect(try Self.witnessed { $0.mostPages = 1 }.step(now: 1000, needsWitness: true).name == "give 1")
        #expect(try Self.witnessed { $0.isWitnessed = false }.step(now: 1000, needsWitness: true).name == "give 1")
    }
}

extension PageWalkMachine {
    fileprivate func step(now: Int64 = 0, needsWitness: Bool = false) -> Step { step(now: now, needsWitness: { needsWitness }) }
}

extension PageWalkMachine.Step {
    fileprivate var name: String {
        switch self {
        case .give(let page): "give \(page.number)"
        case .wait(let wait): "wait \(wait.until)"
        case .ask(let page, let isRepeat, let until):
            "ask \(page)" + (isRepeat ? " again" : "") + (until.map { " until \($0)" } ?? "")
        case .read: "read"
        case .tooFar(let page): "too far \(page)"
        case .stop(let error): "stop \(error.code)"
        case .end: "end"
        }
    }
}
