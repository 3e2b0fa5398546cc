/// Facts about the file as a whole: schema, oldest_reader, origin, channel, channel_fact, channel_other, tokens, hub_clock,
/// late, names_ignored/<operation>, census, census_empty, census_suspects, channels_asked, orders_wanted/<feed>, turn/<part>,
/// created_at, restored_at, key, move, moved_to, unfinished_from.
struct MetaTable {
    let database: any Database

    func text(_ key: String) throws(StateError) -> String? {
        let query = try database.statement("SELECT value FROM meta WHERE key = ?1")
        defer { query.reset() }
        try query.bind(1, key)
        return try query.step() ? try query.text(0) : nil
    }

    func set(_ key: String, _ text: String) throws(StateError) {
        let change = try database.change(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        try change.bind(1, key)
        try change.bind(2, text)
        try change.run()
    }

    func remove(_ key: String) throws(StateError) {
        let change = try database.change("DELETE FROM meta WHERE key = ?1")
        try change.bind(1, key)
        try change.run()
    }

    /// The schema and its oldest reader, in one look: each transaction asks.
    func schema() throws(StateError) -> (schema: Int64, oldestReader: Int64)? {
        let query = try database.statement(
            "SELECT s.value, o.value FROM meta s, meta o WHERE s.key = 'schema' AND o.key = 'oldest_reader'")
        defer { query.reset() }
        guard try query.step() else { return nil }
        return (try MetaTable.number(try query.text(0), "schema"), try MetaTable.number(try query.text(1), "oldest_reader"))
    }

    func number(_ key: String) throws(StateError) -> Int64? {
        guard let text = try text(key) else { return nil }
        return try MetaTable.number(text, key)
    }

    private static func number(_ text: String, _ key: String) throws(StateError) -> Int64 {
        guard let number = Int64(text), StoredNumber.range.contains(number) else {
            throw .corrupt(detail: "meta \(key) is not a number, or an impossible one")
        }
        return number
    }
}
