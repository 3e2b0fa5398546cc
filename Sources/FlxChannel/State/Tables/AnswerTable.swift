/// Answers of the host for records of queue feeds: at most one per record, the newest.
struct AnswerTable {
    let database: any Database

    /// Rows that a call deletes at most.
    static let pruneLimit: Int64 = 1000

    /// Stores answers. Each takes the place of an earlier answer for its record, sent or not; `seq` is given anew.
    func put(_ rows: [AnswerRow]) throws(StateError) {
        for row in rows { try insert(row) }
    }

    /// Answers of a feed whose time has come, oldest first.
    ///
    /// C-02: a longer wait than ours ever are, which no hub asked for, was written before the clock was set back.
    func waiting(feed: Int32, now: Int64, limit: Int) throws(StateError) -> [AnswerRow] {
        let query = try database.statement(
            AnswerTable.rows,
            """
             INDEXED BY answers_waiting
            WHERE state = 1 AND feed = ?1 AND (next_at <= ?2 OR next_at > ?3)
            ORDER BY seq LIMIT ?4
            """)
        try query.bind(1, Int64(feed))
        try query.bind(2, now)
        try query.bind(3, now &+ OutboxTable.farthestMs)
        try query.bind(4, Int64(limit))
        return try rows(of: query)
    }

    /// When the next waiting answer of any feed is due, or nil if none waits.
    func nextDue() throws(StateError) -> Int64? {
        let query = try database.statement("SELECT min(next_at) FROM answers INDEXED BY answers_waiting WHERE state = 1")
        defer { query.reset() }
        return try query.step() ? try query.optionalInteger(0) : nil
    }

    /// How many answers wait, of all feeds. Cheap, unlike `counts`.
    func waitingCount() throws(StateError) -> Int64 {
        let query = try database.statement("SELECT count(*) FROM answers INDEXED BY answers_waiting WHERE state = 1")
        defer { query.reset() }
        return try query.step() ? try query.integer(0) : 0
    }

    /// Whether an answer of the feed waits.
    func isAnyWaiting(feed: Int32) throws(StateError) -> Bool {
        let query = try database.statement(
            "SELECT 1 FROM answers INDEXED BY answers_waiting WHERE state = 1 AND feed = ?1 LIMIT 1")
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        return try query.step()
    }

    func isWaiting(feed: Int32, id: String) throws(StateError) -> Bool {
        let query = try database.statement("SELECT state FROM answers WHERE feed = ?1 AND record_id = ?2")
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        try query.bind(2, id)
        guard try query.step() else { return false }
        return try query.int32(0) == AnswerState.waiting.rawValue
    }

    /// Writes what may change of a row. A change of state or verdict gives it a new `seq`, so that readers see it.
    /// False: the host has given a newer answer meanwhile, and nothing was written.
    @discardableResult
    func save(_ row: AnswerRow) throws(StateError) -> Bool {
        guard let stored = try self.row(seq: row.seq) else { return false }
        guard stored.state == row.state, stored.verdict == row.verdict else {
            try insert(row)  // the older one gives way: one row a record
            return true
        }
        let change = try database.change(
            """
            UPDATE answers SET body = ?2, pending = ?3, attempts = ?4, next_at = ?5, message = ?6, http_status = ?7,
              answered_at = ?8, recheck = ?9, content_at = ?10, rereads = ?11, reread_at = ?12, boot = ?13,
              answered_hub = ?14
            WHERE seq = ?1
            """)
        try change.bind(1, row.seq)
        try change.bind(2, row.body)
        try change.bind(3, row.pending)
        try change.bind(4, row.attempts)
        try change.bind(5, row.nextAt)
        try change.bind(6, row.message)
        try change.bind(7, row.httpStatus)
        try change.bind(8, row.answeredAt)
        try change.bind(9, row.recheck)
        try change.bind(10, row.contentAt)
        try change.bind(11, row.rereads)
        try change.bind(12, row.rereadAt)
        try change.bind(13, row.boot)
        try change.bind(14, row.answeredHub)
        try change.run()
        return true
    }

    /// Answers whose verdict is known, after `seq`, in the order in which it became known.
    func results(after seq: Int64, limit: Int) throws(StateError) -> [AnswerRow] {
        let query = try database.statement(
            AnswerTable.rows, " INDEXED BY answers_sent WHERE state = 2 AND seq > ?1 ORDER BY seq LIMIT ?2")
        try query.bind(1, seq)
        try query.bind(2, Int64(limit))
        return try rows(of: query)
    }

    /// The newest `seq`, 0 if there is none.
    func newest() throws(StateError) -> Int64 {
        let query = try database.statement("SELECT ifnull(max(seq), 0) FROM answers")
        defer { query.reset() }
        return try query.step() ? try query.integer(0) : 0
    }

