import CFlxChannel
import CLibc

/// The orders of a flush: several on their way at a time, each under its own claim, oldest first.
extension Client {
    /// Moves orders on; true if one came to an end and another may follow.
    func moveOrders(_ report: inout FlushReport) throws(ChannelError) -> Bool {
        try claimOrders(&report)
        var didEnd = false
        for sending in flushing.orders {
            guard let outcome = try step(sending) else { continue }
            flushing.orders.removeAll { $0 === sending }
            switch outcome {
            case .waiting: break
            case .paused(let error):
                report.paused = error
                return false
            case .overtaken: didEnd = true
            case .ended:
                didEnd = true
                if sending.isSent { report.sent += 1 }
                if sending.isGivenUp { report.givenUp += 1 }
                flushing.learn(from: sending)
                switch sending.row.verdict {
                case .applied: report.applied += 1
                case .refused: report.refused += 1
                case .possiblyApplied: report.possiblyApplied += 1
                case .none, .notApplied: break
                }
            }
        }
        return didEnd
    }

    /// Nil while it is on its way.
    private func step(_ sending: OrderSending) throws(ChannelError) -> OrderSending.Outcome? {
        do {
            let outcome = try sending.drive(by: .passed)
            if case .waiting = outcome { return nil }
            return outcome
        } catch {
            // After a cancel what is on the wire goes on in the next slice.
            if error.code != FLX_E_CANCELLED {
                flushing.orders.removeAll { $0 === sending }
                sending.abandon(transport)
            }
            throw error
        }
    }

    /// Claims the oldest due orders that no other process has, as many as may be on their way at a time.
    private func claimOrders(_ report: inout FlushReport) throws(ChannelError) {
        guard flushing.orders.count < flushing.width else { return }
        let due = try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.outbox.due(at: Clock.wallMs(), limit: 64) }
        }
        var held: [OutboxRow] = []
        for candidate in due where !flushing.orders.contains(where: { $0.row.id == candidate.id }) {
            guard let claim = try state({ () throws(StateError) in try store.claim(row: candidate.id) }) else {
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
            guard !isOverdue(row) || row.isAmbiguous else {
                try giveUp(row)
                report.givenUp += 1
                claim.release()
                continue
            }
            flushing.orders.append(
                OrderSending(self, row: row, number: number, wire: wire, claim: claim, isLast: isOverdue(row)))
            if flushing.orders.count >= flushing.width { return }
        }
        if let taken = try takeOver(held) { flushing.orders.append(taken) }
    }

    /// Whether an order had no clear end for too long: by its age, and by its attempts, for a clock may leap (C-02).
    func isOverdue(_ row: OutboxRow) -> Bool {
        let age = Clock.wallMs() &- (row.resolvedAt ?? row.submittedAt)  // a retry counts anew
        return age > settings.number("orders.give_up_hours") * 3_600_000 && row.attempts >= Client.leastAttempts
    }

    private static let leastAttempts: Int64 = 5

    /// Gives an order up that cannot have reached the hub, with its last evidence (reliability 1.1-7). One that may have
    /// is looked up first, by its `OrderSending`.
    private func giveUp(_ row: OutboxRow) throws(ChannelError) {
        var next = row
        next.state = .resolved
        next.verdict = .notApplied
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
    }
}

extension OutboxRow {
    /// An attempt may have reached the hub: one with an unclear end, or one that a dead or stopped process began.
    var isAmbiguous: Bool { ambiguous || state == .sending }
}
