import CFlxChannel

/// One pass over the pages of a collection, and what its state machine asks for: requests, time, and the reading of answers
/// (contract 1.5).
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
    private(set) var machine: PageWalkMachine
    private var pipeline: PagePipeline

    static let longestWaitMs = PageFailures.longestWaitMs

    /// - Parameter isWitnessed: an answer will come after that of the first page anyway.
    convenience init(
        _ client: Client, operation: Operation, query: [(String, String)], pageSize: Int64, emptiesNeeded: Int,
        from number: Int = 1, isWitnessed: Bool = true
    ) {
        let plan = PageWalkMachine.Plan(
            pageSize: pageSize, emptiesNeeded: emptiesNeeded, mostPages: client.settings.pageMost, isWitnessed: isWitnessed,
            isOfParents: operation.id == OperationTable.getListingParents.id)
        self.init(client, operation, query, record: nil, plan, from: number)
    }

    /// A walk of one page with one record, or none if the hub has it no more.
    convenience init(_ client: Client, record id: String, operation: Operation) {
        let plan = PageWalkMachine.Plan(pageSize: 1, emptiesNeeded: 1, mostPages: 1, isWitnessed: false, isOne: true)
        self.init(client, operation, [], record: id, plan, from: 1)
    }

    private init(
        _ client: Client, _ operation: Operation, _ query: [(String, String)], record: String?, _ plan: PageWalkMachine.Plan,
        from number: Int
    ) {
        self.client = client
        self.operation = operation
        self.query = query
        self.record = record
        machine = PageWalkMachine(plan, from: number, patience: Patience(mostMs: client.settings.pullGiveUpMs))
        pipeline = PagePipeline(client, operation: operation, query: query, pageSize: plan.pageSize, record: record)
    }

    /// Works towards the next page until the deadline. Only under the client's `driverLock`.
    func next(by deadline: Deadline) throws(ChannelError) -> Step {
        while true {
            switch machine.step(now: Clock.monotonicMs(), needsWitness: { client.clock.needsWitness }) {
            case .give(let page):
                machine.gave()
                return .page(stamped(page))
            case .read(let body, let response): guard try goOn(body, response, by: deadline) else { return .waiting }
            case .wait(let wait): guard try waitOut(wait, by: deadline) else { return .waiting }
            case .ask(let page, let isRepeat, let witnessUntil):
                let end = witnessUntil.map { Deadline(atMs: $0).earlier(deadline) } ?? deadline
                let outcome = try pipeline.outcome(
                    of: page, isRepeat: isRepeat, upTo: machine.plan.mostPages, by: end, &machine.failures.patience)
                if let outcome { try read(outcome) } else if deadline.isOver { return .waiting }
            case .tooFar(let page):
                stop(
                    FLX_E_PAGING,
                    "the walk came to page \(page) without an end; config key \(ConfigKey.pageMost.key.name) allows more")
            case .stop(let error): throw error
            case .end: return .end
            }
        }
    }

    /// The fetch instant of its first answer, also of an empty one, and whether two witnesses agree on it by now; nil if the
    /// hub told no time then. What was known then and what is known now may differ: the earlier counts.
    var began: WalkStart? {
        guard let start = machine.start, let now = client.clock.instant(requestStartedMs: start.startedMs) else { return nil }
        return WalkStart(at: Instant(ms: min(start.instant, now.ms)), isSure: now.isSure)
    }

    /// What it has had so far, good and bad.
    var tally: PageWalkMachine.Tally { machine.tally }

    /// A page came twice, so that another one may have been missed.
    var hasRepeated: Bool { machine.repeats.hasAny }

    /// Why its page does not come, since the last one came.
    var trouble: ChannelError? { machine.failures.wait?.error }

    /// Asks for nothing more.
    func abandon() {
        machine.ended()
        pipeline.end()
    }

    private func stamped(_ page: PageWalkMachine.ReadPage) -> FetchedPage {
        let instant = page.startedMs.flatMap { client.clock.instant(requestStartedMs: $0) }
        return FetchedPage(
            body: page.body, fetchInstant: instant.map { Instant(ms: $0.ms) }, isInstantSure: instant?.isSure ?? false,
            number: page.number)
    }

    // MARK: one request

    /// Begins to read the answer, unless it was none and the failure may pass.
    private func read(_ outcome: ExchangeOutcome) throws(ChannelError) {
        let response: HTTPResponse
        switch outcome {
        case .failed(let error): return try failed(ChannelError(error, operation: operation.id), after: nil)
        case .answered(let answer): response = answer
        }
        guard ReplyClass(status: response.status) == .success else {
            if record != nil, response.status == 404 || response.status == 410 { return abandon() }
            let error = client.refusal(response, operation: operation.id)
            if error.code == FLX_E_TOKEN || error.code == FLX_E_REFUSED { return stop(error) }
            return try failed(error, after: response.retryAfterMs)
        }
        let body: PageBody.Reading
        do { body = try PageBody.begin(response.body, isOne: record != nil, hiding: client.token) } catch {
            return try failed(unread(error), after: nil)
        }
        machine.answered(body, response)
    }

    /// Reads on until the deadline. False if the deadline came first: what was read stays read. A cancel comes in between as
    /// well.
    private func goOn(_ body: PageBody.Reading, _ response: HTTPResponse, by deadline: Deadline) throws(ChannelError) -> Bool {
        let page: JSONPage?
        do {
            page = try body.page { !deadline.isOver && !client.cancel.isFired }
        } catch {
            try failed(unread(error), after: nil)
            return true
        }
        guard let page else {
            if client.cancel.isFired { throw ChannelError(FLX_E_CANCELED, "the client's cancel was fired") }
            return false
        }
        accepted(page, response)
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

    private func accepted(_ body: JSONPage, _ response: HTTPResponse) {
        client.noteSuccess()
        pipeline.learn(rows: body.records.count + body.bad.count, response)
        let startedMs = response.dateMs == nil ? nil : response.startedMs
        if !machine.hasBegun {
            let start = startedMs.flatMap { at in
                client.clock.fetchInstant(requestStartedMs: at).map { PageWalkMachine.Start(startedMs: at, instant: $0) }
            }
            machine.began(start, now: Clock.monotonicMs())
        }
        switch machine.accepted(body, startedMs: startedMs) {
        case .goesOn: break
        case .ends: pipeline.end()
        case .startsAgain(let variants): startAgain(variants)
        case .repeats(let page):
            stop(FLX_E_PAGING, "pages \(page - 1) and \(page) repeat earlier pages; the hub does not turn pages here")
        }
    }

    private func startAgain(_ variants: Int) {
        pipeline.end()
        pipeline = PagePipeline(client, operation: operation, query: query, pageSize: machine.pageSize)
        client.log.write(
            .warn, "pull.page_cut", [("variants", .number(Int64(variants))), ("page_size", .number(machine.pageSize))])
    }

    // MARK: failures

    private func failed(_ error: ChannelError, after retryAfterMs: Int64?) throws(ChannelError) {
        pipeline.stumble()
        client.log.write(
            .warn, "pull.retry",
            [("operation", .text(operation.id)), ("page", .number(Int64(machine.number))), ("message", .text(error.message))])
        switch machine.failed(error, retryAfterMs: retryAfterMs, now: Clock.monotonicMs(), jitter: client.jitter) {
        case .tryAgain: break
        case .tell: throw error
        case .stop: stop(error)
        }
    }

    /// Waits out what a failure asks for; false if the deadline comes first. A wait that outlasts the patience is told.
    private func waitOut(_ wait: PageFailures.Wait, by deadline: Deadline) throws(ChannelError) -> Bool {
        machine.failures.patience.wait()
        let told = Deadline.after(ms: machine.failures.patience.remainingMs())
        try client.idle(until: Deadline(atMs: wait.until).earlier(deadline).earlier(told))
        let now = Clock.monotonicMs()
        guard wait.until > now else { return true }
        if machine.failures.patience.ranOut() {
            throw ChannelError(wait.error, retryAfterMs: max(wait.until, wait.askedUntil) &- now)
        }
        return !deadline.isOver
    }

    private func stop(_ code: Int32, _ message: String) {
        let error = ChannelError(code, message)
        error.operation = operation.id
        stop(error)
    }

    /// What stops the walk is told after the page that was read before.
    private func stop(_ error: ChannelError) {
        machine.stopped(by: error)
        pipeline.end()
    }
}
