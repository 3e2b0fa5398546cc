/// Finds out whose the orders of parcels and returns are which this outbox does not know, and their numbers: a new machine
/// with an empty state, or an order that came another way. Each order is asked of the hub once, and what it said is kept.
///
/// A question that fails holds no other record up (P-20): after a few tries what is of that order waits for a later pull.
final class OrderNumbers {
    private let client: Client
    private let scope: ChannelScope
    private var exchange: (id: String, running: Exchange)?
    /// Orders that this pull asked about.
    private var asked = IdSet()
    /// Answers in a row of one kind, which are about this token, or the hub, and not about those orders.
    private var denials = 0
    private var silences = 0
    /// Of the question at hand.
    private var failures: Int64 = 0
    private var patience: Patience
    private var retryAt: Int64 = 0
    /// Orders of the records at hand, as long as something of them is to be asked.
    private var wanted: [String] = []
    /// Those of an earlier pull that was closed before it had asked for all, as they stand in the state.
    private var stored: String
    private var isKeptSettled = false
    private let key: String

    private static let mostTries: Int64 = 3
    private static let mostInARow = 5

    init(_ client: Client, feed: Feed) throws(ChannelError) {
        self.client = client
        let key = "orders_wanted/\(feed.name)"
        self.key = key
        stored = try client.kept(key)
        scope = try ChannelScope(client, isDocumented: false)
        patience = Patience(mostMs: client.settings.pullGiveUpMs)
    }

    /// Finds out what is not known of the orders of these records; false if the deadline came first.
    func settle(_ records: [JSONValue], by deadline: Deadline) throws(ChannelError) -> Bool {
        try settle(OrderNumbers.ids(records), by: deadline)
    }

    /// Asks what an earlier pull had no time to ask; false if the deadline came first.
    func settleKept(by deadline: Deadline) throws(ChannelError) -> Bool {
        if isKeptSettled { return true }
        guard try scope.settleKept(by: deadline), try settle(Text.words(stored), by: deadline) else { return false }
        isKeptSettled = true
        return true
    }

    private func settle(_ ids: [String], by deadline: Deadline) throws(ChannelError) -> Bool {
        guard !ids.isEmpty else { return true }
        wanted = ids
        for (id, row) in try client.untoldOrders(ids) where mayAsk(id) {
            guard try ask(id, before: row, by: deadline) else { return false }
            if let id = Int64(id) { _ = asked.insert(id) }
        }
        guard try scope.settle(ordersOf: try client.orderChannels(ids), by: deadline) else { return false }
        wanted = []
        return true
    }

    /// What the host is told of them. contract 9, row 17: where a token may read no order their records go without.
    func orders(of records: [JSONValue]) throws(ChannelError) -> [ByteText: ParcelOrder] {
        try client.parcelOrders(records, by: scope, unasked: denials >= OrderNumbers.mostInARow ? .untold : .awaited)
    }

    func abandon() {
        if let exchange { client.transport.abandon(exchange.running) }
        exchange = nil
        scope.abandon()
        if isKeptSettled || !wanted.isEmpty { keep() }
    }

    /// What is left is asked first by the next pull. What cannot be written down now is asked when its page comes.
    private func keep() {
        var text = ""
        for id in wanted { text += " \(id)" }
        guard !Text.isSame(text, stored) else { return }
        try? client.keep(key, text)
        stored = text
    }

    /// The orders that records are of, each once.
    static func ids(_ records: [JSONValue]) -> [String] {
        var seen = IdSet()
        return records.compactMap { record in
            guard let id = record.member("orderId").flatMap(OrderField.idText), let number = Int64(id), seen.insert(number) else {
                return nil
            }
            return id
        }
    }

    // MARK: one question

    private func mayAsk(_ id: String) -> Bool {
        guard denials < OrderNumbers.mostInARow, silences < OrderNumbers.mostInARow else { return false }
        return Int64(id).map { !asked.contains($0) } ?? true
    }

    /// - Returns: false if the deadline came first.
    private func ask(_ id: String, before row: NumberRow?, by deadline: Deadline) throws(ChannelError) -> Bool {
        while true {
            try client.idle(until: Deadline(atMs: retryAt).earlier(deadline))
            if retryAt > Clock.monotonicMs() { return false }
            let running = try question(id)
            guard let outcome = try client.finish(running, by: deadline, &patience) else { return false }
            exchange = nil
            if try isAnswered(outcome, id, before: row) {
                failures = 0
                return true
            }
        }
    }

    private func question(_ id: String) throws(ChannelError) -> Exchange {
        if let exchange, Text.isSame(exchange.id, id) { return exchange.running }
        var request = try client.request(OperationTable.getOrderById, path: [("id", id)], priority: .poll)
        request.isRepeat = failures > 0
        let running = Exchange(request)
        exchange = (id, running)
        return running
    }

    /// Keeps what the answer says; false if the question is to be asked once more.
    private func isAnswered(_ outcome: ExchangeOutcome, _ id: String, before row: NumberRow?) throws(ChannelError) -> Bool {
        guard case .answered(let response) = outcome else { return try isGivenUp(id, before: row) }
        switch ReplyClass(status: response.status) {
        case .success:
            guard let document = try? JSONDocument.parse(response.body) else { return try isGivenUp(id, before: row) }
            heard()
            guard let order = HubOrder(document.root), Text.isSame(order.id, id) else {
                try client.keepUntold(id, before: row, mayPass: false)
                return true
            }
            try client.keep(order, before: row)
        case .refused, .unauthorized:
            let isDenial = response.status == 401 || response.status == 403
            let denials = isDenial ? denials + 1 : 0
            heard()
            self.denials = denials
            try client.keepUntold(id, before: row, mayPass: false)
        case .throttled:
            retryAt = Clock.monotonicMs() &+ Backoff.delayMs(attempt: 1, jitter: client.jitter)
            patience.wait()
            if patience.ranOut() { throw client.refusal(response, operation: OperationTable.getOrderById.id) }
            return false
        case .passing: return try isGivenUp(id, before: row)
        }
        return true
    }

    private func heard() {
        (denials, silences) = (0, 0)
        patience.rest()
    }

    /// Whether a question that failed is left to a later pull. One that failed in an earlier pull has no more than one try.
    private func isGivenUp(_ id: String, before row: NumberRow?) throws(ChannelError) -> Bool {
        patience.rest()
        failures += 1
        guard failures >= OrderNumbers.mostTries || row?.awaitedSince != nil else {
            retryAt = Clock.monotonicMs() &+ Backoff.delayMs(attempt: failures, jitter: client.jitter)
            return false
        }
        silences += 1
        try client.keepUntold(id, before: row, mayPass: true)
        return true
    }
}
