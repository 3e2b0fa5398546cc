import CFlxChannel

/// Cancels an order wherever it stands: gives it up unsent, asks the hub, or waits for an end in doubt first (contract 4.7).
extension Client {
    /// What became of it, as JSON. Until `deadline` it waits for an end in doubt.
    func cancelOrder(_ number: String, by deadline: Deadline) throws(ChannelError) -> [UInt8] {
        while true {
            let hash = hash(of: number)
            let row = try stored { store throws(StateError) in try store.outbox.row(numberHash: hash) }
            guard let row else { throw ChannelError(FLX_E_NOT_FOUND, "no order of this number is in the outbox", path: "number") }
            switch CancelStep.of(row) {
            case .giveUp:
                do throws(ChannelError) { try outboxDiscard(number) } catch {
                    guard error.code == FLX_E_USE else { throw error }
                    continue  // it left meanwhile
                }
            case .ask(let id): try askToCancel(id, by: deadline)
            case .wait:
                guard !deadline.isOver else { return try canceled(number, .inDoubt) }
                let report = try flush(by: deadline)
                if let paused = report.paused { throw paused }
                // A flush that can do nothing comes back at once.
                if !deadline.isOver {
                    try rest(until: Deadline.after(ms: max(50, min(report.nextInMs, 1000))).earlier(deadline))
                }
                continue
            case .end(let outcome): return try canceled(number, outcome)
            }
            return try canceled(number, CancelStep.of(row).outcome)
        }
    }

    func rest(until deadline: Deadline) throws(ChannelError) {
        try drive(by: deadline) { () throws(ChannelError) in try idle(until: deadline) }
    }

    private func askToCancel(_ id: String, by deadline: Deadline) throws(ChannelError) {
        var arguments = JSONWriter()
        arguments.beginObject()
        arguments.member("id", id)
        arguments.member("status", "Canceled")
        arguments.endObject()
        _ = try call(OperationTable.updateOrderStatus.id, arguments.bytes, by: deadline)
        try record { () throws(StateError) in
            try store.write { () throws(StateError) in
                try store.outbox.noteStatus(hubId: id, "Canceled", isFinal: true)
            }
        }
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
        case notAtHub
        case inDoubt

        var word: StaticString {
            switch self {
            case .notSent: "not_sent"
            case .canceled: "canceled"
            case .notAtHub: "not_at_hub"
            case .inDoubt: "in_doubt"
            }
        }

        var words: StaticString {
            switch self {
            case .notSent: "it had not left, and will not"
            case .canceled: "the hub took its cancelation"
            case .notAtHub: "the hub does not have it"
            case .inDoubt: "whether the hub has it is not known yet: call again, or look there"
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
        case .applied:
            if let status = row.hubStatus, Text.isSame(status, "Canceled") { return .end(.canceled) }
            return row.hubId.map { .ask(id: $0) } ?? .end(.inDoubt)
        case .refused: return .end(.notAtHub)
        case .notApplied: return .end(.notSent)
        case .possiblyApplied, .none: return .end(.inDoubt)
        }
    }

    /// What it came to once that is done.
    var outcome: Outcome {
        switch self {
        case .giveUp: .notSent
        case .ask: .canceled
        case .wait: .inDoubt
        case .end(let outcome): outcome
        }
    }
}
