import CFlxChannel

extension TransportError {
    /// The code of the header for it.
    var code: Int32 {
        switch self {
        case .resolve, .connect, .connectTimeout: FLX_E_CONNECT
        case .tls: FLX_E_TLS
        case .send, .receive, .idleTimeout, .attemptTimeout: FLX_E_NETWORK
        case .protocolViolation, .tooLarge: FLX_E_PROTOCOL
        case .redirect: FLX_E_REDIRECT
        case .canceled, .canceledBySender, .abandoned: FLX_E_CANCELED
        case .rateLimiter(let error): error == .forked ? FLX_E_FORKED : FLX_E_RATE_LIMIT
        case .config: FLX_E_CONFIG
        case .forked: FLX_E_FORKED
        case .memory, .memoryForAnswer: FLX_E_MEMORY
        case .fault: FLX_E_INTERNAL
        }
    }
}
