/// What is known of the hub because it said so, with who said it, when, and how often (decision 26).
extension Client {
    func learnt(_ json: inout JSONWriter) throws(ChannelError) {
        let (cursors, late, ignored) = try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var ignored: [Learnt<ByteText>] = []
                for feed in Feed.all where feed.isQueue {
                    if let fact = try NamedListings.ignored(store.meta, feed) { ignored.append(fact) }
                }
                return (try store.cursors.list(), try Lateness.known(store.meta), ignored)
            }
        }
        json.key("learnt")
        json.beginArray()
        if let fact = clock.fact { Client.fact(.clock, fact, &json) { $0.integer($1) } }
        learntLimits(&json)
        if let fact = identity.learnt { Client.fact(.channel, fact, &json) { $0.string($1.text) } }
        for row in cursors { filters(row, &json) }
        if let late { Client.fact(.filters, late, &json) { json, ms in Client.object(&json) { $0.member("late_s", ms / 1000) } } }
        for fact in ignored {
            Client.fact(.filters, fact, &json) { json, name in Client.object(&json) { $0.member("ignored_filter", name.text) } }
        }
        json.endArray()
    }

    private func learntLimits(_ json: inout JSONWriter) {
        let rateLimiter = inUse.rateLimiter
        guard let state = try? SignalGuard.run({ () throws(RateLimitError) in try rateLimiter.snapshot(by: .after(ms: 200)) })
        else { return }
        let now = rateLimiter.nowMs
        let wall = store.clock.wallMs()
        /// When that was by the wall clock; 0 is not known.
        func at(_ bootMs: Int64) -> Int64 { bootMs == 0 ? 0 : wall &- (now &- bootMs) }
        if let pool = state.pool {
            let fact = Learnt(pool.shape, source: "headers", at: at(pool.at), witnesses: pool.witnesses, rival: pool.rival)
            Client.fact(.pool, fact, &json) { json, shape in
                json.beginObject()
                json.member("size", shape.size)
                json.member("refill", number: PoolHeaders.text(refillMilli: shape.refillMilli))
                json.endObject()
            }
        }
        guard let pause = state.pause(now: now) else { return }
        let (source, when, witnesses): (String, Int64, Int64) =
            switch pause.reason {
            case .throttled: ("\(state.pausedBy)", state.pausedAt, state.throttles)
            case .breaker: ("failures", 0, state.breaker.failures)
            case .token: ("401", 0, state.token.refusals)
            case .pool: ("headers", state.pool?.at ?? 0, state.pool?.witnesses ?? 1)
            }
        let fact = Learnt(ByteText(pause.reason.name), source: source, at: at(when), witnesses: witnesses)
        Client.fact(.hold, fact, &json, untilMs: wall &+ pause.ms) { $0.string($1.text) }
    }

    private func filters(_ row: CursorRow, _ json: inout JSONWriter) {
        let note = CursorNote(row.note)
        guard note.ignoredAt != nil || note.lateMs > 0, let feed = Feed(rawValue: row.feed) else { return }
        let fact = Learnt(ByteText("\(feed.name)/\(row.name)"), source: feed.operation.id, at: note.ignoredAt ?? 0)
        Client.fact(.filters, fact, &json) { json, _ in
            json.beginObject()
            json.member("feed", feed.name)
            json.member("cursor", row.name)
            json.member("ignored", note.ignoredAt != nil)
            json.member("late_s", note.lateMs / 1000)
            json.endObject()
        }
    }

    private static func object(_ json: inout JSONWriter, _ members: (inout JSONWriter) -> Void) {
        json.beginObject()
        members(&json)
        json.endObject()
    }

    private static func fact<Value>(
        _ name: LearntFact, _ fact: Learnt<Value>, _ json: inout JSONWriter, untilMs: Int64? = nil,
        _ value: (inout JSONWriter, Value) -> Void
    ) {
        json.beginObject()
        json.member("fact", name.name)
        json.key("value")
        value(&json, fact.value)
        json.member("source", fact.source)
        json.instant("at", fact.at > 0 ? fact.at : nil)
        json.member("witnesses", fact.witnesses)
        if let untilMs { json.member("until_ms", untilMs) }
        json.endObject()
    }
}
