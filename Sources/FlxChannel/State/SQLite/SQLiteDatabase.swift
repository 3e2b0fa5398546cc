import CSQLite

/// One connection to the state file, with its compiled statements.
///
/// Invariant: used by one thread at a time, which is the business of `Store`, and only within `use`, where no fork comes in
/// between (K-05): outside of it there is no connection, so that no call of SQLite can be made there. A connection that has seen an I/O error
/// is poisoned: the kernel may have dropped what it could not write, so it is closed and opened anew before more work.
///
/// Fault rows: D-04, K-05.
final class SQLiteDatabase: Database {
    private let path: String
    private var opened: OpaquePointer?
    private var isInUse = false
    private var statements: [UInt: SQLiteStatement] = [:]
    private let deadline: UnsafeMutablePointer<Int64>  // monotonic ms, read by the busy handler
    private(set) var isPoisoned = false
    private(set) var isWriting = false

    /// The version that is loaded.
    static var version: String { String(cString: sqlite3_libversion()) }

    init(_ path: String) {
        self.path = path
        deadline = .allocate(capacity: 1)
        deadline.initialize(to: 0)
    }

    deinit {
        if opened == nil { deadline.deallocate() }  // an abandoned connection may still look at it
    }

    private var connection: OpaquePointer? { isInUse ? opened : nil }

    // Life

    /// Runs `body` where SQLite may be called: a fork waits for its end. May be nested.
    func use<R>(_ body: () throws(StateError) -> R) throws(StateError) -> R {
        guard !isInUse else { return try body() }
        try StateCalls.enter()
        isInUse = true
        defer {
            isInUse = false
            StateCalls.leave()
        }
        return try body()
    }

    /// Connects to the file, which must exist. Cheap: SQLite reads nothing yet.
    func connect() throws(StateError) {
        guard isInUse else { throw .misuse(what: "SQLite was called outside of its gate") }
        guard opened == nil else { return }
        var made: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW
        let code = path.withCString { sqlite3_open_v2($0, &made, flags, nil) }
        guard code == SQLITE_OK, let made else {
            let error = SQLiteFault.error(code, on: made, during: "open")
            sqlite3_close_v2(made)
            throw error
        }
        opened = made
        do throws(StateError) {
            try configure(made)
        } catch {
            close()
            throw error
        }
        isPoisoned = false
    }

    /// In its gate, whoever closes.
    func close() {
        try? use { () throws(StateError) in
            for statement in statements.values { statement.close() }
            statements = [:]
            sqlite3_close_v2(opened)
            opened = nil
            isWriting = false
        }
    }

    func poison() { isPoisoned = true }

    func wait(until deadline: Deadline) { self.deadline.pointee = deadline.atMs }

    /// Whether SQLite's own descriptor still is the file of that name.
    var isInPlace: Bool {
        var moved: Int32 = 1
        guard let connection else { return false }
        guard sqlite3_file_control(connection, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK else { return false }
        return moved == 0
    }

    /// A number that is another after every change of the file, by whomever, that this connection has read; nil if it is not told.
    var dataVersion: UInt32? {
        var version: UInt32 = 0
        guard let connection else { return nil }
        return sqlite3_file_control(connection, "main", SQLITE_FCNTL_DATA_VERSION, &version) == SQLITE_OK ? version : nil
    }

    /// Throws if the system refused to read the file: a check that only lists damage does not tell.
    func checkReads() throws(StateError) {
        let code = SQLiteFault.readError(of: connection)
        guard code == 0 else { throw .io(code: SQLITE_IOERR, what: "read: \(Errno.text(code))") }
    }

    private func configure(_ connection: OpaquePointer) throws(StateError) {
        sqlite3_extended_result_codes(connection, 1)
        sqlite3_busy_handler(connection, SQLiteDatabase.waitForOthers, deadline)
        for on in [SQLITE_DBCONFIG_DEFENSIVE] { _ = flxc_sqlite_switch(connection, on, 1) }
        for off in [
            SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
            SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
        ] { _ = flxc_sqlite_switch(connection, off, 0) }
        sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 64 << 20)
        try execute("PRAGMA cell_size_check=ON")
        try execute("PRAGMA synchronous=EXTRA")
        try execute("PRAGMA secure_delete=ON")
        try execute("PRAGMA temp_store=MEMORY")
        try execute("PRAGMA mmap_size=0")
        try execute("PRAGMA cache_size=-512")  // in KiB; a walk over a large catalogue must not show in memory
        guard try word("PRAGMA journal_mode=TRUNCATE").spells("truncate") else {
            throw .io(code: SQLITE_ERROR, what: "the journal cannot be truncated")
        }
    }

