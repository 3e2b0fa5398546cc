import CFlxChannel

/// The named cursors of a channel, as the host sees and sets them.
extension Client {
    func cursorList() throws(ChannelError) -> [UInt8] {
        let rows = try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.cursors.list() }
        }
        var json = JSONWriter()
        json.beginArray()
        for row in rows {
            guard let feed = Feed(rawValue: row.feed) else { continue }
            json.beginObject()
            json.member("feed", feed.name)
            json.member("cursor", row.name)
            json.key("at")
            if let at = row.at { json.string(Instant(ms: at).isoSeconds) } else { json.null() }
            json.member("moved_at", Instant(ms: row.movedAt).isoSeconds)
            let note = CursorNote(row.note)
            json.member("filter_ignored", note.ignoredAt != nil)
            json.instant("reconciled_at", note.reconciledAt)
            json.member("late_s", note.lateMs / 1000)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    /// One at the beginning of time is as good as none: its name is gone from the list until a pull stores something under it.
    func setCursor(_ feed: Feed, name: String, to text: String) throws(ChannelError) {
        guard !feed.isQueue else {
            throw ChannelError(FLX_E_USE, "feed \(feed.name) is a queue and has no cursor")
        }
        guard PullSpec.isCursorName(name) else {
            throw ChannelError(FLX_E_ARGUMENT, "the cursor's name is not text of 1 to 64 bytes", path: "name")
        }
        var at: Instant?
        if !text.isEmpty {
            at = Instant(iso: text)
            if at == nil {
                throw ChannelError(
                    FLX_E_ARGUMENT, "the cursor is not an instant with a zone; write it like 2026-01-31T12:00:00Z", path: "cursor")
            }
        }
        // A pull that is under way would move the cursor to where it was going.
        let lease = try hold(feed, name: name, as: .set)
        defer { lease.release() }
        try ThreadLease.run(lease) { () throws(ChannelError) in
            try state { () throws(StateError) in
                try store.write { () throws(StateError) in
                    try store.versions.forget(feed: feed.rawValue, name: name)
                    guard at != nil else { return try store.cursors.remove(feed: feed.rawValue, name: name) }
                    try store.cursors.put(
                        CursorRow(
                            feed: feed.rawValue, name: name, at: at?.ms, note: CursorNote(origin: at?.ms).text,
                            movedAt: store.clock.wallMs()))
                }
            }
        }
        log.write(.info, "cursor.set", [("feed", .text(feed.name)), ("cursor", .text(name))])
    }
}
