import CFlxChannel
import CLibc

/// One page of the hub, read.
struct FetchedPage {
    let body: JSONPage
    /// By the hub's clock at request start, minus the safety second; nil if the hub told no time.
    let fetchInstant: Instant?
    /// Two witnesses agree on it (decision 26).
    let isInstantSure: Bool
    let number: Int

    /// What an answer may rest on: no instant at all is better than one that may be ahead of the hub.
    var sureInstant: Instant? { isInstantSure ? fetchInstant : nil }
}

/// One pass over the pages of a collection: which page is next, whether it is worth another try, and whether the end is
/// proven (contract 1.5).
///
/// Invariant: a page is handed out once, in order; after `.end` nothing more is asked.
final class PageWalk {
    enum Step {
        case page(FetchedPage)
        /// Nothing yet: the deadline is over, or a wait after a failure is longer than it.
        case waiting
        case end
    }

    private let client: Client
    private let operation: Operation
    private let query: [(String, String)]
    /// The record that is read alone, by its id; nil for a list.
    private let record: String?
    /// An answer will come after that of the first page anyway.
    private let isWitnessed: Bool
    private var pageSize: Int64
    /// Empty pages in a row that prove the end: one for a queue, whose rows stay until answered; two where a cursor
    /// will move (P-04).
    private let emptiesNeeded: Int
    private let mostPages: Int64
    /// A hub that fails for everybody is spared by the breaker; this is for one page.
    static let longestWaitMs: Int64 = 15_000
    /// One may be the page of a gateway at work; so many are no accident.
    private static let mostMisfits = 5

    private var pipeline: PagePipeline
    private var number: Int
    private var empties = 0
    private var failures: Int64 = 0
    /// Those of them that were answers of a shape that the contract does not know.
    private var misfits = 0
    private var patience: Patience
    /// Why it waits until `retryAt`.
    private var failure: ChannelError?
    private var retryAt: Int64 = 0
    /// Until when the hub asked to wait, which the rate limit sees to.
    private var askedUntil: Int64 = 0
    private var previous: [UInt8] = []
    private var first: [UInt8] = []
    /// The page before was one that the walk had already. One may be an accident of the hub; two in a row are a hub that does
    /// not turn pages.
    private var isRepeat = false
    /// A page came twice, so that another one may have been missed.
    private(set) var hasRepeated = false
    private(set) var pagesWithRows = 0
    /// Rows of all pages so far, good and bad.
    private(set) var rows = 0
    private var hasBegun = false
    /// When its first answer was asked for, by the monotonic clock, and by the hub's as it was known then; nil if the hub
    /// told no time.
    private var beganAt: (startedMs: Int64, instant: Int64)?
    /// Pages that are read and not handed out: the first waits for a second witness of the hub's clock.
    private var ready: [ReadPage] = []
    /// An answer that is being read: the end of a call may come in between.
    private var reading: (body: PageBody.Reading, response: HTTPResponse)?
    private var witnessUntil = Deadline.passed
    private static let longestWitnessMs: Int64 = 3000
    private(set) var isOver = false
    /// Why it was stopped before its end: said again to who asks again, so that a stop is never taken for an end.
    private var stopped: ChannelError?

    init(
        _ client: Client, operation: Operation, query: [(String, String)], pageSize: Int64, emptiesNeeded: Int, from number: Int = 1,
        isWitnessed: Bool = true
    ) {
        self.client = client
        self.operation = operation
        self.query = query
        record = nil
        self.isWitnessed = isWitnessed
        self.pageSize = pageSize
        self.emptiesNeeded = emptiesNeeded
        self.number = number
        patience = Patience(mostMs: client.settings.pullGiveUpMs)
        mostPages = client.settings.pageMost
        pipeline = PagePipeline(client, operation: operation, query: query, pageSize: pageSize)
    }

    /// A walk of one page with one record, or none if the hub has it no more.
    init(_ client: Client, record id: String, operation: Operation) {
        self.client = client
        self.operation = operation
        query = []
        record = id
        isWitnessed = false
        pageSize = 1
        emptiesNeeded = 1
        number = 1
        patience = Patience(mostMs: client.settings.pullGiveUpMs)
        mostPages = 1
        pipeline = PagePipeline(client, operation: operation, query: [], pageSize: 1, record: id)
    }

    /// A page that was read, before its instant is told.
    private struct ReadPage {
        let body: JSONPage
        /// By the monotonic clock; nil if the answer told no time.
        let startedMs: Int64?
        let number: Int
    }

