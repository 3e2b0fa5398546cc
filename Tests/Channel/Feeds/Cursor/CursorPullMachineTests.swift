import Testing

@testable import FlxChannel

/// A pull of a cursor feed without a hub and a state file: rows, ends and commits go in, what to do comes out. Times are minutes.
struct CursorPullMachineTests {
    private static func ms(_ minute: Int64) -> Int64 { minute * 60_000 }

    private static func start(
        at cursor: Int64? = nil, since: Int64? = nil, pageSize: Int64 = 100, now: Int64 = 2000,
        note change: (inout CursorNote) -> Void = { _ in }
    ) throws -> CursorStart {
        var note = CursorNote(origin: nil)
        if cursor != nil { note.reconciledAt = ms(1) }
        change(&note)
        let row = CursorRow(feed: Feed.orders.rawValue, name: "default", at: cursor.map(ms), note: note.text, movedAt: 0)
        let spec = PullSpec(cursor: "default", since: since.map { Instant(ms: ms($0)) }, pageSize: pageSize, filters: [])
        let values = ["channel": "shop", "state_dir": "/nowhere", "origin": "http://127.0.0.1:1"]
        let retention = Retention(try Settings(values, token: Secret(text: "t")))
        let isNew = cursor == nil && !note.hasBegun
        return CursorStart(isNew && note.walk == nil ? nil : row, spec, leastOverlapMs: ms(2), retention, now: ms(now))
    }

    /// A row: its id, when it changed last (0: it does not tell), and what the host has of it.
    private static func row(
        _ id: Int, _ minute: Int64, isCommitted: Bool = false, isToldLater: Bool = false
    ) throws -> SortedPage.Row {
        let version = Page.Version(id: "\(id)", updatedAt: ms(minute), hash: SHA256.hash(Array("\(id) \(minute)".utf8)))
        return SortedPage.Row(record: try parsed("{}"), version: version, isCommitted: isCommitted, isToldLater: isToldLater)
    }

    private static func list(pages: Int = 2, began: Int64? = 1000, hasRepeated: Bool = false) -> CursorPullMachine.List {
        CursorPullMachine.List(
            tally: PageWalkMachine.Tally(rows: pages, pagesWithRows: pages), hasRepeated: hasRepeated,
            began: began.map { WalkStart(at: Instant(ms: ms($0)), isSure: true) })
    }

    /// A pull and what became of it.
    private final class Pulled {
        var machine: CursorPullMachine
        private(set) var isPlaceKept = false

        init(_ start: CursorStart) { machine = CursorPullMachine(start) }

        /// A page of these rows; the ids of those that the host gets, and their page unless there are none.
        func page(
            _ number: Int, _ rows: [SortedPage.Row], isUnreadable: Bool = false, isHeldBack: Bool = false, isBlind: Bool = false
        ) throws -> (ids: [String], page: Page?) {
            let given = rows.filter { machine.came($0) }.map { $0.version }
            let ids = rows.map { #"{"id":\#($0.version.id)}"# }.joined(separator: ",")
            let sorted = SortedPage(
                number: number, rows: rows, bad: [], isUnreadable: isUnreadable, theirs: [], orderNumbers: [:],
                isHeldBack: isHeldBack, isBlind: isBlind)
            isPlaceKept = machine.came(sorted, try JSONDocument.parsePage(Array("[\(ids)]".utf8)))
            guard !given.isEmpty else { return ([], nil) }
            let page = Page(
                feed: .orders, records: [], quarantined: [], receipt: Receipt(feed: .orders, fetchInstant: nil, rows: []), key: [],
                versions: given, pullNumber: 1, position: machine.gavePage())
            return (given.map { $0.id }, page)
        }

        func ended(_ list: CursorPullMachine.List = list(), _ reconciliation: Reconciliation? = nil) -> CursorPullState.Next {
            machine.ended(list, reconciliation)
        }

        func notices() -> [CursorPullMachine.Notice] { machine.takeNotices() }

        /// The pull is closed, or its place is written down; true if there is anything to write.
        func keepsPlace(began: Int64? = 1000, hasRepeated: Bool = false) -> Bool {
            machine.keepPlace(list(began: began).began, hasRepeated: hasRepeated, now: 3)
        }

        /// Where the cursor goes now, in minutes; nil if it does not move.
        var target: Int64?? {
            switch CursorMove.decide(machine.facts(now: ms(2000))) {
            case .waits: nil
            case .to(let at): .some(at.map { $0.ms / 60_000 })
            }
        }
    }

