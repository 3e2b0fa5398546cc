/// Orders accepted from the host, one row per order number. A purge leaves a tombstone, which goes after `state.keep_days`.
///
/// The frozen bytes lie in a table of their own, so that a change of state does not write them again.
struct OutboxTable {
    let database: any Database

    /// A next attempt further ahead than any wait of ours was written by a wall clock that was wrong: it counts as due
    /// (C-02). What the hub asks for is kept by the rate limiter.
    static let farthestMs: Int64 = Backoff.capMs + 60_000

    /// How old an order may be that does not tell, for what has to know whether it is from before a restore.
    private static let undatedMs: Int64 = 7 * 86_400_000

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
            VALUES (?1, ?2, ?3, ?4, 1, 0, 0, 0, ?7, 0, 0, ?5, ?6, 0, '', 0)
            """)
        try order.bind(1, number)
        try order.bind(2, numberHash)
        try order.bind(3, digest)
        try order.bind(4, digestVersion)
        try order.bind(5, at)
        try order.bind(6, orderedAt)
        let restoredAt = try MetaTable(database: database).number("restored_at")
        try order.bind(7, restoredAt.map { (orderedAt ?? at &- OutboxTable.undatedMs) < $0 } ?? false)
        try order.run()
        let id = database.lastRow
        try put(wire, of: id)
        try EventTable(database: database).append(row: id, at: at, .init("submitted"), .none)
        return id
    }

    /// Gives an order other content, which begins anew: queued, without attempts in doubt. Its history stays.
    func revise(
        _ row: OutboxRow, number: String, digest: [UInt8], digestVersion: Int64, wire: [UInt8], orderedAt: Int64?,
        at: Int64
    ) throws(StateError) {
        let change = try database.change(
            """
            UPDATE outbox SET digest = ?2, digest_version = ?3, ordered_at = ?4, submitted_at = ?5, number = ?6,
              revision = revision + 1, purged_at = NULL, state = 1, verdict = 0, hub_id = NULL, hub_status = NULL, lookups = 0,
              ambiguous = 0, next_at = 0, sent_at = NULL, first_sent_at = NULL, told_id = NULL, fence = fence + 1,
              resolved_at = NULL, settled_at = NULL, code = 0, message = '', watched = 0
            WHERE id = ?1
            """)
        try change.bind(1, row.id)
        try change.bind(2, digest)
        try change.bind(3, digestVersion)
        try change.bind(4, orderedAt)
        try change.bind(5, at)
        try change.bind(6, number)
        try change.run()
        try put(wire, of: row.id)
        try EventTable(database: database).append(row: row.id, at: at, .init("revised"), .none)
    }

    private func put(_ wire: [UInt8], of id: Int64) throws(StateError) {
        let payload = try database.change(
            """
            INSERT INTO wires (id, wire, sum) VALUES (?1, ?2, ?3)
              ON CONFLICT (id) DO UPDATE SET wire = excluded.wire, sum = excluded.sum
            """)
        try payload.bind(1, id)
        try payload.bind(2, wire)
        try payload.bind(3, SHA256.hash(wire))
        try payload.run()
    }

    func row(id: Int64) throws(StateError) -> OutboxRow? {
        let query = try database.statement(OutboxTable.rowsWithWire, " WHERE o.id = ?1")
        try query.bind(1, id)
        return try rows(of: query, withWire: true).first
    }

    func row(numberHash: [UInt8]) throws(StateError) -> OutboxRow? {
        let query = try database.statement(OutboxTable.rowsWithWire, " WHERE o.number_hash = ?1")
        try query.bind(1, numberHash)
        return try rows(of: query, withWire: true).first
    }

    /// The order that the hub knows under `hubId`.
    func row(hubId: String) throws(StateError) -> OutboxRow? {
        let query = try database.statement(
            OutboxTable.rows, " INDEXED BY outbox_hub WHERE hub_id = ?1 AND hub_id IS NOT NULL ORDER BY id DESC LIMIT 1")
        try query.bind(1, hubId)
        return try rows(of: query).first
    }

    /// Queued and sending orders whose time has come, oldest first; without their bytes.
    func due(at now: Int64, limit: Int) throws(StateError) -> [OutboxRow] {
        let query = try database.statement(
            OutboxTable.rows,
            """
             INDEXED BY outbox_open
            WHERE state < 3 AND (next_at <= ?1 OR next_at > ?2) ORDER BY id LIMIT ?3
            """)
        try query.bind(1, now)
        try query.bind(2, now &+ OutboxTable.farthestMs)
        try query.bind(3, Int64(limit))
        return try rows(of: query)
    }

    /// In how many milliseconds the next queued or sending order is due, 0 if one is; nil if there is none.
    func nextDue(at now: Int64) throws(StateError) -> Int64? {
        let query = try database.statement(
            """
            SELECT min(CASE WHEN next_at > ?2 OR next_at < ?1 THEN ?1 ELSE next_at END)
            FROM outbox INDEXED BY outbox_open WHERE state < 3
            """)
        defer { query.reset() }
        try query.bind(1, now)
        try query.bind(2, now &+ OutboxTable.farthestMs)
        guard try query.step(), let at = try query.optionalInteger(0) else { return nil }
        return max(0, at &- now)
    }

    /// How many orders are queued or sending. Cheap, unlike `counts`, which reads an index of the whole history.
    func openCount() throws(StateError) -> Int64 {
        let query = try database.statement("SELECT count(*) FROM outbox INDEXED BY outbox_open WHERE state < 3")
        defer { query.reset() }
        return try query.step() ? try query.integer(0) : 0
    }

    /// Changes an order as it stands now, which is one step of its fencing token and one event of its history.
    ///
    /// - Returns: the order as it is afterwards; nil, and nothing was changed, if its fencing token is not `fencingToken` any more.
    @discardableResult
    func change(
        _ id: Int64, fencingToken: Int64, at: Int64, _ event: Event, _ body: (inout OutboxRow) -> Void
    ) throws(StateError) -> OutboxRow? {
        guard var row = try row(id: id), row.fencingToken == fencingToken else { return nil }
        body(&row)
        row.raiseFencingToken()
        try write(row)
        // What an attempt will come to is not known when it begins.
        try EventTable(database: database).append(row: id, at: at, event, row.state == .sending ? .none : row.verdict)
        return row
    }

    /// What the hub tells of an order by and by. No step of its life: neither fencing token nor history.
    func noteStatus(hubId: String, _ status: String?, isFinal: Bool) throws(StateError) {
        let change = try database.change(
            "UPDATE outbox SET hub_status = ifnull(?2, hub_status), watched = ?3 WHERE hub_id = ?1 AND hub_id IS NOT NULL")
        try change.bind(1, hubId)
        try change.bind(2, status)
        try change.bind(3, !isFinal)
        try change.run()
    }

    private func write(_ row: OutboxRow) throws(StateError) {
        let change = try database.change(
            """
            UPDATE outbox SET state = ?2, verdict = ?3, hub_id = ?4, hub_status = ?5, attempts = ?6, lookups = ?7,
              ambiguous = ?8, next_at = ?9, fence = ?10, resolved_at = ?11, settled_at = ?12, code = ?13, message = ?14,
              watched = ?15, sent_at = ?16, first_sent_at = ?17, told_id = ?18
            WHERE id = ?1
            """)
        try change.bind(1, row.id)
        try change.bind(2, Int64(row.state.rawValue))
        try change.bind(3, Int64(row.verdict.rawValue))
        try change.bind(4, row.hubId)
        try change.bind(5, row.hubStatus)
        try change.bind(6, row.attempts)
        try change.bind(7, row.lookups)
        try change.bind(8, row.ambiguous)
        try change.bind(9, row.nextAt)
        try change.bind(10, row.fencingToken)
        try change.bind(11, row.resolvedAt)
        try change.bind(12, row.settledAt)
        try change.bind(13, row.code)
        try change.bind(14, row.message)
        try change.bind(15, row.watched)
        try change.bind(16, row.sentAt)
        try change.bind(17, row.firstSentAt)
        try change.bind(18, row.toldId)
        try change.run()
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
        try database.change("UPDATE outbox SET ambiguous = 1, lookups = 0, sent_at = NULL WHERE state < 3").run()
    }

    /// What `rows(of:)` reads.
    static let rows: StaticString = """
        SELECT id, number, digest, digest_version, state, verdict, hub_id, hub_status, attempts, lookups, ambiguous, next_at,
          fence, submitted_at, ordered_at, resolved_at, settled_at, code, message, watched, revision, sent_at,
          first_sent_at, told_id, purged_at
        FROM outbox
        """

    private static let rowsWithWire: StaticString = """
        SELECT o.id, number, digest, digest_version, state, verdict, hub_id, hub_status, attempts, lookups, ambiguous, next_at,
          fence, submitted_at, ordered_at, resolved_at, settled_at, code, message, watched, revision, sent_at,
          first_sent_at, told_id, purged_at, wire, sum
        FROM outbox AS o LEFT JOIN wires AS w ON w.id = o.id
        """

    /// The rows that a query gives, in its order.
    func rows(of query: any Statement, withWire: Bool = false) throws(StateError) -> [OutboxRow] {
        defer { query.reset() }
        var rows: [OutboxRow] = []
        while try query.step() {
            guard let state = OutboxState(rawValue: try query.int32(4)) else { throw query.damage(4) }
            guard let verdict = Verdict(rawValue: try query.int32(5)) else { throw query.damage(5) }
            rows.append(
                OutboxRow(
                    id: try query.integer(0), number: try query.optionalText(1), digest: try query.bytes(2),
                    digestVersion: try query.integer(3), wire: withWire ? try wire(of: query) : nil,
                    revision: try query.integer(20), isPurged: try query.optionalInteger(24) != nil, state: state,
                    verdict: verdict, hubId: try query.optionalText(6), hubStatus: try query.optionalText(7),
                    attempts: try query.integer(8), lookups: try query.integer(9), ambiguous: try query.bool(10),
                    nextAt: try query.integer(11), sentAt: try query.optionalInteger(21),
                    firstSentAt: try query.optionalInteger(22), toldId: try query.optionalText(23),
                    fencingToken: try query.integer(12), submittedAt: try query.integer(13),
                    orderedAt: try query.optionalInteger(14), resolvedAt: try query.optionalInteger(15),
                    settledAt: try query.optionalInteger(16), code: try query.integer(17),
                    message: try query.optionalText(18) ?? "", watched: try query.bool(19)))
        }
        return rows
    }

    private func wire(of query: any Statement) throws(StateError) -> [UInt8]? {
        guard !query.isNull(25) else { return nil }
        let wire = try query.bytes(25)
        guard try query.bytes(26) == SHA256.hash(wire) else { throw .corrupt(detail: "the bytes of an order have changed") }
        return wire
    }

    /// The ids that a query gives, in its order.
    func ids(of query: any Statement) throws(StateError) -> [Int64] {
        defer { query.reset() }
        var ids: [Int64] = []
        while try query.step() { ids.append(try query.integer(0)) }
        return ids
    }
}