    /// How many that became known after `seq` the hub refused.
    func refused(after seq: Int64) throws(StateError) -> Int64 {
        let query = try database.statement(
            "SELECT count(*) FROM answers INDEXED BY answers_sent WHERE state = 2 AND seq > ?1 AND verdict = 4")
        defer { query.reset() }
        try query.bind(1, seq)
        return try query.step() ? try query.integer(0) : 0
    }

    func counts() throws(StateError) -> [AnswerCount] {
        let query = try database.statement(
            """
            SELECT feed, state, verdict, count(*) FROM answers INDEXED BY answers_state GROUP BY feed, state, verdict
            """)
        defer { query.reset() }
        var counts: [AnswerCount] = []
        while try query.step() {
            guard let state = AnswerState(rawValue: try query.int32(1)) else { throw query.damage(1) }
            guard let verdict = Verdict(rawValue: try query.int32(2)) else { throw query.damage(2) }
            let feed = try query.int32(0)
            counts.append(AnswerCount(feed: feed, state: state, verdict: verdict, count: try query.integer(3)))
        }
        return counts
    }

    /// Deletes sent answers from before an instant, except those to be read once more; `pruneLimit` a call.
    ///
    /// - Returns: how many were deleted.
    @discardableResult
    func prune(settledBefore: Int64) throws(StateError) -> Int64 {
        let change = try database.change(
            """
            DELETE FROM answers WHERE seq IN (SELECT seq FROM answers INDEXED BY answers_old
              WHERE state = 2 AND answered_at < ?1 AND recheck = 0 ORDER BY answered_at LIMIT ?2)
            """)
        try change.bind(1, settledBefore)
        try change.bind(2, AnswerTable.pruneLimit)
        try change.run()
        return database.changes
    }

    func insert(_ row: AnswerRow) throws(StateError) {
        let older = try database.change("DELETE FROM answers WHERE feed = ?1 AND record_id = ?2")
        try older.bind(1, Int64(row.feed))
        try older.bind(2, row.recordId)
        try older.run()
        let change = try database.change(
            """
            INSERT INTO answers (feed, record_id, body, fetched_at, pending, state, verdict, attempts, next_at,
              message, http_status, answered_at, recheck, content_at, fingerprint, sku, rereads, reread_at, boot,
              answered_hub)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
            """)
        try change.bind(1, Int64(row.feed))
        try change.bind(2, row.recordId)
        try change.bind(3, row.body)
        try change.bind(4, row.fetchedAt)
        try change.bind(5, row.pending)
        try change.bind(6, Int64(row.state.rawValue))
        try change.bind(7, Int64(row.verdict.rawValue))
        try change.bind(8, row.attempts)
        try change.bind(9, row.nextAt)
        try change.bind(10, row.message)
        try change.bind(11, row.httpStatus)
        try change.bind(12, row.answeredAt)
        try change.bind(13, row.recheck)
        try change.bind(14, row.contentAt)
        try change.bind(15, row.fingerprint)
        try change.bind(16, row.sku)
        try change.bind(17, row.rereads)
        try change.bind(18, row.rereadAt)
        try change.bind(19, row.boot)
        try change.bind(20, row.answeredHub)
        try change.run()
    }

    private func row(seq: Int64) throws(StateError) -> AnswerRow? {
        let query = try database.statement(AnswerTable.rows, " WHERE seq = ?1")
        try query.bind(1, seq)
        return try rows(of: query).first
    }

    /// What `rows(of:)` reads.
    static let rows: StaticString = """
        SELECT seq, feed, record_id, body, fetched_at, pending, state, verdict, attempts, next_at, message, http_status,
          answered_at, recheck, content_at, fingerprint, sku, rereads, reread_at, boot, answered_hub
        FROM answers
        """

    /// The rows that a query gives, in its order.
    func rows(of query: any Statement) throws(StateError) -> [AnswerRow] {
        defer { query.reset() }
        var rows: [AnswerRow] = []
        while try query.step() {
            guard let state = AnswerState(rawValue: try query.int32(6)) else { throw query.damage(6) }
            guard let verdict = Verdict(rawValue: try query.int32(7)) else { throw query.damage(7) }
            rows.append(
                AnswerRow(
                    seq: try query.integer(0), feed: try query.int32(1), recordId: try query.text(2), body: try query.bytes(3),
                    fetchedAt: try query.integer(4), pending: try query.optionalText(5), state: state, verdict: verdict,
                    attempts: try query.integer(8), nextAt: try query.integer(9), message: try query.text(10),
                    httpStatus: try query.integer(11), answeredAt: try query.integer(12), recheck: try query.bool(13),
                    contentAt: try query.optionalInteger(14), fingerprint: try query.optionalText(15),
                    sku: try query.optionalText(16), rereads: try query.integer(17), rereadAt: try query.optionalInteger(18),
                    boot: query.isNull(19) ? nil : try query.anyInteger(19), answeredHub: try query.optionalInteger(20)))
        }
        return rows
    }
}
