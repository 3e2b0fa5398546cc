/// A listing of this channel that the hub had.
struct ListingSeen {
    let id: String
    let sku: String
    /// The whole read that had it last.
    var read: Int64 = 0
    /// When a whole read first came without it, wall clock; nil while it is there.
    var missedAt: Int64?
}

/// Every listing that a whole read of the hub's list brought, and in which read it was seen last: what a later one lacks is gone.
/// One that the host was told of as gone is remembered as such, for it may come back.
struct ListingTable {
    let database: any Database

    /// In the place of the read that had it last: no read lacks it.
    static let gone = StoredNumber.farthest

    /// Notes that read number `read` has these.
    func saw(_ rows: [ListingSeen], read: Int64) throws(StateError) {
        for row in rows {
            let change = try database.change(
                """
                INSERT INTO listings (id, sku, read, missed_at) VALUES (?1, ?2, ?3, NULL)
                  ON CONFLICT (id) DO UPDATE SET sku = CASE WHEN ?2 = '' THEN listings.sku ELSE ?2 END, read = ?3, missed_at = NULL
                """)
            try change.bind(1, row.id)
            try change.bind(2, row.sku)
            try change.bind(3, read)
            try change.run()
        }
    }

    /// Notes that the host was told of these since read number `read`, which need not have had them: the next one is to.
    func told(_ rows: [ListingSeen], since read: Int64) throws(StateError) {
        for row in rows {
            let change = try database.change(
                """
                INSERT INTO listings (id, sku, read, missed_at) VALUES (?1, ?2, ?3, NULL)
                  ON CONFLICT (id) DO UPDATE SET sku = CASE WHEN ?2 = '' THEN listings.sku ELSE ?2 END, read = ?3, missed_at = NULL WHERE listings.read = ?4
                """)
            try change.bind(1, row.id)
            try change.bind(2, row.sku)
            try change.bind(3, read)
            try change.bind(4, ListingTable.gone)
            try change.run()
        }
    }

    /// Those that no read since `read` had, behind `last`, oldest first.
    func missing(before read: Int64, after last: ListingSeen?, limit: Int) throws(StateError) -> [ListingSeen] {
        let query = try database.statement(
            """
            SELECT id, sku, read, missed_at FROM listings INDEXED BY listings_read
            WHERE read < ?1 AND (read, id) > (?2, ?3) ORDER BY read, id LIMIT ?4
            """)
        try query.bind(1, read)
        try query.bind(2, last?.read ?? -1)
        try query.bind(3, last?.id ?? "")
        try query.bind(4, Int64(limit))
        var rows: [ListingSeen] = []
        try add(query, to: &rows)
        return rows
    }

    private func add(_ query: any Statement, to rows: inout [ListingSeen]) throws(StateError) {
        defer { query.reset() }
        while try query.step() {
            rows.append(
                ListingSeen(
                    id: try query.text(0), sku: try query.text(1), read: try query.integer(2),
                    missedAt: try query.optionalInteger(3)))
        }
    }

    func counts(before read: Int64) throws(StateError) -> (all: Int64, missing: Int64) {
        let query = try database.statement(
            """
            SELECT (SELECT count(*) FROM listings WHERE read < ?2),
              (SELECT count(*) FROM listings INDEXED BY listings_read WHERE read < ?1)
            """)
        defer { query.reset() }
        try query.bind(1, read)
        try query.bind(2, ListingTable.gone)
        guard try query.step() else { return (0, 0) }
        return (try query.integer(0), try query.integer(1))
    }

    /// The first and the last that read number `read` had, by their ids as text: two, one or none.
    func ends(of read: Int64) throws(StateError) -> [ListingSeen] {
        let query = try database.statement(
            """
            SELECT id, sku FROM listings WHERE id IN (
              (SELECT id FROM listings INDEXED BY listings_read WHERE read = ?1 ORDER BY id LIMIT 1),
              (SELECT id FROM listings INDEXED BY listings_read WHERE read = ?1 ORDER BY id DESC LIMIT 1))
            """)
        defer { query.reset() }
        try query.bind(1, read)
        var rows: [ListingSeen] = []
        while try query.step() { rows.append(ListingSeen(id: try query.text(0), sku: try query.text(1))) }
        return rows
    }

    func noteMissing(before read: Int64, at: Int64) throws(StateError) {
        let change = try database.change("UPDATE listings SET missed_at = ?2 WHERE read < ?1 AND missed_at IS NULL")
        try change.bind(1, read)
        try change.bind(2, at)
        try change.run()
    }

    /// Those of these that no read since `read` had, in the order of `missing`.
    func missing(before read: Int64, of ids: [String]) throws(StateError) -> [ListingSeen] {
        var rows: [ListingSeen] = []
        for id in ids {
            let query = try database.statement("SELECT id, sku, read, missed_at FROM listings WHERE id = ?1 AND read < ?2")
            try query.bind(1, id)
            try query.bind(2, read)
            try add(query, to: &rows)
        }
        return rows
    }

    // MARK: those that the host knows to be gone

    func noteGone(_ id: String, at: Int64) throws(StateError) {
        let change = try database.change("UPDATE listings SET read = ?2, missed_at = ?3 WHERE id = ?1")
        try change.bind(1, id)
        try change.bind(2, ListingTable.gone)
        try change.bind(3, at)
        try change.run()
    }

    func isGone(_ id: String) throws(StateError) -> Bool {
        let query = try database.statement("SELECT 1 FROM listings WHERE id = ?1 AND read = ?2")
        defer { query.reset() }
        try query.bind(1, id)
        try query.bind(2, ListingTable.gone)
        return try query.step()
    }
}