    // MARK: where it begins

    @Test func pullBeginsTheOverlapBeforeItsCursorOrWhereTheHostSays() throws {
        #expect(try Self.start(at: 500).bound?.ms == Self.ms(498))
        #expect(try Self.start(at: 500) { $0.lateMs = Self.ms(10) }.bound?.ms == Self.ms(480), "twice the worst lateness")
        #expect(try Self.start(since: 300).bound?.ms == Self.ms(300))
        #expect(try Self.start(since: 300).note.origin == Self.ms(300))
        #expect(try Self.start(at: 500, since: 300).bound?.ms == Self.ms(498), "since is for a new cursor only")
        #expect(try Self.start(since: 300) { $0.reconciledAt = 1 }.bound == nil, "it was walked to its end before")
        #expect(try Self.start().bound == nil)
    }

    @Test(arguments: [(100, 498, 8), (50, 498, 1), (100, 497, 1)] as [(Int64, Int64, Int)])
    func pullGoesOnWithAWalkOnlyWhereItIsOfTheSameList(_ pageSize: Int64, _ bound: Int64, _ firstPage: Int) throws {
        let start = try Self.start(at: 500, pageSize: pageSize) { $0.walk = Self.walk(to: 7, bound: bound) }

        #expect(start.firstPage == firstPage)
        #expect(start.note.origin == nil)
    }

    @Test func walkOfANewCursorKeepsTheInstantItBeganWith() throws {
        let start = try Self.start(since: 900) { ($0.walk, $0.origin) = (Self.walk(to: 7, bound: 300), Self.ms(300)) }

        #expect(start.bound?.ms == Self.ms(300))
        #expect(start.firstPage == 8)
    }

    /// A walk that was cut short behind a page.
    private static func walk(to page: Int, bound: Int64 = 498, began: Int64? = nil) -> WalkNote {
        var walk = WalkNote(pageSize: 100, bound: ms(bound))
        walk.page = page
        walk.began = list(began: began).began
        return walk
    }

    // MARK: rows

    @Test func rowIsGivenOnceUnlessTheHostHasItOrItIsTooOld() throws {
        let pull = Pulled(try Self.start(at: 500))
        let rows = [
            try Self.row(1, 600), try Self.row(2, 600, isCommitted: true), try Self.row(3, 497), try Self.row(4, 498),
            try Self.row(5, 0), try Self.row(1, 600),
        ]
        #expect(try pull.page(1, rows).ids == ["1", "4", "5"])
        #expect(try pull.page(2, rows).ids == [])
        #expect(try pull.page(3, [Self.row(1, 601)]).ids == ["1"], "another version")
    }

    @Test func whatWasStoredLongAgoIsForgottenAndNotGivenAgain() throws {
        let start = try Self.start(at: 99_999_000, now: 100_000_000)
        let forgotten = start.forgottenBefore / Self.ms(1)
        #expect(forgotten == 100_000_000 - 730 * 1440)
        let pull = Pulled(start)
        _ = pull.ended(Self.list(pages: 1), Reconciliation(origin: nil, firstPage: 1))

        #expect(try pull.page(1, [Self.row(1, forgotten - 1), Self.row(2, forgotten + 1)]).ids == ["2"])
    }

    @Test func rowOlderThanTheBoundIsToldOnceAndRemembered() throws {
        let pull = Pulled(try Self.start(at: 500))
        _ = try pull.page(1, [Self.row(1, 100), Self.row(2, 101)])
        #expect(pull.notices() == [.boundIgnored])
        _ = pull.ended(Self.list(pages: 1))
        pull.machine.willMove(now: 77)
        #expect(pull.machine.note.ignoredAt == 77)

        let next = Pulled(try Self.start(at: 500) { $0.ignoredAt = 77 })
        _ = try next.page(1, [Self.row(1, 100)])
        #expect(next.notices() == [], "it is known")
    }