    /// Works towards the next page until the deadline. Only under the client's `driverLock`.
    func next(by deadline: Deadline) throws(ChannelError) -> Step {
        while true {
            if let page = ready.first, !awaitsWitness {
                ready.removeFirst()
                return .page(stamped(page))
            }
            if let stopped { throw stopped }
            guard !isOver else { return .end }
            if let reading {
                guard try taken({ () throws(ChannelError) in try goOn(reading.body, reading.response, by: deadline) }) else { return .waiting }
                continue
            }
            guard try isTimeToAsk(by: deadline) else { return .waiting }
            guard Int64(number) <= mostPages else {
                witnessUntil = .passed  // no other answer will come
                if !ready.isEmpty { continue }
                throw fatal(FLX_E_PAGING, "the walk came to page \(number) without an end; config key page.most allows more")
            }
            let end = ready.isEmpty ? deadline : witnessUntil.earlier(deadline)
            let outcome = try pipeline.outcome(of: number, isRepeat: failures > 0, upTo: mostPages, by: end, &patience)
            if let outcome { _ = try taken { () throws(ChannelError) in try read(outcome) } } else if deadline.isOver { return .waiting }
        }
    }

    /// What stops the walk is told after the page that was read before.
    private func taken(_ body: () throws(ChannelError) -> Bool) throws(ChannelError) -> Bool {
        do throws(ChannelError) { return try body() } catch {
            if stopped == nil || ready.isEmpty { throw error }
            return true
        }
    }

    /// Whether the first page waits for the answer after it, which is asked for anyway: the hub's clock and ours contradict
    /// each other, and with one answer the earlier would count, so that rows would be held back (L-01).
    private var awaitsWitness: Bool {
        isWitnessed && ready.count == 1 && !isOver && failures == 0 && !witnessUntil.isOver && client.clock.needsWitness
    }

    private func stamped(_ page: ReadPage) -> FetchedPage {
        let instant = page.startedMs.flatMap { client.clock.instant(requestStartedMs: $0) }
        return FetchedPage(
            body: page.body, fetchInstant: instant.map { Instant(ms: $0.ms) }, isInstantSure: instant?.isSure ?? false,
            number: page.number)
    }

    /// The fetch instant of its first answer, also of an empty one, and whether two witnesses agree on it by now; nil if the
    /// hub told no time then. What was known then and what is known now may differ: the earlier counts.
    var began: (at: Instant, isSure: Bool)? {
        guard let beganAt, let now = client.clock.instant(requestStartedMs: beganAt.startedMs) else { return nil }
        return (Instant(ms: min(beganAt.instant, now.ms)), now.isSure)
    }

    /// Asks for nothing more.
    func abandon() {
        isOver = true
        reading = nil
        pipeline.end()
    }

    // MARK: one request

    /// Begins to read the answer, unless it was none and the failure may pass.
    private func read(_ outcome: ExchangeOutcome) throws(ChannelError) -> Bool {
        switch outcome {
        case .failed(let error):
            try failed(ChannelError(error, operation: operation.id), after: nil)
        case .answered(let response):
            guard ReplyClass(status: response.status) == .success else {
                if record != nil, response.status == 404 || response.status == 410 {
                    abandon()
                    return true
                }
                let error = client.refusal(response, operation: operation.id)
                if error.code == FLX_E_TOKEN || error.code == FLX_E_REFUSED { throw end(error) }
                try failed(error, after: response.retryAfterMs)
                return true
            }
            do { reading = (try PageBody.begin(response.body, isOne: record != nil, hiding: client.token), response) } catch {
                try failed(unread(error), after: nil)
            }
        }
        return true
    }

    /// Reads on until the deadline, and adds the page to `ready` unless it was empty. False if the deadline came first: what was
    /// read stays read. A cancel comes in between as well.
    private func goOn(_ body: PageBody.Reading, _ response: HTTPResponse, by deadline: Deadline) throws(ChannelError) -> Bool {
        let page: JSONPage?
        do {
            page = try body.page { !deadline.isOver && !client.cancel.isFired }
        } catch {
            reading = nil
            try failed(unread(error), after: nil)
            return true
        }
        guard let page else {
            if client.cancel.isFired { throw ChannelError(FLX_E_CANCELLED, "the client's cancel was fired") }
            return false
        }
        reading = nil
        try accepted(page, response)
        return true
    }

    /// Why a 2xx answer could not be used. A truncated one is a network fault; the rest is not what the contract says.
    private func unread(_ fault: PageBody.Fault) -> ChannelError {
        let error: ChannelError
        switch fault {
        case .incomplete: error = ChannelError(FLX_E_NETWORK, fault.message)
        case .notAPage(_, let said): error = ChannelError(FLX_E_CONTRACT, fault.message, hubSaid: said)
        case .memory: error = ChannelError(FLX_E_MEMORY, fault.message)
        }
        error.operation = operation.id
        return error
    }

    private func accepted(_ body: JSONPage, _ response: HTTPResponse) throws(ChannelError) {
        (failures, misfits) = (0, 0)
        failure = nil
        patience.rest()
        client.noteSuccess()
        pipeline.learn(rows: body.records.count + body.bad.count, response)
        let startedMs = response.dateMs == nil ? nil : response.startedMs
        if !hasBegun {
            hasBegun = true
            witnessUntil = .after(ms: PageWalk.longestWitnessMs)
            if let startedMs, let instant = client.clock.fetchInstant(requestStartedMs: startedMs) { beganAt = (startedMs, instant) }
        }
        let number = number
        self.number += 1
        guard !(body.records.isEmpty && body.bad.isEmpty) else {
            empties += 1
            if empties >= emptiesNeeded { abandon() }
            return
        }
        if startsAgainSmaller(body) { return }
        empties = 0
        if try isKnown(body, number) { return }
        if record != nil { abandon() }
        pagesWithRows += 1
        rows += body.records.count + body.bad.count
        ready.append(ReadPage(body: body, startedMs: startedMs, number: number))
    }

