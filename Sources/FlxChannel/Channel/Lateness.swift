import CFlxChannel

/// How late the hub shows a change of a listing: `feeds.late_s` is assumed, twice the worst that was seen counts if it is
/// more. What was seen is forgotten when it was not seen again for a month (decision 26).
extension Client {
    func lateMs() throws(ChannelError) -> Int64 {
        let assumed = settings.number("feeds.late_s") * 1000
        let seen = try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                let listings = try store.cursors.list().filter { $0.feed == Feed.listings.rawValue }
                return max(listings.map { CursorNote($0.note).lateMs }.max() ?? 0, try Lateness.stored(in: store.meta))
            }
        }
        return max(assumed, min(seen * 2, Lateness.mostAllowedMs))
    }

    /// A change showed up so long after it was made.
    func noteLate(_ ms: Int64, feed: Feed) throws(ChannelError) {
        let isWorse = try state { () throws(StateError) in
            try store.write { () throws(StateError) in try Lateness.store(ms, in: store.meta) }
        }
        guard isWorse else { return }
        log.write(.warn, "pull.late", [("feed", .text(feed.name)), ("late_s", .number(ms / 1000))])
    }
}

enum Lateness {
    /// What is later than this is no late showing: the hub was restored, or the row came back (P-11).
    static let mostMs: Int64 = 3_600_000
    /// One row that came late by an hour must not put everything off by two.
    static let mostAllowedMs: Int64 = 900_000
    private static let keepMs: Int64 = 30 * 86_400_000

    static func stored(in meta: MetaTable) throws(StateError) -> Int64 {
        guard let ms = try meta.number("late_ms"), let at = try meta.number("late_at") else { return 0 }
        guard (0..<keepMs).contains(Clock.wallMs() &- at) else { return 0 }
        return min(max(0, ms), mostMs)
    }

    /// True if it is worse than all before.
    static func store(_ ms: Int64, in meta: MetaTable) throws(StateError) -> Bool {
        let worst = try stored(in: meta)
        guard ms > 0, ms <= mostMs, ms >= worst else { return false }
        try meta.set("late_ms", "\(ms)")
        try meta.set("late_at", "\(Clock.wallMs())")
        return ms > worst
    }
}
