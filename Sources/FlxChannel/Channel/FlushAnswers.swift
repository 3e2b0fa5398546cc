import CFlxChannel
import CLibc

/// The answers of a flush: one feed at a time, several batches of it on their way.
extension Client {
    /// Moves answers on; true if a feed's waiting answers came to an end.
    func moveAnswers(_ report: inout FlushReport) throws(ChannelError) -> Bool {
        if flushing.answers == nil, flushing.isAnswersTurn { flushing.answers = try claimAnswers(&report) }
        guard let sending = flushing.answers else { return false }
        let before = sending.sent
        let outcome: AnswerSending.Outcome
        do { outcome = try sending.drive(by: .passed) } catch {
            if error.code != FLX_E_CANCELLED {
                flushing.answers = nil
                sending.abandon(transport)
            }
            throw error
        }
        report.answersSent += sending.sent - before
        if case .waiting = outcome {} else { flushing.hadAnswers() }
        switch outcome {
        case .waiting: return false
        case .moved: return true
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
            guard let lock = try? store.lockFeed(feed.rawValue, name: "") else {
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
}