    @Test func p12RowFromBeforeTheCursorTellsHowLateTheHubIs() throws {
        let pull = Pulled(try Self.start(at: 500))
        _ = try pull.page(1, [Self.row(1, 499), Self.row(2, 600), Self.row(3, 498, isToldLater: true)])

        #expect(pull.notices() == [.late(ms: Self.ms(1), overlapMs: Self.ms(2))])
        #expect(pull.machine.note.lateMs == Self.ms(1))
        #expect(pull.notices() == [], "told once")
    }

    // MARK: passes

    @Test func p01ListIsReadUntilTwoPassesAgree() throws {
        let pull = Pulled(try Self.start())
        _ = try pull.page(1, [Self.row(1, 10)])
        _ = try pull.page(2, [Self.row(4, 10)])
        #expect(pull.ended() == .pass)
        _ = try pull.page(1, [Self.row(1, 10)])
        #expect(try pull.page(2, [Self.row(3, 10), Self.row(4, 10)]).ids == ["3"])
        #expect(pull.ended() == .pass, "row 3 is older than the walk: the first pass should have had it")
        _ = try pull.page(1, [Self.row(1, 10)])
        _ = try pull.page(2, [Self.row(3, 10), Self.row(4, 10)])
        #expect(pull.ended() == .nothing)
        #expect(pull.machine.state == .over(.due, reconciled: nil))
    }

    @Test func p01ListThatNeverStandsStillEndsThePullAndLeavesTheCursor() throws {
        let pull = Pulled(try Self.start())
        for pass in 1...5 {
            _ = try pull.page(1, [Self.row(1000 - pass * 7 % 11, 10), Self.row(pass, 10), Self.row(500 + pass * 3 % 7, 10)])
            #expect(pull.ended(Self.list(), Reconciliation(origin: nil, firstPage: 1)) == (pass < 5 ? .pass : .restless))
        }
        #expect(pull.notices() == [.restless])
        #expect(pull.target == nil)
    }

    @Test func restOfAListIsNotAListOfOnePage() throws {
        let pull = Pulled(try Self.start(at: 500) { $0.walk = Self.walk(to: 7) })
        _ = try pull.page(8, [Self.row(1, 600)])
        #expect(pull.ended(Self.list(pages: 1)) == .pass)
        #expect(pull.machine.state == .pass(2))
        #expect(pull.target == nil)
    }

    @Test func walkThatIsGoneOnWithIsProvenByItselfAlone() throws {
        let before = Pulled(try Self.start(at: 500))
        _ = try before.page(1, [Self.row(1, 100)])
        _ = before.ended()
        before.machine.willMove(now: 1)
        let note = before.machine.note
        func pull(_ note: CursorNote) throws -> Pulled { Pulled(try Self.start(at: 500) { $0 = note }) }

        let anew = try pull(note)
        _ = try anew.page(1, [Self.row(1, 100)])
        #expect(anew.keepsPlace())
        #expect(try pull(anew.machine.note).ended() == .pass, "a row may have come and gone on the pages before")
        #expect(anew.ended() == .nothing)
    }

    @Test func walkOverMorePullsMovesTheCursorToWhereTheFirstOfThemBegan() throws {
        let (a, b) = (try Self.row(1, 990, isCommitted: true), try Self.row(2, 3000, isCommitted: true))
        var note: CursorNote?
        func pulled(began: Int64, _ work: (Pulled) throws -> Void) throws -> Pulled {
            let pull = Pulled(try Self.start(at: 500) { if let note { $0 = note } })
            try work(pull)
            _ = pull.keepsPlace(began: began)
            note = pull.machine.note
            return pull
        }
        _ = try pulled(began: 1000) { _ = try $0.page(1, [a]) }
        #expect(note?.walk?.page == 1)
        _ = try pulled(began: 1500) { pull in
            _ = try pull.page(2, [b])
            #expect(pull.ended(Self.list(pages: 1, began: 1500)) == .pass)
            _ = try pull.page(1, [a])
        }
        #expect(note?.walk?.earlier?.rows == 2)
        let last = try pulled(began: 1700) { pull in
            _ = try pull.page(2, [b])
            #expect(pull.ended(Self.list(pages: 1, began: 1700)) == .nothing)
        }

        #expect(last.target == 1000)
        last.machine.willMove(now: 5)
        #expect(last.machine.note.walk == nil)
    }

