/// Which version of each record of a cursor feed the host has stored last: one row per record.
struct VersionTable {
    let database: any Database

    func isCommitted(feed: Int32, name: String, id: String, hash: [UInt8]) throws(StateError) -> Bool {
        let query = try database.statement(
            "SELECT hash FROM versions WHERE feed = ?1 AND name = ?2 AND record_id = ?3")
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        try query.bind(2, name)
        try query.bind(3, id)
        return try query.step() ? try query.bytes(0) == hash : false
    }

    func commit(
        feed: Int32, name: String, _ versions: [(id: String, updatedAt: Int64?, hash: [UInt8])]
    ) throws(StateError) {
        let change = try database.change(
            """
            INSERT INTO versions (feed, name, record_id, updated_at, hash) VALUES (?1, ?2, ?3, ?4, ?5)
              ON CONFLICT (feed, name, record_id) DO UPDATE SET updated_at = excluded.updated_at, hash = excluded.hash
            """)
        for version in versions {
            try change.bind(1, Int64(feed))
            try change.bind(2, name)
            try change.bind(3, version.id)
            try change.bind(4, version.updatedAt)
            try change.bind(5, version.hash)
            try change.run()
        }
    }

    /// Forgets all versions of a cursor, so that its records are delivered again.
    func forget(feed: Int32, name: String) throws(StateError) {
        let change = try database.change("DELETE FROM versions WHERE feed = ?1 AND name = ?2")
        try change.bind(1, Int64(feed))
        try change.bind(2, name)
        try change.run()
    }

    func count() throws(StateError) -> Int64 {
        let query = try database.statement("SELECT count(*) FROM versions")
        defer { query.reset() }
        return try query.step() ? try query.integer(0) : 0
    }
}
