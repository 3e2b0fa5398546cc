import CFlxChannel
import CLibc

/// What a client has on its way to the hub between two slices of flushing.
struct FlushState {
    var order: OrderSending?
    var answers: AnswerSending?
    /// When old results were forgotten last.
    var prunedAt: Int64 = 0

    mutating func abandon(_ transport: Transport) {
        order?.abandon(transport)
        answers?.abandon(transport)
        (order, answers) = (nil, nil)
    }
}

/// Spends a slice of time on writing: orders first, then answers (architecture, section 2).
extension Client {
    struct FlushReport {
        var status = FLX_OK
        var sent: Int64 = 0
        var applied: Int64 = 0
        var refused: Int64 = 0
        var possiblyApplied: Int64 = 0
        var answersSent: Int64 = 0
        var waitingOrders: Int64 = 0
        var waitingAnswers: Int64 = 0
        var nextInMs: Int64 = -1
        var isElsewhere = false
        var paused: ChannelError?

        func json() -> [UInt8] {
            var json = JSONWriter()
            json.beginObject()
            json.member("sent", sent)
            json.member("applied", applied)
            json.member("refused", refused)
            json.member("possibly_applied", possiblyApplied)
            json.member("answers_sent", answersSent)
            json.key("waiting")
            json.beginObject()
            json.member("orders", waitingOrders)
            json.member("answers", waitingAnswers)
            json.endObject()
            json.member("next_in_ms", nextInMs)
            json.member("paused", paused?.message ?? "")
            json.endObject()
            return json.bytes
        }
    }

    /// What waits longer than this is not called soon.
    private static let soonMs: Int64 = 60_000
    private static let pruneEveryMs: Int64 = 600_000

    func flush(by deadline: Deadline) throws(ChannelError) -> FlushReport {
        try drive(by: deadline) { () throws(ChannelError) in
            var report = FlushReport()
            try tidy()
            while report.paused == nil {
                report.isElsewhere = false
                if try flushOrder(by: deadline, &report) { continue }
                if try flushAnswers(by: deadline, &report) { continue }
                guard !report.isElsewhere, !deadline.isOver, let wait = try nextDueMs(), wait <= deadline.remainingMs else { break }
                try idle(until: Deadline.after(ms: max(wait, 5)).earlier(deadline))
            }
            try finish(&report)
            return report
        }
    }

    /// Moves one order on; true if it came to an end and another may follow.
    private func flushOrder(by deadline: Deadline, _ report: inout FlushReport) throws(ChannelError) -> Bool {
        if flushing.order == nil { flushing.order = try claimOrder(&report) }
        guard let sending = flushing.order else { return false }
        let outcome: OrderSending.Outcome
        do { outcome = try sending.drive(by: deadline) } catch {
            flushing.order = nil
            sending.abandon(transport)
            throw error
        }
        switch outcome {
        case .waiting: return false
        case .paused(let error):
            flushing.order = nil
            report.paused = error
            return false
        case .overtaken:
            flushing.order = nil
            return true
        case .ended:
            flushing.order = nil
            report.sent += 1
            switch sending.row.verdict {
            case .applied: report.applied += 1
            case .refused: report.refused += 1
            case .possiblyApplied: report.possiblyApplied += 1
            case .none, .notApplied: break
            }
            return true
        }
    }

