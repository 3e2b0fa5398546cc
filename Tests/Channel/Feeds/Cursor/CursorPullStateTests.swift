import Testing

@testable import FlxChannel

struct CursorPullStateTests {
    private static let whole = Reconciliation(origin: nil, firstPage: 1)
    /// One that has but one page left.
    private static let short: Reconciliation = {
        var reconciliation = whole
        while reconciliation.pagesLeft > 1 { reconciliation.came() }
        return reconciliation
    }()

    /// The end of a list: (state, is proven, is readable, is reconciliation due, what comes, state then).
    @Test(
        arguments: [
            (.pass(1), false, true, true, .pass, .pass(2)),
            (.pass(4), false, true, true, .pass, .pass(5)),
            (.pass(5), false, true, true, .restless, .over(.stays, reconciled: nil)),
            (.pass(5), true, true, false, .nothing, .over(.due, reconciled: nil)),
            (.pass(1), true, true, false, .nothing, .over(.due, reconciled: nil)),
            (.pass(1), true, false, false, .nothing, .over(.stays, reconciled: nil)),  // J-14
            (.pass(2), true, true, true, .reconciliation(whole), .reconciliation(.due, whole)),
            (.pass(2), true, false, true, .reconciliation(whole), .reconciliation(.stays, whole)),
            (.reconciliation(.moved, short), false, true, true, .nothing, .over(.moved, reconciled: 0)),
            (.reconciliation(.due, whole), true, true, true, .nothing, .over(.due, reconciled: 0)),
            (.over(.due, reconciled: 4), true, true, true, .nothing, .over(.due, reconciled: 4)),
        ] as [(CursorPullState, Bool, Bool, Bool, CursorPullState.Next, CursorPullState)])
    func endOfAListLeadsOn(
        _ before: CursorPullState, _ isProven: Bool, _ isReadable: Bool, _ isDue: Bool, _ next: CursorPullState.Next,
        _ after: CursorPullState
    ) {
        var state = before

        #expect(state.ended(isProven: isProven, isReadable: isReadable, isDue ? Self.whole : nil) == next)
        #expect(state == after)
    }

    @Test func reconciliationHasFiftyPagesOfAPull() {
        var state = CursorPullState.reconciliation(.due, Self.whole)
        for page in 11..<60 { state.came(to: page) }
        #expect(state == .reconciliation(.due, Self.short))
        state.came(to: 60)

        #expect(state == .over(.due, reconciled: 60))
    }

    @Test(arguments: [.pass(1), .pass(2), .over(.due, reconciled: nil)] as [CursorPullState])
    func pagesOfTheListChangeNothing(_ before: CursorPullState) {
        var state = before
        state.came(to: 12)

        #expect(state == before)
    }

    @Test(
        arguments: [
            (.reconciliation(.due, short), .reconciliation(.moved, short)),
            (.over(.due, reconciled: 3), .over(.moved, reconciled: 3)),
            (.over(.stays, reconciled: 3), .over(.stays, reconciled: 3)),
            (.pass(1), .pass(1)),
        ] as [(CursorPullState, CursorPullState)])
    func onlyAMoveThatWasDueIsDone(_ before: CursorPullState, _ after: CursorPullState) {
        var state = before
        state.moved()

        #expect(state == after)
    }

    @Test func placeOfTheReconciliationIsKeptOnce() {
        var state = CursorPullState.over(.moved, reconciled: 3)
        #expect(state.reconciled == 3)
        state.keptReconciliation()

        #expect(state == .over(.moved, reconciled: nil))
        #expect(CursorPullState.reconciliation(.due, Self.short).reconciled == nil, "it is still under way")
    }

    /// (state, still walks, is over, is a later pass)
    @Test(
        arguments: [
            (.pass(1), true, false, false), (.pass(2), true, false, true),
            (.reconciliation(.due, whole), false, false, false), (.over(.stays, reconciled: nil), false, true, false),
        ] as [(CursorPullState, Bool, Bool, Bool)])
    func stateSaysWhatItIs(_ state: CursorPullState, _ isWalking: Bool, _ isOver: Bool, _ isLaterPass: Bool) {
        #expect(state.isWalking == isWalking)
        #expect(state.isOver == isOver)
        #expect(state.isLaterPass == isLaterPass)
    }
}
