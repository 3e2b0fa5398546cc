import CFlxChannel
import CLibc

/// One order on its way to the hub: looked up first if an earlier attempt may have reached it, then posted, until this
/// round has an end (decisions 11 to 13).
///
/// Invariant: holds the row's lease, which the kernel releases with the process, or has none because a stopped process
/// holds it. `sending` is committed before the first byte leaves; every outcome is saved under the fencingToken of that commit.
final class OrderSending {
    private(set) var row: OutboxRow
    private let client: Client
    private var lease: ByteLock?
    private let number: String
    private let wire: [UInt8]
    private var step: Step
    private var exchange: Exchange?
    private var hasBegun = false
    /// The order is too old to be sent again: one look-up decides.
    private let isLast: Bool
    /// It left in this round.
    private(set) var isSent = false
    private(set) var isGivenUp = false
    /// How long the last request of this round took, without the time that the host was away; nil if it failed.
    private(set) var drivenMs: Int64?
    /// Why the state file did not let it leave.
    private var unsaved: ChannelError?

    private enum Step {
        /// `refusal`: the hub said no to this round's attempt, which stands if it has no such order.
        case lookUp(OrderLookUp, refusal: Refusal?)
        case post
    }

    private struct Refusal {
        let code: Int32
        let message: String
        let event: Event
    }

    /// How an attempt or a look-up ended, and what is written down of it.
    enum Outcome {
        /// It is on its way, or waits for its slot.
        case waiting
        /// This round has its end, which is saved.
        case ended
        /// The host changed the order meanwhile: what its row says is true, and nothing was sent.
        case overtaken
        /// The token is refused: stop sending.
        case paused(ChannelError)
    }

    /// Look-ups that the hub may deny before the same bytes are sent again without one: it promises to deduplicate.
    private static let deniedTries: Int64 = 3
    /// Look-ups that may find nothing after the hub said that it has the order, whose list may be late, and after it named
    /// another one.
    private static let existsTries: Int64 = 6
    private static let toldTries: Int64 = 4

    init(_ client: Client, row: OutboxRow, number: String, wire: [UInt8], lease: ByteLock?, isLast: Bool) {
        self.client = client
        self.row = row
        self.number = number
        self.wire = wire
        self.lease = lease
        self.isLast = isLast
        // A row found `sending` under its lease was left by a process that died: its request may have arrived.
        if row.state == .sending { self.row.ambiguous = true }
        step = .post
        if self.row.ambiguous || row.toldId != nil { step = .lookUp(lookUp(), refusal: nil) }
    }

    private func lookUp() -> OrderLookUp {
        OrderLookUp(number: number, madeAt: Instant(ms: min(row.orderedAt ?? row.submittedAt, row.submittedAt)), client.lookUpManners)
    }

    // MARK: driverLock

    /// Does what can be done now. Only under the client's `driverLock`.
    func move() throws(ChannelError) -> Outcome {
        if lease == nil { lease = try? client.store.lease(row: row.id) }  // its holder may be gone by now
        do throws(ChannelError) {
            while true {
                let exchange = try current()
                guard let outcome = try client.move(exchange) else { return .waiting }
                self.exchange = nil
                hasBegun = true
                drivenMs = outcome.goodMs
                if let unsaved { throw unsaved }
                guard let end = try ended(outcome, exchange) else { continue }
                lease?.release()
                return end
            }
        } catch {
            guard error === Overtaken.error else { throw error }
            lease?.release()
            return .overtaken
        }
    }

    func abandon(_ transport: Transport) {
        if let exchange { transport.abandon(exchange) }
        exchange = nil
        lease?.release()
    }

    /// Nothing of it has left in this round.
    var isUntouched: Bool { !hasBegun && !isSent && exchange?.isOnWire != true && !hasEnded }

    /// It came to its end and was not looked at yet.
    var hasEnded: Bool { exchange?.isOver == true }

    /// What of it is on its way, or waits for its slot.
    var exchanges: [Exchange] { exchange.map { [$0] } ?? [] }

    private func current() throws(ChannelError) -> Exchange {
        if let exchange { return exchange }
        let made: Exchange
        switch step {
        case .post:
            var request = try client.request("createOrder", body: wire, priority: .order, fresh: true)
            request.isRepeat = row.attempts > 0
            made = Exchange(request) { [self] in markSending() }
        case .lookUp(let lookUp, _):
            let asked = lookUp.question
            var query = [("page", client.pageNumber(asked.page))]
            if let size = asked.size { query.append(("pageSize", "\(size)")) }
            var request = try client.request("listOrders", query: query + [(asked.filter, asked.value)], priority: .order)
            request.isRepeat = true
            made = Exchange(request)
        }
        exchange = made
        return made
    }

