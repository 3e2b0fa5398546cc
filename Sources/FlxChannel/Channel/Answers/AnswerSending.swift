/// Waiting answers of one feed on their way to the hub, batch by batch; a batch that is refused is halved down to the
/// one bad row (contract 9, row 8).
///
/// Invariant: holds the feed, so that no pull reads a queue which shrinks under it (decision 14). If it is taken over, for
/// the host let a flush lie half way, what is left counts as not sent: the new holder sends it again.
final class AnswerSending {
    let feed: Feed
    private let client: Client
    private let operation: Operation
    private let lease: FeedLease
    private var batches: [[AnswerRow]]
    private var flights: [Flight] = []
    /// Batches that may be on their way at a time.
    private var width = 1
    private(set) var sent: Int64 = 0

    init(_ client: Client, feed: Feed, operation: Operation, rows: [AnswerRow], lease: FeedLease) {
        self.client = client
        self.feed = feed
        self.operation = operation
        self.lease = lease
        let most = max(1, Int(client.settings.answersBatch))
        batches = AnswerSending.batches(of: rows, most: most).reversed()  // the last one is sent first
    }

    /// Rows whose batch met status 500 again and again go in smaller ones, so that a row on which the hub fails does not
    /// hold its neighbours for ever. An outage does not count: it has other statuses, or none.
    static func batches(of rows: [AnswerRow], most: Int) -> [[AnswerRow]] {
        var batches: [[AnswerRow]] = []
        var room = 0
        for row in rows {
            let halvings = row.httpStatus == 500 ? min(max(0, row.attempts - patience), 30) : 0
            let size = max(1, most >> Int(halvings))
            room = min(room, size - (batches.last?.count ?? 0))
            if room <= 0 {
                batches.append([])
                room = size
            }
            batches[batches.count - 1].append(row)
            room -= 1
        }
        return batches
    }

    private static let patience: Int64 = 3

    private struct Flight {
        let batch: [AnswerRow]
        let exchange: Exchange
    }

    enum Outcome {
        case waiting
        /// A batch came to an end, and there is more.
        case moved
        case ended
        /// Somebody else has the feed now.
        case lost
        case paused(ChannelError)
    }

    /// Nothing of it is on the wire, and nothing came to an end that was not looked at.
    var isUntouched: Bool { !flights.contains { $0.exchange.isOnWire || $0.exchange.isOver } }

    /// What of it is on its way, or waits for its slot.
    var exchanges: [Exchange] { flights.map { $0.exchange } }

    /// Begins a slice of time in which the feed is in use. Pair it with `leave()`.
    func enter(by deadline: Deadline) { try? lease.enter(until: deadline) }

    func leave() { lease.leave() }

    /// Sends what may be on its way at a time and takes what has ended. Only under `driverLock`.
    func move() throws(ChannelError) -> Outcome {
        do throws(ChannelError) {
            try client.state { () throws(StateError) in try lease.check() }
            return try ThreadLease.run(lease) { () throws(ChannelError) in try go() }
        } catch {
            guard lease.isOver else { throw error }
            abandon(client.transport)
            return .lost
        }
    }

    private func go() throws(ChannelError) -> Outcome {
        while flights.count < width, let batch = batches.popLast() {
            flights.append(Flight(batch: batch, exchange: Exchange(try request(batch))))
        }
        for flight in flights { client.transport.start(flight.exchange) }
        guard let first = flights.first else {
            lease.release()
            return .ended
        }
        let ended = try client.move(first.exchange) == nil ? flights.first { $0.exchange.isOver } : first
        guard let ended, let outcome = ended.exchange.outcome else { return .waiting }
        flights.removeAll { $0.exchange === ended.exchange }
        width = Flights.width(after: outcome.good, answered: 0)
        if let pause = try self.ended(ended.batch, outcome) {
            abandon(client.transport)
            return .paused(pause)
        }
        return .moved
    }

    func abandon(_ transport: Transport) {
        for flight in flights { transport.abandon(flight.exchange) }
        flights = []
        lease.release()
    }

    private func request(_ batch: [AnswerRow]) throws(ChannelError) -> HTTPRequest {
        var json = JSONWriter()
        json.beginArray()
        for row in batch { json.raw(row.body) }
        json.endArray()
        var request = try client.request(operation, body: json.bytes, priority: .answer)
        request.isRepeat = batch.contains { $0.attempts > 0 }
        return request
    }

    /// What the end of a batch means for its rows; an error if the token is refused.
    private func ended(_ batch: [AnswerRow], _ outcome: ExchangeOutcome) throws(ChannelError) -> ChannelError? {
        switch outcome {
        case .failed(let error):
            try again(batch, error.message, status: 0)
            return nil
        case .answered(let response):
            switch ReplyClass(status: response.status) {
            case .success:
                client.noteSuccess()
                try applied(batch, response)
                return nil
            case .unauthorized:
                let error = client.refusal(response, operation: operation.id)
                return error
            case .refused:
                try refused(batch, response)
                return nil
            case .throttled, .passing:
                try again(batch, "the hub answered with status \(response.status)", status: response.status)
                return nil
            }
        }
    }

