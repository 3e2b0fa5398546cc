/// Rows that an earlier walk should have had: the hub showed them late, or they were skipped, or dated back (P-12).
struct LateRows {
    /// Where the cursor stood when the pull began.
    let cursorAt: Instant?
    private var isTold = false

    init(cursorAt: Instant?) {
        self.cursorAt = cursorAt
    }

    /// A row is given to the host. Learns by how much it is late, and returns that if it is worth telling: once, and whenever
    /// it is worse than all before.
    mutating func gave(_ updatedAt: Int64, _ note: inout CursorNote) -> Int64? {
        guard let cursorAt, note.hasBegun, updatedAt < cursorAt.ms else { return nil }
        let lateMs = cursorAt.ms &- updatedAt
        guard note.learn(lateMs: lateMs) || !isTold else { return nil }
        isTold = true
        return lateMs
    }
}