    /// The oldest due order that no other process has.
    private func claimOrder(_ report: inout FlushReport) throws(ChannelError) -> OrderSending? {
        let due = try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.outbox.due(at: Clock.wallMs(), limit: 64) }
        }
        var held: [OutboxRow] = []
        for candidate in due {
            guard let claim = store.claim(row: candidate.id) else {
                report.isElsewhere = true
                held.append(candidate)
                continue
            }
            // Only under the claim is the row ours: another process may have ended it in between.
            let row = try state { () throws(StateError) in
                try store.read { () throws(StateError) in try store.outbox.row(id: candidate.id) }
            }
            guard let row, row.state == .queued || row.state == .sending, row.fence == candidate.fence,
                let number = row.number, let wire = row.wire
            else {
                claim.release()
                continue
            }
            if try giveUp(row) {
                claim.release()
                continue
            }
            return OrderSending(self, row: row, number: number, wire: wire, claim: claim)
        }
        return try takeOver(held)
    }

    /// Gives an order up that had no clear end for too long, with its last evidence (reliability 1.1-7).
    func giveUp(_ row: OutboxRow) throws(ChannelError) -> Bool {
        let age = Clock.wallMs() &- (row.resolvedAt ?? row.submittedAt)  // a retry counts anew
        guard age > settings.number("orders.give_up_hours") * 3_600_000, row.attempts > 0 else { return false }
        var next = row
        next.state = .resolved
        next.verdict = row.ambiguous || row.state == .sending ? .possiblyApplied : .notApplied
        next.resolvedAt = Clock.wallMs()
        next.fence += 1
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                guard try store.outbox.save(next, fence: row.fence) else { return }
                _ = try store.events.append(
                    row: row.id, at: Clock.wallMs(), what: "given_up", httpStatus: 0, verdict: next.verdict,
                    message: next.message, requestId: "", tookMs: 0)
            }
        }
        log.write(.error, "order.given_up", [("row", .number(row.id)), ("verdict", .text(next.verdict.name))])
        return true
    }

    /// Moves answers on; true if a feed's waiting answers came to an end.
    private func flushAnswers(by deadline: Deadline, _ report: inout FlushReport) throws(ChannelError) -> Bool {
        guard flushing.order == nil else { return false }  // orders first
        if flushing.answers == nil { flushing.answers = try claimAnswers(&report) }
        guard let sending = flushing.answers else { return false }
        let before = sending.sent
        let outcome: AnswerSending.Outcome
        do { outcome = try sending.drive(by: deadline) } catch {
            flushing.answers = nil
            sending.abandon(transport)
            throw error
        }
        report.answersSent += sending.sent - before
        switch outcome {
        case .waiting: return false
        case .ended:
            flushing.answers = nil
            return true
        case .paused(let error):
            flushing.answers = nil
            report.paused = error
            return false
        }
    }

    private func claimAnswers(_ report: inout FlushReport) throws(ChannelError) -> AnswerSending? {
        for feed in Feed.all where feed.isQueue {
            guard try !waitingAnswers(of: feed).isEmpty else { continue }
            guard let lock = store.lockFeed(feed.rawValue, name: "") else {
                report.isElsewhere = true  // a pull of this feed is alive; its answers wait for its end
                continue
            }
            // Only under the lock are they ours: another process may have sent them, or an older form of them, in between.
            let rows: [AnswerRow]
            do { rows = try waitingAnswers(of: feed) } catch {
                lock.release()
                throw error
            }
            guard !rows.isEmpty else {
                lock.release()
                continue
            }
            return AnswerSending(self, feed: feed, rows: rows, lock: lock)
        }
        return nil
    }

    private func waitingAnswers(of feed: Feed) throws(ChannelError) -> [AnswerRow] {
        try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                try store.answers.waiting(feed: feed.rawValue, now: Clock.wallMs(), limit: 500)
            }
        }
    }

    // MARK: the end of a slice

    private func nextDueMs() throws(ChannelError) -> Int64? {
        let due = try state { () throws(StateError) in
            try store.read { () throws(StateError) -> Int64? in
                let order = try store.outbox.nextDue()
                let answer = try store.answers.nextDue()
                switch (order, answer) {
                case (let a?, let b?): return min(a, b)
                case (let a, let b): return a ?? b
                }
            }
        }
        return due.map { max(0, $0 &- Clock.wallMs()) }
    }

    private func finish(_ report: inout FlushReport) throws(ChannelError) {
        (report.waitingOrders, report.waitingAnswers) = try state { () throws(StateError) in
            try store.read { () throws(StateError) in (try store.outbox.openCount(), try store.answers.waitingCount()) }
        }
        report.nextInMs = try nextDueMs() ?? -1
        let isOnItsWay = flushing.order != nil || flushing.answers != nil
        if report.paused != nil {
            report.status = FLX_E_TOKEN
        } else if isOnItsWay {
            report.status = FLX_AGAIN
        } else if report.isElsewhere {
            report.status = FLX_BUSY
        } else if report.nextInMs >= 0, report.nextInMs <= Client.soonMs {
            report.status = FLX_AGAIN
        }
    }

    /// Blanks buyer data that is old enough, and forgets old results; a little in each slice.
    private func tidy() throws(ChannelError) {
        let now = Clock.wallMs()
        _ = try blankSettled(before: now &- settings.number("orders.keep_hours") * 3_600_000, most: 200)
        guard now &- flushing.prunedAt > Client.pruneEveryMs else { return }
        flushing.prunedAt = now
        let before = now &- settings.number("answers.keep_hours") * 3_600_000
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in _ = try store.answers.prune(settledBefore: before) }
        }
    }
}
