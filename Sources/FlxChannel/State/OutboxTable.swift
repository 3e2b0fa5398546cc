/// Orders accepted from the host, one row per order number. A row is never deleted: a purge leaves a tombstone.
///
/// The frozen bytes lie in a table of their own, so that a change of state does not write them again.
struct OutboxTable {
    let database: Database

    /// A next attempt further ahead than this was written by a wall clock that was wrong: it counts as due (C-02).
    /// The hub gets a wait of an hour at most, however long a one it asks for.
    static let farthestMs: Int64 = 2 * 3_600_000

    /// Accepts an order. Throws `exists` if its number was accepted before. An order from before a restore of the file may
    /// have been accepted, and sent, by the part of the file that was lost.
    func insert(
        number: String, numberHash: [UInt8], digest: [UInt8], digestVersion: Int64, wire: [UInt8],
        orderedAt: Int64?, at: Int64
    ) throws(StateError) -> Int64 {
        let order = try database.change(
            """
            INSERT INTO outbox (number, number_hash, digest, digest_version, state, verdict, attempts, lookups, ambiguous,
              next_at, fence, submitted_at, ordered_at, code, message, watched)
            VALUES (?1, ?2, ?3, ?4, 1, 0, 0, 0,
              EXISTS (SELECT 1 FROM meta WHERE key = 'restored_at' AND ifnull(?6, 0) < CAST(value AS INTEGER)),
              ?5, 0, ?5, ?6, 0, '', 0)
            """)
        try order.bind(1, number)
        try order.bind(2, numberHash)
        try order.bind(3, digest)
        try order.bind(4, digestVersion)
        try order.bind(5, at)
        try order.bind(6, orderedAt)
        try order.run()
        let id = database.lastRow
        let payload = try database.change("INSERT INTO wires (id, wire, sum) VALUES (?1, ?2, ?3)")
        try payload.bind(1, id)
        try payload.bind(2, wire)
        try payload.bind(3, SHA256.hash(wire))
        try payload.run()
        return id
    }

    func row(id: Int64) throws(StateError) -> OutboxRow? { try row(id: id, withWire: true) }

    func row(numberHash: [UInt8]) throws(StateError) -> OutboxRow? {
        let query = try database.statement("SELECT id FROM outbox WHERE number_hash = ?1")
        try query.bind(1, numberHash)
        return try rows(ids(of: query), withWire: true).first
    }

    /// The newest order that the hub knows under `hubId`.
    func row(hubId: String) throws(StateError) -> OutboxRow? {
        let query = try database.statement(
            "SELECT id FROM outbox INDEXED BY outbox_hub WHERE hub_id = ?1 AND hub_id IS NOT NULL ORDER BY id DESC LIMIT 1")
        try query.bind(1, hubId)
        return try rows(ids(of: query), withWire: true).first
    }

    /// Queued and sending orders whose time has come, oldest first.
    ///
    /// C-02: a wait longer than ours ever are, counted from an instant that is still to come, was written before the
    /// clock was set back.
    func due(at now: Int64, limit: Int) throws(StateError) -> [OutboxRow] {
        let query = try database.statement(
            """
            SELECT id FROM outbox INDEXED BY outbox_open
            WHERE state < 3 AND (next_at <= ?1 OR next_at > ?2 OR (next_at > ?4 AND
              (SELECT at FROM events WHERE row = outbox.id ORDER BY events.id DESC LIMIT 1) > ?1)) ORDER BY id LIMIT ?3
            """)
        try query.bind(1, now)
        try query.bind(2, now &+ OutboxTable.farthestMs)
        try query.bind(3, Int64(limit))
        try query.bind(4, now &+ Backoff.capMs)
        return try rows(ids(of: query), withWire: true)
    }

    /// When the next queued or sending order is due, or nil if there is none.
    func nextDue() throws(StateError) -> Int64? {
        let query = try database.statement("SELECT min(next_at) FROM outbox INDEXED BY outbox_open WHERE state < 3")
        defer { query.reset() }
        return try query.step() ? try query.optionalInteger(0) : nil
    }

    /// How many orders are queued or sending. Cheap, unlike `counts`, which reads an index of the whole history.
    func openCount() throws(StateError) -> Int64 {
        let query = try database.statement("SELECT count(*) FROM outbox INDEXED BY outbox_open WHERE state < 3")
        defer { query.reset() }
        return try query.step() ? try query.integer(0) : 0
    }

