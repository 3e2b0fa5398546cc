/// What a pull of a cursor feed reads now, and what becomes of its cursor once that is read.
enum CursorPullState: Equatable {
    /// The first pass over the list, the second ...
    case pass(Int)
    /// The list is read, and beside it everything once more.
    case reconciliation(Cursor, Reconciliation)
    /// Nothing is left to read. `reconciled` is the page that the reconciliation came to, 0 if it is complete; nil if there was
    /// none, or it is written down.
    case over(Cursor, reconciled: Int?)

    enum Cursor: Equatable {
        /// It moves when all that was given is committed.
        case due
        case moved
        /// No end is proven, or a page could not be read (J-14).
        case stays
    }

    /// What comes after the end of a list.
    enum Next: Equatable {
        /// The list once more: two passes prove that no row was skipped (P-01).
        case pass
        case reconciliation(Reconciliation)
        case nothing
        /// Nothing either, for the list changed so much that no end of it is proven.
        case restless
    }

    /// Passes over a list until two of them prove its end, at most so many (decision 17).
    static let mostPasses = 5

    // MARK: questions

    /// Nil while the list is read whose end moves the cursor.
    var cursor: Cursor? {
        switch self {
        case .pass: nil
        case .reconciliation(let cursor, _), .over(let cursor, _): cursor
        }
    }

    var isWalking: Bool { cursor == nil }

    /// An earlier pass should have had what comes new now.
    var isLaterPass: Bool { if case .pass(let number) = self { number > 1 } else { false } }

    var isOver: Bool { if case .over = self { true } else { false } }

    /// The page that the reconciliation came to, as long as it is not written down.
    var reconciled: Int? { if case .over(_, let page) = self { page } else { nil } }

    // MARK: events

    /// The list came to its end.
    /// - Parameter isProven: it is proven that the pass which ends skipped nothing.
    /// - Parameter reconciliation: the one that is due.
    mutating func ended(isProven: Bool, isReadable: Bool, _ reconciliation: Reconciliation?) -> Next {
        switch self {
        case .pass(let number):
            guard isProven || number >= CursorPullState.mostPasses else {
                self = .pass(number + 1)
                return .pass
            }
            let cursor = isProven && isReadable ? Cursor.due : .stays
            guard isProven, let reconciliation else {
                self = .over(cursor, reconciled: nil)
                return isProven ? .nothing : .restless
            }
            self = .reconciliation(cursor, reconciliation)
            return .reconciliation(reconciliation)
        case .reconciliation(let cursor, _): self = .over(cursor, reconciled: 0)
        case .over: break
        }
        return .nothing
    }

    /// A page was gone through. The rest of a reconciliation that has had its share is left to the next pull.
    mutating func came(to page: Int) {
        guard case .reconciliation(let cursor, var reconciliation) = self else { return }
        reconciliation.came()
        self = reconciliation.isUsedUp ? .over(cursor, reconciled: page) : .reconciliation(cursor, reconciliation)
    }

    /// The cursor's move is stored.
    mutating func moved() {
        switch self {
        case .reconciliation(.due, let reconciliation): self = .reconciliation(.moved, reconciliation)
        case .over(.due, let reconciled): self = .over(.moved, reconciled: reconciled)
        default: break
        }
    }

    /// The page that the reconciliation came to is stored.
    mutating func keptReconciliation() {
        if case .over(let cursor, _) = self { self = .over(cursor, reconciled: nil) }
    }
}
