import CFlxChannel

/// One round of everything that a channel has to do, as the host holds it: events come out, replies go in.
///
/// Orders are sent first, then each part has its turn; after every part what was answered is sent. A part that fails is told in
/// the summary, and the others go on.
///
/// Invariant: one thread at a time is in it (`lock`), and nothing is answered, committed or settled that the host did not say.
final class Sync: @unchecked Sendable {
    enum Outcome {
        case event(SyncEvent)
        /// Nothing yet within the time given.
        case again
        /// Events wait for their replies, and nothing else is to be given before.
        case waitsForReplies
        /// The summary.
        case done(SyncEvent)
    }

    let client: Client
    private let plan: SyncPlan
    private let lock = Lock()
    private let end: Deadline
    private var turns: SyncTurns
    private var tally: SyncTally
    /// Parts that are to come, in their order; what became of orders comes once more at the end.
    private var parts: [SyncPart]
    private var present: (part: SyncPart, source: SyncSource)?
    /// Those that let others go first because the hub failed at them.
    private var asides: [SyncPart] = []
    private var batch: SyncBatch?
    private var events: [SyncEvent] = []
    private var lastNumber: Int64 = 0
    private var sending: Sending?
    private var summary: SyncEvent?
    /// Results by row of the outbox.
    private var told: [Int64: [UInt8]] = [:]
    /// The newest answer before the round.
    private let answersBefore: Int64
    private var heldMs: Int64 = 0
    /// When the hub gave a good answer last before the present part.
    private var heardMs: Int64 = 0
    private var isClosed = false

    /// A flush between two parts.
    private struct Sending {
        /// Until then it goes on with what can be sent.
        let until: Deadline
    }

    /// How long a flush between parts may take what it needs, so that pulls do not wait for a hub that is slow to take orders.
    private static let sendingMs: Int64 = 10_000
    private static let pageOfResults = 100
    /// How long nothing comes before a part at which the hub fails is set aside.
    private static let lookMs: Int64 = 3_000

    init(_ client: Client, _ plan: SyncPlan) throws(ChannelError) {
        self.client = client
        self.plan = plan
        end = plan.budgetMs == 0 ? Deadline(atMs: Int64.max / 2) : Deadline.after(ms: plan.budgetMs)
        turns = try SyncTurns(client, plan)
        tally = SyncTally(plan.parts)
        answersBefore = try client.stored { store throws(StateError) in try store.answers.newest() }
        parts = turns.order(plan.parts)
        if parts.contains(.results) { parts.append(.results) }
        sending = Sending(until: Deadline.after(ms: Sync.sendingMs).earlier(end))
    }

    // MARK: what the host calls

    func next(by deadline: Deadline) throws(ChannelError) -> Outcome {
        try alone(by: deadline) { () throws(ChannelError) in
            do throws(ChannelError) {
                let outcome = try step(by: deadline)
                heldMs = 0
                return outcome
            } catch {
                guard error.code == FLX_E_STATE_BUSY else { throw error }
                return try heldUp(error)
            }
        }
    }

    /// Another process has the state file: the next call goes on, and only after `state.wait_ms` of such calls it is an error.
    private func heldUp(_ error: ChannelError) throws(ChannelError) -> Outcome {
        heldMs += max(1, error.waitedMs)
        guard heldMs >= client.settings.stateWaitMs else { return .again }
        heldMs = 0
        throw error
    }

    private func step(by deadline: Deadline) throws(ChannelError) -> Outcome {
        while true {
            if let summary { return .done(summary) }
            if !events.isEmpty { return .event(events.removeFirst()) }
            if let outcome = try giveOrSettle() { return outcome }
            if let outcome = try work(by: deadline) { return outcome }
        }
    }

    func reply(_ number: Int64, _ bytes: [UInt8]) throws(ChannelError) {
        try alone(by: Deadline.after(ms: client.settings.stateWaitMs)) { () throws(ChannelError) in
            guard var batch else {
                throw ChannelError(FLX_E_NOT_FOUND, "no event \(number) waits for a reply", path: "event")
            }
            var part = tally[batch.part]
            let deed = try batch.reply(number, bytes, &part) { answer, receipt throws(ChannelError) in
                try client.checkAnswer(answer, receipt)
            }
            // Before it counts as said: a reply that could not be written down is given again.
            switch deed {
            case .nothing: break
            case .settle(let order, let told): try settle(order, told)
            case .forget(let id):
                let now = client.store.clock.wallMs()
                try client.write { store throws(StateError) in
                    try store.listings.noteGone(id, at: now)
                    try store.snapshots.remove(id)
                }
            }
            self.batch = batch
            tally[batch.part] = part
            client.store.touch(batch.part.held.rawValue)
        }
    }

    /// What became of an order since it was told is told anew; one that is forgotten has nothing to settle.
    private func settle(_ order: String, _ told: [UInt8]) throws(ChannelError) {
        do throws(ChannelError) { try client.outboxSettle(order, told: told) } catch {
            guard error.code == FLX_E_NOT_FOUND else { throw error }
        }
    }