    /// Writes what may change of a row, if the stored fence still is `fence`. False: another has overtaken.
    func save(_ row: OutboxRow, fence: Int64) throws(StateError) -> Bool {
        let change = try database.change(
            """
            UPDATE outbox SET state = ?3, verdict = ?4, hub_id = ?5, hub_status = ?6, attempts = ?7, lookups = ?8,
              ambiguous = ?9, next_at = ?10, fence = ?11, resolved_at = ?12, settled_at = ?13, code = ?14, message = ?15,
              watched = ?16
            WHERE id = ?1 AND fence = ?2
            """)
        try change.bind(1, row.id)
        try change.bind(2, fence)
        try change.bind(3, Int64(row.state.rawValue))
        try change.bind(4, Int64(row.verdict.rawValue))
        try change.bind(5, row.hubId)
        try change.bind(6, row.hubStatus)
        try change.bind(7, row.attempts)
        try change.bind(8, row.lookups)
        try change.bind(9, row.ambiguous)
        try change.bind(10, row.nextAt)
        try change.bind(11, row.fence)
        try change.bind(12, row.resolvedAt)
        try change.bind(13, row.settledAt)
        try change.bind(14, row.code)
        try change.bind(15, row.message)
        try change.bind(16, row.watched)
        try change.run()
        return database.changes == 1
    }

    /// Has every order without a verdict looked up before it is sent again.
    func doubtOpen(at now: Int64) throws(StateError) {
        let told = try database.change(
            """
            INSERT INTO events (row, at, what, http_status, verdict, message, request_id, took_ms)
            SELECT id, ?1, 'restored', 0, verdict, '', '', 0 FROM outbox INDEXED BY outbox_open WHERE state < 3
            """)
        try told.bind(1, now)
        try told.run()
        try database.change("UPDATE outbox SET ambiguous = 1, lookups = 0 WHERE state < 3").run()
    }

    private func row(id: Int64, withWire: Bool) throws(StateError) -> OutboxRow? {
        let query = try database.statement(
            """
            SELECT number, digest, digest_version, state, verdict, hub_id, hub_status, attempts, lookups, ambiguous, next_at,
              fence, submitted_at, ordered_at, resolved_at, settled_at, code, message, watched
            FROM outbox WHERE id = ?1
            """)
        defer { query.reset() }
        try query.bind(1, id)
        guard try query.step() else { return nil }
        guard let state = OutboxState(rawValue: try query.int32(3)) else { throw query.damage(3) }
        guard let verdict = Verdict(rawValue: try query.int32(4)) else { throw query.damage(4) }
        return OutboxRow(
            id: id, number: try query.optionalText(0), digest: try query.bytes(1), digestVersion: try query.integer(2),
            wire: withWire ? try wire(of: id) : nil, state: state, verdict: verdict, hubId: try query.optionalText(5),
            hubStatus: try query.optionalText(6), attempts: try query.integer(7), lookups: try query.integer(8),
            ambiguous: try query.bool(9), nextAt: try query.integer(10), fence: try query.integer(11),
            submittedAt: try query.integer(12), orderedAt: try query.optionalInteger(13),
            resolvedAt: try query.optionalInteger(14), settledAt: try query.optionalInteger(15),
            code: try query.integer(16), message: try query.optionalText(17) ?? "", watched: try query.bool(18))
    }

    private func wire(of id: Int64) throws(StateError) -> [UInt8]? {
        let query = try database.statement("SELECT wire, sum FROM wires WHERE id = ?1")
        defer { query.reset() }
        try query.bind(1, id)
        guard try query.step() else { return nil }
        let wire = try query.bytes(0)
        guard try query.bytes(1) == SHA256.hash(wire) else { throw .corrupt(detail: "the bytes of an order have changed") }
        return wire
    }

    /// The rows of these ids, in their order.
    func rows(_ ids: [Int64], withWire: Bool) throws(StateError) -> [OutboxRow] {
        var rows: [OutboxRow] = []
        rows.reserveCapacity(ids.count)
        for id in ids {
            guard let row = try row(id: id, withWire: withWire) else {
                throw .corrupt(detail: "an index of outbox names a row that is not there")
            }
            rows.append(row)
        }
        return rows
    }

    /// The ids that a query gives, in its order.
    func ids(of query: Statement) throws(StateError) -> [Int64] {
        defer { query.reset() }
        var ids: [Int64] = []
        while try query.step() { ids.append(try query.integer(0)) }
        return ids
    }
}
