/// A listing as the hub showed it last.
struct Snapshot {
    let id: String
    let sku: String
    /// When it was read, wall clock.
    let at: Int64
    /// The record in the hub's own bytes, less what is left out on purpose.
    let record: [UInt8]
}

/// The last seen listings, for hosts that keep none of their own (config key `snapshots.keep_days`).
struct SnapshotTable {
    let database: Database

    /// Rows that a call deletes at most.
    static let pruneLimit: Int64 = 1000

    func put(_ rows: [Snapshot]) throws(StateError) {
        for row in rows {
            let change = try database.change(
                """
                INSERT INTO snapshots (id, sku, at, record) VALUES (?1, ?2, ?3, ?4)
                  ON CONFLICT (id) DO UPDATE SET sku = ?2, at = ?3, record = ?4
                """)
            try change.bind(1, row.id)
            try change.bind(2, row.sku)
            try change.bind(3, row.at)
            try change.bind(4, row.record)
            try change.run()
        }
    }

    func get(id: String) throws(StateError) -> Snapshot? {
        try one(try database.statement("SELECT id, sku, at, record FROM snapshots WHERE id = ?1"), id)
    }

    /// The newest of those with this SKU.
    func get(sku: String) throws(StateError) -> Snapshot? {
        try one(
            try database.statement("SELECT id, sku, at, record FROM snapshots WHERE sku = ?1 ORDER BY at DESC, id LIMIT 1"), sku)
    }

    func remove(_ id: String) throws(StateError) {
        let change = try database.change("DELETE FROM snapshots WHERE id = ?1")
        try change.bind(1, id)
        try change.run()
    }

    /// Deletes those that were read before an instant, `pruneLimit` a call.
    ///
    /// - Returns: how many were deleted.
    @discardableResult
    func prune(before: Int64) throws(StateError) -> Int64 {
        let change = try database.change(
            "DELETE FROM snapshots WHERE rowid IN (SELECT rowid FROM snapshots INDEXED BY snapshots_old WHERE at < ?1 LIMIT ?2)")
        try change.bind(1, before)
        try change.bind(2, SnapshotTable.pruneLimit)
        try change.run()
        return database.changes
    }

    private func one(_ query: Statement, _ key: String) throws(StateError) -> Snapshot? {
        defer { query.reset() }
        try query.bind(1, key)
        guard try query.step() else { return nil }
        return Snapshot(id: try query.text(0), sku: try query.text(1), at: try query.integer(2), record: try query.bytes(3))
    }
}
