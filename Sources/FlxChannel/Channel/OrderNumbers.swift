import CFlxChannel

/// The host's order numbers of parcels and returns whose orders this outbox does not know: a new machine with an empty
/// state, or an order that came another way. Each order is asked of the hub once, and what it said is kept.
final class OrderNumbers {
    private let client: Client
    private var exchange: (id: String, running: Exchange)?
    /// This token may not read orders.
    private var isDenied = false
    private var failures: Int64 = 0
    private var failingSince: Int64?
    private var retryAt: Int64 = 0

    init(_ client: Client) {
        self.client = client
    }

    /// Finds out what is not known of the orders of these records; false if the deadline came first.
    func settle(_ records: [JSONValue], by deadline: Deadline) throws(ChannelError) -> Bool {
        let ids = OrderNumbers.ids(records)
        guard !ids.isEmpty, !isDenied else { return true }
        for id in try client.unknownOrders(ids) where !isDenied {
            guard try ask(id, by: deadline) else { return false }
        }
        return true
    }

    func abandon() {
        if let exchange { client.transport.abandon(exchange.running) }
        exchange = nil
    }

    /// The orders that records are of, each once.
    static func ids(_ records: [JSONValue]) -> [String] {
        var seen = IdSet()
        return records.compactMap { record in
            guard let id = record.member("orderId").flatMap(OrderField.idText), let number = Int64(id), seen.insert(number) else { return nil }
            return id
        }
    }

    private func ask(_ id: String, by deadline: Deadline) throws(ChannelError) -> Bool {
        while true {
            try client.idle(until: Deadline(atMs: retryAt).earlier(deadline))
            if retryAt > Clock.monotonicMs() { return false }
            let running: Exchange
            if let exchange, Text.isSame(exchange.id, id) { running = exchange.running } else {
                var request = try client.request("getOrderById", path: [("id", id)], priority: .poll)
                request.isRepeat = failures > 0
                running = Exchange(request)
                exchange = (id, running)
            }
            guard let outcome = try client.finish(running, by: deadline) else { return false }
            exchange = nil
            guard case .answered(let response) = outcome else {
                if case .failed(let error) = outcome { try again(ChannelError(error, operation: "getOrderById"), after: nil) }
                continue
            }
            switch ReplyClass(status: response.status) {
            case .success:
                (failures, failingSince) = (0, nil)
                let order = (try? JSONDocument.parse(response.body)).flatMap { HubOrder($0.root) }
                let isIt = order.map { Text.isSame($0.id, id) } ?? false
                try client.keepNumber(isIt ? order?.orderNumber ?? order?.referenceNumber : nil, of: id)
                return true
            case .refused:
                try client.keepNumber(nil, of: id)
                return true
            case .unauthorized:  // contract 9, row 17: a token may not be allowed to; the records go without
                isDenied = true
                return true
            case .throttled, .passing: try again(client.refusal(response, operation: "getOrderById"), after: response.retryAfterMs)
            }
        }
    }

    /// Waits longer and longer, and tells the failure when it has lasted too long.
    private func again(_ error: ChannelError, after retryAfterMs: Int64?) throws(ChannelError) {
        let now = Clock.monotonicMs()
        let since = failingSince ?? now
        (failures, failingSince) = (failures + 1, since)
        let wait = min(Backoff.delayMs(attempt: failures, jitter: client.jitter), PageWalk.longestWaitMs)
        retryAt = now &+ max(retryAfterMs ?? 0, wait)
        guard now - since >= client.settings.pullGiveUpMs else { return }
        (failures, failingSince) = (0, nil)
        throw error
    }
}
