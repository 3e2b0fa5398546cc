/// What a slice of flushing did, and why it ended; JSON for the host.
struct FlushReport {
    var sent: Int64 = 0
    var applied: Int64 = 0
    var refused: Int64 = 0
    var possiblyApplied: Int64 = 0
    var givenUp: Int64 = 0
    var answersSent: Int64 = 0
    /// -1: another process has the state file, so that it is not known.
    var waitingOrders: Int64 = 0
    var waitingAnswers: Int64 = 0
    var end = FlushSlice.End.waits(.nothing)
    /// Who keeps answers from being sent, for people.
    var holder = ""

    var wait: FlushWait {
        switch end {
        case .waits(let wait): wait
        case .person(let error): .person(code: error.code)
        }
    }

    /// Why a person must act.
    var paused: ChannelError? {
        guard case .person(let error) = end else { return nil }
        return error
    }

    var status: Int32 { wait.status }
    var nextInMs: Int64 { wait.nextInMs }

    mutating func count(_ end: OrderSending.End) {
        if end.isSent { sent += 1 }
        if end.isGivenUp { givenUp += 1 }
        switch end.verdict {
        case .applied: applied += 1
        case .refused: refused += 1
        case .possiblyApplied: possiblyApplied += 1
        case .none, .notApplied: break
        }
    }

    /// Another process has the state file.
    mutating func holdUp() {
        (waitingOrders, waitingAnswers) = (-1, -1)
        if case .waits = end { end = .waits(.slot(ms: 0)) }
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
        json.member("waits_for", "\(wait.word)")
        json.member("paused", paused?.message ?? (holder.isEmpty ? wait.message : holder))
        json.endObject()
        return json.bytes
    }
}
