/// The state machine of a pull of a cursor feed: which list it reads, which rows are for the host, and when its cursor may move.
/// Rows, ends and commits come in, what to do goes out: it knows no hub, no state file and no clock but what is handed in.
struct CursorPullMachine {
    /// What is worth a line in the log.
    enum Notice: Equatable {
        /// contract 8.12: the hub ignored the filter and sends everything
        case boundIgnored
        case late(ms: Int64, overlapMs: Int64)
        /// J-14
        case unreadable(page: Int)
        case restless
    }

    /// A list that came to its end.
    struct List {
        let tally: PageWalkMachine.Tally
        let hasRepeated: Bool
        let began: WalkStart?
    }

    private typealias Place = (page: Int, seen: PassProof.Seen)

    let start: CursorStart
    private(set) var state: CursorPullState
    /// What is written down with the cursor.
    var note: CursorNote
    /// Of the list that is read now.
    private(set) var bound: Instant?
    private var notices: [Notice] = []

    private var proof: PassProof
    private var late: LateRows
    private(set) var given = GivenPages()
    /// Where the list was when all that had come was committed, and where it is now.
    private var storedTo: Place
    private var cameTo: Place
    /// Of this pass, as it is written down.
    private var keptPage: Int
    private var rows = ShownRows.none
    /// When the walk began; nil if its first pass is not over, or the hub told no time.
    private var began: WalkStart?
    /// A row came that is older than the bound.
    private var isBoundIgnored = false
    private var hasUnreadablePage = false
    /// No list of this pull came to its end.
    private(set) var isFirstList = true
    private var isHeldBack = false
    private var isBlind = false

    init(_ start: CursorStart) {
        self.start = start
        let walk = start.walk
        state = .pass(walk?.earlier == nil ? 1 : 2)
        note = start.note
        bound = start.bound
        if let walk {
            proof = PassProof(after: walk.earlier, goingOnWith: walk.page > 0 ? walk.seen : nil)
        } else {
            // One pass is enough if the last walk had the same rows; what would come behind them is of this walk.
            proof = PassProof(after: note.sequence.map { PassProof.Seen(sequence: $0) })
        }
        note.walk = walk
        late = LateRows(cursorAt: start.cursorAt)
        storedTo = (walk?.page ?? 0, proof.seen)
        cameTo = storedTo
        keptPage = storedTo.page
        began = walk?.began
        isBoundIgnored = walk != nil && note.ignoredAt != nil
    }

    // MARK: questions

    /// Whether the host has no such version, neither from this pull nor from one before.
    private func isNew(_ row: SortedPage.Row) -> Bool {
        !isBeforeBound(row.version) && !isForgotten(row.version) && !row.isCommitted && !given.contains(row.version)
    }

    /// Older than the bound that the hub was asked for.
    private func isBeforeBound(_ version: Page.Version) -> Bool {
        bound.map { version.updatedAt != 0 && version.updatedAt < $0.ms - 1000 } ?? false
    }

    private func isForgotten(_ version: Page.Version) -> Bool {
        version.updatedAt != 0 && version.updatedAt < start.forgottenBefore
    }

    /// Of the pass under way.
    var seen: PassProof.Seen { proof.seen }

    /// What the cursor's move depends on.
    func facts(now: Int64) -> CursorMove.Facts {
        CursorMove.Facts(
            cursor: state.cursor, isAllCommitted: given.isEmpty, isHeldBack: isHeldBack, isBlind: isBlind, cursorAt: start.cursorAt,
            bound: bound, began: began, rows: rows, shownBefore: note.newest.map { Instant(ms: $0) },
            areClocksClose: note.areClocksClose(now: now), now: Instant(ms: now))
    }

    // MARK: rows

    /// A row of another channel came: it tells of the hub's time as well.
    mutating func sawForeign(_ updatedAt: Int64) { rows.came(updatedAt) }

    /// A row came. True if it is given to the host.
    mutating func came(_ row: SortedPage.Row) -> Bool {
        let isGiven = isNew(row)
        saw(row.version)
        guard isGiven else { return false }
        given.add(row.version)
        if !row.isToldLater { gave(row.version.updatedAt) }
        return true
    }

    private mutating func saw(_ version: Page.Version) {
        if isBeforeBound(version) {
            if !isBoundIgnored, note.ignoredAt == nil { notices.append(.boundIgnored) }
            isBoundIgnored = true
        } else if !isForgotten(version) {
            rows.came(version.updatedAt)
        }
    }

    private mutating func gave(_ updatedAt: Int64) {
        guard updatedAt != 0 else { return }
        if state.isLaterPass, let began, updatedAt < began.at.ms { proof.foundFlaw() }
        guard let lateMs = late.gave(updatedAt, &note) else { return }
        notices.append(.late(ms: lateMs, overlapMs: note.overlapMs(least: start.leastOverlapMs)))
    }

    // MARK: pages and lists

    /// A process that is killed loses no more than this.
    private static let keptEveryPages = 20

