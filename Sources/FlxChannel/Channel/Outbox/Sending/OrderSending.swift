import CFlxChannel

/// Drives one order's round: asks the hub what the round wants to know, and saves what the round makes of the answers.
///
/// Invariant: holds the row's lease, which the kernel releases with the process, or has none because a stopped process
/// holds it. `sending` is committed before the first byte leaves; every outcome is saved under the fencing token of that commit.
final class OrderSending {
    private let client: Client
    private var lease: (any OrderLease)?
    private var round: OrderRound
    private var exchange: Exchange?
    private var progress = Progress.untouched
    /// What the last answer of this round said; nil if there was none of use.
    private(set) var good: GoodAnswer?

    /// How far this round came.
    private enum Progress {
        /// Nothing of it has left.
        case untouched
        /// A request of it is over, but the order was not sent.
        case begun
        case sent
        /// The state file did not let it leave.
        case unsaved(ChannelError)
        /// The row changed under another hand before it left; its outcome stands there.
        case overtaken
    }

    /// What became of an order in a round.
    struct End {
        let verdict: Verdict
        /// It was sent in this round.
        let isSent: Bool
        let isGivenUp: Bool
    }

    enum Outcome {
        /// It is on its way, or waits for its slot.
        case waiting
        /// This round has its end, which is saved.
        case ended(End)
        /// The host changed the order meanwhile: what its row says is true, and nothing was sent.
        case overtaken
        /// The token is refused: stop sending.
        case paused(End, ChannelError)
    }

    init(_ client: Client, row: OutboxRow, number: String, wire: [UInt8], lease: (any OrderLease)?, isLast: Bool) {
        self.client = client
        self.lease = lease
        round = OrderRound(
            row: row, number: number, wire: wire, names: client.settings.names, attemptMs: client.settings.httpAttemptMs,
            lateMs: client.settings.feedsLateS * 1000, isLast: isLast,
            manners: OrderSending.manners(client))
    }

    /// The id of its row.
    var id: Int64 { round.row.id }

    /// Nothing of it has left in this round.
    var isUntouched: Bool {
        guard case .untouched = progress else { return false }
        return exchange?.isOnWire != true && exchange?.isOver != true
    }

    /// What of it is on its way, or waits for its slot.
    var exchanges: [Exchange] { exchange.map { [$0] } ?? [] }

    // MARK: driving

    /// Does what can be done now. Only under the client's `driverLock`.
    func move() throws(ChannelError) -> Outcome {
        if lease == nil { lease = try? client.store.lease(row: id) }  // its holder may be gone by now
        while true {
            let exchange = try current()
            guard let outcome = try client.move(exchange) else { return .waiting }
            self.exchange = nil
            good = outcome.good
            guard let end = try take(outcome, of: exchange) else { continue }
            lease?.release()
            return end
        }
    }

    func abandon(_ transport: Transport) {
        if let exchange { transport.abandon(exchange) }
        exchange = nil
        lease?.release()
    }

    private func current() throws(ChannelError) -> Exchange {
        if let exchange { return exchange }
        let made = try next()
        exchange = made
        return made
    }

    /// What the round wants to know next, as a request.
    private func next() throws(ChannelError) -> Exchange {
        switch round.step {
        case .post:
            var request = try client.request(OperationTable.createOrder, body: round.wire, priority: .order, fresh: true)
            request.isRepeat = round.row.attempts > 0
            return Exchange(request) { [self] in markSending() }
        case .lookUp(let lookUp, _):
            let asked = lookUp.question
            var query = [("page", client.pageNumber(asked.page))]
            if let size = asked.size { query.append(("pageSize", "\(size)")) }
            var request = try client.request(
                OperationTable.listOrders, query: query + [(asked.filter, asked.value)], priority: .order)
            // A look-up draws on the retry budget once: the hub answered what comes before its other questions.
            request.isRepeat = lookUp.isAtFirstQuestion
            return Exchange(request)
        }
    }

    /// Commits that the order is about to leave. False, and nothing leaves, if that cannot be stored.
    private func markSending() -> Bool {
        let sending = OrderChange.send(at: client.store.clock.wallMs(), hubNow: client.clock.sureNow())
        do throws(ChannelError) {
            progress = try save(sending, Event("sending"), isLate: false) ? .sent : .overtaken
        } catch {
            progress = .unsaved(error)
        }
        if case .sent = progress { return true }
        return false
    }

    /// The end of the round, or nil if it goes on with another request.
    private func take(_ outcome: ExchangeOutcome, of exchange: Exchange) throws(ChannelError) -> Outcome? {
        switch progress {
        case .unsaved(let error): throw error
        case .overtaken: return .overtaken
        case .untouched: progress = .begun
        case .begun, .sent: break
        }
        switch try read(outcome, exchange) {
        case .ask(let note):
            try write(note)
            return nil
        case .end(let change, let event, let note):
            try write(note)
            return try end(change, event).map { .ended($0) } ?? .overtaken
        case .pause(let change, let event, let told):
            let error = ChannelError(FLX_E_TOKEN, told.ours, hubSaid: told.theirs)
            return try end(change, event).map { .paused($0, error) } ?? .overtaken
        }
    }

