import CSQLite

/// Invariant: `raw` lives until `close`, which only the owning `SQLiteDatabase` calls.
final class SQLiteStatement: Statement {
    private let raw: OpaquePointer
    private let connection: OpaquePointer
    private let name: StaticString

    init(_ sql: StaticString, _ more: StaticString = "", on connection: OpaquePointer) throws(StateError) {
        var raw: OpaquePointer?
        let text = sql.withUTF8Buffer { Array($0) } + more.withUTF8Buffer { Array($0) }
        let code = text.withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    connection, $0.baseAddress, Int32($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &raw, nil)
            }
        }
        if code & 0xFF == SQLITE_ERROR { throw SQLiteFault.otherSchema(connection) }
        guard code == SQLITE_OK, let raw else { throw SQLiteFault.error(code, on: connection, during: sql) }
        self.raw = raw
        self.connection = connection
        name = sql
    }

    func close() { sqlite3_finalize(raw) }

    func reset() {
        sqlite3_reset(raw)
        sqlite3_clear_bindings(raw)
    }

    /// Goes to the next row; false at the end.
    func step() throws(StateError) -> Bool {
        let code = sqlite3_step(raw)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        // It is compiled anew when another process changed the tables: then what it names may be gone.
        if code & 0xFF == SQLITE_ERROR, Text.begins(SQLiteFault.text(connection), "no such ") {
            throw SQLiteFault.otherSchema(connection)
        }
        throw SQLiteFault.error(code, on: connection, during: name)
    }

    // Binding

    func bind(_ index: Int32, _ value: Int64) throws(StateError) {
        try check(sqlite3_bind_int64(raw, index, value))
    }

    func bindNull(_ index: Int32) throws(StateError) { try check(sqlite3_bind_null(raw, index)) }

    func bind(_ index: Int32, _ text: String) throws(StateError) {
        let code = text.withCString { flxc_bind_text(raw, index, $0, UInt64(text.utf8.count)) }
        try check(code)
    }

    func bind(_ index: Int32, _ bytes: [UInt8]) throws(StateError) {
        guard !bytes.isEmpty else { return try check(sqlite3_bind_zeroblob(raw, index, 0)) }  // a null pointer is NULL
        let code = bytes.withUnsafeBytes { flxc_bind_blob(raw, index, $0.baseAddress, UInt64($0.count)) }
        try check(code)
    }

    // Columns

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }

    func anyInteger(_ column: Int32) throws(StateError) -> Int64 {
        guard sqlite3_column_type(raw, column) == SQLITE_INTEGER else { throw damage(column) }
        return sqlite3_column_int64(raw, column)
    }

    func text(_ column: Int32) throws(StateError) -> String {
        guard sqlite3_column_type(raw, column) == SQLITE_TEXT else { throw damage(column) }
        guard let start = sqlite3_column_text(raw, column) else { throw .memory }
        // Safe: SQLite gives as many bytes as it counts, valid until the next step or reset.
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(raw, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    func bytes(_ column: Int32) throws(StateError) -> [UInt8] {
        guard sqlite3_column_type(raw, column) == SQLITE_BLOB else { throw damage(column) }
        let count = Int(sqlite3_column_bytes(raw, column))
        guard count > 0 else { return [] }
        guard let start = sqlite3_column_blob(raw, column) else { throw .memory }
        return Array(UnsafeRawBufferPointer(start: start, count: count))  // Safe: as above.
    }

    func damage(_ column: Int32) -> StateError {
        guard let name = sqlite3_column_name(raw, column) else { return .memory }
        return .corrupt(detail: "column \(String(cString: name)) holds an impossible value")
    }

    private func check(_ code: Int32) throws(StateError) {
        guard code == SQLITE_OK else { throw SQLiteFault.error(code, on: connection, during: name) }
    }
}

/// Makes one of our errors out of what SQLite answers.
enum SQLiteFault {
    static func error(_ code: Int32, on connection: OpaquePointer?, during sql: StaticString) -> StateError {
        let code = connection.map { extended(code, of: $0) } ?? code
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: return .busy(waitedMs: 0)
        case SQLITE_FULL: return .full
        case SQLITE_NOMEM: return .memory
        case SQLITE_CORRUPT where readError(of: connection) != 0:  // SQLite calls a read that failed damage
            return .io(code: code, what: "\(firstWord(of: sql)): \(Errno.text(readError(of: connection)))")
        case SQLITE_CORRUPT: return .corrupt(detail: text(connection))
        case SQLITE_NOTADB: return .corrupt(detail: "it is not an SQLite file")
        default: break
        }
        switch code {
        case SQLITE_IOERR_NOMEM_CODE: return .memory
        case SQLITE_CONSTRAINT_UNIQUE_CODE, SQLITE_CONSTRAINT_PRIMARYKEY_CODE: return .exists
        case SQLITE_READONLY_DBMOVED_CODE: return .replaced(what: "the state file")
        default: break
        }
        let system = connection.map { sqlite3_system_errno($0) } ?? 0
        let cause = code & 0xFF == SQLITE_IOERR && system != 0 ? Errno.text(system) : text(connection)
        return .io(code: code, what: "\(firstWord(of: sql)): \(cause)")
    }

    /// Our statements are right for our tables: one that SQLite does not understand met tables that are not ours (D-07).
    static func otherSchema(_ connection: OpaquePointer?) -> StateError { .corrupt(detail: text(connection)) }

    // Macros that Swift does not import: primary code | detail << 8.
    private static let SQLITE_IOERR_NOMEM_CODE = SQLITE_IOERR | 12 << 8
    private static let SQLITE_CONSTRAINT_PRIMARYKEY_CODE = SQLITE_CONSTRAINT | 6 << 8
    private static let SQLITE_CONSTRAINT_UNIQUE_CODE = SQLITE_CONSTRAINT | 8 << 8
    private static let SQLITE_READONLY_DBMOVED_CODE = SQLITE_READONLY | 4 << 8

    private static func extended(_ code: Int32, of connection: OpaquePointer) -> Int32 {
        let extended = sqlite3_extended_errcode(connection)
        return extended & 0xFF == code & 0xFF ? extended : code
    }

    /// What the system said to the last read of the file that failed, else 0.
    static func readError(of connection: OpaquePointer?) -> Int32 {
        var code: Int32 = 0
        guard let connection else { return 0 }
        guard sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &code) == SQLITE_OK else { return 0 }
        return code
    }

    static func text(_ connection: OpaquePointer?) -> String {
        guard let message = connection.flatMap({ sqlite3_errmsg($0) }) else { return "no detail" }
        return Redaction.clean(String(cString: message))  // Safe: NUL-terminated, copied before the next call.
    }

    private static func firstWord(of sql: StaticString) -> String {
        let bytes = sql.withUTF8Buffer { Array($0.prefix { $0 != UInt8(ascii: " ") }) }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }
}
