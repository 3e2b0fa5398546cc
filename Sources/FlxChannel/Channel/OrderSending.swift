import CFlxChannel
import CLibc

/// One order on its way to the hub: looked up first if an earlier attempt may have reached it, then posted, until this
/// round has an end (decisions 11 to 13).
///
/// Invariant: holds the row's claim, which the kernel releases with the process, or has none because a stopped process
/// holds it. `sending` is committed before the first byte leaves; every outcome is saved under the fence of that commit.
final class OrderSending {
    private(set) var row: OutboxRow
    private let client: Client
    private var claim: ByteLock?
    private let number: String
    private let wire: [UInt8]
    private var step: Step
    private var exchange: Exchange?
    /// Of the last exchange.
    private var attempt = (requestId: "", tookMs: Int64(0))
    private var fence: Int64
    private var saving: ChannelError?
    private var isOvertaken = false
    private var hasBegun = false
    /// The order is too old to be sent again: one look-up decides.
    private let isLast: Bool
    /// It left in this round.
    private(set) var isSent = false
    private(set) var isGivenUp = false
    /// How long the last request of this round took, without the time that the host was away; nil if it failed.
    private(set) var drivenMs: Int64?
    private var learntChannelId: String?
    private var scope: ChannelScope?

    private enum Step {
        case lookUp(page: Int)
        /// Orders of our number: another channel may have one too (contract 9, row 18).
        case identify([HubOrder], page: Int, ExchangeOutcome)
        case post
    }

    /// Pages that a look-up may read when the hub ignores the number.
    private static let lookUpPages = 5
    /// Look-ups that may go wrong before the same bytes are sent again without one: the hub promises to deduplicate.
    private static let lookUpTries: Int64 = 3

    init(_ client: Client, row: OutboxRow, number: String, wire: [UInt8], claim: ByteLock?, isLast: Bool) {
        self.client = client
        self.row = row
        self.number = number
        self.wire = wire
        self.claim = claim
        self.isLast = isLast
        fence = row.fence
        // A row found `sending` under its claim was left by a process that died: its request may have arrived.
        if row.state == .sending { self.row.ambiguous = true }
        step = self.row.ambiguous && (isLast || row.lookups < OrderSending.lookUpTries) ? .lookUp(page: 1) : .post
    }

    enum Outcome {
        /// The deadline is over; the exchange stays on its way.
        case waiting
        /// This round has its end, which is saved.
        case ended
        /// The host discarded or retried the order meanwhile: what its row says is true, and nothing was sent.
        case overtaken
        /// The token is refused: stop sending.
        case paused(ChannelError)
    }

    /// Works until this round ends or the deadline is over. Only under the client's `driving`.
    func drive(by deadline: Deadline) throws(ChannelError) -> Outcome {
        if claim == nil { claim = try? client.store.claim(row: row.id) }  // its holder may be gone by now
        do { return try goOn(by: deadline) } catch {
            guard isOvertaken else { throw error }
            claim?.release()
            return .overtaken
        }
    }

    private func goOn(by deadline: Deadline) throws(ChannelError) -> Outcome {
        while true {
            if case .identify(let orders, let page, let shown) = step {
                let scope = try knownScope()
                do {
                    guard try scope.settle(orders.map { $0.channelId }, by: deadline) else { return .waiting }
                } catch {
                    if error.code == FLX_E_CANCELLED { throw error }
                    return try notLookedUp(shown)
                }
                if let ours = orders.first(where: { !scope.isForeign($0.channelId) }) { return try found(ours, shown) }
                if let end = try lookFurther(page, shown, isOver: false) { return end }
            }
            let exchange = try current()
            guard let outcome = try client.finish(exchange, by: deadline) else { return .waiting }
            self.exchange = nil
            attempt = (exchange.requestId, exchange.tookMs)
            hasBegun = true
            drivenMs = outcome.goodMs
            if let saving { throw saving }
            switch step {
            case .lookUp(let page):
                if let end = try lookedUp(outcome, page: page) { return end }
            case .post:
                return try posted(outcome)
            case .identify: break
            }
        }
    }

    func abandon(_ transport: Transport) {
        if let exchange { transport.abandon(exchange) }
        exchange = nil
        scope?.abandon()
        claim?.release()
    }

    /// Nothing of it has left in this round.
    var isUntouched: Bool { !hasBegun && !isSent && exchange?.isOnWire != true && !hasEnded }

    var hasEnded: Bool { exchange?.isOver == true }

    /// Lets an untouched order go.
    func giveBack() { abandon(client.transport) }

