/// A record that cannot be read.
struct QuarantineRow: Equatable {
    let feed: Int32
    /// The record's id, or a hash of its content.
    let key: String
    /// The reason of the last time.
    let reason: String
    let firstAt: Int64
    let lastAt: Int64
    let times: Int64
}

/// Records that cannot be read, each once with how often it was seen. The oldest give way beyond `capacity`.
///
/// Fault rows: J-14, J-15.
struct QuarantineTable {
    let database: any Database

    static let capacity: Int64 = 10_000

    func note(feed: Int32, key: String, reason: String, at: Int64) throws(StateError) {
        let again = try database.change(
            "UPDATE quarantine SET reason = ?3, last_at = ?4, times = times + 1 WHERE feed = ?1 AND key = ?2")
        try bind(again, feed, key, reason, at)
        try again.run()
        guard database.changes == 0 else { return }

        let first = try database.change(
            "INSERT INTO quarantine (feed, key, reason, first_at, last_at, times) VALUES (?1, ?2, ?3, ?4, ?4, 1)")
        try bind(first, feed, key, reason, at)
        try first.run()
        let surplus = try database.change("DELETE FROM quarantine WHERE id <= ?1")
        try surplus.bind(1, database.lastRow &- QuarantineTable.capacity)
        try surplus.run()
    }

    /// The newest entries, newest first.
    func list(limit: Int) throws(StateError) -> [QuarantineRow] {
        let query = try database.statement(
            "SELECT feed, key, reason, first_at, last_at, times FROM quarantine ORDER BY id DESC LIMIT ?1")
        defer { query.reset() }
        try query.bind(1, Int64(limit))
        var rows: [QuarantineRow] = []
        while try query.step() {
            rows.append(
                QuarantineRow(
                    feed: try query.int32(0), key: try query.text(1), reason: try query.text(2),
                    firstAt: try query.integer(3), lastAt: try query.integer(4), times: try query.integer(5)))
        }
        return rows
    }

    func count() throws(StateError) -> Int64 {
        let query = try database.statement("SELECT count(*) FROM quarantine")
        defer { query.reset() }
        return try query.step() ? try query.integer(0) : 0
    }

    private func bind(
        _ statement: any Statement, _ feed: Int32, _ key: String, _ reason: String, _ at: Int64
    ) throws(StateError) {
        try statement.bind(1, Int64(feed))
        try statement.bind(2, key)
        try statement.bind(3, reason)
        try statement.bind(4, at)
    }
}
