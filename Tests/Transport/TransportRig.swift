import Testing

@testable import FlxChannel

/// A rate limiter in memory, without a limit unless a test wants one.
final class MemoryRateLimit: RateLimitStore {
    var state = RateLimit()
    /// Forgets what was granted before each question, so that tests do not wait.
    var isOpen = true

    func update(by deadline: Deadline, _ body: (inout RateLimit) -> Void) throws(RateLimitError) {
        if isOpen { state = RateLimit() }
        body(&state)
    }
}

/// A transport to a raw server.
final class TransportRig {
    let transport: Transport
    let store = MemoryRateLimit()
    let log: Log

    init(
        _ server: RawServer, connectMs: Int64 = 2000, attemptMs: Int64 = 5000, idleMs: Int64 = 2000, bodyLimit: Int = 1 << 20,
        token: Secret = "secret-token", cancel: CancelSource = .none
    ) throws {
        log = Log(level: .debug, hiding: token, sink: nil)
        transport = try Transport(
            TransportConfig(
                origin: Origin("http://127.0.0.1:\(server.port)"), token: token, userAgent: "flxchannel/test",
                connectMs: connectMs, attemptMs: attemptMs, idleMs: idleMs, bodyLimit: bodyLimit),
            rateLimiter: RateLimiter(store: store), log: log, cancel: cancel)
    }

    static func get(_ target: String = "/listing/variants", limit: Int? = nil) -> Exchange {
        Exchange(HTTPRequest(operation: "test", method: .get, target: target, priority: .poll, limit: limit))
    }

    static func post(_ body: String, fresh: Bool = true) -> Exchange {
        Exchange(
            HTTPRequest(
                operation: "createOrder", method: .post, target: "/orders", body: Array(body.utf8), priority: .order,
                fresh: fresh))
    }

    /// Drives until `exchange` is over, at most a minute.
    func run(_ exchange: Exchange) throws -> ExchangeOutcome {
        transport.start(exchange)
        return try finish(exchange)
    }

    func finish(_ exchange: Exchange) throws -> ExchangeOutcome {
        let deadline = Deadline.after(ms: 60_000)
        while exchange.outcome == nil, !deadline.isOver { try transport.drive(until: deadline) }
        return try #require(exchange.outcome)
    }

    func response(_ exchange: Exchange) throws -> HTTPResponse {
        switch try run(exchange) {
        case .answered(let response): return response
        case .failed(let error): throw Unexpected(text: error.message)
        }
    }

    func error(_ exchange: Exchange) throws -> TransportError {
        switch try run(exchange) {
        case .answered(let response): throw Unexpected(text: "status \(response.status)")
        case .failed(let error): return error
        }
    }

    struct Unexpected: Error { let text: String }
}
