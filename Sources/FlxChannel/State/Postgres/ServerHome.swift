import CLibc

/// The state of a channel in a schema of a database server, for several machines.
///
/// Invariant: writers come one after the other, by a lock of the server that ends with their transaction. Locks for orders and
/// feeds end with the session, which may die while a request is on the wire: whoever takes such an order over finds it as a
/// killed process leaves it, and the fencing token refuses what the first still writes.
final class ServerHome: StateHome, @unchecked Sendable {
    let notes: [StateNote] = []
    var database: any Database { tables }
    var clock: any StateClock { serverClock }

    let serverClock = ServerClock()
    let connection: ServerConnection
    let tables: ServerDatabase
    /// Who uses the session: one thread at a time, which may do so again within its use.
    private let lock = Lock()
    private let ownerLock = Lock()
    private var owner: pthread_t = 0
    private let generation = ForkGuard.generation
    private var isClosed = false
    /// The number of our schema in the server, by which our locks are told from those of others.
    private var space: Int32 = 0
    /// A word that only this session knows: behind a pooler another may answer.
    private var session = ""
    /// Which server it is, and which life of it: numbers of transactions are of that one alone, and come anew after a failover.
    private var line = ""
    /// Something was committed by this session, and with it all that it has seen before.
    private var isProven = false
    /// Locks of this session, which the server would give to it a second time. Under `lock`.
    private var taken: [Int32] = []

    init(_ url: Secret) throws(StateError) {
        connection = try ServerConnection(url)
        tables = ServerDatabase(connection)
    }

    /// The clock of the server goes on, whatever machine asks.
    var boot: Int64 { 1 }

    // The session

    /// Runs `body` as the only user of the session, which is made if it is not there.
    ///
    /// `body` gets the deadline, or a little more: an exchange that is not waited for costs the session with all its locks.
    func alone(by deadline: Deadline, _ body: (Deadline) throws(StateError) -> Void) throws(StateError) {
        guard generation == ForkGuard.generation else { throw .forked }
        let isOurs = ownerLock.holding { owner == pthread_self() }
        guard !isOurs else { return try body(ServerHome.fair(deadline)) }
        guard lock.lock(by: deadline) else { throw .busy(waitedMs: 0) }
        ownerLock.holding { owner = pthread_self() }
        defer {
            ownerLock.holding { owner = 0 }
            lock.unlock()
        }
        guard !isClosed else { throw .closed }
        try connect(by: deadline)
        try body(ServerHome.fair(deadline))
    }

    private static let leastMs: Int64 = 300

    private static func fair(_ deadline: Deadline) -> Deadline {
        let least = Deadline.after(ms: leastMs)
        return deadline.atMs >= least.atMs ? deadline : least
    }

    /// One statement by itself, which does no harm when it is done twice.
    func ask(_ sql: String, _ values: [ServerValue], by deadline: Deadline) throws(StateError) -> ServerResult {
        var result: ServerResult?
        try alone(by: deadline) { deadline throws(StateError) in
            try inAnySession(by: deadline) { () throws(StateError) in result = try connection.run(sql, values, by: deadline) }
        }
        guard let result else { throw .misuse(what: "the server was asked without an answer") }
        return result
    }

    /// Which session it is: locks of an earlier one are gone.
    var sessionNumber: Int64 { connection.number }

    /// Whether this thread is in a transaction.
    var isInTransaction: Bool { ownerLock.holding { owner == pthread_self() } && tables.isInTransaction }

    /// A server that starts anew, or has no room for a session, is waited for.
    private func connect(by deadline: Deadline) throws(StateError) {
        if !tables.isInTransaction { connection.look() }
        guard !connection.isOpen else { return }
        var pauseMs: Int64 = 20
        while true {
            do throws(StateError) {
                (taken, isProven) = ([], false)
                try connection.connect(by: deadline)
                return try greet(by: deadline)
            } catch {
                connection.close()
                guard case .server = error, deadline.remainingMs > pauseMs else { throw error }
            }
            ForkGate.outside { Pause.micro(pauseMs * 1000) }
            pauseMs = min(pauseMs * 2, 500)
        }
    }