    private func current() throws(ChannelError) -> Exchange {
        if let exchange { return exchange }
        let made: Exchange
        switch step {
        case .post, .identify:
            var request = try client.request("createOrder", body: wire, priority: .order, fresh: true)
            request.isRepeat = row.attempts > 0
            made = Exchange(request) { [self] in markSending() }
        case .lookUp(let page):
            let query = [("page", client.pageNumber(page)), ("pageSize", "100"), ("orderNumber", number)]
            var request = try client.request("listOrders", query: query, priority: .order)
            request.isRepeat = true
            made = Exchange(request)
        }
        exchange = made
        return made
    }

    /// Commits that the order is about to leave. False, and nothing leaves, if that cannot be stored.
    private func markSending() -> Bool {
        var next = row
        next.state = .sending
        next.attempts += 1
        next.lookups = 0
        next.fence = fence + 1
        do {
            try save(next, what: "sending", httpStatus: 0, verdict: .none, message: "", requestId: "", tookMs: 0)
            isSent = true
            return true
        } catch {
            saving = error
            return false
        }
    }

    // MARK: the end of a post

    private func posted(_ outcome: ExchangeOutcome) throws(ChannelError) -> Outcome {
        var next = row
        let end = OrderReply.read(outcome, number: number, hiding: client.token)
        switch end {
        case .applied(let order):
            learntChannelId = order.channelId  // only the answer to a post is of our channel beyond doubt
            resolve(&next, with: order)
        case .refused(let code, let message):
            // An earlier attempt may have arrived, and this refusal may be of the repeat, in words that we do not know.
            if row.ambiguous, isYoung {
                again(&next, .possiblyApplied, code: code, message: message, retryAfterMs: nil)
            } else {
                resolve(&next, .refused, code: code, message: message)
            }
        case .unknown(let code, let message):
            next.ambiguous = true
            again(&next, .possiblyApplied, code: code, message: message, retryAfterMs: nil)
        case .exists(let message):
            next.ambiguous = true
            again(&next, .possiblyApplied, code: FLX_E_REFUSED, message: "the hub has an order of this number: \(message)", retryAfterMs: nil)
        case .notApplied(let code, let message, let retryAfterMs):
            again(
                &next, row.ambiguous ? .possiblyApplied : .notApplied, code: code, message: message, retryAfterMs: retryAfterMs,
                longestMs: code == FLX_E_THROTTLED ? 0 : OrderSending.heldByAllMs)
        case .paused(let message):
            next.state = .queued
            next.verdict = row.ambiguous ? .possiblyApplied : .notApplied
            (next.code, next.message) = (Int64(FLX_E_TOKEN), message)
        }
        try save(next, what: "posted", outcome)
        if case .paused(let message) = end {
            claim?.release()
            return .paused(ChannelError(FLX_E_TOKEN, message))
        }
        claim?.release()
        return .ended
    }

    /// Whether an order may still turn up at the hub that an attempt brought there.
    private var isYoung: Bool {
        Clock.wallMs() &- (row.resolvedAt ?? row.submittedAt) < OrderSending.doubtMs
    }

    /// For how long a refusal does not outweigh an earlier attempt whose end is unknown.
    private static let doubtMs: Int64 = 2 * 3_600_000

    // MARK: the end of a look-up

    /// Nil if the round goes on: with the next page, or with the post.
    private func lookedUp(_ outcome: ExchangeOutcome, page: Int) throws(ChannelError) -> Outcome? {
        guard let orders = HubOrder.list(outcome, hiding: client.token) else {
            return try notLookedUp(outcome)
        }
        let found = orders.filter { $0.hasNumber(number) }
        if found.isEmpty { return try lookFurther(page, outcome, isOver: orders.isEmpty) }
        step = .identify(found, page: page, outcome)
        return nil
    }

    /// contract 9, row 17: a list that this token may not read must not stop the orders.
    private func notLookedUp(_ outcome: ExchangeOutcome) throws(ChannelError) -> Outcome {
        guard !isLast || row.lookups + 1 < OrderSending.lookUpTries else { return try givenUp(outcome) }
        var next = row
        next.state = .queued
        next.lookups += 1
        again(&next, .possiblyApplied, code: FLX_E_HUB, message: "the order could not be looked up", retryAfterMs: nil)
        try save(next, what: "looked_up", outcome)
        claim?.release()
        return .ended
    }

    private func knownScope() throws(ChannelError) -> ChannelScope {
        if let scope { return scope }
        let made = try ChannelScope(client, isDocumented: false)
        scope = made
        return made
    }

    /// Other orders came back (contract 8.12): ours may be on a later page. At the end of the list it is posted.
    private func lookFurther(_ page: Int, _ outcome: ExchangeOutcome, isOver: Bool) throws(ChannelError) -> Outcome? {
        if !isOver, page < OrderSending.lookUpPages {
            step = .lookUp(page: page + 1)
            return nil
        }
        if isLast { return try givenUp(outcome) }
        try event("looked_up", outcome, verdict: .none, message: "the hub shows no order of this number")
        step = .post
        return nil
    }

