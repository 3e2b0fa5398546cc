/// Whether a cursor moves, and how far it may go (decision 17).
///
/// Invariant: it never passes a version that was not committed, nor the start of the walk that moves it.
enum CursorMove: Equatable {
    /// It is not time, or it never will be in this pull.
    case waits
    /// The walk counts. No instant: no row showed that time went on, and the cursor stays where it is.
    case to(Instant?)

    /// What is known when it is asked.
    struct Facts {
        /// Nil while the list is read.
        var cursor: CursorPullState.Cursor?
        var isAllCommitted: Bool
        /// Records wait for what the hub does not tell now.
        var isHeldBack = false
        /// Rows were left out although our channel is not known.
        var isBlind = false
        /// Where the cursor stood when the pull began.
        var cursorAt: Instant?
        var bound: Instant?
        var began: WalkStart?
        var rows = ShownRows.none
        /// The newest row that walks before have shown.
        var shownBefore: Instant?
        /// Lately a row bore an instant that was close to the clock that answers: so close are the two.
        var areClocksClose = false
        /// This machine's clock.
        var now: Instant

        /// The list is read, and nothing of it is owed to the host or by it.
        var isComplete: Bool { cursor != nil && isAllCommitted && !isHeldBack }

        /// The newest row that the hub showed in this walk or before, as far as its clock has come: a row may bear nonsense.
        var shown: Instant? {
            let known = [rows.newest, shownBefore].compactMap { $0 }.max()
            return known.map { min($0, began?.at ?? now) }
        }

        /// A row of this walk shows that the clock that stamps rows is not further behind the one that answers.
        var showsCloseClocks: Bool {
            guard let newest = rows.newest, let began, began.isSure else { return false }
            return (-stepMs...stepMs).contains(began.at.ms &- newest.ms)
        }
    }

    /// How much those two clocks may differ, as long as no row told: a zone is taken for another as well.
    private static let clockDoubtMs: Int64 = 24 * 3600 * 1000
    /// And where one did. Beyond the newest row a cursor goes in steps of this.
    private static let stepMs: Int64 = 15 * 60 * 1000

    static func decide(_ facts: Facts) -> CursorMove {
        facts.cursor == .due && facts.isComplete && !facts.isBlind ? .to(target(facts)) : .waits
    }

    /// How far the cursor may go: to the newest row that the hub showed, for the clock that stamps its rows may be behind
    /// the one that answers (C-04), and what that one says may be wrong (L-01). Once it is past that row by more than the two
    /// may differ, and has a second witness, the cursor goes on by a step, so that one bulk of changes is not read again for ever.
    ///
    /// Where no row bears an instant a clock with two witnesses is all there is; where there is no row at all a cursor stays,
    /// for that costs nothing. A row may be of the hub's future: where the hub tells no time this machine's clock bounds it.
    private static func target(_ facts: Facts) -> Instant? {
        let doubtMs = facts.areClocksClose ? stepMs : clockDoubtMs
        let believed = facts.began.flatMap { $0.isSure ? Instant(ms: $0.at.ms &- doubtMs) : nil }
        guard let shown = facts.shown else {
            if facts.rows == .undated { return believed }
            let now = max(facts.now, facts.began?.at ?? Instant(ms: 0))
            // Where the host began, so that it begins there only once.
            return facts.cursorAt == nil ? facts.bound.map { min($0, now) } : nil
        }
        return max(shown, min(believed ?? shown, Instant(ms: shown.ms &+ stepMs)))
    }
}

/// What the rows of a walk tell of the hub's time, also those that are none of ours.
enum ShownRows: Equatable {
    case none
    /// None of them bears an instant.
    case undated
    case upTo(Instant)

    var newest: Instant? { if case .upTo(let instant) = self { instant } else { nil } }

    /// - Parameter updatedAt: 0 if the row bears no instant.
    mutating func came(_ updatedAt: Int64) {
        if updatedAt != 0 {
            self = .upTo(max(newest ?? Instant(ms: 0), Instant(ms: updatedAt)))
        } else if newest == nil {
            self = .undated
        }
    }
}
