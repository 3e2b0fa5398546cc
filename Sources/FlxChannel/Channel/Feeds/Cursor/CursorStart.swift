/// Where a pull of a cursor feed begins: what the state knows of its cursor, and what the host asks for.
struct CursorStart {
    let cursorAt: Instant?
    let note: CursorNote
    /// Lower bound of the walk; nil from the beginning of time.
    let bound: Instant?
    /// Records that changed last before it were stored long ago, though the state does not tell any more.
    let forgottenBefore: Int64
    /// The walk that an earlier pull was cut short in, if this one is to go on with it.
    let walk: WalkNote?
    let pageSize: Int64
    let leastOverlapMs: Int64

    init(_ row: CursorRow?, _ spec: PullSpec, leastOverlapMs: Int64, _ retention: Retention, now: Int64) {
        let known = CursorNote(row?.note ?? "")
        let isNew = row?.at == nil && !known.hasBegun
        note = isNew && known.walk == nil ? CursorNote(origin: spec.since?.ms) : known
        cursorAt = row?.at.map { Instant(ms: $0) }
        let overlapMs = note.overlapMs(least: leastOverlapMs)
        bound = cursorAt.map { Instant(ms: $0.ms - overlapMs) } ?? (isNew ? note.origin.map { Instant(ms: $0) } : nil)
        forgottenBefore = retention.versions(of: note, at: cursorAt, now: now) ?? 0
        walk = note.walk.flatMap { [bound] in $0.pageSize == spec.pageSize && $0.bound == bound?.ms ? $0 : nil }
        pageSize = spec.pageSize
        self.leastOverlapMs = leastOverlapMs
    }

    /// The first page that is read.
    var firstPage: Int { (walk?.page ?? 0) + 1 }
}
