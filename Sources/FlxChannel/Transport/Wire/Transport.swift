import CCurl

/// Carries requests to the hub and answers back, within the rate limiter, on the thread that drives it.
///
/// Invariant: no request is written without a slot of the rate limiter, and none twice. Between two calls of `drive` nothing
/// moves and no time of ours runs. Not for two threads at a time; `clock` and `counters` may be read from any.
final class Transport {
    let clock: HubClock

    let config: TransportConfig
    let rateLimiter: RateLimiter
    let cancel: CancelSource

    let log: Log
    private let multi: UnsafeMutableRawPointer
    private let sockets = SocketTable()
    private let generation: Int32
    private let countersLock = Lock()
    private var counted = TransportCounters()
    private let headers: HeaderList
    private var waiting: [Exchange] = []
    private var live: [WireAttempt] = []
    /// Handles for reads between two requests.
    private var idle: [CurlHandle] = []
    private static let connections = 8  // as many as pages are in flight
    private var askLimiterAt: Int64 = 0
    private var limiterChanges: Int64 = 0
    private var endedSome = false
    private var isDriving = false
    /// Up to then driven time is counted, on the monotonic clock.
    private var spentUntil: Int64 = 0
    private var isClosed = false
    private let idPrefix: String
    private var nextId = 1

