/// What a flush has under way, as far as it says what there is to wait for: pure.
struct FlushSurvey {
    enum Request: Equatable {
        case onWire
        /// It came to its end and was not looked at yet.
        case over
        case held(RateLimitHold)
        case slot(ms: Int64)
    }

    /// The question whether the token is of our channel.
    enum Check: Equatable {
        case none
        /// Its requests are among the others.
        case asking
        /// It is asked again in so long.
        case waits(ms: Int64)
    }

    var requests: [Request] = []
    var check = Check.none
    /// Orders of this client are on their way, or wait for their slot.
    var hasOrders = false

    /// What ends first.
    var wait: FlushWait {
        var wait = FlushWait.nothing
        for request in requests {
            switch request {
            case .onWire, .over: return .hub
            case .held(let hold): wait = wait.sooner(.held(hold))
            case .slot(let ms): wait = wait.sooner(.slot(ms: ms))
            }
        }
        if case .waits(let ms) = check { wait = wait.sooner(.due(ms: ms)) }
        return wait
    }
}

extension FlushSurvey.Request {
    init(_ exchange: Exchange) {
        if exchange.isOver {
            self = .over
        } else if exchange.isOnWire {
            self = .onWire
        } else {
            self = exchange.hold.map { .held($0) } ?? .slot(ms: exchange.waitMs)
        }
    }
}
