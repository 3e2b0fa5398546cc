import CFlxChannel

/// What an attempt or a look-up changes in an order's row. Pure: applied to the row as it stands in the transaction that
/// saves it.
enum OrderChange {
    /// It is about to be sent. `hubNow` is the hub's clock, if it is known.
    case send(at: Int64, hubNow: Int64?)
    /// The hub shows an order under our number, and this is whose it is.
    case judge(HubOrder, OrderOwner)
    /// The hub said no, and has no such order.
    case refuse(code: Int32, message: String)
    /// No further attempt or look-up would tell more.
    case giveUp(message: String)
    /// It waits for another round. Without words, those that were said last stand.
    case queue(Cause, Words?, Wait)

    /// What the round that ends here found out.
    enum Cause {
        /// This attempt did not reach the hub.
        case notApplied
        /// The hub may have it. `sentAt`: when it counts as sent, if not when it left.
        case mayExist(sentAt: Int64? = nil)
        /// The hub named an order which is another one: that must be found, and nothing is posted any more.
        case told(id: String)
        /// The look-up did not find it, or could not be made.
        case notSeen(sentAt: Int64?)
    }

    /// What the host can read about it.
    struct Words: Equatable {
        let code: Int32
        let message: String
    }

    enum Wait {
        /// Longer with each attempt or look-up, but not longer than this.
        case backoff(longestMs: Int64 = Backoff.capMs)
        /// As after a first attempt.
        case firstBackoff
        case exactly(ms: Int64)
    }

    /// What becomes of a judgement when the hub's order turns out to belong to another order of ours.
    static func another(_ order: HubOrder) -> OrderChange {
        .queue(
            .told(id: order.id),
            Words(
                code: FLX_E_CONTRACT,
                message: "the hub answered with order \(order.id), which is another one's; it is looked up and not sent again"),
            .firstBackoff)
    }

    /// - Parameter jitter: gives a number from 0 to its argument.
    func apply(to row: inout OutboxRow, at now: Int64, jitter: (Int64) -> Int64) {
        switch self {
        case .send(let at, let hubNow): row.send(at: at, hubNow: hubNow)
        case .judge(let order, let owner):
            row.resolve(at: now)
            row.judge(order, owner)
        case .refuse(let code, let message):
            row.resolve(at: now)
            (row.verdict, row.ambiguous) = (.refused, false)
            row.say(Words(code: code, message: message))
        case .giveUp(let message):
            row.resolve(at: now)
            (row.verdict, row.message) = (.possiblyApplied, message)
        case .queue(let cause, let words, let wait):
            row.state = .queued
            row.learn(cause)
            if let words { row.say(words) }
            row.nextAt = now &+ wait.ms(after: row, jitter: jitter)
        }
    }
}

extension OrderChange.Wait {
    fileprivate func ms(after row: OutboxRow, jitter: (Int64) -> Int64) -> Int64 {
        switch self {
        case .exactly(let ms): return ms
        case .firstBackoff: return Backoff.delayMs(attempt: 1, jitter: jitter)
        case .backoff(let longestMs):
            let rounds = max(1, row.lookups > 0 ? row.lookups : row.attempts)
            return min(longestMs, Backoff.delayMs(attempt: rounds, jitter: jitter))
        }
    }
}

extension OutboxRow {
    fileprivate mutating func send(at now: Int64, hubNow: Int64?) {
        state = .sending
        attempts &+= 1
        lookups = 0
        sentAt = now
        if attempts == 1 || (firstSentAt == nil && !ambiguous) { firstSentAt = hubNow }
    }

    fileprivate mutating func resolve(at now: Int64) {
        state = .resolved
        resolvedAt = now
    }

    fileprivate mutating func say(_ words: OrderChange.Words) {
        (code, message) = (Int64(words.code), words.message)
    }

    fileprivate mutating func learn(_ cause: OrderChange.Cause) {
        switch cause {
        case .notApplied: verdict = ambiguous ? .possiblyApplied : .notApplied
        case .mayExist(let at):
            (verdict, ambiguous) = (.possiblyApplied, true)
            if let at { sentAt = at }
        case .told(let id): (verdict, ambiguous, toldId) = (.possiblyApplied, true, id)
        case .notSeen(let at):
            verdict = .possiblyApplied
            lookups &+= 1
            sentAt = at
        }
    }

    /// What the hub's order under our number is to us.
    fileprivate mutating func judge(_ order: HubOrder, _ owner: OrderOwner) {
        func list(_ paths: [String]) -> String { paths.joined(separator: ", ") }
        switch owner {
        case .ours(let differing):
            (hubId, hubStatus, watched) = (order.id, order.orderStatus, !order.isFinal)
            (verdict, ambiguous, toldId, code) = (.applied, false, nil, 0)
            message = differing.isEmpty ? "" : "the hub shows it with other \(list(differing)) than were sent"
        case .unclear(let differing):
            (verdict, toldId, code) = (.possiblyApplied, order.id, Int64(FLX_E_CONFLICT))
            message = "order \(order.id) at the hub has this number and other \(list(differing)); compare the two at the hub"
        case .somebodyElse(let differing):
            (verdict, ambiguous, code) = (.refused, false, Int64(FLX_E_CONFLICT))
            message = "order \(order.id) at the hub had this number before and has other \(list(differing)); use another number"
        }
    }
}
