import CFlxChannel

/// Builds the request of an operation and waits for its end.
extension Client {
    /// A request of `operation`, its path and query made from parts.
    func request(
        _ operation: Operation, path segments: [(String, String)] = [], query: [(String, String)] = [], body: [UInt8]? = nil,
        priority: RequestPriority, fresh: Bool = false
    ) throws(ChannelError) -> HTTPRequest {
        do {
            let renamed = query.map { (settings.names.parameter(operation.id, $0.0), $0.1) }
            let target = try URLBuilder.target(operation.path, segments: segments, query: renamed)
            var request = HTTPRequest(
                operation: operation.id, method: operation.method, target: target, body: body, priority: priority, fresh: fresh)
            request.isOptional = !Client.isEssential(operation.id)
            request.isOfOneRecord = !operation.method.isWrite && !segments.isEmpty
            return request
        } catch {
            throw ChannelError(FLX_E_INTERNAL, "the address of \(operation.id) could not be built: \(error.message)")
        }
    }

    /// The number of the page at `position`, from 1, as this hub counts (contract 9, row 6).
    func pageNumber(_ position: Int) -> String {
        "\(Int64(position) &- 1 &+ settings.pageFirst)"
    }

    /// What every channel token must be able to do; a refusal of one of these is the token's fault (contract 9, row 17).
    private static let essential = [
        OperationTable.getListingVariants, OperationTable.getListingParents, OperationTable.getListingVariantsCount,
        OperationTable.acknowledgeListingVariants, OperationTable.acknowledgeListingParents, OperationTable.createOrder,
        OperationTable.listShipments,
    ]

    static func isEssential(_ operation: String) -> Bool { essential.contains { Text.isSame($0.id, operation) } }

    /// Drives one exchange until it ends or the deadline is over. Only under `driverLock`. On an error, such as a cancel, it
    /// stays as it is.
    func finish(_ exchange: Exchange, by deadline: Deadline) throws(ChannelError) -> ExchangeOutcome? {
        transport.start(exchange)
        while exchange.outcome == nil {
            do { try transport.drive(until: deadline) } catch {
                let error = ChannelError(error, operation: exchange.request.operation)
                if exchange.isOnWire { error.effect = .possiblyApplied }  // the call ends, the request may go on
                throw error
            }
            if exchange.outcome == nil, deadline.isOver {
                if case .token = exchange.hold { throw held(exchange) }  // waiting on is of no use: a person must act
                return nil
            }
        }
        return exchange.outcome
    }

    /// Moves one exchange on without waiting; nil while it has no end. Only under `driverLock`.
    func move(_ exchange: Exchange) throws(ChannelError) -> ExchangeOutcome? {
        transport.start(exchange)
        if exchange.outcome == nil {
            do { try transport.drive(until: .passed) } catch { throw ChannelError(error, operation: exchange.request.operation) }
        }
        return exchange.outcome
    }

    /// Drives as `finish` does. When the request is held back for longer than the patience lasts, it says why and until when.
    func finish(
        _ exchange: Exchange, by deadline: Deadline, _ patience: inout Patience
    ) throws(ChannelError) -> ExchangeOutcome? {
        repeat {
            if let outcome = try finish(exchange, by: deadline.earlier(.after(ms: Patience.lookMs))) { return outcome }
            guard !exchange.isOnWire, exchange.hold != nil else { continue }
            patience.wait()
            if patience.ranOut() { throw held(exchange) }
        } while !deadline.isOver
        return nil
    }

    /// Why a request did not leave: what holds everybody's requests back, or the plain budget.
    private func held(_ exchange: Exchange) -> ChannelError {
        let error: ChannelError
        switch exchange.hold {
        case .token(let ms):
            error = ChannelError(
                FLX_E_TOKEN, "the hub refused the token several times; set a new one, it is tried again only now and then")
            error.retryAfterMs = ms
        case .breaker(let ms):
            error = ChannelError(FLX_E_UNAVAILABLE, "the hub is failing; requests are held back until it answers a probe")
            error.retryAfterMs = ms
        case .throttled(let ms):
            error = ChannelError(FLX_E_THROTTLED, "the hub asked to wait")
            error.retryAfterMs = ms
        case nil:
            error = ChannelError(FLX_E_THROTTLED, "no request was free within the deadline of the call; call again later")
            error.retryAfterMs = exchange.waitMs
        }
        error.operation = exchange.request.operation
        error.effect = .notApplied
        return error
    }

    /// Asks and returns the answer of any status; what is not an answer in time is an error.
    func ask(_ request: HTTPRequest, by deadline: Deadline) throws(ChannelError) -> HTTPResponse {
        let exchange = Exchange(request)
        defer { transport.abandon(exchange) }
        guard let outcome = try finish(exchange, by: deadline) else {
            throw exchange.isOnWire ? unanswered(exchange) : held(exchange)
        }
        switch outcome {
        case .failed(let failure):
            let error = ChannelError(failure, operation: request.operation)
            error.requestId = exchange.requestId
            throw error
        case .answered(let response):
            if ReplyClass(status: response.status) == .success { noteSuccess() }
            return response
        }
    }

    private func unanswered(_ exchange: Exchange) -> ChannelError {
        let error = ChannelError(FLX_E_TIMEOUT, "the hub did not answer within the deadline of the call")
        error.operation = exchange.request.operation
        error.effect = .possiblyApplied
        return error
    }

    /// The error that an answer of another class than success is, for reads and named calls.
    func refusal(_ response: HTTPResponse, operation: String) -> ChannelError {
        let said = ErrorBody.message(response.body, hiding: token)
        let hint = said.isEmpty ? "" : "; its words are the error's hub_said"
        let error: ChannelError
        switch ReplyClass(status: response.status) {
        case .unauthorized:
            error = ChannelError(
                FLX_E_TOKEN,
                Client.isEssential(operation)
                    ? "the hub refused the token with status \(response.status); check that it is this channel's channel token"
                    : "the hub does not let this token use \(operation) (status \(response.status)); ask for the right, or do without"
            )
        case .throttled:
            error = ChannelError(FLX_E_THROTTLED, "the hub asks to wait")
            error.retryAfterMs = response.retryAfterMs ?? -1
        case .refused:
            error = ChannelError(FLX_E_REFUSED, "the hub refused \(operation) with status \(response.status)\(hint)")
        case .passing, .success:
            error = ChannelError(FLX_E_HUB, "the hub answered \(operation) with status \(response.status)\(hint)")
            error.retryAfterMs = response.retryAfterMs ?? -1
        }
        error.hubSaid = said
        error.httpStatus = response.status
        error.operation = operation
        error.requestId = response.requestId
        return error
    }
}