    /// Commits that the order is about to leave. False, and nothing leaves, if that cannot be stored.
    private func markSending() -> Bool {
        let (now, hubNow) = (Clock.wallMs(), client.clock.sureNow())
        do throws(ChannelError) {
            try change(Event("sending"), isLate: false) { row in
                row.state = .sending
                row.attempts &+= 1
                row.lookups = 0
                row.sentAt = now
                if row.attempts == 1 || (row.firstSentAt == nil && !row.ambiguous) { row.firstSentAt = hubNow }
            }
            isSent = true
            return true
        } catch {
            unsaved = error
            return false
        }
    }

    /// The end of the round, or nil if it goes on with another request.
    private func ended(_ outcome: ExchangeOutcome, _ exchange: Exchange) throws(ChannelError) -> Outcome? {
        var event = Event("posted")
        (event.httpStatus, event.requestId, event.tookMs) = (outcome.httpStatus, exchange.requestId, exchange.tookMs)
        switch step {
        case .post: return try posted(OrderReply.read(outcome, hiding: client.token), event)
        case .lookUp(var lookUp, let refusal):
            let finding = lookUp.read(outcome, hiding: client.token)
            client.lookUpManners = lookUp.manners
            step = .lookUp(lookUp, refusal: refusal)
            guard let finding else { return nil }
            return try lookedUp(finding, refusal, Event("looked_up", like: event))
        }
    }

    // MARK: the end of a post

    private func posted(_ end: OrderEnd, _ event: Event) throws(ChannelError) -> Outcome? {
        switch end {
        case .answered(let order, let isNew):
            client.identity.hear(order.channelId, from: "createOrder")
            return try named(order, isNew: isNew, event)
        case .refused(let code, let message, let mayExist):
            let refusal = Refusal(code: code, message: message, event: Event("posted", like: event, message))
            guard mayExist || row.ambiguous else { return try refused(refusal) }
            return goOn(with: refusal)
        case .exists(let message):
            return try again(.possiblyApplied, code: FLX_E_REFUSED, Event("posted", like: event, message)) { $0.ambiguous = true }
        case .unknown(let code, let message):
            let answeredAt = OrderSending.isOver(event.httpStatus) ? Clock.wallMs() : nil
            // What was not answered is looked up soon, and posted again only when its time is over.
            let longestMs = event.httpStatus == 0 ? OrderSending.heldByAllMs : Backoff.capMs
            return try again(.possiblyApplied, code: code, Event("posted", like: event, message), longestMs: longestMs) { row in
                row.ambiguous = true
                // Its time is over but for what its effect may take to show.
                if let answeredAt { row.sentAt = answeredAt &- (travelMs &- RateLimit.travelMs) }
            }
        case .notApplied(let code, let message):
            let verdict: Verdict = row.ambiguous ? .possiblyApplied : .notApplied
            return try again(
                verdict, code: code, Event("posted", like: event, message),
                longestMs: code == FLX_E_THROTTLED ? 0 : OrderSending.heldByAllMs)
        case .paused(let told):
            _ = try again(
                row.ambiguous ? .possiblyApplied : .notApplied, code: FLX_E_TOKEN, Event("posted", like: event, told.text), longestMs: 0)
            return .paused(ChannelError(FLX_E_TOKEN, told.ours, hubSaid: told.theirs))
        }
    }

    /// Whether an answer of this status says that the hub is through with the request: not one of a gateway that went away
    /// from it.
    private static func isOver(_ status: Int64) -> Bool {
        switch status {
        case 0, 408, 502, 504, 520...527: false
        default: true
        }
    }

    /// The hub said no, which may be its word for a repeat: one look-up tells.
    private func goOn(with refusal: Refusal) -> Outcome? {
        step = .lookUp(lookUp(), refusal: refusal)
        return nil
    }

    /// An answer to our own attempt named an order. Nothing is posted any more, whatever number it bears.
    private func named(_ order: HubOrder, isNew: Bool, _ event: Event) throws(ChannelError) -> Outcome {
        let likeness = order.isNameless ? .same : order.likeness(to: number)
        guard likeness != .other else { return try told(order, "the hub answered with an order of another number", event) }
        return try resolve(order, isNew: isNew, event)
    }