    @Test func rowThatIsNewInASecondPassOfALaterPullIsAFlawIfItIsOlderThanTheWalk() throws {
        for (minute, isProven) in [(999, false), (1001, true)] as [(Int64, Bool)] {
            var walk = Self.walk(to: 0, began: 1000)
            let pass = Pulled(try Self.start(at: 500))
            _ = try pass.page(1, [Self.row(1, 600, isCommitted: true)])
            walk.earlier = pass.machine.seen
            let pull = Pulled(try Self.start(at: 500) { $0.walk = walk })
            _ = try pull.page(1, [Self.row(1, 600, isCommitted: true), Self.row(2, minute)])

            #expect((pull.ended(Self.list(began: 2000)) == .nothing) == isProven)
        }
    }

    @Test func j14PageOfWhichNothingCanBeReadLeavesTheCursor() throws {
        let pull = Pulled(try Self.start())
        _ = try pull.page(1, [], isUnreadable: true)
        _ = try pull.page(2, [], isUnreadable: true)
        #expect(pull.notices() == [.unreadable(page: 1)])
        #expect(pull.ended(Self.list(pages: 1)) == .nothing)

        #expect(pull.machine.state == .over(.stays, reconciled: nil))
        #expect(pull.target == nil)
    }

    // MARK: commits and the cursor

    @Test func p10CursorWaitsForEveryPage() throws {
        let pull = Pulled(try Self.start())
        let first = try #require(try pull.page(1, [Self.row(1, 990)]).page)
        let second = try #require(try pull.page(2, [Self.row(2, 980)]).page)
        _ = pull.ended()
        _ = try pull.page(1, [Self.row(1, 990)])
        _ = try pull.page(2, [Self.row(2, 980)])
        #expect(pull.ended() == .nothing)

        #expect(pull.target == nil)
        pull.machine.committed(second)
        #expect(pull.machine.given.isOpen(first.position))
        #expect(!pull.machine.given.isOpen(second.position))
        #expect(pull.target == nil)
        pull.machine.committed(first)
        #expect(pull.target == 990)
        pull.machine.willMove(now: 5)
        #expect(pull.machine.note.newest == Self.ms(990))
        #expect(pull.machine.note.reconciledAt == 5)
        #expect(pull.target == 990, "it is not stored yet")
        pull.machine.moved()
        #expect(pull.target == nil, "it moves once")
    }

    @Test func cursorWaitsForRecordsThatWaitAndForOurChannel() throws {
        for (isHeldBack, isBlind) in [(true, false), (false, true)] {
            let pull = Pulled(try Self.start())
            _ = try pull.page(1, [], isHeldBack: isHeldBack, isBlind: isBlind)
            _ = pull.ended(Self.list(pages: 1))
            #expect(pull.target == nil)
        }
    }

    @Test func rowOfAnotherChannelTellsOfTheHubsTime() throws {
        let pull = Pulled(try Self.start(at: 500))
        pull.machine.sawForeign(Self.ms(900))
        _ = pull.ended(Self.list(pages: 1))

        #expect(pull.target == 900)
    }

    // MARK: reconciliation

    @Test func p11ReconciliationReadsFromTheOriginAndHasItsShareOfPages() throws {
        let pull = Pulled(try Self.start(at: 500))
        let everything = Reconciliation(origin: Instant(ms: Self.ms(7)), firstPage: 1)
        #expect(pull.ended(Self.list(pages: 1), everything) == .reconciliation(everything))
        #expect(pull.machine.bound?.ms == Self.ms(7))
        let page = try #require(try pull.page(1, [Self.row(1, 8)]).page, "it is older than the cursor")
        #expect(pull.target == nil)
        pull.machine.committed(page)
        pull.machine.moved()
        for number in 2...50 { _ = try pull.page(number, []) }

        #expect(pull.machine.state == .over(.moved, reconciled: 50))
        pull.machine.willKeepReconciliation(50, now: 9)
        #expect(pull.machine.note.nextReconciledPage(size: 100) == 51)
        #expect(pull.machine.note.reconciledAt == Self.ms(1), "it is not complete")
        pull.machine.willKeepReconciliation(0, now: 9)
        #expect(pull.machine.note.reconciledAt == 9)
    }

