/// Who gets the next slot: orders, then answers, then polls; but of eight slots one is an answer's and one a poll's if
/// they wait for it, so that none starves.
struct PriorityShares: Equatable {
    /// How long one counts as waiting after it asked, or after the slot that it was told of: one that left holds nobody back for
    /// longer.
    static let waitingMs: Int64 = 350
    /// An order longer: its host may flush in slices and rest between them, and a slot that comes just then is still its own.
    static let orderWaitingMs: Int64 = 700
    private static let dueAfter: Int64 = 7

    var orderUntil: Int64 = 0
    var answerUntil: Int64 = 0
    var pollUntil: Int64 = 0
    /// Slots that others got since the last answer, and since the last poll.
    var sinceAnswer: Int64 = 0
    var sincePoll: Int64 = 0

    mutating func asks(_ priority: RequestPriority, now: Int64) {
        switch priority {
        case .order: orderUntil = now + PriorityShares.orderWaitingMs
        case .answer: answerUntil = now + PriorityShares.waitingMs
        case .poll: pollUntil = now + PriorityShares.waitingMs
        case .probe: break
        }
    }

    /// Whether one of another class goes before.
    func yields(_ priority: RequestPriority, now: Int64) -> Bool {
        let pollIsDue = sincePoll >= PriorityShares.dueAfter
        let answerIsDue = sinceAnswer >= PriorityShares.dueAfter
        return switch priority {
        case .order: (pollIsDue && pollUntil > now) || (answerIsDue && answerUntil > now)
        case .answer: (pollIsDue && pollUntil > now) || (!answerIsDue && orderUntil > now)
        case .poll: !pollIsDue && (orderUntil > now || answerUntil > now)
        case .probe: !pollIsDue && orderUntil > now
        }
    }

    /// Another waiting one of this class counts again when it asks next. A probe has the slot that is due to a poll: where nobody
    /// polls it would be due to all probes for ever.
    mutating func granted(_ priority: RequestPriority) {
        sinceAnswer = priority == .answer ? 0 : min(sinceAnswer + 1, 1_000_000)
        sincePoll = priority == .poll || priority == .probe ? 0 : min(sincePoll + 1, 1_000_000)
        switch priority {
        case .order: orderUntil = 0
        case .answer: answerUntil = 0
        case .poll: pollUntil = 0
        case .probe: break
        }
    }
}