    /// The hub's answer was about some other order. It took something: that must be found, and is not sent again.
    private func told(_ order: HubOrder, _ message: String, _ event: Event) throws(ChannelError) -> Outcome {
        let message = "\(message) (\(order.id)); it is looked up and not sent again"
        return try again(.possiblyApplied, code: FLX_E_CONTRACT, Event("posted", like: event, message)) { row in
            row.ambiguous = true
            row.toldId = order.id
        }
    }

    private func refused(_ refusal: Refusal) throws(ChannelError) -> Outcome {
        try resolve(.refused, code: refusal.code, refusal.event) { $0.ambiguous = false }
    }

    // MARK: the end of a look-up

    private func lookedUp(_ finding: OrderLookUp.Finding, _ refusal: Refusal?, _ event: Event) throws(ChannelError) -> Outcome? {
        switch finding {
        case .found(let orders):
            let ours = try candidates(orders)
            // Another spelling of the number, or only our reference, needs more than silence to be ours.
            let isDenied = (refusal != nil && !row.ambiguous) || (hubSaidItExists && row.attempts == 1)
            if let order = ours.first { return try resolve(order, isNew: false, isDenied: isDenied, event) }
            return try nothingFound(refusal, event)
        case .nothing: return try nothingFound(refusal, event)
        case .denied:
            if let refusal, !row.ambiguous { return try refused(refusal) }
            if isLast || row.toldId != nil, row.lookups &+ 1 >= OrderSending.deniedTries { return try givenUp(event) }
            guard row.lookups &+ 1 >= OrderSending.deniedTries, !isTravelling else {
                return try lookAgain(Event("looked_up", like: event, "this token may not look orders up"))
            }
            step = .post
            try note(Event("looked_up", like: event, "this token may not look orders up; the same bytes are sent again"))
            return nil
        case .unclear(let message):
            if let refusal, !row.ambiguous { return try refused(refusal) }
            if isLast, row.lookups &+ 1 >= OrderSending.deniedTries { return try givenUp(event) }
            return try lookAgain(Event("looked_up", like: event, message))
        }
    }

    private func nothingFound(_ refusal: Refusal?, _ event: Event) throws(ChannelError) -> Outcome? {
        let message = "the hub shows no order of this number"
        if let refusal, !(row.ambiguous && isTravelling) {
            try note(Event("looked_up", like: event, message))
            return try refused(refusal)
        }
        if isLast { return try givenUp(event) }
        // A list may be late, and a request may still be on its way, or at work at the hub.
        guard !isTravelling else { return try lookAgain(Event("looked_up", like: event, message)) }
        if row.toldId != nil || hubSaidItExists {
            guard row.lookups &+ 1 >= (row.toldId == nil ? OrderSending.existsTries : OrderSending.toldTries) else { return try lookAgain(Event("looked_up", like: event, message)) }
            return try givenUp(event)
        }
        step = .post
        try note(Event("looked_up", like: event, message))
        return nil
    }

    /// The hub answered 409; nothing else leaves a queued order with this code.
    private var hubSaidItExists: Bool { row.code == Int64(FLX_E_REFUSED) }

    /// Whether the last attempt may still be on its way, or at work at the hub.
    private var isTravelling: Bool {
        guard let sentAt = row.sentAt, row.toldId == nil, !hubSaidItExists else { return false }  // those were answered
        return Clock.wallMs() &- sentAt < travelMs
    }

    /// How long a request is on its way and at work at the hub, at most: as long as an answer is waited for, and what a request
    /// may travel that nobody waits for any more.
    private var travelMs: Int64 { client.settings.httpAttemptMs &+ RateLimit.travelMs }

    /// When this content left first, by the hub's clock. If that was not known then, it follows from when the only attempt left
    /// by ours, unless ours was set back since.
    private var firstSentAt: Int64? {
        if let known = row.firstSentAt { return known }
        let now = Clock.wallMs()
        guard row.attempts == 1, let sentAt = row.sentAt, sentAt <= now, let hubNow = client.clock.sureNow() else { return nil }
        return hubNow &- (now &- sentAt)
    }

    /// How much later it is by our clock than by the hub's.
    private var gapMs: Int64 { client.clock.sureNow().map { Clock.wallMs() &- $0 } ?? 0 }

