/// The durable state of one channel: `<directory>/<channel>.db` and its lock file.
///
/// Invariant: one thread at a time uses the connection, and one writer at a time of all threads and processes is past
/// the gate. What `write` returned from has reached the disk, as far as the disk is honest. Callers run in `SignalGuard`.
///
/// Fault rows: D-01 to D-18, K-01, K-02, K-05, M-01 to M-06.
final class Store: @unchecked Sendable {
    let outbox: OutboxTable
    let events: EventTable
    let answers: AnswerTable
    let cursors: CursorTable
    let versions: VersionTable
    let numbers: NumberTable
    let quarantine: QuarantineTable
    let retention: RetentionTable
    let listings: ListingTable
    let snapshots: SnapshotTable
    let meta: MetaTable

    /// Secret of this state file, 32 bytes, for keyed hashes and receipts.
    private(set) var key: [UInt8] = []
    /// What the host's log is to say of where the state lies.
    let notes: [StateNote]
    /// The file is, or may be, a copy that was put back before this opening: what it calls open may have been sent.
    private(set) var wasRestored = false

    private let directory: String
    private let path: String
    private let lockPath: String
    private let waitMs: Int64
    private let generation = ForkGuard.generation
    private let lock = Lock()
    private let database: Database
    private let gate: WriterGate
    private let leases = FeedLeases()
    private var identity: FileIdentity?
    private var isClosed = false
    /// The content of the file, by SQLite's count, whose schema was checked.
    private var checkedVersion: UInt32?
    /// Under `bootLock`. A process that does not see the name of the boot goes by what others stamp (K-15).
    private var knownBoot = Boot.id
    private let bootLock = Lock()

    /// Opens the state of `channel`, or makes it. Waits at most `waitMs` for other processes. `others` are files outside that
    /// an opening needs as well: if the state cannot be used, what is wrong with them is told too.
    static func open(
        directory: String, channel: String, origin: String, waitMs: Int64, others: [String] = []
    ) throws(StateError) -> Store {
        ForkGate.install()
        Descriptor.fillTheThree()
        guard isName(channel) else { throw .path(reason: "channel must be 1 to 64 of a-z 0-9 . _ -") }
        let files = ["\(channel).db", "\(channel).db-journal", "\(channel).lock"]
        let room = try StateDirectory.open(directory, files: files, others: others)
        let store = try Store(room: room, channel: channel, waitMs: waitMs)
        do throws(StateError) {
            try store.prepare(channel: channel, origin: origin)
        } catch {
            store.close()
            throw error
        }
        return store
    }

    private init(room: StateDirectory, channel: String, waitMs: Int64) throws(StateError) {
        directory = room.path
        path = "\(room.path)/\(channel).db"
        lockPath = "\(room.path)/\(channel).lock"
        notes = room.notes
        self.waitMs = waitMs
        database = Database(path)
        gate = try WriterGate(lockPath)
        if let fault = try LockProof.fault(of: lockPath) {
            throw .path(reason: "\(room.path) is on a file system whose locks do not hold: \(fault); use a local disk")
        }
        outbox = OutboxTable(database: database)
        events = EventTable(database: database)
        answers = AnswerTable(database: database)
        cursors = CursorTable(database: database)
        versions = VersionTable(database: database)
        numbers = NumberTable(database: database)
        quarantine = QuarantineTable(database: database)
        retention = RetentionTable(database: database)
        listings = ListingTable(database: database)
        snapshots = SnapshotTable(database: database)
        meta = MetaTable(database: database)
    }

    deinit { close() }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    // Doing

    /// Runs `body` on one consistent state. Not within another `read` or `write`.
    func read<R>(_ body: () throws(StateError) -> R) throws(StateError) -> R {
        var result: R?
        try readOnce { () throws(StateError) in result = try body() }
        return try Store.given(result)
    }

    /// Runs `body` and makes its changes durable, all or none. Not within another `read` or `write`.
    func write<R>(_ body: () throws(StateError) -> R) throws(StateError) -> R {
        var result: R?
        try writeOnce { () throws(StateError) in result = try body() }
        return try Store.given(result)
    }

