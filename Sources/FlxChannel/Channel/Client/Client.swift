import CFlxChannel
import CLibc

/// One open connection of this process to one channel.
///
/// Invariant: whoever uses `transport` holds `driverLock`, but for what it counts, which comes with `inUse`; whoever uses the
/// store alone does not need to, so that a submit never waits for the network. Nothing here is touched after a fork but
/// `close`.
final class Client: @unchecked Sendable {
    let settings: Settings
    let store: Store
    let log: Log
    let cancel = CancelSwitch()
    /// The hub's, as its distance from the clock of the state, which others keep as well.
    let clock: HubClock
    private(set) var transport: Transport
    private(set) var rateLimiter: RateLimiter
    private(set) var token: Secret

    /// Gives a number from 0 to its argument, for waits before another attempt; tests have their own.
    var jitter: (Int64) -> Int64 = { Random.upTo($0) }

    private let driverLock = Lock()
    private let birth = ForkGuard.generation
    private let closing = Lock()
    private var isClosed = false
    /// The thread that holds `driverLock`, or 0; under `closing`.
    private var driver: pthread_t = 0
    /// The log function of the host closed the client that was calling it (K-08).
    private var closesAfterCall = false
    /// What a flush has on its way; only under `driverLock`.
    private(set) lazy var flushing = Flush(self)
    /// Which channel the state is of.
    let identity: ChannelIdentity
    /// Found out once: neither a chdir nor a link that is set anew may lead to another budget.
    private let rateLimitDirectory: String
    /// The present token was found to be of that channel; only under `driverLock`.
    var isTokenAccepted = false
    /// How this hub's list of orders is asked; only under `driverLock`.
    var lookUpManners = OrderLookUp.Manners()
    /// How long calls in a row waited in vain for the state file; only under `driverLock`.
    var heldMs: Int64 = 0
    /// Under `closing`.
    private var succeededAt: Int64 = 0
    private var leftOut: Int64 = 0

    init(_ settings: Settings, sink: LogSink?) throws(ChannelError) {
        self.settings = settings
        token = settings.token
        let sink: LogSink? = sink.map { sink in
            // What the host does there is its own.
            { (level: LogLevel, line: String) in ThreadLease.run(nil) { sink(level, line) } }
        }
        log = Log(level: settings.logLevel, hiding: settings.token, sink: sink)
        let rateLimitFile = RateLimitFile.path(settings.rateLimitDirectory, settings.origin.text, settings.token)
        do {
            store = try Store.open(
                settings.statePlace, channel: settings.channel, origin: settings.origin.text,
                waitMs: settings.stateWaitMs, others: [rateLimitFile])
        } catch { throw ChannelError(error) }
        let stateClock = store.clock
        clock = HubClock(wallMs: { stateClock.wallMs() })
        rateLimitDirectory = Client.resolved(settings.rateLimitDirectory)
        identity = ChannelIdentity(store, log, configured: settings.channelId, token: token)
        do throws(ChannelError) {
            try Client.load(identity)
            (rateLimiter, transport) = try Client.connect(
                settings, store, rateLimitDirectory, token: settings.token, log: log, cancel: cancel, clock: clock)
        } catch {
            store.close()
            throw error
        }
        clock.remember(Client.keptClock(store))
        if store.wasRestored {
            log.write(
                .warn, "state.restored",
                [
                    (
                        "message",
                        .text(
                            "the state file is a copy of another or of an earlier time; its open orders are looked up before they are sent"
                        )
                    )
                ])
        }
        for note in store.notes { Client.tell(note, log) }
        log.write(.info, "client.opened", [("channel", .text(settings.channel)), ("origin", .text(settings.origin.text))])
    }

    private static func tell(_ note: StateNote, _ log: Log) {
        log.write(.warn, note.event, [("message", .text(note.message))])
    }

    private static func load(_ identity: ChannelIdentity) throws(ChannelError) {
        do { try SignalGuard.run { () throws(StateError) in try identity.load() } } catch { throw ChannelError(error) }
    }