    /// SQLite asks whether to try again. The gate keeps writers apart, so that this waits for readers and foreigners.
    private static let waitForOthers: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { deadline, tries in
        guard let deadline else { return 0 }
        // Safe: it is the Int64 of `init`, which outlives the connection.
        guard Clock.monotonicMs() < deadline.load(as: Int64.self) else { return 0 }
        Pause.micro(min(2000, 100 + 50 * Int64(tries)))
        return 1
    }

    // Statements

    func statement(_ sql: StaticString, _ more: StaticString) throws(StateError) -> any Statement {
        let key = UInt(bitPattern: more.utf8CodeUnitCount > 0 ? more.utf8Start : sql.utf8Start)
        if let known = statements[key] { return known }
        guard let connection else { throw .closed }
        let made = try SQLiteStatement(sql, more, on: connection)
        statements[key] = made
        return made
    }

    func execute(_ sql: StaticString) throws(StateError) {
        guard let connection else { throw .closed }
        let statement = try SQLiteStatement(sql, on: connection)
        defer { statement.close() }
        while try statement.step() {}
    }

    func insert(_ sql: StaticString, _ rows: [[StoredValue]]) throws(StateError) {
        let change = try change(sql)
        for row in rows {
            for (index, value) in row.enumerated() { try value.bind(Int32(index + 1), of: change) }
            try change.run()
        }
    }

    func lastAnswer() throws(StateError) -> Int64 {
        try integer("SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'answers'), 0)")
    }

    /// Of the others a row takes the number behind the last.
    func goOn(behindAnswer seq: Int64) throws(StateError) {
        try change("DELETE FROM sqlite_sequence WHERE name = 'answers'").run()
        let change = try change("INSERT INTO sqlite_sequence (name, seq) VALUES ('answers', ?1)")
        try change.bind(1, seq)
        try change.run()
    }

    /// The first column of the first row, as text.
    func word(_ sql: StaticString) throws(StateError) -> String? {
        guard let connection else { throw .closed }
        let statement = try SQLiteStatement(sql, on: connection)
        defer { statement.close() }
        guard try statement.step() else { return nil }
        return try statement.text(0)
    }

    /// The first column of the first row, as a number.
    func number(_ sql: StaticString) throws(StateError) -> Int64 {
        guard let connection else { throw .closed }
        let statement = try SQLiteStatement(sql, on: connection)
        defer { statement.close() }
        guard try statement.step() else { throw .corrupt(detail: "no answer where one is certain") }
        return try statement.integer(0)
    }

    var changes: Int64 { connection.map { Int64(sqlite3_changes($0)) } ?? 0 }

    var lastRow: Int64 { connection.map { sqlite3_last_insert_rowid($0) } ?? 0 }

    /// The file is foreign input: it must be one of ours, without anything that acts by itself.
    func isNew() throws(StateError) -> Bool {
        if try isEmpty() {
            // Else what is forgotten never leaves the file. Only before the first table.
            try execute("PRAGMA auto_vacuum=INCREMENTAL")
            return true
        }
        guard try number("PRAGMA application_id") == Schema.applicationID else {
            throw .corrupt(detail: "it is a database of another program")
        }
        guard try number("SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger')") == 0 else {
            throw .corrupt(detail: "it holds a view or a trigger, which we never make")
        }
        return false
    }

    /// Nothing is in it, or no more than that free pages go back to the file system: power may go right after that (D-06).
    private func isEmpty() throws(StateError) -> Bool {
        let pages = try number("PRAGMA page_count")
        guard pages == 1, try number("PRAGMA auto_vacuum") == 2 else { return pages == 0 }
        guard try number("PRAGMA application_id") == 0 else { return false }
        return try number("SELECT count(*) FROM sqlite_master") == 0
    }

    func isLoose() throws(StateError) -> Bool { try integer("PRAGMA freelist_count") > SQLiteDatabase.sparePages }

    /// A file that an older release made keeps its size and fills it anew.
    func tighten() throws(StateError) { try execute("PRAGMA incremental_vacuum(128)") }

    /// Kept for what comes.
    private static let sparePages: Int64 = 512

    // Transactions

    func beginRead() throws(StateError) { try statement("BEGIN").run() }

    func beginWrite() throws(StateError) {
        try statement("BEGIN IMMEDIATE").run()
        isWriting = true
    }

    func commit() throws(StateError) {
        try statement("COMMIT").run()
        isWriting = false
    }

    /// SQLite may have done so itself after an error.
    func rollBack() {
        isWriting = false
        guard let connection, sqlite3_get_autocommit(connection) == 0 else { return }
        do throws(StateError) { try statement("ROLLBACK").run() } catch { isPoisoned = true }
    }
}
