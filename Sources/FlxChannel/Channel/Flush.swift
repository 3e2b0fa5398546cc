import CFlxChannel
import CLibc

/// Spends a slice of time on writing: orders first, then answers (architecture, section 2).
extension Client {
    struct FlushReport {
        var status = FLX_OK
        var sent: Int64 = 0
        var applied: Int64 = 0
        var refused: Int64 = 0
        var possiblyApplied: Int64 = 0
        var givenUp: Int64 = 0
        var answersSent: Int64 = 0
        var waitingOrders: Int64 = 0
        var waitingAnswers: Int64 = 0
        var nextInMs: Int64 = -1
        var isElsewhere = false
        var paused: ChannelError?

        /// Another process has the state file, so that what waits is not known.
        mutating func holdUp() {
            status = paused == nil ? FLX_AGAIN : FLX_E_TOKEN
            (waitingOrders, waitingAnswers, nextInMs) = (-1, -1, 0)
        }

        func json() -> [UInt8] {
            var json = JSONWriter()
            json.beginObject()
            json.member("sent", sent)
            json.member("applied", applied)
            json.member("refused", refused)
            json.member("possibly_applied", possiblyApplied)
            json.member("given_up", givenUp)
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

    /// Goes on with what is on its way.
    private func driveOn(until deadline: Deadline) throws(ChannelError) {
        do { try transport.drive(until: deadline) } catch { throw ChannelError(error) }
    }

    /// How often a slice that waits for the hub looks for what was submitted meanwhile.
    private static let lookAroundMs: Int64 = 1000
    /// What waits longer than this is not called soon.
    private static let soonMs: Int64 = 60_000
    private static let pruneEveryMs: Int64 = 600_000

    func flush(by deadline: Deadline) throws(ChannelError) -> FlushReport {
        try drive(by: deadline) { () throws(ChannelError) in
            var report = FlushReport()
            do throws(ChannelError) {
                try work(by: deadline, &report)
                try finish(&report)
                heldMs = 0
                keepClock()
            } catch {
                guard passesOver(error) else { throw error }
                report.holdUp()
            }
            return report
        }
    }

    private func work(by deadline: Deadline, _ report: inout FlushReport) throws(ChannelError) {
        try tidy()
        defer { flushing.letGo() }
        while report.paused == nil {
            report.isElsewhere = false
            let didOrdersEnd = try moveOrders(&report)
            if didOrdersEnd, !flushing.areAnswersDue { continue }
            guard report.paused == nil else { return }
            if try moveAnswers(&report) || didOrdersEnd || flushing.hasEnded { continue }
            guard report.paused == nil, !deadline.isOver else { return }
            if flushing.isBusy {
                try driveOn(until: Deadline.after(ms: Client.lookAroundMs).earlier(deadline))
                continue
            }
            guard !report.isElsewhere, let wait = try nextDueMs(), wait <= deadline.remainingMs else { return }
            try idle(until: Deadline.after(ms: max(wait, 5)).earlier(deadline))
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
        if report.paused != nil {
            report.status = FLX_E_TOKEN
        } else if flushing.isBusy {
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
