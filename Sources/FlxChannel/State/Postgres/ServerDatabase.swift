/// The tables of a state in a server, by one session, within a transaction of `ServerHome`.
///
/// Every statement is one exchange; nothing is prepared, since most processes of a shop run each but once.
final class ServerDatabase: Database {
    private let connection: ServerConnection
    private var texts: [UInt: String] = [:]
    /// When the present transaction must be over.
    var deadline = Deadline.passed
    private(set) var isWriting = false
    private(set) var isInTransaction = false
    fileprivate(set) var changes: Int64 = 0
    fileprivate(set) var lastRow: Int64 = 0

    init(_ connection: ServerConnection) { self.connection = connection }

    func statement(_ sql: StaticString, _ more: StaticString) throws(StateError) -> any Statement {
        guard isInTransaction else { throw .misuse(what: "the server was asked outside of a transaction") }
        let key = UInt(bitPattern: more.utf8CodeUnitCount > 0 ? more.utf8Start : sql.utf8Start)
        if let known = texts[key] { return ServerStatement(self, known) }
        guard let text = Dialect.postgres(sql, more) else { throw .misuse(what: "a server was asked what only a file knows") }
        texts[key] = text
        return ServerStatement(self, text)
    }

    func execute(_ sql: StaticString) throws(StateError) {
        guard let text = Dialect.postgres(sql) else { return }
        _ = try connection.run(text, by: deadline)
    }

    /// As many as `rows` in one exchange.
    func insert(_ sql: StaticString, _ rows: [[StoredValue]]) throws(StateError) {
        guard isWriting else { throw .misuse(what: "a table was changed outside of a write") }
        guard !rows.isEmpty else { return }
        guard let text = Dialect.postgres(sql), let head = Dialect.beforeValues(text) else {
            throw .misuse(what: "a row was inserted without VALUES")
        }
        var values: [ServerValue] = []
        var groups: [String] = []
        for row in rows {
            let places = row.indices.map { "$\(values.count + $0 + 1)" }
            groups.append("(\(places.joined(separator: ", ")))")
            values += row.map { ServerValue($0) }
        }
        _ = try run("\(head) VALUES \(groups.joined(separator: ", "))", values)
    }

    func wait(until deadline: Deadline) { self.deadline = deadline }

    func lastAnswer() throws(StateError) -> Int64 {
        try integer("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('answers', 'seq')::regclass), 0)")
    }

    /// A table does not see the numbers that rows bring with them.
    func goOn(behindAnswer seq: Int64) throws(StateError) {
        let last = try statement("SELECT setval(pg_get_serial_sequence('answers', 'seq'), ?1)")
        try last.bind(1, max(seq, 1))
        try last.run()
        for sql: StaticString in [
            "SELECT setval(pg_get_serial_sequence('outbox', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM outbox), false)",
            "SELECT setval(pg_get_serial_sequence('events', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM events), false)",
            "SELECT setval(pg_get_serial_sequence('quarantine', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM quarantine), false)",
            "SELECT setval(pg_get_serial_sequence('shapes', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM shapes), false)",
        ] { try statement(sql).run() }
    }

    func isNew() throws(StateError) -> Bool {
        let found = try connection.run(
            "SELECT count(*)::text FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.current_schema()::regnamespace AND relname = 'meta'",
            by: deadline)
        return (found.last?.text(0, 0)).spells("0")
    }

    /// The server looks after that itself.
    func isLoose() throws(StateError) -> Bool { false }
    func tighten() throws(StateError) {}

    // Transactions: one is made by `ServerHome`, and has everything in it.

    func begin(isWriting: Bool, by deadline: Deadline) {
        (self.isWriting, isInTransaction, self.deadline) = (isWriting, true, deadline)
    }

    func end() { (isWriting, isInTransaction) = (false, false) }

    func beginRead() throws(StateError) {}
    func beginWrite() throws(StateError) { guard isWriting else { throw .misuse(what: "a write within a read") } }
    func commit() throws(StateError) {}
    func rollBack() {}

    fileprivate func run(_ sql: String, _ values: [ServerValue]) throws(StateError) -> ServerResult {
        guard isInTransaction else { throw .misuse(what: "the server was asked outside of a transaction") }
        let result = try connection.run(sql, values, by: deadline)
        changes = result.changes
        if result.rowCount > 0, Optional(result.name(0)).spells("id"),
            let id = ServerValue.number(result.bytes(0, 0) ?? [], type: result.type(0))
        {
            lastRow = id
        }
        return result
    }
}

/// One statement with its parameters; it runs when its first row is asked for.
final class ServerStatement: Statement {
    private let database: ServerDatabase
    private let sql: String
    private var values: [ServerValue] = []
    private var result: ServerResult?
    private var row: Int32 = -1

    init(_ database: ServerDatabase, _ sql: String) {
        self.database = database
        self.sql = sql
    }

    func bind(_ index: Int32, _ value: Int64) throws(StateError) { try put(.number(value), index) }
    func bind(_ index: Int32, _ text: String) throws(StateError) { try put(.bytes(Array(text.utf8)), index) }
    func bind(_ index: Int32, _ bytes: [UInt8]) throws(StateError) { try put(.bytes(bytes), index) }
    func bindNull(_ index: Int32) throws(StateError) { try put(.null, index) }

    private func put(_ value: ServerValue, _ index: Int32) throws(StateError) {
        guard (1...64).contains(index) else { throw .misuse(what: "a statement has no such parameter") }
        while values.count < Int(index) { values.append(.null) }
        values[Int(index) - 1] = value  // Safe: see above.
    }

    func step() throws(StateError) -> Bool {
        if let result {
            row &+= 1
            return row < result.rowCount
        }
        let made = try database.run(sql, values)
        (result, row) = (made, 0)
        return made.rowCount > 0
    }

    func reset() { (result, row, values) = (nil, -1, []) }

    // Columns

    func isNull(_ column: Int32) -> Bool { result?.isNull(row, column) ?? true }

    func anyInteger(_ column: Int32) throws(StateError) -> Int64 {
        guard let result, let number = ServerValue.number(try bytes(column, of: result), type: result.type(column)) else {
            throw damage(column)
        }
        return number
    }

    func text(_ column: Int32) throws(StateError) -> String { String(decoding: try bytes(column), as: UTF8.self) }

    func bytes(_ column: Int32) throws(StateError) -> [UInt8] {
        guard let result, result.type(column) == ServerValue.typeBytes else { throw damage(column) }
        return try bytes(column, of: result)
    }

    private func bytes(_ column: Int32, of result: ServerResult) throws(StateError) -> [UInt8] {
        guard let bytes = result.bytes(row, column) else { throw damage(column) }
        return bytes
    }

    func damage(_ column: Int32) -> StateError {
        .corrupt(detail: "column \(result?.name(column) ?? "") holds an impossible value")
    }
}
