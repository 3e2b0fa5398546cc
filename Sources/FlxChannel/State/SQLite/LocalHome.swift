import CLibc

/// The state of a channel as a file of this machine: `<directory>/<channel>.db` and its lock file.
///
/// Invariant: one writer at a time of all threads and processes is past the gate. What `write` returned from has reached the
/// disk, as far as the disk is honest. Callers run in `SignalGuard`.
///
/// Fault rows: D-01 to D-18, K-01, K-02, K-05, M-01 to M-06.
final class LocalHome: StateHome {
    let notes: [StateNote]
    let clock: StateClock = MachineClock()
    var database: any Database { file }

    private let directory: String
    private let path: String
    private let lockPath: String
    private let generation = ForkGuard.generation
    private let file: SQLiteDatabase
    private let gate: WriterGate
    private var identity: FileIdentity?
    private var isClosed = false
    private var key: [UInt8] = []
    /// The content of the file, by SQLite's count, whose schema was checked.
    private var checkedVersion: UInt32?
    /// Under `bootLock`. A process that does not see the name of the boot goes by what others stamp (K-15).
    private var knownBoot = Boot.id
    private let bootLock = Lock()

    /// Opens the place of `channel`, or makes it. `others` are files outside that an opening needs as well: if the state
    /// cannot be used, what is wrong with them is told too.
    init(directory: String, channel: String, others: [String]) throws(StateError) {
        let files = ["\(channel).db", "\(channel).db-journal", "\(channel).lock"]
        let room = try StateDirectory.open(directory, files: files, others: others)
        self.directory = room.path
        path = "\(room.path)/\(channel).db"
        lockPath = "\(room.path)/\(channel).lock"
        notes = room.notes
        file = SQLiteDatabase(path)
        gate = try WriterGate(lockPath)
        if let fault = try LockProof.fault(of: lockPath) {
            throw .path(reason: "\(room.path) is on a file system whose locks do not hold: \(fault); use a local disk")
        }
    }

    var boot: Int64 { bootLock.holding { Int64(bitPattern: knownBoot) } }

    // Transactions

    func read(by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) {
        try use(until: deadline) { () throws(StateError) in
            try connect(by: deadline)
            try checkPlace()
            try file.beginRead()
            do throws(StateError) {
                do throws(StateError) { try body() } catch {
                    try checkSchema()  // what a later release made of the file may be why
                    throw error
                }
                try checkSchema()
                try file.commit()
            } catch {
                file.rollBack()
                throw error
            }
        }
    }

    func write(by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) {
        try use(until: deadline) { () throws(StateError) in
            try gate.enter(by: deadline)
            defer { gate.leave() }
            learnBoot()
            try connect()
            try checkPlace()
            try file.transaction { () throws(StateError) in
                try Schema.check(file)
                try body()
                try checkPlace()
            }
            stamp()
        }
    }

    func distrust(_ error: StateError) {
        switch error {
        case .io, .corrupt: file.poison()
        default: break
        }
    }

    private func use(until deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) {
        try file.use { () throws(StateError) in
            file.wait(until: deadline)
            try body()
        }
    }

    /// Whether the file that was read is still for this build. Behind the reading, where a file that is as it was when it was
    /// checked last can be told without a statement: a page view waits for it.
    private func checkSchema() throws(StateError) {
        let version = file.dataVersion
        guard version == nil || version != checkedVersion else { return }
        try Schema.check(file)
        checkedVersion = version
    }

    /// Opens the connection anew if it is poisoned. A reader takes the gate for that, a writer has it.
    private func connect(by deadline: Deadline) throws(StateError) {
        guard file.isPoisoned else { return }
        try gate.enter(by: deadline)
        defer { gate.leave() }
        try connect()
    }

    private func connect() throws(StateError) {
        guard file.isPoisoned else { return }
        file.close()
        checkedVersion = nil
        try checkPlace()
        try file.connect()
        try checkPlace()
    }

    /// D-09: SQLite would go on writing into a file that no longer has a name.
    private func checkPlace() throws(StateError) {
        guard FileIdentity.at(path) == identity else { throw .replaced(what: path) }
    }

    // Leases

    func lease(row: Int64) throws(StateError) -> (any OrderLease)? {
        guard generation == ForkGuard.generation, !isClosed else { return nil }
        return try ByteLock.take(LockByte.order(row), of: lockPath)
    }

    func hold(_ wanted: FeedHolder, in leases: FeedLeases, by deadline: Deadline) throws(StateError) -> FeedLeases.Attempt {
        var attempt: FeedLeases.Attempt?
        try use(until: deadline) { () throws(StateError) in
            try gate.enter(by: deadline)
            defer { gate.leave() }
            attempt = try leases.lease(wanted, FileSlots(lockPath))
        }
        guard let attempt else { throw .misuse(what: "a feed was asked for without an answer") }
        return attempt
    }