    /// Names the boot of the machine, for what is stored by the boot clock; 0 if nobody of us sees it.
    var boot: Int64 { bootLock.holding { Int64(bitPattern: knownBoot) } }

    /// Takes the right to send an order; nil if another has it.
    func lease(row: Int64) throws(StateError) -> ByteLock? { try take(LockByte.order(row)) }

    /// Takes a feed to walk it or to send its answers, unless another uses it. A feed without named walks has the name "".
    func hold(
        _ feed: Int32, name: String, as role: FeedHolder.Role, idleLimitMs: Int64
    ) throws(StateError) -> FeedLeases.Attempt {
        var attempt: FeedLeases.Attempt?
        try exclusively { deadline throws(StateError) in
            try gate.enter(by: deadline)
            defer { gate.leave() }
            let wanted = FeedHolder(
                feed: feed, name: name, role: role, process: .own, since: Clock.wallMs(), idleLimitMs: idleLimitMs,
                usedUntilMs: Clock.monotonicMs() &+ role.firstUseMs)
            attempt = try leases.lease(wanted, of: lockPath)
        }
        return try Store.given(attempt)
    }

    /// Who holds feeds of this channel, in all processes. Waits for nobody.
    func holders() throws(StateError) -> [FeedHolder] {
        guard generation == ForkGuard.generation else { throw .forked }
        return FeedSlots(file: try LockFile.open(lockPath)).living()
    }

    /// The host is at work with what a pull of `feed` gave it.
    func touch(_ feed: Int32) { leases.touch(feed) }

    /// Closes. In a child after fork only forgets, as `closeAfterFork` does.
    func close() {
        guard generation == ForkGuard.generation else { return closeAfterFork() }
        lock.holding {
            guard !isClosed else { return }
            isClosed = true
            leases.releaseAll()
            database.close()
            gate.close()
        }
    }

    /// Forgets what belongs to the parent. The SQLite handle stays as it is on purpose: closing it here would act on
    /// the parent's transaction.
    func closeAfterFork() {
        isClosed = true
        gate.close()
    }

    // Private. `read` and `write` are compiled for every type of result, what follows only once.

    private func readOnce(_ body: () throws(StateError) -> Void) throws(StateError) {
        try exclusively { deadline throws(StateError) in
            try connect(by: deadline)
            try checkPlace()
            try database.beginRead()
            do throws(StateError) {
                do throws(StateError) { try body() } catch {
                    try checkSchema()  // what a later release made of the file may be why
                    throw error
                }
                try checkSchema()
                try database.commit()
            } catch {
                database.rollBack()
                throw error
            }
        }
    }

    /// Whether the file that was read is still for this build. Behind the reading, where a file that is as it was when it was
    /// checked last can be told without a statement: a page view waits for it.
    private func checkSchema() throws(StateError) {
        let version = database.dataVersion
        guard version == nil || version != checkedVersion else { return }
        try Schema.check(database)
        checkedVersion = version
    }

    private func writeOnce(_ body: () throws(StateError) -> Void) throws(StateError) {
        try exclusively { deadline throws(StateError) in
            try gate.enter(by: deadline)
            defer { gate.leave() }
            learnBoot()
            try connect()
            try checkPlace()
            try database.beginWrite()
            do throws(StateError) {
                try Schema.check(database)
                try ThreadLease.current?.check()
                try body()
                try checkPlace()
                try database.commit()
            } catch {
                database.rollBack()
                throw error
            }
            stamp()
        }
    }

    /// What a body that did not throw has left.
    private static func given<R>(_ result: R?) throws(StateError) -> R {
        guard let result else { throw .misuse(what: "a transaction ended without its result") }
        return result
    }

    private func take(_ byte: Int64) throws(StateError) -> ByteLock? {
        guard generation == ForkGuard.generation, !isClosed else { return nil }
        return try ByteLock.take(byte, of: lockPath)
    }

