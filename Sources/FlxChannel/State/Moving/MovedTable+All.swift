/// Every table, in columns that any release since has. What is left out is of the place: see `StateMove`.
extension MovedTable {
    static let all: [MovedTable] = [
        .meta, .outbox, .wires, .events, .answers, .cursors, .versions, .numbers, .listings, .shapes, .snapshots, .quarantine,
    ]

    private static let meta = MovedTable(
        name: "meta",
        columns: [.text, .text], keys: 1, pageRows: 200,
        page: """
            SELECT key, value FROM meta
              WHERE key >= ?1 ORDER BY key LIMIT ?2
            """,
        insert: """
            INSERT INTO meta (key, value)
              VALUES (?1, ?2)
            """,
        clear: "DELETE FROM meta", count: "SELECT count(*) FROM meta")

    private static let outbox = MovedTable(
        name: "outbox",
        columns: [
            .number, .text, .bytes, .bytes, .number, .number, .number, .text, .text, .number, .number, .number, .number,
            .number, .number, .number, .number, .number, .number, .text, .number, .number, .number, .number, .text, .number,
        ], keys: 1, pageRows: 200,
        page: """
            SELECT id, number, number_hash, digest, digest_version, state, verdict, hub_id, hub_status, attempts, lookups,
              ambiguous, next_at, fence, submitted_at, ordered_at, resolved_at, settled_at, code, message, watched, revision,
              sent_at, first_sent_at, told_id, purged_at FROM outbox
              WHERE id >= ?1 ORDER BY id LIMIT ?2
            """,
        insert: """
            INSERT INTO outbox (id, number, number_hash, digest, digest_version, state, verdict, hub_id, hub_status,
              attempts, lookups, ambiguous, next_at, fence, submitted_at, ordered_at, resolved_at, settled_at, code, message,
              watched, revision, sent_at, first_sent_at, told_id, purged_at)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                ?23, ?24, ?25, ?26)
            """,
        clear: "DELETE FROM outbox", count: "SELECT count(*) FROM outbox")

    private static let wires = MovedTable(
        name: "wires",
        columns: [.number, .bytes, .bytes], keys: 1, pageRows: 8,
        page: """
            SELECT id, wire, sum FROM wires
              WHERE id >= ?1 ORDER BY id LIMIT ?2
            """,
        insert: """
            INSERT INTO wires (id, wire, sum)
              VALUES (?1, ?2, ?3)
            """,
        clear: "DELETE FROM wires", count: "SELECT count(*) FROM wires")

