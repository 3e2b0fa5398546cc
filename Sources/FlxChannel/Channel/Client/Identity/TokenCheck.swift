import CFlxChannel

/// Finds out whether a token that the state has not met is of its channel, before anything is written with it: a shop that
/// was copied with its queue must not post into another channel (decision 10).
///
/// Three questions, each asked only if those before did not tell: of which channel are its listings (contract 3.3), does it
/// see the order that we know best, may it read our channel (2.2), which says least: a hub may let every token read every
/// channel. A question that fails tells nothing, and is no consent.
final class TokenCheck {
    enum Outcome {
        /// An answer is on its way, or a failure may pass.
        case waiting
        case accepted
        case refused(ChannelError)
    }

    private enum Question { case channel(String), listings, order(String) }

    private let client: Client
    private let ours: String?
    private let known: OutboxRow?
    private var questions: [Question] = []
    private var exchange: Exchange?
    /// The hub would not let the token read our channel, or did.
    private var isDenied = false
    private var isRead = false
    /// It does not see the order that we know best.
    private var misses = false
    /// A question had no answer that counts.
    private var isUnanswered = false
    private var failures: Int64 = 0
    private var retryAt: Int64 = 0
    private var verdict: ChannelError?

    init(_ client: Client) throws(ChannelError) {
        self.client = client
        ours = client.identity.likely
        known = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in try client.store.outbox.newestApplied() }
        }
        ask()
    }

    private func ask() {
        (isDenied, isRead, misses, isUnanswered) = (false, false, false, false)
        questions = [.listings]
        if let id = known?.hubId { questions.append(.order(id)) }
        if let ours { questions.append(.channel(ours)) }
    }

    /// Does what can be done now. Only under the client's `driverLock`.
    func move() throws(ChannelError) -> Outcome {
        if let verdict { return .refused(verdict) }
        guard ours != nil || known != nil else { return try accept(warning: false) }  // nothing to compare with
        while Clock.monotonicMs() >= retryAt {
            guard let question = questions.first else { return try undecided() }
            let exchange: Exchange
            if let running = self.exchange { exchange = running } else { exchange = Exchange(try request(question)) }
            self.exchange = exchange
            guard let outcome = try client.move(exchange) else { return .waiting }
            self.exchange = nil
            if let end = try read(outcome, question) { return end }
        }
        return .waiting
    }

    /// When it makes sense to move again, if nothing of it is on its way.
    var waitMs: Int64 { max(0, retryAt &- Clock.monotonicMs()) }

    /// What of it is on its way, or waits for its slot.
    var exchanges: [Exchange] { exchange.map { [$0] } ?? [] }

    func abandon(_ transport: Transport) {
        if let exchange { transport.abandon(exchange) }
        exchange = nil
    }

    private func request(_ question: Question) throws(ChannelError) -> HTTPRequest {
        var request: HTTPRequest
        switch question {
        case .channel(let id): request = try client.request(OperationTable.getChannelById, path: [("id", id)], priority: .order)
        case .listings:
            request = try client.request(
                OperationTable.getListingVariants, query: [("page", client.pageNumber(1)), ("pageSize", "1")], priority: .order)
        case .order(let id): request = try client.request(OperationTable.getOrderById, path: [("id", id)], priority: .order)
        }
        request.isRepeat = failures > 0
        return request
    }

    /// The end, or nil for the next question.
    private func read(_ outcome: ExchangeOutcome, _ question: Question) throws(ChannelError) -> Outcome? {
        guard case .answered(let response) = outcome else { return again() }
        switch ReplyClass(status: response.status) {
        case .success: return try told(response, question)
        case .throttled: return again()
        case .passing:
            isUnanswered = true
            questions.removeFirst()  // another question may do
            return nil
        case .unauthorized, .refused:
            if case .channel = question { isDenied = true }
            if case .order = question, response.status == 404 || response.status == 410 { misses = true }
            questions.removeFirst()
            return nil
        }
    }

    private func told(_ response: HTTPResponse, _ question: Question) throws(ChannelError) -> Outcome? {
        let body = (try? JSONDocument.parse(response.body))?.root
        questions.removeFirst()
        switch question {
        case .channel(let id):
            guard let shown = body?.member("id").flatMap(OrderField.idText) else { return nil }
            guard Text.isSame(shown, id) else { return refuse(shown) }
            isRead = true
            return nil
        case .listings:
            guard let shown = body?.element(0)?.member("channelId").flatMap(OrderField.idText) else { return nil }
            guard let ours else { return nil }
            return Text.isSame(shown, ours) ? try accept(warning: false) : refuse(shown)
        case .order(let id):
            guard let body, let order = HubOrder(body), Text.isSame(order.id, id) else { return nil }
            if let ours, let theirs = order.channelId, !Text.isSame(ours, theirs) { return refuse(theirs) }
            guard let number = known?.number else { return order.channelId == nil ? nil : try accept(warning: false) }
            return order.likeness(to: number) == .other ? refuse(order.channelId) : try accept(warning: false)
        }
    }

    /// No answer was beyond doubt. Where the hub let a token before read our channel, its refusal now is an answer.
    private func undecided() throws(ChannelError) -> Outcome {
        if misses { return refuse(nil) }
        if isUnanswered, !isRead { return again() }
        if isRead {
            client.identity.hear(ours, from: "getChannelById")
            return try accept(warning: false)
        }
        if isDenied, let source = client.identity.learnt?.source, source == "getChannelById" { return refuse(nil) }
        return try accept(warning: true)
    }

    private func accept(warning: Bool) throws(ChannelError) -> Outcome {
        let token = client.token
        try client.state { () throws(StateError) in try client.identity.accept(token) }
        if warning {
            client.log.write(
                .warn, "channel.token_untold",
                [("message", .text("the hub does not tell of which channel the new token is; it is used"))])
        }
        return .accepted
    }

    private func refuse(_ theirs: String?) -> Outcome {
        let error = ChannelIdentity.refusal(of: ours ?? "(not known)", not: theirs, whose: "the token is of")
        verdict = error
        client.log.write(.error, "channel.other_token", [("ours", .text(ours ?? "")), ("theirs", .text(theirs ?? ""))])
        return .refused(error)
    }

    private func again() -> Outcome {
        failures += 1
        retryAt = Clock.monotonicMs() &+ min(Backoff.delayMs(attempt: failures, jitter: client.jitter), PageWalk.longestWaitMs)
        ask()
        return .waiting
    }
}

extension Client {
    /// Before a call writes by itself: throws unless the token is known to be of our channel.
    func confirmToken(by deadline: Deadline) throws(ChannelError) {
        if let error = identity.contradiction { throw error }
        guard try !isTokenKnown() else { return }
        let check = try TokenCheck(self)
        defer { check.abandon(transport) }
        while true {
            switch try check.move() {
            case .accepted:
                isTokenAccepted = true
                return
            case .refused(let error): throw error
            case .waiting:
                guard !deadline.isOver else {
                    throw ChannelError(
                        FLX_E_TIMEOUT, "the hub did not tell within the deadline of which channel the token is; nothing was sent")
                }
                if check.exchanges.isEmpty {
                    try idle(until: deadline.earlier(.after(ms: check.waitMs)))
                } else {
                    do { try transport.drive(until: deadline) } catch { throw ChannelError(error, operation: "") }
                }
            }
        }
    }

    /// Whether the state has met this token.
    func isTokenKnown() throws(ChannelError) -> Bool {
        if isTokenAccepted { return true }
        let token = token
        isTokenAccepted = try state { () throws(StateError) in try identity.isAccepted(token) }
        return isTokenAccepted
    }
}