    /// Those that may be ours: of no other order of this outbox, and of no other channel.
    private func candidates(_ orders: [HubOrder]) throws(ChannelError) -> [HubOrder] {
        let (own, likely) = (client.identity.known, client.identity.likely)
        let sent = OrderContent(sent: wire, client.settings.names)
        let (firstSentAt, gapMs) = (firstSentAt, gapMs)
        return try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in
                var ours: [HubOrder] = []
                for order in orders {
                    if let own, let theirs = order.channelId, !Text.isSame(own, theirs) { continue }
                    // A channel that is only likely ours does not outweigh equal content.
                    if own == nil, let likely, let theirs = order.channelId, !Text.isSame(likely, theirs),
                        !sent.differences(from: order.content).isEmpty { continue }
                    if let other = try client.store.outbox.row(hubId: order.id), other.id != row.id { continue }
                    if order.likeness(to: number) == .same {
                        ours.append(order)
                        continue
                    }
                    if let theirs = order.orderNumber,
                        let other = try client.store.outbox.row(numberHash: client.hash(of: theirs)), other.id != row.id { continue }
                    if case .ours = OrderOwner.of(order, sent: sent, firstSentAt: firstSentAt, gapMs: gapMs) { ours.append(order) }
                }
                return ours
            }
        }
    }

    private func lookAgain(_ event: Event) throws(ChannelError) -> Outcome {
        let now = Clock.wallMs()
        // While the request may travel it is looked for at once, once more, and at the end: look-ups draw on the retry budget.
        let sentAt = row.sentAt.map { min($0, now) }  // C-02: the clock was set back, and the wait begins anew
        let rest = isTravelling ? max(1000, (sentAt ?? now) &+ travelMs &- now) : nil
        let wait = rest.map { row.lookups == 0 ? max(1000, $0 / 8) : $0 }
        return try again(
            .possiblyApplied, code: Int32(truncatingIfNeeded: row.code), event, exactlyMs: wait, keepsMessage: row.code != 0
        ) { row in
            row.lookups &+= 1
            row.sentAt = sentAt
        }
    }

    /// What is said of it last stays as it is.
    private func givenUp(_ event: Event) throws(ChannelError) -> Outcome {
        isGivenUp = true
        let message = row.message.isEmpty ? "no attempt had a clear end; look for the order at the hub" : row.message
        return try resolve(.possiblyApplied, code: Int32(truncatingIfNeeded: row.code), Event("given_up", like: event, message))
    }

    // MARK: verdicts

    /// The hub has an order under our number: whose it is decides. No order of the hub belongs to two of ours, which is
    /// asked in the transaction that says so.
    private func resolve(_ order: HubOrder, isNew: Bool, isDenied: Bool = false, _ event: Event) throws(ChannelError) -> Outcome {
        let sent = OrderContent(sent: wire, client.settings.names)
        let owner = OrderOwner.of(order, sent: sent, firstSentAt: firstSentAt, isNew: isNew, isDenied: isDenied, gapMs: gapMs)
        var isTaken = false
        let (id, outbox) = (row.id, client.store.outbox)
        let whose = { () throws(StateError) in isTaken = try outbox.row(hubId: order.id).map { $0.id != id } ?? false }
        try change(event, first: whose) { row in
            guard !isTaken else {
                row.state = .queued
                row.verdict = .possiblyApplied
                row.ambiguous = true
                row.toldId = order.id
                row.nextAt = Clock.wallMs() &+ Backoff.delayMs(attempt: 1, jitter: self.client.jitter)
                (row.code, row.message) = (Int64(FLX_E_CONTRACT), "the hub answered with order \(order.id), which is another one's; it is looked up and not sent again")
                return
            }
            row.state = .resolved
            row.resolvedAt = Clock.wallMs()
            row.judge(order, owner)
        }
        if row.verdict == .applied { client.noteSuccess() }
        tell(event)
        return .ended
    }

    private func resolve(
        _ verdict: Verdict, code: Int32, _ event: Event, _ more: (inout OutboxRow) -> Void = { _ in }
    ) throws(ChannelError) -> Outcome {
        try change(event) { row in
            row.state = .resolved
            row.verdict = verdict
            row.resolvedAt = Clock.wallMs()
            (row.code, row.message) = (Int64(code), event.message)
            more(&row)
        }
        tell(event)
        return .ended
    }

    /// Where nothing reached the hub the rate limit holds everybody back, for as long as it takes. The order itself waits no
    /// longer than this, so that the oldest asks first whether the hub is back (N-21, R-02 to R-04).
    private static let heldByAllMs: Int64 = 5_000

    /// Queues it for another round. Its place is free for others meanwhile.
    private func again(
        _ verdict: Verdict, code: Int32, _ event: Event, longestMs: Int64 = Backoff.capMs, exactlyMs: Int64? = nil, keepsMessage: Bool = false,
        _ more: (inout OutboxRow) -> Void = { _ in }
    ) throws(ChannelError) -> Outcome {
        let jitter = client.jitter
        try change(event) { row in
            row.state = .queued
            row.verdict = verdict
            if !keepsMessage { (row.code, row.message) = (Int64(code), event.message) }
            more(&row)
            let rounds = max(1, row.lookups > 0 ? row.lookups : row.attempts)
            row.nextAt = Clock.wallMs() &+ (exactlyMs ?? min(longestMs, Backoff.delayMs(attempt: rounds, jitter: jitter)))
        }
        tell(event)
        return .ended
    }

    // MARK: saving

    /// Changes the row as it stands, under our fencingToken. Throws `Overtaken.error` if that is gone.
    private func change(
        _ event: Event, isLate: Bool = true, first: () throws(StateError) -> Void = {}, _ body: (inout OutboxRow) -> Void
    ) throws(ChannelError) {
        let (id, fencingToken, isAmbiguous, store) = (row.id, row.fencingToken, row.ambiguous, client.store)
        let firstSentAt = firstSentAt
        let write = { () throws(StateError) -> OutboxRow? in
            try store.write { () throws(StateError) in
                try first()
                return try store.outbox.change(id, fencingToken: fencingToken, at: Clock.wallMs(), event) { row in
                    // What this round found out about the attempts before it.
                    row.ambiguous = row.ambiguous || isAmbiguous
                    row.firstSentAt = firstSentAt
                    body(&row)
                }
            }
        }
        // What was not sent yet can wait for the next call; what the hub did is written down however late it is.
        guard let changed = isLate ? try client.record(write) : try client.state(write) else { throw Overtaken.error }
        row = changed
    }

    private func note(_ event: Event) throws(ChannelError) {
        let (id, store) = (row.id, client.store)
        try client.record { () throws(StateError) in
            try store.write { () throws(StateError) in try store.events.append(row: id, at: Clock.wallMs(), event, .none) }
        }
    }

    private func tell(_ event: Event) {
        client.log.write(
            row.verdict == .applied ? .info : .warn, "order.\(event.what)",
            [
                ("row", .number(row.id)), ("verdict", .text(row.verdict.name)), ("http_status", .number(event.httpStatus)),
                // No words of the hub: it may name the buyer.
                ("code", .text(row.code == 0 ? "" : StatusName.of(Int32(clamping: row.code)))),
            ])
    }
}

