/// What was learnt of an order at the hub that is not of this outbox. Instants are wall clock milliseconds since 1970.
struct NumberRow: Equatable {
    let hubId: String
    /// Empty if the hub told none.
    var number = ""
    /// Nil if the hub told none, or an older release asked.
    var channel: String?
    /// When the hub was asked last.
    var keptAt: Int64 = 0
    /// Questions in a row that did not tell what they should; 0 once it is known.
    var tries: Int64 = 0
    /// Since when what is of this order waits for an answer; nil if nothing waits.
    var awaitedSince: Int64?
}

/// Numbers of orders that are not of this outbox, as the hub told them, so that each is asked once.
struct NumberTable {
    let database: any Database

    /// Nil if it was not asked about.
    func row(hubId: String) throws(StateError) -> NumberRow? {
        let query = try database.statement("SELECT number, channel, kept_at, tries, awaited_since FROM numbers WHERE hub_id = ?1")
        defer { query.reset() }
        try query.bind(1, hubId)
        guard try query.step() else { return nil }
        return NumberRow(
            hubId: hubId, number: try query.text(0), channel: try query.optionalText(1), keptAt: try query.integer(2),
            tries: try query.integer(3), awaitedSince: try query.optionalInteger(4))
    }

    func keep(_ row: NumberRow) throws(StateError) {
        let change = try database.change(
            """
            INSERT INTO numbers (hub_id, number, channel, kept_at, tries, awaited_since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
              ON CONFLICT (hub_id) DO UPDATE SET number = excluded.number, channel = excluded.channel,
                kept_at = excluded.kept_at, tries = excluded.tries, awaited_since = excluded.awaited_since
            """
        )
        try change.bind(1, row.hubId)
        try change.bind(2, row.number)
        try change.bind(3, row.channel)
        try change.bind(4, row.keptAt)
        try change.bind(5, row.tries)
        try change.bind(6, row.awaitedSince)
        try change.run()
    }
}