    /// What a session of ours must be like: it ends soon when its client is gone or stands still, and it commits to where a
    /// failover finds it.
    private func greet(by deadline: Deadline) throws(StateError) {
        session = Text.hex(Random.distinct(8))
        let settings: [(StaticString, String)] = [
            ("flx.session", session), ("idle_in_transaction_session_timeout", "30000"), ("tcp_keepalives_idle", "20"),
            ("tcp_keepalives_interval", "10"), ("tcp_keepalives_count", "3"), ("lock_timeout", "0"),
            ("standard_conforming_strings", "on"),
        ]
        let sets = settings.map { "set_config('\($0.0)', '\($0.1)', false)" }.joined(separator: ", ")
        let answer = try connection.run(
            """
            SELECT \(sets), set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
              THEN 'on' ELSE current_setting('synchronous_commit') END, false);
            SELECT current_setting('server_version_num'), pg_is_in_recovery()::text,
              current_schema()::regnamespace::oid::bigint::text,
              (SELECT system_identifier FROM pg_control_system())::text || CASE WHEN pg_is_in_recovery() THEN ''
                ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END
            """, by: deadline
        ).last
        guard let version = answer?.text(0, 0).flatMap({ Int64($0) }), version >= 100_000 else {
            throw .path(reason: "the server of \(SettingName.stateURL.text) is older than PostgreSQL 10")
        }
        guard (answer?.text(0, 1)).spells("false") else {
            throw ServerFault.error("25006", "the server is a replica, which can only be read")
        }
        guard let space = answer?.text(0, 2).flatMap({ UInt32($0) }) else {
            throw ServerFault.error("3F000", "the role has no schema of its own")
        }
        self.space = Int32(bitPattern: space)
        line = answer?.text(0, 3) ?? ""
    }

    func distrust(_ error: StateError) {
        switch error {
        case .io, .corrupt: connection.close()
        default: break
        }
    }

    // Transactions