    /// The connection lock, the time all waits share, and what an error does to the connection.
    @inline(never)
    private func exclusively(_ body: (Deadline) throws(StateError) -> Void) throws(StateError) {
        guard generation == ForkGuard.generation else { throw .forked }
        let start = Clock.monotonicMs()
        let deadline = Deadline.after(ms: waitMs).earlier(CallDeadline.current)
        guard lock.lock(by: deadline) else { throw .busy(waitedMs: Clock.monotonicMs() - start) }
        defer { lock.unlock() }
        guard !isClosed else { throw .closed }
        do throws(StateError) {
            try database.use { () throws(StateError) in
                database.wait(until: deadline)
                try body(deadline)
            }
        } catch {
            switch error {
            case .busy: throw .busy(waitedMs: Clock.monotonicMs() - start)
            case .io, .corrupt: database.poison()
            default: break
            }
            throw error
        }
    }

    /// Opens the connection anew if it is poisoned. A reader takes the gate for that, a writer has it.
    private func connect(by deadline: Deadline) throws(StateError) {
        guard database.isPoisoned else { return }
        try gate.enter(by: deadline)
        defer { gate.leave() }
        try connect()
    }

    private func connect() throws(StateError) {
        guard database.isPoisoned else { return }
        database.close()
        checkedVersion = nil
        try checkPlace()
        try database.connect()
        try checkPlace()
    }

    /// D-09: SQLite would go on writing into a file that no longer has a name.
    private func checkPlace() throws(StateError) {
        guard FileIdentity.at(path) == identity else { throw .replaced(what: path) }
    }

    /// Everything of an opening that other processes must not do at the same time.
    private func prepare(channel: String, origin: String) throws(StateError) {
        try exclusively { deadline throws(StateError) in
            try gate.enter(by: deadline)
            defer { gate.leave() }
            let isMade = try StateFile.create(path)
            if isMade { StateFile.syncDirectory(directory) }
            identity = try StateFile.identity(path)
            _ = try StateFile.identity(path + "-journal")
            let isUnclean = Recovery.isNeeded(path)
            try database.connect()
            guard database.isInPlace else { throw .replaced(what: path) }
            try checkPlace()
            learnBoot()
            let left = gate.stamp
            if !isMade, left != nil, try database.number("PRAGMA page_count") == 0 {
                throw .corrupt(detail: "it is empty and was not; remove its lock file to begin anew")
            }
            let isNew = try Schema.prepare(database)
            key = try Identity.establish(meta, database, channel: channel, origin: origin)
            let found = try Stamp(database, key: key, at: path, boot: Boot.id)
            guard isUnclean || left != found else { return }
            if !isNew {
                if isUnclean || !found.isAsLeft(left) { try Recovery.check(database, key: key) }
                if Stamp.isCopy(found, of: left) {
                    try doubt(isCopy: true)
                } else if Stamp.isOtherBoot(found, than: left) {
                    try doubt(isCopy: false)
                }
            }
            stamp()
        }
    }

    /// D-15: what this file calls open may have been sent, and so may what is taken in again by a copy, if it is old enough.
    private func doubt(isCopy: Bool) throws(StateError) {
        let now = Clock.wallMs()
        try database.beginWrite()
        do throws(StateError) {
            try outbox.doubtOpen(at: now)
            if isCopy { try meta.set("restored_at", "\(now)") }
            try database.commit()
        } catch {
            database.rollBack()
            throw error
        }
        wasRestored = isCopy
    }

    /// The commit stands, whatever comes of its stamp.
    private func stamp() {
        gate.stamp = try? Stamp(database, key: key, at: path, boot: knownBoot)
    }

    private func learnBoot() {
        guard Boot.id == 0, let boot = gate.stamp?.boot, boot != 0 else { return }
        bootLock.holding { knownBoot = boot }
    }
}

extension Store {
    /// A keyed hash that only this state file can make: of an order number, of an order.
    func keyed(_ purpose: StaticString, _ bytes: [UInt8]) -> [UInt8] {
        Identity.keyed(key, purpose, bytes)
    }
}
