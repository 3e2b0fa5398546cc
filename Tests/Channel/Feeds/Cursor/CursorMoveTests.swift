import Testing

@testable import FlxChannel

/// The rule by which a cursor moves. Instants are minutes; the walk began at 1000 of the hub's clock, at 2000 of ours.
struct CursorMoveTests {
    private static func at(_ minute: Int64) -> Instant { Instant(ms: minute * 60_000) }

    private static func facts(_ change: (inout CursorMove.Facts) -> Void = { _ in }) -> CursorMove.Facts {
        var facts = CursorMove.Facts(
            cursor: .due, isAllCommitted: true, cursorAt: at(500), bound: at(498), began: WalkStart(at: at(1000), isSure: true),
            rows: .upTo(at(990)), now: at(2000))
        change(&facts)
        return facts
    }

    // MARK: when

    @Test func cursorMovesOnlyOnceTheProvenEndIsCommitted() {
        for cursor in [nil, .due, .moved, .stays] as [CursorPullState.Cursor?] {
            for bits in 0..<8 {
                let (isAllCommitted, isHeldBack, isBlind) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
                let facts = Self.facts {
                    ($0.cursor, $0.isAllCommitted, $0.isHeldBack, $0.isBlind) = (cursor, isAllCommitted, isHeldBack, isBlind)
                }
                let moves = cursor == .due && isAllCommitted && !isHeldBack && !isBlind
                #expect((CursorMove.decide(facts) != .waits) == moves, "\(facts)")
                #expect(facts.isComplete == (cursor != nil && isAllCommitted && !isHeldBack), "\(facts)")
            }
        }
    }

    // MARK: how far

    /// Where a cursor goes, in minutes; nil: it stays where it is.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let expected: Int64?
        let change: @Sendable (inout CursorMove.Facts) -> Void

