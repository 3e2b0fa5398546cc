/// The tables, and how a file of an older release comes to have them.
///
/// Two numbers stand in the file. `schema` is the last step it went through; `oldest_reader` is the oldest schema whose
/// releases may still use it. A step that only adds leaves the second alone, so that old workers go on during an upgrade.
///
/// Fault rows: D-13, D-14.
struct Schema {
    /// One step: all of it or nothing.
    struct Step {
        let schema: Int64
        let oldestReader: Int64
        let statements: [StaticString]
    }

    static let steps = [
        Step(schema: 1, oldestReader: 1, statements: first),
        Step(schema: 2, oldestReader: 1, statements: ["ALTER TABLE answers ADD COLUMN fingerprint TEXT"]),
        Step(schema: 3, oldestReader: 3, statements: revisions),
        Step(schema: 4, oldestReader: 3, statements: rereads),
        Step(schema: 5, oldestReader: 3, statements: retention),
        Step(schema: 6, oldestReader: 3, statements: orders),
        Step(schema: 7, oldestReader: 3, statements: listings),
    ]
    static let known: Int64 = 7
    static let applicationID: Int64 = 0x464C_5843  // "FLXC"

    private static let first: [StaticString] = [
        "PRAGMA application_id=1179408451",
        "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE outbox (
          id INTEGER PRIMARY KEY, number TEXT, number_hash BLOB NOT NULL UNIQUE, digest BLOB NOT NULL,
          digest_version INTEGER NOT NULL, state INTEGER NOT NULL, verdict INTEGER NOT NULL, hub_id TEXT, hub_status TEXT,
          attempts INTEGER NOT NULL, lookups INTEGER NOT NULL, ambiguous INTEGER NOT NULL, next_at INTEGER NOT NULL,
          fence INTEGER NOT NULL, submitted_at INTEGER NOT NULL, ordered_at INTEGER, resolved_at INTEGER,
          settled_at INTEGER, code INTEGER NOT NULL, message TEXT, watched INTEGER NOT NULL)
        """,
        "CREATE INDEX outbox_open ON outbox (id, next_at) WHERE state < 3",
        "CREATE INDEX outbox_state ON outbox (state, verdict)",
        "CREATE INDEX outbox_hub ON outbox (hub_id) WHERE hub_id IS NOT NULL",
        "CREATE INDEX outbox_watched ON outbox (id) WHERE watched = 1",
        "CREATE INDEX outbox_blankable ON outbox (settled_at) WHERE state = 4 AND number IS NOT NULL",
        "CREATE TABLE wires (id INTEGER PRIMARY KEY, wire BLOB NOT NULL, sum BLOB NOT NULL)",
        """
        CREATE TABLE events (
          id INTEGER PRIMARY KEY, row INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL,
          http_status INTEGER NOT NULL, verdict INTEGER NOT NULL, message TEXT, request_id TEXT NOT NULL,
          took_ms INTEGER NOT NULL)
        """,
        "CREATE INDEX events_row ON events (row)",
        """
        CREATE TABLE answers (
          seq INTEGER PRIMARY KEY AUTOINCREMENT, feed INTEGER NOT NULL, record_id TEXT NOT NULL, body BLOB NOT NULL,
          fetched_at INTEGER NOT NULL, pending TEXT, state INTEGER NOT NULL, verdict INTEGER NOT NULL,
          attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, message TEXT NOT NULL, http_status INTEGER NOT NULL,
          answered_at INTEGER NOT NULL, recheck INTEGER NOT NULL, content_at INTEGER, UNIQUE (feed, record_id))
        """,
        "CREATE INDEX answers_waiting ON answers (feed, seq, next_at) WHERE state = 1",
        "CREATE INDEX answers_state ON answers (feed, state, verdict)",
        "CREATE INDEX answers_sent ON answers (seq) WHERE state = 2",
        "CREATE INDEX answers_old ON answers (answered_at) WHERE state = 2",
        "CREATE INDEX answers_recheck ON answers (feed) WHERE recheck = 1",
        """
        CREATE TABLE cursors (
          feed INTEGER NOT NULL, name TEXT NOT NULL, at INTEGER, note TEXT NOT NULL, moved_at INTEGER NOT NULL,
          PRIMARY KEY (feed, name)) WITHOUT ROWID
        """,
        """
        CREATE TABLE versions (
          feed INTEGER NOT NULL, name TEXT NOT NULL, record_id TEXT NOT NULL, updated_at INTEGER, hash BLOB NOT NULL,
          PRIMARY KEY (feed, name, record_id)) WITHOUT ROWID
        """,
        """
        CREATE TABLE quarantine (
          id INTEGER PRIMARY KEY, feed INTEGER NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL,
          first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, times INTEGER NOT NULL, UNIQUE (feed, key))
        """,
    ]

    /// An order keeps its number when it is purged, and takes new content as a revision. Not for older releases: they take
    /// a number without its bytes for damage.
    private static let revisions: [StaticString] = [
        "ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE outbox ADD COLUMN sent_at INTEGER",
        "ALTER TABLE outbox ADD COLUMN first_sent_at INTEGER",
        "ALTER TABLE outbox ADD COLUMN told_id TEXT",
        "ALTER TABLE outbox ADD COLUMN purged_at INTEGER",
        "UPDATE outbox SET purged_at = ifnull(settled_at, 0) WHERE number IS NULL",
        "DROP INDEX outbox_blankable",
        "CREATE TABLE numbers (hub_id TEXT PRIMARY KEY NOT NULL, number TEXT NOT NULL) WITHOUT ROWID",
        "CREATE INDEX outbox_purgeable ON outbox (settled_at) WHERE state = 4 AND purged_at IS NULL",
    ]

    private static let rereads: [StaticString] = [
        "ALTER TABLE answers ADD COLUMN sku TEXT",
        "ALTER TABLE answers ADD COLUMN rereads INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE answers ADD COLUMN reread_at INTEGER",
        "ALTER TABLE answers ADD COLUMN boot INTEGER",
        "ALTER TABLE answers ADD COLUMN answered_hub INTEGER",
        "CREATE INDEX answers_reread ON answers (feed, boot, reread_at, seq) WHERE recheck = 1 AND state = 2",
    ]

    /// What is found by its age. An older release that keeps a number says nothing of when, so that it goes first: it is asked
    /// for again.
    private static let retention: [StaticString] = [
        "CREATE INDEX outbox_forgettable ON outbox (purged_at) WHERE purged_at > 0",
        "CREATE INDEX versions_old ON versions (feed, name, updated_at)",
        "ALTER TABLE numbers ADD COLUMN kept_at INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX numbers_kept ON numbers (kept_at)",
    ]

    /// Whose the order of a parcel is, and whether the hub is asked again. An older release that keeps a number says neither.
    private static let orders: [StaticString] = [
        "ALTER TABLE numbers ADD COLUMN channel TEXT",
        "ALTER TABLE numbers ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE numbers ADD COLUMN awaited_since INTEGER",
    ]

    /// What a whole read of the listings brought, and how each was seen last. An older release reads and keeps none.
    private static let listings: [StaticString] = [
        "CREATE TABLE listings (id TEXT PRIMARY KEY NOT NULL, sku TEXT NOT NULL, read INTEGER NOT NULL, missed_at INTEGER) WITHOUT ROWID",
        "CREATE INDEX listings_read ON listings (read, id)",
        "CREATE TABLE shapes (id INTEGER PRIMARY KEY, shape BLOB NOT NULL UNIQUE)",
        "CREATE TABLE snapshots (id TEXT NOT NULL UNIQUE, sku TEXT NOT NULL, at INTEGER NOT NULL, shape INTEGER, record BLOB NOT NULL)",
        "CREATE INDEX snapshots_sku ON snapshots (sku)",
        "CREATE INDEX snapshots_old ON snapshots (at)",
    ]

    /// Brings a file, also a new and empty one, to the newest schema. In the writer gate, outside of a transaction.
    ///
    /// - Returns: whether the file is new.
    static func prepare(
        _ database: any Database, steps: [Step] = Schema.steps, known: Int64 = Schema.known
    ) throws(StateError) -> Bool {
        let isNew = try database.isNew()
        var present = isNew ? 0 : try check(database, known: known)
        for step in steps where step.schema > present {
            try database.transaction { () throws(StateError) in
                for sql in step.statements { try database.execute(sql) }
                try MetaTable(database: database).set("schema", "\(step.schema)")
                try MetaTable(database: database).set("oldest_reader", "\(step.oldestReader)")
            }
            present = step.schema
        }
        return isNew
    }

    /// Refuses a file that only newer releases may use. Cheap; each transaction asks, for a file may be upgraded
    /// under a running worker.
    ///
    /// - Returns: the schema of the file.
    @discardableResult
    static func check(_ database: any Database, known: Int64 = Schema.known) throws(StateError) -> Int64 {
        guard let (schema, oldest) = try MetaTable(database: database).schema() else {
            throw .corrupt(detail: "it does not tell its schema")
        }
        guard oldest <= known else { throw try refusal(database, schema: schema, oldestReader: oldest, known: known) }
        return schema
    }

    /// Why a state is not for this release: it was moved away, has not come here as a whole, or is of a newer one.
    static func refusal(
        _ database: any Database, schema: Int64, oldestReader: Int64, known: Int64 = Schema.known
    ) throws(StateError) -> StateError {
        guard oldestReader == MoveMark.nobody else { return .newer(schema: schema, known: known) }
        return try MoveMark(MetaTable(database: database))?.refusal ?? .corrupt(detail: "it is nobody's and does not say why")
    }
}