/// The row changed under another hand; its outcome stands there.
private enum Overtaken {
    static let error = ChannelError(FLX_E_STATE, "another process took this order over; its outcome stands there")
}

extension Event {
    /// Another event of the same request, with what is to be said of it.
    init(_ what: StaticString, like other: Event, _ message: String = "") {
        self.init(what)
        (httpStatus, requestId, tookMs) = (other.httpStatus, other.requestId, other.tookMs)
        self.message = message
    }
}

extension OutboxRow {
    /// What the hub's order under our number is to us.
    fileprivate mutating func judge(_ order: HubOrder, _ owner: OrderOwner) {
        func list(_ paths: [String]) -> String { paths.joined(separator: ", ") }
        switch owner {
        case .ours(let differing):
            (hubId, hubStatus, watched) = (order.id, order.orderStatus, !order.isFinal)
            (verdict, ambiguous, toldId, code) = (.applied, false, nil, 0)
            message = differing.isEmpty ? "" : "the hub shows it with other \(list(differing)) than were sent"
        case .unclear(let differing):
            (verdict, toldId, code) = (.possiblyApplied, order.id, Int64(FLX_E_CONFLICT))
            message = "order \(order.id) at the hub has this number and other \(list(differing)); compare the two at the hub"
        case .somebodyElse(let differing):
            (verdict, ambiguous, code) = (.refused, false, Int64(FLX_E_CONFLICT))
            message = "order \(order.id) at the hub had this number before and has other \(list(differing)); use another number"
        }
    }
}
