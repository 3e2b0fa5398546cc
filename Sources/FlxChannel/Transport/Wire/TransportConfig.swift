/// What a transport must know to reach the hub. Times are of driven time: they stand still while the host is away.
struct TransportConfig {
    var origin: Origin
    var token: Secret
    var userAgent: String
    /// Until the connection is ready for the request, TLS included.
    var connectMs: Int64
    /// The whole attempt.
    var attemptMs: Int64
    /// Longest time without a byte either way.
    var idleMs: Int64
    /// Largest answer after inflation, in bytes.
    var bodyLimit: Int
    /// PEM file of trusted authorities in place of the system's.
    var caFile: String?
    /// URL of an HTTP proxy; nil goes straight, whatever the environment says (N-28).
    var proxy: String?

    init(
        origin: Origin, token: Secret, userAgent: String, connectMs: Int64 = 10_000, attemptMs: Int64 = 60_000,
        idleMs: Int64 = 30_000, bodyLimit: Int = 32 << 20, caFile: String? = nil, proxy: String? = nil
    ) {
        self.origin = origin
        self.token = token
        self.userAgent = userAgent
        self.connectMs = connectMs
        self.attemptMs = attemptMs
        self.idleMs = idleMs
        self.bodyLimit = bodyLimit
        self.caFile = caFile
        self.proxy = proxy
    }

    /// A slot that is not used within this time is released. Of wall time: others wait for it.
    var sendWithinMs: Int64 { min(attemptMs, connectMs + 1000) }

    /// Throws `.config` if something would be refused or, worse, accepted by the wire (S-01, T-11).
    func check() throws(TransportError) {
        try TransportConfig.checkToken(token)
        guard userAgent.utf8.count <= 256, userAgent.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .config("user agent has characters other than printable ASCII, or is over 256 bytes", at: .httpUserAgent)
        }
        guard connectMs > 0, attemptMs > 0, idleMs > 0, bodyLimit > 0 else {
            throw .config("http time limits and the body limit must be above 0", at: .httpAttemptMs)
        }
        if let proxy, proxy.isEmpty || !proxy.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw .config("proxy is not a URL of visible ASCII characters", at: .httpProxy)
        }
        if let caFile { try CAFile.check(caFile) }
    }

    static func checkToken(_ token: Secret) throws(TransportError) {
        guard (1...longestToken).contains(token.count), token.withBytes({ $0.allSatisfy(isTokenByte) }) else {
            throw .config("token is not 1 to \(longestToken) visible ASCII characters", at: .token)
        }
    }

    static let longestToken = 512

    static func isTokenByte(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }
}
