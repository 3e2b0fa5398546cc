/// The durable state of one channel.
///
/// Invariant: one thread at a time uses its home. What `write` returned from is durable. Callers run in `SignalGuard`.
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

    /// Secret of this state, 32 bytes, for keyed hashes and receipts.
    private(set) var key: [UInt8] = []
    /// It is, or may be, a copy that was put back before this opening: what it calls open may have been sent.
    private(set) var wasRestored = false

    private let home: any StateHome
    private let waitMs: Int64
    private let generation = ForkGuard.generation
    private let lock = Lock()
    private let leases = FeedLeases()
    private var isClosed = false

    /// Opens the state of `channel` at `place`, or makes it. Waits at most `waitMs` for other processes. `others` are files
    /// outside that an opening needs as well: if the state cannot be used, what is wrong with them is told too.
    static func open(
        _ place: StatePlace, channel: String, origin: String, waitMs: Int64, others: [String] = []
    ) throws(StateError) -> Store {
        let store = Store(try home(place, channel: channel, others: others), waitMs: waitMs)
        do throws(StateError) {
            try store.prepare(channel: channel, origin: origin)
        } catch {
            store.close()
            throw error
        }
        return store
    }

    /// The place of the state of `channel`, which may not be there yet.
    static func home(_ place: StatePlace, channel: String, others: [String] = []) throws(StateError) -> any StateHome {
        ForkGate.install()
        Descriptor.fillTheThree()
        guard isName(channel) else { throw .path(reason: "channel must be 1 to 64 of a-z 0-9 . _ -") }
        switch place {
        case .directory(let directory): return try LocalHome(directory: directory, channel: channel, others: others)
        case .server(let url): return try ServerHome(url)
        }
    }

    private init(_ home: any StateHome, waitMs: Int64) {
        self.home = home
        self.waitMs = waitMs
        outbox = OutboxTable(database: home.database)
        events = EventTable(database: home.database)
        answers = AnswerTable(database: home.database)
        cursors = CursorTable(database: home.database)
        versions = VersionTable(database: home.database)
        numbers = NumberTable(database: home.database)
        quarantine = QuarantineTable(database: home.database)
        retention = RetentionTable(database: home.database)
        listings = ListingTable(database: home.database)
        snapshots = SnapshotTable(database: home.database)
        meta = MetaTable(database: home.database)
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

    /// What the host's log is to say of where the state lies.
    var notes: [StateNote] { home.notes }

    /// By which the state is dated.
    var clock: any StateClock { home.clock }

    /// Names the run of the clock by which rereads are dated; 0 if nobody of us sees it.
    var boot: Int64 { home.boot }

    /// The budget of a token in the same place as the state, if that is one that several machines share.
    func rateLimitStore(origin: String, token: Secret) -> (any RateLimitStore)? {
        home.rateLimitStore(origin: origin, token: token, of: self)
    }

    /// Takes the right to send an order; nil if another has it.
    func lease(row: Int64) throws(StateError) -> (any OrderLease)? {
        guard generation == ForkGuard.generation else { return nil }
        return try home.lease(row: row)
    }

    /// Takes a feed to walk it or to send its answers, unless another uses it. A feed without named walks has the name "".
    func hold(
        _ feed: Int32, name: String, as role: FeedHolder.Role, idleLimitMs: Int64
    ) throws(StateError) -> FeedLeases.Attempt {
        var attempt: FeedLeases.Attempt?
        try exclusively { deadline throws(StateError) in
            let wanted = FeedHolder(
                feed: feed, name: name, role: role, process: .own, since: home.clock.wallMs(), idleLimitMs: idleLimitMs,
                usedUntilMs: Clock.monotonicMs() &+ role.firstUseMs)
            attempt = try home.hold(wanted, in: leases, by: deadline)
        }
        return try Store.given(attempt)
    }

    /// Who holds feeds of this channel, in all processes. Waits for nobody.
    func holders() throws(StateError) -> [FeedHolder] {
        guard generation == ForkGuard.generation else { throw .forked }
        return try home.holders()
    }

    /// The host is at work with what a pull of `feed` gave it.
    func touch(_ feed: Int32) { leases.touch(feed) }

    /// Whether so much of the file holds nothing any more that some should go back to the file system; only in `read`.
    func isLoose() throws(StateError) -> Bool { try home.database.isLoose() }

    /// Gives some of that back; only in `write`.
    func tighten() throws(StateError) { try home.database.tighten() }

    /// Closes. In a child after fork only forgets, as `closeAfterFork` does.
    func close() {
        guard generation == ForkGuard.generation else { return closeAfterFork() }
        lock.holding {
            guard !isClosed else { return }
            isClosed = true
            leases.releaseAll()
            home.close()
        }
    }

    /// Forgets what belongs to the parent.
    func closeAfterFork() {
        isClosed = true
        home.closeAfterFork()
    }

    // Private. `read` and `write` are compiled for every type of result, what follows only once.

    private func readOnce(_ body: () throws(StateError) -> Void) throws(StateError) {
        try exclusively { deadline throws(StateError) in try home.read(by: deadline, body) }
    }

    private func writeOnce(_ body: () throws(StateError) -> Void) throws(StateError) {
        try exclusively { deadline throws(StateError) in
            try home.write(by: deadline) { () throws(StateError) in
                try ThreadLease.current?.check()
                try body()
            }
        }
    }

    /// What a body that did not throw has left.
    private static func given<R>(_ result: R?) throws(StateError) -> R {
        guard let result else { throw .misuse(what: "a transaction ended without its result") }
        return result
    }

    private func prepare(channel: String, origin: String) throws(StateError) {
        try exclusively { deadline throws(StateError) in
            let found = try home.prepare(channel: channel, origin: origin, by: deadline)
            (key, wasRestored) = (found.key, found.wasRestored)
        }
    }

    /// The lock of the home, the time all waits share, and what an error does to the connection.
    @inline(never)
    func exclusively(by latest: Deadline? = nil, _ body: (Deadline) throws(StateError) -> Void) throws(StateError) {
        guard generation == ForkGuard.generation else { throw .forked }
        let start = Clock.monotonicMs()
        let deadline = latest ?? Deadline.after(ms: waitMs).earlier(CallDeadline.current)
        guard lock.lock(by: deadline) else { throw .busy(waitedMs: Clock.monotonicMs() - start) }
        defer { lock.unlock() }
        guard !isClosed else { throw .closed }
        do throws(StateError) {
            try body(deadline)
        } catch {
            home.distrust(error)
            throw error.after(ms: Clock.monotonicMs() - start)
        }
    }
}

extension Store {
    /// A keyed hash that only this state can make: of an order number, of an order.
    func keyed(_ purpose: StaticString, _ bytes: [UInt8]) -> [UInt8] {
        Identity.keyed(key, purpose, bytes)
    }
}

/// Where a host wants its state.
enum StatePlace: Sendable {
    /// A directory of this machine.
    case directory(String)
    /// The connection string of a database server. It may hold a password.
    case server(Secret)
}
