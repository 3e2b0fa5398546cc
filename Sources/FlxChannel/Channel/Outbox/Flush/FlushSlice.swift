import CFlxChannel

/// What a slice of flushing does next: the order of its steps, whose turn it is, and when it ends.
///
/// A pure state machine: `next` is a question and changes nothing; what came of a step is told by an event, with the time that is
/// left. Invariant: nothing is written before the token is confirmed, and nothing after a person has to act; orders come
/// before answers, but not for ever.
struct FlushSlice {
    enum Action: Equatable {
        /// Find out whether orders and answers may go to the channel of this token.
        case confirm
        case moveOrders
        case moveAnswers
        /// Look at what is under way.
        case survey
        /// Ask the state file when what is left has its time.
        case askDue
        case drive(ms: Int64)
        case idle(ms: Int64)
        case end
    }

    enum Consent {
        case given
        /// The hub was asked, and has not answered yet.
        case asked
        case refused(ChannelError)
    }

    /// What moving orders or answers came to.
    enum Moved {
        case nothing
        /// Something came to an end, so that more may follow.
        case some
        /// The hub refused the token.
        case paused(ChannelError)
    }

    /// Others who are at what is left.
    enum Others {
        case nobody
        case somebody
        case holder(FeedHolder)
    }

    /// Why a slice ended.
    enum End {
        case waits(FlushWait)
        case person(ChannelError)
    }

    private enum State {
        case confirming
        case orders
        case answers(after: Moved)
        case surveying
        /// Waits like this, unless something has its time before that.
        case timing(FlushWait, hasOrders: Bool)
        case driving(ms: Int64)
        case idling(ms: Int64)
        case over(End)
    }

    private var state = State.over(.waits(.nothing))
    private(set) var turns = FlushTurns()
    private(set) var others = Others.nobody

    /// Why it ended; nil while it goes on.
    var end: End? {
        guard case .over(let end) = state else { return nil }
        return end
    }

    var next: Action {
        switch state {
        case .confirming: .confirm
        case .orders: .moveOrders
        case .answers: .moveAnswers
        case .surveying: .survey
        case .timing: .askDue
        case .driving(let ms): .drive(ms: ms)
        case .idling(let ms): .idle(ms: ms)
        case .over: .end
        }
    }

    // MARK: events

    mutating func begin() {
        (state, others) = (.confirming, .nobody)
    }

    mutating func confirmed(_ consent: Consent) {
        guard case .confirming = state else { return }
        switch consent {
        case .given: state = .orders
        case .asked: state = .surveying
        case .refused(let error): state = .over(.person(error))
        }
    }

    /// An order came to an end with such an answer; nil if its last request failed.
    mutating func ended(order good: GoodAnswer?) { turns.ended(good) }

    /// Some of what is left is found to be with others.
    mutating func met(_ others: Others) {
        switch (self.others, others) {
        case (_, .nobody), (.holder, .somebody): break
        default: self.others = others
        }
    }

    /// - Parameter mayTurn: no order is under way, or answers are already.
    mutating func moved(orders: Moved, mayTurn: Bool) {
        guard case .orders = state else { return }
        switch orders {
        case .paused(let error): state = .over(.person(error))
        case .some where !turns.areAnswersDue: begin()
        case .some, .nothing: state = turns.areAnswersDue || mayTurn ? .answers(after: orders) : .surveying
        }
    }

    mutating func moved(answers: Moved) {
        guard case .answers(let orders) = state else { return }
        switch (answers, orders) {
        case (.paused(let error), _):
            turns.hadAnswers()
            state = .over(.person(error))
        case (.some, _):
            turns.hadAnswers()
            begin()
        case (.nothing, .some): begin()
        case (.nothing, _): state = .surveying
        }
    }

    mutating func surveyed(_ survey: FlushSurvey, leftMs: Int64) {
        guard case .surveying = state else { return }
        let wait = survey.wait
        if case .hub = wait { return rest(wait, leftMs) }
        if case .nothing = wait, isElsewhere { return rest(.elsewhere, leftMs) }
        guard case .none = survey.check else { return rest(wait, leftMs) }
        state = .timing(wait, hasOrders: survey.hasOrders)
    }

    /// What is left has its time in so long; nil if nothing is.
    mutating func due(in ms: Int64?, leftMs: Int64) {
        guard case .timing(let wait, let hasOrders) = state else { return }
        guard let ms, ms > 0 || !hasOrders else { return rest(wait, leftMs) }
        // What has its time while others are at it is theirs.
        rest(wait.sooner(ms == 0 ? .elsewhere : .due(ms: ms)), leftMs)
    }

    mutating func rested() { begin() }

    // MARK: waiting

    private var isElsewhere: Bool {
        if case .nobody = others { return false }
        return true
    }

    /// Waits as the reason for it asks, or ends.
    private mutating func rest(_ wait: FlushWait, _ leftMs: Int64) {
        if case .held(.token) = wait {
            state = .over(.person(ChannelError(FLX_E_TOKEN, wait.message)))
            return
        }
        switch wait.step(leftMs: leftMs) {
        case .drive(let ms): state = .driving(ms: ms)
        case .idle(let ms): state = .idling(ms: ms)
        case .end: state = .over(.waits(wait))
        }
    }
}
