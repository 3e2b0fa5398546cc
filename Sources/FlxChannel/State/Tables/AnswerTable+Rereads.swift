/// Sent answers whose record is to be read once more. When that is stands in the boot clock, which no step of the wall clock
/// moves, and is good for one boot only.
extension AnswerTable {
    /// Where a walk over them has come to.
    struct RereadMark {
        var at = Int64.min
        var seq: Int64 = 0
    }

    /// Has a record read once more and given again, whatever of it changed since its answer. One whose answer is still to be sent
    /// was given since.
    func giveAgain(_ row: AnswerRow) throws(StateError) {
        guard try !isWaiting(feed: row.feed, id: row.recordId) else { return }
        try insert(row)
    }

    /// Whether there are some for which nobody said in this boot when they are due, or in words that make no sense: an older
    /// release, a machine that was started since, another one.
    func isAnyRereadUnstamped(feed: Int32, boot: Int64, latest: Int64) throws(StateError) -> Bool {
        let query = try database.statement(
            """
            SELECT 1 FROM answers INDEXED BY answers_reread WHERE recheck = 1 AND state = 2 AND feed = ?1
              AND (boot IS NULL OR boot <> ?2 OR reread_at IS NULL OR reread_at > ?3) LIMIT 1
            """)
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        try query.bind(2, boot)
        try query.bind(3, latest)
        return try query.step()
    }

    /// Says it for these.
    func stampRereads(feed: Int32, boot: Int64, latest: Int64, at due: Int64) throws(StateError) {
        let change = try database.change(
            """
            UPDATE answers SET boot = ?2, reread_at = ?4 WHERE recheck = 1 AND state = 2 AND feed = ?1
              AND (boot IS NULL OR boot <> ?2 OR reread_at IS NULL OR reread_at > ?3)
            """)
        try change.bind(1, Int64(feed))
        try change.bind(2, boot)
        try change.bind(3, latest)
        try change.bind(4, due)
        try change.run()
    }

    /// Whether any that is not due yet was answered by an instant of the hub's clock.
    func isAnyRereadAhead(feed: Int32, boot: Int64, answeredBy instant: Int64, now: Int64) throws(StateError) -> Bool {
        let query = try database.statement(
            """
            SELECT 1 FROM answers INDEXED BY answers_reread
            WHERE recheck = 1 AND state = 2 AND feed = ?1 AND boot = ?2 AND reread_at > ?4 AND answered_hub <= ?3 LIMIT 1
            """)
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        try query.bind(2, boot)
        try query.bind(3, instant)
        try query.bind(4, now)
        return try query.step()
    }

    /// Makes these due now.
    func bringRereadsForward(feed: Int32, boot: Int64, answeredBy instant: Int64, now: Int64) throws(StateError) {
        let change = try database.change(
            """
            UPDATE answers SET reread_at = ?4 WHERE recheck = 1 AND state = 2 AND feed = ?1 AND boot = ?2 AND reread_at > ?4
              AND answered_hub <= ?3
            """)
        try change.bind(1, Int64(feed))
        try change.bind(2, boot)
        try change.bind(3, instant)
        try change.bind(4, now)
        try change.run()
    }

    /// How many are due by an instant, and since when the first of them is.
    func rereads(feed: Int32, boot: Int64, dueBy instant: Int64) throws(StateError) -> (count: Int64, first: Int64) {
        let query = try database.statement(
            """
            SELECT count(*), min(reread_at) FROM answers INDEXED BY answers_reread
            WHERE recheck = 1 AND state = 2 AND feed = ?1 AND boot = ?2 AND reread_at <= ?3
            """)
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        try query.bind(2, boot)
        try query.bind(3, instant)
        guard try query.step() else { return (0, 0) }
        return (try query.integer(0), try query.optionalInteger(1) ?? 0)
    }

    /// Those due by an instant, in the order in which they became due, from behind a mark on.
    func rereads(
        feed: Int32, boot: Int64, dueBy instant: Int64, after mark: RereadMark, limit: Int
    ) throws(StateError) -> [AnswerRow] {
        let query = try database.statement(
            AnswerTable.rows,
            """
             INDEXED BY answers_reread
            WHERE recheck = 1 AND state = 2 AND feed = ?1 AND boot = ?2 AND reread_at <= ?3 AND (reread_at, seq) > (?4, ?5)
            ORDER BY reread_at, seq LIMIT ?6
            """)
        try query.bind(1, Int64(feed))
        try query.bind(2, boot)
        try query.bind(3, instant)
        try query.bind(4, mark.at)
        try query.bind(5, mark.seq)
        try query.bind(6, Int64(limit))
        return try rows(of: query)
    }
}
