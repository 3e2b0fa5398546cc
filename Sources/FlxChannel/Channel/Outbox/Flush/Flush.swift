import CFlxChannel
import CLibc

/// What a client has on its way to the hub, orders before answers, and the slices of time that move it.
///
/// Invariant: used only under the client's `driverLock`. A slice ends when its time is over or when nothing can be done within
/// it, and says which; it never turns in place. One order or feed that waits gives its place to the next.
final class Flush {
    private unowned(unsafe) let client: Client  // Safe: the client owns this object, and ends it first.
    private var orders: [OrderSending] = []
    private var answers: AnswerSending?
    private var check: TokenCheck?
    private var turns = FlushTurns()
    private let tidying: Tidying
    /// What is left was found to be with another process.
    private var isElsewhere = false
    /// Who keeps answers from being sent.
    private var holder: FeedHolder?
    /// Of this slice.
    private var deadline = Deadline.passed

    init(_ client: Client) {
        self.client = client
        tidying = Tidying(client)
    }

    /// Works until `deadline`, or until nothing can be done before it.
    func run(by deadline: Deadline) throws(ChannelError) -> FlushReport {
        var report = FlushReport()
        answers?.resume(by: deadline)
        self.deadline = deadline
        defer { letGo() }
        do throws(ChannelError) {
            try tidying.slice()
            try client.state { () throws(StateError) in try client.identity.load() }
            var isOver = false
            while !isOver {
                if try move(&report) { continue }
                isOver = try !goOn(&report, deadline)
            }
            if case .elsewhere = report.wait, let holder { report.holder = client.words(of: holder) }
            try count(&report)
            client.heldMs = 0
            client.keepClock()
        } catch {
            guard client.passesOver(error) else { throw error }
            report.holdUp()
        }
        return report
    }

    var isBusy: Bool { !orders.isEmpty || answers != nil }

    /// Takes answers of `feed` back, so that a pull may have the feed. They are sent again later, with the same instant: that
    /// does no harm (contract 1.8).
    func stopAnswering(_ feed: Feed) {
        guard let sending = answers, sending.feed == feed else { return }
        sending.abandon(client.transport)
        answers = nil
    }

    private func endCheck() {
        check?.abandon(client.transport)
        check = nil
    }

    func abandon() {
        for sending in orders { sending.abandon(client.transport) }
        answers?.abandon(client.transport)
        endCheck()
        (orders, answers) = ([], nil)
    }

    // MARK: the slice

    /// Moves all that can move now; true if something came to an end, so that more may follow.
    private func move(_ report: inout FlushReport) throws(ChannelError) -> Bool {
        guard report.paused == nil else { return false }
        (isElsewhere, holder) = (false, nil)
        guard try mayWrite(&report) else { return false }
        let didEnd = try moveOrders(&report)
        guard report.paused == nil else { return false }
        if didEnd, !turns.areAnswersDue { return true }
        guard turns.areAnswersDue || orders.isEmpty || answers != nil else { return didEnd }
        return try moveAnswers(&report) || didEnd
    }

    /// Waits as the reason for it asks; false when the slice is over.
    private func goOn(_ report: inout FlushReport, _ deadline: Deadline) throws(ChannelError) -> Bool {
        if report.paused == nil { report.wait = try wait() }
        if case .held(.token) = report.wait { report.pause(ChannelError(FLX_E_TOKEN, report.wait.message)) }
        switch report.wait.step(leftMs: deadline.remainingMs) {
        case .end: return false
        case .drive(let ms): try drive(until: Deadline.after(ms: ms).earlier(deadline))
        case .idle(let ms): try client.idle(until: Deadline.after(ms: ms).earlier(deadline))
        }
        return true
    }

    /// Goes on with what is on its way, until something of it ended.
    private func drive(until deadline: Deadline) throws(ChannelError) {
        guard client.transport.pending > 0 else { return try client.idle(until: deadline) }
        do { try client.transport.drive(until: deadline) } catch { throw ChannelError(error) }
    }

    private func wait() throws(ChannelError) -> FlushWait {
        if orders.contains(where: { $0.hasEnded }) || answers?.hasEnded == true { return .hub }
        var wait = FlushWait.nothing
        let exchanges = orders.flatMap { $0.exchanges } + (answers?.exchanges ?? []) + (check?.exchanges ?? [])
        if exchanges.contains(where: { $0.isOnWire }) { return .hub }
        for exchange in exchanges { wait = wait.sooner(exchange.hold.map { .held($0) } ?? .slot(ms: exchange.waitMs)) }
        if let check, check.exchanges.isEmpty { wait = wait.sooner(.due(ms: check.waitMs)) }
        if case .nothing = wait, isElsewhere { return .elsewhere }
        guard check == nil, let ms = try nextDueMs(), orders.isEmpty || ms > 0 else { return wait }
        // What has its time while others are at it is theirs.
        if ms == 0 { return wait.sooner(.elsewhere) }
        return wait.sooner(.due(ms: ms))
    }