    func holders() throws(StateError) -> [FeedHolder] { try FileSlots(lockPath).living() }

    /// It has a file of its own, since a token may be used by several states.
    func rateLimitStore(origin: String, token: Secret, of store: Store) -> (any RateLimitStore)? { nil }

    // Life

    /// Everything of an opening that other processes must not do at the same time.
    func prepare(channel: String, origin: String, by deadline: Deadline) throws(StateError) -> StateFound {
        var wasRestored = false
        try use(until: deadline) { () throws(StateError) in
            try gate.enter(by: deadline)
            defer { gate.leave() }
            let isMade = try StateFile.create(path)
            if isMade { StateFile.syncDirectory(directory) }
            identity = try StateFile.identity(path)
            _ = try StateFile.identity(path + "-journal")
            let isUnclean = Recovery.isNeeded(path)
            try file.connect()
            guard file.isInPlace else { throw .replaced(what: path) }
            try checkPlace()
            learnBoot()
            let left = gate.stamp
            if !isMade, left != nil, try file.number("PRAGMA page_count") == 0 {
                throw .corrupt(detail: "it is empty and was not; remove its lock file to begin anew")
            }
            let isNew = try Schema.prepare(file)
            key = try Identity.establish(MetaTable(database: file), file, channel: channel, origin: origin)
            let found = try Stamp(file, key: key, at: path, boot: Boot.id)
            guard isUnclean || left != found else { return }
            if !isNew {
                if isUnclean || !found.isAsLeft(left) { try Recovery.check(file, key: key) }
                if Stamp.isCopy(found, of: left) {
                    wasRestored = true
                    try doubt(isCopy: true)
                } else if Stamp.isOtherBoot(found, than: left) {
                    try doubt(isCopy: false)
                }
            }
            stamp()
        }
        return StateFound(key: key, wasRestored: wasRestored)
    }

    /// D-15: what this file calls open may have been sent, and so may what is taken in again by a copy, if it is old enough.
    private func doubt(isCopy: Bool) throws(StateError) {
        let now = Clock.wallMs()
        try file.transaction { () throws(StateError) in
            try OutboxTable(database: file).doubtOpen(at: now)
            if isCopy { try MetaTable(database: file).set("restored_at", "\(now)") }
        }
    }

    // Moving

    func isThere(by deadline: Deadline) throws(StateError) -> Bool { LocalHome.isThere(path) }

    /// Whether the state of `channel` is in `directory`, which need not be there.
    static func isThere(directory: String, channel: String) -> Bool { isThere("\(directory)/\(channel).db") }

    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_size > 0
    }

    func arrive(making isMaking: Bool, by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) -> Bool {
        var isHere = false
        try use(until: deadline) { () throws(StateError) in
            try gate.enter(by: deadline)
            defer { gate.leave() }
            if isMaking {
                if try StateFile.create(path) { StateFile.syncDirectory(directory) }
            } else if !LocalHome.isThere(path) {
                return
            }
            identity = try StateFile.identity(path)
            _ = try StateFile.identity(path + "-journal")
            let isUnclean = Recovery.isNeeded(path)
            try connect()
            try file.connect()
            guard file.isInPlace else { throw .replaced(what: path) }
            if !isMaking, try file.isNew() { return }
            isHere = true
            if isMaking { _ = try Schema.prepare(file, known: .max) }
            try file.transaction { () throws(StateError) in
                try body()
                try checkPlace()
            }
            guard let key = try Identity.key(MetaTable(database: file)) else { return }
            self.key = key
            // Without its stamp a file counts as a copy that was put back, and its open orders as sent: true of none of them.
            if isUnclean { try Recovery.check(file, key: key) }
            learnBoot()
            stamp()
        }
        return isHere
    }

    func name() throws(StateError) -> String { path }

    func user() throws(StateError) -> String? {
        if let holder = try holders().first { return "\(holder.process.text) holds a feed of this channel" }
        let isSending = try LockFile.open(lockPath).isTaken(LockByte.orders)
        return isSending ? "an order of this channel is being sent" : nil
    }

    func close() {
        isClosed = true
        file.close()
        gate.close()
    }

    /// The SQLite handle stays as it is on purpose: closing it here would act on the parent's transaction.
    func closeAfterFork() {
        isClosed = true
        gate.close()
    }

    /// The commit stands, whatever comes of its stamp.
    private func stamp() {
        gate.stamp = try? Stamp(file, key: key, at: path, boot: knownBoot)
    }

    private func learnBoot() {
        guard Boot.id == 0, let boot = gate.stamp?.boot, boot != 0 else { return }
        bootLock.holding { knownBoot = boot }
    }
}