    /// Whether the page is one that the walk had already (P-02). A hub that ignores the page number answers with the same
    /// rows again and again (P-03, contract 8.10).
    private func isKnown(_ body: JSONPage, _ number: Int) throws(ChannelError) -> Bool {
        var ids: [UInt8] = []
        let nodes = JSONNodes(of: body.document)
        for record in body.records {
            let id = nodes.member(of: record.node, "id") ?? record.node
            PageWalk.add(nodes.raw(id), to: &ids)
        }
        for bad in body.bad {
            body.document.bytes[bad.range].withUnsafeBufferPointer { PageWalk.add($0, to: &ids) }
        }
        if !previous.isEmpty, ids == previous || ids == first {
            guard !isRepeat else {
                throw fatal(FLX_E_PAGING, "pages \(number - 1) and \(number) repeat earlier pages; the hub does not turn pages here")
            }
            (isRepeat, hasRepeated) = (true, true)
            return true
        }
        isRepeat = false
        if first.isEmpty { first = ids }
        previous = ids
        return false
    }

    /// An id as it stands; of what is longer than any id its hash, so that a page is not kept a second time.
    private static func add(_ bytes: UnsafeBufferPointer<UInt8>, to ids: inout [UInt8]) {
        if bytes.count <= 64 { ids.append(contentsOf: bytes) } else { ids.append(contentsOf: SHA256.hash(Array(bytes))) }
        ids.append(0)  // no JSON has it
    }

    /// The hub cuts a page of parents at 4000 variants in all and does not say so (contract 3.6): read again from the
    /// start with fewer parents a page. What was handed out already is known to the pull and left out.
    private func startsAgainSmaller(_ body: JSONPage) -> Bool {
        guard operation.id == OperationTable.getListingParents.id, pageSize > 1 else { return false }
        var variants = 0
        for record in body.records { variants += ListingFields(of: record).value(.variants)?.count ?? 0 }
        guard variants >= PageWalk.variantCut else { return false }
        pageSize = max(1, pageSize / 2)
        pipeline.end()
        pipeline = PagePipeline(client, operation: operation, query: query, pageSize: pageSize)
        number = 1
        (previous, first, empties, isRepeat) = ([], [], 0, false)
        client.log.write(.warn, "pull.page_cut", [("variants", .number(Int64(variants))), ("page_size", .number(pageSize))])
        return true
    }

    private static let variantCut = 4000

    // MARK: failures

    private func failed(_ error: ChannelError, after retryAfterMs: Int64?) throws(ChannelError) {
        patience.wait()
        pipeline.stumble()
        failures += 1
        client.log.write(
            .warn, "pull.retry",
            [("operation", .text(operation.id)), ("page", .number(Int64(number))), ("message", .text(error.message))])
        // What the hub asks for holds everybody back, in the rate limit: it may be lifted there.
        let wait = max(retryAfterMs ?? 0, Backoff.delayMs(attempt: failures, jitter: client.jitter))
        retryAt = Clock.monotonicMs() &+ min(wait, PageWalk.longestWaitMs)
        askedUntil = Clock.monotonicMs() &+ (retryAfterMs ?? 0)
        failure = error
        if error.code == FLX_E_CONTRACT { misfits += 1 }
        let isContract = error.code == FLX_E_CONTRACT && misfits >= PageWalk.mostMisfits
        guard isContract || patience.isOver() else { return }
        (failures, misfits) = (0, 0)
        throw isContract ? end(error) : error
    }

    /// Waits out what a failure asks for; false if the deadline comes first. A wait that outlasts the patience is told.
    private func isTimeToAsk(by deadline: Deadline) throws(ChannelError) -> Bool {
        while retryAt > Clock.monotonicMs() {
            patience.wait()
            try client.idle(until: Deadline(atMs: retryAt).earlier(deadline).earlier(.after(ms: patience.remainingMs())))
            let now = Clock.monotonicMs()
            guard retryAt > now else { break }
            if let failure, patience.isOver() { throw ChannelError(failure, retryAfterMs: max(retryAt, askedUntil) &- now) }
            if deadline.isOver { return false }
        }
        return true
    }

    private func fatal(_ code: Int32, _ message: String) -> ChannelError {
        let error = ChannelError(code, message)
        error.operation = operation.id
        return end(error)
    }

    private func end(_ error: ChannelError) -> ChannelError {
        abandon()
        error.isFatal = true
        stopped = error
        return error
    }
}
