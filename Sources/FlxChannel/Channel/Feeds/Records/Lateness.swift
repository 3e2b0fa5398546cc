/// How late the hub shows a change of a listing: `feeds.late_s` is assumed, twice the worst that was seen counts if it is
/// more. What was seen is forgotten when it was not seen again for a month (decision 26).
extension Client {
    func lateMs() throws(ChannelError) -> Int64 {
        let seen = try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                let listings = try store.cursors.list().filter { $0.feed == Feed.listings.rawValue }
                let known = try Lateness.known(store.meta)?.value ?? 0
                return max(listings.map { CursorNote($0.note).lateMs }.max() ?? 0, known)
            }
        }
        return max(settings.feedsLateS * 1000, min(seen * 2, Lateness.mostAllowedMs))
    }

    /// A change showed up so long after it was made.
    func noteLate(_ ms: Int64, feed: Feed) throws(ChannelError) {
        guard ms > 0, ms <= Lateness.mostMs else { return }
        let isWorse = try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                let worst = try Lateness.known(store.meta)
                guard ms >= worst?.value ?? 0 else { return false }
                let fact = Learnt(ms, source: feed.operation.id, at: Clock.wallMs(), witnesses: (worst?.witnesses ?? 0) &+ 1)
                try store.meta.set(Lateness.key, fact.text)
                return ms > worst?.value ?? 0
            }
        }
        guard isWorse else { return }
        log.write(.warn, "pull.late", [("feed", .text(feed.name)), ("late_s", .number(ms / 1000))])
    }
}

enum Lateness {
    static let key = "late"
    /// What is later than this is no late showing: the hub was restored, or the row came back (P-11).
    static let mostMs: Int64 = 3_600_000
    /// One row that came late by an hour must not put everything off by two.
    static let mostAllowedMs: Int64 = 900_000
    private static let keepMs: Int64 = 30 * 86_400_000

    /// What answered records have shown; nil if nothing, or not lately.
    static func known(_ meta: MetaTable) throws(StateError) -> Learnt<Int64>? {
        guard let fact = try meta.text(key).flatMap({ Learnt<Int64>(text: $0) }) else { return nil }
        return fact.isFresh(within: keepMs, now: Clock.wallMs()) && (0...mostMs).contains(fact.value) ? fact : nil
    }
}

/// Whether the hub finds listings by their ids or SKUs (contract 3.3, 3.6), which it may ignore.
enum NamedListings {
    /// For how long it is remembered.
    private static let keepMs: Int64 = 24 * 3_600_000

    static func key(_ feed: Feed) -> String { "names_ignored/" + feed.operation.id }

    /// What was seen of it; nil if it finds them as far as is known.
    static func ignored(_ meta: MetaTable, _ feed: Feed) throws(StateError) -> Learnt<ByteText>? {
        guard let fact = try meta.text(key(feed)).flatMap({ Learnt<ByteText>(text: $0) }) else { return nil }
        return fact.isFresh(within: keepMs, now: Clock.wallMs()) ? fact : nil
    }

    static func note(_ meta: MetaTable, _ feed: Feed, _ what: String) throws(StateError) {
        try meta.set(key(feed), Learnt(ByteText(what), source: feed.operation.id, at: Clock.wallMs()).text)
    }
}
