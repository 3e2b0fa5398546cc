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
    private var progress = ListProgress()
    private var rows = ShownRows.none
    /// When the first pass began; nil if it is not over, or the hub told no time.
    private var began: WalkStart?
    /// A row came that is older than the bound.
    private var isBoundIgnored = false
    private var hasUnreadablePage = false
    private var isHeldBack = false
    private var isBlind = false

    init(_ start: CursorStart) {
        self.start = start
        state = start.firstPage > 1 ? .rest : .pass(1)
        note = start.note
        bound = start.bound
        proof = PassProof(after: start.note.sequence)
        late = LateRows(cursorAt: start.cursorAt)
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

    /// What the cursor's move depends on.
    func facts(now: Int64) -> CursorMove.Facts {
        CursorMove.Facts(
            cursor: state.cursor, isAllCommitted: given.isEmpty, isHeldBack: isHeldBack, isBlind: isBlind, cursorAt: start.cursorAt,
            bound: bound, began: began, rows: rows, shownBefore: note.newest.map { Instant(ms: $0) }, now: Instant(ms: now))
    }

    /// Whether the place in a list is of use to a later pull.
    private var keepsPlaces: Bool { start.cursorAt != nil && (isBoundIgnored || note.ignoredAt != nil) }

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
        if state.isLaterPass, let began, updatedAt < began.at.ms { proof.cameLate() }
        guard let lateMs = late.gave(updatedAt, &note) else { return }
        notices.append(.late(ms: lateMs, overlapMs: note.overlapMs(least: start.leastOverlapMs)))
    }

    // MARK: pages and lists

    /// All rows of a page came. True if the place in the list is worth writing down.
    mutating func came(_ page: SortedPage, _ body: JSONPage) -> Bool {
        (isHeldBack, isBlind) = (page.isHeldBack, page.isBlind)
        guard state.isWalking else {
            state.came(to: page.number)
            return false
        }
        if state.isPass { proof.add(body) }
        if page.isUnreadable, !hasUnreadablePage {
            hasUnreadablePage = true
            notices.append(.unreadable(page: page.number))
        }
        return progress.come(to: page.number, isAllCommitted: given.isEmpty) && keepsPlaces
    }

    /// A list came to its end.
    /// - Parameter reconciliation: the one that is due.
    mutating func ended(_ list: List, _ reconciliation: Reconciliation?) -> CursorPullState.Next {
        if state.isWalking { progress.restart() }
        if state == .pass(1) { began = list.began }
        let isProven = state.isPass && proof.endPass(list.tally, hasRepeated: list.hasRepeated, pageSize: start.pageSize)
        let next = state.ended(isProven: isProven, isReadable: !hasUnreadablePage, reconciliation)
        switch next {
        case .reconciliation(let reconciliation): bound = reconciliation.origin
        case .restless: notices.append(.restless)
        case .pass, .nothing: break
        }
        return next
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
        let shown = facts(now: now).shown
        note.noteBound(isIgnored: isBoundIgnored, now: now, sequence: proof.sequence)
        if note.reconciledAt == nil { note.reconciledAt = now }  // the walk began at the cursor's origin
        if let shown { note.newest = max(shown.ms, note.newest ?? shown.ms) }
    }

    mutating func moved() { state.moved() }

    /// The page that the reconciliation came to is about to be written down.
    mutating func willKeepReconciliation(_ page: Int, now: Int64) {
        (note.reconciledPage, note.reconciledPageSize) = (Int64(page), start.pageSize)
        if page == 0 { note.reconciledAt = now }
    }

    mutating func keptReconciliation() { state.keptReconciliation() }

    /// The pull is closed. True if the place in the list is worth writing down.
    mutating func closed() -> Bool {
        state.isWalking && progress.end(isAllCommitted: given.isEmpty) && keepsPlaces
    }

    /// How far the list was read is about to be written down, for the next pull to go on with it.
    mutating func willKeepPlace(now: Int64) {
        if isBoundIgnored { note.ignoredAt = now }
        note.walked(to: progress.page, size: start.pageSize)
    }

    mutating func keptPlace() { progress.keep() }
}
