/// What is forgotten for good when it has been of no use for `state.keep_days`, over all tables; a slice at a time, oldest
/// first, by an index each.
///
/// An order's row goes when its buyer data has been gone for so long; until then its number is known and refused.
struct RetentionTable {
    let database: any Database

    /// Rows of one kind that one write takes.
    static let slice: Int64 = 500

    /// Whether a write would find anything of orders, their events, numbers of others, and listings that the host knows to be gone.
    func isAny(before: Int64) throws(StateError) -> Bool {
        let query = try database.statement(
            """
            SELECT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_forgettable WHERE purged_at > 0 AND purged_at < ?1)
              OR EXISTS (SELECT 1 FROM (SELECT at FROM events ORDER BY id LIMIT 1) AS oldest WHERE at < ?1)
              OR EXISTS (SELECT 1 FROM numbers INDEXED BY numbers_kept WHERE kept_at < ?1)
              OR EXISTS (SELECT 1 FROM listings INDEXED BY listings_read WHERE read = ?2 AND missed_at < ?1)
            """)
        defer { query.reset() }
        try query.bind(1, before)
        try query.bind(2, ListingTable.gone)
        return try query.step() ? try query.integer(0) != 0 : false
    }

    /// - Returns: whether there may be more.
    func forget(before: Int64) throws(StateError) -> Bool {
        // First what happened to them: a later order may get the number of a row that is gone.
        let events = try database.change(
            """
            DELETE FROM events WHERE row IN (SELECT id FROM outbox INDEXED BY outbox_forgettable
              WHERE purged_at > 0 AND purged_at < ?1 ORDER BY purged_at, id LIMIT ?2)
            """)
        try run(events, before)
        let orders = try run(
            try database.change(
                """
                DELETE FROM outbox WHERE id IN (SELECT id FROM outbox INDEXED BY outbox_forgettable
                  WHERE purged_at > 0 AND purged_at < ?1 ORDER BY purged_at, id LIMIT ?2)
                """), before)
        // Those of orders that nobody settled: events are written in the order of time.
        let old = try run(
            try database.change("DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT ?2) AND at < ?1"), before)
        let numbers = try run(
            try database.change(
                "DELETE FROM numbers WHERE hub_id IN (SELECT hub_id FROM numbers INDEXED BY numbers_kept WHERE kept_at < ?1 LIMIT ?2)"
            ),
            before)
        let gone = try database.change("DELETE FROM listings WHERE read = ?2 AND missed_at < ?1")
        try gone.bind(1, before)
        try gone.bind(2, ListingTable.gone)
        try gone.run()
        return max(orders, old, numbers) >= RetentionTable.slice
    }

    func isAnyVersion(feed: Int32, name: String, before: Int64) throws(StateError) -> Bool {
        let query = try database.statement(
            """
            SELECT 1 FROM versions INDEXED BY versions_old
            WHERE feed = ?1 AND name = ?2 AND updated_at > 0 AND updated_at < ?3 LIMIT 1
            """)
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        try query.bind(2, name)
        try query.bind(3, before)
        return try query.step()
    }

    /// - Returns: whether there may be more.
    func forgetVersions(feed: Int32, name: String, before: Int64) throws(StateError) -> Bool {
        let change = try database.change(
            """
            DELETE FROM versions WHERE feed = ?1 AND name = ?2 AND record_id IN (SELECT record_id FROM versions INDEXED BY versions_old
              WHERE feed = ?1 AND name = ?2 AND updated_at > 0 AND updated_at < ?3 ORDER BY updated_at LIMIT ?4)
            """)
        try change.bind(1, Int64(feed))
        try change.bind(2, name)
        try change.bind(3, before)
        try change.bind(4, RetentionTable.slice)
        try change.run()
        return database.changes >= RetentionTable.slice
    }

    // MARK: private

    @discardableResult
    private func run(_ change: any Statement, _ before: Int64) throws(StateError) -> Int64 {
        try change.bind(1, before)
        try change.bind(2, RetentionTable.slice)
        try change.run()
        return database.changes
    }
}
