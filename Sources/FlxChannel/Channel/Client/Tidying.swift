/// What leaves the state because its time is over, a slice in each flush, so that no write holds the state for long: buyer
/// data of settled orders, results of answers, and what is older than `state.keep_days`.
final class Tidying {
    private unowned(unsafe) let client: Client  // Safe: the client owns the flush, which owns this.
    private var prunedAt: Int64?
    /// The last slice was a full one.
    private var hasMore = false

    private static let everyMs: Int64 = 600_000

    init(_ client: Client) {
        self.client = client
    }

    func slice() throws(ChannelError) {
        let now = client.store.clock.wallMs()
        _ = try client.purgeSettled(before: now &- client.settings.ordersKeepHours * 3_600_000, most: 200)
        let isDue = prunedAt.map { !(0..<Tidying.everyMs).contains(now &- $0) } ?? true
        guard isDue || hasMore else { return }
        prunedAt = now
        let before = now &- client.settings.answersKeepHours * 3_600_000
        let seenBefore = now &- client.settings.snapshotsKeepDays * 86_400_000
        hasMore = try client.state { () throws(StateError) in
            let isFull = try client.store.write { () throws(StateError) in
                try client.store.answers.prune(settledBefore: before)
                return try client.store.snapshots.prune(before: seenBefore) >= SnapshotTable.pruneLimit
            }
            return try forget(now) || isFull
        }
    }

    /// - Returns: whether there may be more.
    private func forget(_ now: Int64) throws(StateError) -> Bool {
        let (store, retention) = (client.store, Retention(client.settings))
        let before = retention.before(now)
        var old: [(feed: Int32, name: String, before: Int64)] = []
        var (isAny, isLoose) = (false, false)
        try store.read { () throws(StateError) in
            isAny = try store.retention.isAny(before: before)
            isLoose = try store.isLoose()
            for cursor in try store.cursors.list() {
                guard let before = retention.versionsForgotten(of: CursorNote(cursor.note), at: cursor.at, now: now) else {
                    continue
                }
                if try store.retention.isAnyVersion(feed: cursor.feed, name: cursor.name, before: before) {
                    old.append((cursor.feed, cursor.name, before))
                }
            }
        }
        guard isAny || isLoose || !old.isEmpty else { return false }  // a write costs the disk's time
        return try store.write { () throws(StateError) in
            var isMore = try store.retention.forget(before: before)
            for (feed, name, before) in old where try store.retention.forgetVersions(feed: feed, name: name, before: before) {
                isMore = true
            }
            if isLoose { try store.tighten() }
            return isMore || isLoose
        }
    }
}

/// How long what was there is remembered: `state.keep_days`.
struct Retention {
    private let keptMs: Int64
    private let leastOverlapMs: Int64
    private static let dayMs: Int64 = 86_400_000
    /// A pull that began before a slice still knows what it forgets.
    private static let marginMs = dayMs
    /// The bound of a reconciliation moves seldom, so that its pages stay the same from one pull to the next.
    private static let stepMs = 30 * dayMs

    init(_ settings: Settings) {
        keptMs = settings.stateKeepDays * Retention.dayMs
        leastOverlapMs = settings.feedsOverlapS * 1000
    }

    func before(_ now: Int64) -> Int64 { now &- keptMs }

    /// Versions of records that changed last before this are taken as stored; nil while the cursor's first walk lasts, and
    /// never later than where the cursor stands.
    func versions(of note: CursorNote, at cursor: Instant?, now: Int64) -> Int64? {
        guard note.hasBegun, let cursor else { return nil }
        return min(before(now), cursor.ms &- note.overlapMs(least: leastOverlapMs))
    }

    func versionsForgotten(of note: CursorNote, at cursor: Int64?, now: Int64) -> Int64? {
        versions(of: note, at: cursor.map { Instant(ms: $0) }, now: now).map { $0 &- Retention.marginMs }
    }

    /// From where a reconciliation reads.
    func reconciled(from note: CursorNote, now: Int64) -> Instant? {
        let oldest = before(now) / Retention.stepMs * Retention.stepMs
        guard let origin = note.origin else { return Instant(ms: oldest) }
        return Instant(ms: max(origin, oldest))
    }
}