    func read(by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) {
        try alone(by: deadline) { deadline throws(StateError) in
            _ = try begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "0", by: deadline)
            try end(by: deadline, isWriting: false) { () throws(StateError) in
                try body()
                _ = try connection.run("COMMIT", by: deadline)
            }
        }
    }

    func write(by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) {
        try alone(by: deadline) { deadline throws(StateError) in
            let id = try begin(enter(by: deadline, isProven: isProven), "txid_current()", by: deadline)
            try end(by: deadline, isWriting: true) { () throws(StateError) in
                try body()
                try commit(id, by: tables.deadline)
                isProven = true
            }
        }
    }

    /// Begins a transaction behind all others that write.
    func enter(by deadline: Deadline, isProven: Bool = true) -> String {
        """
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = \(max(1, deadline.remainingMs));
        SELECT pg_advisory_xact_lock(\(space), \(ServerLock.gate))\(isProven ? "" : "; " + ServerHome.proof)
        """
    }

    /// - Returns: the number of the transaction, if `number` asks for it.
    private func begin(_ sql: String, _ number: StaticString, by deadline: Deadline) throws(StateError) -> Int64 {
        var id: Int64 = 0
        try inAnySession(by: deadline) { () throws(StateError) in id = try beginOnce(sql, number, by: deadline) }
        return id
    }

    /// Runs what may be done twice once more, where the session turns out to be over.
    private func inAnySession(by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) {
        do throws(StateError) { try body() } catch {
            guard case .server = error, !connection.isOpen, !tables.isInTransaction, !deadline.isOver else { throw error }
            try connect(by: deadline)
            try body()
        }
    }

    private func beginOnce(_ sql: String, _ number: StaticString, by deadline: Deadline) throws(StateError) -> Int64 {
        let sent = Clock.monotonicMs()
        do throws(StateError) {
            let answer = try connection.run(
                """
                \(sql); SELECT (SELECT convert_from(value, 'UTF8') FROM meta WHERE key = 'schema'),
                  (SELECT convert_from(value, 'UTF8') FROM meta WHERE key = 'oldest_reader'),
                  floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text, current_setting('flx.session', true),
                  \(number)::text
                """, by: deadline
            ).last
            if let now = answer?.text(0, 2).flatMap({ Int64($0) }) {
                serverClock.learn(now, between: sent, and: Clock.monotonicMs())
            }
            guard answer?.text(0, 3).map({ Text.isSame($0, session) }) == true else {
                throw .path(
                    reason:
                        "a pooler in front of the server gives each transaction another session; use its session mode for \(SettingName.stateURL.text)"
                )
            }
            guard let schema = answer?.text(0, 0).flatMap({ Int64($0) }), let oldest = answer?.text(0, 1).flatMap({ Int64($0) })
            else {
                throw .corrupt(detail: "it does not tell its schema")
            }
            guard oldest <= Schema.known else {
                tables.begin(isWriting: false, by: deadline)
                defer { tables.end() }
                throw try Schema.refusal(tables, schema: schema, oldestReader: oldest)
            }
            return answer?.text(0, 4).flatMap { Int64($0) } ?? 0
        } catch {
            rollBack(by: deadline)
            throw error
        }
    }

    /// Has `body` use the tables, and end the transaction; one that throws has changed nothing.
    func end(by deadline: Deadline, isWriting: Bool, _ body: () throws(StateError) -> Void) throws(StateError) {
        tables.begin(isWriting: isWriting, by: deadline)
        defer { tables.end() }
        do throws(StateError) { try body() } catch {
            rollBack(by: deadline)
            throw error
        }
    }

    private func rollBack(by deadline: Deadline) {
        guard connection.isOpen else { return }
        do throws(StateError) { _ = try connection.run("ROLLBACK", by: .after(ms: max(200, deadline.remainingMs))) } catch {
            connection.close()
        }
    }

    /// Commits, and where the answer is lost finds out what became of it before anything is said or sent.
    ///
    /// What its body took of the time is not to leave it without any: a commit that is not waited for is one that nobody knows of.
    private func commit(_ id: Int64, by deadline: Deadline) throws(StateError) {
        let deadline = ServerHome.fair(deadline)
        do throws(StateError) {
            let answer = try connection.run("COMMIT", by: deadline).last
            guard (answer?.command).spells("COMMIT") else {
                throw .server(waitedMs: 0, "it took the transaction back; nothing was stored")
            }
        } catch {
            guard !connection.isOpen else { throw error }  // it said so
            try settle(id, on: line, by: deadline)
        }
    }

    private func settle(_ id: Int64, on line: String, by deadline: Deadline) throws(StateError) {
        let deadline = ServerHome.fair(deadline)
        var pauseMs: Int64 = 5
        repeat {
            let end = try? fate(of: id, on: line, by: deadline)
            if end.spells("committed") { return }
            if end.spells("elsewhere") { break }
            if end.spells("aborted") {
                throw .server(waitedMs: 0, "the session was lost before the change was stored; nothing was stored")
            }
            ForkGate.outside { Pause.micro(pauseMs * 1000) }  // the old session is at it still, or nobody answers
            pauseMs = min(pauseMs * 2, 200)
        } while !deadline.isOver
        throw .io(
            code: 0, what: "commit: the session with the server was lost, and it could not be asked what became of the change")
    }

    /// On another server, or after a failover, the number may be that of another transaction.
    private func fate(of id: Int64, on line: String, by deadline: Deadline) throws(StateError) -> String {
        try connect(by: deadline)
        guard Text.isSame(line, self.line) else { return "elsewhere" }
        let end = try connection.run("SELECT txid_status(\(id))", by: deadline).last?.text(0, 0) ?? ""
        // The wait for its replica may have been cut as well.
        if Optional(end).spells("committed") { _ = try connection.run(ServerHome.proof, by: deadline) }
        return end
    }

    /// A commit that waits for whatever was committed before it: a server that begins anew shows what its replica may not have.
    private static let proof = "UPDATE meta SET value = value WHERE key = 'schema'"

    // Life

    func prepare(channel: String, origin: String, by deadline: Deadline) throws(StateError) -> StateFound {
        var key: [UInt8] = []
        try alone(by: deadline) { deadline throws(StateError) in
            _ = try connection.run(enter(by: deadline), by: deadline)
            try end(by: deadline, isWriting: true) { () throws(StateError) in
                _ = try Schema.prepare(tables)
                for sql in ServerHome.own { try tables.execute(sql) }
                key = try Identity.establish(MetaTable(database: tables), tables, channel: channel, origin: origin)
                _ = try connection.run("COMMIT", by: deadline)
            }
        }
        return StateFound(key: key, wasRestored: false)
    }

    /// What a file has in its lock file and beside it.
    static let own: [StaticString] = [
        "CREATE TABLE IF NOT EXISTS holders (slot INTEGER PRIMARY KEY, words BLOB NOT NULL, used INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS rate_limits (token TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, words BLOB NOT NULL)",
    ]

    func close() {
        guard lock.lock(by: .after(ms: 1000)) else { return }
        defer { lock.unlock() }
        isClosed = true
        connection.close()
    }

    func closeAfterFork() { isClosed = true }

    // Locks that end with the session

    /// Takes a lock, unless anybody has it, this session included.
    func take(_ lock: Int32, by deadline: Deadline) throws(StateError) -> Bool {
        var isTaken = false
        try alone(by: deadline) { deadline throws(StateError) in
            try inAnySession(by: deadline) { () throws(StateError) in
                guard !taken.contains(lock) else { return }
                let answer = try connection.run("SELECT pg_try_advisory_lock(\(space), \(lock))::text", by: deadline).last
                guard (answer?.text(0, 0)).spells("true") else { return }
                taken.append(lock)
                isTaken = true
            }
        }
        return isTaken
    }

    /// Lets a lock go that was taken in session `number`. What cannot be let go goes with the session.
    func give(_ lock: Int32, ofSession number: Int64) {
        guard generation == ForkGuard.generation else { return }
        try? alone(by: .after(ms: 1000)) { deadline throws(StateError) in
            guard number == connection.number, taken.contains(lock) else { return }
            taken.removeAll { $0 == lock }
            do throws(StateError) {
                _ = try connection.run("SELECT pg_advisory_unlock(\(space), \(lock))", by: deadline)
            } catch {
                connection.close()
                throw error
            }
        }
    }

    /// Those of our locks that any session has.
    func locks(by deadline: Deadline) throws(StateError) -> [Int32] {
        let answer = try connection.run(
            "SELECT objid::bigint::text FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid = \(UInt32(bitPattern: space))",
            by: deadline
        ).last
        guard let answer else { return [] }
        return (0..<answer.rowCount).compactMap { row in answer.text(row, 0).flatMap { UInt32($0) }.map { Int32(bitPattern: $0) } }
    }

    func lease(row: Int64) throws(StateError) -> (any OrderLease)? {
        let lock = ServerLock.order(row)
        let deadline = Deadline.after(ms: 5000).earlier(CallDeadline.current)
        guard try take(lock, by: deadline) else { return nil }
        return ServerLease(self, lock)
    }

    func hold(_ wanted: FeedHolder, in leases: FeedLeases, by deadline: Deadline) throws(StateError) -> FeedLeases.Attempt {
        var attempt: FeedLeases.Attempt?
        try write(by: deadline) { () throws(StateError) in attempt = try leases.lease(wanted, ServerSlots(self, tables)) }
        guard let attempt else { throw .misuse(what: "a feed was asked for without an answer") }
        return attempt
    }

    func holders() throws(StateError) -> [FeedHolder] {
        var living: [FeedHolder] = []
        let deadline = Deadline.after(ms: 5000).earlier(CallDeadline.current)
        try read(by: deadline) { () throws(StateError) in
            let locks = try locks(by: deadline)
            for (slot, holder) in try ServerSlots(self, tables).records()
            where holder.taker == nil && locks.contains(ServerLock.slot(slot)) {
                living.append(holder)
            }
        }
        return living
    }

    // The budget of a token

    func rateLimitStore(origin: String, token: Secret, of store: Store) -> (any RateLimitStore)? {
        RateLimitRow(self, key: RateLimitFile.key(origin, token))
    }
}