    private func nextDueMs() throws(ChannelError) -> Int64? {
        let now = Clock.wallMs()
        return try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) -> Int64? in
                let order = try client.store.outbox.nextDue(at: now)
                let answer = try client.store.answers.nextDue().map { max(0, $0 &- now) }
                switch (order, answer) {
                case (let a?, let b?): return min(a, b)
                case (let a, let b): return a ?? b
                }
            }
        }
    }

    private func count(_ report: inout FlushReport) throws(ChannelError) {
        (report.waitingOrders, report.waitingAnswers) = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                (try client.store.outbox.openCount(), try client.store.answers.waitingCount())
            }
        }
    }

    /// What did not leave yet is free for other processes.
    private func letGo() {
        for sending in orders where sending.isUntouched { sending.abandon(client.transport) }
        orders.removeAll { $0.isUntouched }
        answers?.rest()
        if let sending = answers, sending.isUntouched {
            sending.abandon(client.transport)
            answers = nil
        }
    }

    // MARK: before anything is written

    /// Whether orders and answers may go to the channel of this token (decision 10).
    private func mayWrite(_ report: inout FlushReport) throws(ChannelError) -> Bool {
        if let error = client.identity.contradiction {
            report.pause(error)
            return false
        }
        guard !client.isTokenAccepted else { return true }
        guard try nextDueMs() != nil else { return true }  // nothing to write
        if try client.isTokenKnown() {
            endCheck()  // a person may have said so while it went on
            return true
        }
        if check == nil { check = try TokenCheck(client) }
        guard let check else { return false }
        switch try check.move() {
        case .waiting: return false
        case .refused(let error):
            report.pause(error)
            return false
        case .accepted:
            (self.check, client.isTokenAccepted) = (nil, true)
            return true
        }
    }

    // MARK: orders

    private func moveOrders(_ report: inout FlushReport) throws(ChannelError) -> Bool {
        for sending in try leaseOrders(&report) { orders.append(sending) }
        var didEnd = false
        for sending in orders {
            guard let outcome = try step(sending) else { continue }
            orders.removeAll { $0 === sending }
            turns.ended(sending.drivenMs)
            didEnd = true
            switch outcome {
            case .waiting, .overtaken: break
            case .ended(let end): report.count(end)
            case .paused(let end, let error):
                report.count(end)
                report.pause(error)
                return true
            }
        }
        return didEnd
    }

    /// Nil while it is on its way.
    private func step(_ sending: OrderSending) throws(ChannelError) -> OrderSending.Outcome? {
        do {
            let outcome = try sending.move()
            if case .waiting = outcome { return nil }
            return outcome
        } catch {
            // After a cancel what is on the wire goes on in the next slice.
            if error.code != FLX_E_CANCELLED {
                orders.removeAll { $0 === sending }
                sending.abandon(client.transport)
            }
            throw error
        }
    }

    /// Leases the oldest due orders that no other process has, as many as may be on their way at a time.
    private func leaseOrders(_ report: inout FlushReport) throws(ChannelError) -> [OrderSending] {
        guard orders.count < turns.width else { return [] }
        let taken = orders.map { $0.id }
        let leased = try OrderLeases(client, except: taken).take(turns.width - orders.count)
        isElsewhere = isElsewhere || leased.isElsewhere
        report.givenUp += leased.givenUp
        return leased.orders
    }

    // MARK: answers

    private func moveAnswers(_ report: inout FlushReport) throws(ChannelError) -> Bool {
        if answers == nil { answers = try leaseAnswers() }
        guard let sending = answers else { return false }
        let before = sending.sent
        let outcome: AnswerSending.Outcome
        do { outcome = try sending.move() } catch {
            if error.code != FLX_E_CANCELLED {
                answers = nil
                sending.abandon(client.transport)
            }
            throw error
        }
        report.answersSent += sending.sent - before
        switch outcome {
        case .waiting: return false
        case .moved: break
        case .ended: answers = nil
        case .lost:
            answers = nil
            isElsewhere = true
        case .paused(let error):
            answers = nil
            report.pause(error)
        }
        turns.hadAnswers()
        return true
    }

    private func leaseAnswers() throws(ChannelError) -> AnswerSending? {
        for feed in Feed.all where feed.isQueue {
            guard try !waitingAnswers(of: feed).isEmpty else { continue }
            let attempt = try client.lease(feed, as: .flush)
            guard case .taken(let lease) = attempt else {
                if case .held(let holder) = attempt { self.holder = holder }
                isElsewhere = true  // a pull of this feed is in use; its answers wait for its end
                continue
            }
            // Only under the lock are they ours: another process may have sent them, or an older form of them, in between.
            let rows: [AnswerRow]
            do { rows = try waitingAnswers(of: feed) } catch {
                lease.release()
                throw error
            }
            guard !rows.isEmpty else {
                lease.release()
                continue
            }
            let sending = AnswerSending(client, feed: feed, rows: rows, lease: lease)
            sending.resume(by: deadline)
            return sending
        }
        return nil
    }

    private func waitingAnswers(of feed: Feed) throws(ChannelError) -> [AnswerRow] {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                try client.store.answers.waiting(feed: feed.rawValue, now: Clock.wallMs(), limit: 500)
            }
        }
    }
}
