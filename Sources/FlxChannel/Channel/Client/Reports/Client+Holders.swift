import CFlxChannel

/// Who may walk a feed, or send its answers (decision 14).
extension Client {
    /// The right to a feed (or a cursor), alone of all processes, or an error that says who has it.
    ///
    /// A pull in use ends when its host likes: nobody waits for that. A flush that is at it releases it soon, by itself: for
    /// that `state.wait_ms` is worth it, also while its host pauses between two slices of it.
    func hold(_ feed: Feed, name: String, as role: FeedHolder.Role) throws(ChannelError) -> FeedLease {
        let deadline = Deadline.after(ms: settings.stateWaitMs)
        var pauseMs: Int64 = 5
        while true {
            switch try lease(feed, name: name, as: role) {
            case .taken(let lease): return lease
            case .held(let holder):
                let isAtWork = holder.isInCall() || holder.idleMs() < Client.betweenSlicesMs
                guard holder.role != .pull, isAtWork, !deadline.isOver, !cancel.isFired else {
                    throw ChannelError(FLX_E_CLIENT_BUSY, words(of: holder))
                }
                cancel.wait(until: Deadline.after(ms: pauseMs).earlier(deadline))
                pauseMs = min(pauseMs * 2, 50)
            }
        }
    }

    private static var betweenSlicesMs: Int64 { 1000 }

    func lease(_ feed: Feed, name: String = "", as role: FeedHolder.Role) throws(ChannelError) -> FeedLeases.Attempt {
        let attempt = try state { () throws(StateError) in
            try store.hold(feed.rawValue, name: name, as: role, idleLimitMs: settings.pullIdleMs)
        }
        if case .taken(let lease) = attempt, let before = lease.takenFrom {
            log.write(
                .warn, "feed.taken_over",
                [
                    ("feed", .text(feed.name)), ("process", .number(before.process.pid)),
                    ("idle_s", .number(before.idleMs() / 1000)),
                ])
        }
        return attempt
    }

    /// Who holds which feed, in all processes.
    func holderList() throws(ChannelError) -> [UInt8] {
        let holders = try state { () throws(StateError) in try store.holders() }
        let now = Clock.monotonicMs()
        var json = JSONWriter()
        json.beginArray()
        for holder in holders {
            guard let feed = Feed(rawValue: holder.feed) else { continue }
            json.beginObject()
            json.member("feed", feed.name)
            json.member("cursor", holder.name)
            json.member("by", "\(holder.role.word)")
            json.member("pid", holder.process.pid)
            json.member("process", holder.process.name)
            json.member("since", Instant(ms: holder.since).isoSeconds)
            json.member("in_call", holder.isInCall(now: now))
            json.member("idle_ms", holder.idleMs(now: now))
            json.member("idle_limit_ms", holder.idleLimitMs)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    /// Why a feed cannot be had, and what to do.
    func words(of holder: FeedHolder) -> String {
        let feed = Feed(rawValue: holder.feed)?.name ?? "\(holder.feed)"
        let what = holder.name.isEmpty ? "feed \(feed)" : "cursor \(Redaction.clean(holder.name)) of feed \(feed)"
        let use = holder.isInCall() ? "a call into it goes on now" : "it was last used \(holder.idleMs() / 1000) s ago"
        let advice =
            holder.role == .pull
            ? "finish or close that pull; unused for \(holder.idleLimitMs / 1000) s (\(ConfigKey.pullIdleS.key.name)) it is given to whoever asks next"
            : "call again"
        let since = Instant(ms: holder.since).isoSeconds
        return "\(what) is held by a \(holder.role.word) of \(holder.process.text) since \(since), \(use): \(advice)"
    }
}

extension FeedHolder.Role {
    var word: StaticString {
        switch self {
        case .pull: "pull"
        case .flush: "flush"
        case .set: "cursor_set"
        }
    }
}
