/// Where a pull of a cursor feed begins: what the state knows of its cursor, and what the host asks for.
struct CursorStart {
    let cursorAt: Instant?
    let note: CursorNote
    /// Lower bound of the walk; nil from the beginning of time.
    let bound: Instant?
    /// Records that changed last before it were stored long ago, though the state does not tell any more.
    let forgottenBefore: Int64
    /// The first page that is read: past it if an earlier pull came some way in a list that a hub shows in full.
    let firstPage: Int
    let pageSize: Int64
    let leastOverlapMs: Int64

    init(_ row: CursorRow?, _ spec: PullSpec, leastOverlapMs: Int64, _ retention: Retention, now: Int64) {
        let known = CursorNote(row?.note ?? "")
        let isNew = row?.at == nil && !known.hasBegun
        note = isNew ? CursorNote(origin: spec.since?.ms) : known
        cursorAt = row?.at.map { Instant(ms: $0) }
        let overlapMs = note.overlapMs(least: leastOverlapMs)
        bound = cursorAt.map { Instant(ms: $0.ms - overlapMs) } ?? (isNew ? spec.since : nil)
        forgottenBefore = retention.versions(of: note, at: cursorAt, now: now) ?? 0
        firstPage = note.nextWalkedPage(size: spec.pageSize)
        pageSize = spec.pageSize
        self.leastOverlapMs = leastOverlapMs
    }
}