    /// Ends the round where it is: what has all its replies is answered, the rest comes again.
    func close() {
        guard !client.isForked, lock.lock(by: Deadline(atMs: Int64.max / 2)) else { return }
        defer { lock.unlock() }
        guard !isClosed else { return }
        isClosed = true
        if let batch { try? settle(batch) }
        batch = nil
        leave()
    }

    private func alone<Result>(
        by deadline: Deadline, _ body: () throws(ChannelError) -> Result
    ) throws(ChannelError) -> Result {
        try client.checkUsable()
        guard lock.lock(by: deadline) else {
            throw ChannelError(FLX_E_CLIENT_BUSY, "another thread is in this round; use a round from one thread at a time")
        }
        defer { lock.unlock() }
        guard !isClosed else { throw ChannelError(FLX_E_HANDLE, "the round is closed") }
        return try body()
    }

    // MARK: events

    /// The next event of the batch, or that it waits; nil once it is settled, or there is none.
    private func giveOrSettle() throws(ChannelError) -> Outcome? {
        guard var batch else { return nil }
        if let event = batch.give(lastNumber + 1) {
            lastNumber += 1
            self.batch = batch
            return .event(event)
        }
        guard batch.isOver else { return .waitsForReplies }
        do throws(ChannelError) { try settle(batch) } catch {
            guard error.code != FLX_E_STATE_BUSY, !Sync.endsTheRound(error) else { throw error }  // the next call tries again
            // Somebody took the feed over, say: what was not written down comes again.
            leave()
            failed(batch.part, error)
        }
        self.batch = nil
        if plan.wantsProgress { events.append(progress(batch.part)) }
        return nil
    }

    private func progress(_ part: SyncPart) -> SyncEvent {
        let (now, feed) = (tally[part], part.name)
        return SyncEvent(.progress) { json in
            json.member("part", feed)
            json.member("done", now.done)
            json.member("failed", now.failed)
            json.member("later", now.later)
        }
    }

    /// Answers what is complete, commits what is stored.
    private func settle(_ batch: SyncBatch) throws(ChannelError) {
        if let receipt = batch.receipt, !batch.answers.isEmpty {
            // First: what is answered does not come again, and one that is noted and not answered does no harm.
            try client.noteTold(batch.told)
            let refused = try client.acknowledgeEach(receipt: receipt, batch.answers)
            if !refused.isEmpty {
                var part = tally[batch.part]
                part.later += Int64(refused.count)
                for fault in refused { part.note("\(fault.path) \(fault.message)") }
                tally[batch.part] = part
            }
        }
        if let page = batch.stored, case .pull(let pull)? = present?.source { try pull.commit(page) }
    }

    // MARK: work

    /// Does one step; nil if it came to something that is to be looked at.
    private func work(by deadline: Deadline) throws(ChannelError) -> Outcome? {
        if let now = sending { return try send(now, by: deadline) }
        if let (part, source) = present {
            guard !end.isOver || part == .results else {
                leave()
                return nil
            }
            return try read(part, source, by: deadline)
        }
        guard tally.stop == nil, !end.isOver, !parts.isEmpty else {
            try finish()
            return nil
        }
        try begin(parts[0])
        parts.removeFirst()
        return nil
    }

    private func finish() throws(ChannelError) {
        let before = answersBefore
        tally.refusedAnswers = try client.stored { store throws(StateError) in try store.answers.refused(after: before) }
        tally.isOutOfTime = tally.parts.contains { !$0.isOver } && tally.stop == nil
        let event = tally.event()
        summary = event
        client.log.write(.info, "sync.done", [("complete", .text(tally.isComplete ? "yes" : "no"))])
    }

    /// Sends what can be sent in its time.
    private func send(_ now: Sending, by deadline: Deadline) throws(ChannelError) -> Outcome? {
        let report: FlushReport
        do throws(ChannelError) { report = try client.flush(by: deadline.earlier(now.until)) } catch {
            guard error.code != FLX_E_STATE_BUSY else { throw error }  // the next call tries again
            sending = nil
            try stop(error)
            return nil
        }
        tally.flushed(report)
        if report.status == FLX_AGAIN, !now.until.isOver {
            guard !deadline.isOver else { return .again }
            // What it can do later than its deadline it comes back at once for.
            try client.rest(until: Deadline.after(ms: report.nextInMs).earlier(deadline).earlier(now.until))
            return nil
        }
        sending = nil
        if let paused = report.paused, paused.code == FLX_E_TOKEN || paused.code == FLX_E_IDENTITY { tally.stop = paused }
        return nil
    }

    private func begin(_ part: SyncPart) throws(ChannelError) {
        do throws(ChannelError) {
            if tally[part].isOver, part != .results { return }
            let isDue = turns.isDue(part, everyMs: plan.everyMs(part), now: client.store.clock.wallMs())
            if !isDue, part != .gone { return tally[part].end = .notDue }
            present = (part, try SyncSource.open(part, client, plan, isDue: isDue))
            tally[part].isBegun = isDue
            heardMs = client.lastSuccessMs
            if isDue { try turns.begin(part) }
        } catch {
            leave()
            guard error.code != FLX_E_STATE_BUSY else { throw error }
            failed(part, error)
        }
    }