    /// Makes no request.
    init(
        _ config: TransportConfig, rateLimiter: RateLimiter, log: Log, cancel: CancelSource, clock: HubClock = HubClock()
    ) throws(TransportError) {
        try config.check()
        guard !KeyLog.blocks else {
            throw .config("SSLKEYLOGFILE names a pipe, which libcurl opens and may wait at for ever; unset it", at: nil)
        }
        guard CurlLibrary.isReady, let multi = WakeupPair.makeMulti() else { throw .memory }
        self.config = config
        self.rateLimiter = rateLimiter
        self.log = log
        self.cancel = cancel
        self.clock = clock
        self.multi = multi
        ForkGate.install()
        generation = ForkGuard.generation
        idPrefix = Text.hex(Random.distinct(3))
        do throws(TransportError) {
            headers = try HeaderList(token: config.token)
        } catch {
            curl_multi_cleanup(multi)
            throw error
        }
        _ = flxc_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Transport.connections)
        _ = flxc_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
    }

    deinit {
        if ForkGuard.generation == generation { close() } else { closeAfterFork() }
    }

    // MARK: Exchanges

    /// Takes an exchange in, once. It moves when the transport is driven.
    func start(_ exchange: Exchange) {
        guard !exchange.isStarted else { return }
        exchange.transportStarts()
        if let refusal = refusal(exchange.request) {
            endedSome = true
            return exchange.transportEnds(.failed(refusal))
        }
        waiting.append(exchange)
        askLimiterAt = 0
    }

    /// Moves all exchanges on until one has an outcome, none is left, or the deadline is over.
    ///
    /// Throws `.canceled`, `.forked`, or `.rate limiter` if the rate limit file cannot be used; exchanges stay as they are then.
    func drive(until deadline: Deadline) throws(TransportError) {
        guard ForkGuard.generation == generation else { throw .forked }
        guard !isClosed, !isDriving else { throw .fault("transport is closed or being driven") }
        isDriving = true
        defer { isDriving = false }
        spentUntil = Clock.monotonicMs()
        while true {
            if cancel.isFired() { throw .canceled }
            try launch(by: deadline)
            perform()
            spend()
            if endedSome || deadline.isOver || (live.isEmpty && waiting.isEmpty) { break }
            wait(until: deadline)
        }
        endedSome = false
    }

    /// Gives an exchange up. If it is on the wire its connection is closed; its outcome says whether it may have arrived.
    func abandon(_ exchange: Exchange) {
        if let index = waiting.firstIndex(where: { $0 === exchange }) {
            waiting.remove(at: index)
            exchange.transportEnds(.failed(.abandoned(mayHaveArrived: false)))
        } else if let attempt = live.first(where: { $0.exchange === exchange }) {
            let hadEnded = endedSome
            finish(attempt, .failed(.abandoned(mayHaveArrived: attempt.mayHaveArrived)))
            endedSome = hadEnded  // its owner knows
        }
    }

    /// Nobody wants this exchange any more. If it has a slot it is carried to its end, so that the rate limiter learns when that
    /// was and the connection can be used again; else it ends here.
    func disregard(_ exchange: Exchange) {
        exchange.transportDisregards()
        if !exchange.isOnWire { abandon(exchange) }
    }

    /// The host takes its thread back, for who knows how long: what is on the wire must not hold its slots for as long.
    func leave() {
        let left = live.filter { $0.isWritten && !$0.wasLeft && $0.rateLimiter === rateLimiter }
        guard !left.isEmpty else { return }
        for attempt in left { attempt.wasLeft = true }
        rateLimiter.left(left.map { $0.ticket })
    }

    /// Exchanges that were started and have no outcome yet.
    var pending: Int { waiting.count + live.count }

    var counters: TransportCounters { countersLock.holding { counted } }

    // MARK: End

    /// Drops all connections. Exchanges without an outcome end as abandoned.
    func close() {
        guard !isClosed else { return }
        for exchange in waiting + live.map({ $0.exchange }) { abandon(exchange) }
        isClosed = true
        idle = []
        curl_multi_cleanup(multi)
    }

    /// In a child of fork, instead of `close`: the parent's connections must not notice. What was on its way at the
    /// fork is not freed, because a thread that the child does not have may have held locks in it.
    func closeAfterFork() {
        guard !isClosed else { return }
        isClosed = true
        sockets.muteAfterFork()
        guard !isDriving, live.isEmpty else {
            for attempt in live { _ = Unmanaged.passRetained(attempt) }
            for handle in idle { _ = Unmanaged.passRetained(handle) }
            _ = Unmanaged.passRetained(sockets)
            return
        }
        curl_multi_cleanup(multi)
    }

    // MARK: One round

    private func refusal(_ request: HTTPRequest) -> TransportError? {
        if ForkGuard.generation != generation { return .forked }
        if isClosed { return .abandoned(mayHaveArrived: false) }
        guard URLBuilder.isPlain(request.target) else {
            return .fault("request target was not built from parts")
        }
        return nil
    }

    /// Asks the rate limiter for slots, orders first, and puts what it grants on the wire.
    private func launch(by deadline: Deadline) throws(TransportError) {
        let changes = rateLimiter.changes
        if changes != limiterChanges { (limiterChanges, askLimiterAt) = (changes, 0) }  // what it said last is no longer so
        guard !waiting.isEmpty, askLimiterAt == 0 || Clock.monotonicMs() >= askLimiterAt else { return }
        var askIn = Int64.max
        for priority in [RequestPriority.order, .probe, .answer, .poll] {
            askIn = min(askIn, try launch(priority, by: deadline))
        }
        askLimiterAt = askIn == Int64.max ? 0 : Clock.monotonicMs() + askIn
    }

    /// Returns when to ask again for those of `priority` that got nothing.
    private func launch(_ priority: RequestPriority, by deadline: Deadline) throws(TransportError) -> Int64 {
        var askIn = Int64.max
        var doRepeatsWait = false
        while let next = waiting.first(where: { $0.request.priority == priority && !(doRepeatsWait && $0.request.isRepeat) }) {
            let reply = try reserve(next.request, by: deadline)
            switch reply.grant {
            case .granted(let ticket):
                waiting.removeAll { $0 === next }
                send(next, ticket)
            case .repeatsWait(let ms):
                doRepeatsWait = true
                askIn = min(askIn, ms, RateLimit.askAtLeastMs)
                for held in waiting where held.request.priority == priority && held.request.isRepeat {
                    held.transportWaits(ms: ms, hold: reply.hold)
                }
            case .wait(let ms):
                for held in waiting where held.request.priority == priority { held.transportWaits(ms: ms, hold: reply.hold) }
                return min(askIn, ms, RateLimit.askAtLeastMs)
            }
        }
        return askIn
    }

    private func reserve(_ request: HTTPRequest, by deadline: Deadline) throws(TransportError) -> RateLimitReply {
        do throws(RateLimitError) {
            // Without a body all is written when the connection is ready, and `sendWithinMs` ends before that or never.
            let bound =
                request.body == nil
                ? config.sendWithinMs + RateLimit.travelMs : max(config.attemptMs + 1000, config.sendWithinMs + RateLimit.travelMs)
            return try rateLimiter.reserve(priority: request.priority, isRepeat: request.isRepeat, boundMs: bound, by: deadline)
        } catch {
            if case .busy(let waited) = error, waited < 2000 { return RateLimitReply(grant: .wait(50), hold: nil) }
            throw .rateLimiter(error)
        }
    }

    private func send(_ exchange: Exchange, _ ticket: Permit) {
        let sendBy = Clock.bootMs() + config.sendWithinMs  // from the grant: the sender may take its time before it lets it go
        guard exchange.transportMaySend() else {
            rateLimiter.released(ticket)
            return end(exchange, .failed(.canceledBySender))
        }
        do throws(TransportError) {
            let attempt = WireAttempt(
                exchange, on: try handle(for: exchange.request), rateLimiter: rateLimiter, ticket: ticket,
                sendByBootMs: sendBy, requestId: "\(idPrefix)-\(nextId)", headers: headers,
                limit: exchange.request.limit ?? config.bodyLimit)
            nextId += 1
            try attempt.prepare(config.origin)
            guard curl_multi_add_handle(multi, attempt.easy) == CURLM_OK else { throw .memory }
            live.append(attempt)
            exchange.transportSends()
        } catch {
            rateLimiter.released(ticket)
            end(exchange, .failed(error))
        }
    }

    private func handle(for request: HTTPRequest) throws(TransportError) -> CurlHandle {
        let isForReads = !request.method.isWrite && !request.fresh && request.body == nil
        if isForReads, let known = idle.popLast() { return known }
        return try CurlHandle(config, isForReads: isForReads, sockets: sockets)
    }

    private var sinceSpentMs: Int64 { max(0, Clock.monotonicMs() - spentUntil) }

    private func perform() {
        guard !live.isEmpty else { return }
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        for attempt in live where attempt.wentOut { count(attempt) }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = flxc_message_result(message)
            guard let attempt = live.first(where: { $0.easy == easy }) else { continue }
            if attempt.slotWasLate {
                requeue(attempt)
            } else {
                attempt.drivenMs += sinceSpentMs
                finish(attempt, attempt.outcome(code, config, clock))
            }
        }
    }

    /// Counts driven time and ends what has used up its own.
    private func spend() {
        let ms = sinceSpentMs
        spentUntil += ms
        for attempt in live {
            if let error = attempt.spend(min(ms, spentUntil - attempt.startedMs), config) { finish(attempt, .failed(error)) }
        }
    }

    private func wait(until deadline: Deadline) {
        var ms = deadline.remainingMs
        if !waiting.isEmpty { ms = min(ms, max(0, askLimiterAt - Clock.monotonicMs())) }
        for attempt in live { ms = min(ms, attempt.remainingMs(config)) }
        let cancelFd = cancel.fd
        var extra = curl_waitfd(fd: cancelFd, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        ForkGate.outside { _ = curl_multi_poll(multi, &extra, cancelFd >= 0 ? 1 : 0, Int32(clamping: max(1, ms)), nil) }
        if extra.revents != 0, !cancel.isFired() { cancel.calm() }
    }

    // MARK: Ends

    private func remove(_ attempt: WireAttempt) {
        curl_multi_remove_handle(multi, attempt.easy)
        live.removeAll { $0 === attempt }
        askLimiterAt = 0
    }

    /// Nothing was sent and the slot is too old: back to the front of those who wait.
    private func requeue(_ attempt: WireAttempt) {
        remove(attempt)
        attempt.rateLimiter.released(attempt.ticket)
        guard !attempt.exchange.isDisregarded else {
            return attempt.exchange.transportEnds(.failed(.abandoned(mayHaveArrived: false)))
        }
        attempt.exchange.transportWaits(ms: 0, hold: nil)
        waiting.insert(attempt.exchange, at: 0)
    }

    private func finish(_ attempt: WireAttempt, _ outcome: ExchangeOutcome) {
        if attempt.wentOut { count(attempt) }
        let (sent, received) = attempt.bytesOnWire
        countersLock.holding {
            counted.bytesOut += sent
            counted.bytesIn += received
        }
        attempt.tellLimiter(outcome)
        if attempt.head.isComplete, let date = attempt.head.dateMs {
            clock.observe(dateMs: date, answeredMs: Clock.monotonicMs())
        }
        attempt.write(outcome, to: log)
        remove(attempt)
        if case .answered = outcome, attempt.handle.isForReads, idle.count < Transport.connections { idle.append(attempt.handle) }
        end(attempt.exchange, outcome, attempt)
    }

    private func end(_ exchange: Exchange, _ outcome: ExchangeOutcome, _ attempt: WireAttempt? = nil) {
        exchange.transportEnds(
            outcome, requestId: attempt?.requestId ?? "", tookMs: attempt.map { Clock.monotonicMs() - $0.startedMs } ?? 0)
        endedSome = true
        countersLock.holding {
            guard case .answered(let response) = outcome else {
                counted.failed += 1
                return
            }
            counted.answered += 1
            if response.status == 429 { counted.throttled += 1 }
        }
    }

    private func count(_ attempt: WireAttempt) {
        guard !attempt.wasCounted else { return }
        attempt.wasCounted = true
        countersLock.holding { counted.countAttempt(attempt.exchange.request.priority) }
    }
}
