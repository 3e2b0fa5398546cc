import CFlxChannel

extension StateError {
    /// The code of the header for it.
    var code: Int32 {
        switch self {
        case .busy: FLX_E_STATE_BUSY
        case .newer: FLX_E_STATE_NEWER
        case .corrupt: FLX_E_STATE_CORRUPT
        case .io, .full, .replaced, .random: FLX_E_STATE
        case .identity: FLX_E_IDENTITY
        case .files(let faults): faults.contains { $0.isOwner } ? FLX_E_IDENTITY : FLX_E_PATH
        case .path: FLX_E_PATH
        case .forked, .forkedInside: FLX_E_FORKED
        case .lost: FLX_E_CLIENT_BUSY
        case .closed: FLX_E_HANDLE
        case .memory: FLX_E_MEMORY
        case .exists, .misuse: FLX_E_INTERNAL
        }
    }
}

extension TransportError {
    /// The code of the header for it.
    var code: Int32 {
        switch self {
        case .resolve, .connect, .connectTimeout: FLX_E_CONNECT
        case .tls: FLX_E_TLS
        case .send, .receive, .idleTimeout, .attemptTimeout: FLX_E_NETWORK
        case .protocolViolation, .tooLarge: FLX_E_PROTOCOL
        case .redirect: FLX_E_REDIRECT
        case .cancelled, .cancelledBySender, .abandoned: FLX_E_CANCELLED
        case .rateLimiter(let error): error.code
        case .config: FLX_E_CONFIG
        case .forked: FLX_E_FORKED
        case .memory, .memoryForAnswer: FLX_E_MEMORY
        case .fault: FLX_E_INTERNAL
        }
    }
}

extension RateLimitError {
    /// The code of the header for it.
    var code: Int32 { self == .forked ? FLX_E_FORKED : FLX_E_RATE_LIMIT }
}