    /// All rows of a page came. True if the place in the list is worth writing down.
    mutating func came(_ page: SortedPage, _ body: JSONPage) -> Bool {
        if isAllStored { storedTo = cameTo }
        (isHeldBack, isBlind) = (page.isHeldBack, isBlind || page.isBlind)
        if state.isWalking { saw(page, body) }
        cameTo = (page.number, proof.seen)
        state.came(to: page.number)
        return state.isWalking && storedTo.page &- keptPage >= CursorPullMachine.keptEveryPages
    }

    private mutating func saw(_ page: SortedPage, _ body: JSONPage) {
        proof.add(body)
        guard page.isUnreadable, !hasUnreadablePage else { return }
        hasUnreadablePage = true
        notices.append(.unreadable(page: page.number))
    }

    /// What the pages before this moment had is committed, and none of it waits for what the hub does not tell now.
    private var isAllStored: Bool { given.isEmpty && !isHeldBack && !isBlind }

    /// A list came to its end.
    /// - Parameter reconciliation: the one that is due.
    mutating func ended(_ list: List, _ reconciliation: Reconciliation?) -> CursorPullState.Next {
        learnStart(list.began)
        let isProven = state.isWalking && proof.endPass(list.tally, hasRepeated: list.hasRepeated, pageSize: start.pageSize)
        let next = state.ended(isProven: isProven, isReadable: !hasUnreadablePage, reconciliation)
        switch next {
        case .reconciliation(let reconciliation): bound = reconciliation.origin
        case .restless: notices.append(.restless)
        case .pass, .nothing: break
        }
        storedTo = (0, proof.seen)
        (cameTo, keptPage, isFirstList) = (storedTo, 0, false)
        return next
    }

    /// The walk began with the list that is read now, unless an earlier pull or pass began it.
    private mutating func learnStart(_ start: WalkStart?) {
        if state == .pass(1), self.start.walk == nil { began = start }
    }

    mutating func takeNotices() -> [Notice] {
        defer { notices = [] }
        return notices
    }

    // MARK: what the host stores, and what is written down

    mutating func gavePage() -> Int { given.gavePage() }

    mutating func committed(_ page: Page) { given.committed(page.position, page.versions) }

    /// The cursor is about to move: its note goes with it.
    mutating func willMove(now: Int64) {
        note.noteBound(isIgnored: isBoundIgnored, now: now, sequence: proof.ended?.sequence)
        if note.reconciledAt == nil { note.reconciledAt = now }  // the walk began at the cursor's origin
        noteNewest(now: now)
    }

    private mutating func noteNewest(now: Int64) {
        let facts = facts(now: now)
        if facts.showsCloseClocks { note.clocksCloseAt = now }
        if let shown = facts.shown { note.newest = max(shown.ms, note.newest ?? shown.ms) }
    }

    mutating func moved() { state.moved() }

    /// The page that the reconciliation came to is about to be written down.
    mutating func willKeepReconciliation(_ page: Int, now: Int64) {
        (note.reconciledPage, note.reconciledPageSize) = (Int64(page), start.pageSize)
        if page == 0 { note.reconciledAt = now }
    }

    mutating func keptReconciliation() { state.keptReconciliation() }

    /// Notes how far a list was read, for the next pull to go on with it. True if that is news.
    mutating func keepPlace(
        _ start: WalkStart?, hasRepeated: Bool, _ channels: WalkNote.Channels = WalkNote.Channels(), now: Int64
    ) -> Bool {
        let before = note
        let isStuck = isStuck
        if isAllStored || isStuck { storedTo = cameTo }
        keptPage = storedTo.page
        switch state {
        case .pass:
            learnStart(start)
            noteNewest(now: now)
            if isBoundIgnored, note.ignoredAt == nil { note.ignoredAt = now }
            note.walk = walkSoFar(isFlawed: hasRepeated || hasUnreadablePage || isStuck)
            note.walk?.channels = channels
        case .reconciliation: if storedTo.page > 0 { willKeepReconciliation(storedTo.page, now: now) }
        case .over(.stays, _): note.walk = nil
        case .over: break
        }
        return note != before
    }

    /// The pull before this one came no further either, for what a page has is not stored. What is behind it shall come all
    /// the same; such a pass proves nothing, so that the cursor stays before that page.
    private var isStuck: Bool {
        guard isFirstList, !isAllStored, let walk = start.walk else { return false }
        return storedTo.page == walk.page && cameTo.page > walk.page
    }

    private func walkSoFar(isFlawed: Bool) -> WalkNote? {
        var walk = WalkNote(pageSize: start.pageSize, bound: start.bound?.ms)
        (walk.page, walk.seen, walk.began) = (storedTo.page, storedTo.seen, began)
        if isFlawed { walk.seen.isFlawed = true }
        if state.isLaterPass { walk.earlier = proof.ended }
        return cameTo.page > 0 || walk.earlier != nil ? walk : nil
    }
}
