/// A named place in a cursor feed.
struct CursorRow: Equatable {
    let feed: Int32
    let name: String
    /// By the hub's clock; nil is the beginning.
    var at: Int64?
    /// Facts learnt about the feed, as JSON.
    var note: String
    /// When it moved last, by the wall clock.
    var movedAt: Int64
}

/// The cursors of all cursor feeds. Whether one may move is Channel's to say.
struct CursorTable {
    let database: any Database

    func get(feed: Int32, name: String) throws(StateError) -> CursorRow? {
        let query = try database.statement("SELECT at, note, moved_at FROM cursors WHERE feed = ?1 AND name = ?2")
        defer { query.reset() }
        try query.bind(1, Int64(feed))
        try query.bind(2, name)
        guard try query.step() else { return nil }
        return CursorRow(
            feed: feed, name: name, at: try query.optionalInteger(0), note: try query.text(1),
            movedAt: try query.integer(2))
    }

    func put(_ row: CursorRow) throws(StateError) {
        let change = try database.change(
            """
            INSERT INTO cursors (feed, name, at, note, moved_at) VALUES (?1, ?2, ?3, ?4, ?5)
              ON CONFLICT (feed, name) DO UPDATE SET at = excluded.at, note = excluded.note, moved_at = excluded.moved_at
            """)
        try change.bind(1, Int64(row.feed))
        try change.bind(2, row.name)
        try change.bind(3, row.at)
        try change.bind(4, row.note)
        try change.bind(5, row.movedAt)
        try change.run()
    }

    func remove(feed: Int32, name: String) throws(StateError) {
        let change = try database.change("DELETE FROM cursors WHERE feed = ?1 AND name = ?2")
        try change.bind(1, Int64(feed))
        try change.bind(2, name)
        try change.run()
    }

    func list() throws(StateError) -> [CursorRow] {
        let query = try database.statement("SELECT feed, name, at, note, moved_at FROM cursors ORDER BY feed, name")
        defer { query.reset() }
        var rows: [CursorRow] = []
        while try query.step() {
            rows.append(
                CursorRow(
                    feed: try query.int32(0), name: try query.text(1), at: try query.optionalInteger(2),
                    note: try query.text(3), movedAt: try query.integer(4)))
        }
        return rows
    }
}
