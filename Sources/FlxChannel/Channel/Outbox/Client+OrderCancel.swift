import CFlxChannel

/// Cancels an order wherever it stands: gives it up unsent, asks the hub, or waits for an end in doubt first (contract 4.7).
extension Client {
    /// What became of it, as JSON. Until `deadline` it waits for an end in doubt; one that is in doubt then is not sent again.
    func cancelOrder(_ number: String, by deadline: Deadline) throws(ChannelError) -> [UInt8] {
        while true {
            let hash = hash(of: number)
            let row = try stored { store throws(StateError) in try store.outbox.row(numberHash: hash) }
            guard let row else { throw ChannelError(FLX_E_NOT_FOUND, "no order of this number is in the outbox", path: "number") }
            switch CancelStep.of(row) {
            case .giveUp where try giveUp(number): return try canceled(number, .notSent)
            case .giveUp: continue  // it left meanwhile
            case .ask(let id): return try canceled(number, try askToCancel(number, id, by: deadline))
            case .wait where deadline.isOver:
                // Whatever came of it: nothing is sent for a buyer who canceled.
                let isGivenUp = row.state == .queued ? try giveUp(number) : false
                return try canceled(number, isGivenUp ? .givenUp : .inDoubt)
            case .wait:
                let report = try flush(by: deadline)
                if let paused = report.paused { throw paused }
                // A flush that can do nothing comes back at once.
                if !deadline.isOver {
                    try rest(until: Deadline.after(ms: max(50, min(report.nextInMs, 1000))).earlier(deadline))
                }
            case .end(let outcome): return try canceled(number, outcome)
            }
        }
    }

    func rest(until deadline: Deadline) throws(ChannelError) {
        try drive(by: deadline) { () throws(ChannelError) in try idle(until: deadline) }
    }

    /// False if it is on its way, or has its end.
    private func giveUp(_ number: String) throws(ChannelError) -> Bool {
        do throws(ChannelError) { try outboxDiscard(number) } catch {
            guard error.code == FLX_E_USE else { throw error }
            return false
        }
        return true
    }

    /// The hub's own word for it counts, before and after: a 2xx of the request may say anything (contract 1.7, 4.7).
    private func askToCancel(_ number: String, _ id: String, by deadline: Deadline) throws(ChannelError) -> CancelStep.Outcome {
        if try isCanceled(number, by: deadline) { return .canceled }
        var arguments = JSONWriter()
        arguments.beginObject()
        arguments.member("id", id)
        arguments.member("status", "Canceled")
        arguments.endObject()
        _ = try call(OperationTable.updateOrderStatus.id, arguments.bytes, by: deadline)
        return try isCanceled(number, by: deadline) ? .canceled : .asked
    }

    private func isCanceled(_ number: String, by deadline: Deadline) throws(ChannelError) -> Bool {
        guard let record = try orderStatus(number, by: deadline).records.first, let order = HubOrder(record),
            order.isNameless || order.likeness(to: number) != .other
        else {
            let error = ChannelError(
                FLX_E_CONTRACT, "the hub has another order by the id of this one; nothing was canceled, look there")
            error.operation = OperationTable.getOrderById.id
            throw error
        }
        return order.orderStatus.map { Text.isSame($0, "Canceled") } ?? false
    }

    private func canceled(_ number: String, _ outcome: CancelStep.Outcome) throws(ChannelError) -> [UInt8] {
        let hash = hash(of: number)
        let row = try stored { store throws(StateError) in try store.outbox.row(numberHash: hash) }
        var json = JSONWriter()
        json.beginObject()
        json.member("number", number)
        json.member("outcome", "\(outcome.word)")
        json.member("message", "\(outcome.words)")
        json.key("order")
        if let row { json.raw(told(row)) } else { json.null() }
        json.endObject()
        return json.bytes
    }
}

/// What the stage of an order asks of who wants to cancel it.
enum CancelStep {
    enum Outcome {
        case notSent
        case canceled
        case asked
        case givenUp
        case notAtHub
        case inDoubt

        var word: StaticString {
            switch self {
            case .notSent: "not_sent"
            case .canceled: "canceled"
            case .asked: "asked"
            case .givenUp: "given_up"
            case .notAtHub: "not_at_hub"
            case .inDoubt: "in_doubt"
            }
        }

        var words: StaticString {
            switch self {
            case .notSent: "it had not left, and will not"
            case .canceled: "the hub shows it as canceled"
            case .asked: "the hub took the request and does not show the order as canceled yet: call again"
            case .givenUp: "it is not sent again; whether the hub has it from an attempt before is not known: look there"
            case .notAtHub: "the hub does not have it"
            case .inDoubt: "whether the hub has it is not known: call again while it is on its way, else look there"
            }
        }
    }

    case giveUp
    case ask(id: String)
    case wait
    case end(Outcome)

    static func of(_ row: OutboxRow) -> CancelStep {
        switch row.state {
        case .queued where !row.ambiguous && row.toldId == nil: return .giveUp
        case .queued, .sending: return .wait
        case .resolved, .settled: break
        }
        switch row.verdict {
        case .applied: return row.hubId.map { .ask(id: $0) } ?? .end(.inDoubt)
        case .refused: return .end(.notAtHub)
        case .notApplied: return .end(.notSent)
        case .possiblyApplied, .none: return .end(.givenUp)
        }
    }
}
