/// How far a pull came in a list that a hub shows in full because it overlooks the cursor's bound (P-21). A pull that is closed
/// before its end is gone on with by the next one, so that a host with little time comes round, too.
///
/// Invariant: nothing on `page`, or before it, is given and not committed.
struct ListProgress {
    private(set) var page = 0
    private var given = 0
    private var kept = 0

    /// A process that is killed loses no more than this.
    private static let everyPages = 20

    /// A page is read, and whether all before it is committed. True if that is worth writing down.
    mutating func come(to number: Int, isAllCommitted: Bool) -> Bool {
        if isAllCommitted { page = given }
        given = number
        return page &- kept >= ListProgress.everyPages
    }

    /// True if `page` is worth writing down at the end.
    mutating func end(isAllCommitted: Bool) -> Bool {
        if isAllCommitted { page = given }
        return page != kept
    }

    mutating func keep() { kept = page }

    /// The list begins anew.
    mutating func restart() { (page, given, kept) = (0, 0, 0) }
}
