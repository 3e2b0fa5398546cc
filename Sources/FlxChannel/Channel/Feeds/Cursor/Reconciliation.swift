/// Everything since a cursor's origin, read once more beside the walk: that catches what no cursor can, such as a hub that was
/// restored from a backup (P-11). A slice of it a pull, so that a pull of a large catalogue ends soon.
struct Reconciliation: Equatable {
    /// From where it reads; nil from the beginning of time.
    let origin: Instant?
    /// It goes on where an earlier pull left it.
    let firstPage: Int
    /// Pages of the hub that are left to this pull.
    private(set) var pagesLeft = mostPages

    private static let mostPages = 50

    init(origin: Instant?, firstPage: Int) {
        self.origin = origin
        self.firstPage = firstPage
    }

    /// The one that is due at the end of a walk, if it is.
    static func due(
        after start: CursorStart, _ note: CursorNote, everyHours hours: Int64, _ retention: Retention, now: Int64
    ) -> Reconciliation? {
        guard start.cursorAt != nil, note.isReconciliationDue(everyHours: hours, now: now) else { return nil }
        return Reconciliation(
            origin: retention.reconciled(from: note, now: now), firstPage: note.nextReconciledPage(size: start.pageSize))
    }

    /// It has had its share of pages.
    var isUsedUp: Bool { pagesLeft <= 0 }

    /// A page was gone through.
    mutating func came() { pagesLeft -= 1 }
}
