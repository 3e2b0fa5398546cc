import CFlxChannel

/// What the end of one attempt to create an order says about the order (decision 12; contract 9, rows 2 and 3).
enum OrderEnd {
    /// The hub took a request and named an order: no further attempt is made. Whose order it is must still be told.
    case answered(HubOrder, isNew: Bool)
    /// The hub may have it: look it up before anything else.
    case unknown(code: Int32, message: String)
    /// The hub has an order of this number (409): look it up and compare.
    case exists(message: String)
    /// The hub does not have it; try again later.
    case notApplied(code: Int32, message: String)
    /// The hub said no. `mayExist`: the reason may be that it has an order of this number, which one look-up tells.
    case refused(code: Int32, message: String, mayExist: Bool)
    /// The token is at fault, not the order.
    case paused(Told)
}

/// Reads the end of a `createOrder` attempt. The hub's words are for people: no meaning is taken from them, and each message
/// has them in the second line (`Told`).
enum OrderReply {
    static func read(_ outcome: ExchangeOutcome, hiding secret: Secret) -> OrderEnd {
        switch outcome {
        case .failed(let error):
            return error.mayHaveArrived
                ? .unknown(code: error.code, message: error.message) : .notApplied(code: error.code, message: error.message)
        case .answered(let response):
            return read(response, hiding: secret)
        }
    }

    private static func read(_ response: HTTPResponse, hiding secret: Secret) -> OrderEnd {
        let said = ErrorBody.message(response.body, hiding: secret)
        switch ReplyClass(status: response.status) {
        case .success: return accepted(response)
        case .throttled: return .notApplied(code: FLX_E_THROTTLED, message: "the hub asks to wait")
        case .unauthorized:
            return .paused(Told("the hub refused the token with status \(response.status)", theirs: said))
        case .refused:
            if response.status == 409 {
                return .exists(message: Told("the hub says that it has an order of this number", theirs: said).text)
            }
            return .refused(
                code: FLX_E_REFUSED, message: Told("the hub refused the order with status \(response.status)", theirs: said).text,
                mayExist: OrderReply.mayExist(response.status))
        case .passing:
            return .unknown(code: FLX_E_HUB, message: Told("the hub answered with status \(response.status)", theirs: said).text)
        }
    }

    /// Only of these it is certain that the hub refused the order itself, and made none: the request was not one that it takes,
    /// or not from us, or not here. Any other 4xx may be its word for a repeat, or a gateway's for a connection that went away.
    private static func mayExist(_ status: Int) -> Bool {
        switch status {
        case 402, 404, 405, 406, 410, 411, 413, 414, 415, 417, 431, 451: false
        default: true
        }
    }

    /// A 2xx without an order in it proves nothing (H-06 to H-09).
    private static func accepted(_ response: HTTPResponse) -> OrderEnd {
        guard let document = try? JSONDocument.parse(response.body), let order = HubOrder(document.root) else {
            return .unknown(code: FLX_E_CONTRACT, message: "the hub accepted with status \(response.status) but named no order")
        }
        return .answered(order, isNew: response.status == 201)
    }
}
