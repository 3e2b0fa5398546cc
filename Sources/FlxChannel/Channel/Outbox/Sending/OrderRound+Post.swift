import CFlxChannel

/// What the end of a post means.
extension OrderRound {
    /// Where nothing reached the hub the rate limit holds everybody back, for as long as it takes. The order itself waits no
    /// longer than this, so that the oldest asks first whether the hub is back (N-21, R-02 to R-04).
    private static let heldByAllMs: Int64 = 5_000

    mutating func posted(_ end: OrderEnd, _ event: Event, _ moment: Moment) -> Move {
        switch end {
        case .answered(let order, let isNew): return named(order, isNew: isNew, event, moment)
        case .refused(let code, let message, let mayExist):
            let refusal = Refusal(code: code, event: event.saying(message))
            guard mayExist || row.ambiguous else { return refused(refusal) }
            // It may be the hub's word for a repeat: one look-up tells.
            step = .lookUp(lookUp(moment.manners), refusal: refusal)
            return .ask()
        case .exists(let message): return again(.mayExist(), code: FLX_E_REFUSED, event.saying(message))
        case .unknown(let code, let message): return unanswered(code, event.saying(message), moment)
        case .notApplied(let code, let message):
            let longestMs = code == FLX_E_THROTTLED ? 0 : OrderRound.heldByAllMs
            return again(.notApplied, code: code, event.saying(message), longestMs: longestMs)
        case .paused(let told):
            let words = OrderChange.Words(code: FLX_E_TOKEN, message: told.text)
            return .pause(.queue(.notApplied, words, .backoff(longestMs: 0)), event.saying(told.text), told)
        }
    }

    private func again(_ cause: OrderChange.Cause, code: Int32, _ event: Event, longestMs: Int64 = Backoff.capMs) -> Move {
        .end(.queue(cause, OrderChange.Words(code: code, message: event.message), .backoff(longestMs: longestMs)), event)
    }

    private func unanswered(_ code: Int32, _ event: Event, _ moment: Moment) -> Move {
        // Its time is over but for what its effect may take to show.
        let sentAt = OrderRound.isThrough(event.httpStatus) ? moment.now &- attemptMs : nil
        // What was not answered is looked up soon, and posted again only when its time is over.
        let longestMs = event.httpStatus == 0 ? OrderRound.heldByAllMs : Backoff.capMs
        return again(.mayExist(sentAt: sentAt), code: code, event, longestMs: longestMs)
    }

    /// Whether an answer of this status says that the hub is through with the request: not one of a gateway that went away
    /// from it.
    private static func isThrough(_ status: Int64) -> Bool {
        switch status {
        case 0, 408, 502, 504, 520...527: false
        default: true
        }
    }

    /// An answer to our own attempt named an order. Nothing is posted any more, whatever number it bears.
    private func named(_ order: HubOrder, isNew: Bool, _ event: Event, _ moment: Moment) -> Move {
        let likeness = order.isNameless ? .same : order.likeness(to: number)
        guard likeness != .other else { return told(order, "the hub answered with an order of another number", event) }
        return .end(judged(order, isNew: isNew, moment), event)
    }

    /// The hub's answer was about some other order. It took something: that must be found, and is not sent again.
    private func told(_ order: HubOrder, _ message: String, _ event: Event) -> Move {
        again(
            .told(id: order.id), code: FLX_E_CONTRACT, event.saying("\(message) (\(order.id)); it is looked up and not sent again"))
    }
}
