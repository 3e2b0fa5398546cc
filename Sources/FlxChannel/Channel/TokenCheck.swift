import CFlxChannel

/// Finds out whether a token that the state has not met is of its channel, before anything is written with it: a shop that
/// was copied with its queue must not post into another channel (decision 10).
///
/// Three questions, each asked only if those before did not tell: may it read our channel (contract 2.2), of which channel
/// are its listings (3.3), does it see the order that we know best.
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
    /// The hub would not let the token read our channel.
    private var isDenied = false
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
        isDenied = false
        questions = [.listings]
        if let ours { questions.insert(.channel(ours), at: 0) }
        if let id = known?.hubId { questions.append(.order(id)) }
    }

    /// Does what can be done now. Only under the client's `driving`.
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
        case .channel(let id): request = try client.request("getChannelById", path: [("id", id)], priority: .order)
        case .listings:
            request = try client.request("getListingVariants", query: [("page", client.pageNumber(1)), ("pageSize", "1")], priority: .order)
        case .order(let id): request = try client.request("getOrderById", path: [("id", id)], priority: .order)
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
            questions.removeFirst()  // another question may do
            if questions.isEmpty { return again() }
            return nil
        case .unauthorized, .refused:
            if case .channel = question { isDenied = true }
            if case .order = question, ours == nil || isDenied { return refuse(nil) }
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
            client.identity.hear(id, from: "getChannelById")
            return try accept(warning: false)
        case .listings:
            guard let shown = body?.element(0)?.member("channelId").flatMap(OrderField.idText) else { return nil }
            guard let ours else { return nil }
            return Text.isSame(shown, ours) ? try accept(warning: false) : refuse(shown)
        case .order(let id):
            guard let body, let order = HubOrder(body), Text.isSame(order.id, id) else { return nil }
            if let ours, let theirs = order.channelId, !Text.isSame(ours, theirs) { return refuse(theirs) }
            guard let number = known?.number else { return nil }
            return order.likeness(to: number) == .other ? refuse(order.channelId) : try accept(warning: false)
        }
    }

    /// The hub told nothing. Where it let a token before read our channel, its refusal now is an answer.
    private func undecided() throws(ChannelError) -> Outcome {
        if isDenied, let source = client.identity.learnt?.source, source == "getChannelById" { return refuse(nil) }
        return try accept(warning: true)
    }

    private func accept(warning: Bool) throws(ChannelError) -> Outcome {
        let token = client.token
        try client.state { () throws(StateError) in try client.identity.accept(token) }
        if warning {
            client.log.write(.warn, "channel.token_untold", [("message", .text("the hub does not tell of which channel the new token is; it is used"))])
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