    private func read(_ part: SyncPart, _ source: SyncSource, by deadline: Deadline) throws(ChannelError) -> Outcome? {
        let look = deadline.earlier(end).earlier(Deadline.after(ms: Sync.lookMs))
        do throws(ChannelError) {
            switch source {
            case .results(let after, let lease):
                try client.state { () throws(StateError) in try lease.check() }
                let orders = try client.unsettledOrders(after: after, most: Sync.pageOfResults)
                guard let last = orders.last else {
                    over(part)
                    break
                }
                // What was told in this round, and is not settled, comes again in a later one.
                let new = orders.filter { one in told[one.row].map { $0 != one.json } ?? true }
                for one in new { told[one.row] = one.json }
                batch = SyncBatch(.results, .results(new.map { ($0.number, $0.json) }))
                present = (part, .results(after: last.row, lease))
            case .pull(let pull):
                switch try pull.next(by: look) {
                case .again: return waits(part, source, by: deadline)
                case .done: over(part)
                case .page(let page): take(part, page)
                }
            case .census(let census):
                switch try census.next(by: look) {
                case .waiting: return waits(part, source, by: deadline)
                case .gone(let rows): batch = SyncBatch(.gone, .gone(rows))
                case .end: over(part)
                }
            }
        } catch {
            guard error.code != FLX_E_STATE_BUSY else { throw error }
            leave()
            if Sync.endsTheRound(error) { try stop(error) } else { failed(part, error) }
        }
        return nil
    }

    /// Nothing came for a while. Where the hub fails at a part, those that are to come go first, and then it is tried again.
    private func waits(_ part: SyncPart, _ source: SyncSource, by deadline: Deadline) -> Outcome? {
        tally[part].trouble = source.trouble
        if source.trouble != nil, !asides.contains(part), parts.contains(where: { $0 != .results && !asides.contains($0) }) {
            asides.append(part)
            leave()
            parts.insert(part, at: parts.last == .results ? parts.endIndex - 1 : parts.endIndex)
            return nil
        }
        return deadline.isOver && !end.isOver ? .again : nil
    }

    private func take(_ part: SyncPart, _ page: Page) {
        tally[part].trouble = nil
        tally[part].quarantined += Int64(page.quarantined.count)
        guard part.feed?.isQueue == true else { return batch = SyncBatch(part, .records(page)) }
        let receipt = page.receiptRows
        batch = SyncBatch(part, .listings(page, receipt, receipt.rows.map { ListingTask($0, isParent: part == .publish) }))
    }

    /// The part came to its end.
    private func over(_ part: SyncPart) {
        var isRead = true
        if case .census(let census)? = present?.source {
            isRead = census.reads
            tally[part].doubt = census.doubt
        }
        leave()
        tally[part].end = isRead || tally[part].hasAny ? .done : .notDue
        if isRead { do throws(ChannelError) { try turns.end(part) } catch { tally[part].note(error.message) } }
        // What was answered goes out at once; a queue's answers wait for the end of its pull.
        let isLast = parts.isEmpty || parts.count == 1 && parts.first == .results
        if part.feed?.isQueue == true || isLast { sendOn() }
    }

    private func sendOn() { sending = Sending(until: Deadline.after(ms: Sync.sendingMs).earlier(end)) }

    private func leave() {
        if let part = present?.part, client.lastSuccessMs != heardMs { tally[part].isHeard = true }
        if case (let part, .pull(let pull))? = present { tally[part].leftOut += pull.leftOut }
        present?.source.close()
        present = nil
    }

    // MARK: failures

    private func failed(_ part: SyncPart, _ error: ChannelError) {
        if error.code == FLX_E_TOKEN { tally[part].note("a shop that does not need it leaves it out of the plan's parts") }
        tally[part].end = error.code == FLX_E_CLIENT_BUSY ? .busy(error.message) : .failed(error)
    }

    /// What every other part would meet as well.
    private static func endsTheRound(_ error: ChannelError) -> Bool {
        switch error.code {
        // What the hub does not grant every channel's token is that part's matter (contract 9, row 17).
        case FLX_E_TOKEN: Client.isEssential(error.operation)
        case FLX_E_IDENTITY, FLX_E_CANCELED, FLX_E_STATE_CORRUPT, FLX_E_STATE_NEWER, FLX_E_FORKED, FLX_E_HANDLE: true
        default: false
        }
    }

    /// Ends the round. What only the host can do something about is thrown; a merchant's matter stands in the summary.
    private func stop(_ error: ChannelError) throws(ChannelError) {
        switch error.code {
        case FLX_E_TOKEN, FLX_E_IDENTITY: tally.stop = error
        default: throw error
        }
    }
}