    private static func connect(
        _ settings: Settings, _ store: Store, _ rateLimitDirectory: String, token: Secret, log: Log, cancel: CancelSwitch,
        clock: HubClock
    ) throws(ChannelError) -> (RateLimiter, Transport) {
        let rateLimiter: RateLimiter
        do {
            if let shared = store.rateLimitStore(origin: settings.origin.text, token: token) {
                rateLimiter = RateLimiter(store: shared)
            } else {
                let file = try RateLimitFile(directory: rateLimitDirectory, origin: settings.origin.text, token: token)
                for path in file.tightened { Client.tell(.tightened(path), log) }
                rateLimiter = RateLimiter(store: file)
            }
        } catch { throw ChannelError(TransportError.rateLimiter(error)) }
        do {
            let config = TransportConfig(
                origin: settings.origin, token: token, userAgent: Client.userAgent(settings),
                connectMs: settings.httpConnectMs, attemptMs: settings.httpAttemptMs,
                idleMs: settings.httpIdleMs, bodyLimit: Int(clamping: settings.httpBodyBytes),
                caFile: settings.httpCaFile, proxy: settings.httpProxy)
            return (rateLimiter, try Transport(config, rateLimiter: rateLimiter, log: log, cancel: cancel.source, clock: clock))
        } catch { throw ChannelError(error) }
    }

