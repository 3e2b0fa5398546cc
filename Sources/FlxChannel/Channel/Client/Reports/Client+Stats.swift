/// The state of a channel as one JSON object; `Describe.metrics` explains each member.
extension Client {
    func stats() throws(ChannelError) -> [UInt8] {
        let (orders, unsent, answers, quarantined, newest) = try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                (
                    try store.outbox.counts(), try store.outbox.oldestUnsent(), try store.answers.counts(),
                    try store.quarantine.count(), try store.quarantine.list(limit: 20)
                )
            }
        }
        let (rateLimiter, transport) = inUse
        var json = JSONWriter()
        json.beginObject()
        json.member("channel", settings.channel)
        json.member("origin", settings.origin.text)
        outbox(orders, since: unsent, &json)
        answered(answers, &json)
        json.member("quarantined", quarantined)
        json.member("left_out", leftOutRows)
        quarantine(newest, &json)
        json.member("cursors", raw: try cursorList())
        json.member("holders", raw: try holderList())
        limits(rateLimiter, &json)
        requested(transport.counters, &json)
        json.key("hub_clock_offset_ms")
        if let now = transport.clock.now() { json.integer(now &- Clock.wallMs()) } else { json.null() }
        json.instant("last_success_at", lastSuccessMs > 0 ? lastSuccessMs : nil)
        try learnt(&json)
        json.endObject()
        return json.bytes
    }

    private func outbox(_ counts: [OutboxCount], since unsent: Int64?, _ json: inout JSONWriter) {
        json.key("outbox")
        json.beginObject()
        for state in OutboxState.allCases {
            json.member(state.name, counts.reduce(Int64(0)) { $1.state == state ? $0 &+ $1.count : $0 })
        }
        for verdict in [Verdict.notApplied, .possiblyApplied, .applied, .refused] {
            json.member(verdict.name, counts.reduce(Int64(0)) { $1.verdict == verdict ? $0 &+ $1.count : $0 })
        }
        json.instant("unsent_since", unsent)
        json.endObject()
    }

    private func answered(_ counts: [AnswerCount], _ json: inout JSONWriter) {
        json.key("answers")
        json.beginObject()
        json.member("waiting", counts.reduce(Int64(0)) { $1.state == .waiting ? $0 &+ $1.count : $0 })
        for feed in Feed.all where feed.isQueue {
            let own = counts.filter { $0.feed == feed.rawValue }
            json.key(feed.name)
            json.beginObject()
            json.member("waiting", own.reduce(Int64(0)) { $1.state == .waiting ? $0 &+ $1.count : $0 })
            for (name, verdict) in [("applied", Verdict.applied), ("refused", .refused), ("held", .notApplied)] {
                json.member(name, own.reduce(Int64(0)) { $1.state == .sent && $1.verdict == verdict ? $0 &+ $1.count : $0 })
            }
            json.endObject()
        }
        json.endObject()
    }

    private func quarantine(_ rows: [QuarantineRow], _ json: inout JSONWriter) {
        json.key("quarantine")
        json.beginArray()
        for row in rows {
            guard let feed = Feed(rawValue: row.feed) else { continue }
            json.beginObject()
            json.member("feed", feed.name)
            json.member("id", row.key)
            json.member("reason", row.reason)
            json.instant("first_at", row.firstAt)
            json.instant("last_at", row.lastAt)
            json.member("times", row.times)
            json.endObject()
        }
        json.endArray()
    }

    private func limits(_ rateLimiter: RateLimiter, _ json: inout JSONWriter) {
        json.key("rate_limit")
        json.beginObject()
        let state = try? SignalGuard.run { () throws(RateLimitError) in try rateLimiter.snapshot(by: .after(ms: 200)) }
        let now = rateLimiter.nowMs
        if let rateLimiter = state {
            json.member("rule", rateLimiter.isByWindow ? "response_anchored" : "pool")
            json.member("outstanding", rateLimiter.outstanding)
            let pause = rateLimiter.pause(now: now)
            json.member("paused", pause?.reason.name ?? "")
            json.member("paused_ms", pause?.ms ?? 0)
            json.member("distrusted_ms", max(0, rateLimiter.distrustUntil &- now))
            json.member("breaker_open", rateLimiter.breaker.isOpen)
            json.member("failures", rateLimiter.breaker.failures)
            json.member("token_refused", rateLimiter.token.isPaused)
        }
        json.endObject()
    }

    private func requested(_ counters: TransportCounters, _ json: inout JSONWriter) {
        json.key("requests")
        json.beginObject()
        json.member("orders", counters.orders)
        json.member("answers", counters.answers)
        json.member("polls", counters.polls)
        json.member("probes", counters.probes)
        json.member("answered", counters.answered)
        json.member("throttled", counters.throttled)
        json.member("failed", counters.failed)
        json.member("bytes_out", counters.bytesOut)
        json.member("bytes_in", counters.bytesIn)
        json.endObject()
    }
}