        init(_ name: String, _ expected: Int64?, _ change: @escaping @Sendable (inout CursorMove.Facts) -> Void) {
            (testDescription, self.expected, self.change) = (name, expected, change)
        }
    }

    @Test(arguments: [
        Case("to the newest row", 990) { _ in },
        Case("to the newest row within a day of it: its clock may be of another zone", 900) {
            ($0.rows, $0.began) = (.upTo(at(900)), WalkStart(at: at(900 + 1440), isSure: true))
        },
        Case("to the newest row, and on by a step once that is more than a day ago", 915) {
            ($0.rows, $0.began) = (.upTo(at(900)), WalkStart(at: at(900 + 1440 + 15), isSure: true))
        },
        Case("to the clock minus a day in between", 907) {
            ($0.rows, $0.began) = (.upTo(at(900)), WalkStart(at: at(900 + 1440 + 7), isSure: true))
        },
        Case("to the newest row within a quarter of an hour of it, where the clocks are known to be close", 900) {
            ($0.rows, $0.began, $0.areClocksClose) = (.upTo(at(900)), WalkStart(at: at(900 + 15), isSure: true), true)
        },
        Case("and on by a step once that is longer ago", 910) {
            ($0.rows, $0.began, $0.areClocksClose) = (.upTo(at(900)), WalkStart(at: at(900 + 25), isSure: true), true)
        },
        Case("not on by a clock without a second witness", 900) {
            ($0.rows, $0.began) = (.upTo(at(900)), WalkStart(at: at(9000), isSure: false))
        },
        Case("no further than the hub's clock when the walk began", 1000) { $0.rows = .upTo(at(5000)) },
        Case("to the newest row of walks before", 990) { ($0.rows, $0.shownBefore) = (.none, at(990)) },
        Case("to the newer of both", 992) { ($0.rows, $0.shownBefore) = (.upTo(at(980)), at(992)) },
        Case("walks before may have shown nonsense too", 1000) { ($0.rows, $0.shownBefore) = (.none, at(9000)) },
        Case("to the newest row where the hub tells no time", 990) { $0.began = nil },
        Case("not past our clock where the hub tells no time", 2000) {
            ($0.rows, $0.began) = (.upTo(at(99_999)), nil)
        },
        Case("by a sure clock, less a day, where no row bears an instant", 560) {
            ($0.rows, $0.began) = (.undated, WalkStart(at: at(2000), isSure: true))
        },
        Case("not by one that is not sure", nil) { ($0.rows, $0.began) = (.undated, WalkStart(at: at(1000), isSure: false)) },
        Case("nor by none", nil) { ($0.rows, $0.began) = (.undated, nil) },
        Case("not without any row", nil) { $0.rows = .none },
        Case("a new one without any row to where the host began", 498) { ($0.rows, $0.cursorAt) = (.none, nil) },
        Case("but not into the future", 2000) { ($0.rows, $0.cursorAt, $0.bound) = (.none, nil, at(3000)) },
        Case("nor from nowhere", nil) { ($0.rows, $0.cursorAt, $0.bound) = (.none, nil, nil) },
    ])
    func cursorGoes(_ one: Case) {
        #expect(CursorMove.decide(Self.facts(one.change)) == .to(one.expected.map(Self.at)))
    }

    @Test(arguments: [
        (ShownRows.upTo(at(985)), true), (.upTo(at(1015)), true), (.upTo(at(984)), false), (.upTo(at(1016)), false),
        (.undated, false),
    ])
    func rowNearTheAnswersShowsThatTheClocksAreClose(_ rows: ShownRows, _ expected: Bool) {
        #expect(Self.facts { $0.rows = rows }.showsCloseClocks == expected)
        #expect(!Self.facts { ($0.rows, $0.began) = (rows, WalkStart(at: Self.at(1000), isSure: false)) }.showsCloseClocks)
        #expect(!Self.facts { ($0.rows, $0.began) = (rows, nil) }.showsCloseClocks)
    }

    @Test func clocksThatWereCloseAMonthAgoMayBeApart() {
        var note = CursorNote(origin: nil)
        #expect(!note.areClocksClose(now: 0))
        note.clocksCloseAt = 1000
        let kept = CursorNote(note.text)
        #expect(kept.areClocksClose(now: 1000) && kept.areClocksClose(now: 29 * 86_400_000))
        #expect(!kept.areClocksClose(now: 31 * 86_400_000) && !kept.areClocksClose(now: 999))
    }

    /// The invariant, over a grid of what may be: never past the start of the walk, and past the newest row by the doubt at most.
    @Test func cursorPassesNeitherTheStartOfItsWalkNorTheNewestRowByMoreThanTheDoubt() {
        let minutes: [Int64] = [1, 400, 969, 970, 984, 985, 986, 999, 1000, 1001, 5000]
        for newest in minutes {
            for before in [nil] + minutes.map({ Optional($0) }) {
                for (began, isSure) in minutes.flatMap({ [($0, true), ($0, false)] }) {
                    let facts = Self.facts {
                        ($0.rows, $0.shownBefore) = (.upTo(Self.at(newest)), before.map(Self.at))
                        $0.began = WalkStart(at: Self.at(began), isSure: isSure)
                    }
                    guard case .to(let target?) = CursorMove.decide(facts) else {
                        Issue.record("did not move: \(facts)")
                        continue
                    }
                    let shown = max(newest, before ?? newest)
                    #expect(target <= Self.at(began), "\(facts)")
                    #expect(target <= Self.at(shown + 15), "\(facts)")
                    #expect(target >= Self.at(min(shown, began)), "\(facts)")
                }
            }
        }
    }

    // MARK: what rows show

    @Test(
        arguments: [
            ([], .none), ([0], .undated), ([0, 60_000], .upTo(at(1))), ([60_000, 0], .upTo(at(1))),
            ([120_000, 60_000], .upTo(at(2))), ([60_000, 120_000], .upTo(at(2))), ([-60_000], .upTo(at(0))),
        ] as [([Int64], ShownRows)])
    func rowsShowTheNewestInstantOrThatTheyBearNone(_ rows: [Int64], _ expected: ShownRows) {
        var shown = ShownRows.none
        for row in rows { shown.came(row) }

        #expect(shown == expected)
    }
}
