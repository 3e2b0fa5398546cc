/// What the host is told of many orders at once, and what a purge takes away. Rows come without their wire bytes.
extension OutboxTable {
    /// Rows after row `after`, oldest first; nil admits every state or verdict.
    func list(
        state: OutboxState? = nil, verdict: Verdict? = nil, after: Int64, limit: Int
    ) throws(StateError) -> [OutboxRow] {
        let states = state.map { [$0] } ?? OutboxState.allCases
        let verdicts = verdict.map { [$0] } ?? [.none, .notApplied, .possiblyApplied, .applied, .refused]
        var found: [Int64] = []
        for state in states {
            for verdict in verdicts {
                let query = try database.statement(
                    """
                    SELECT id FROM outbox INDEXED BY outbox_state
                    WHERE state = ?1 AND verdict = ?2 AND id > ?3 ORDER BY id LIMIT ?4
                    """)
                try query.bind(1, Int64(state.rawValue))
                try query.bind(2, Int64(verdict.rawValue))
                try query.bind(3, after)
                try query.bind(4, Int64(limit))
                found += try ids(of: query)
            }
        }
        found.sort()
        return try rows(Array(found.prefix(max(0, limit))), withWire: false)
    }

    /// Resolved orders that the host has not settled, oldest first.
    func results(limit: Int) throws(StateError) -> [OutboxRow] {
        try list(state: .resolved, after: 0, limit: limit)
    }

    /// Orders whose status at the hub is still of interest, oldest first.
    func watched(after: Int64, limit: Int) throws(StateError) -> [OutboxRow] {
        let query = try database.statement(
            "SELECT id FROM outbox INDEXED BY outbox_watched WHERE watched = 1 AND id > ?1 ORDER BY id LIMIT ?2")
        try query.bind(1, after)
        try query.bind(2, Int64(limit))
        return try rows(ids(of: query), withWire: false)
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

    /// Takes what names the buyer out of a row and its events. Keyed hash, digest, verdict and hub id stay.
    func blank(_ id: Int64) throws(StateError) {
        for change in [
            try database.change("UPDATE outbox SET number = NULL, message = NULL WHERE id = ?1"),
            try database.change("DELETE FROM wires WHERE id = ?1"),
            try database.change("UPDATE events SET message = NULL WHERE row = ?1"),
        ] {
            try change.bind(1, id)
            try change.run()
        }
    }

    /// Rows settled before an instant and not blanked yet, those settled first coming first.
    func blankable(settledBefore: Int64, limit: Int) throws(StateError) -> [OutboxRow] {
        let query = try database.statement(
            """
            SELECT id FROM outbox INDEXED BY outbox_blankable
            WHERE state = 4 AND number IS NOT NULL AND settled_at < ?1 ORDER BY settled_at LIMIT ?2
            """)
        try query.bind(1, settledBefore)
        try query.bind(2, Int64(limit))
        return try rows(ids(of: query), withWire: false)
    }
}
