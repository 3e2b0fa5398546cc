/// What a client has on its way to the hub between two slices of flushing.
struct FlushState {
    static let widest = 8

    var orders: [OrderSending] = []
    /// Orders that may be on their way at a time.
    private(set) var width = 1
    /// Orders that came to an end since answers had their turn.
    private var ordersInARow = 0
    private static let longestRow = 7
    var answers: AnswerSending?
    /// When old results were forgotten last.
    var prunedAt: Int64 = 0

    var isBusy: Bool { !orders.isEmpty || answers != nil }

    /// Something came to its end and was not looked at yet.
    var hasEnded: Bool { orders.contains { $0.hasEnded } || answers?.hasEnded == true }

    /// Answers come after orders; but orders without end do not keep them for ever.
    var isAnswersTurn: Bool { orders.isEmpty || areAnswersDue }
    var areAnswersDue: Bool { ordersInARow >= FlushState.longestRow }

    mutating func learn(from sending: OrderSending) {
        width = FlushState.width(over: sending.drivenMs)
        ordersInARow += 1
    }

    mutating func hadAnswers() {
        ordersInARow = 0
    }

    /// As many at a time as keep two requests a second going over what one takes; one after another when something is
    /// wrong, which nil says.
    static func width(over drivenMs: Int64?) -> Int {
        Int(min(1 + max(0, drivenMs ?? 0) / 500, Int64(widest)))
    }

    /// The end of a slice: what did not leave yet is free for other processes.
    mutating func letGo() {
        for sending in orders where sending.isUntouched { sending.giveBack() }
        orders.removeAll { $0.isUntouched }
    }

    mutating func abandon(_ transport: Transport) {
        for sending in orders { sending.abandon(transport) }
        answers?.abandon(transport)
        (orders, answers) = ([], nil)
    }
}
