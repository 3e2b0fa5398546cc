import CFlxChannel

/// What a host does with orders that it submitted: read results, settle, list, retry, discard, look back, purge.
extension Client {
    func outboxResults(most: Int) throws(ChannelError) -> [UInt8] {
        let rows = try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.outbox.results(limit: most) }
        }
        return list(rows)
    }

    func outboxList(_ filter: [UInt8]?) throws(ChannelError) -> [UInt8] {
        let filter = try Filter(filter, known: ["state", "verdict", "number", "limit", "after"])
        let wanted = try filter.word("state", OutboxState.named)
        let verdict = try filter.word("verdict", Verdict.named)
        let after = try filter.number("after", 0...Int64.max, standard: 0)
        let limit = try filter.number("limit", 1...10_000, standard: 1000)
        let number = try filter.text("number")
        let rows = try state { () throws(StateError) in
            try store.read { () throws(StateError) -> [OutboxRow] in
                if let number {
                    let row = try store.outbox.row(numberHash: hash(of: number))
                    return [row].compactMap { $0 }.filter { row in
                        (wanted == nil || row.state == wanted) && (verdict == nil || row.verdict == verdict)
                    }
                }
                return try store.outbox.list(state: wanted, verdict: verdict, after: after, limit: Int(limit))
            }
        }
        return list(rows)
    }

    func outboxHistory(_ number: String) throws(ChannelError) -> [UInt8] {
        let (row, events) = try state { () throws(StateError) in
            try store.read { () throws(StateError) -> (OutboxRow?, [EventRow]) in
                guard let row = try store.outbox.row(numberHash: hash(of: number)) else { return (nil, []) }
                return (row, try store.events.list(row: row.id, after: 0, limit: 10_000))
            }
        }
        guard let row else { throw notFound() }
        var json = JSONWriter()
        json.beginObject()
        members(of: row, &json)
        json.key("events")
        json.beginArray()
        for event in events {
            json.beginObject()
            json.member("at", Instant(ms: event.at).isoSeconds)
            json.member("what", event.what)
            json.member("http_status", event.httpStatus)
            json.member("verdict", event.verdict.name)
            json.told(event.message)
            json.member("request_id", event.requestId)
            json.member("took_ms", event.tookMs)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    func outboxSettle(_ numbers: [UInt8]) throws(ChannelError) { try change(numbers, "settled", settled) }

    /// Only if it is still as the host was told.
    func outboxSettle(_ number: String, told json: [UInt8]) throws(ChannelError) {
        try change([number], "settled") { row in told(row) == json ? settled(row) : .keep }
    }

    private func settled(_ row: OutboxRow) -> Change {
        switch row.state {
        case .settled: .keep
        case .resolved:
            .save { row in
                row.state = .settled
                row.settledAt = self.store.clock.wallMs()
            }
        case .queued, .sending: .refuse("has no verdict yet")
        }
    }

    func outboxRetry(_ numbers: [UInt8]) throws(ChannelError) {
        try change(numbers, "retried") { row in
            if row.verdict == .applied { return .refuse("was applied") }
            if row.isPurged { return .refuse("is purged") }
            guard row.state == .resolved || row.state == .settled else { return .refuse("is on its way") }
            return .save { row in
                row.state = .queued
                row.verdict = .none
                row.nextAt = 0
                row.lookups = 0
                row.toldId = nil
                (row.code, row.message) = (0, "")
                (row.resolvedAt, row.settledAt) = (self.store.clock.wallMs(), nil)  // from now on its age counts anew
            }
        }
    }

    func outboxDiscard(_ numbers: [UInt8]) throws(ChannelError) { try change(numbers, "discarded", discarded) }

    func outboxDiscard(_ number: String) throws(ChannelError) { try change([number], "discarded", discarded) }

    private func discarded(_ row: OutboxRow) -> Change {
        guard row.state == .queued else { return .refuse(row.state == .sending ? "is on its way" : "has its verdict") }
        return .save { row in
            row.state = .resolved
            row.verdict = row.ambiguous ? .possiblyApplied : .notApplied
            row.resolvedAt = self.store.clock.wallMs()
            (row.code, row.message) = (0, "given up by the host")
        }
    }

    /// Blanks buyer data of settled orders; returns the report.
    func outboxPurge(_ filter: [UInt8]) throws(ChannelError) -> [UInt8] {
        let filter = try Filter(filter, known: ["numbers", "settled_before"])
        let numbers = try filter.texts("numbers")
        let isNamed = if case .some = numbers { true } else { false }
        let before = try filter.instant("settled_before")
        guard isNamed != (before != nil) else {
            throw ChannelError(FLX_E_OPERATION, "the filter needs one of numbers and settled_before")
        }
        var purged: Int64 = 0
        if let numbers {
            purged = try change(numbers, "purged") { row in row.state == .settled ? .purge : .refuse("is not settled") }
        } else if let before {
            purged = try purgeSettled(before: before.ms)
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("purged", purged)
        json.endObject()
        return json.bytes
    }

    /// Blanks settled orders in slices, so that no write holds the state for long.
    func purgeSettled(before: Int64, most: Int = Int.max) throws(ChannelError) -> Int64 {
        var purged: Int64 = 0
        while purged < most {
            let limit = min(200, most)
            let count = try state { () throws(StateError) -> Int in
                let isAny = try store.read { () throws(StateError) in try store.outbox.isAnyPurgeable(settledBefore: before) }
                guard isAny else { return 0 }  // a write costs the disk's time
                return try store.write { () throws(StateError) in
                    try store.outbox.purge(settledBefore: before, limit: limit, at: store.clock.wallMs())
                }
            }
            guard count > 0 else { break }
            purged += Int64(count)
        }
        return purged
    }

    // MARK: changing several orders, all or none

    private enum Change {
        case keep
        case save((inout OutboxRow) -> Void)
        case purge
        case refuse(String)
    }

    private func change(_ list: [UInt8], _ what: StaticString, _ decide: (OutboxRow) -> Change) throws(ChannelError) {
        let document: JSONDocument
        do { document = try JSONDocument.parse(list) } catch { throw ChannelError(json: error, in: list, what: "the list") }
        guard document.root.kind == .array else {
            throw ChannelError(FLX_E_JSON, "the list of order numbers is not a JSON array")
        }
        var numbers: [String] = []
        for element in document.root.elements {
            guard let number = element.string else {
                throw ChannelError(FLX_E_JSON, "an order number is not text", path: "/\(numbers.count)")
            }
            numbers.append(number)
        }
        try change(numbers, what, decide)
    }

    /// - Returns: how many orders there were, each counted once.
    @discardableResult
    private func change(_ numbers: [String], _ what: StaticString, _ decide: (OutboxRow) -> Change) throws(ChannelError) -> Int64 {
        let hashes = numbers.map { hash(of: $0) }
        let now = store.clock.wallMs()
        let (refused, count) = try state { () throws(StateError) in
            try store.write { () throws(StateError) -> (ChannelError?, Int64) in
                var changes: [(row: OutboxRow, change: Change)] = []
                var seen: Set<Int64> = []
                for (position, hash) in hashes.enumerated() {
                    guard let row = try store.outbox.row(numberHash: hash) else { return (notFound(path: "/\(position)"), 0) }
                    guard seen.insert(row.id).inserted else { continue }
                    let change = decide(row)
                    if case .refuse(let why) = change {
                        return (ChannelError(FLX_E_USE, "an order \(why); none was \(what)", path: "/\(position)"), 0)
                    }
                    changes.append((row, change))
                }
                for (row, change) in changes {
                    switch change {
                    case .keep, .refuse: continue
                    case .purge: try store.outbox.purge(row.id, at: now)
                    case .save(let body):
                        try store.outbox.change(row.id, fencingToken: row.fencingToken, at: now, Event(what), body)
                    }
                }
                return (nil, Int64(seen.count))
            }
        }
        if let refused { throw refused }
        return count
    }

    private func notFound(path: String = "") -> ChannelError {
        ChannelError(FLX_E_NOT_FOUND, "no order of this number is in the outbox", path: path)
    }

    func hash(of number: String) -> [UInt8] {
        store.keyed("number", Array(number.utf8))
    }

    // MARK: JSON

    /// One order as the lists have it.
    func told(_ row: OutboxRow) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        members(of: row, &json)
        json.endObject()
        return json.bytes
    }

    private func list(_ rows: [OutboxRow]) -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for row in rows { json.raw(told(row)) }
        json.endArray()
        return json.bytes
    }

    private func members(of row: OutboxRow, _ json: inout JSONWriter) {
        json.member("row", row.id)
        json.member("number", row.number ?? "")
        json.member("revision", row.revision)
        json.member("purged", row.isPurged)
        json.member("state", row.state.name)
        json.member("verdict", row.verdict.name)
        json.member("order_id", row.hubId ?? "")
        json.member("order_status", row.hubStatus ?? "")
        json.member("attempts", row.attempts)
        json.member("code", row.code == 0 ? "" : StatusName.of(Int32(truncatingIfNeeded: row.code)))
        json.told(row.message)
        json.member("submitted_at", Instant(ms: row.submittedAt).isoSeconds)
        json.instant("next_at", row.state == .queued && row.nextAt > 0 ? row.nextAt : nil)
        json.instant("resolved_at", row.state == .resolved || row.state == .settled ? row.resolvedAt : nil)
        json.instant("settled_at", row.settledAt)
    }
}

extension JSONWriter {
    mutating func instant(_ key: String, _ ms: Int64?) {
        self.key(key)
        if let ms { string(Instant(ms: ms).isoSeconds) } else { null() }
    }
}