    private static let events = MovedTable(
        name: "events",
        columns: [.number, .number, .number, .text, .number, .number, .text, .text, .number], keys: 1, pageRows: 200,
        page: """
            SELECT id, row, at, what, http_status, verdict, message, request_id, took_ms FROM events
              WHERE id >= ?1 ORDER BY id LIMIT ?2
            """,
        insert: """
            INSERT INTO events (id, row, at, what, http_status, verdict, message, request_id, took_ms)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
        clear: "DELETE FROM events", count: "SELECT count(*) FROM events")

    private static let answers = MovedTable(
        name: "answers",
        columns: [
            .number, .number, .text, .bytes, .number, .text, .number, .number, .number, .number, .text, .number, .number,
            .number, .number, .text, .text, .number, .number,
        ], keys: 1, pageRows: 50,
        page: """
            SELECT seq, feed, record_id, body, fetched_at, pending, state, verdict, attempts, next_at, message, http_status,
              answered_at, recheck, content_at, fingerprint, sku, rereads, answered_hub FROM answers
              WHERE seq >= ?1 ORDER BY seq LIMIT ?2
            """,
        insert: """
            INSERT INTO answers (seq, feed, record_id, body, fetched_at, pending, state, verdict, attempts, next_at,
              message, http_status, answered_at, recheck, content_at, fingerprint, sku, rereads, answered_hub)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
            """,
        clear: "DELETE FROM answers", count: "SELECT count(*) FROM answers")

    private static let cursors = MovedTable(
        name: "cursors",
        columns: [.number, .text, .number, .text, .number], keys: 2, pageRows: 200,
        page: """
            SELECT feed, name, at, note, moved_at FROM cursors
              WHERE (feed, name) >= (?1, ?2) ORDER BY feed, name LIMIT ?3
            """,
        insert: """
            INSERT INTO cursors (feed, name, at, note, moved_at)
              VALUES (?1, ?2, ?3, ?4, ?5)
            """,
        clear: "DELETE FROM cursors", count: "SELECT count(*) FROM cursors")

    private static let versions = MovedTable(
        name: "versions",
        columns: [.number, .text, .text, .number, .bytes], keys: 3, pageRows: 200,
        page: """
            SELECT feed, name, record_id, updated_at, hash FROM versions
              WHERE (feed, name, record_id) >= (?1, ?2, ?3) ORDER BY feed, name, record_id LIMIT ?4
            """,
        insert: """
            INSERT INTO versions (feed, name, record_id, updated_at, hash)
              VALUES (?1, ?2, ?3, ?4, ?5)
            """,
        clear: "DELETE FROM versions", count: "SELECT count(*) FROM versions")

    private static let numbers = MovedTable(
        name: "numbers",
        columns: [.text, .text, .number, .text, .number, .number], keys: 1, pageRows: 200,
        page: """
            SELECT hub_id, number, kept_at, channel, tries, awaited_since FROM numbers
              WHERE hub_id >= ?1 ORDER BY hub_id LIMIT ?2
            """,
        insert: """
            INSERT INTO numbers (hub_id, number, kept_at, channel, tries, awaited_since)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
        clear: "DELETE FROM numbers", count: "SELECT count(*) FROM numbers")

    private static let listings = MovedTable(
        name: "listings",
        columns: [.text, .text, .number, .number], keys: 1, pageRows: 200,
        page: """
            SELECT id, sku, read, missed_at FROM listings
              WHERE id >= ?1 ORDER BY id LIMIT ?2
            """,
        insert: """
            INSERT INTO listings (id, sku, read, missed_at)
              VALUES (?1, ?2, ?3, ?4)
            """,
        clear: "DELETE FROM listings", count: "SELECT count(*) FROM listings")

    private static let shapes = MovedTable(
        name: "shapes",
        columns: [.number, .bytes], keys: 1, pageRows: 50,
        page: """
            SELECT id, shape FROM shapes
              WHERE id >= ?1 ORDER BY id LIMIT ?2
            """,
        insert: """
            INSERT INTO shapes (id, shape)
              VALUES (?1, ?2)
            """,
        clear: "DELETE FROM shapes", count: "SELECT count(*) FROM shapes")

    private static let snapshots = MovedTable(
        name: "snapshots",
        columns: [.text, .text, .number, .number, .bytes], keys: 1, pageRows: 50,
        page: """
            SELECT id, sku, at, shape, record FROM snapshots
              WHERE id >= ?1 ORDER BY id LIMIT ?2
            """,
        insert: """
            INSERT INTO snapshots (id, sku, at, shape, record)
              VALUES (?1, ?2, ?3, ?4, ?5)
            """,
        clear: "DELETE FROM snapshots", count: "SELECT count(*) FROM snapshots")

    private static let quarantine = MovedTable(
        name: "quarantine",
        columns: [.number, .number, .text, .text, .number, .number, .number], keys: 1, pageRows: 200,
        page: """
            SELECT id, feed, key, reason, first_at, last_at, times FROM quarantine
              WHERE id >= ?1 ORDER BY id LIMIT ?2
            """,
        insert: """
            INSERT INTO quarantine (id, feed, key, reason, first_at, last_at, times)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
        clear: "DELETE FROM quarantine", count: "SELECT count(*) FROM quarantine")
}
