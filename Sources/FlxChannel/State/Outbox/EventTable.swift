/// One thing that happened to an order.
struct EventRow {
    let id: Int64
    let row: Int64
    let at: Int64
    /// A fixed word of ours.
    let what: String
    let httpStatus: Int64
    let verdict: Verdict
    /// Empty after a purge.
    let message: String
    let requestId: String
    let tookMs: Int64
}

/// What is written down of something that happens to an order.
struct Event {
    /// A fixed word of ours.
    let what: StaticString
    var httpStatus: Int64 = 0
    var message = ""
    var requestId = ""
    var tookMs: Int64 = 0

    init(_ what: StaticString) { self.what = what }
}

/// The history of orders, append only.
struct EventTable {
    let database: any Database

    func append(row: Int64, at: Int64, _ event: Event, _ verdict: Verdict) throws(StateError) {
        let change = try database.change(
            """
            INSERT INTO events (row, at, what, http_status, verdict, message, request_id, took_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """)
        try change.bind(1, row)
        try change.bind(2, at)
        try change.bind(3, "\(event.what)")
        try change.bind(4, event.httpStatus)
        try change.bind(5, Int64(verdict.rawValue))
        try change.bind(6, event.message)
        try change.bind(7, event.requestId)
        try change.bind(8, event.tookMs)
        try change.run()
    }

    /// When something last happened to an order, or nil.
    func lastAt(row: Int64) throws(StateError) -> Int64? {
        let query = try database.statement("SELECT at FROM events INDEXED BY events_row WHERE row = ?1 ORDER BY id DESC LIMIT 1")
        defer { query.reset() }
        try query.bind(1, row)
        return try query.step() ? try query.integer(0) : nil
    }

    /// Events of an order after event `after`, oldest first.
    func list(row: Int64, after: Int64, limit: Int) throws(StateError) -> [EventRow] {
        let query = try database.statement(
            """
            SELECT id, at, what, http_status, verdict, message, request_id, took_ms FROM events INDEXED BY events_row
            WHERE row = ?1 AND id > ?2 ORDER BY id LIMIT ?3
            """)
        defer { query.reset() }
        try query.bind(1, row)
        try query.bind(2, after)
        try query.bind(3, Int64(limit))
        var events: [EventRow] = []
        while try query.step() {
            guard let verdict = Verdict(rawValue: try query.int32(4)) else { throw query.damage(4) }
            events.append(
                EventRow(
                    id: try query.integer(0), row: row, at: try query.integer(1), what: try query.text(2),
                    httpStatus: try query.integer(3), verdict: verdict, message: try query.optionalText(5) ?? "",
                    requestId: try query.text(6), tookMs: try query.integer(7)))
        }
        return events
    }
}