    @Test func reconciliationThatIsCutShortIsGoneOnWith() throws {
        let pull = Pulled(try Self.start(at: 500))
        _ = pull.ended(Self.list(pages: 1), Reconciliation(origin: nil, firstPage: 4))
        #expect(!pull.keepsPlace(), "it came nowhere")
        _ = try pull.page(4, [Self.row(1, 100, isCommitted: true)])
        _ = try pull.page(5, [Self.row(2, 100)])
        #expect(pull.keepsPlace())

        #expect(pull.machine.note.nextReconciledPage(size: 100) == 5, "the second page is not committed")
    }

    // MARK: the place in a list

    @Test func placeIsKeptEveryTwentyCommittedPages() throws {
        let pull = Pulled(try Self.start(at: 500))
        for number in 1...42 {
            _ = try pull.page(number, [Self.row(number, 600, isCommitted: true)])
            #expect(pull.isPlaceKept == (number == 21 || number == 42))
            if pull.isPlaceKept { #expect(pull.keepsPlace()) }
        }
        #expect(!pull.keepsPlace(), "it is written down")
        #expect(pull.machine.note.walk?.page == 42)
        _ = pull.ended()
        for number in 1...21 { _ = try pull.page(number, [Self.row(number, 600, isCommitted: true)]) }
        #expect(pull.isPlaceKept, "the second pass has pages of its own")
    }

    @Test func pageThatIsNotCommittedIsNotPassed() throws {
        let pull = Pulled(try Self.start(at: 500))
        _ = try pull.page(1, [Self.row(1, 600, isCommitted: true)])
        _ = try pull.page(2, [Self.row(2, 600)])
        _ = try pull.page(3, [Self.row(3, 600, isCommitted: true)])
        #expect(pull.keepsPlace())

        #expect(pull.machine.note.walk?.page == 1)
        #expect(pull.machine.note.walk?.seen.rows == 1)
    }

    @Test(arguments: [(true, false), (false, true)])
    func pageOfWhichSomethingIsLeftOutForNowIsNotPassed(_ isHeldBack: Bool, _ isBlind: Bool) throws {
        let pull = Pulled(try Self.start(at: 500))
        _ = try pull.page(1, [Self.row(1, 600, isCommitted: true)])
        _ = try pull.page(2, [], isHeldBack: isHeldBack, isBlind: isBlind)
        _ = try pull.page(3, [], isHeldBack: isHeldBack)
        _ = pull.keepsPlace()
        #expect(pull.machine.note.walk?.page == 1)
    }

    @Test(arguments: [(true, false), (false, true)])
    func whatSpeaksAgainstAPassIsKeptWithItsPlace(_ isUnreadable: Bool, _ hasRepeated: Bool) throws {
        let pull = Pulled(try Self.start(at: 500))
        _ = try pull.page(1, [], isUnreadable: isUnreadable)
        #expect(pull.keepsPlace(hasRepeated: hasRepeated))
        #expect(pull.machine.note.walk?.seen.isFlawed == true)
    }

    @Test func walkOfWhichNoEndIsProvenBeginsAnew() throws {
        let pull = Pulled(try Self.start(at: 500) { $0.walk = Self.walk(to: 7) })
        for pass in 1...5 {
            _ = try pull.page(1, [Self.row(pass, 600, isCommitted: true)])
            _ = pull.ended()
        }
        #expect(pull.machine.state == .over(.stays, reconciled: nil))
        #expect(pull.keepsPlace())
        #expect(pull.machine.note.walk == nil)
    }

    @Test func p21HubThatIgnoresTheBoundIsKnownWhereAWalkIsGoneOnWith() throws {
        let pull = Pulled(try Self.start(at: 500) { ($0.walk, $0.ignoredAt) = (Self.walk(to: 7), 1) })
        _ = try pull.page(8, [Self.row(1, 600)])
        pull.machine.willMove(now: 9)
        #expect(pull.machine.note.ignoredAt == 9, "the rows of the pages before told so")
    }
}
