/// What the host is told of many orders at once, and what a purge takes away. Rows come without their wire bytes.
extension OutboxTable {
    /// Rows after row `after`, oldest first; nil admits every state or verdict.
    func list(
        state: OutboxState? = nil, verdict: Verdict? = nil, after: Int64, limit: Int
    ) throws(StateError) -> [OutboxRow] {
        let states = state.map { [$0] } ?? OutboxState.allCases
        let verdicts = verdict.map { [$0] } ?? [.none, .notApplied, .possiblyApplied, .applied, .refused]
        var found: [OutboxRow] = []
        for state in states {
            for verdict in verdicts {
                let query = try database.statement(
                    OutboxTable.rows,
                    """
                     INDEXED BY outbox_state
                    WHERE state = ?1 AND verdict = ?2 AND id > ?3 ORDER BY id LIMIT ?4
                    """)
                try query.bind(1, Int64(state.rawValue))
                try query.bind(2, Int64(verdict.rawValue))
                try query.bind(3, after)
                try query.bind(4, Int64(limit))
                found += try rows(of: query)
            }
        }
        found.sort { $0.id < $1.id }
        return Array(found.prefix(max(0, limit)))
    }

    /// Resolved orders that the host has not settled, oldest first.
    func results(limit: Int) throws(StateError) -> [OutboxRow] {
        try list(state: .resolved, after: 0, limit: limit)
    }

    /// The order that came to the hub last, or nil.
    func newestApplied() throws(StateError) -> OutboxRow? {
        let query = try database.statement(
            OutboxTable.rows, " WHERE hub_id IS NOT NULL AND verdict = 3 ORDER BY id DESC LIMIT 1")
        return try rows(of: query).first
    }

    func counts() throws(StateError) -> [OutboxCount] {
        let query = try database.statement(
            "SELECT state, verdict, count(*) FROM outbox INDEXED BY outbox_state GROUP BY state, verdict")
        defer { query.reset() }
        var counts: [OutboxCount] = []
        while try query.step() {
            guard let state = OutboxState(rawValue: try query.int32(0)) else { throw query.damage(0) }
            guard let verdict = Verdict(rawValue: try query.int32(1)) else { throw query.damage(1) }
            counts.append(OutboxCount(state: state, verdict: verdict, count: try query.integer(2)))
        }
        return counts
    }

    /// When the oldest order was submitted whose verdict is not known, also one that nobody goes on sending.
    func oldestUnsent() throws(StateError) -> Int64? {
        let query = try database.statement(
            """
            SELECT min(submitted_at) FROM outbox WHERE id IN (
              (SELECT min(id) FROM outbox INDEXED BY outbox_state WHERE state = 1),
              (SELECT min(id) FROM outbox INDEXED BY outbox_state WHERE state = 2))
            """)
        defer { query.reset() }
        return try query.step() ? try query.optionalInteger(0) : nil
    }

    /// Takes what names the buyer out of a settled order and its events. Number, digest, verdict and hub id stay: what comes
    /// later for the order has to find it. False if it is not settled.
    @discardableResult
    func purge(_ id: Int64, at: Int64) throws(StateError) -> Bool {
        let order = try database.change(
            "UPDATE outbox SET message = NULL, purged_at = ifnull(purged_at, ?2) WHERE id = ?1 AND state = 4")
        try order.bind(1, id)
        try order.bind(2, at)
        try order.run()
        guard database.changes == 1 else { return false }
        for change in [
            try database.change("DELETE FROM wires WHERE id = ?1"),
            try database.change("UPDATE events SET message = NULL WHERE row = ?1"),
        ] {
            try change.bind(1, id)
            try change.run()
        }
        return true
    }

    func isAnyPurgeable(settledBefore: Int64) throws(StateError) -> Bool {
        let query = try database.statement(
            """
            SELECT 1 FROM outbox INDEXED BY outbox_purgeable
            WHERE state = 4 AND purged_at IS NULL AND settled_at < ?1 LIMIT 1
            """)
        defer { query.reset() }
        try query.bind(1, settledBefore)
        return try query.step()
    }

    /// Purges orders that were settled before an instant, those settled first coming first; at most `limit`.
    ///
    /// - Returns: how many.
    func purge(settledBefore: Int64, limit: Int, at: Int64) throws(StateError) -> Int {
        let query = try database.statement(
            """
            SELECT id FROM outbox INDEXED BY outbox_purgeable
            WHERE state = 4 AND purged_at IS NULL AND settled_at < ?1 ORDER BY settled_at LIMIT ?2
            """)
        try query.bind(1, settledBefore)
        try query.bind(2, Int64(limit))
        let ids = try ids(of: query)
        for id in ids { try purge(id, at: at) }
        return ids.count
    }
}