    /// A path without symbolic links, or as it was given if nothing is there yet.
    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)  // Safe: realpath gave a NUL-terminated path.
    }

    private static func userAgent(_ settings: Settings) -> String {
        let ours = "flxchannel/\(Version.text)"
        return settings.httpUserAgent.map { "\($0) \(ours)" } ?? ours
    }

    // MARK: guards of every call

    /// Refuses an object that a fork copied, and one that is closed.
    func checkUsable() throws(ChannelError) {
        guard !isForked else {
            throw ChannelError(FLX_E_FORKED, "the client was opened before a fork; open a new one in this process")
        }
        guard !closing.holding({ isClosed }) else { throw ChannelError(FLX_E_HANDLE, "the client is closed") }
    }

    var isForked: Bool { birth != ForkGuard.generation }

    /// Runs `body` as the one thread that drives this client's network.
    func drive<Result>(
        by deadline: Deadline, ignoringCancel: Bool = false, _ body: () throws(ChannelError) -> Result
    ) throws(ChannelError) -> Result {
        try takeDriverLock(by: deadline, ignoringCancel: ignoringCancel)
        defer { releaseDriverLock() }
        return try SignalGuard.run { () throws(ChannelError) in
            defer { transport.leave() }
            return try CallDeadline.run(until: deadline, body)
        }
    }

    /// Takes `driverLock`, unless the client is of no use.
    @inline(never)
    private func takeDriverLock(by deadline: Deadline, ignoringCancel: Bool) throws(ChannelError) {
        try checkUsable()
        guard !isDriver else {
            throw ChannelError(FLX_E_CLIENT_BUSY, "this client is in a call that is calling the log function; return from it first")
        }
        guard driverLock.lock(by: deadline) else {
            throw ChannelError(FLX_E_CLIENT_BUSY, "another thread drives this client; wait for it or open a second client")
        }
        closing.holding { driver = pthread_self() }
        do throws(ChannelError) {
            try checkUsable()
            // Who closes does not look: the cancel may be freed by then.
            if !ignoringCancel, cancel.isFired { throw ChannelError(FLX_E_CANCELED, "the client's cancel was fired") }
        } catch {
            releaseDriverLock()
            throw error
        }
    }

    /// Whether this thread is in a call that drives.
    private var isDriver: Bool { closing.holding { driver == pthread_self() } }

    private func releaseDriverLock() {
        if closesAfterCall { closeNow() }
        closing.holding { driver = 0 }
        driverLock.unlock()
    }

    /// Runs `body` on the state file only.
    func state<Result>(_ body: () throws(StateError) -> Result) throws(ChannelError) -> Result {
        try checkUsable()
        do {
            return try SignalGuard.run { () throws(StateError) in try body() }
        } catch { throw ChannelError(error) }
    }

    /// Reads from the state file only, all of it at one moment.
    func stored<Result>(_ body: (Store) throws(StateError) -> Result) throws(ChannelError) -> Result {
        try state { () throws(StateError) in try store.read { () throws(StateError) in try body(store) } }
    }

    /// Changes the state file, all or nothing.
    func write<Result>(_ body: (Store) throws(StateError) -> Result) throws(ChannelError) -> Result {
        try state { () throws(StateError) in try store.write { () throws(StateError) in try body(store) } }
    }

    /// Writes down what the hub did, for which the call may come back late: to forget it would cost more.
    func record<Result>(_ body: () throws(StateError) -> Result) throws(ChannelError) -> Result {
        try CallDeadline.lifted { () throws(ChannelError) in try state(body) }
    }

    /// Counts a call that worked towards its deadline and met a state file which another process has. True if it may end as if
    /// nothing had come in time. Short slices of a host shall not fail where one long call would have waited; only after `state.wait_ms` of such
    /// waits in a row is it an error.
    func countBusy(_ error: ChannelError) -> Bool {
        guard error.code == FLX_E_STATE_BUSY else { return false }
        heldMs += max(1, error.waitedMs)
        if heldMs < settings.stateWaitMs { return true }
        heldMs = 0
        return false
    }

    /// The deadline of a call: -1 is the config's, negative numbers below are refused.
    func deadline(_ waitMs: Int32) throws(ChannelError) -> Deadline {
        guard waitMs >= -1 else { throw ChannelError(FLX_E_ARGUMENT, "wait is \(waitMs) ms; -1 or more is allowed") }
        return Deadline.after(ms: waitMs == -1 ? settings.httpWaitMs : Int64(waitMs))
    }

    /// RateLimiter and transport for a thread that does not drive: a new token replaces both, and frees the old ones.
    var inUse: (rateLimiter: RateLimiter, transport: Transport) { closing.holding { (rateLimiter, transport) } }

    /// The token for a thread that does not drive.
    var tokenInUse: Secret { closing.holding { token } }

    /// When this client last had a good answer, wall clock; 0 is never.
    var lastSuccessMs: Int64 { closing.holding { succeededAt } }

    func noteSuccess() {
        let now = Clock.wallMs()
        closing.holding { succeededAt = now }
    }

    /// Rows that pulls of this client left out because they bear another channel's id.
    var leftOutRows: Int64 { closing.holding { leftOut } }

    func noteLeftOut(_ rows: Int64) {
        closing.holding { leftOut &+= rows }
    }

    // MARK: flush, token, end

    /// Spends a slice of time on writing: orders first, then answers.
    func flush(by deadline: Deadline) throws(ChannelError) -> FlushReport {
        try drive(by: deadline) { () throws(ChannelError) in try flushing.run(by: deadline) }
    }

    func setToken(_ token: Secret) throws(ChannelError) {
        try drive(by: Deadline.after(ms: settings.stateWaitMs)) { () throws(ChannelError) in
            let (rateLimiter, transport) = try Client.connect(
                settings, store, rateLimitDirectory, token: token, log: log, cancel: cancel, clock: clock)
            log.hide(token)  // not before: should it be of no use, the one in use stays hidden
            flushing.abandon()
            self.transport.close()
            isTokenAccepted = false
            closing.holding { (self.rateLimiter, self.transport, self.token) = (rateLimiter, transport, token) }
            identity.use(token)
            log.write(.info, "client.token_replaced")
        }
    }

    func close() {
        if isForked {
            transport.closeAfterFork()
            store.closeAfterFork()
            return
        }
        let isFirst = closing.holding { () -> Bool in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        guard !isDriver else {
            closesAfterCall = true
            return
        }
        _ = driverLock.lock(by: Deadline(atMs: Int64.max / 2))  // a call in another thread ends within its own deadline
        closeNow()
        driverLock.unlock()
    }

    private func closeNow() {
        SignalGuard.run {
            flushing.abandon()
            transport.close()
            store.close()
        }
    }
}

/// The version of the library; FLX_VERSION of the header is the same number.
enum Version {
    static let number: UInt32 = 1_001_000
    static let text: StaticString = "1.1.0"
}
