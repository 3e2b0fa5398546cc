import CFlxChannel

/// What the end of one attempt to create an order says about the order (reliability 1.1, contract 9 rows 2 and 3).
enum OrderEnd {
    /// The hub has it, under this id.
    case applied(HubOrder)
    /// The hub may have it: look it up before anything else.
    case unknown(code: Int32, message: String)
    /// The hub says that it has an order of this number: look it up and compare.
    case exists(message: String)
    /// The hub does not have it; try again later.
    case notApplied(code: Int32, message: String, retryAfterMs: Int64?)
    /// The hub does not have it and never will.
    case refused(code: Int32, message: String)
    /// The token is at fault, not the order.
    case paused(message: String)
}

/// Reads the end of a `createOrder` attempt.
enum OrderReply {
    static func read(_ outcome: ExchangeOutcome, number: String, hiding secret: Secret) -> OrderEnd {
        switch outcome {
        case .failed(let error):
            return error.mayHaveArrived
                ? .unknown(code: error.code, message: error.message)
                : .notApplied(code: error.code, message: error.message, retryAfterMs: nil)
        case .answered(let response):
            return read(response, number: number, hiding: secret)
        }
    }

    private static func read(_ response: HTTPResponse, number: String, hiding secret: Secret) -> OrderEnd {
        let said = ErrorBody.message(response.body, hiding: secret)
        switch ReplyClass(status: response.status) {
        case .success: return accepted(response, number: number)
        case .throttled:
            return .notApplied(
                code: FLX_E_THROTTLED, message: "the hub asks to wait", retryAfterMs: response.retryAfterMs)
        case .unauthorized:
            return .paused(message: "the hub refused the token with status \(response.status): \(said)")
        case .refused:
            if response.status == 409 || saysItExists(said) { return .exists(message: said) }
            return .refused(code: FLX_E_REFUSED, message: "the hub refused the order with status \(response.status): \(said)")
        case .passing:
            return .unknown(code: FLX_E_HUB, message: "the hub answered with status \(response.status): \(said)")
        }
    }

    /// A 2xx is believed only with an order of this number in it; anything else is looked up (H-06 to H-09, N-24).
    private static func accepted(_ response: HTTPResponse, number: String) -> OrderEnd {
        guard let document = try? JSONDocument.parse(response.body), let order = HubOrder(document.root) else {
            return .unknown(code: FLX_E_CONTRACT, message: "the hub accepted with status \(response.status) but named no order")
        }
        let isOurs = order.hasNumber(number) || (order.orderNumber == nil && order.referenceNumber == nil)
        guard isOurs else {
            return .unknown(code: FLX_E_CONTRACT, message: "the hub answered with another order")
        }
        return .applied(order)
    }

    private static func saysItExists(_ text: String) -> Bool {
        let lower = text.lowercased()
        return Text.contains(lower, "already exist") || Text.contains(lower, "duplicate")
    }
}
