/// What a round did, for a merchant: what was done, what was not and why, and what a person must do.
struct SyncTally {
    enum End {
        /// Not begun, or time ran out.
        case open
        case done
        case notDue
        /// Somebody else is at it.
        case busy(String)
        case failed(ChannelError)

        var word: StaticString {
            switch self {
            case .open: "not_done"
            case .done: "done"
            case .notDue: "not_due"
            case .busy: "busy"
            case .failed: "failed"
            }
        }

        /// Name of the status with which it failed.
    }

    struct Part {
        let part: SyncPart
        var end = End.open
        /// Events of it that the host said yes to.
        var done: Int64 = 0
        /// Events that it said could not be done.
        var failed: Int64 = 0
        /// Events that come again.
        var later: Int64 = 0
        var quarantined: Int64 = 0
        var leftOut: Int64 = 0
        /// The first reasons that the host gave, and what the library has to say.
        var why: [String] = []
        /// Why none is called gone.
        var doubt = ""
        /// What the hub fails with at present.
        var trouble: ChannelError?
        /// The hub was asked for it.
        var isBegun = false
        /// And it answered.
        var isHeard = false

        static let mostReasons = 5

        mutating func note(_ reason: String) {
            if !reason.isEmpty, why.count < Part.mostReasons, !why.contains(where: { Text.isSame($0, reason) }) {
                why.append(reason)
            }
        }

        /// Name of the status with which it failed, or does at present.
        var code: String {
            switch end {
            case .failed(let error): StatusName.of(error.code)
            case .open: trouble.map { StatusName.of($0.code) } ?? ""
            case .done, .notDue, .busy: ""
            }
        }

        var hasAny: Bool { done > 0 || failed > 0 || later > 0 }

        /// Why it has no end.
        var openReason: String? {
            if let trouble { return trouble.message }
            guard isBegun, !hasAny else { return nil }
            return isHeard
                ? "the time of this round was over before anything came of it; the next goes on"
                : "the hub did not answer within the time of this round; give rounds more"
        }

        var isOver: Bool { if case .open = end { false } else { true } }
    }

    private(set) var parts: [Part]
    private let beganMs = Clock.monotonicMs()
    /// Of all flushes of the round together, but for what waits, which is that of the last.
    private(set) var sent = FlushReport()
    /// What ended the round before its time.
    var stop: ChannelError?
    var isOutOfTime = false
    /// Answers of this round that the hub did not take.
    var refusedAnswers: Int64 = 0

    init(_ parts: [SyncPart]) { self.parts = parts.map { Part(part: $0) } }

    subscript(part: SyncPart) -> Part {
        get { parts.first { $0.part == part } ?? Part(part: part) }
        set { for index in parts.indices where parts[index].part == part { parts[index] = newValue } }
    }

    mutating func flushed(_ report: FlushReport) {
        var sum = report
        sum.sent += sent.sent
        sum.applied += sent.applied
        sum.refused += sent.refused
        sum.possiblyApplied += sent.possiblyApplied
        sum.givenUp += sent.givenUp
        sum.answersSent += sent.answersSent
        sent = sum
    }

    /// Whether another round now would find nothing more to do.
    var isComplete: Bool {
        guard stop == nil, !isOutOfTime, refusedAnswers == 0, sent.waitingOrders == 0, sent.waitingAnswers == 0 else {
            return false
        }
        return parts.allSatisfy { part in
            switch part.end {
            // What failed is answered in a queue; elsewhere it comes again.
            case .done, .notDue: part.later == 0 && (part.failed == 0 || part.part.feed?.isQueue == true)
            case .open, .busy, .failed: false
            }
        }
    }

    func event() -> SyncEvent {
        SyncEvent(.summary) { json in
            json.member("complete", isComplete)
            json.member("took_ms", Clock.monotonicMs() &- beganMs)
            json.key("parts")
            json.beginObject()
            for part in parts {
                json.key(part.part.name)
                write(part, &json)
            }
            json.endObject()
            json.key("sent")
            json.raw(sent.json())
            json.member("answers_refused", refusedAnswers)
            json.key("stopped")
            if let stop { json.string(stop.message) } else { json.null() }
            json.member("stopped_code", stop.map { StatusName.of($0.code) } ?? "")
            json.key("to_do")
            json.beginArray()
            for line in toDo { json.string(line) }
            json.endArray()
        }
    }

    private func write(_ part: Part, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("end", "\(part.end.word)")
        json.member("code", part.code)
        json.member("done", part.done)
        json.member("failed", part.failed)
        json.member("later", part.later)
        json.member("quarantined", part.quarantined)
        json.member("left_out", part.leftOut)
        json.key("why")
        json.beginArray()
        switch part.end {
        case .busy(let who): json.string(who)
        case .failed(let error): json.string(error.message)
        case .open: if let reason = part.openReason { json.string(reason) }
        case .done, .notDue: break
        }
        if !part.doubt.isEmpty { json.string(part.doubt) }
        for reason in part.why { json.string(reason) }
        json.endArray()
        json.endObject()
    }

    /// What does not get better by another round.
    private var toDo: [String] {
        var lines: [String] = []
        func add(_ line: String) { if !lines.contains(where: { Text.isSame($0, line) }) { lines.append(line) } }
        if let stop, !stop.isRetryable { add(stop.message) }
        if let paused = sent.paused { add(paused.message) }
        for part in parts {
            if case .failed(let error) = part.end, !error.isRetryable { add("\(part.part.name): \(error.message)") }
            if part.quarantined > 0 {
                add("\(part.part.name): \(part.quarantined) records could not be read: see the quarantine of flx_client_stats()")
            }
        }
        if refusedAnswers > 0 {
            add("the hub refused \(refusedAnswers) answers: flx_ack_results() says why; those listings come again")
        }
        if sent.refused > 0 {
            add("\(sent.refused) orders were refused by the hub: see their history, correct them and submit them again")
        }
        if sent.givenUp > 0 { add("\(sent.givenUp) orders were given up, and may be at the hub: look there before you retry them") }
        return lines
    }
}
