import Testing

@testable import FlxChannel

/// The hub's clock from one process to the next.
@Suite struct HubClockTests {
    /// A machine whose wall clock may be wrong, and which knows the truth.
    private final class Machine {
        var truth: Int64 = 1_700_000_000_000
        var skew: Int64 = 0
        var monotonic: Int64 = 5_000_000

        func process() -> HubClock {
            HubClock(wallMs: { [unowned self] in truth + skew }, monotonicMs: { [unowned self] in monotonic })
        }

        func pass(_ ms: Int64) {
            truth += ms
            monotonic += ms
        }

        /// An answer of the hub, whose clock is off by `wrong`.
        func answer(_ clock: HubClock, wrong: Int64 = 0) {
            pass(100)
            clock.observe(dateMs: truth + wrong, answeredMs: monotonic)
        }
    }

    private static let day: Int64 = 86_400_000

    @Test(arguments: [-2 * day, -3_600_000, 0, 3_600_000, 2 * day])
    func h03_hostsClockThatStepsLeavesTheHubsWhereItIs(_ step: Int64) throws {
        let machine = Machine()
        let first = machine.process()
        for _ in 0..<3 { machine.answer(first) }
        let kept = try #require(first.news())
        machine.skew = step
        machine.pass(60_000)
        let second = machine.process()
        second.remember(kept)

        machine.answer(second)
        #expect(try #require(second.now()) <= machine.truth)
        machine.answer(second)
        #expect(try #require(second.now()) == machine.truth)
        #expect(try #require(second.instant(requestStartedMs: machine.monotonic)).isSure)
    }

    @Test(arguments: [3_600_000, 2 * day, 73 * 365 * day])
    func h03_firstAnswerOfANewProcessMayBeWrong(_ wrong: Int64) throws {
        let machine = Machine()
        let first = machine.process()
        for _ in 0..<2 { machine.answer(first) }
        let second = machine.process()
        second.remember(first.news())

        machine.answer(second, wrong: wrong)
        #expect(try #require(second.now()) <= machine.truth)
        #expect(try #require(second.instant(requestStartedMs: machine.monotonic)).isSure == false)
        #expect(second.news() == nil)
        machine.answer(second)
        #expect(try #require(second.now()) <= machine.truth)
    }

    @Test func whatIsKeptMakesTheFirstAnswerSure() throws {
        let machine = Machine()
        machine.skew = -5 * Self.day  // known to be so
        let first = machine.process()
        for _ in 0..<2 { machine.answer(first) }
        let second = machine.process()
        second.remember(first.news())

        machine.answer(second)
        #expect(try #require(second.instant(requestStartedMs: machine.monotonic)).isSure)
        #expect(!second.needsWitness)
    }

    @Test func factIsNewsOnceUntilItChangesOrIsADayOld() throws {
        let machine = Machine()
        let clock = machine.process()
        machine.answer(clock)
        #expect(clock.news() == nil)
        machine.answer(clock)
        let fact = try #require(clock.news())
        #expect(fact.value == 0)
        #expect(fact.source == "Date")
        #expect(fact.witnesses == 2)
        clock.keep(fact)
        #expect(clock.news() == nil)

        machine.skew = 4000
        #expect(clock.news() == nil)
        machine.skew = 6000
        #expect(clock.news()?.value == -6000)
        machine.skew = 0
        machine.pass(Self.day + 1)
        #expect(clock.news()?.witnesses == 3)
    }

    @Test func factThatCannotBeIsNotRemembered() {
        let machine = Machine()
        for fact in [
            Learnt<Int64>(0, source: "Date", at: machine.truth + 1),
            Learnt<Int64>(0, source: "Date", at: machine.truth - 91 * Self.day),
            Learnt<Int64>(.min, source: "Date", at: machine.truth), nil,
        ] {
            let clock = machine.process()
            clock.remember(fact)
            #expect(clock.now() == nil)
        }
    }

    @Test func forgottenClockIsAsNew() {
        let machine = Machine()
        let clock = machine.process()
        for _ in 0..<3 { machine.answer(clock, wrong: 3_600_000) }
        if let fact = clock.news() { clock.keep(fact) }
        clock.forget()
        #expect(clock.now() == nil)
        #expect(clock.fact == nil)

        for _ in 0..<2 { machine.answer(clock) }
        #expect(clock.now() == machine.truth)
        #expect(clock.news()?.value == 0)
    }
}
