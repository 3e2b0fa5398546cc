/// The pages of a walk that were asked for and are not read yet: as many at a time as keep the budget busy over the
/// round trip, and no more.
///
/// Invariant: pages are in rising order, at most `Flights.most`, whether in flight or here already. Only after a full page is
/// more than the next one asked for: a request beyond the end costs a slot.
final class PagePipeline {
    private let client: Client
    private let operation: Operation
    private let query: [(String, String)]
    private let pageSize: Int64
    private let record: String?
    private var flights: [(page: Int, exchange: Exchange)] = []
    private var isAhead = false
    /// Most rows on a page so far: a hub may cut pages shorter than they were asked for (P-04).
    private var fullest = 0
    private var roundTrips: [Int64] = []
    private var refillMilli = Flights.plainMilli
    /// What the last answer said of free places in the pool.
    private var free: Int64 = 0
    /// Good answers since one was of no use, as many as matter.
    private var answered = 0

    init(_ client: Client, operation: Operation, query: [(String, String)], pageSize: Int64, record: String? = nil) {
        self.client = client
        self.operation = operation
        self.query = query
        self.pageSize = pageSize
        self.record = record
    }

    /// Drives until the request for `page` has ended, and takes it out; nil if the deadline is over before.
    func outcome(
        of page: Int, isRepeat: Bool, upTo last: Int64, by deadline: Deadline, _ patience: inout Patience
    ) throws(ChannelError) -> ExchangeOutcome? {
        if flights.first?.page != page { flights.insert((page, try exchange(page, isRepeat: isRepeat)), at: 0) }
        while isAhead, flights.count < depth, let newest = flights.last?.page, Int64(newest) < last {
            flights.append((newest + 1, try exchange(newest + 1, isRepeat: false)))
        }
        for flight in flights { client.transport.start(flight.exchange) }
        guard let next = flights.first, let outcome = try client.finish(next.exchange, by: deadline, &patience) else { return nil }
        flights.removeFirst()
        return outcome
    }

    /// The page that was taken out last had so many rows.
    func learn(rows: Int, _ response: HTTPResponse) {
        answered = min(answered + 1, Flights.most)
        isAhead = rows > 0 && (rows >= Int(clamping: pageSize) || rows == fullest)
        fullest = max(fullest, rows)
        refillMilli = response.pool?.refillMilli ?? Flights.plainMilli
        free = response.pool.map { max(0, $0.size &- $0.used) } ?? 0
        if response.drivenMs * 2 >= response.tookMs {  // else it tells how long the host was away
            if roundTrips.count >= Flights.most { roundTrips.removeFirst() }
            roundTrips.append(response.tookMs)
        }
        if !isAhead { holdBack() }
    }

    /// The page that was taken out last is of no use: one at a time until there is a good one.
    func stumble() {
        (isAhead, answered) = (false, 0)
        holdBack()
    }

    /// Nobody wants what is on its way.
    func end() {
        for flight in flights { client.transport.disregard(flight.exchange) }
        flights = []
    }

    /// Takes back what has no slot yet.
    private func holdBack() {
        for flight in flights where !flight.exchange.isOnWire && !flight.exchange.isOver {
            client.transport.abandon(flight.exchange)
        }
        flights.removeAll { if case .failed(.abandoned) = $0.exchange.outcome { true } else { false } }
    }

    private var depth: Int {
        Flights.width(tripMs: roundTrips.min() ?? 0, refillMilli: refillMilli, free: free, answered: answered)
    }

    private func exchange(_ page: Int, isRepeat: Bool) throws(ChannelError) -> Exchange {
        let names = operation.pages.parameters
        var query = query
        var path: [(String, String)] = []
        if let record {
            for argument in operation.arguments where argument.place == .path { path.append((argument.name, record)) }
        } else {
            query += [(names.number, client.pageNumber(page)), (names.size, "\(pageSize)")]
        }
        var request = try client.request(operation, path: path, query: query, priority: .poll)
        request.isRepeat = isRepeat
        return Exchange(request)
    }
}