    /// A 2xx is success for every row that its body does not name as failed (contract 1.7, 9 rows 7 and 8).
    private func applied(_ batch: [AnswerRow], _ response: HTTPResponse) throws(ChannelError) {
        if ErrorBody.looksLikeHTML(response.body) {  // contract 8.22: an error page with a good status
            return try again(batch, "the hub answered with an HTML page", status: response.status)
        }
        let reply = AnswerReply(response.body, hiding: client.token)
        guard !reply.isFailed else { return try refused(batch, response) }
        let isPublish = feed == .listingsToPublish
        let lateMs = try client.lateMs()
        try save(batch) { row in
            if let message = reply.failures[row.recordId] {
                return row.resolve(.refused, httpStatus: response.status, at: client.store.clock.wallMs(), message)
            }
            row.resolve(.applied, httpStatus: response.status, at: client.store.clock.wallMs())
            // An older release did not say so before the answer was sent.
            row.recheck = row.recheck || isPublish || row.fingerprint != nil
            (row.rereadAt, row.boot) = (
                RereadDue.after(row.rereads, lateMs: lateMs, now: client.store.clock.bootMs()), client.store.boot
            )
            row.answeredHub = RereadDue.heedsHub(row.rereads) ? response.dateMs : nil
        }
        for row in batch where reply.failures[row.recordId] == nil { sent += 1 }
    }

    private func refused(_ batch: [AnswerRow], _ response: HTTPResponse) throws(ChannelError) {
        guard batch.count == 1 else {
            let middle = batch.count / 2
            batches.append(Array(batch[middle...]))
            batches.append(Array(batch[..<middle]))
            return
        }
        let said = ErrorBody.message(response.body, hiding: client.token)
        try save(batch) { row in
            row.resolve(
                .refused, httpStatus: response.status, at: client.store.clock.wallMs(),
                Told("the hub refused the answer with status \(response.status)", theirs: said).text)
        }
    }

    private func again(_ batch: [AnswerRow], _ message: String, status: Int) throws(ChannelError) {
        let attempts = (batch.first?.attempts ?? 0) + 1
        // What the hub asks for is kept by the rate limiter, for all.
        let next = client.store.clock.wallMs() &+ Backoff.delayMs(attempt: attempts, jitter: client.jitter)
        try save(batch) { row in
            row.attempts &+= 1
            row.nextAt = next
            row.message = message
            row.httpStatus = Int64(status)
        }
        client.log.write(.warn, "answers.retry", [("feed", .text(feed.name)), ("message", .text(message))])
    }

    private func save(_ batch: [AnswerRow], _ change: (inout AnswerRow) -> Void) throws(ChannelError) {
        try client.record { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                for row in batch {
                    var row = row
                    change(&row)
                    _ = try client.store.answers.save(row)
                }
            }
        }
    }
}

extension AnswerRow {
    /// Notes what became of it. From now on its result is kept, however long the answer waited.
    fileprivate mutating func resolve(_ verdict: Verdict, httpStatus: Int, at now: Int64, _ message: String = "") {
        state = .sent
        (self.verdict, self.message) = (verdict, message)
        self.httpStatus = Int64(httpStatus)
        answeredAt = now
        if verdict == .refused { recheck = false }
    }
}

/// The body of an answered acknowledgement: unknown by contract, so that only clear words of failure count.
struct AnswerReply {
    /// All of it failed: some rows may be good, and which they are it does not say (contract 1.7: a 200 may say so).
    private(set) var isFailed = false
    /// Messages by record id, for rows that the hub says it did not take.
    private(set) var failures: [ByteText: String] = [:]

    private static let idNames = ["listingVariantId", "listingParentId", "id"]

    /// Results stand in the body, or in the lists of an object that it is.
    init(_ body: [UInt8], hiding secret: Secret) {
        guard let root = (try? JSONDocument.parse(body))?.root else { return }
        switch root.kind {
        case .array: read(root, hiding: secret)
        case .object:
            isFailed = root.member("success")?.bool == false
            for (_, value) in root.members where value.kind == .array { read(value, hiding: secret) }
        case .string, .number, .bool, .null: break
        }
    }

    private mutating func read(_ list: JSONValue, hiding secret: Secret) {
        for element in list.elements where element.member("success")?.bool == false {
            guard let id = AnswerReply.idNames.compactMap({ element.member($0).flatMap(OrderField.idText) }).first else { continue }
            failures[id] = Told("the hub did not take the answer", theirs: ErrorBody.said(element, hiding: secret) ?? "").text
        }
    }
}
