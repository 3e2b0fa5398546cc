/// Numbers of orders that are not of this outbox, as the hub told them, so that each is asked once.
struct NumberTable {
    let database: Database

    /// Nil if it was not asked about; an empty text if the hub has no number for it, or no such order.
    func number(hubId: String) throws(StateError) -> String? {
        let query = try database.statement("SELECT number FROM numbers WHERE hub_id = ?1")
        defer { query.reset() }
        try query.bind(1, hubId)
        return try query.step() ? try query.text(0) : nil
    }

    func keep(_ number: String, hubId: String, at: Int64) throws(StateError) {
        let change = try database.change("INSERT OR REPLACE INTO numbers (hub_id, number, kept_at) VALUES (?1, ?2, ?3)")
        try change.bind(1, hubId)
        try change.bind(2, number)
        try change.bind(3, at)
        try change.run()
    }
}
