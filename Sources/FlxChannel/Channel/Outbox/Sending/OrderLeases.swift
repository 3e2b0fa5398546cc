/// Takes orders out of the outbox to send them: the oldest due ones, each under a lock that the kernel releases with its
/// process, or out of the hands of one that lives and does nothing.
struct OrderLeases {
    private let client: Client
    private let except: [Int64]

    struct Taken {
        var orders: [OrderSending] = []
        /// Some are with other processes.
        var isElsewhere = false
        /// Orders that were too old and never left.
        var givenUp: Int64 = 0
    }

    /// - Parameter except: rows that this client has already.
    init(_ client: Client, except: [Int64]) {
        self.client = client
        self.except = except
    }

    func take(_ most: Int) throws(ChannelError) -> Taken {
        var taken = Taken()
        let due = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in try client.store.outbox.due(at: client.store.clock.wallMs(), limit: 64)
            }
        }
        var held: [OutboxRow] = []
        for candidate in due where !except.contains(candidate.id) && taken.orders.count < most {
            guard let lease = try client.state({ () throws(StateError) in try client.store.lease(row: candidate.id) }) else {
                taken.isElsewhere = true
                held.append(candidate)
                continue
            }
            // Only under the lease is the row ours: another process may have ended it in between.
            let row = try client.state { () throws(StateError) in
                try client.store.read { () throws(StateError) in try client.store.outbox.row(id: candidate.id) }
            }
            guard let row, row.state == .queued || row.state == .sending, row.fencingToken == candidate.fencingToken,
                let number = row.number, let wire = row.wire
            else {
                lease.release()
                continue
            }
            guard !isOverdue(row) || row.isAmbiguous else {
                if try giveUp(row) { taken.givenUp += 1 }
                lease.release()
                continue
            }
            taken.orders.append(OrderSending(client, row: row, number: number, wire: wire, lease: lease, isLast: isOverdue(row)))
        }
        if taken.orders.count < most, let overtaken = try takeOver(held) { taken.orders.append(overtaken) }
        return taken
    }

    // MARK: too old

    private static let leastAttempts: Int64 = 5

    /// Whether an order had no clear end for too long: by its age, and by its attempts, for a clock may leap (C-02).
    private func isOverdue(_ row: OutboxRow) -> Bool {
        let age = client.store.clock.wallMs() &- (row.resolvedAt ?? row.submittedAt)  // a retry counts anew
        let (tries, _) = row.attempts.addingReportingOverflow(row.lookups)
        return age > client.settings.ordersGiveUpHours * 3_600_000 && tries >= OrderLeases.leastAttempts
    }

    /// Gives an order up that cannot have reached the hub, with its last evidence (decision 12). One that may have
    /// is looked up first, by its `OrderSending`.
    private func giveUp(_ row: OutboxRow) throws(ChannelError) -> Bool {
        let given = try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try client.store.outbox.change(
                    row.id, fencingToken: row.fencingToken, at: client.store.clock.wallMs(), Event("given_up")
                ) {
                    row in
                    row.state = .resolved
                    row.verdict = .notApplied
                    row.resolvedAt = client.store.clock.wallMs()
                }
            }
        }
        guard let given else { return false }
        client.log.write(.error, "order.given_up", [("row", .number(row.id)), ("verdict", .text(given.verdict.name))])
        return true
    }

    // MARK: out of still hands (K-03, M-07)

    /// How long past the longest attempt an order may stand still under its lease.
    private static let stillMs: Int64 = 10_000

    /// Takes the oldest of these over, if one has stood still for too long. The raised fencingToken voids whatever its holder
    /// still saves.
    private func takeOver(_ held: [OutboxRow]) throws(ChannelError) -> OrderSending? {
        guard !held.isEmpty else { return nil }
        let longestMs = client.settings.httpAttemptMs + OrderLeases.stillMs
        let taken = try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) -> OutboxRow? in
                let now = client.store.clock.wallMs()
                for row in held {
                    let at = try client.store.events.lastAt(row: row.id) ?? now
                    guard at < now &- longestMs || at > now &+ longestMs else { continue }  // C-02: or the clock was set back
                    return try client.store.outbox.change(row.id, fencingToken: row.fencingToken, at: now, Event("taken_over")) {
                        row in
                        row.ambiguous = row.isAmbiguous
                        row.state = .queued
                    }
                }
                return nil
            }
        }
        guard let taken, let number = taken.number, let wire = taken.wire else { return nil }
        client.log.write(.warn, "order.taken_over", [("row", .number(taken.id))])
        return OrderSending(client, row: taken, number: number, wire: wire, lease: nil, isLast: isOverdue(taken))
    }
}

extension OutboxRow {
    /// An attempt may have reached the hub: one with an unclear end, or one that a dead or stopped process began.
    var isAmbiguous: Bool { ambiguous || state == .sending }
}
