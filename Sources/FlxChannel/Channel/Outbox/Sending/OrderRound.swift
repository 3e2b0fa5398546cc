import CFlxChannel

/// One round of an order: what the hub is asked next, and what its answer means for the order's row (decisions 11 to 13).
///
/// A pure state machine: it has no client, no state file, and no clock but the moment that comes with each event; questions
/// change nothing. Invariant: an order that may have reached the hub is posted again only after a look-up that found nothing
/// once that attempt's time was over, or that the hub denied again and again.
struct OrderRound {
    /// As it was saved last, with what this round found out about the attempts before it.
    private(set) var row: OutboxRow
    /// What to ask of the hub next.
    var step: Step
    /// The order is too old to be sent again: one look-up decides.
    let isLast: Bool
    let number: String
    let wire: [UInt8]
    let names: WireNames
    /// How long a request is on its way and at work at the hub, at most: as long as an answer is waited for, and what a request
    /// may travel that nobody waits for any more.
    let travelMs: Int64
    /// How long an attempt waits for its answer.
    let attemptMs: Int64

    enum Step {
        case post
        /// `refusal`: the hub said no to this round's attempt, which stands if it has no such order.
        case lookUp(OrderLookUp, refusal: Refusal?)
    }

    /// The hub's no to an attempt, and what is written down of it.
    struct Refusal {
        let code: Int32
        let event: Event
    }

    /// What is to be done now that a request has its end.
    enum Move {
        /// Write the note down, if there is one, and ask what `step` says.
        case ask(note: Event? = nil)
        /// Write the note down, and save the change with its event: the round is over.
        case end(OrderChange, Event, note: Event? = nil)
        /// The same, and stop sending: the hub refuses the token.
        case pause(OrderChange, Event, Told)
    }

    /// The clocks, and how this hub wants to be asked, when something happens.
    struct Moment {
        /// Ours; wall clock.
        let now: Int64
        /// The hub's; nil if it is not known for sure.
        let hubNow: Int64?
        var manners = OrderLookUp.Manners()

        /// How much later it is by our clock than by the hub's.
        var gapMs: Int64 { hubNow.map { now &- $0 } ?? 0 }
    }

    init(
        row: OutboxRow, number: String, wire: [UInt8], names: WireNames, attemptMs: Int64, lateMs: Int64 = 0, isLast: Bool,
        manners: OrderLookUp.Manners
    ) {
        self.row = row
        self.number = number
        self.wire = wire
        self.names = names
        self.isLast = isLast
        self.attemptMs = attemptMs
        travelMs = attemptMs &+ max(RateLimit.travelMs, lateMs)
        // A row found `sending` under its lease was left by a process that died: its request may have arrived.
        if row.state == .sending { self.row.ambiguous = true }
        step = .post
        if self.row.ambiguous || row.toldId != nil { step = .lookUp(lookUp(manners), refusal: nil) }
    }

    /// The row was saved like this.
    mutating func saved(_ row: OutboxRow) { self.row = row }

    func lookUp(_ manners: OrderLookUp.Manners) -> OrderLookUp {
        OrderLookUp(number: number, madeAt: Instant(ms: min(row.orderedAt ?? row.submittedAt, row.submittedAt)), manners)
    }

    // MARK: what is known of the attempts

    /// What was sent, to be compared with what the hub shows.
    var sent: OrderContent { OrderContent(sent: wire, names) }

    /// The hub answered 409; nothing else leaves a queued order with this code.
    var hubSaidItExists: Bool { row.code == Int64(FLX_E_REFUSED) }

    /// Whether the last attempt may still be on its way, or at work at the hub.
    func isTravelling(at now: Int64) -> Bool {
        guard let sentAt = row.sentAt, row.toldId == nil, !hubSaidItExists else { return false }  // those were answered
        return now &- sentAt < travelMs
    }

    /// When this content left first, by the hub's clock. If that was not known then, it follows from when the only attempt left
    /// by ours, unless ours was set back since.
    func firstSentAt(_ moment: Moment) -> Int64? {
        if let known = row.firstSentAt { return known }
        guard row.attempts == 1, let sentAt = row.sentAt, sentAt <= moment.now, let hubNow = moment.hubNow else { return nil }
        return hubNow &- (moment.now &- sentAt)
    }

    /// The hub has an order under our number: whose it is decides.
    func judged(_ order: HubOrder, isNew: Bool, isDenied: Bool = false, _ moment: Moment) -> OrderChange {
        let owner = OrderOwner.of(
            order, sent: sent, firstSentAt: firstSentAt(moment), isNew: isNew, isDenied: isDenied, gapMs: moment.gapMs)
        return .judge(order, owner)
    }

    func refused(_ refusal: Refusal, note: Event? = nil) -> Move {
        .end(.refuse(code: refusal.code, message: refusal.event.message), refusal.event, note: note)
    }
}

extension Event {
    /// The same, with what is to be said of it.
    func saying(_ message: String) -> Event {
        var event = self
        event.message = message
        return event
    }

    /// Another event of the same request, with what is to be said of it.
    init(_ what: StaticString, like other: Event, _ message: String) {
        self.init(what)
        (httpStatus, requestId, tookMs) = (other.httpStatus, other.requestId, other.tookMs)
        self.message = message
    }
}