    /// The last look-up did not find it: its verdict and what was said last stay as they are.
    private func givenUp(_ outcome: ExchangeOutcome) throws(ChannelError) -> Outcome {
        isGivenUp = true
        var next = row
        resolve(&next, .possiblyApplied, code: Int32(truncatingIfNeeded: row.code), message: row.message)
        try save(next, what: "given_up", outcome)
        claim?.release()
        return .ended
    }

    private func found(_ order: HubOrder, _ outcome: ExchangeOutcome) throws(ChannelError) -> Outcome {
        var next = row
        resolve(&next, with: order)
        try save(next, what: "looked_up", outcome)
        claim?.release()
        return .ended
    }

    // MARK: verdicts

    /// The hub has an order of our number: ours, or another one (H-14).
    private func resolve(_ next: inout OutboxRow, with order: HubOrder) {
        next.hubId = order.id
        next.hubStatus = order.orderStatus
        if order.hasLines(of: wire, client.settings.names) {
            client.noteSuccess()
            resolve(&next, .applied, code: FLX_OK, message: "")
            next.watched = !order.isFinal
        } else {
            resolve(
                &next, .refused, code: FLX_E_CONFLICT,
                message: "the hub has another order of this number, with other lines; compare the two at the hub")
        }
    }

    private func resolve(_ next: inout OutboxRow, _ verdict: Verdict, code: Int32, message: String) {
        next.state = .resolved
        next.verdict = verdict
        next.resolvedAt = Clock.wallMs()
        (next.code, next.message) = (Int64(code), message)
    }

    /// Where nothing reached the hub the pace holds everybody back, for as long as it takes. The order itself waits no
    /// longer than this, so that the oldest asks first whether the hub is back (N-21, R-02 to R-04).
    private static let heldByAllMs: Int64 = 5_000

    private func again(
        _ next: inout OutboxRow, _ verdict: Verdict, code: Int32, message: String, retryAfterMs: Int64?, longestMs: Int64 = Backoff.capMs
    ) {
        next.state = .queued
        next.verdict = verdict
        (next.code, next.message) = (Int64(code), message)
        let rounds = max(1, next.attempts + next.lookups)
        let own = min(longestMs, Backoff.delayMs(attempt: rounds, jitter: client.jitter))
        let wait = max(retryAfterMs ?? 0, own)
        next.nextAt = Clock.wallMs() &+ wait
    }

    // MARK: saving

    private func save(_ next: OutboxRow, what: String, _ outcome: ExchangeOutcome) throws(ChannelError) {
        var next = next
        next.fence = fence + 1
        let status = outcome.httpStatus
        try save(
            next, what: what, httpStatus: status, verdict: next.verdict, message: next.message, requestId: attempt.requestId,
            tookMs: attempt.tookMs)
        client.log.write(
            next.verdict == .applied ? .info : .warn, "order.\(what)",
            [
                ("row", .number(row.id)), ("verdict", .text(next.verdict.name)), ("http_status", .number(status)),
                ("code", .text(next.code == 0 ? "" : StatusName.of(Int32(clamping: next.code)))),  // no words of the hub: it may name the buyer
            ])
    }

    private func save(
        _ next: OutboxRow, what: String, httpStatus: Int64, verdict: Verdict, message: String, requestId: String,
        tookMs: Int64
    ) throws(ChannelError) {
        let fence = fence
        let store = { () throws(StateError) -> Bool in
            try self.client.store.write { () throws(StateError) -> Bool in
                guard try self.client.store.outbox.save(next, fence: fence) else { return false }
                if let learnt = self.learntChannelId, try self.client.store.meta.text("hub_channel_id") == nil {
                    try self.client.store.meta.set("hub_channel_id", learnt)
                }
                _ = try self.client.store.events.append(
                    row: next.id, at: Clock.wallMs(), what: what, httpStatus: httpStatus, verdict: verdict, message: message,
                    requestId: requestId, tookMs: tookMs)
                return true
            }
        }
        // What was not sent yet can wait for the next call; what the hub did is written down however late it is.
        let isOurs = next.state == .sending ? try client.state(store) : try client.record(store)
        guard isOurs else {
            isOvertaken = true
            throw ChannelError(FLX_E_STATE, "another process took this order over; its outcome stands there")
        }
        self.fence = next.fence
        row = next
    }

    private func event(_ what: String, _ outcome: ExchangeOutcome, verdict: Verdict, message: String) throws(ChannelError) {
        try client.record { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                _ = try client.store.events.append(
                    row: row.id, at: Clock.wallMs(), what: what, httpStatus: outcome.httpStatus, verdict: verdict,
                    message: message, requestId: attempt.requestId, tookMs: attempt.tookMs)
            }
        }
    }
}
