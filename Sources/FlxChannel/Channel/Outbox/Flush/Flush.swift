import CFlxChannel

/// What a client has on its way to the hub, orders before answers, and the slices of time that move it.
///
/// Invariant: used only under the client's `driverLock`. Its `FlushSlice` says what is done next; it never turns in place. One
/// order or feed that waits gives its place to the next.
final class Flush {
    private unowned(unsafe) let client: Client  // Safe: the client owns this object, and ends it first.
    private var orders: [OrderSending] = []
    private var answers: AnswerSending?
    private var check: TokenCheck?
    private let tidying: Tidying
    private var slice = FlushSlice()
    /// Of this slice.
    private var deadline = Deadline.passed

    init(_ client: Client) {
        self.client = client
        tidying = Tidying(client)
    }

    /// Works until `deadline`, or until nothing can be done before it.
    func run(by deadline: Deadline) throws(ChannelError) -> FlushReport {
        var report = FlushReport()
        answers?.enter(by: deadline)
        self.deadline = deadline
        defer { releaseUntouched() }
        do throws(ChannelError) {
            try tidying.slice()
            try client.state { () throws(StateError) in try client.identity.load() }
            slice.begin()
            while slice.end == nil { try step(&report) }
            if let end = slice.end { report.end = end }
            if case .elsewhere = report.wait, case .holder(let holder) = slice.others { report.holder = client.words(of: holder) }
            try count(&report)
            client.heldMs = 0
            client.keepClock()
        } catch {
            guard client.countBusy(error) else { throw error }
            report.holdUp()
        }
        return report
    }

    var isBusy: Bool { !orders.isEmpty || answers != nil }

    /// Takes answers of `feed` back, so that a pull may have the feed. They are sent again later, with the same instant: that
    /// does no harm (contract 1.8).
    func abandonAnswers(of feed: Feed) {
        guard let sending = answers, sending.feed == feed else { return }
        sending.abandon(client.transport)
        answers = nil
    }

    func abandon() {
        for sending in orders { sending.abandon(client.transport) }
        answers?.abandon(client.transport)
        abandonCheck()
        (orders, answers) = ([], nil)
    }

    /// What did not leave yet is free for other processes.
    private func releaseUntouched() {
        for sending in orders where sending.isUntouched { sending.abandon(client.transport) }
        orders.removeAll { $0.isUntouched }
        answers?.leave()
        if let sending = answers, sending.isUntouched {
            sending.abandon(client.transport)
            answers = nil
        }
    }

    // MARK: the slice

    /// Does what the slice asks for, and tells it what came of it.
    private func step(_ report: inout FlushReport) throws(ChannelError) {
        switch slice.next {
        case .confirm: slice.confirmed(try consent())
        case .moveOrders:
            let moved = try moveOrders(&report)
            slice.moved(orders: moved, mayTurn: orders.isEmpty || answers != nil)
        case .moveAnswers: slice.moved(answers: try moveAnswers(&report))
        case .survey: slice.surveyed(survey(), leftMs: deadline.remainingMs)
        case .askDue: slice.due(in: try nextDueMs(), leftMs: deadline.remainingMs)
        case .drive(let ms):
            try drive(until: Deadline.after(ms: ms).earlier(deadline))
            slice.rested()
        case .idle(let ms):
            try client.idle(until: Deadline.after(ms: ms).earlier(deadline))
            slice.rested()
        case .end: break
        }
    }

    /// Goes on with what is on its way, until something of it ended.
    private func drive(until deadline: Deadline) throws(ChannelError) {
        guard client.transport.pending > 0 else { return try client.idle(until: deadline) }
        do { try client.transport.drive(until: deadline) } catch { throw ChannelError(error) }
    }

    private func survey() -> FlushSurvey {
        let exchanges = orders.flatMap { $0.exchanges } + (answers?.exchanges ?? []) + (check?.exchanges ?? [])
        var survey = FlushSurvey()
        survey.requests = exchanges.map { FlushSurvey.Request($0) }
        survey.hasOrders = !orders.isEmpty
        if let check { survey.check = check.exchanges.isEmpty ? .waits(ms: check.waitMs) : .asking }
        return survey
    }

    private func nextDueMs() throws(ChannelError) -> Int64? {
        let now = client.store.clock.wallMs()
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

    // MARK: before anything is written

    /// Whether orders and answers may go to the channel of this token (decision 10).
    private func consent() throws(ChannelError) -> FlushSlice.Consent {
        if let error = client.identity.contradiction { return .refused(error) }
        guard !client.isTokenAccepted else { return .given }
        guard try nextDueMs() != nil else { return .given }  // nothing to write
        if try client.isTokenKnown() {
            abandonCheck()  // a person may have said so while it went on
            return .given
        }
        if check == nil { check = try TokenCheck(client) }
        guard let check else { return .asked }
        switch try check.move() {
        case .waiting: return .asked
        case .refused(let error): return .refused(error)
        case .accepted:
            (self.check, client.isTokenAccepted) = (nil, true)
            return .given
        }
    }

    private func abandonCheck() {
        check?.abandon(client.transport)
        check = nil
    }

    // MARK: orders

    private func moveOrders(_ report: inout FlushReport) throws(ChannelError) -> FlushSlice.Moved {
        try leaseOrders(&report)
        var moved = FlushSlice.Moved.nothing
        for sending in orders {
            let outcome = try move(sending)
            if case .waiting = outcome { continue }
            orders.removeAll { $0 === sending }
            slice.ended(order: sending.good)
            moved = .some
            switch outcome {
            case .waiting, .overtaken: break
            case .ended(let end): report.count(end)
            case .paused(let end, let error):
                report.count(end)
                return .paused(error)
            }
        }
        return moved
    }

    private func move(_ sending: OrderSending) throws(ChannelError) -> OrderSending.Outcome {
        do { return try sending.move() } catch {
            // After a cancel what is on the wire goes on in the next slice.
            if error.code != FLX_E_CANCELED {
                orders.removeAll { $0 === sending }
                sending.abandon(client.transport)
            }
            throw error
        }
    }

    /// Leases the oldest due orders that no other process has, as many as may be on their way at a time.
    private func leaseOrders(_ report: inout FlushReport) throws(ChannelError) {
        guard orders.count < slice.turns.width else { return }
        let leased = try OrderLeases(client, except: orders.map { $0.id }).take(slice.turns.width - orders.count)
        if leased.isElsewhere { slice.met(.somebody) }
        report.givenUp += leased.givenUp
        orders += leased.orders
    }

    // MARK: answers

    private func moveAnswers(_ report: inout FlushReport) throws(ChannelError) -> FlushSlice.Moved {
        if answers == nil { try leaseAnswers() }
        guard let sending = answers else { return .nothing }
        let before = sending.sent
        let outcome = try move(sending)
        report.answersSent += sending.sent - before
        switch outcome {
        case .waiting: return .nothing
        case .moved: return .some
        case .ended: answers = nil
        case .lost:
            answers = nil
            slice.met(.somebody)
        case .paused(let error):
            answers = nil
            return .paused(error)
        }
        return .some
    }

    private func move(_ sending: AnswerSending) throws(ChannelError) -> AnswerSending.Outcome {
        do { return try sending.move() } catch {
            if error.code != FLX_E_CANCELED {
                answers = nil
                sending.abandon(client.transport)
            }
            throw error
        }
    }

    private func leaseAnswers() throws(ChannelError) {
        let leased = try AnswerLeases(client: client).take()
        for holder in leased.holders { slice.met(.holder(holder)) }
        leased.answers?.enter(by: deadline)
        answers = leased.answers
    }
}
