import CFlxChannel

/// Reads the open orders of the outbox one by one, oldest first, for a hub whose order list ignores its filter
/// (decision 18; `GET /orders/{id}` is documented, contract 4.6).
final class OrderWalk {
    private let client: Client
    private var after: Int64 = 0
    private var queue: [OutboxRow] = []
    private var exchange: Exchange?
    private var number = 0
    private var failures: Int64 = 0
    private var patience: Patience
    private var retryAt: Int64 = 0
    private var isOver = false

    init(_ client: Client) {
        self.client = client
        patience = Patience(mostMs: client.settings.pullGiveUpMs)
    }

    func next(by deadline: Deadline) throws(ChannelError) -> PageWalk.Step {
        while !isOver {
            try client.idle(until: Deadline(atMs: retryAt).earlier(deadline))
            if retryAt > Clock.monotonicMs() { return .waiting }
            guard let row = try current() else {
                isOver = true
                break
            }
            guard let id = row.hubId else {
                queue.removeFirst()
                continue
            }
            let exchange: Exchange
            if let running = self.exchange { exchange = running } else {
                var request = try client.request("getOrderById", path: [("id", id)], priority: .poll)
                request.isRepeat = failures > 0
                exchange = Exchange(request)
                self.exchange = exchange
            }
            guard let outcome = try client.finish(exchange, by: deadline, &patience) else { return .waiting }
            self.exchange = nil
            patience.rest()
            if let page = try read(outcome) { return .page(page) }
        }
        return .end
    }

    func abandon() {
        if let exchange { client.transport.forget(exchange) }
        exchange = nil
        isOver = true
    }

    private func current() throws(ChannelError) -> OutboxRow? {
        if let row = queue.first { return row }
        queue = try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in try client.store.outbox.watched(after: after, limit: 100) }
        }
        after = queue.last?.id ?? after
        return queue.first
    }

    /// A page of one record, or nil if the order is gone or the failure may pass.
    private func read(_ outcome: ExchangeOutcome) throws(ChannelError) -> FetchedPage? {
        switch outcome {
        case .failed(let error):
            try again(ChannelError(error, operation: "getOrderById"))
            return nil
        case .answered(let response):
            switch ReplyClass(status: response.status) {
            case .success:
                let array = [UInt8(ascii: "[")] + response.body + [UInt8(ascii: "]")]
                guard let body = try? JSONDocument.parsePage(array), body.records.first?.kind == .object else {
                    try again(ChannelError(FLX_E_CONTRACT, "the hub answered with something that is not an order"))
                    return nil
                }
                failures = 0
                queue.removeFirst()
                number += 1
                let instant = client.clock.instant(requestStartedMs: response.startedMs)
                return FetchedPage(
                    body: body, fetchInstant: instant.map { Instant(ms: $0.ms) }, isInstantSure: instant?.isSure ?? false,
                    number: number)
            case .refused:
                queue.removeFirst()  // H-13: this order alone is gone
                return nil
            case .unauthorized: throw client.refusal(response, operation: "getOrderById")
            case .throttled, .passing:
                try again(client.refusal(response, operation: "getOrderById"))
                return nil
            }
        }
    }

    private func again(_ error: ChannelError) throws(ChannelError) {
        failures += 1
        let wait = max(error.retryAfterMs, Backoff.delayMs(attempt: failures, jitter: client.jitter))
        retryAt = Clock.monotonicMs() &+ min(wait, PageWalk.longestWaitMs)
        if failures >= 3 {
            failures = 0
            throw error
        }
    }
}