    /// What the round makes of an answer.
    private func read(_ outcome: ExchangeOutcome, _ exchange: Exchange) throws(ChannelError) -> OrderRound.Move {
        func event(_ what: StaticString) -> Event {
            var event = Event(what)
            (event.httpStatus, event.requestId, event.tookMs) = (outcome.httpStatus, exchange.requestId, exchange.tookMs)
            return event
        }
        switch round.step {
        case .post: return posted(OrderReply.read(outcome, hiding: client.token), event("posted"))
        case .lookUp:
            let finding = round.heard(outcome, hiding: client.token)
            if let manners = round.manners { client.lookUpManners = manners }
            guard let finding else { return .ask() }
            return try lookedUp(finding, event("looked_up"))
        }
    }

    private func posted(_ end: OrderEnd, _ event: Event) -> OrderRound.Move {
        if case .answered(let order, _) = end { client.identity.hear(order.channelId, from: "createOrder") }
        return round.posted(end, event, moment)
    }

    private func lookedUp(_ finding: OrderLookUp.Finding, _ event: Event) throws(ChannelError) -> OrderRound.Move {
        guard case .found(let orders) = finding else { return round.lookedUp(finding, event, moment) }
        let ours = try OrderCandidates(client: client, round: round, moment: moment).among(orders)
        return round.lookedUp(.found(ours), event, moment)
    }

    /// How this hub wants to be asked, with an order that it has as long as nobody saw its filter find one.
    private static func manners(_ client: Client) -> OrderLookUp.Manners {
        let known = client.lookUpManners
        if !known.findsByNumber, !known.overlooksNumber, known.witness == nil { findWitness(client) }
        return client.lookUpManners
    }

    /// By itself, for a row takes room on the host's stack.
    @inline(never)
    private static func findWitness(_ client: Client) {
        client.lookUpManners.witness = try? client.stored { store throws(StateError) in try store.outbox.newestApplied()?.number }
    }

    private var moment: OrderRound.Moment {
        OrderRound.Moment(
            now: client.store.clock.wallMs(), hubNow: client.clock.sureNow(), manners: OrderSending.manners(client))
    }

    // MARK: saving

    /// Saves how the round ended; nil if another hand changed the row meanwhile.
    private func end(_ change: OrderChange, _ event: Event) throws(ChannelError) -> End? {
        guard try save(change, event) else { return nil }
        if case .judge = change, round.row.verdict == .applied { client.noteSuccess() }
        tell(event)
        var (isSent, isGivenUp) = (false, false)
        if case .sent = progress { isSent = true }
        if case .giveUp = change { isGivenUp = true }
        return End(verdict: round.row.verdict, isSent: isSent, isGivenUp: isGivenUp)
    }

    /// Changes the row as it stands, under our fencing token; false if that is gone.
    private func save(_ change: OrderChange, _ event: Event, isLate: Bool = true) throws(ChannelError) -> Bool {
        let (row, store, jitter) = (round.row, client.store, client.jitter)
        let firstSentAt = round.firstSentAt(moment)
        let write = { [self] () throws(StateError) -> OutboxRow? in
            try store.write { () throws(StateError) in
                let change = try checked(change)
                return try store.outbox.change(row.id, fencingToken: row.fencingToken, at: client.store.clock.wallMs(), event) {
                    saved in
                    // What this round found out about the attempts before it.
                    saved.ambiguous = saved.ambiguous || row.ambiguous
                    saved.firstSentAt = firstSentAt
                    change.apply(to: &saved, at: client.store.clock.wallMs(), jitter: jitter)
                }
            }
        }
        // What was not sent yet can wait for the next call; what the hub did is written down however late it is.
        guard let saved = isLate ? try client.record(write) : try client.state(write) else { return false }
        round.saved(saved)
        return true
    }

    /// No order of the hub belongs to two of ours, which is asked in the transaction that says so.
    private func checked(_ change: OrderChange) throws(StateError) -> OrderChange {
        guard case .judge(let order, _) = change else { return change }
        let (id, outbox) = (id, client.store.outbox)
        let isTaken = try outbox.row(hubId: order.id).map { $0.id != id } ?? false
        return isTaken ? .another(order) : change
    }

    private func write(_ note: Event?) throws(ChannelError) {
        guard let note else { return }
        let (id, store) = (id, client.store)
        try client.record { () throws(StateError) in
            try store.write { () throws(StateError) in
                try store.events.append(row: id, at: client.store.clock.wallMs(), note, .none)
            }
        }
    }

    private func tell(_ event: Event) {
        let row = round.row
        client.log.write(
            row.verdict == .applied ? .info : .warn, "order.\(event.what)",
            [
                ("row", .number(row.id)), ("verdict", .text(row.verdict.name)), ("http_status", .number(event.httpStatus)),
                // No words of the hub: it may name the buyer.
                ("code", .text(row.code == 0 ? "" : StatusName.of(Int32(clamping: row.code)))),
            ])
    }
}
