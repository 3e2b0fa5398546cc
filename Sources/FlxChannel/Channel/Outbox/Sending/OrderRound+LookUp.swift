/// What a look-up means.
extension OrderRound {
    /// Look-ups that the hub may deny before the same bytes are sent again without one: it promises to deduplicate.
    private static let deniedTries: Int64 = 3
    /// Look-ups that may find nothing after the hub said that it has the order, whose list may be late, and after it named
    /// another one.
    private static let existsTries: Int64 = 6
    private static let toldTries: Int64 = 4

    /// Takes the answer to the look-up's question: what it found, nil if it has another question.
    mutating func heard(_ outcome: ExchangeOutcome, hiding secret: Secret) -> OrderLookUp.Finding? {
        guard case .lookUp(var lookUp, let refusal) = step else { return nil }
        let finding = lookUp.read(outcome, hiding: secret)
        step = .lookUp(lookUp, refusal: refusal)
        return finding
    }

    /// How the hub wants to be asked, as far as this look-up found out.
    var manners: OrderLookUp.Manners? {
        guard case .lookUp(let lookUp, _) = step else { return nil }
        return lookUp.manners
    }

    /// The hub's no to this round's attempt, if there was one.
    private var refusal: Refusal? {
        guard case .lookUp(_, let refusal) = step else { return nil }
        return refusal
    }

    /// - Parameter finding: has found only such orders as may be ours.
    mutating func lookedUp(_ finding: OrderLookUp.Finding, _ event: Event, _ moment: Moment) -> Move {
        switch finding {
        case .found(let ours):
            guard let order = ours.first else { return nothingFound(event, moment) }
            // Another spelling of the number, or only our reference, needs more than silence to be ours.
            let isDenied = (refusal != nil && !row.ambiguous) || (hubSaidItExists && row.attempts == 1)
            return .end(judged(order, isNew: false, isDenied: isDenied, moment), event)
        case .nothing: return nothingFound(event, moment)
        case .denied: return denied(event, moment)
        case .unclear(let message):
            if let refusal, !row.ambiguous { return refused(refusal) }
            if isLast, hasLooked(OrderRound.deniedTries) { return givenUp(event) }
            return lookAgain(event.saying(message), moment)
        }
    }

    private mutating func denied(_ event: Event, _ moment: Moment) -> Move {
        if let refusal, !row.ambiguous { return refused(refusal) }
        let message = "this token may not look orders up"
        guard hasLooked(OrderRound.deniedTries) else { return lookAgain(event.saying(message), moment) }
        if isLast || row.toldId != nil { return givenUp(event) }
        guard !isTravelling(at: moment.now) else { return lookAgain(event.saying(message), moment) }
        return postAgain(event.saying("\(message); the same bytes are sent again"))
    }

    private mutating func nothingFound(_ event: Event, _ moment: Moment) -> Move {
        let event = event.saying("the hub shows no order of this number")
        let isTravelling = isTravelling(at: moment.now)
        if let refusal, !(row.ambiguous && isTravelling) { return refused(refusal, note: event) }
        if isLast { return givenUp(event) }
        // A list may be late, and a request may still be on its way, or at work at the hub.
        guard !isTravelling else { return lookAgain(event, moment) }
        guard row.toldId != nil || hubSaidItExists else { return postAgain(event) }
        guard hasLooked(row.toldId == nil ? OrderRound.existsTries : OrderRound.toldTries) else { return lookAgain(event, moment) }
        return givenUp(event)
    }

    /// Whether this was the look-up of that number since the last attempt, or a later one.
    private func hasLooked(_ times: Int64) -> Bool { row.lookups &+ 1 >= times }

    private mutating func postAgain(_ event: Event) -> Move {
        step = .post
        return .ask(note: event)
    }

    private func lookAgain(_ event: Event, _ moment: Moment) -> Move {
        // While the request may travel it is looked for at once, once more, and at the end: look-ups draw on the retry budget.
        let sentAt = row.sentAt.map { min($0, moment.now) }  // C-02: the clock was set back, and the wait begins anew
        let words = row.code == 0 ? OrderChange.Words(code: 0, message: event.message) : nil
        guard isTravelling(at: moment.now) else { return .end(.queue(.notSeen(sentAt: sentAt), words, .backoff()), event) }
        let rest = max(1000, (sentAt ?? moment.now) &+ travelMs &- moment.now)
        let ms = row.lookups == 0 ? max(1000, rest / 8) : rest
        return .end(.queue(.notSeen(sentAt: sentAt), words, .exactly(ms: ms)), event)
    }

    /// What is said of it last stays as it is.
    private func givenUp(_ event: Event) -> Move {
        let message = row.message.isEmpty ? "no attempt had a clear end; look for the order at the hub" : row.message
        return .end(.giveUp(message: message), Event("given_up", like: event, message))
    }
}
